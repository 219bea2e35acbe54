"""Packs as they were read and compiled before, kept by content: a command on a pack that has not changed starts sooner.

In: a folder. Out: the `Pack` in it and what its conditions were compiled to. What is kept is unpickled only where
nobody but the user can have written it (see `files/kept.py`), and then to nothing but classes of this program and plain
values.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any, Final

from advisor.files import kept
from advisor.packs.pack import Pack
from advisor.reasoning.matching import Compiled
from advisor.reasoning.program import Program

_PLAIN: Final = frozenset(
    (("builtins", "frozenset"), ("datetime", "date"), ("datetime", "timedelta"), ("fractions", "Fraction"))
)
"""What may be made beside this program's own classes."""


class Remembered:
    """A pack that was read now or before."""

    def __init__(self, folder: Path) -> None:
        """Raises Problems with every mistake in the files of the pack."""
        self.matchers: dict[str, Compiled] | None = None
        """What the conditions of each group (by key) were compiled to; None where the pack was read just now."""
        self._folder = folder
        self._name = f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]}.pack"
        self._key = self._content()
        known = _unpickled(kept.read(self._name), self._key)
        if known is None:
            from advisor.packs.reader import read_pack  # noqa: PLC0415  what is remembered starts without the language

            self.data = read_pack(folder)
        else:
            self.data, self.matchers = known

    def keep(self, program: Program) -> None:
        """Keeps the pack and what it was compiled to, where it was read just now and has not been saved meanwhile."""
        if self.matchers is None and self._key is not None and self._key == self._content():
            groups = program.groups.items()
            matchers = {key: group.matcher.compiled for key, group in groups if group.matcher is not None}
            kept.write(self._name, self._key + pickle.dumps((self.data, matchers), protocol=5))

    def _content(self) -> bytes | None:
        """A key for all that the pack is read from; None where that cannot be told."""
        parts = [kept.digest(self._folder, kept.PACKS, below=("tables",))]
        return None if None in parts else kept.key("pack", str(self._folder), str(self._folder.resolve()), *parts)


def _unpickled(data: bytes | None, key: bytes | None) -> tuple[Pack, dict[str, Compiled]] | None:
    if data is None or key is None or not data.startswith(key):
        return None
    try:
        match _Reader(io.BytesIO(data[len(key) :])).load():
            case (Pack() as pack, dict(matchers)):
                return pack, matchers
    except Exception:  # noqa: BLE001 - whatever is wrong with what was kept, the pack is read anew
        return None
    return None


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as its documentation has it
        found = super().find_class(module, name) if module.startswith("advisor.") or (module, name) in _PLAIN else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
