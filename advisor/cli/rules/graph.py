"""`advisor rules graph`: what hangs on what, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from advisor.cli.common import OutputOption, PackOption, RulesOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import show, show_json
from advisor.cli.packs import choose_pack

EXAMPLES: Final = examples(
    "advisor rules graph --pack my-pack -o my-pack.html",
    "advisor rules graph my-rules/my-pack --about ask-before-friday -f svg -o rule.svg",
    "advisor rules graph -f json",
)


def graph(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PACK]", help="A pack. [default: the one that ships]", show_default=False),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="NAME", help="Only what this fact, rule, figure or goal hangs on and carries."),
    ] = None,
    form: Annotated[
        Literal["html", "svg", "json"], typer.Option("--format", "-f", help="A page to click in, a drawing, or data.")
    ] = "html",
    output: OutputOption = None,
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """Draw what hangs on what. Facts, figures, rules and goals, as a page to click in or as a drawing."""
    import advisor
    from advisor.authoring import graph_page
    from advisor.authoring.graph import graph as whole
    from advisor.problems.problem import suggestion

    data = advisor.load(choose_pack(path or rules, pack)).data
    every = whole(data)
    drawn = every if about is None else every.around(about)
    if drawn is None:
        near = suggestion(about or "", [one.name for one in every.nodes.values()])
        raise Refused(f"nothing is called `{about}`; {near}")
    if form == "json":
        show_json({"format": 1, "pack": data.id, **drawn.to_dict()}, output)
    elif form == "svg":
        show(graph_page.svg(drawn), output)
    else:
        show(graph_page.page(data.title if about is None else f"{data.title}: {about}", drawn), output)
