"""`advisor rules rename`: renames a fact, rule or source wherever it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.output import show, show_json, write
from advisor.cli.packs import choose_pack

if TYPE_CHECKING:
    from advisor.authoring.rename import Renaming

EXAMPLES: Final = examples(
    "advisor rules rename fact item.price item.cost --pack my-pack",
    "advisor rules rename rule ask-soon ask-before-friday",
    "advisor rules rename source post-7 handbook --dry-run",
)


def rename(
    sort: Annotated[
        Literal["fact", "rule", "source"],
        typer.Argument(metavar="KIND", help="What is renamed: fact, rule or source.", show_default=False),
    ],
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="Its name; item.price for the fact of one kind of thing.", show_default=False
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.", show_default=False)],
    dry: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """Rename a fact, rule or source wherever it is named. All places or none."""
    from advisor.authoring import rename as renaming

    folder = choose_pack(rules, pack)
    kind, point, name = new.partition(".")
    if point and sort == "fact" and old.partition(".")[0] == kind:
        new = name
    found = renaming.renaming(folder, sort, old, new)
    if not dry:
        renaming.write(found, write)
    if form == "json":
        show_json(_as_data(found, dry=dry))
    else:
        show(_text(found, dry=dry))


def _text(found: Renaming, *, dry: bool) -> str:
    from advisor.values.wording import plural

    did = "would be renamed" if dry else "renamed"
    places = f"{plural(len(found.places), 'place')} in {plural(len(found.files), 'file')}"
    lines = [f"{found.sort} {found.old} {did} {found.new}: {places}"]
    lines += [f"  {path}: {_count(found, str(path))}" for path in found.files]
    lines.append(f"The pack says the same as before, and so does each of {plural(found.cases, 'worked case')}.")
    if found.said_as:
        lines.append(f"Sentences call it “{found.said_as}” from now on; give it a `label` for other words.")
    if found.sort == "fact":
        lines.append("Case files outside the pack that state it need the new name too.")
    if found.elsewhere:
        lines.append(f"Left alone, but they hold the old name: {', '.join(map(str, found.elsewhere))}")
    return "\n".join(lines)


def _count(found: Renaming, file: str) -> int:
    return sum(one.place.file == file for one in found.places)


def _as_data(found: Renaming, *, dry: bool) -> dict[str, Any]:
    return {
        "format": 1,
        "kind": found.sort,
        "old": found.old,
        "new": found.new,
        "written": not dry,
        "places": [
            {"file": one.place.file, "line": one.place.line, "column": one.place.column, "where": one.where}
            for one in found.places
        ],
        "cases": found.cases,
        "said_as": found.said_as or None,
        "left_alone": [{"file": one.file, "line": one.line, "column": one.column} for one in found.elsewhere],
    }
