"""What several steps read from a workspace, in the shape they want it, and the columns they write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Optional

import geopandas
import pandas as pd

from .. import evidence, filing
from ..formats.catalogue import read_catalogue
from ..model.errors import WeipianError
from ..model.records import STORED_CRS, LayerSource
from ..model.version import plugin_version
from ..workspace import Workspace
from ..workspace.schema import table
from .remembered import CATALOGUE, remembered


def cache_folder(store: Workspace) -> Path:
    """Indexes of layers and of seen photos, beside the workspace: they know the content of a file by its size and time."""
    return store.path.parent / ".weipian-cache"


def parcels_of(store: Workspace, numbers: Optional[Sequence[str]] = None) -> geopandas.GeoDataFrame:
    """The parcels of a workspace as the steps want them; ``numbers``: these only. Raises ``run.no_parcels``."""
    frame = store.read("parcel", **_only("number", numbers))
    if frame.empty:
        raise WeipianError("run.no_parcels", path=store.name)
    return geopandas.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS)


def layers_of(store: Workspace, catalogue: Optional[Path] = None) -> tuple[LayerSource, ...]:
    """The layers of ``catalogue``, else of the one the workspace was measured with; none is no error (a map without background)."""
    named = catalogue or remembered(store, CATALOGUE)
    if named is None or (catalogue is None and not named.exists()):
        return ()
    return read_catalogue(named)


def evidence_of(store: Workspace, numbers: Optional[Sequence[str]] = None) -> pd.DataFrame:
    """Per parcel what the rules may ask of photos and documents; ``numbers``: of these parcels only."""
    links = store.read("photo_parcel", **_only("parcel", numbers))
    photos = store.read("photo") if numbers is None else _photos_of(store, links)
    parcels = store.read("parcel", **_only("number", numbers))
    summary = evidence.summary(links, photos, parcels)
    documents = store.read("document", **_only("parcel", numbers)).groupby("parcel")["kind"].agg(list)
    kinds = pd.Series([documents.get(number, []) for number in summary["parcel"]], index=summary.index, dtype=object)
    return summary.assign(documents=kinds)


def _photos_of(store: Workspace, links: pd.DataFrame) -> pd.DataFrame:
    """The photos of some links, which name them by their digest, or by their file where it could not be read."""
    keys = sorted(set(links["photo"]))
    named = [store.read("photo", **{column: keys}) for column in ("sha256", "file")]
    return pd.concat(named, ignore_index=True).drop_duplicates("fid")


def _only(column: str, values: Optional[Sequence[str]]) -> dict[str, list[str]]:
    """A condition for reading a table; none for all rows."""
    return {} if values is None else {column: list(values)}


def cases_of(
    snapshot: Mapping[str, pd.DataFrame], numbers: Sequence[str], folder: Path, map_inputs: Mapping[str, object]
) -> Iterator[filing.ParcelCase]:
    """Everything a snapshot knows of the parcels, as filing wants it; ``folder`` holds the workspace."""
    return filing.gather_cases(
        snapshot, numbers, workspace_folder=folder, plugin_version=plugin_version(), map_inputs=map_inputs
    )


def known_columns(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A step's table in the columns the workspace stores."""
    known = {*table(name).kinds(), "geometry"}
    return pd.DataFrame({column: frame[column] for column in frame.columns if column in known})


#: Why a flag was set, for the journal.
_FLAGS = {"withdrawn": "再次下发时未包含", "outside_county": "不在村界范围内"}


def flag_parcels(store: Workspace, numbers: Sequence[str], flag: str, who: str) -> None:
    """Add a flag to parcels; one that has it already is not journaled again."""
    flags = store.read("parcel", number=list(numbers))[["number", "flags"]].to_dict("records")
    changes = {
        str(row["number"]): {"flags": [*(row["flags"] or []), flag]}
        for row in flags
        if flag not in (row["flags"] or [])
    }
    store.update_rows("parcel", changes, who, _FLAGS[flag])
