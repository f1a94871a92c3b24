"""What links of photos are made from: the parcels, the photos that are known, what people have attached and detached."""

from __future__ import annotations

import hashlib
from typing import Any, Optional

import geopandas
import pandas as pd
import shapely

from .. import evidence
from ..evidence.known import KNOWN
from ..evidence.records import MATCH, PARCEL
from ..model.errors import WeipianError
from ..model.records import STORED_CRS
from ..model.tables import chosen, values
from ..workspace import Workspace

#: The geometry last: what goes before it is a text.
_PARCEL_COLUMNS = chosen(PARCEL.number, PARCEL.earlier_image, PARCEL.later_image, PARCEL.geometry)
_OF_PHOTO = chosen(KNOWN.file, KNOWN.sha256, KNOWN.status)
_OF_LINK = chosen(MATCH.photo, MATCH.parcel, MATCH.status)


class Held:
    """What the workspace holds of parcels and photos, read once as long as nobody else writes."""

    def __init__(self, store: Workspace, options: evidence.MatchOptions) -> None:
        self.options = options
        self._store = store
        self._version = -1
        self._read: Optional[tuple[geopandas.GeoDataFrame, str, pd.DataFrame]] = None

    def parcels(self) -> geopandas.GeoDataFrame:
        """Number, dates and shape of all parcels. Raises ``run.no_parcels``."""
        return self._now()[0]

    def numbers(self) -> list[str]:
        """The numbers of all parcels."""
        return [str(number) for number in values(self.parcels(), PARCEL.number)]

    def basis(self) -> str:
        """Digest of all that ties depend on besides the photos: numbers, dates and shapes of the parcels, limits, the range."""
        return self._now()[1]

    def photos(self) -> pd.DataFrame:
        """What the search for related photos needs of every one, and no more."""
        return self._now()[2]

    def state(self) -> tuple[str, list[Any], list[Any]]:
        """What a result depends on: parcels, the photos that are known, what people attached and detached."""
        known = self.photos()[_OF_PHOTO]
        manual = self._store.columns("photo_parcel", _OF_LINK, manual=1)
        return self.basis(), known.values.tolist(), manual.values.tolist()

    def _now(self) -> tuple[geopandas.GeoDataFrame, str, pd.DataFrame]:
        version = self._store.data_version()
        if self._read is None or version != self._version:
            frame = self._store.columns("parcel", _PARCEL_COLUMNS)
            if frame.empty:
                raise WeipianError("run.no_parcels", path=self._store.name)
            parcels = geopandas.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS)
            self._read = parcels, _basis(parcels, self.options), self._store.columns("photo", evidence.LIGHT_COLUMNS)
            self._version = version
        return self._read


def _basis(parcels: geopandas.GeoDataFrame, options: evidence.MatchOptions) -> str:
    digest = hashlib.sha256(repr((options.range_m, options.settings.fingerprint)).encode())
    for name in _PARCEL_COLUMNS[:-1]:
        digest.update(repr(values(parcels, name)).encode())
    digest.update(b"".join(shapely.to_wkb(parcels.geometry.to_numpy())))
    return digest.hexdigest()
