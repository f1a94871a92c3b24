"""What QGIS lends the steps: filters in its expression language, and maps. See :class:`..pipeline.host.Host`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Optional

import pandas as pd

from ..model.records import LayerSource
from ..toolbelt.settings import Settings
from . import selection
from .map_pictures import MapPictures, map_maker


class QgisHost:
    """The host of a run inside QGIS."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check_filter(self, text: str) -> None:
        selection.check(text)

    def choose(self, parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
        return selection.choose(parcels, text)

    def maps(self, layers: Sequence[LayerSource], history: bool) -> AbstractContextManager[MapPictures]:
        return map_maker(layers, self._settings, history)
