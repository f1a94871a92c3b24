"""The features near a batch of parcels: geometry in the plane, valid, and the texts the overlay needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..geodesy.validity import invalid_reason
from ..model.messages import Message
from ..model.records import Rejection
from .boxes import near
from .documents import AREA, REPAIRED, joined, stated_areas
from .settings import Settings
from .stores import AREAL, COLLECTION, INVALID, UNCHECKED, VALID, Store, Texts, kinds_text, numbers
from .targets import Floats, Geometries, Integers

#: What travels with a piece into the coverage table.
TEXTS = ("document", "date", "until", "authority", "project", "use", "unit", "kind", "status", "doubt")
_READ = ("document", "authority", "project", "use", "unit", "kind")
SURVEY = "land_survey"
_SURVEY_TEXTS = ("class", "ridge", "village_attribute", "year")


@dataclass(frozen=True)
class Features:
    """All features of all layers near a batch. ``role``: index into the run's roles; ``polygonal``: has an area.

    ``texts``: by field key; ``group``: what a coverage row stands for; ``ridge`` 0–1; ``year`` 0 = not known.
    """

    geometry: Geometries
    role: Integers
    polygonal: npt.NDArray[np.bool_]
    group: Geometries
    texts: Mapping[str, Geometries]
    land_class: Geometries
    village: Geometries
    ridge: Floats
    year: Integers
    code: Integers  # the same for features that share a coverage row: role, group, date, end, force and doubts
    days: Integers  # (4, n): first and last day of the date, first and last day of the end; 0 = not known
    void: npt.NDArray[np.bool_]  # the document is withdrawn, lapsed or not granted
    stated: Floats  # approved area in m², NaN = not stated or not believed


def gather(
    stores: Sequence[Store],
    roles: Sequence[str],
    zone: int,
    plane_boxes: Floats,
    degree_boxes: Floats,
    settings: Settings,
) -> tuple[Features, Integers, Integers, list[Rejection]]:
    """Features whose boxes meet parcels' boxes, the pairs (parcel, feature) ordered by parcel, and what was set aside."""
    parcels, features, blocks = [], [], []
    rejected: list[Rejection] = []
    count = 0
    for store in stores:
        boxes = store.frame.boxes(degree_boxes, plane_boxes, zone)
        parcel, position = near(boxes, store.blocks, store.boxes)
        wanted, which = np.unique(position, return_inverse=True)
        if not len(wanted):
            continue
        geometry, usable, mended = _load(store, wanted, zone, settings, rejected)
        keep = usable[which]
        parcels.append(parcel[keep])
        features.append(which[keep] + count)
        blocks.append(_block(store, roles.index(store.source.role), wanted, geometry, mended, settings))
        count += len(wanted)
    if not blocks:
        none = np.zeros(0, np.int64)
        return _joined([], none), none, none, rejected
    parcel, feature = np.concatenate(parcels), np.concatenate(features)
    order = np.argsort(parcel, kind="stable")
    return _joined(blocks, np.zeros(0, np.int64)), parcel[order], feature[order], rejected


def _load(
    store: Store, positions: Integers, zone: int, settings: Settings, rejected: list[Rejection]
) -> tuple[Geometries, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Geometry in the plane, repaired where it is not valid; which of it can be used, and which was repaired by more than a little."""
    # Turned rings would lose which of them are holes: those are moved when they are built.
    shift = None if store.frame.swapped else store.frame.shift_to(zone, settings.coordinate_decimals)
    geometry = store.content.geometries(positions, shift)
    if store.areal:
        _take_polygons(geometry)
    present = ~shapely.is_missing(geometry)
    geometry[~present] = shapely.Polygon()
    if shift is None:
        geometry = store.frame.to_plane(geometry, zone, settings.coordinate_decimals)
    states = store.checked[positions]
    new = np.flatnonzero(states == UNCHECKED)
    states[new] = np.where(shapely.is_valid(geometry[new]), VALID, INVALID)
    usable = present & ~shapely.is_empty(geometry)
    mended = np.zeros(len(geometry), bool)
    for index in np.flatnonzero((states == INVALID) | ~usable):
        broken = geometry[index]
        usable[index] &= _repair(store, geometry, index, int(positions[index]), rejected)
        mended[index] = usable[index] and _changed_much(broken, geometry[index], settings.repair_share)
    store.checked[positions] = states
    if store.areal:
        for index in np.flatnonzero(usable & ~np.isin(shapely.get_type_id(geometry), AREAL)):
            name, details = _named(store, int(positions[index]))
            kind = kinds_text([int(shapely.get_type_id(geometry[index]))])
            rejected.append(
                Rejection(store.source.source, name, Message("overlay.feature_not_polygon", {**details, "kind": kind}))
            )
            usable[index] = False
    return geometry, usable, mended


def _changed_much(before: object, after: object, share: float) -> bool:
    """Whether a repair changed the area by more than ``share``, or filled a hole."""
    was, now = float(shapely.area(before)), float(shapely.area(after))
    holes = [
        sum(len(part.interiors) for part in shapely.get_parts(shape) if hasattr(part, "interiors"))
        for shape in (before, after)
    ]
    return abs(was - now) > share * max(was, now) or holes[1] < holes[0]


def _take_polygons(geometry: Geometries) -> None:
    """Collections, as other programs' overlays leave them, become their polygons; one without any stays what it is."""
    for index in np.flatnonzero(shapely.get_type_id(geometry) == COLLECTION):
        polygons = _polygons_of(geometry[index])
        if not shapely.is_empty(polygons):
            geometry[index] = polygons


def _polygons_of(geometry: object) -> object:
    """The polygons of a geometry as one: a polygon, several of them, or an empty one."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    parts = parts[shapely.get_type_id(parts) == 3]
    return _POLYGON_FREE if not len(parts) else parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _named(store: Store, position: int) -> tuple[str, dict[str, Any]]:
    """How a feature is called, and this with its layer as details of a message."""
    number = str(store.texts(np.array([position]))("number")[0] or "")
    name = number or f"#{int(store.features[position]) + 1}"
    return name, {"layer": store.title, "feature": name}


def _repair(store: Store, geometry: Geometries, index: int, position: int, rejected: list[Rejection]) -> bool:
    """Repair one invalid feature in place; say what was done. False where nothing is left."""
    broken = geometry[index]
    reason = invalid_reason(broken)
    name, details = _named(store, position)
    details["reason"] = str(reason)
    before = float(shapely.area(broken))
    fixed = _POLYGON_FREE
    if not shapely.is_empty(broken):
        fixed = _polygons_of(shapely.make_valid(broken, method="structure", keep_collapsed=False))
    if shapely.is_empty(fixed):
        rejected.append(Rejection(store.source.source, name, Message("overlay.feature_unusable", details)))
        return False
    geometry[index] = fixed
    details.update(before=round(before, 2), after=round(float(shapely.area(fixed)), 2))
    rejected.append(Rejection(store.source.source, name, Message("overlay.feature_repaired", details)))
    return True


_POLYGON_FREE = shapely.Polygon()


def _block(
    store: Store,
    role: int,
    positions: Integers,
    geometry: Geometries,
    mended: npt.NDArray[np.bool_],
    settings: Settings,
) -> dict[str, object]:
    survey = store.source.role == SURVEY
    count = len(positions)
    blank = np.full(count, "", object)
    texts = store.texts(positions)
    group = blank.copy()
    for key in settings.groups.get(store.source.role, ()):
        group = np.where(group == "", texts(key), group).astype(object)
    kinds = shapely.get_type_id(geometry)
    block: dict[str, Any] = {
        "geometry": geometry,
        "role": np.full(count, role),
        "polygonal": np.isin(kinds, AREAL),
        "group": np.where(group == "", settings.no_group, group).astype(object),
        "class": texts("class") if survey else blank,
        "village": texts("village_attribute") if survey else blank,
        "ridge": _ridge(numbers(texts("ridge"), 0.0)) if survey else np.zeros(count),
        "year": _years(store, texts) if survey else np.zeros(count, np.int64),
        "days": np.zeros((4, count), np.int64),
        "stated": np.full(count, np.nan),
    }
    for key in TEXTS:
        block[key] = texts(key) if key in _READ and not survey else blank
    if not survey:
        _read_block(block, store, texts, positions, mended, settings)
    return block


def _read_block(
    block: dict[str, object],
    store: Store,
    texts: Texts,
    positions: Integers,
    mended: npt.NDArray[np.bool_],
    settings: Settings,
) -> None:
    """Dates, ends, force and doubts of the documents of one layer."""
    read = store.documents(positions)
    unfit = np.zeros(len(positions), bool)
    if store.source.role in settings.stated_area.roles:
        area = shapely.area(block["geometry"])
        block["stated"], unfit, larger = stated_areas(texts, store.keys, area, settings.stated_area)
        if larger.any():  # one of several polygons of a document may state the area of all of them
            unfit &= ~(larger & store.shared("document")[positions])
    block.update(date=read.date, until=read.until, status=read.status, days=read.days)
    block["doubt"] = joined(("", read.doubt), (REPAIRED, mended), (AREA, unfit))


def _ridge(values: Floats) -> Floats:
    """扣除地类系数 as a fraction: given as 0.1042 or as 10.42; anything else deducts nothing."""
    fraction = np.where(values > 1, values / 100, values)
    return np.where((fraction > 0) & (fraction < 1), fraction, 0.0)


def _years(store: Store, texts: Texts) -> Integers:
    """Survey year of each feature: its field, else a year in the layer's title or file name, else 0."""
    years = numbers(texts("year"), 0.0).astype(np.int64)
    file = re.split(r"[/\\]", store.source.source)[-1]
    named = re.search(r"(?<!\d)(20\d{2}|19\d{2})(?!\d)", f"{store.source.title} {file}")
    return np.where((years >= 1990) & (years <= 2100), years, int(named.group(1)) if named else 0)


def _joined(blocks: Sequence[dict[str, Any]], none: Integers) -> Features:
    def column(name: str, empty: object) -> Any:
        return np.concatenate([block[name] for block in blocks]) if blocks else empty

    texts = np.zeros(0, object)
    role, group = column("role", none), column("group", texts)
    named = {key: column(key, texts) for key in TEXTS}
    code = role.astype(np.int64)
    for values in (group, *(named[key] for key in ("date", "until", "status", "doubt", "authority", "use", "kind"))):
        if not len(values) or (values == values[0]).all():
            continue
        numbered, distinct = pd.factorize(values)
        code = pd.factorize(code * (len(distinct) + 1) + numbered)[0].astype(np.int64)
    return Features(
        column("geometry", texts),
        role,
        column("polygonal", np.zeros(0, bool)),
        group,
        named,
        column("class", texts),
        column("village", texts),
        column("ridge", np.zeros(0)),
        column("year", none),
        code,
        np.concatenate([block["days"] for block in blocks], axis=1) if blocks else np.zeros((4, 0), np.int64),
        named["status"] != "",
        column("stated", np.zeros(0)),
    )
