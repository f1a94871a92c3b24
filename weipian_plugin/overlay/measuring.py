"""One batch of targets measured: coverage rows, measures, regions, and what is needed to propose parts.

Everything is arrays over targets or over rows; the names of measures are those of ``resources/measures.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from . import shape
from .batch import Batch
from .classes import AGRICULTURAL, CONSTRUCTION, FARMLAND, UNKNOWN, UNUSED
from .coverage_rows import Overlaps, Rows, add_classes, add_documents, add_layers
from .dissolving import Groups
from .intersections import polygons_only, safely
from .targets import Booleans, Floats, Geometries, Integers, Targets, cents, sum_by
from .timing import TIMINGS

REGIONS = (
    "approved", "approved_in_time", "uncovered", "uncovered_in_time", "uncovered_farmland", "uncovered_basic_farmland",
)  # fmt: skip

#: Targets and geometry (metres in the batch's zone) of one region.
Region = tuple[Integers, Geometries]


@dataclass(frozen=True)
class Measured:
    """Result of a batch. ``measures``: name → value per target; ``main_class``: code of the largest land class per target;
    ``regions``: name → targets and geometry; ``overlaps``: what is claimed twice."""

    batch: Batch
    rows: Rows
    measures: dict[str, Floats]
    main_class: Geometries
    regions: dict[str, Region]
    overlaps: Overlaps

    @property
    def targets(self) -> Targets:
        return self.batch.targets


def measure(batch: Batch, touches: Integers, widths: shape.Widths) -> Measured:
    """Measure a batch; ``touches``: target × roles + role pairs that meet without sharing area; ``widths``: those of the batch."""
    rows = Rows()
    role_area = add_layers(rows, batch)
    overlaps = add_documents(rows, batch)
    add_classes(rows, batch)
    measures = {
        "area": batch.targets.total,
        **_legal_bases(batch),
        **{
            name: role_area[:, batch.context.role(name)]
            for name in batch.context.legal_bases.with_area
            if name in batch.context.roles
        },
        **_approvals(batch),
        **_survey(batch),
    }
    uncovered = Uncovered(batch, measures)
    measures.update(uncovered.measures)
    measures.update(_net(batch, role_area))
    measures["road_network_touch"] = _touched(batch, touches, batch.context.role("road_network"))
    measures["cover_best"] = _best_cover(batch)
    if batch.context.options.shapes:
        measures.update(_shapes(batch, uncovered, widths))
    main_class, measures["main_class_share"] = _main_class(batch)
    return Measured(batch, rows, measures, main_class, uncovered.regions, overlaps)


def _legal_bases(batch: Batch) -> dict[str, Floats]:
    """``<role>_before`` … ``<role>_in_time`` of every legal basis."""
    kinds = len(TIMINGS)
    keys = batch.intersections.subject[batch.legal] * max(batch.roles, 1) + batch.role[batch.legal]
    by_timing = batch.dissolver.dissolve(batch.legal, keys * kinds + batch.timing[batch.legal])
    kind_of = by_timing.keys % (max(batch.roles, 1) * kinds)
    measures = {}
    for role in batch.context.legal:
        name = batch.context.roles[role]
        for kind, suffix in enumerate(TIMINGS):
            measures[f"{name}_{suffix}"] = batch.spread(by_timing.take(kind_of == role * kinds + kind))
        measures[f"{name}_in_time"] = batch.spread(batch.of_role(batch.in_time, role))
    return measures


def _approvals(batch: Batch) -> dict[str, Floats]:
    """已批 by any approval and by each timing; 未批 is the remainder, so that both add up to the parcel."""
    measures = {}
    for kind, suffix in enumerate(TIMINGS):
        if suffix not in ("expired", "void"):
            ids = batch.approvals[batch.timing[batch.approvals] == kind]
            measures[f"approved_{suffix}"] = batch.spread(
                batch.dissolver.dissolve(ids, batch.intersections.subject[ids])
            )
    measures["approved"] = batch.spread(batch.approved)
    measures["approved_in_time"] = batch.spread(batch.approved_in_time)
    return measures


def _survey(batch: Batch) -> dict[str, Floats]:
    survey, sums, total = batch.survey, batch.survey.sums, batch.targets.total
    return {
        "farmland": sums[FARMLAND],
        "other_agricultural": sums[AGRICULTURAL],
        "agricultural": _exact(sums[FARMLAND] + sums[AGRICULTURAL]),
        "construction": sums[CONSTRUCTION],
        "unused": sums[UNUSED],
        "unsurveyed": _exact(survey.unsurveyed + sums[UNKNOWN]),
        "ridge": np.minimum(survey.ridge, total),
        "village_203": np.minimum(survey.village_203, total),
        "village_land": np.minimum(survey.village_land, total),
        "construction_previous": np.minimum(survey.previous_construction, total),
        "survey_overlap": cents(survey.overlap),
    }


def _main_class(batch: Batch) -> tuple[Geometries, Floats]:
    """Code of the largest land class of each target, and its share in percent."""
    rows = batch.survey.partition
    main, share = np.full(len(batch), "", object), np.zeros(len(batch))
    order = np.lexsort((-rows.code, rows.area))  # the largest is written last, of equal ones the first code
    main[rows.subject[order]] = rows.classes[rows.code[order]]
    share[rows.subject[order]] = rows.area[order]
    return main, _percent(share, batch.targets.total)


class Uncovered:
    """What approvals leave of each target (未批), with its farmland and protected land: ``measures`` and ``regions`` by name.

    ``intact``: targets that no approval touches at all; there everything of the target is uncovered.
    """

    def __init__(self, batch: Batch, measures: dict[str, Floats]) -> None:
        self._batch = batch
        self.measures: dict[str, Floats] = {}
        self.regions: dict[str, Region] = {}
        self._left, self.intact = self._remainder("approved", "uncovered", batch.approved, measures)
        self._remainder("approved_in_time", "uncovered_in_time", batch.approved_in_time, measures)
        self.measures["approved_share"] = _percent(self.measures["approved"], batch.targets.total)
        self._farmland(measures["farmland"])
        for name in ("basic_farmland", "ecological_redline"):
            areas, region = self._of(batch.of_role(batch.by_role, batch.context.role(name)))
            self.measures[f"uncovered_{name}"] = np.minimum(areas, measures.get(name, areas))
            if name == "basic_farmland":
                self.regions["uncovered_basic_farmland"] = region

    def _remainder(
        self, covered: str, uncovered: str, groups: Groups, measures: dict[str, Floats]
    ) -> tuple[Geometries, Booleans]:
        """Measure both sides so that they add up to the target; returns the uncovered geometry and the targets not touched."""
        batch = self._batch
        left, intact = batch.targets.geometry.copy(), np.ones(len(batch), bool)
        left[groups.subject] = batch.remainder.of(groups, batch.noise)
        intact[groups.subject] = False
        area = measures[covered].copy()
        empty = np.flatnonzero(shapely.is_empty(left))
        area[empty] = batch.targets.total[empty]
        self.measures[covered], self.measures[uncovered] = area, _exact(batch.targets.total - area)
        self.regions[covered] = (groups.subject, groups.geometry)
        self.regions[uncovered] = _filled(np.arange(len(batch)), left)
        return left, intact

    def _farmland(self, farmland: Floats) -> None:
        areas, self.regions["uncovered_farmland"] = self._of(self._batch.survey.farmland)
        areas = np.where(self.intact, farmland, areas)
        if self._batch.context.options.deduct_ridges:
            areas = np.where(self.intact, farmland, self._farmland_without_ridges())
        self.measures["uncovered_farmland"] = np.minimum(areas, farmland)

    def _farmland_without_ridges(self) -> Floats:
        """未批耕地 with 田坎 deducted: each intersection for itself, because each has its own coefficient."""
        batch, ids = self._batch, self._batch.survey.cultivated
        owner = batch.intersections.subject[ids]
        geometry = polygons_only(
            safely(shapely.intersection, self._left[owner], batch.intersections.geometry[ids]), batch.noise
        )
        ridge = batch.features.ridge[batch.intersections.feature[ids]]
        net = batch.targets.areas(geometry, shapely.area(geometry), owner) * (1 - ridge)
        return np.minimum(cents(sum_by(owner, net, len(batch))), self.measures["uncovered"])

    def _of(self, groups: Groups) -> tuple[Floats, Region]:
        """What of the groups lies in the uncovered part, at 0.01 m² and never above it."""
        batch, owner, limit = self._batch, groups.subject, self.measures["uncovered"]
        empty = shapely.is_empty(self._left[owner])
        geometry = groups.geometry.copy()
        everything = groups.whole & ~empty
        geometry[everything] = self._left[owner[everything]]
        geometry[empty] = _EMPTY
        part = np.flatnonzero(~self.intact[owner] & ~empty & ~groups.whole)
        geometry[part] = polygons_only(
            safely(shapely.intersection, self._left[owner[part]], groups.geometry[part]), batch.noise
        )
        area = np.zeros(len(batch))
        area[owner] = np.where(everything, limit[owner], batch.measured(geometry, owner))
        return np.minimum(area, limit), _filled(owner, geometry)


def _filled(subject: Integers, geometry: Geometries) -> Region:
    keep = np.flatnonzero(~shapely.is_empty(geometry))
    return subject[keep], geometry[keep]


def _net(batch: Batch, role_area: Floats) -> dict[str, Floats]:
    """未供, and facility and temporary land without what is approved anyway."""
    supply, total = batch.context.role("land_supply"), batch.targets.total
    supplied = role_area[:, supply] if supply >= 0 else np.zeros(len(batch))
    return {
        "unsupplied": _exact(np.maximum(total - supplied, 0.0)),
        "facility_net": _without_approved(batch, role_area, batch.context.role("facility_agriculture")),
        "temporary_net": _without_approved(batch, role_area, batch.context.role("temporary_land")),
    }


def _without_approved(batch: Batch, role_area: Floats, role: int) -> Floats:
    """Area of a layer outside all approvals, m² per target."""
    if role < 0:
        return np.zeros(len(batch))
    net = role_area[:, role].copy()
    own, approved = batch.of_role(batch.by_role, role), batch.approved
    at = np.full(len(batch), -1)
    at[approved.subject] = np.arange(len(approved))
    both = np.flatnonzero(at[own.subject] >= 0)
    owner = own.subject[both]
    left = polygons_only(safely(shapely.difference, own.geometry[both], approved.geometry[at[owner]]), batch.noise)
    net[owner] = np.minimum(batch.measured(left, owner), net[owner])
    return net


def _touched(batch: Batch, touches: Integers, role: int) -> Floats:
    """1 for each target that a layer meets, with or without shared area."""
    touched = np.zeros(len(batch))
    if role >= 0:
        touched[batch.of_role(batch.by_role, role).subject] = 1
        touched[touches[touches % batch.roles == role] // batch.roles] = 1
    return touched


def _best_cover(batch: Batch) -> Floats:
    """The largest share that one document of one legal basis covers in time, percent."""
    best = np.zeros(len(batch))
    groups = batch.documents(batch.timed)
    np.maximum.at(best, groups.subject, batch.areas(groups))
    return _percent(best, batch.targets.total)


def _shapes(batch: Batch, uncovered: Uncovered, widths: shape.Widths) -> dict[str, Floats]:
    """Number of polygons, width and compactness of the uncovered part; width along the axis and elongation of the whole."""
    owner, geometry = uncovered.regions["uncovered"]
    polygons, width, compactness, whole_width = (np.zeros(len(batch)) for _ in range(4))
    polygons[owner] = shapely.get_num_geometries(geometry)
    mean, elongation, across = shape.strip(batch.targets.geometry)
    inscribed = uncovered.intact | np.isnan(across)
    whole_width[inscribed] = widths.of(batch.targets.geometry[inscribed])
    same = uncovered.intact[owner]
    width[owner[same]] = whole_width[owner[same]]
    width[owner[~same]] = widths.of(geometry[~same])
    compactness[owner] = shape.compactness(geometry)
    return {
        "uncovered_pieces": polygons,
        "uncovered_width": np.round(width, 3),
        "uncovered_compactness": np.round(compactness, 4),
        "road_width": np.round(mean, 3),
        "road_width_maximum": np.round(np.where(np.isnan(across), np.maximum(whole_width, mean), across), 3),
        "elongation": np.round(elongation, 3),
    }


def _exact(values: Floats) -> Floats:
    """Sums and differences of hundredths as hundredths."""
    rounded: Floats = np.rint(values * 100) / 100 + 0.0
    return rounded


def _percent(part: Floats, whole: Floats) -> Floats:
    """Percent with four decimals; both sides are areas on the ellipsoid."""
    share = np.divide(part * 100, whole, out=np.zeros(len(part)), where=whole > 0)
    # Never 100 unless it is: a remainder of a hundredth must stay visible.
    percent: Floats = np.where(part >= whole, 100.0, np.minimum(np.round(share, 4), 99.9999))
    percent[whole <= 0] = 0.0
    return percent


_EMPTY = shapely.Polygon()
