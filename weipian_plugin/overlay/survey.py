"""Land classes inside each subject: the survey year that counts, a partition by class, 田坎, village attributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ..geodesy.closure import close_groups
from .classes import CONSTRUCTION, FARMLAND, GROUPS, UNKNOWN, ClassTable
from .context import Context
from .dissolving import Dissolver, Groups
from .features import Features
from .intersections import Intersections, polygons_only, safely
from .settings import Settings
from .targets import Booleans, Floats, Geometries, Integers, Targets, cents, sum_by

#: 城镇村属性码 of land inside towns and villages (城市, 建制镇, 村庄, 盐田及采矿, 特殊用地).
_VILLAGE_LAND = ("201", "202", "203", "204", "205")


@dataclass
class Partition:
    """The land classes of all subjects as rows. ``classes``: codes of the table, ``groups``: group of each class; per row ``subject``,
    ``code`` (index into classes), ``geometry`` (metres in the batch's zone), ``area`` (m², ellipsoidal) and ``planar`` (m²)."""

    classes: Geometries
    groups: Geometries
    subject: Integers
    code: Integers
    geometry: Geometries
    area: Floats
    planar: Floats

    @classmethod
    def of(cls, by_class: Groups, classes: Geometries, groups: Geometries) -> Partition:
        """From the dissolved classes; geometry and areas (m²) are copies, since later steps write into them."""
        code = by_class.keys % max(len(classes), 1)
        copies = by_class.geometry.copy(), by_class.area.copy(), by_class.planar.copy()
        return cls(classes, groups, by_class.subject, code, *copies)

    def make_disjoint(self, owner: int, targets: Targets, settings: Settings) -> None:
        """Make the classes of one subject disjoint: each m² goes to the first class in the order of precedence."""
        rows = np.flatnonzero(self.subject == owner)
        rank = {name: place for place, name in enumerate(settings.class_precedence)}
        kinds, names = self.groups[self.code[rows]], self.classes[self.code[rows]]
        taken = None
        for k in sorted(range(len(rows)), key=lambda k: (rank.get(str(kinds[k]), len(rank)), str(names[k]))):
            row = rows[k : k + 1]
            if taken is None:
                taken = self.geometry[row[0]]
                continue
            left = safely(shapely.difference, self.geometry[row], np.array([taken], object))
            taken = shapely.union(taken, self.geometry[row[0]])
            self.geometry[row] = polygons_only(left, settings.noise_area)
        self.planar[rows] = shapely.area(self.geometry[rows])
        self.area[rows] = targets.areas(self.geometry[rows], self.planar[rows], np.full(len(rows), owner, np.int64))

    def deduct(self, ridge: Floats, table: ClassTable) -> None:
        """Take the ridge (田坎) of each row (m²) off its class and count it as the ridge class; every subject still adds up."""
        if table.ridge not in self.classes:
            self.classes = np.append(self.classes, table.ridge).astype(object)
            self.groups = np.append(self.groups, table.group(table.ridge)).astype(object)
        target = int(np.flatnonzero(self.classes == table.ridge)[0])
        share = np.divide(ridge, self.area, out=np.zeros(len(self.area)), where=self.area > 0)
        self.area = self.area - ridge
        self.planar = self.planar * (1 - share)
        moved = sum_by(self.subject, ridge, int(self.subject.max()) + 1 if len(self.subject) else 0)
        at = np.flatnonzero(self.code == target)
        self.area[at] += moved[self.subject[at]]
        moved[self.subject[at]] = 0.0
        new = np.flatnonzero(moved > 0)
        self.subject = np.concatenate([self.subject, new])
        self.code = np.concatenate([self.code, np.full(len(new), target)])
        self.geometry = np.concatenate([self.geometry, np.full(len(new), shapely.Polygon(), object)])
        self.area = np.concatenate([self.area, moved[new]])
        self.planar = np.concatenate([self.planar, moved[new]])

    def close(self, surveyed: Groups, targets: Targets) -> Floats:
        """Close the areas at 0.01 m² to each subject's total (平差); returns what no class covers, m² per subject."""
        count = len(targets)
        covered = np.zeros(count)
        covered[surveyed.subject] = surveyed.area
        remainder = np.maximum(targets.official - covered, 0.0)
        remainder[surveyed.subject[surveyed.whole]] = 0.0
        owners = np.concatenate([self.subject, np.arange(count)])
        closed = close_groups(np.concatenate([self.area, remainder]), owners, targets.total).values
        self.area = closed[: len(self.area)]
        unsurveyed: Floats = closed[len(self.area) :]
        return unsurveyed

    def sums(self, count: int) -> dict[str, Floats]:
        """Area of each group of classes per subject, m²."""
        of_row = self.groups[self.code]
        return {name: sum_by(self.subject, np.where(of_row == name, self.area, 0.0), count) for name in GROUPS}


@dataclass(frozen=True)
class Composition:
    """Land classes of a batch. Per subject: ``sums`` by group of classes, ``ridge``, ``unsurveyed`` (closed), in m².

    ``surveyed``: union of all classes; ``farmland``: union of the cultivated intersections; ``overlap``: area counted by more than one
    class before precedence decided.
    """

    partition: Partition
    sums: dict[str, Floats]
    ridge: Floats
    unsurveyed: Floats
    surveyed: Groups
    farmland: Groups
    cultivated: Integers  # ids of the farmland intersections
    previous_construction: Floats
    village_203: Floats
    village_land: Floats
    overlap: Floats
    late_year: Integers  # per subject the year taken although it did not end before 后时相, else 0
    unknown: tuple[str, ...]  # class codes that the class table does not have


def compose(dissolver: Dissolver, features: Features, context: Context) -> Composition:
    """Composition of every subject; subjects without a survey are wholly ``unsurveyed``.

    Without the option ``intersection_geometry`` the intersections of a subject that add up to it are not dissolved:
    only their areas are wanted.
    """
    targets, intersections, settings = dissolver.targets, dissolver.intersections, context.settings
    count = len(targets)
    ids = np.flatnonzero(features.role[intersections.feature] == context.survey)
    year, owner = features.year[intersections.feature[ids]], intersections.subject[ids]
    taken, late = _current_year(year, owner, targets)
    previous = _previous_year(year, owner, targets)
    current = ids[year == taken[owner]]
    codes, classes, groups = _classes(features, intersections, ids, context.classes)
    unknown = tuple(name for name, group in zip(classes.tolist(), groups.tolist()) if group == UNKNOWN)
    code_of = np.full(len(intersections), -1, np.int64)
    code_of[ids] = codes
    keys = intersections.subject[current] * max(len(classes), 1) + code_of[current]
    by_class = _by_class(dissolver, current, keys, context)
    partition = Partition.of(by_class, classes, groups)
    surveyed, overlap = _whole_survey(dissolver, current, by_class, settings)
    for doubled in np.flatnonzero(overlap > settings.overlap_area).tolist():
        partition.make_disjoint(doubled, targets, settings)
    cultivated = current[groups[code_of[current]] == FARMLAND]
    ridges = _ridge_rows(by_class, intersections, features, current, keys, partition.area)
    ridge = sum_by(partition.subject, ridges, count)
    if context.options.deduct_ridges and ridges.any():
        partition.deduct(ridges, context.classes)
    unsurveyed = partition.close(surveyed, targets)
    village = _village_attribute(features, intersections, current)
    return Composition(
        partition,
        partition.sums(count),
        cents(ridge),
        unsurveyed,
        surveyed,
        dissolver.dissolve(cultivated, intersections.subject[cultivated]),
        cultivated,
        _construction(dissolver, ids[year == previous[owner]], groups, code_of),
        _area_of(dissolver, current[village == "203"]),
        _area_of(dissolver, current[np.isin(village, _VILLAGE_LAND)]),
        overlap,
        late,
        unknown,
    )


def _by_class(dissolver: Dissolver, current: Integers, keys: Integers, context: Context) -> Groups:
    """The intersections of the year that counts by subject and class; of those that add up only the areas unless geometry is wanted."""
    apart = _adds_up(dissolver, current, context.settings)
    added = dissolver.add_up(current[apart], keys[apart])
    if not context.options.intersection_geometry:
        return dissolver.dissolve(current[~apart], keys[~apart]).and_(added)
    by_class = dissolver.dissolve(current, keys)
    place = np.searchsorted(by_class.keys, added.keys)
    by_class.area[place], by_class.planar[place] = added.area, added.planar  # the same figures either way
    return by_class


def _village_attribute(features: Features, intersections: Intersections, current: Integers) -> Geometries:
    """城镇村属性码 of each intersection, its first three digits."""
    attribute = features.village[intersections.feature[current]]
    return np.array([str(value)[:3] for value in attribute], object) if len(current) else np.zeros(0, object)


def _adds_up(dissolver: Dissolver, current: Integers, settings: Settings) -> Booleans:
    """For each intersection whether its subject's add up to the subject: then there is neither gap nor overlap."""
    targets, intersections = dissolver.targets, dissolver.intersections
    owner = intersections.subject[current]
    added = sum_by(owner, intersections.planar[current], len(targets))
    tiled: Booleans = np.abs(added - targets.planar) <= settings.noise_area + 1e-9 * targets.planar
    each: Booleans = tiled[owner]
    return each


def _current_year(year: Integers, owner: Integers, targets: Targets) -> tuple[Integers, Integers]:
    """The latest year that ended before 后时相 (an unknown year is older than all), else the earliest; -1 without survey."""
    limit = _year_of(targets.later_first)
    limit[limit == 0] = 9999
    taken = np.full(len(targets), -1, np.int64)
    np.maximum.at(taken, owner, np.where(year < limit[owner], year, -1))
    earliest = np.full(len(targets), 9999, np.int64)
    np.minimum.at(earliest, owner, year)
    none = (taken < 0) & (earliest < 9999)
    taken[none] = earliest[none]
    return taken, np.where(none, earliest, 0)


def _previous_year(year: Integers, owner: Integers, targets: Targets) -> Integers:
    """The latest known year that ended before 前时相; -1 if there is none."""
    limit = _year_of(targets.earlier_first)
    taken = np.full(len(targets), -1, np.int64)
    np.maximum.at(taken, owner, np.where((year < limit[owner]) & (year > 0), year, -1))
    return taken


def _year_of(days: Integers) -> Integers:
    """Year of ordinal days, 0 stays 0."""
    years = np.zeros(len(days), np.int64)
    known = days > 0
    dates = np.array("0001-01-01", "datetime64[D]") + (days[known] - 1)
    years[known] = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _classes(
    features: Features, intersections: Intersections, ids: Integers, table: ClassTable
) -> tuple[Integers, Geometries, Geometries]:
    """Code of each survey piece as an index into the distinct classes, these, and their groups."""
    names = features.land_class[intersections.feature[ids]]
    classes, codes = np.unique(names.astype(str), return_inverse=True)
    distinct = classes.astype(object)
    return codes.astype(np.int64), distinct, np.array([table.group(name) for name in distinct] or [UNKNOWN], object)


def _whole_survey(
    dissolver: Dissolver, current: Integers, by_class: Groups, settings: Settings
) -> tuple[Groups, Floats]:
    """The union of all classes, and how much of it more than one class claims.

    Where the classes add up to the subject there is neither gap nor overlap and the union is the subject itself.
    """
    targets = dissolver.targets
    count = len(targets)
    added = sum_by(by_class.subject, by_class.planar, count)
    touched = np.unique(by_class.subject)
    full = np.abs(added - targets.planar) <= settings.noise_area + 1e-9 * targets.planar
    owners = dissolver.intersections.subject[current]
    union = dissolver.dissolve(current[~full[owners]], owners[~full[owners]])
    complete = touched[full[touched]]
    first = np.zeros(len(complete), np.int64)
    groups = Groups(
        np.concatenate([union.keys, complete]),
        np.concatenate([union.subject, complete]),
        np.concatenate([union.geometry, targets.geometry[complete]]),
        np.concatenate([union.planar, targets.planar[complete]]),
        np.concatenate([union.area, targets.official[complete]]),
        np.concatenate([union.whole, np.ones(len(complete), bool)]),
        np.concatenate([union.intersections, first + 1]),
        np.concatenate([union.first, first]),
    )
    overlap = np.zeros(count)
    overlap[union.subject] = np.maximum(added[union.subject] - union.planar, 0.0)
    nearly = targets.planar[groups.subject] - groups.planar <= settings.noise_area
    groups.whole[nearly] = True
    return groups, overlap


def _ridge_rows(
    by_class: Groups, intersections: Intersections, features: Features, current: Integers, keys: Integers, area: Floats
) -> Floats:
    """Ridge of each row of the partition, m²: its pieces' area × 扣除地类系数, never more than in proportion to the row."""
    coefficient = features.ridge[intersections.feature[current]]
    row = np.searchsorted(by_class.keys, keys)
    pieced = sum_by(row, intersections.area[current], len(by_class))
    ridge = sum_by(row, intersections.area[current] * coefficient, len(by_class))
    ratio = np.divide(area, pieced, out=np.zeros(len(area)), where=pieced > 0)
    limited: Floats = ridge * np.minimum(ratio, 1.0)
    return limited


def _construction(dissolver: Dissolver, previous: Integers, groups: Geometries, code_of: Integers) -> Floats:
    """建设用地 of the previous year: union over its classes, m² per subject."""
    return _area_of(dissolver, previous[groups[code_of[previous]] == CONSTRUCTION])


def _area_of(dissolver: Dissolver, ids: Integers) -> Floats:
    """Area of the union of intersections, m² per subject at 0.01."""
    dissolved = dissolver.dissolve(ids, dissolver.intersections.subject[ids])
    areas = np.zeros(len(dissolver.targets))
    areas[dissolved.subject] = dissolved.area
    return cents(areas)
