"""What QGIS lends the steps: filters in its expression language, and maps, drawn on the main thread wherever the run itself is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..filing import MapFile, ParcelCase
from ..model.messages import Message
from ..model.records import LayerSource
from ..toolbelt.settings import Settings
from ..toolbelt.threads import run_in_main_thread
from . import selection
from .maps import MapMaker


class _MainThreadMaps:
    """Layers and layout live in the main thread, as QGIS asks."""

    def __init__(self, layers: Sequence[LayerSource], dpi: int) -> None:
        self._maker = run_in_main_thread(lambda: MapMaker(layers, dpi))

    @property
    def inputs(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = run_in_main_thread(lambda: self._maker.inputs)
        return found

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        drawn: tuple[MapFile, ...] = run_in_main_thread(lambda: self._maker.render(case, folder))
        return drawn

    def remarks(self) -> tuple[Message, ...]:
        message: tuple[Message, ...] = run_in_main_thread(lambda: self._maker.remarks())
        return message

    def close(self) -> None:
        run_in_main_thread(self._maker.close)


class QgisHost:
    """See :class:`..pipeline.host.Host`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check_filter(self, text: str) -> None:
        selection.check(text)

    def choose(self, parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
        return selection.choose(parcels, text)

    @contextmanager
    def maps(self, layers: Sequence[LayerSource]) -> Iterator[_MainThreadMaps]:
        maker = _MainThreadMaps(layers, int(self._settings.map_dpi))
        try:
            yield maker
        finally:
            maker.close()
