"""What QGIS lends the steps: filters in its expression language, and maps. See :class:`..pipeline.host.Host`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Optional

import pandas as pd

from ..model.feedback import Feedback
from ..model.records import LayerSource
from ..pipeline.host import Beside
from ..toolbelt.settings import Settings
from . import selection
from .map_pictures import MapPictures, map_maker
from .workers import run_workers, workers_for


class QgisHost:
    """The host of a run inside QGIS."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check_filter(self, text: str) -> None:
        selection.check(text)

    def choose(self, parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
        return selection.choose(parcels, text)

    def export_beside(self, asked: Beside, numbers: Sequence[str], feedback: Feedback) -> Optional[Mapping[str, int]]:
        return run_workers(asked, numbers, feedback) if workers_for(asked, numbers) > 1 else None

    def maps(self, layers: Sequence[LayerSource], history: bool) -> AbstractContextManager[MapPictures]:
        return map_maker(layers, self._settings, history)
