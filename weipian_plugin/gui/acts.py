"""The acts of this window that U takes back, by parcel: what happened to photos, documents, rectification and drafts, between decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

Back = Callable[[], object]


class Acts:
    """A stack. Decisions lie on it as marks: they are taken back by their own rules, from the workspace."""

    def __init__(self) -> None:
        self._done: list[tuple[str, Optional[Back]]] = []

    def did(self, parcel: str, back: Optional[Back] = None) -> None:
        """An act on a parcel; ``back`` takes it back, None for a decision."""
        self._done.append((parcel, back))

    def last(self, parcel: str) -> Optional[Back]:
        """Take the last act on a parcel off: what takes it back; None for a decision, or where nothing was done here."""
        for place in range(len(self._done) - 1, -1, -1):
            if self._done[place][0] == parcel:
                return self._done.pop(place)[1]
        return None

    def clear(self) -> None:
        self._done = []
