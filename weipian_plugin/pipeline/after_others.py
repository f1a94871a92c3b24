"""Colleagues worked while a run did: the proposals of what they worked on are made from what stands there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional, Protocol

from ..judgment.recording import standings
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.news import news_after
from ..workspace.working_copy import Brought, working_on_copy

#: Up to so many parcels are proposed by themselves, so many in one transaction; beyond, all are, on a copy again.
_MOST, _TOGETHER = 5000, 100
#: So often all of them; each time somebody must have written what concerns all parcels.
_ATTEMPTS = 5


class Proposing(Protocol):
    """The step that makes proposals: of all parcels, and of a few of them."""

    def run(self, store: Workspace, feedback: Feedback) -> Any: ...

    def renew(self, store: Workspace, numbers: Sequence[str], feedback: Feedback) -> None: ...


def propose_again(step: Proposing, store: Workspace, brought: Brought, feedback: Feedback) -> None:
    """Nobody waits for longer than the writing of a few parcels, or of a run. ``brought``: what colleagues wrote meanwhile.

    Raises ``run.never_settled`` and what the step raises; the results of the run stand by then.
    """
    for _ in range(_ATTEMPTS):
        numbers = _concerned(store, brought)
        if numbers is not None:
            for start in range(0, len(numbers), _TOGETHER):
                step.renew(
                    store, numbers[start : start + _TOGETHER], Silent()
                )  # what there is to say, the run has said
            return
        with working_on_copy(store) as copy:
            step.run(copy.store, feedback)
            try:
                brought = copy.bring_back()
            except WeipianError as error:
                if error.code != "run.changed_meanwhile":
                    raise
                return  # another run has made them, from what stands there now
        if not brought.touched:
            return
    raise WeipianError("run.never_settled", path=store.name, attempts=_ATTEMPTS)


def _concerned(store: Workspace, brought: Brought) -> Optional[Sequence[str]]:
    """The parcels that colleagues worked on; None where their entries do not say which, for members of projects, and for too many."""
    numbers = news_after(store, brought.begun, brought.last).numbers
    if numbers is None or len(numbers) > _MOST:
        return None
    merges = merges_of(store)
    if any(number in merges for number in numbers):
        return None
    return [str(number) for (number,) in store.values("parcel", ("number",), number=list(numbers))]


def merges_of(store: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Number → parcels it is one project with; all decisions are read only where there is any project."""
    some = store.values("decision", ("id",), action=DecisionAction.MERGE.value)
    return standings(store).merges if some else {}
