"""A job from what a command names: files found, tables joined, outputs that spare the inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from advisor.batch.joined import Joined
from advisor.batch.lines import Lines
from advisor.batch.run import Job
from advisor.batch.sources import files, form_of, source
from advisor.columns.parts import PARTS
from advisor.columns.table import TableAdvisor
from advisor.face import Pack
from advisor.problems.problem import Place, Problem, Problems


def job(  # noqa: PLR0913  each is a choice of whoever asks
    pack: Pack,
    cases: Sequence[str],
    output: Path,
    *,
    errors: Path | None = None,
    tables: Mapping[str, Sequence[str]] | None = None,
    key: str = "",
    keep: Collection[str] = (),
    parts: Collection[str] = PARTS,
    explain: frozenset[int] = frozenset(),
    today: date | None = None,
    as_of: date | None = None,
) -> Job:
    """What `advisor batch` does. `tables`: by the plural of an entity, files that list them with the `key` of the case.

    Raises Problems.
    """
    form_of(output)
    paths = files(cases)
    kept = list(dict.fromkeys([*keep, *([key] if key else [])]))
    found = source(paths, Lines(pack.data, kept))
    inputs = list(paths)
    for plural, patterns in (tables or {}).items():
        listed = files(patterns)
        found = Joined(pack.data, found, plural, listed, key)
        inputs += listed
    errors = errors or output.with_name(f"{output.stem}.errors{output.suffix}")
    for path in (output, errors):
        if path.exists() and any(path.samefile(one) for one in inputs):
            raise Problems(
                [Problem(Place(str(path)), "refused", "this would write over the cases", "name another file")]
            )
    advisor = TableAdvisor(pack, today=today, as_of=as_of, parts=parts, keep=kept)
    settings = {"key": key, "tables": {name: list(map(str, files)) for name, files in (tables or {}).items()}}
    return Job(found, advisor, inputs, output, errors, settings, explain)
