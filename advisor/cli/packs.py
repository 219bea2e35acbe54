"""Which packs there are, and which of them a command uses."""

from __future__ import annotations

from pathlib import Path

from advisor.cli.failures import Refused


def rules_folder(rules: Path | None) -> Path:
    """The pack or folder of packs that `--rules` names; those that ship where it is left out."""
    if rules is None:
        from advisor.files import shipped

        return _as_seen_from_here(shipped.rules())
    if not rules.exists():
        raise Refused(f"{rules}: there is no such folder")
    return rules


def _as_seen_from_here(path: Path) -> Path:
    """The path as short as a person would write it: messages begin with it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def packs_in(folder: Path) -> dict[str, Path]:
    """The packs in a folder by name; the folder itself where it is one. Raises Refused where there is none."""
    if (folder / "pack.yaml").is_file():
        return {folder.resolve().name: folder}
    found = {path.name: path for path in sorted(folder.iterdir()) if (path / "pack.yaml").is_file()}
    if not found:
        raise Refused(f"{folder}: there is no pack here; a pack is a folder with a file `pack.yaml`")
    return found


def choose_pack(rules: Path | None, name: str | None, of_case: str = "") -> Path:
    """The folder of the pack to use. Raises Refused, with the names, where that is open."""
    packs = packs_in(rules_folder(rules))
    wanted = name or of_case
    if wanted:
        if wanted in packs:
            return packs[wanted]
        raise Refused(
            f"there is no pack `{wanted}`{'' if name else ', which the case names'}; {_choice(wanted, packs)}"
        )
    if len(packs) == 1:
        return next(iter(packs.values()))
    marked = [path for path in packs.values() if _is_default(path)]
    if len(marked) == 1:
        return marked[0]
    raise Refused(f"there are several packs; say which with --pack: {', '.join(packs)}")


def _choice(wanted: str, packs: dict[str, Path]) -> str:
    from advisor.problems.problem import nearest

    close = nearest(wanted, packs)
    return f"did you mean `{close}`?" if close else f"there are: {', '.join(packs)}"


def _is_default(folder: Path) -> bool:
    from advisor.files.yaml import MapNode, read_file
    from advisor.problems.problem import Problems

    try:
        tree = read_file(folder / "pack.yaml")
    except Problems:
        return False
    return isinstance(tree, MapNode) and tree.text_at("default").casefold() in ("yes", "true")
