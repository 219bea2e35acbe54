"""Slices of a pack: a digest for all that something in it hangs on, so that what an edit does not touch is known.

In: a `LoadedPack`. Out: for fields and groups (by key) a digest of everything that they are worked out from. Where
things stand in their files does not count.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterable
from typing import Any

from advisor.advice.advisor import LoadedPack
from advisor.problems.problem import Place
from advisor.reasoning.program import Field, Step
from advisor.reasoning.revision import below


class Slices:
    """Digests of the slices of one pack."""

    def __init__(self, pack: LoadedPack) -> None:
        self._pack = pack
        data, program = pack.data, pack.program
        looked_up = {name: one for name, one in data.parameters.items() if one.by is not None}
        self._base = content(
            (data.currency, data.entities, data.eras, data.standings, data.tables, looked_up, data.must_hold)
        )
        self._steps: dict[str, Step] = {step.key: step for step in program.steps}
        self._own: dict[str, bytes] = {}
        self._known: dict[frozenset[str], bytes] = {}
        self._held = frozenset(program.condition(one.about, one.that).key for one in data.must_hold)

    def of(self, roots: Iterable[str]) -> bytes:
        """The digest of all that some fields and groups are worked out from, and of what must hold."""
        wanted = frozenset(roots) | self._held
        if wanted not in self._known:
            self._known[wanted] = self.among(below(self._pack.program, wanted))
        return self._known[wanted]

    def among(self, keys: Iterable[str]) -> bytes:
        """The digest of just these fields and groups."""
        found = hashlib.sha256(self._base)
        for key in sorted(keys):
            found.update(self._of_step(key))
        return found.digest()

    def _of_step(self, key: str) -> bytes:
        if key not in self._own:
            step = self._steps.get(key)
            self._own[key] = content((key, None if step is None else self._said(step)))
        return self._own[key]

    def _said(self, step: Step) -> object:
        """All that a pack says of a field or group itself."""
        if isinstance(step, Field):
            named = step.name.removeprefix("parameter ") if step.role == "parameter" else ""
            parameter = self._pack.data.parameters.get(named)
            values = parameter.values if parameter is not None else ()
            trusted = self._trusted(source for one in (step.fact, *values) if one for source in one.sources)
            return step.role, step.type, step.fact, step.condition, step.expression, step.reference, parameter, trusted
        trusted = self._trusted(source for rule in step.rules for source in rule.sources)
        return step.rules, step.conditions, step.overriders, trusted

    def _trusted(self, sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """How far sources can be trusted."""
        known = self._pack.data.sources
        return tuple((one, known[one].standing) for one in sources if one in known)


def content(thing: object) -> bytes:
    """A digest of a part of a pack, wherever it stands in its file."""
    written = io.BytesIO()
    _Writer(written, protocol=5).dump(thing)
    return hashlib.sha256(written.getvalue()).digest()


class _Writer(pickle.Pickler):
    def reducer_override(self, thing: object) -> Any:  # noqa: ANN401 - as its documentation has it
        return (str, ()) if type(thing) is Place else NotImplemented
