"""The proposed split (拟拆分) of parcels that legal grounds cover in time only in part: each m² belongs to one ground."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_

import numpy as np
import shapely

from ..geodesy.closure import close_groups
from . import shape
from .batch import Batch
from .intersections import Intersections, intersect, polygons_only, safely
from .measuring import Measured
from .targets import Booleans, Floats, Geometries, Integers, Targets

_EMPTY = shapely.Polygon()


@dataclass(frozen=True)
class Parts:
    """Parts of subjects, ordered by subject; ``role`` -1 where no ground covers. ``name``: _1, _2, …"""

    subject: Integers
    role: Integers
    name: Geometries
    group: Geometries
    geometry: Geometries
    area: Floats  # closed at 0.01 m²
    sliver: Booleans

    def __len__(self) -> int:
        return len(self.subject)


def propose(measured: Measured) -> Parts:
    """Partition of every subject with at least two parts that are no slivers; the areas add up to the subject's total."""
    batch = measured.batch
    targets, settings = batch.targets, batch.context.settings
    subject, role_of, geometry = _divided(batch)
    planar = shapely.area(geometry)
    area = targets.areas(geometry, planar, subject)
    sliver = area < settings.sliver_area
    small = area <= settings.sliver_strip
    sliver[small] |= shape.is_narrow(geometry[small], settings.sliver_width)
    serious = np.bincount(subject, ~sliver, len(targets)) >= 2
    keep = np.flatnonzero(serious[subject])
    keep = keep[np.lexsort((np.arange(len(keep)), sliver[keep], subject[keep]))]  # slivers are numbered last
    subject, role_of, geometry, sliver = subject[keep], role_of[keep], geometry[keep], sliver[keep]
    closed = close_groups(area[keep], subject, targets.total).values
    place = np.arange(len(subject)) - np.searchsorted(subject, subject)
    names = np.array([f"_{number + 1}" for number in place], object)
    return Parts(subject, role_of, names, _documents(subject, role_of, batch), geometry, closed, sliver)


def _divided(batch: Batch) -> tuple[Integers, Integers, Geometries]:
    """What each legal basis in its order of precedence takes of a subject, and what is left (role -1): subject, role, geometry."""
    targets, legal_bases, context, noise = batch.targets, batch.in_time, batch.context, batch.noise
    roles = max(batch.roles, 1)
    touched = np.unique(legal_bases.subject)
    left = targets.geometry.copy()
    begun = np.zeros(len(targets), bool)
    found: list[tuple[Integers, int, Geometries]] = []
    for role in context.legal:
        at = np.flatnonzero(legal_bases.keys % roles == role)
        owner = legal_bases.subject[at]
        at, owner = at[~shapely.is_empty(left[owner])], owner[~shapely.is_empty(left[owner])]
        if not len(at):
            continue
        first = ~begun[owner]
        begun[owner] = True
        inside = legal_bases.geometry[at]
        left[owner[first]] = batch.remainder.of(legal_bases.take(at[first]), noise)
        later = np.flatnonzero(~first)
        before, legal_basis = left[owner[later]], legal_bases.geometry[at[later]]
        inside[later] = polygons_only(safely(shapely.intersection, before, legal_basis), noise)
        left[owner[later]] = polygons_only(safely(shapely.difference, before, legal_basis), noise)
        found.append((owner, role, inside))
    found.append((touched, -1, left[touched]))
    subject = np.concatenate([owner for owner, _, _ in found])
    role_of = np.concatenate([np.full(len(owner), role) for owner, role, _ in found])
    geometry = np.concatenate([inside for _, _, inside in found])
    rank = np.concatenate([np.full(len(owner), place) for place, (owner, _, _) in enumerate(found)])
    keep = np.flatnonzero(~shapely.is_empty(geometry))
    keep = keep[np.lexsort((rank[keep], subject[keep]))]
    return subject[keep], role_of[keep], geometry[keep]


def _documents(subject: Integers, role: Integers, batch: Batch) -> Geometries:
    """Document numbers (or other groups) of the ground of each part, the largest first."""
    wanted = set(zip(subject.tolist(), role.tolist()))
    features, intersections = batch.features, batch.intersections
    sizes: dict[tuple[int, int], dict[str, float]] = {}
    timed = batch.timed
    for index in timed[np.isin(intersections.subject[timed], subject)]:
        key = (int(intersections.subject[index]), int(batch.role[index]))
        if key in wanted:
            group = str(features.group[intersections.feature[index]])
            inside = sizes.setdefault(key, {})
            inside[group] = inside.get(group, 0.0) + float(intersections.area[index])
    return np.array(
        [
            "、".join(sorted(sizes.get(key, {}), key=lambda group: (-sizes[key][group], group)))
            for key in zip(subject.tolist(), role.tolist())
        ],
        object,
    )


def as_targets(parts: Parts, measured: Measured) -> Targets:
    """The parts as subjects of their own: their closed area is what everything in them closes to."""
    whole = measured.targets
    days = np.array(
        [whole.earlier_first[parts.subject], whole.later_first[parts.subject], whole.later_last[parts.subject]]
    )
    return Targets.of(whole.index[parts.subject], parts.name, parts.geometry, parts.area, parts.area, days)


def intersections_of_parts(parts: Parts, targets: Targets, measured: Measured) -> Intersections:
    """The pieces of the parcels cut once more by their parts.

    A ground in time lies in no part of a later ground nor in the uncovered rest: those pairs are not even tried.
    """
    batch = measured.batch
    intersections, features, context = batch.intersections, batch.features, batch.context
    order = np.argsort(intersections.subject, kind="stable")
    begin = np.searchsorted(intersections.subject[order], parts.subject, "left")
    end = np.searchsorted(intersections.subject[order], parts.subject, "right")
    part = np.repeat(np.arange(len(parts)), end - begin)
    within = np.arange(len(part)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
    intersection = order[begin[part] + within]
    place = np.full(len(context.roles) + 1, len(context.roles))
    for rank, role in enumerate(context.legal):
        place[role] = rank
    timed = np.zeros(len(intersections), bool)
    timed[batch.timed] = True
    possible = ~timed[intersection] | (place[batch.role[intersection]] >= place[parts.role[part]])
    part, intersection = part[possible], intersection[possible]
    # A part made of one piece is that very polygon; the others are cut from the whole feature, because GEOS is quicker where
    # two borders cross than where a piece and a part share the parcel's.
    shapes, feature = parts.geometry[part], intersections.feature[intersection]
    same = np.fromiter(map(is_, shapes, intersections.geometry[intersection]), bool, len(part))
    return intersect(targets, features.geometry, part, feature, context.settings.noise_area, same)
