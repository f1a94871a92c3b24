"""Decisions of the person at the screen: the rules of ``judgment.decisions``, written in one transaction."""

from __future__ import annotations

from dataclasses import replace

from ..judgment import decisions, recording
from ..judgment.decisions import Actor
from ..judgment.recording import Act
from ..judgment.standing import DECIDING
from ..workspace import Workspace
from ..workspace.journal import now
from .session import Details

OFFICER, REVIEWER = decisions.CASE_OFFICER, decisions.REVIEWER


def actor(person: str, role: str) -> Actor:
    """Who acts now, in which role (:data:`OFFICER`, :data:`REVIEWER`)."""
    return Actor(person, role, now())


def decide(store: Workspace, details: Details, act: Act) -> None:
    """Carry out an act on what the person saw: ``details``.

    The history is read again inside the transaction; when a colleague was faster, nothing is written and
    ``workspace.conflict`` is raised.
    """
    stored = details.proposal(act.part)
    rests_on = act.action in DECIDING and stored is not None
    seen = replace(
        act,
        seen=recording.marks(details.history(act.part)),
        columns={"proposal_digest": stored.digest or None} if rests_on and stored is not None else {},
        version=int(details.parcel.version or 0),
    )
    recording.record(store, seen)
