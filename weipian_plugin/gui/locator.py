"""Parcel numbers in QGIS's search box (Ctrl+K): type ``tub`` and a part of the number. QGIS takes prefixes of plugins from three letters on."""

from __future__ import annotations

from typing import Any, Callable

from qgis.core import QgsLocatorContext, QgsLocatorFilter, QgsLocatorResult

from ..toolbelt.language import tr

_MOST = 30


class ParcelLocator(QgsLocatorFilter):
    """Works on a copy of the numbers, so that QGIS may search on a thread."""

    def __init__(self, entries: Callable[[], list[tuple[str, str]]], chosen: Callable[[str], None]) -> None:
        super().__init__()
        self._entries, self._chosen = entries, chosen
        self._copy: list[tuple[str, str]] = []

    def clone(self) -> ParcelLocator:
        return ParcelLocator(self._entries, self._chosen)

    def name(self) -> str:
        return "weipian_parcels"

    def displayName(self) -> str:
        return tr("卫片图斑")

    def prefix(self) -> str:
        return "tub"

    def prepare(self, text: str, context: QgsLocatorContext) -> list[str]:
        """Take the queue's entries as they are now: QGIS fetches on another thread."""
        self._copy = self._entries()
        return []

    def fetchResults(self, text: str, context: Any, feedback: Any) -> None:
        requested, found = text.strip().casefold(), 0
        if len(requested) < 2:
            return
        for number, description in self._copy:
            if feedback.isCanceled() or found >= _MOST:
                return
            if requested in number.casefold() or requested in description.casefold():
                result = QgsLocatorResult()
                result.filter, result.displayString, result.description = self, number, description
                result.userData = number
                self.resultFetched.emit(result)
                found += 1

    def triggerResult(self, result: QgsLocatorResult) -> None:
        self._chosen(str(result.displayString))
