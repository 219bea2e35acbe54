"""A pack looked at each time that it is saved: what is wrong now that was not, and what no longer is.

In: a folder with a pack, over and over. Out: for each look `Round` values, stage by stage, the quickest first: what the
files say by themselves, then each worked case, then what is found by search. Results are kept by the content that they
are of, so nothing is worked out twice and nothing old is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from advisor.advice.advisor import LoadedPack
from advisor.authoring.clashes import check_program
from advisor.authoring.slices import Slices
from advisor.authoring.worked_cases import Runs
from advisor.cases.reader import WorkedCase, read_cases
from advisor.files import kept
from advisor.files.kept import Marks
from advisor.packs.checks import check_pack, with_lines
from advisor.problems.problem import Problem, Problems
from advisor.report.check import check_templates

Stage = Literal["files", "cases", "search"]
MOST_KEPT: Final = 200
"""Files of cases and packs of which results are kept."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one stage of a look found: problems that are new since the last look, those that are gone, all there are."""

    stage: Stage
    new: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    all: tuple[Problem, ...]
    cases: int = 0
    """How many worked cases were looked at."""


class Interrupted(Exception):
    """The pack was saved again while it was looked at."""


class Watch:
    """Remembers what was found, and tells what has changed since."""

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self.folder = folder
        self.today = today
        self.known: dict[Stage, tuple[Problem, ...]] = {}
        self._kept: dict[tuple[object, ...], tuple[Problem, ...]] = {}
        self._marks = Marks(str(folder.resolve()))
        self._seen: object = None

    def saved(self) -> bool:
        """Whether any file is not as it was at the last look: another time, another size, new, or gone."""
        return self._stamp() != self._seen

    def look(self) -> Iterator[Round]:
        """Looks at the pack as it is now. Raises Interrupted where it is saved meanwhile: then look again."""
        self._seen = self._stamp()
        pack, problems = self._read()
        yield self._round("files", problems)
        if pack is None:
            return
        count = 0
        failing: list[Problem] = []
        slices = Slices(pack)
        for number, found in self._cases(pack, Runs(pack, slices, self._marks)):
            count += number
            failing += found
        yield self._round("cases", failing, count)
        found = self._keep(("search", pack.data.digest, self.today()), lambda: self._search(pack, slices))
        self._marks.save()
        yield self._round("search", found)

    def _read(self) -> tuple[LoadedPack | None, list[Problem]]:
        """The pack, where it can be used at all, and what its files and templates say is wrong."""
        try:
            pack = LoadedPack.load(self.folder)
        except Problems as error:
            return None, error.problems
        own = self.folder / "templates"
        return pack, [*check_pack(pack.data), *check_templates([own] if own.is_dir() else [])]

    def _cases(self, pack: LoadedPack, runs: Runs) -> Iterator[tuple[int, tuple[Problem, ...]]]:
        """For each file of worked cases how many there are, and what did not come out as expected."""
        for file in sorted((self.folder / "cases").glob("*.yaml")):
            try:
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                cases = read_cases(pack.data, file)
            except Problems as error:
                yield 0, tuple(error.problems)
                continue
            except OSError:
                raise Interrupted from None  # it was there a moment ago
            key = ("cases", pack.data.digest, file, content, self.today())
            yield len(cases), self._keep(key, lambda cases=cases: self._failing(runs, cases))  # type: ignore[misc]

    def _failing(self, runs: Runs, cases: Iterable[WorkedCase]) -> Iterator[Problem]:
        for case in cases:
            if self.saved():
                raise Interrupted
            yield from runs.run(case, self.today()).problems

    def _search(self, pack: LoadedPack, slices: Slices) -> Iterator[Problem]:
        if self.saved():
            raise Interrupted
        yield from with_lines(check_program(pack, self.today(), slices, self._marks))

    def _keep(self, key: tuple[object, ...], work: Callable[[], Iterable[Problem]]) -> tuple[Problem, ...]:
        if key not in self._kept:
            found = tuple(work())
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return self._kept[key]

    def _round(self, stage: Stage, found: Iterable[Problem], cases: int = 0) -> Round:
        now, before = tuple(sorted(set(found))), self.known.get(stage, ())
        self.known[stage] = now
        said, was = {_said(one) for one in now}, {_said(one) for one in before}
        return Round(
            stage=stage,
            new=tuple(one for one in now if _said(one) not in was),
            gone=tuple(one for one in before if _said(one) not in said),
            all=now,
            cases=cases,
        )

    def _stamp(self) -> object:
        found = []
        for path in sorted(self.folder.rglob("*")):
            try:
                told = path.stat()
            except OSError:
                continue
            if path.suffix in kept.PACKS or "templates" in path.parts:
                found.append((path, told.st_mtime_ns, told.st_size))
        return found


def _said(problem: Problem) -> tuple[str, str, str]:
    """What tells one problem from another while lines move: the file, the kind, and the words."""
    return problem.place.file, problem.kind, problem.message
