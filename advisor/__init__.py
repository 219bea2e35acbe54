"""A rule-based decision advisor: knowledge in files, reasoning on it, advice in plain words.

    pack = advisor.load("rules/some-pack")
    case = pack.case({"facts": {...}})        # or pack.read_case("case.yaml")
    advice = pack.advise(case)
    print(advice.render("text"))

What is named here is public; everything else may change. Parts are imported when they are first used, so that a command
that needs none of them starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.cases.case import Case
    from advisor.face import Advice, Pack, load
    from advisor.problems.problem import Place, Problem, Problems

__all__ = ["Advice", "Case", "Pack", "Place", "Problem", "Problems", "load"]
__version__ = "0.1.0"

_HOMES = {
    "Advice": ("advisor.face", "Advice"),
    "Case": ("advisor.cases.case", "Case"),
    "Pack": ("advisor.face", "Pack"),
    "Place": ("advisor.problems.problem", "Place"),
    "Problem": ("advisor.problems.problem", "Problem"),
    "Problems": ("advisor.problems.problem", "Problems"),
    "load": ("advisor.face", "load"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
