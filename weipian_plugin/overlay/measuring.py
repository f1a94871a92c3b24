"""One batch of subjects measured: coverage rows, measures, regions, and what is needed to propose parts.

Everything is arrays over subjects or over rows; the names of measures are those of ``resources/measures.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from ..geodesy.closure import close_groups
from . import shape
from .classes import AGRICULTURAL, CONSTRUCTION, FARMLAND, UNKNOWN, UNUSED, ClassTable
from .dissolving import Dissolver, Groups, Remainder
from .documents import AREA, joined
from .features import SURVEY, TEXTS, Features
from .intersections import Intersections, polygons_only, safely
from .settings import LegalBases, OverlayOptions, Settings
from .survey import Composition, compose
from .targets import Booleans, Floats, Geometries, Integers, Targets, cents, sum_by
from .timing import BEFORE, BETWEEN, TIMINGS, timing_of

REGIONS = (
    "approved", "approved_in_time", "uncovered", "uncovered_in_time", "uncovered_farmland", "uncovered_basic_farmland",
)  # fmt: skip
_ROW_TEXTS = ("timing", *TEXTS)


@dataclass(frozen=True)
class Context:
    """What holds for the whole run: the roles of the catalogue in its order, tables, choices."""

    roles: tuple[str, ...]
    legal_bases: LegalBases
    settings: Settings
    classes: ClassTable
    options: OverlayOptions

    def role(self, name: str) -> int:
        """Index of a role, -1 if the catalogue has no such layer."""
        return self.roles.index(name) if name in self.roles else -1

    @property
    def approvals(self) -> tuple[int, ...]:
        return tuple(self.role(name) for name in self.legal_bases.approvals if name in self.roles)

    @property
    def legal(self) -> tuple[int, ...]:
        """Legal grounds of the catalogue in the order of precedence."""
        return tuple(self.role(name) for name in self.legal_bases.legal if name in self.roles)


@dataclass
class Rows:
    """Coverage rows of a batch as columns; ``order`` sorts the groups of a role."""

    subject: list[Integers] = field(default_factory=list)
    role: list[Integers] = field(default_factory=list)
    group: list[Geometries] = field(default_factory=list)
    area: list[Floats] = field(default_factory=list)
    planar: list[Floats] = field(default_factory=list)
    geometry: list[Geometries] = field(default_factory=list)
    texts: dict[str, list[Geometries]] = field(default_factory=lambda: {name: [] for name in _ROW_TEXTS})

    def add(
        self,
        subject: Integers,
        role: Any,
        group: Any,
        area: Floats,
        planar: Floats,
        geometry: Any,
        texts: Mapping[str, Geometries] | None = None,
    ) -> None:
        count = len(subject)
        self.subject.append(subject)
        self.role.append(np.broadcast_to(np.asarray(role, np.int64), count))
        self.group.append(group if isinstance(group, np.ndarray) else np.full(count, group, object))
        self.area.append(area)
        self.planar.append(planar)
        self.geometry.append(geometry if geometry is not None else np.full(count, None, object))
        for name in _ROW_TEXTS:
            self.texts[name].append(texts[name] if texts and name in texts else np.full(count, "", object))


@dataclass(frozen=True)
class Measured:
    """Result of a batch. ``measures``: name → value per subject; ``main_class``: text; ``regions``: name → (subjects,
    geometry); ``grounds``: united pieces in time per legal ground, keyed subject × roles + role, with their documents."""

    targets: Targets
    rows: Rows
    measures: dict[str, Floats]
    main_class: Geometries
    regions: dict[str, tuple[Integers, Geometries]]
    in_time: Groups
    remainder: Remainder
    timed: Integers  # ids of the pieces of legal grounds in time
    overlaps: tuple[
        Integers, Geometries, Geometries, Floats
    ]  # subject, role, other role (the same: between its groups)
    late_survey: Integers
    unknown_classes: tuple[str, ...]  # codes of the survey that the class table does not have


def measure(
    targets: Targets,
    features: Features,
    intersections: Intersections,
    touches: Integers,
    context: Context,
    widths: shape.Widths,
) -> Measured:
    """Measure subjects by their pieces; ``touches``: subject × roles + role pairs that meet without sharing area;
    ``widths``: those of the batch."""
    count, roles = len(targets), len(context.roles)
    dissolver = Dissolver(targets, intersections)
    role = features.role[intersections.feature]
    timing = _timing(targets, features, intersections)
    everything = np.arange(len(intersections))
    survey_role = context.role(SURVEY)
    survey = compose(
        targets,
        features,
        intersections,
        dissolver,
        survey_role,
        context.classes,
        context.settings,
        context.options.deduct_ridges,
        context.options.piece_geometry,
    )
    others = everything[role != survey_role]
    dissolved = dissolver.dissolve(others, intersections.subject[others] * roles + role[others])
    rows = Rows()
    role_area = _union_rows(rows, targets, dissolved, survey, context)
    overlaps = _group_rows(rows, targets, features, intersections, dissolver, others, dissolved, timing, context)
    _class_rows(rows, survey, survey_role)
    values: dict[str, Floats] = {"area": targets.total}
    legal = np.isin(role, context.legal)
    timed = everything[legal & ((timing == BEFORE) | (timing == BETWEEN))]
    in_time = _legal_basis_measures(values, targets, intersections, dissolver, role, timing, legal, timed, context)
    for name in context.legal_bases.with_area:
        if name in context.roles:
            values[name] = role_area[:, context.role(name)]
    approved = _approval_measures(values, targets, intersections, dissolver, role, timing, context)
    _survey_measures(values, targets, survey)
    remaining = Remainder(targets, features.geometry[intersections.feature])
    regions, untouched = _regions(
        values, targets, dissolver, intersections, features, role, survey, approved, dissolved, context, remaining
    )
    _net_measures(values, targets, dissolved, approved["approved"], role_area, context)
    network = context.role("road_network")
    touched = np.zeros(count)
    if network >= 0:
        touched[dissolved.subject[dissolved.keys % roles == network]] = 1
        touched[touches[touches % roles == network] // roles] = 1
    values["road_network_touch"] = touched
    _best_cover(values, targets, dissolver, intersections, features, timed)
    if context.options.shapes:
        _shapes(values, targets, regions["uncovered"], untouched, widths)
    return Measured(
        targets,
        rows,
        values,
        _main_class(values, targets, survey),
        regions,
        in_time,
        remaining,
        timed,
        overlaps,
        survey.late_year,
        survey.unknown,
    )


def _timing(targets: Targets, features: Features, intersections: Intersections) -> Integers:
    f, s = intersections.feature, intersections.subject
    images = np.array([targets.earlier_first[s], targets.later_first[s], targets.later_last[s]])
    date_first, date_last, until_first, until_last = features.days[:, f]
    return timing_of(date_first, date_last, until_first, until_last, images, features.void[f])


def _union_rows(rows: Rows, targets: Targets, dissolved: Groups, survey: Composition, context: Context) -> Floats:
    """One row per subject and role, zeros where it is not touched. Returns the areas, (subjects, roles)."""
    count, roles = len(targets), len(context.roles)
    area, planar = np.zeros(count * roles), np.zeros(count * roles)
    geometry = np.full(count * roles, None, object)
    area[dissolved.keys] = np.where(dissolved.whole, targets.total[dissolved.subject], cents(dissolved.area))
    area[dissolved.keys] = np.minimum(area[dissolved.keys], targets.total[dissolved.subject])
    planar[dissolved.keys], geometry[dissolved.keys] = dissolved.planar, dissolved.geometry
    own = context.role(SURVEY)
    if own >= 0:
        keys = survey.surveyed.subject * roles + own
        area[keys] = (targets.total - survey.unsurveyed)[survey.surveyed.subject]
        planar[keys], geometry[keys] = survey.surveyed.planar, survey.surveyed.geometry
    keys = np.arange(count * roles)
    rows.add(keys // max(roles, 1), keys % max(roles, 1), "", area, planar, geometry)
    return area.reshape(count, roles)


def _group_rows(
    rows: Rows,
    targets: Targets,
    features: Features,
    intersections: Intersections,
    dissolver: Dissolver,
    others: Integers,
    dissolved: Groups,
    timing: Integers,
    context: Context,
) -> tuple[Integers, Geometries, Geometries, Floats]:
    """One row per subject, role, document (or other group), date and end. Groups that do not overlap close to their union.

    Returns what groups of one role share, and what two legal grounds share: subject, role, other role, area.
    """
    roles = len(context.roles)
    kinds = int(features.code.max(initial=0)) + 1
    keys = intersections.subject[others] * kinds + features.code[intersections.feature[others]]
    groups = dissolver.dissolve(others, keys)
    feature = intersections.feature[groups.first]
    role = features.role[feature]
    union = np.searchsorted(dissolved.keys, groups.subject * roles + role)
    added = sum_by(union, groups.area, len(dissolved))
    shared = added - dissolved.area
    apart = shared <= context.settings.overlap_area
    area = np.minimum(cents(groups.area), targets.total[groups.subject])
    closing = np.flatnonzero(apart[union]) if len(groups) else np.zeros(0, np.int64)
    if len(closing):
        totals = np.minimum(
            np.where(dissolved.whole, targets.total[dissolved.subject], cents(dissolved.area)),
            targets.total[dissolved.subject],
        )
        area[closing] = close_groups(groups.area[closing], union[closing], totals).values
    texts = {name: features.texts[name][feature] for name in TEXTS}
    legal = np.isin(role, context.legal)
    excess = groups.area > features.stated[feature] * (1 + context.settings.stated_area.excess)
    texts["doubt"] = joined(("", texts["doubt"]), (AREA, (groups.intersections == 1) & excess))
    texts["timing"] = np.where(legal, np.array(TIMINGS, object)[timing[groups.first]], "").astype(object)
    rows.add(groups.subject, role, features.group[feature], area, groups.planar, groups.geometry, texts)
    doubled = np.flatnonzero(~apart)
    targets_, first, second, areas = (
        [dissolved.subject[doubled]],
        [dissolved.keys[doubled] % roles],
        [],
        [cents(shared[doubled])],
    )
    second.append(first[0])
    if context.options.parts:
        _shared_roles(targets, dissolved, context, targets_, first, second, areas)
    names = np.array([*context.roles, ""], object)
    return np.concatenate(targets_), names[np.concatenate(first)], names[np.concatenate(second)], np.concatenate(areas)


def _shared_roles(
    targets: Targets,
    dissolved: Groups,
    context: Context,
    owners: list[Integers],
    first: list[Integers],
    second: list[Integers],
    areas: list[Floats],
) -> None:
    """What two legal grounds both cover in a subject."""
    roles = len(context.roles)
    at = {role: np.flatnonzero(dissolved.keys % roles == role) for role in context.legal}
    for place, one in enumerate(context.legal):
        for other in context.legal[place + 1 :]:
            _, left, right = np.intersect1d(
                dissolved.subject[at[one]], dissolved.subject[at[other]], assume_unique=True, return_indices=True
            )
            left, right = at[one][left], at[other][right]
            owner = dissolved.subject[left]
            geometry = dissolved.geometry[left].copy()
            part = ~dissolved.whole[left]
            geometry[dissolved.whole[left]] = dissolved.geometry[right[~part]]
            part &= ~dissolved.whole[right]
            geometry[part] = safely(
                shapely.intersection, dissolved.geometry[left[part]], dissolved.geometry[right[part]]
            )
            area = cents(targets.areas(geometry, shapely.area(geometry), owner))
            keep = area > 0
            owners.append(owner[keep])
            first.append(np.full(int(keep.sum()), one))
            second.append(np.full(int(keep.sum()), other))
            areas.append(area[keep])


def _class_rows(rows: Rows, survey: Composition, role: int) -> None:
    if role < 0 or not len(survey.subject):
        return
    geometry = survey.geometry.copy()
    geometry[shapely.is_empty(geometry)] = None  # a deducted ridge has no place of its own
    keep = survey.area > 0
    rows.add(
        survey.subject[keep],
        role,
        survey.classes[survey.code[keep]],
        survey.area[keep],
        survey.planar[keep],
        geometry[keep],
    )


def _legal_basis_measures(
    values: dict[str, Floats],
    targets: Targets,
    intersections: Intersections,
    dissolver: Dissolver,
    role: Integers,
    timing: Integers,
    legal: Booleans,
    timed: Integers,
    context: Context,
) -> Groups:
    """``<role>_before`` … ``<role>_in_time`` of every legal ground; returns the grounds united in time."""
    roles, kinds = max(len(context.roles), 1), len(TIMINGS)
    ids = np.flatnonzero(legal)
    by_timing = dissolver.dissolve(ids, (intersections.subject[ids] * roles + role[ids]) * kinds + timing[ids])
    in_time = dissolver.dissolve(timed, intersections.subject[timed] * roles + role[timed])
    for index in context.legal:
        name = context.roles[index]
        for kind, suffix in enumerate(TIMINGS):
            mine = by_timing.keys % (roles * kinds) == index * kinds + kind
            values[f"{name}_{suffix}"] = _spread(by_timing.take(mine), targets)
        values[f"{name}_in_time"] = _spread(in_time.take(in_time.keys % roles == index), targets)
    return in_time


def _spread(groups: Groups, targets: Targets) -> Floats:
    """Areas of groups as one value per subject, at 0.01 m² and never above the subject's."""
    area = np.zeros(len(targets))
    area[groups.subject] = np.where(groups.whole, targets.total[groups.subject], cents(groups.area))
    return np.minimum(area, targets.total)


def _approval_measures(
    values: dict[str, Floats],
    targets: Targets,
    intersections: Intersections,
    dissolver: Dissolver,
    role: Integers,
    timing: Integers,
    context: Context,
) -> dict[str, Groups]:
    """已批 by any and by each timing; 未批 is the rest, so that both add up to the parcel."""
    ids = np.flatnonzero(np.isin(role, context.approvals))
    dissolved = {"approved": dissolver.dissolve(ids, intersections.subject[ids])}
    for kind, suffix in enumerate(TIMINGS):
        if suffix not in ("expired", "void"):
            some = ids[timing[ids] == kind]
            values[f"approved_{suffix}"] = _spread(dissolver.dissolve(some, intersections.subject[some]), targets)
    timed = ids[(timing[ids] == BEFORE) | (timing[ids] == BETWEEN)]
    dissolved["approved_in_time"] = dissolver.dissolve(timed, intersections.subject[timed])
    for name, groups in dissolved.items():
        values[name] = _spread(groups, targets)
    return dissolved


def _survey_measures(values: dict[str, Floats], targets: Targets, survey: Composition) -> None:
    sums = survey.sums
    values["farmland"] = sums[FARMLAND]
    values["other_agricultural"] = sums[AGRICULTURAL]
    values["agricultural"] = _exact(sums[FARMLAND] + sums[AGRICULTURAL])
    values["construction"] = sums[CONSTRUCTION]
    values["unused"] = sums[UNUSED]
    values["unsurveyed"] = _exact(survey.unsurveyed + sums[UNKNOWN])
    values["ridge"] = np.minimum(survey.ridge, targets.total)
    values["village_203"] = np.minimum(survey.village_203, targets.total)
    values["village_land"] = np.minimum(survey.village_land, targets.total)
    values["construction_previous"] = np.minimum(survey.previous_construction, targets.total)
    values["survey_overlap"] = cents(survey.overlap)


def _exact(values: Floats) -> Floats:
    """Sums and differences of hundredths as hundredths."""
    rounded: Floats = np.rint(values * 100) / 100 + 0.0
    return rounded


def _regions(
    values: dict[str, Floats],
    targets: Targets,
    dissolver: Dissolver,
    intersections: Intersections,
    features: Features,
    role: Integers,
    survey: Composition,
    approved: dict[str, Groups],
    dissolved: Groups,
    context: Context,
    remaining: Remainder,
) -> tuple[dict[str, tuple[Integers, Geometries]], Booleans]:
    """The regions by name (subjects, geometry), and which subjects no approval touches at all."""
    noise = context.settings.noise_area
    regions = {}
    uncovered: dict[str, Geometries] = {}
    intact: dict[str, Booleans] = {}
    for name, remainder in (("approved", "uncovered"), ("approved_in_time", "uncovered_in_time")):
        groups = approved[name]
        left = targets.geometry.copy()
        left[groups.subject] = remaining.of(groups, noise)
        intact[remainder] = np.ones(len(targets), bool)
        intact[remainder][groups.subject] = False
        gone = np.flatnonzero(shapely.is_empty(left))
        values[name][gone] = targets.total[gone]
        values[remainder] = _exact(targets.total - values[name])
        regions[name] = (groups.subject, groups.geometry)
        uncovered[remainder] = left
        regions[remainder] = _filled(np.arange(len(targets)), left)
    values["approved_share"] = _percent(values["approved"], targets.total)
    left, untouched = uncovered["uncovered"], intact["uncovered"]
    values["uncovered_farmland"], regions["uncovered_farmland"] = _uncovered(
        targets, left, untouched, survey.farmland, values["uncovered"], noise
    )
    values["uncovered_farmland"] = np.where(untouched, values["farmland"], values["uncovered_farmland"])
    if context.options.deduct_ridges:
        values["uncovered_farmland"] = _uncovered_net(
            targets, left, untouched, intersections, features, survey, values, noise
        )
    values["uncovered_farmland"] = np.minimum(values["uncovered_farmland"], values["farmland"])
    for name in ("basic_farmland", "ecological_redline"):
        index = context.role(name)
        groups = dissolved.take(dissolved.keys % max(len(context.roles), 1) == index)
        areas, region = _uncovered(targets, left, untouched, groups, values["uncovered"], noise)
        values[f"uncovered_{name}"] = np.minimum(areas, values.get(name, areas))
        if name == "basic_farmland":
            regions["uncovered_basic_farmland"] = region
    return regions, untouched


def _filled(subject: Integers, geometry: Geometries) -> tuple[Integers, Geometries]:
    keep = np.flatnonzero(~shapely.is_empty(geometry))
    return subject[keep], geometry[keep]


def _uncovered(
    targets: Targets, left: Geometries, untouched: Booleans, groups: Groups, limit: Floats, noise: float
) -> tuple[Floats, tuple[Integers, Geometries]]:
    """What of the groups lies in the uncovered part, at 0.01 m² and never above ``limit``."""
    owner = groups.subject
    whole = untouched[owner]
    gone = shapely.is_empty(left[owner])
    geometry = groups.geometry.copy()
    all_of_it = groups.whole & ~gone
    geometry[all_of_it] = left[owner[all_of_it]]
    geometry[gone] = _EMPTY
    some = np.flatnonzero(~whole & ~gone & ~groups.whole)
    geometry[some] = polygons_only(safely(shapely.intersection, left[owner[some]], groups.geometry[some]), noise)
    area = np.zeros(len(targets))
    area[owner] = np.where(all_of_it, limit[owner], cents(targets.areas(geometry, shapely.area(geometry), owner)))
    return np.minimum(area, limit), _filled(owner, geometry)


def _uncovered_net(
    targets: Targets,
    left: Geometries,
    untouched: Booleans,
    intersections: Intersections,
    features: Features,
    survey: Composition,
    values: dict[str, Floats],
    noise: float,
) -> Floats:
    """未批耕地 with 田坎 deducted: piece by piece, because each has its own coefficient."""
    ids = survey.cultivated
    owner = intersections.subject[ids]
    geometry = polygons_only(safely(shapely.intersection, left[owner], intersections.geometry[ids]), noise)
    net = targets.areas(geometry, shapely.area(geometry), owner) * (1 - features.ridge[intersections.feature[ids]])
    area = np.minimum(cents(sum_by(owner, net, len(targets))), values["uncovered"])
    return np.where(untouched, values["farmland"], area)


def _net_measures(
    values: dict[str, Floats],
    targets: Targets,
    dissolved: Groups,
    approved: Groups,
    role_area: Floats,
    context: Context,
) -> None:
    """未供, and facility and temporary land without what is approved anyway."""
    supply = context.role("land_supply")
    supplied = role_area[:, supply] if supply >= 0 else np.zeros(len(targets))
    values["unsupplied"] = _exact(np.maximum(targets.total - supplied, 0.0))
    for name, legal_basis in (("facility_net", "facility_agriculture"), ("temporary_net", "temporary_land")):
        index = context.role(legal_basis)
        net = np.zeros(len(targets))
        if index >= 0:
            net = role_area[:, index].copy()
            mine = dissolved.take(dissolved.keys % len(context.roles) == index)
            at = np.full(len(targets), -1)
            at[approved.subject] = np.arange(len(approved))
            both = np.flatnonzero(at[mine.subject] >= 0)
            owner = mine.subject[both]
            left = polygons_only(
                safely(shapely.difference, mine.geometry[both], approved.geometry[at[owner]]),
                context.settings.noise_area,
            )
            net[owner] = np.minimum(cents(targets.areas(left, shapely.area(left), owner)), net[owner])
        values[name] = net


def _best_cover(
    values: dict[str, Floats],
    targets: Targets,
    dissolver: Dissolver,
    intersections: Intersections,
    features: Features,
    timed: Integers,
) -> None:
    """The largest share that one document of one legal ground covers in time, percent."""
    best = np.zeros(len(targets))
    kinds = int(features.code.max(initial=0)) + 1
    groups = dissolver.dissolve(
        timed, intersections.subject[timed] * kinds + features.code[intersections.feature[timed]]
    )
    area = np.where(groups.whole, targets.total[groups.subject], cents(groups.area))
    np.maximum.at(best, groups.subject, np.minimum(area, targets.total[groups.subject]))
    values["cover_best"] = _percent(best, targets.total)


def _percent(part: Floats, whole: Floats) -> Floats:
    """Percent with four decimals; both sides are areas on the ellipsoid."""
    share = np.divide(part * 100, whole, out=np.zeros(len(part)), where=whole > 0)
    # Never 100 unless it is: a remainder of a hundredth must stay visible.
    percent: Floats = np.where(part >= whole, 100.0, np.minimum(np.round(share, 4), 99.9999))
    percent[whole <= 0] = 0.0
    return percent


def _main_class(values: dict[str, Floats], targets: Targets, survey: Composition) -> Geometries:
    main = np.full(len(targets), "", object)
    share = np.zeros(len(targets))
    order = np.lexsort((-survey.code, survey.area))  # the largest is written last, of equal ones the first code
    main[survey.subject[order]] = survey.classes[survey.code[order]]
    share[survey.subject[order]] = survey.area[order]
    values["main_class_share"] = _percent(share, targets.total)
    return main


def _shapes(
    values: dict[str, Floats],
    targets: Targets,
    uncovered: tuple[Integers, Geometries],
    untouched: Booleans,
    widths: shape.Widths,
) -> None:
    """Pieces, width and compactness of the uncovered part; width along the axis and elongation of the whole."""
    owner, geometry = uncovered
    count = len(targets)
    intersections, width, round_ = np.zeros(count), np.zeros(count), np.zeros(count)
    intersections[owner] = shapely.get_num_geometries(geometry)
    mean, elongation, across = shape.strip(targets.geometry)
    own_width = np.zeros(count)
    inscribed = untouched | np.isnan(across)
    own_width[inscribed] = widths.of(targets.geometry[inscribed])
    same = untouched[owner]
    width[owner[same]] = own_width[owner[same]]
    width[owner[~same]] = widths.of(geometry[~same])
    round_[owner] = shape.compactness(geometry)
    values["uncovered_pieces"] = intersections
    values["uncovered_width"] = np.round(width, 3)
    values["uncovered_compactness"] = np.round(round_, 4)
    values["road_width"] = np.round(mean, 3)
    values["road_width_maximum"] = np.round(np.where(np.isnan(across), np.maximum(own_width, mean), across), 3)
    values["elongation"] = np.round(elongation, 3)


_EMPTY = shapely.Polygon()
