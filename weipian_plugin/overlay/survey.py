"""Land classes inside each subject: the survey year that counts, a partition by class, 田坎, village attributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ..geodesy.closure import close_groups
from .classes import CONSTRUCTION, FARMLAND, GROUPS, UNKNOWN, ClassTable
from .dissolving import Dissolver, Groups
from .features import Features
from .intersections import Intersections, polygons_only, safely
from .settings import Settings
from .targets import Booleans, Floats, Geometries, Integers, Targets, cents, sum_by


@dataclass(frozen=True)
class Composition:
    """``classes``: class codes; rows of the partition as ``subject``, ``code`` (index into classes), ``geometry``,
    ``area`` (closed at 0.01), ``planar``. Per subject: ``sums`` by class group, ``ridge``, ``unsurveyed`` (closed).

    ``farmland``: union of the cultivated pieces; ``current``: pieces of the year that counts; ``overlap``: area counted
    by more than one class before precedence decided, per subject.
    """

    classes: Geometries
    subject: Integers
    code: Integers
    geometry: Geometries
    area: Floats
    planar: Floats
    sums: dict[str, Floats]
    ridge: Floats
    unsurveyed: Floats
    surveyed: Groups
    farmland: Groups
    cultivated: Integers  # ids of the farmland pieces
    previous_construction: Floats
    village_203: Floats
    village_land: Floats
    overlap: Floats
    late_year: Integers  # per subject the year taken although it did not end before 后时相, else 0
    unknown: tuple[str, ...]  # class codes that the class table does not have


def compose(
    targets: Targets,
    features: Features,
    intersections: Intersections,
    dissolver: Dissolver,
    survey_role: int,
    table: ClassTable,
    settings: Settings,
    deduct_ridges: bool,
    piece_geometry: bool,
) -> Composition:
    """Composition of every subject; subjects without survey pieces are wholly ``unsurveyed``.

    Without ``piece_geometry`` the pieces of a subject that add up to it are not united: only their areas are wanted.
    """
    count = len(targets)
    ids = np.flatnonzero(features.role[intersections.feature] == survey_role)
    year = features.year[intersections.feature[ids]]
    owner = intersections.subject[ids]
    taken, late = _current_year(year, owner, targets)
    previous = _previous_year(year, owner, targets)
    current = ids[year == taken[owner]]
    codes, classes, groups = _classes(features, intersections, ids, table)
    unknown = tuple(name for name, group in zip(classes.tolist(), groups.tolist()) if group == UNKNOWN)
    code_of = np.full(len(intersections), -1, np.int64)
    code_of[ids] = codes
    keys = intersections.subject[current] * max(len(classes), 1) + code_of[current]
    apart = _adds_up(targets, intersections, current, settings)
    added = dissolver.add_up(current[apart], keys[apart])
    if piece_geometry:
        by_class = dissolver.dissolve(current, keys)
        place = np.searchsorted(by_class.keys, added.keys)
        by_class.area[place], by_class.planar[place] = added.area, added.planar  # the same figures either way
    else:
        by_class = dissolver.dissolve(current[~apart], keys[~apart]).and_(added)
    subject, code = by_class.subject, by_class.keys % max(len(classes), 1)
    geometry, area, planar = by_class.geometry.copy(), by_class.area.copy(), by_class.planar.copy()
    surveyed, overlap = _whole_survey(targets, dissolver, current, by_class, settings)
    for owner_index in np.flatnonzero(overlap > settings.overlap_area):
        rows = np.flatnonzero(subject == owner_index)
        names = [str(classes[code[row]]) for row in rows]
        _partition(int(owner_index), rows, names, groups[code[rows]], targets, geometry, area, planar, settings)
    cultivated = current[groups[code_of[current]] == FARMLAND]
    farmland = dissolver.dissolve(cultivated, intersections.subject[cultivated])
    ridges = _ridge_rows(by_class, intersections, features, current, keys, area)
    ridge = sum_by(subject, ridges, count)
    if deduct_ridges and ridges.any():
        classes, groups, subject, code, geometry, area, planar = _deduct(
            table, classes, groups, subject, code, geometry, area, planar, ridges
        )
    covered = np.zeros(count)
    covered[surveyed.subject] = surveyed.area
    remainder = np.maximum(targets.official - covered, 0.0)
    remainder[surveyed.subject[surveyed.whole]] = 0.0
    closed = close_groups(
        np.concatenate([area, remainder]), np.concatenate([subject, np.arange(count)]), targets.total
    ).values
    area, unsurveyed = closed[: len(area)], closed[len(area) :]
    sums = {name: sum_by(subject, np.where(groups[code] == name, area, 0.0), count) for name in GROUPS}
    attribute = features.village[intersections.feature[current]]
    three = np.array([str(value)[:3] for value in attribute], object) if len(current) else np.zeros(0, object)
    return Composition(
        classes,
        subject,
        code,
        geometry,
        area,
        planar,
        sums,
        cents(ridge),
        unsurveyed,
        surveyed,
        farmland,
        cultivated,
        _construction(dissolver, intersections, ids[year == previous[owner]], groups, code_of, count),
        _area_of(dissolver, intersections, current[three == "203"], count),
        _area_of(dissolver, intersections, current[np.isin(three, ("201", "202", "203", "204", "205"))], count),
        overlap,
        late,
        unknown,
    )


def _adds_up(targets: Targets, intersections: Intersections, current: Integers, settings: Settings) -> Booleans:
    """For each piece whether its subject's pieces add up to the subject: then there is neither gap nor overlap."""
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
    targets: Targets, dissolver: Dissolver, current: Integers, by_class: Groups, settings: Settings
) -> tuple[Groups, Floats]:
    """The union of all classes, and how much of it more than one class claims.

    Where the classes add up to the subject there is neither gap nor overlap and the union is the subject itself.
    """
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


def _partition(
    owner: int,
    rows: Integers,
    names: list[str],
    kinds: Geometries,
    targets: Targets,
    geometry: Geometries,
    area: Floats,
    planar: Floats,
    settings: Settings,
) -> None:
    """Make the classes of one subject disjoint: each m² goes to the first class in the order of precedence."""
    rank = {name: place for place, name in enumerate(settings.class_precedence)}
    taken = None
    for k in sorted(range(len(rows)), key=lambda k: (rank.get(str(kinds[k]), len(rank)), names[k])):
        row = rows[k : k + 1]
        if taken is not None:
            left = safely(shapely.difference, geometry[row], np.array([taken], object))
            own, geometry[row] = geometry[row[0]], polygons_only(left, settings.noise_area)
            taken = shapely.union(taken, own)
        else:
            taken = geometry[row[0]]
    planar[rows] = shapely.area(geometry[rows])
    area[rows] = targets.areas(geometry[rows], planar[rows], np.full(len(rows), owner, np.int64))


def _deduct(
    table: ClassTable,
    classes: Geometries,
    groups: Geometries,
    subject: Integers,
    code: Integers,
    geometry: Geometries,
    area: Floats,
    planar: Floats,
    ridge: Floats,
) -> tuple[Geometries, Geometries, Integers, Integers, Geometries, Floats, Floats]:
    """Take the ridge (田坎) of each row (m²) off its class and count it as the ridge class; every subject still adds up."""
    if table.ridge not in classes:
        classes = np.append(classes, table.ridge).astype(object)
        groups = np.append(groups, table.group(table.ridge)).astype(object)
    target = int(np.flatnonzero(classes == table.ridge)[0])
    share = np.divide(ridge, area, out=np.zeros(len(area)), where=area > 0)
    area = area - ridge
    planar = planar * (1 - share)
    count = int(subject.max()) + 1 if len(subject) else 0
    moved = sum_by(subject, ridge, count)
    at = np.flatnonzero(code == target)
    area[at] += moved[subject[at]]
    moved[subject[at]] = 0.0
    new = np.flatnonzero(moved > 0)
    return (
        classes,
        groups,
        np.concatenate([subject, new]),
        np.concatenate([code, np.full(len(new), target)]),
        np.concatenate([geometry, np.full(len(new), shapely.Polygon(), object)]),
        np.concatenate([area, moved[new]]),
        np.concatenate([planar, moved[new]]),
    )


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


def _construction(
    dissolver: Dissolver,
    intersections: Intersections,
    previous: Integers,
    groups: Geometries,
    code_of: Integers,
    count: int,
) -> Floats:
    """建设用地 of the previous year: union over its classes."""
    return _area_of(dissolver, intersections, previous[groups[code_of[previous]] == CONSTRUCTION], count)


def _area_of(dissolver: Dissolver, intersections: Intersections, ids: Integers, count: int) -> Floats:
    dissolved = dissolver.dissolve(ids, intersections.subject[ids])
    areas = np.zeros(count)
    areas[dissolved.subject] = dissolved.area
    return cents(areas)
