"""`advisor rules mutate`: which slips in the rules the worked cases would notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from advisor.cli.common import FormatOption, OutputOption, PackOption, RulesOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import columns, show, show_json, write
from advisor.cli.rules.progress import progress
from advisor.cli.rules.shared import CasesTodayOption, PathArgument, folders

if TYPE_CHECKING:
    from advisor.authoring.boundary import Proposal
    from advisor.authoring.mutation import Score
    from advisor.authoring.slips import Slip

EXAMPLES: Final = examples(
    "advisor rules mutate --pack my-pack",
    "advisor rules mutate my-rules/my-pack --only ask-before-friday --propose",
    "advisor rules mutate my-rules/my-pack --most 0 --write boundaries",
)


def mutate(
    path: PathArgument = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="ID", help="Slips in this rule, fact, goal, figure or source only.")
    ] = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=0, help="Slips to try, evenly spread over the pack; 0: all.")
    ] = 300,
    propose: Annotated[
        bool, typer.Option("--propose", help="Print worked cases that would notice the others.")
    ] = False,
    write_to: Annotated[
        str | None,
        typer.Option("--write", metavar="NAME", help="Write such cases to a new file, cases/NAME.yaml, of the pack."),
    ] = None,
    tries: Annotated[
        int, typer.Option("--tries", metavar="N", min=1, max=10_000, help="Made-up cases to try for each of them.")
    ] = 60,
    form: FormatOption = "text",
    output: OutputOption = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: CasesTodayOption = None,
) -> None:
    """Say which slips in the rules no worked case would notice. Rules are changed as people get them wrong."""
    wanted = folders(path, rules, pack)
    targets = {name: _target(folder, write_to) for name, folder in wanted.items()}
    day = today or date.today()  # noqa: DTZ011 - the day where the person is
    found = [_mutated(folder, only, most, tries if propose or write_to else 0, day) for folder in wanted.values()]
    found = [(score, proposals) for score, proposals in found if score.judged or only is None]
    if not found:
        raise Refused(f"nothing that is called `{only}` can slip; name a rule, fact, goal, figure or source by its id")
    for score, proposals in found:
        target = targets.get(score.pack.id)
        if target is not None and proposals:
            write(_file(proposals), target)
    if form == "json":
        show_json({"format": 1, "packs": [_as_data(*one) for one in found]}, output)
    else:
        show("\n\n".join(_text(*one, targets.get(one[0].pack.id), asked=propose) for one in found), output)


def _target(folder: Path, name: str | None) -> Path | None:
    """The file to write, which must not exist. Raises Refused."""
    from advisor.files.shapes import ID, looks_like

    if name is None:
        return None
    name = name.removesuffix(".yaml")
    if not looks_like(name, ID):
        raise Refused(f"`{name}` can be no name of a file here; write small letters, digits and `-`")
    target = folder / "cases" / f"{name}.yaml"
    if target.exists():
        raise Refused(f"{target} is there already; name a new file")
    return target


def _mutated(folder: Path, only: str | None, most: int, tries: int, today: date) -> tuple[Score, list[Proposal]]:
    import advisor
    from advisor.authoring import boundary
    from advisor.authoring.mutation import Judge, Score, checked
    from advisor.authoring.slips import slips
    from advisor.authoring.worked_cases import all_cases

    pack = advisor.load(folder)
    every = [one for one in slips(pack.data) if only is None or only in _names(one)]
    tried = _spread(every, most)
    cases = all_cases(pack.data) if tried else []
    checked(pack, progress(f"{pack.id}: cases", cases), today)
    judge = Judge(pack, progress(f"{pack.id}: reasoning", cases), tried, today)
    score = Score(pack=pack.data, cases=len(cases), slips=len(every))
    score.judged += [judge.judge(one) for one in progress(f"{pack.id}: slips", tried)]
    left = progress(f"{pack.id}: boundary cases", [one.slip for one in score.unnoticed] if tries else [])
    return score, boundary.proposals(judge, left, tries)


def _names(slip: Slip) -> tuple[str, ...]:
    own = slip.name.partition(" of ")[2] or slip.name
    return own, own.rpartition(".")[2]


def _spread(slips: Sequence[Slip], most: int) -> list[Slip]:
    """So many of them, as far from each other as can be; all of them for 0."""
    if not most or len(slips) <= most:
        return list(slips)
    return [slips[at * len(slips) // most] for at in range(most)]


def _file(proposals: list[Proposal]) -> str:
    head = (
        "# Worked cases at the boundaries of rules, proposed by `advisor rules mutate`. Each says what the pack says\n"
        "# now: read it, keep it where that is right, and mend the rule where it is not.\n"
    )
    return f"{head}\n" + "\n\n".join(one.text for one in proposals) + "\n"


def _text(score: Score, proposals: list[Proposal], target: Path | None, *, asked: bool) -> str:
    from advisor.authoring.mutation_text import summary
    from advisor.values.wording import plural

    said = [summary(score, columns())]
    if asked and proposals:
        said.append("Worked cases that would notice (read each: it says what the pack says now, right or wrong)")
        said.append("\n\n".join(one.text for one in proposals))
    if target is not None:
        wrote = (
            f"{plural(len(proposals), 'worked case')} written to {target}; read each: it says what the pack says now,"
        )
        said.append(f"{wrote}\nright or wrong." if proposals else "No case was found that would notice more.")
    return "\n\n".join(said)


def _as_data(score: Score, proposals: list[Proposal]) -> dict[str, Any]:
    return {**score.to_dict(), "proposals": [{"of": one.slip.called, "case": one.text} for one in proposals]}
