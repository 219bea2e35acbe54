"""`advisor rules schema`: JSON Schema for the files of a pack, for editors that complete and check."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from advisor.cli.common import examples
from advisor.cli.output import show, show_json

EXAMPLES: Final = examples("advisor rules schema", "advisor rules schema facts > facts.schema.json")


def _kinds() -> list[str]:
    from advisor.authoring.schema import FILES

    return list(FILES)


def _known(kind: str | None) -> str | None:
    if kind is None or kind in _kinds():
        return kind
    raise typer.BadParameter(f"`{kind}` is none of {', '.join(_kinds())}")


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help="The kind of file: pack, sources, facts, rules, cases ... [default: all of them]",
            callback=_known,
            autocompletion=lambda incomplete: [kind for kind in _kinds() if kind.startswith(incomplete)],
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file. An editor that knows it completes and checks while you type."""
    from advisor.authoring.schema import json_schema, schema_text

    if kind is None:
        show_json({one: json_schema(one) for one in _kinds()})
    else:
        show(schema_text(kind))
