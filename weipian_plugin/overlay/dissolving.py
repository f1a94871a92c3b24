"""Intersections dissolved (union before area: nothing is counted twice), each set of them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from .intersections import LARGE, Intersections, polygons_only, safely
from .targets import Booleans, Floats, Geometries, Integers, Targets


@dataclass(frozen=True)
class Groups:
    """Dissolved intersections by key: the group's geometry and its area on the ellipsoid. ``whole``: it is the whole subject."""

    keys: Integers
    subject: Integers
    geometry: Geometries
    planar: Floats
    area: Floats
    whole: Booleans
    intersections: Integers  # how many were dissolved
    first: Integers  # one of them

    def __len__(self) -> int:
        return len(self.keys)

    def and_(self, other: Groups) -> Groups:
        """Both, ordered by key."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Groups(*(np.concatenate(pair) for pair in pairs)).take(
            np.argsort(np.concatenate([self.keys, other.keys]))
        )

    def take(self, chosen: Any) -> Groups:
        return Groups(
            self.keys[chosen],
            self.subject[chosen],
            self.geometry[chosen],
            self.planar[chosen],
            self.area[chosen],
            self.whole[chosen],
            self.intersections[chosen],
            self.first[chosen],
        )


@dataclass
class Dissolver:
    """Dissolves intersections of one batch. Sets that were dissolved before are taken from memory."""

    targets: Targets
    intersections: Intersections
    _known: dict[bytes, tuple[object, float, float, bool]] = field(default_factory=dict)

    def dissolve(self, ids: Integers, keys: Integers) -> Groups:
        """Groups of the intersections ``ids`` by ``keys``; those of one key belong to one target."""
        order = np.argsort(keys, kind="stable")
        ids, keys = ids[order], keys[order]
        begin = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
        end = np.append(begin[1:], len(keys))
        first = ids[begin]
        subject = self.intersections.subject[first]
        counts = end - begin
        geometry = self.intersections.geometry[first].copy()
        planar = self.intersections.planar[first].copy()
        area = self.intersections.area[first].copy()
        whole = np.logical_or.reduceat(self.intersections.whole[ids], begin) if len(ids) else np.zeros(0, bool)
        geometry[whole] = self.targets.geometry[subject[whole]]
        planar[whole] = self.targets.planar[subject[whole]]
        area[whole] = self.targets.official[subject[whole]]
        groups = Groups(keys[begin], subject, geometry, planar, area, whole, counts, first)
        members = {group: ids[begin[group] : end[group]] for group in np.flatnonzero((counts > 1) & ~whole).tolist()}
        new = []
        for group, together in members.items():
            known = self._known.get(together.tobytes())
            if known is None:
                new.append(group)
            else:
                geometry[group], planar[group], area[group], whole[group] = known
        if new:
            self._dissolve_new(groups, {group: members[group] for group in new})
        return groups

    def add_up(self, ids: Integers, keys: Integers) -> Groups:
        """Groups of intersections that are known not to overlap, without geometry (None): only their areas are wanted."""
        order = np.argsort(keys, kind="stable")
        ids, keys = ids[order], keys[order]
        begin = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
        counts = np.append(begin[1:], len(keys)) - begin if len(keys) else begin
        first = ids[begin]
        planar, area = self.intersections.planar[ids], self.intersections.area[ids]
        return Groups(
            keys[begin],
            self.intersections.subject[first],
            np.full(len(begin), None, object),
            np.add.reduceat(planar, begin) if len(begin) else planar[:0],
            np.add.reduceat(area, begin) if len(begin) else area[:0],
            self.intersections.whole[first] & (counts == 1),
            counts,
            first,
        )

    def _dissolve_new(self, groups: Groups, members: Mapping[int, Integers]) -> None:
        """Fill geometry and areas of groups that were not dissolved before; ``members``: ids of the intersections of each."""
        own, new = self.intersections.geometry, np.array(list(members))
        pairs = np.array([group for group, ids in members.items() if len(ids) == 2], np.int64)
        if len(pairs):
            left, right = np.array([members[group] for group in pairs.tolist()]).T
            groups.geometry[pairs] = safely(shapely.union, own[left], own[right])
        for group, ids in members.items():
            if len(ids) > 2:
                groups.geometry[group] = _union_of(own[ids])
        groups.geometry[new] = polygons_only(groups.geometry[new], 0.0)
        groups.planar[new] = shapely.area(groups.geometry[new])
        groups.area[new] = self.targets.areas(groups.geometry[new], groups.planar[new], groups.subject[new])
        for group, ids in members.items():
            self._known[ids.tobytes()] = (
                groups.geometry[group], float(groups.planar[group]), float(groups.area[group]), bool(groups.whole[group]),
            )  # fmt: skip


@dataclass
class Remainder:
    """What a legal basis leaves of its target; the same one is taken off only once.

    ``origin``: the feature of each intersection. A single one is taken off as its whole feature: GEOS is quicker where two
    borders cross than where they nearly coincide.
    """

    targets: Targets
    origin: Geometries
    _known: dict[tuple[int, int], tuple[object, object]] = field(default_factory=dict)

    def of(self, legal_bases: Groups, noise: float) -> Geometries:
        """The targets of ``legal_bases`` without them (empty where they are the whole), parts above ``noise`` m²."""
        left = np.full(len(legal_bases), _EMPTY, object)
        # The polygon is kept beside the answer, so that its id stays its own.
        names = [(owner, id(shape)) for owner, shape in zip(legal_bases.subject.tolist(), legal_bases.geometry)]
        todo = []
        for index in np.flatnonzero(~legal_bases.whole).tolist():
            known = self._known.get(names[index])
            if known is None:
                todo.append(index)
            else:
                left[index] = known[1]
        if todo:
            some = np.array(todo)
            taken = legal_bases.geometry[some]
            feature = self.origin[legal_bases.first[some]]
            simple = (legal_bases.intersections[some] == 1) & (shapely.get_num_coordinates(feature) <= LARGE)
            taken[simple] = feature[simple]
            found = safely(shapely.difference, self.targets.geometry[legal_bases.subject[some]], taken)
            left[some] = polygons_only(found, noise)
            for index in todo:
                self._known[names[index]] = (legal_bases.geometry[index], left[index])
        return left


_EMPTY = shapely.Polygon()


def _union_of(geometries: Geometries) -> object:
    try:
        return shapely.union_all(geometries)
    except shapely.errors.GEOSException:
        return shapely.union_all(geometries, grid_size=1e-6)
