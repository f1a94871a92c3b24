"""The guard of 合法: holds whatever a profile says, because a wrong 合法 is the worst this software can propose."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Optional

from ..model.messages import Message
from .facts import IN_TIME, Facts, Piece
from .numbers import ZERO, in_mu, rounded
from .profile import COVER_TOLERANCE, Profile
from .sentences import flag_title
from .vocabulary import APPROVALS


def objections(ground: str, facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """Why the unit may not be proposed as 合法 on ``ground`` (``approvals`` or a role); none = it may.

    All must hold: the remainder outside what is in force and in time is within the tolerance; the images are dated; every
    document used has number and date, the date not after the later image and the term not over by then; no flag stands
    against it.
    """
    found = [*_flags(facts, profile), *_images(facts)]
    remainder = uncovered_in_time(ground, facts)
    tolerance = profile.thresholds[COVER_TOLERANCE].value
    if remainder is None:
        found.append(Message("judgment.guard_not_measured", {}))
    elif not isinstance(tolerance, Decimal) or in_mu(remainder) > tolerance:
        found.append(_with_area("judgment.guard_remainder", remainder, tolerance=str(tolerance)))
    else:
        found.extend(_documents(ground, facts, tolerance))
    return tuple(found)


def uncovered_in_time(ground: str, facts: Facts) -> Optional[Decimal]:
    """Area (m²) of the unit outside the ground in force and in time; the larger figure where two measures disagree."""
    area, covered = facts.area(), facts.value(f"{'approved' if ground == APPROVALS else ground}_in_time")
    if area is None or covered is None or area <= ZERO:
        return None
    stated = facts.value("uncovered_in_time") if ground == APPROVALS else ZERO
    return None if stated is None else max(ZERO, Decimal(area - covered), Decimal(stated))


def _flags(facts: Facts, profile: Profile) -> list[Message]:
    return [
        Message("judgment.guard_flag", {"flag": flag_title(flag)})
        for flag in facts.value("flags")
        if flag not in profile.harmless_flags
    ]


def _images(facts: Facts) -> list[Message]:
    earlier, later = facts.value("earlier_image"), facts.value("later_image")
    if earlier is None or later is None:
        return [Message("judgment.guard_image_dates", {})]
    if earlier.first > later.last:
        return [Message("judgment.guard_image_order", {"earlier": earlier.isoformat(), "later": later.isoformat()})]
    return []


def _documents(ground: str, facts: Facts, tolerance: Decimal) -> list[Message]:
    """Pieces in time must be sound, all of them; or one sound document alone must cover the unit."""
    pieces = [piece for piece in facts.of_roles(ground) if piece.timing in IN_TIME]
    if not pieces:
        return [Message("judgment.guard_no_document", {})]
    faults = [(piece, fault) for piece in pieces for fault in [_fault(piece, facts)] if fault]
    area = facts.area() or ZERO
    unsound = {id(piece) for piece, _ in faults}
    if any(id(piece) not in unsound and in_mu(area - piece.area) <= tolerance for piece in pieces):
        return []
    return [
        Message(fault, {"document": piece.document or "—", "area_m2": rounded(piece.area, 2)})
        for piece, fault in faults
    ]


def _fault(piece: Piece, facts: Facts) -> str:
    later = facts.value("later_image")
    if piece.document is None:
        return "judgment.guard_no_number"
    if piece.date is None:
        return "judgment.guard_no_date"
    if later is None or piece.date.last > later.last:
        return "judgment.guard_date_open"
    if piece.until is not None and piece.until.last < later.first:
        return "judgment.guard_expired"
    return ""


def _with_area(code: str, area: Decimal, **details: Any) -> Message:
    return Message(code, {"area_mu": rounded(in_mu(area), 3), "area_m2": rounded(area, 2), **details})
