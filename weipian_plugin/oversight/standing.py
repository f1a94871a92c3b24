"""Where the parcels stood at the end of a day: the decisions as of it, read by the one function that says what counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import date

from ..judgment.standing import CURRENT, SUPERSEDED, Standings, ordered, part_names
from ..model.records import Decision, Part
from ..workspace.repository import Repository
from . import records
from .columns import series


def decisions_as_of(snapshot: records.Snapshot, as_of: date) -> list[Decision]:
    """Every act that had been made by the end of a day, as the journal gives it back, in the order of acts."""
    return ordered(Repository({"decision": records.as_of(snapshot, "decision", as_of)}).decisions())


def standings_as_of(
    snapshot: records.Snapshot, as_of: date, parts: Mapping[str, Iterable[str]] | None = None
) -> Standings:
    """Where all parcels of a snapshot stood on a day; ``parts``: names of the proposed parts, where the caller knows more of them.

    The journal gives back the acts as they stood; where it does not hold them (a snapshot without journal), an act that was
    superseded by one dated later is the one in force.
    """
    decisions = decisions_as_of(snapshot, as_of)
    later = _later(snapshot, {decision.id for decision in decisions})
    for position, decision in reversed(list(enumerate(decisions))):
        acted_on = (decision.parcel, decision.part)
        if acted_on in later and decision.status in (SUPERSEDED, CURRENT):
            later.discard(acted_on)
            decisions[position] = replace(decision, status=CURRENT)
    return Standings(decisions, part_names(Repository(snapshot).all(Part)) if parts is None else parts)


def parcels_as_of(snapshot: records.Snapshot, as_of: date, standings: Standings | None = None) -> records.StoredParcels:
    """:func:`records.parcels_as_of` with the state that follows from the decisions, where they say one."""
    parcels, standings = records.parcels_as_of(snapshot, as_of), standings or standings_as_of(snapshot, as_of)
    known = [standings.of(number) for number in parcels.number]
    states = [stands.state.value if stands.stated else stored for stands, stored in zip(known, parcels.state)]
    return parcels.changed(state=series(states))


def _later(snapshot: records.Snapshot, known: Set[str]) -> set[tuple[str, str]]:
    """Parcels and parts that were acted on after the day: by acts that are not among those ``known`` on it."""
    everything = Repository(snapshot).decisions()
    return {(decision.parcel, decision.part) for decision in everything if decision.id not in known}
