"""`advisor rules impact`: what an edit does to advice."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from advisor.cli.common import OutputOption, PackOption, RulesOption, a_day, examples
from advisor.cli.failures import Refused
from advisor.cli.output import columns, show, show_json
from advisor.cli.packs import choose_pack
from advisor.cli.rules.progress import progress

if TYPE_CHECKING:
    from advisor import Pack

EXAMPLES: Final = examples(
    "advisor rules impact --pack my-pack",
    "advisor rules impact main --pack my-pack -f md",
    "advisor rules impact old-rules/my-pack my-rules/my-pack",
)


def impact(
    old: Annotated[
        str,
        typer.Argument(metavar="[OLD]", help="A folder, or a git revision of the pack.", show_default=True),
    ] = "HEAD",
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="The same. [default: the pack as it is in its folder]", show_default=False
        ),
    ] = None,
    form: Annotated[Literal["text", "md", "json"], typer.Option("--format", "-f", help="How to write it.")] = "text",
    output: OutputOption = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=0, max=10_000, help="Made-up cases to try for each edit.")
    ] = 50,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: Annotated[
        date | None,
        typer.Option("--today", metavar="DATE", parser=a_day, help="The day it is. [default: the clock's]"),
    ] = None,
) -> None:
    """Say what an edit does to advice. On every worked case, and on made-up cases in which it shows."""
    from advisor.authoring import impact as effects
    from advisor.authoring import impact_text

    day = today or date.today()  # noqa: DTZ011 - the day where the person is
    with ExitStack() as stack:
        before, after = _packs(stack, old, new, rules, pack)
        found = effects.impact(
            before,
            after,
            names=(old, new or "the working copy"),
            today=day,
            most=most,
            progress=progress,
        )
    if form == "json":
        show_json(found.to_dict(), output)
    else:
        show(impact_text.markdown(found) if form == "md" else impact_text.summary(found, columns()), output)


def _packs(stack: ExitStack, old: str, new: str | None, rules: Path | None, name: str | None) -> tuple[Pack, Pack]:
    import advisor

    here = Path(new) if new is not None and _is_pack(new) else None
    if here is None:
        here = choose_pack(rules, name)
    return tuple(advisor.load(_folder(stack, which, here)) for which in (old, new))  # type: ignore[return-value]


def _folder(stack: ExitStack, which: str | None, here: Path) -> Path:
    """The folder that a word names: a pack, else the pack at hand as of a git revision."""
    from advisor.cli.rules.revisions import as_of_revision

    if which is None:
        return here
    if _is_pack(which):
        return Path(which)
    if Path(which).is_dir():
        raise Refused(f"{which}: there is no pack here; a pack is a folder with a file `pack.yaml`")
    folder = stack.enter_context(as_of_revision(here, which))
    if not (folder / "pack.yaml").is_file():
        raise Refused(f"{here} was no pack as of {which}")
    return folder


def _is_pack(which: str) -> bool:
    return (Path(which) / "pack.yaml").is_file()
