"""Measured batches as the tables of ``docs/contracts.md``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from ..geodesy import zone as zones
from ..geodesy.closure import close_groups
from ..geodesy.figures import TOLERANCE_M2
from ..geodesy.units import mu
from ..model import vocabulary
from ..model.records import STORED_CRS
from .classes import DIVIDING, UNKNOWN
from .measuring import Measured
from .split_proposal import Parts
from .targets import Booleans, Floats, Geometries, Integers

COVERAGE = (
    "parcel", "part", "role", "group", "area_m2", "area_mu", "share", "projected_m2", "timing", "document", "date", "until",
    "authority", "project", "use", "unit", "kind", "status", "doubt", "geometry",
)  # fmt: skip
MEASURES = ("parcel", "part", "measure", "value", "unit")
REGIONS = ("parcel", "part", "region", "geometry")
PARTS = ("parcel", "part", "basis", "group", "area_m2", "sliver", "geometry")
OVERLAPS = ("parcel", "part", "role", "other_role", "area_m2")


#: Columns of one batch; ``_parcel`` is the position of each row's parcel in the run.
Columns = dict[str, Any]


@dataclass
class Degrees:
    """Plane geometry of a batch in one zone as EPSG:4490; a polygon that stands in several rows or tables is moved once."""

    zone: int
    _known: dict[int, tuple[object, object]] = field(default_factory=dict)

    def of(self, geometry: Geometries) -> Geometries:
        """None stays None."""
        names = list(map(id, geometry))
        new = {name: index for index, name in enumerate(names) if name not in self._known}
        rows = list(new.values())
        # The polygon is kept beside what it became, so that its id stays its own.
        self._known.update(zip(new, zip(geometry[rows], zones.unproject(geometry[rows], self.zone))))
        moved = np.empty(len(names), object)
        moved[:] = [self._known[name][1] for name in names]
        return moved


def coverage_table(measured: Measured, numbers: Geometries, degrees: Degrees) -> Columns:
    """Coverage rows of a batch, ordered by subject, role, union first, then groups by their name."""
    rows, targets, context = measured.rows, measured.targets, measured.batch.context
    subject, role = np.concatenate(rows.subject), np.concatenate(rows.role)
    group = np.concatenate(rows.group)
    rank = np.unique(group.astype(str), return_inverse=True)[1]
    order = np.lexsort((rank, role, subject))
    subject, role, group = subject[order], role[order], group[order]
    area = np.concatenate(rows.area)[order]
    total = targets.total[subject]
    share = np.divide(area * 100, total, out=np.zeros(len(area)), where=total > 0)
    geometry = np.concatenate(rows.geometry)[order]
    if context.options.intersection_geometry:
        geometry = degrees.of(geometry)
    else:
        geometry = np.full(len(geometry), None, object)
    columns: Columns = {
        "_parcel": targets.index[subject],
        "parcel": numbers[targets.index[subject]],
        "part": targets.part[subject],
        "role": np.array(context.roles, object)[role],
        "group": group,
        "area_m2": area,
        "area_mu": _figures(measured, subject, group, area, role == context.survey),
        "share": np.where(area >= total, 100.0, np.minimum(np.round(share, 4), 99.9999)) * (area > 0),
        "projected_m2": np.round(np.concatenate(rows.planar)[order], 4),
    }
    for name in COVERAGE[8:-1]:
        columns[name] = np.concatenate(rows.texts[name])[order]
    columns["geometry"] = geometry
    return columns


def _figures(measured: Measured, subject: Integers, group: Geometries, area: Floats, surveyed: Booleans) -> Floats:
    """Figures in 亩 of coverage rows; those of land classes add up to the figure of their kind of land (耕地, 其他农用地, …), and these to
    the target's. Of whole parcels they are those of the forms; of parts, which the forms round together, they may be 0.01 亩 beside them.
    """
    figures: Floats = mu(area)
    rows = np.flatnonzero(surveyed & (group != ""))
    if not len(rows):
        return figures
    kinds = np.stack([measured.measures[name] for name in DIVIDING.values()], axis=1)
    totals = mu(measured.targets.total)
    filled = np.abs(kinds.sum(axis=1) - measured.targets.total) <= TOLERANCE_M2
    count, width = kinds.shape
    of_kind = close_groups(kinds.ravel(), np.repeat(np.arange(count), width), totals).values
    codes, code_of = np.unique(group[rows].astype(str), return_inverse=True)
    places = {name: place for place, name in enumerate(DIVIDING)}
    of_code = np.array([places[measured.batch.context.classes.group(code)] for code in codes])
    whole = subject[rows] * width + of_code[code_of]
    closed = close_groups(area[rows], whole, of_kind).values
    known = filled[subject[rows]] & (of_code[code_of] != places[UNKNOWN])  # what is not surveyed has no row of its own
    figures[rows] = np.where(known, closed, figures[rows])
    return figures


def measures_table(measured: Measured, numbers: Geometries) -> Columns:
    """Measures of a batch, one row per subject and measure."""
    targets = measured.targets
    names = [*measured.measures, "main_class"]
    values = np.empty((len(targets), len(names)), object)
    for column, name in enumerate(names[:-1]):
        values[:, column] = measured.measures[name]
    values[:, -1] = measured.main_class
    count = len(names)
    known = {name: one.unit for name, one in vocabulary.measures().items()}
    return {
        "_parcel": np.repeat(targets.index, count),
        "parcel": np.repeat(numbers[targets.index], count),
        "part": np.repeat(targets.part, count),
        "measure": np.tile(np.array(names, object), len(targets)),
        "value": values.ravel(),
        "unit": np.tile(np.array([known.get(name, "m2") for name in names], object), len(targets)),
    }


def regions_table(measured: Measured, numbers: Geometries, degrees: Degrees) -> Columns:
    """Regions of a batch in the order of the contract."""
    subject = np.concatenate([owner for owner, _ in measured.regions.values()])
    name = np.repeat(np.array(list(measured.regions), object), [len(owner) for owner, _ in measured.regions.values()])
    geometry = np.concatenate([shapes for _, shapes in measured.regions.values()])
    order = np.argsort(subject, kind="stable")
    index = measured.targets.index[subject[order]]
    return {
        "_parcel": index,
        "parcel": numbers[index],
        "part": measured.targets.part[subject[order]],
        "region": name[order],
        "geometry": degrees.of(geometry[order]),
    }


def overlaps_table(measured: Measured, numbers: Geometries) -> Columns:
    """What groups of one role (``other_role`` the same) or two roles share inside a subject."""
    overlaps = measured.overlaps
    index = measured.targets.index[overlaps.subject]
    return {
        "_parcel": index,
        "parcel": numbers[index],
        "part": measured.targets.part[overlaps.subject],
        "role": overlaps.role,
        "other_role": overlaps.other,
        "area_m2": overlaps.area,
    }


def parts_table(parts: Parts, measured: Measured, numbers: Geometries, degrees: Degrees) -> Columns:
    """Proposed parts of a batch."""
    roles = np.array([*measured.batch.context.roles, ""], object)  # -1 takes the last: no ground
    index = measured.targets.index[parts.subject]
    return {
        "_parcel": index,
        "parcel": numbers[index],
        "part": parts.name,
        "basis": roles[parts.role],
        "group": np.where(parts.role < 0, "", parts.group).astype(object),
        "area_m2": parts.area,
        "sliver": parts.sliver.astype(bool),
        "geometry": degrees.of(parts.geometry),
    }


def together(batches: Sequence[Columns], columns: Sequence[str], spatial: bool) -> Any:
    """Columns of all batches as one table, parcels in the order of the delivery; texts stay plain objects in every pandas."""
    filled = [batch for batch in batches if len(batch["_parcel"])]
    if not filled:
        joined = {name: np.zeros(0, object) for name in columns}
    else:
        parcel = np.concatenate([batch["_parcel"] for batch in filled])
        joined = {name: np.concatenate([batch[name] for batch in filled]) for name in columns}
        if (np.diff(parcel) < 0).any():
            order = np.argsort(parcel, kind="stable")
            joined = {name: values[order] for name, values in joined.items()}
    shapes = joined.pop("geometry") if spatial else None
    table = pd.DataFrame(
        {name: pd.Series(values, dtype=values.dtype, copy=False) for name, values in joined.items()}, copy=False
    )
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=STORED_CRS) if spatial else table
