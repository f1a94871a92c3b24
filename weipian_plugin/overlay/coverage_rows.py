"""The rows of the coverage table of a batch: one per target and layer, one per document, one per land class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from ..geodesy.closure import close_groups
from .batch import Batch
from .documents import AREA, joined
from .features import TEXTS
from .intersections import safely
from .targets import Floats, Geometries, Integers, cents, sum_by
from .timing import TIMINGS

_ROW_TEXTS = ("timing", *TEXTS)


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
        self, subject: Integers, role: object, group: object, shapes: Shapes, texts: Mapping[str, Geometries]
    ) -> None:
        """Rows of one kind; ``role`` and ``group`` may be one value for all."""
        count = len(subject)
        self.subject.append(subject)
        self.role.append(np.broadcast_to(np.asarray(role, np.int64), count))
        self.group.append(group if isinstance(group, np.ndarray) else np.full(count, group, object))
        self.area.append(shapes.area)
        self.planar.append(shapes.planar)
        self.geometry.append(shapes.geometry)
        for name in _ROW_TEXTS:
            self.texts[name].append(texts[name] if name in texts else np.full(count, "", object))


@dataclass(frozen=True)
class Shapes:
    """What rows cover: ``area`` m² on the ellipsoid at 0.01, ``planar`` m² in the zone, ``geometry`` in metres or None."""

    area: Floats
    planar: Floats
    geometry: Geometries


@dataclass(frozen=True)
class Overlaps:
    """Areas (m²) that are claimed twice in a target: by two groups of one layer (``role`` = ``other``) or by two layers."""

    subject: Integers
    role: Geometries
    other: Geometries
    area: Floats

    @classmethod
    def none(cls) -> Overlaps:
        return cls(np.zeros(0, np.int64), np.zeros(0, object), np.zeros(0, object), np.zeros(0))

    def and_(self, other: Overlaps) -> Overlaps:
        return Overlaps(
            np.concatenate([self.subject, other.subject]),
            np.concatenate([self.role, other.role]),
            np.concatenate([self.other, other.other]),
            np.concatenate([self.area, other.area]),
        )


def add_layers(rows: Rows, batch: Batch) -> Floats:
    """One row per target and layer, zeros where it is not touched. Returns the areas, (targets, roles)."""
    count, roles = len(batch), batch.roles
    area, planar = np.zeros(count * roles), np.zeros(count * roles)
    geometry = np.full(count * roles, None, object)
    groups = batch.by_role
    area[groups.keys], planar[groups.keys], geometry[groups.keys] = batch.areas(groups), groups.planar, groups.geometry
    own = batch.context.survey
    if own >= 0:
        surveyed = batch.survey.surveyed
        keys = surveyed.subject * roles + own
        area[keys] = (batch.targets.total - batch.survey.unsurveyed)[surveyed.subject]
        planar[keys], geometry[keys] = surveyed.planar, surveyed.geometry
    keys = np.arange(count * roles)
    rows.add(keys // max(roles, 1), keys % max(roles, 1), "", Shapes(area, planar, geometry), {})
    return area.reshape(count, roles)


def add_documents(rows: Rows, batch: Batch) -> Overlaps:
    """One row per target, layer and document (with its date and end). Documents that do not overlap close to their union.

    Returns what documents of one layer share, and what two legal bases share.
    """
    features, unions = batch.features, batch.by_role
    groups = batch.documents(batch.others)
    feature = batch.intersections.feature[groups.first]
    role = features.role[feature]
    union = np.searchsorted(unions.keys, groups.subject * batch.roles + role)
    shared = sum_by(union, groups.area, len(unions)) - unions.area
    apart = shared <= batch.context.settings.overlap_area
    area = np.minimum(cents(groups.area), batch.targets.total[groups.subject])
    closing = np.flatnonzero(apart[union]) if len(groups) else np.zeros(0, np.int64)
    if len(closing):
        area[closing] = close_groups(groups.area[closing], union[closing], batch.areas(unions)).values
    texts = {name: features.texts[name][feature] for name in TEXTS}
    excess = groups.area > features.stated[feature] * (1 + batch.context.settings.stated_area.excess)
    texts["doubt"] = joined(("", texts["doubt"]), (AREA, (groups.intersections == 1) & excess))
    legal = np.isin(role, batch.context.legal)
    texts["timing"] = np.where(legal, np.array(TIMINGS, object)[batch.timing[groups.first]], "").astype(object)
    rows.add(groups.subject, role, features.group[feature], Shapes(area, groups.planar, groups.geometry), texts)
    doubled = np.flatnonzero(~apart)
    names = np.array([*batch.context.roles, ""], object)[unions.keys[doubled] % max(batch.roles, 1)]
    within = Overlaps(unions.subject[doubled], names, names, cents(shared[doubled]))
    return within.and_(_between_legal_bases(batch)) if batch.context.options.parts else within


def _between_legal_bases(batch: Batch) -> Overlaps:
    """What two legal bases both cover in a target."""
    found, legal, groups = Overlaps.none(), batch.context.legal, batch.by_role
    at = {role: np.flatnonzero(groups.keys % batch.roles == role) for role in legal}
    for place, one in enumerate(legal):
        for other in legal[place + 1 :]:
            _, left, right = np.intersect1d(
                groups.subject[at[one]], groups.subject[at[other]], assume_unique=True, return_indices=True
            )
            left, right = at[one][left], at[other][right]
            owner = groups.subject[left]
            area = batch.measured(_common(groups.geometry, groups.whole, left, right), owner)
            keep = area > 0
            first, second = (np.full(int(keep.sum()), batch.context.roles[role], object) for role in (one, other))
            found = found.and_(Overlaps(owner[keep], first, second, area[keep]))
    return found


def _common(geometry: Geometries, whole: Any, left: Integers, right: Integers) -> Geometries:
    """Intersections of pairs of groups; of a group that is the whole target the other one is the intersection."""
    common: Geometries = geometry[left].copy()
    part = ~whole[left]
    common[whole[left]] = geometry[right[~part]]
    part &= ~whole[right]
    common[part] = safely(shapely.intersection, geometry[left[part]], geometry[right[part]])
    return common


def add_classes(rows: Rows, batch: Batch) -> None:
    """One row per target and land class of the survey."""
    survey, role = batch.survey.partition, batch.context.survey
    if role < 0 or not len(survey.subject):
        return
    geometry = survey.geometry.copy()
    geometry[shapely.is_empty(geometry)] = None  # a deducted ridge has no place of its own
    keep = survey.area > 0
    shapes = Shapes(survey.area[keep], survey.planar[keep], geometry[keep])
    rows.add(survey.subject[keep], role, survey.classes[survey.code[keep]], shapes, {})
