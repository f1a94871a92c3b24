"""Measured batches as the tables of ``docs/contracts.md``."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import yaml

from ..geodesy import zone as zones
from ..geodesy.area import mu
from ..model import STORED_CRS
from ..paths import resource
from .measuring import Context, Measured
from .parting import Parts
from .subjects import Geometries

COVERAGE = (
    "parcel", "part", "role", "group", "area_m2", "area_mu", "share", "projected_m2", "timing", "document", "date", "until",
    "authority", "project", "use", "unit", "geometry",
)  # fmt: skip
MEASURES = ("parcel", "part", "measure", "value", "unit")


@dataclass(frozen=True)
class Piece:
    """The tables of one batch, with the numbers that put the rows of all batches in order."""

    coverage: pd.DataFrame
    measures: pd.DataFrame
    regions: pd.DataFrame
    overlaps: pd.DataFrame


def _objects(values: Any) -> pd.Series:
    return pd.Series(values, dtype=object)


def frame(columns: dict[str, Any]) -> pd.DataFrame:
    """A table whose texts stay plain objects in every pandas."""
    return pd.DataFrame(
        {name: _objects(values) if np.asarray(values).dtype == object else values for name, values in columns.items()}
    )


def coverage_table(measured: Measured, numbers: Geometries, context: Context, zone: int) -> pd.DataFrame:
    """Coverage rows of a batch, ordered by subject, role, union first, then groups by their name."""
    rows, subjects = measured.rows, measured.subjects
    subject, role = np.concatenate(rows.subject), np.concatenate(rows.role)
    group = np.concatenate(rows.group)
    rank = np.unique(group.astype(str), return_inverse=True)[1]
    order = np.lexsort((rank, role, subject))
    subject, role, group = subject[order], role[order], group[order]
    area = np.concatenate(rows.area)[order]
    total = subjects.total[subject]
    share = np.divide(area * 100, total, out=np.zeros(len(area)), where=total > 0)
    geometry = np.concatenate(rows.geometry)[order]
    if context.options.piece_geometry:
        geometry = in_degrees(geometry, zone)
    else:
        geometry = np.full(len(geometry), None, object)
    columns: dict[str, Any] = {
        "parcel": numbers[subjects.index[subject]], "part": subjects.part[subject],
        "role": np.array(context.roles, object)[role], "group": group, "area_m2": area, "area_mu": mu(area),
        "share": np.where(area >= total, 100.0, np.minimum(np.round(share, 4), 99.9999)) * (area > 0),
        "projected_m2": np.round(np.concatenate(rows.planar)[order], 4),
    }
    for name in COVERAGE[8:-1]:
        columns[name] = np.concatenate(rows.texts[name])[order]
    columns["geometry"] = geometry
    return frame(columns)


def in_degrees(geometry: Geometries, zone: int) -> Geometries:
    """Plane geometry as EPSG:4490; None stays None."""
    moved: Geometries = zones.unproject(geometry, zone)
    return moved


@lru_cache(maxsize=1)
def units() -> dict[str, str]:
    """Unit of every measure of ``resources/measures.yaml``."""
    with resource("measures.yaml").open(encoding="utf-8") as stream:
        data = yaml.safe_load(stream)
    known = {name: entry["unit"] for name, entry in data["measures"].items()}
    for family in data["families"].values():
        for role in family["for_each_role"]:
            for suffix in family.get("suffixes", [""]):
                known[f"{role}_{suffix}".rstrip("_")] = family["unit"]
    return known


def measures_table(measured: Measured, numbers: Geometries) -> pd.DataFrame:
    """Measures of a batch, one row per subject and measure."""
    subjects = measured.subjects
    names = [*measured.measures, "main_class"]
    values = np.empty((len(subjects), len(names)), object)
    for column, name in enumerate(names[:-1]):
        values[:, column] = measured.measures[name]
    values[:, -1] = measured.main_class
    count = len(names)
    known = units()
    return frame({
        "parcel": np.repeat(numbers[subjects.index], count), "part": np.repeat(subjects.part, count),
        "measure": np.tile(np.array(names, object), len(subjects)), "value": values.ravel(),
        "unit": np.tile(np.array([known.get(name, "m2") for name in names], object), len(subjects)),
    })


def regions_table(measured: Measured, numbers: Geometries, zone: int) -> pd.DataFrame:
    """Regions of a batch in the order of the contract."""
    subject = np.concatenate([owner for owner, _ in measured.regions.values()])
    name = np.repeat(np.array(list(measured.regions), object), [len(owner) for owner, _ in measured.regions.values()])
    geometry = np.concatenate([shapes for _, shapes in measured.regions.values()])
    order = np.argsort(subject, kind="stable")
    index = measured.subjects.index[subject[order]]
    return frame({
        "parcel": numbers[index], "part": measured.subjects.part[subject[order]], "region": name[order],
        "geometry": in_degrees(geometry[order], zone),
    })


def overlaps_table(measured: Measured, numbers: Geometries) -> pd.DataFrame:
    """What groups of one role share inside a subject."""
    subject, role, area = measured.overlaps[0], measured.overlaps[1], measured.overlaps[3]
    return frame({
        "parcel": numbers[measured.subjects.index[subject]], "part": measured.subjects.part[subject], "role": role,
        "other_role": role.copy(), "area_m2": area,
    })


def parts_table(parts: Parts, measured: Measured, numbers: Geometries, context: Context, zone: int) -> pd.DataFrame:
    """Proposed parts of a batch."""
    roles = np.array([*context.roles, ""], object)  # -1 takes the last: no ground
    return frame({
        "parcel": numbers[measured.subjects.index[parts.subject]], "part": parts.name, "basis": roles[parts.role],
        "group": np.where(parts.role < 0, "", parts.group).astype(object), "area_m2": parts.area,
        "sliver": parts.sliver.astype(bool), "geometry": in_degrees(parts.geometry, zone),
    })


def together(tables: Sequence[pd.DataFrame], columns: Sequence[str], parcels: Geometries, spatial: bool) -> Any:
    """Tables of all batches as one, parcels in the order of the delivery; empty ones keep their columns."""
    filled = [table for table in tables if len(table)]
    if not filled:
        empty = pd.DataFrame({name: pd.Series([], dtype=object) for name in columns})
        return geopandas.GeoDataFrame(empty, geometry="geometry", crs=STORED_CRS) if spatial else empty
    joined = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    place: dict[Any, int] = {}
    for number in parcels:
        place.setdefault(number, len(place))
    rank = np.array([place[number] for number in joined["parcel"]], np.int64)
    if len(rank) > 1 and (np.diff(rank) < 0).any():
        joined = joined.take(np.argsort(rank, kind="stable")).reset_index(drop=True)
    if not spatial:
        return joined
    shapes = np.asarray(joined["geometry"], object)
    return geopandas.GeoDataFrame(joined.drop(columns="geometry"), geometry=shapes, crs=STORED_CRS)

