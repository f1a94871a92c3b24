"""What a person has typed for a parcel and not signed yet: kept per workspace on this computer, so that going on or closing loses nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Optional

from ..office.files import write_atomic

Typed = dict[str, str]


class Drafts:
    """Texts by parcel and part, in a file of the person's own QGIS profile; the workspace knows nothing of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Optional[Path] = None
        self._kept: dict[str, Typed] = {}

    def open(self, workspace: Optional[Path]) -> None:
        """Those of ``workspace``; an unreadable file counts as empty."""
        self._kept, self._file = {}, None
        if workspace is None:
            return
        name = hashlib.sha256(str(workspace.resolve()).encode("utf-8")).hexdigest()[:20]
        self._file = self._folder / (name + ".json")
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(found, dict):
            self._kept = {str(key): dict(value) for key, value in found.items() if isinstance(value, dict)}

    def of(self, parcel: str, part: str) -> Typed:
        return dict(self._kept.get(parcel + "/" + part, {}))

    def keep(self, parcel: str, part: str, typed: Typed) -> None:
        """Store what is typed; nothing typed takes the draft away. Raises ``office.*`` where the profile cannot be written."""
        key = parcel + "/" + part
        if self._kept.get(key, {}) == typed:
            return
        if typed:
            self._kept[key] = dict(typed)
        else:
            self._kept.pop(key, None)
        if self._file is not None:
            text = json.dumps(self._kept, ensure_ascii=False)
            write_atomic(self._file, lambda path: path.write_text(text, encoding="utf-8"))

    @property
    def parcels(self) -> frozenset[str]:
        """Numbers that something was typed for."""
        return frozenset(key.partition("/")[0] for key in self._kept)
