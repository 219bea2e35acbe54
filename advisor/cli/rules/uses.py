"""`advisor rules uses`: every place that names a fact, rule, source or figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from advisor.cli import completion
from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import show, show_json
from advisor.cli.rules.shared import folders

if TYPE_CHECKING:
    from advisor.authoring.mentions import Mention

EXAMPLES: Final = examples(
    "advisor rules uses ask-before-friday",
    "advisor rules uses item.price --pack my-pack",
    "advisor rules uses handbook -f json",
)


def uses(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A rule, fact, figure or source; item.price for the fact of one kind of thing.",
            autocompletion=completion.rule_ids,
            show_default=False,
        ),
    ],
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """List every place that names a fact, rule, source or figure. In conditions, texts, options and worked cases."""
    from advisor.authoring.mentions import mentions
    from advisor.packs.reader import read_pack
    from advisor.problems.problem import suggestion

    everything = [one for folder in folders(None, rules, pack).values() for one in mentions(read_pack(folder), folder)]
    found = [one for one in everything if _folded(name) in (_folded(one.name), _folded(one.called))]
    if not found:
        near = suggestion(name, dict.fromkeys(one.called for one in everything))
        raise Refused(f"nothing is called `{name}`; {near}")
    if form == "json":
        show_json({"format": 1, "uses": [_as_data(one) for one in found]})
    else:
        show("\n\n".join(_text(thing, found) for thing in _things(found)))


def _folded(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def _things(found: list[Mention]) -> dict[tuple[str, str, str], None]:
    """The things that are called so, each once."""
    return dict.fromkeys((one.sort, one.called, _pack_of(one)) for one in found)


def _pack_of(one: Mention) -> str:
    from pathlib import Path

    folder = Path(one.place.file).parent
    return str(folder.parent if folder.name == "cases" else folder)


def _text(thing: tuple[str, str, str], found: list[Mention]) -> str:
    from advisor.values.wording import plural

    here = [one for one in found if (one.sort, one.called, _pack_of(one)) == thing]
    lines = [f"{one.place}: {one.where}: {one.line.strip()}" for one in here]
    return "\n".join([f"the {thing[0]} {thing[1]}: {plural(len(here), 'place')}", *lines])


def _as_data(one: Mention) -> dict[str, Any]:
    return {
        "sort": one.sort,
        "name": one.called,
        "file": one.place.file,
        "line": one.place.line,
        "column": one.place.column,
        "length": one.place.length,
        "where": one.where,
        "written": one.written,
        "text": one.line.strip(),
    }
