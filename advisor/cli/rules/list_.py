"""`advisor rules list`: what the packs know."""

from __future__ import annotations

from typing import Final

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.output import columns, show, show_json
from advisor.cli.rules.shared import PathArgument, folders

EXAMPLES: Final = examples(
    "advisor rules list", "advisor rules list my-rules/my-pack", "advisor rules list --pack my-pack -f json"
)


def list_(
    path: PathArgument = None, form: FormatOption = "text", rules: RulesOption = None, pack: PackOption = None
) -> None:
    """List what the packs know. All rules, facts, figures and sources, by file, in plain words."""
    from advisor.authoring import catalogue, catalogue_text
    from advisor.packs.reader import read_pack

    known = [catalogue.of_pack(read_pack(folder)) for folder in folders(path, rules, pack).values()]
    if form == "json":
        show_json({"format": 1, "packs": known})
    else:
        show("\n\n".join(catalogue_text.listing(one, columns()) for one in known))
