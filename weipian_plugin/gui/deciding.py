"""Decisions of the person at the screen: the rules of ``judgment.decisions``, written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

from ..judgment import decisions, recording
from ..judgment.decisions import Actor, Change
from ..judgment.standing import DECIDING
from ..judgment.stored import proposal_of as proposal_of
from ..model.records import Decision
from ..model.words import DecisionAction
from ..workspace import Workspace
from ..workspace.journal import now
from .session import Details

OFFICER, REVIEWER = decisions.CASE_OFFICER, decisions.REVIEWER


def actor(person: str, role: str) -> Actor:
    return Actor(person, role, now())


def decide(
    store: Workspace,
    details: Details,
    part: str,
    action: DecisionAction,
    who: str,
    make: Callable[[list[Decision]], Change],
    form: Mapping[str, str] | None = None,
) -> None:
    """Carry out ``make(history)`` on what the person saw.

    The history is read again inside the transaction; when a colleague was faster, nothing is written and
    ``workspace.conflict`` is raised. ``form``: what was typed beside the judgment (项目名称 …), kept with the decision.
    """
    stored = details.proposal(part)
    rests_on = action in DECIDING and stored is not None
    recording.record(
        store,
        recording.Act(
            details.number,
            part,
            action,
            who,
            make,
            seen=recording.marks(details.history(part)),
            form=form or {},
            columns={"proposal_digest": stored["digest"]} if rests_on and stored is not None else {},
            version=int(details.parcel["version"] or 0),
        ),
    )
