"""The steps in the order of the work. ``weipian:run``, the assistant and the sample walk through the same list.

The steps up to the proposals are made aside, on a copy, and written in one short transaction: cancelled or failed, the workspace is as it was,
and nobody waits. Packages and tables follow on the workspace itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.feedback import Feedback, Share, stop_if_cancelled
from ..model.paths import county_data
from ..workspace import Workspace
from ..workspace.places import Place, place_of
from ..workspace.working_copy import Brought, working_on_copy
from .after_others import propose_again
from .command import Result, Step, opened
from .export_packages import ExportPackages
from .import_delivery import ImportDelivery
from .make_tables import MakeTables
from .match_photos import MatchPhotos
from .measure import MeasureParcels
from .parameters import COUNTY, WORKSPACE
from .propose import ProposeJudgments
from .settling import report_kept

STEPS: tuple[type[Step], ...] = (
    ImportDelivery,
    MeasureParcels,
    MatchPhotos,
    ProposeJudgments,
    ExportPackages,
    MakeTables,
)

#: Told before each step: its place among all of them, how many there are, and its Chinese title.
Begun = Callable[[int, int, str], None]


def _unheard(position: int, total: int, title: str) -> None:
    """For callers that want to hear of no step."""


@dataclass(frozen=True)
class WalkResult:
    """What every step gave, in their order."""

    results: tuple[Result, ...]

    def outputs(self) -> dict[str, Any]:
        """Outputs of all steps under the names of a whole run; ``FAILED`` counts parcels that failed in any of them."""
        found: dict[str, Any] = {}
        for result in self.results:
            found.update(result.outputs(in_run=True))
        found["FAILED"] = int(found.get("FAILED", 0)) + int(found.get("PACKAGES_FAILED", 0))
        return found


@dataclass(frozen=True)
class Walk:
    """The steps that a run takes, with what was asked of each."""

    workspace: Place
    steps: tuple[Step, ...]
    county: Optional[Path] = None

    @classmethod
    def of(cls, values: Mapping[str, Any], steps: Sequence[type[Step]] = STEPS, **own: Any) -> Walk:
        """From texts by parameter name: every step that has been given what it needs. ``own``: see :meth:`.command.Step.of`.

        Raises ``run.parameter_missing``.
        """
        if not values.get(WORKSPACE.name):
            raise WeipianError("run.parameter_missing", name=WORKSPACE.name, title=WORKSPACE.title)
        taking_part = [step for step in steps if all(values.get(parameter.name) for parameter in step.NEEDS)]
        county = values.get(COUNTY.name)
        chosen = tuple(step.of(values, **own) for step in taking_part)
        return cls(place_of(values[WORKSPACE.name]), chosen, Path(county) if county else None)

    def check(self) -> None:
        """Everything that was given is looked at before any work, then the folders for results are made."""
        for step in self.steps:
            step.check()
        for step in self.steps:
            step.prepare()

    def run(self, feedback: Feedback, begun: Begun = _unheard) -> WalkResult:
        """Check, then take every step. Raises what a step raises, ``run.changed_meanwhile``."""
        with county_data(self.county):
            self.check()
            return WalkResult(tuple(self._taken(feedback, begun)))

    def _taken(self, feedback: Feedback, begun: Begun) -> list[Result]:
        places = list(_shares(self.steps, feedback))
        aside = [place for place in places if place.step.ASIDE]
        results: list[Result] = []

        def take(place: _Place, store: Workspace) -> None:
            begun(place.number, len(places), place.step.TITLE)
            results.append(place.step.run(store, place.feedback))

        with opened(self.workspace, create=any(step.CREATES for step in self.steps)) as store:
            with working_on_copy(store) as copy:
                for place in aside:
                    take(place, copy.store)
                stop_if_cancelled(feedback)
                brought = copy.bring_back()
            if brought.touched:
                self._after_others(store, brought, feedback)
            for place in places:
                if not place.step.ASIDE:
                    take(place, store)
        return results

    def _after_others(self, store: Workspace, brought: Brought, feedback: Feedback) -> None:
        """Colleagues worked meanwhile: their values stay, and the proposals are made from what stands there now."""
        report_kept(brought, feedback)
        for step in self.steps:
            if isinstance(step, ProposeJudgments):
                propose_again(replace(step, report=None), store, brought, Share(feedback, 0.5, 0.5))


@dataclass(frozen=True)
class _Place:
    """A step, which one it is, and its share of the progress."""

    number: int
    step: Step
    feedback: Feedback


def _shares(steps: Sequence[Step], feedback: Feedback) -> Iterator[_Place]:
    whole = sum(step.SHARE for step in steps) or 1.0
    start = 0.0
    for number, step in enumerate(steps, start=1):
        end = start + step.SHARE / whole
        yield _Place(number, step, Share(feedback, start, min(1.0, end)))
        start = end
