"""One batch of targets while it is measured: what coverage rows, measures, regions and proposed parts share, each computed once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely

from .context import Context
from .dissolving import Dissolver, Groups, Remainder
from .features import Features
from .intersections import Intersections
from .survey import Composition, compose
from .targets import Floats, Geometries, Integers, Targets, cents
from .timing import BEFORE, BETWEEN, timing_of


class Batch:
    """Targets, the features near them and their intersections. Arrays are over intersections unless a name says otherwise;
    areas are m² on the ellipsoid."""

    def __init__(self, targets: Targets, features: Features, intersections: Intersections, context: Context) -> None:
        self.targets, self.features, self.intersections, self.context = targets, features, intersections, context
        self.dissolver = Dissolver(targets, intersections)
        self.role: Integers = features.role[intersections.feature]  # index into the roles of the context
        self.remainder = Remainder(targets, features.geometry[intersections.feature])

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def roles(self) -> int:
        return len(self.context.roles)

    @property
    def noise(self) -> float:
        """m² below which a figure is the noise of coordinates."""
        return self.context.settings.noise_area

    @cached_property
    def timing(self) -> Integers:
        """Each document's date against the two images of its parcel (see :mod:`.timing`)."""
        feature, subject, targets = self.intersections.feature, self.intersections.subject, self.targets
        images = np.array([targets.earlier_first[subject], targets.later_first[subject], targets.later_last[subject]])
        date_first, date_last, until_first, until_last = self.features.days[:, feature]
        return timing_of(date_first, date_last, until_first, until_last, images, self.features.void[feature])

    @cached_property
    def survey(self) -> Composition:
        return compose(self.dissolver, self.features, self.context)

    @cached_property
    def others(self) -> Integers:
        """Ids of all intersections that are not of the survey."""
        return np.flatnonzero(self.role != self.context.survey)

    @cached_property
    def by_role(self) -> Groups:
        """What each layer but the survey covers of each target; keys are subject × roles + role."""
        return self.dissolver.dissolve(
            self.others, self.intersections.subject[self.others] * self.roles + self.role[self.others]
        )

    @cached_property
    def legal(self) -> Integers:
        """Ids of the intersections with legal bases."""
        return np.flatnonzero(np.isin(self.role, self.context.legal))

    @cached_property
    def timed(self) -> Integers:
        """Ids of the intersections with legal bases that were in force in time."""
        return self.legal[np.isin(self.timing[self.legal], (BEFORE, BETWEEN))]

    @cached_property
    def in_time(self) -> Groups:
        """What each legal basis covers in time; keys are subject × roles + role."""
        return self.dissolver.dissolve(
            self.timed, self.intersections.subject[self.timed] * max(self.roles, 1) + self.role[self.timed]
        )

    @cached_property
    def approvals(self) -> Integers:
        """Ids of the intersections with approvals (批准用地)."""
        return np.flatnonzero(np.isin(self.role, self.context.approvals))

    @cached_property
    def approved(self) -> Groups:
        """已批 by any approval, one group a target."""
        return self.dissolver.dissolve(self.approvals, self.intersections.subject[self.approvals])

    @cached_property
    def approved_in_time(self) -> Groups:
        """The union, by parcel, of approvals that were there before the later image (timing before or between)."""
        ids = self.approvals[np.isin(self.timing[self.approvals], (BEFORE, BETWEEN))]
        return self.dissolver.dissolve(ids, self.intersections.subject[ids])

    def documents(self, ids: Integers) -> Groups:
        """Intersections dissolved by target and document (or other group of their layer)."""
        kinds = int(self.features.code.max(initial=0)) + 1
        return self.dissolver.dissolve(
            ids, self.intersections.subject[ids] * kinds + self.features.code[self.intersections.feature[ids]]
        )

    def of_role(self, groups: Groups, role: int) -> Groups:
        """Those of groups keyed subject × roles + role that are of one role."""
        return groups.take(groups.keys % max(self.roles, 1) == role)

    def areas(self, groups: Groups) -> Floats:
        """Areas of groups at 0.01 m², never above the target's; a group that is the whole target has its area."""
        totals = self.targets.total[groups.subject]
        return np.minimum(np.where(groups.whole, totals, cents(groups.area)), totals)

    def spread(self, groups: Groups) -> Floats:
        """:meth:`areas` as one value per target; zero where there is no group."""
        values = np.zeros(len(self))
        values[groups.subject] = self.areas(groups)
        return values

    def measured(self, geometry: Geometries, owner: Integers) -> Floats:
        """Areas at 0.01 m² of geometries (metres in the batch's zone) inside the targets ``owner``."""
        return cents(self.targets.areas(geometry, shapely.area(geometry), owner))
