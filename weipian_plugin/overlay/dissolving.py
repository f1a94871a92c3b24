"""Unions of pieces (union before area: nothing is counted twice), each set of pieces united once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from .intersections import LARGE, Intersections, polygons_only, safely
from .targets import Booleans, Floats, Geometries, Integers, Targets


@dataclass(frozen=True)
class Groups:
    """United pieces by key: the group's geometry and its area on the ellipsoid. ``whole``: it is the whole subject."""

    keys: Integers
    subject: Integers
    geometry: Geometries
    planar: Floats
    area: Floats
    whole: Booleans
    intersections: Integers  # number of pieces that were united
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
    """Unites pieces of one batch. Sets of pieces that were united before are taken from memory."""

    targets: Targets
    intersections: Intersections
    _known: dict[bytes, tuple[object, float, float, bool]] = field(default_factory=dict)

    def dissolve(self, ids: Integers, keys: Integers) -> Groups:
        """Groups of the pieces ``ids`` by ``keys``; a key's pieces belong to one subject."""
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
        todo = []
        for group in np.flatnonzero((counts > 1) & ~whole):
            name = ids[begin[group] : end[group]].tobytes()
            if name in self._known:
                geometry[group], planar[group], area[group], whole[group] = self._known[name]
            else:
                todo.append(group)
        if todo:
            some = np.array(todo)
            self._dissolve_new(some, ids, begin, end, subject, geometry, planar, area, whole)
        return Groups(keys[begin], subject, geometry, planar, area, whole, counts, first)

    def add_up(self, ids: Integers, keys: Integers) -> Groups:
        """Groups of pieces that are known not to overlap, without geometry (None): only their areas are wanted."""
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

    def _dissolve_new(
        self,
        some: Integers,
        ids: Integers,
        begin: Integers,
        end: Integers,
        subject: Integers,
        geometry: Geometries,
        planar: Floats,
        area: Floats,
        whole: Booleans,
    ) -> None:
        own = self.intersections.geometry
        two = some[end[some] - begin[some] == 2]
        if len(two):
            geometry[two] = safely(shapely.union, own[ids[begin[two]]], own[ids[begin[two] + 1]])
        for group in some[end[some] - begin[some] > 2]:
            geometry[group] = _union_of(own[ids[begin[group] : end[group]]])
        geometry[some] = polygons_only(geometry[some], 0.0)
        planar[some] = shapely.area(geometry[some])
        area[some] = self.targets.areas(geometry[some], planar[some], subject[some])
        for group in some:
            name = ids[begin[group] : end[group]].tobytes()
            self._known[name] = (geometry[group], float(planar[group]), float(area[group]), bool(whole[group]))


@dataclass
class Remainder:
    """What a ground leaves of its subject; the same ground is taken off only once.

    ``origin``: the feature of each piece. A single piece is taken off as its whole feature: GEOS is quicker where two
    borders cross than where they nearly coincide.
    """

    targets: Targets
    origin: Geometries
    _known: dict[tuple[int, int], tuple[object, object]] = field(default_factory=dict)

    def of(self, legal_bases: Groups, noise: float) -> Geometries:
        """The subjects of ``grounds`` without them (empty where they are the whole), parts above ``noise`` m²."""
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
