"""Every layer of a catalogue opened and held against what the work needs: extent, system, shapes, overlap, dates, fields.

Nothing is written. What a layer lacks is told together with what the proposals will lack because of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ..formats.catalogue import is_service, roles
from ..formats.crs import parse_crs
from ..geodesy.extents import Box, Extent
from ..geodesy.units import mu_text, percent_text
from ..geodesy.zone import epsg, zone_of
from ..intake.layer_facts import plain_text
from ..intake.layers import LayerDescription, county_outline, describe, read_layer
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Share, Silent, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS, DateSpan, LayerSource
from ..model.vocabulary import role_title
from .field_check import FieldCheck, Level, check_fields, rules, share_words, worst

#: Shapes that are tested for validity and overlap; a county's land survey has some hundred thousand.
LOOKED_THROUGH = 200_000
#: A box that meets less than this share of the county's box is a part of it only.
_PART = 0.25
#: Overlaps below this share of the layer are what neighbours have along their borders.
_OVERLAP_SHARE = 0.001
_KINDS = {0: "点", 1: "线", 2: "线", 4: "点", 5: "线"}


@dataclass(frozen=True)
class Finding:
    """Something to be said of a layer or of the catalogue as a whole."""

    level: Level
    message: Message


@dataclass(frozen=True)
class LayerCheck:
    """One layer as it was found. ``box``: west, south, east, north in degrees (EPSG:4490)."""

    source: LayerSource
    count: int
    crs: str
    encoding: str
    box: Box | None
    fields: tuple[FieldCheck, ...]
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        return worst([*(one.level for one in self.findings), *(one.level for one in self.fields)])


@dataclass(frozen=True)
class CatalogueCheck:
    """All layers in the order of the catalogue, and what the catalogue as a whole lacks."""

    layers: tuple[LayerCheck, ...]
    lacking: tuple[Finding, ...]
    county: Box | None = None
    catalogue: Path = Path()

    def counts(self) -> Mapping[str, int]:
        """Layers that are good (a note is no fault), to look at, and of no use."""
        levels = [layer.level for layer in self.layers]
        bad, warned = levels.count(Level.ERROR), levels.count(Level.WARNING)
        return {"layers": len(levels), "good": len(levels) - bad - warned, "warned": warned, "bad": bad}


def check_layers(
    layers: Sequence[LayerSource],
    parcels: Box | None = None,
    feedback: Feedback | None = None,
    most: int = LOOKED_THROUGH,
    catalogue: Path = Path(),
) -> CatalogueCheck:
    """Check every layer. ``parcels``: the box of a workspace's parcels (degrees), where the layers should lie.

    A layer that cannot be opened is a finding, never an error.
    """
    log = feedback or Silent()
    county = _county(layers) or parcels
    expected = None if county is None else Extent(_wider(county, 0.5), "本县", "given")
    found: list[LayerCheck] = []
    for position, layer in enumerate(layers):
        stop_if_cancelled(log)
        one = _check(layer, expected, county, most, Share(log, position / len(layers), (position + 1) / len(layers)))
        twin = next((number for number, other in enumerate(layers[:position], start=1) if _same(other, layer)), None)
        if twin is not None:
            again = Finding(Level.WARNING, Message("check.layer_same_twice", {"number": twin}))
            one = _with(one, again)
        found.append(one)
        log.progress((position + 1) / len(layers))
    return CatalogueCheck(tuple(found), tuple(_lacking(layers)), county, catalogue)


def _same(one: LayerSource, other: LayerSource) -> bool:
    return (one.role, one.source, one.layer) == (other.role, other.source, other.layer)


def _with(check: LayerCheck, finding: Finding) -> LayerCheck:
    return LayerCheck(
        check.source, check.count, check.crs, check.encoding, check.box, check.fields, (*check.findings, finding)
    )


def _county(layers: Sequence[LayerSource]) -> Box | None:
    """The box of the village boundaries; None where there are none or they cannot be read."""
    try:
        outline = county_outline(layers)
    except WeipianError:
        return None
    return None if outline is None or outline.is_empty else tuple(shapely.bounds(outline).tolist())


def _wider(box: Box, degrees: float) -> Box:
    return box[0] - degrees, box[1] - degrees, box[2] + degrees, box[3] + degrees


def _lacking(layers: Sequence[LayerSource]) -> list[Finding]:
    """Roles that no layer of the catalogue has, and what the proposals lack because of it."""
    present = {layer.role for layer in layers}
    return [
        Finding(entry.level, Message(entry.code, {"title": role_title(role)}))
        for role, entry in rules().absent.items()
        if role not in present
    ]


# ---- one layer ----


def _check(layer: LayerSource, expected: Extent | None, county: Box | None, most: int, log: Feedback) -> LayerCheck:
    if roles()[layer.role].raster:
        return _image(layer)
    try:
        about = describe(layer, expected)
        features = read_layer(layer, feedback=log)
    except WeipianError as error:
        return LayerCheck(layer, -1, "", "", None, (), (Finding(Level.ERROR, error.message),))
    named_year = re.search(r"(?<!\d)(19|20)\d{2}(?!\d)", f"{layer.title} {Path(layer.source).name}") is not None
    rows = pd.DataFrame(features.drop(columns=[features.geometry.name]))
    fields = check_fields(layer.role, about.columns, rows, layer.fields, named_year)
    box = _box(about)
    findings = [
        *_place(box, county),
        *_shapes(layer, features.iloc[:most]),
        *_days(fields, rows),
    ]
    if len(features) > most:
        findings.append(Finding(Level.NOTE, Message("check.layer_not_looked_through", {"most": most})))
    return LayerCheck(layer, len(features), about.crs, about.encoding, box, tuple(fields), tuple(findings))


def _image(layer: LayerSource) -> LayerCheck:
    """An image: a file is only looked for here, the window and the map open it with QGIS."""
    message = Message("check.image_service", {}) if is_service(layer.source) else Message("check.layer_good", {})
    return LayerCheck(layer, -1, "", "", None, (), (Finding(Level.GOOD, message),))


def _box(about: LayerDescription) -> Box | None:
    """The layer's box in degrees."""
    if about.bounds is None:
        return None
    west, south, east, north = about.bounds
    crs = parse_crs(about.crs)
    if crs.is_geographic:
        return about.bounds
    moved = Transformer.from_crs(crs, STORED_CRS, always_xy=True).transform_bounds(west, south, east, north)
    return moved if np.isfinite(moved).all() else None


def _place(box: Box | None, county: Box | None) -> list[Finding]:
    """Whether the layer lies where the county lies."""
    if box is None or county is None:
        return []
    wide, high = min(box[2], county[2]) - max(box[0], county[0]), min(box[3], county[3]) - max(box[1], county[1])
    if wide < 0 or high < 0:
        where = f"{box[0]:.3f}–{box[2]:.3f}°E，{box[1]:.3f}–{box[3]:.3f}°N"
        return [Finding(Level.ERROR, Message("check.layer_outside", {"where": where}))]
    area = (county[2] - county[0]) * (county[3] - county[1])
    part = wide * high / area if area else 1.0
    text = percent_text(part * 100, 0)
    return [Finding(Level.NOTE, Message("check.layer_partly_outside", {"share": text}))] if part < _PART else []


def _shapes(layer: LayerSource, features: geopandas.GeoDataFrame) -> list[Finding]:
    """Empty, of the wrong kind, without shape, invalid, overlapping."""
    if not len(features):
        return [Finding(Level.ERROR, Message("check.layer_empty", {}))]
    shapes = np.asarray(features.geometry, dtype=object)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    found = []
    if missing.any():
        level = Level.ERROR if missing.all() else Level.WARNING
        found.append(Finding(level, Message("check.layer_shapeless", {"count": int(missing.sum())})))
    known = np.flatnonzero(~missing)
    if not len(known):
        return found
    areal = np.isin(shapely.get_type_id(shapes[known]), (3, 6, 7))
    if roles()[layer.role].lines:
        return found
    if not areal.any():
        kind = _KINDS.get(int(shapely.get_type_id(shapes[known[0]])), "?")
        return [*found, Finding(Level.ERROR, Message("check.layer_not_areas", {"kind": kind}))]
    polygons = known[areal]
    invalid = polygons[~shapely.is_valid(shapes[polygons])]
    if len(invalid):
        details = {"count": len(invalid), "first": int(invalid[0]) + 1}
        found.append(Finding(Level.WARNING, Message("check.layer_invalid", details)))
    overlap = _overlap(shapely.make_valid(shapes[polygons]), features.crs)
    return [*found, overlap] if overlap is not None else found


def _overlap(shapes: Any, crs: Any) -> Finding | None:
    """What features have in common, as a share of the sum of their areas (planar: a warning, not a figure of record)."""
    if crs.is_geographic:
        centre = shapely.get_coordinates(shapely.centroid(shapes)).mean(axis=0)
        target = f"EPSG:{epsg(zone_of(float(centre[0])), prefix=False)}"
        mover = Transformer.from_crs(crs, target, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(mover.transform(xy[:, 0], xy[:, 1])))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    common = shapely.area(shapely.intersection(shapes[one[pairs]], shapes[other[pairs]])).sum()
    total = shapely.area(shapes).sum()
    if not total or common / total < _OVERLAP_SHARE:
        return None
    details = {"area": mu_text(common), "share": percent_text(common / total * 100, 1)}
    return Finding(Level.WARNING, Message("check.layer_overlap", details))


def _days(fields: Sequence[FieldCheck], rows: pd.DataFrame) -> list[Finding]:
    """First and last date of the layer, and dates that lie in the future."""
    column = next((one.column for one in fields if one.key == "date" and one.column), "")
    if not column:
        return []
    spans = [DateSpan.parse(plain_text(value)) for value in rows[column].unique()]
    days = sorted(span.first for span in spans if span is not None)
    if not days:
        return []
    found = [
        Finding(Level.GOOD, Message("check.layer_dates", {"first": days[0].isoformat(), "last": days[-1].isoformat()}))
    ]
    late = sum(day > date.today() for day in days)
    return [*found, Finding(Level.WARNING, Message("check.layer_dates_future", {"count": late}))] if late else found


def share_of_fields(check: LayerCheck) -> str:
    """How many of a role's field keys have a column: ``5/7``."""
    return f"{sum(1 for one in check.fields if one.column)}/{len(check.fields)}" if check.fields else share_words(0, 0)
