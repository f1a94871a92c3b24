"""Computing aside and writing in one short transaction: nobody waits while a step reads, decodes and computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message
from ..workspace import Workspace
from ..workspace.working_copy import Brought, working_on_copy

Result = TypeVar("Result")

#: So often a result is made because a colleague changed what it was made from; then the step gives up, and nothing of it is written.
_ATTEMPTS = 5
#: A result of so many rows is written into a copy first: what changed is brought from there in a fraction of the time.
ASIDE_FROM = 2000


@dataclass(frozen=True)
class Making(Generic[Result]):
    """How a step makes its result.

    ``basis``: what it depends on, as a value that can be compared; it is asked again only where somebody has written meanwhile.
    ``compute``: is given the outdated result, None at first, so that it need not make all of it anew. ``write`` keeps what people did;
    ``rows``: about how many it writes.
    """

    basis: Callable[[], object]
    compute: Callable[[Optional[Result]], Result]
    write: Callable[[Workspace, Result], None]
    rows: Callable[[Result], int] = lambda _: 0


@dataclass(frozen=True)
class Made(Generic[Result]):
    """``brought``: what colleagues did while the result was written into a copy."""

    result: Result
    brought: Brought


def settle(store: Workspace, feedback: Feedback, making: Making[Result]) -> Made[Result]:
    """Compute without any lock, then write in one transaction if the basis is still what it was, else again. Raises ``run.never_settled``."""
    outdated: Optional[Result] = None
    for _ in range(_ATTEMPTS):
        seen, made_from = store.data_version(), making.basis()
        result = making.compute(outdated)
        brought = _written(store, making, result, lambda: store.data_version() == seen or making.basis() == made_from)  # noqa: B023 - asked within the turn
        if brought is not None:
            report_kept(brought, feedback)
            return Made(result, brought)
        feedback.report(Message("run.made_again"), "warning")
        outdated = result
    raise WeipianError("run.never_settled", path=store.name, attempts=_ATTEMPTS)


def report_kept(brought: Brought, feedback: Feedback) -> None:
    """Say which values of colleagues stayed."""
    if brought.kept:
        details = {"count": len(brought.kept), "some": "、".join(brought.kept[:5])}
        feedback.report(Message("run.kept_of_others", details), "warning")


def _written(store: Workspace, making: Making[Result], result: Result, still: Callable[[], bool]) -> Optional[Brought]:
    """None where the result was outdated by the time it could be written."""
    if store.alone or making.rows(result) < ASIDE_FROM:
        with store.transaction():
            if not still():
                return None
            making.write(store, result)
            return Brought()
    with working_on_copy(store) as copy:
        if not still():  # asked of what the copy holds; what comes later is looked at before anything is written
            return None
        making.write(copy.store, result)
        try:
            return copy.bring_back(still)
        except WeipianError as error:
            if error.code != "run.changed_meanwhile":
                raise
            return None
