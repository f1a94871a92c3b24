"""The guard of 合法: holds whatever a profile says, because a wrong 合法 is the worst this software can propose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Optional

from ..model.documents import PROVINCE, authority_level
from ..model.messages import Message
from .claims import UNREAD_START
from .facts import IN_TIME, Facts, Intersection
from .numbers import HUNDRED, ZERO, in_mu, rounded
from .profile import COVER_TOLERANCE, LARGEST_COVER_SHARE, LARGEST_COVER_TOLERANCE, NEVER_HARMLESS, Profile
from .sentences import flag_title
from .uses import (
    grants_nothing,
    is_another_use,
    is_farming,
    no_building_right,
    no_conversion,
    no_mining_licence,
    no_supply,
    titles,
)
from .vocabulary import APPROVALS

#: What speaks against a document: the code of the sentence and what it names.
Fault = Optional[tuple[str, dict[str, Any]]]
Check = Callable[[Intersection, Facts, Profile], Fault]

#: Grounds that say who may use land, and not that farmland may be built on.
_TITLES = ("land_supply", "registration")
_CONVERSIONS = ("farmland_conversion", "linkage")
#: The threshold (亩) from which touching a controlled layer counts; a profile without one takes this.
OVERLAP_TOLERANCE, _OVERLAP = "overlap_tolerance", Decimal("0.01")


def objections(legal_basis: str, facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """Why the unit may not be proposed as 合法 on ``ground`` (``approvals`` or a role); none = it may.

    All must hold: the remainder outside what is in force and in time is within the tolerance (never more than a share of the unit);
    the images are dated and do not contradict each other; every document used has number and date, the date not after the later
    image on any reading, the term not over by then, the use, the authority and the kind of right not against it; no flag stands
    against it.
    """
    result = [*_flags(facts, profile), *_images(facts)]
    remainder = uncovered_in_time(legal_basis, facts)
    tolerance = tolerance_of(facts, profile)
    if remainder is None:
        result.append(Message("judgment.guard_not_measured", {}))
    elif in_mu(remainder) > tolerance:
        result.append(_with_area("judgment.guard_remainder", remainder, tolerance=_short(tolerance)))
    else:
        result.extend(_documents(legal_basis, facts, tolerance, profile))
    result.extend(_controlled(legal_basis, facts, profile))
    return tuple(result)


def flag_objections(facts: Facts) -> tuple[Message, ...]:
    """Flags that make the parcel itself doubtful: nothing favourable is proposed of another shape, size, place or kind."""
    return tuple(
        Message("judgment.guard_flag", {"flag": flag_title(flag)})
        for flag in facts.value("flags")
        if flag in NEVER_HARMLESS
    )


def ground_objections(legal_basis: str, facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """What is wrong with the documents in time that another favourable category than 合法 rests on (临时用地, 备案, 宅基地, 出入口)."""
    checks = _CHECKS if legal_basis == APPROVALS else _GROUND_CHECKS
    return tuple(_document_faults(legal_basis, facts, tolerance_of(facts, profile), profile, checks))


def tolerance_of(facts: Facts, profile: Profile) -> Decimal:
    """The uncovered remainder (亩) that is still no remainder: the profile's, but never negative, large, or a share of the unit."""
    threshold = profile.thresholds.get(COVER_TOLERANCE)
    stated = threshold.value if threshold is not None and isinstance(threshold.value, Decimal) else ZERO
    area = in_mu(facts.area() or ZERO)
    return max(ZERO, min(stated, LARGEST_COVER_TOLERANCE, area * LARGEST_COVER_SHARE / HUNDRED))


def _short(value: Decimal) -> str:
    """A tolerance without trailing zeros; what the share of a small unit made of it to six decimals."""
    text = format(value, "f")
    return text if len(text) <= 8 else rounded(value, 6)


def uncovered_in_time(legal_basis: str, facts: Facts) -> Optional[Decimal]:
    """Area (m²) of the unit outside the ground in force and in time; the larger figure where two measures disagree."""
    area, covered = facts.area(), facts.value(f"{'approved' if legal_basis == APPROVALS else legal_basis}_in_time")
    if area is None or covered is None or area <= ZERO:
        return None
    stated = facts.value("uncovered_in_time") if legal_basis == APPROVALS else ZERO
    return None if stated is None else max(ZERO, Decimal(area - covered), Decimal(stated))


def _flags(facts: Facts, profile: Profile) -> list[Message]:
    harmless = frozenset(profile.harmless_flags) - NEVER_HARMLESS
    return [
        Message("judgment.guard_flag", {"flag": flag_title(flag)})
        for flag in facts.value("flags")
        if flag not in harmless
    ]


def _images(facts: Facts) -> list[Message]:
    earlier, later = facts.value("earlier_image"), facts.value("later_image")
    if earlier is None or later is None:
        return [Message("judgment.guard_image_dates", {})]
    if facts.value("images_contradict"):
        return [Message("judgment.guard_image_order", {"earlier": earlier.isoformat(), "later": later.isoformat()})]
    return []


def _controlled(legal_basis: str, facts: Facts, profile: Profile) -> list[Message]:
    """Supply or title on permanent basic farmland says nothing: only a conversion could."""
    basic = facts.value("basic_farmland")
    if legal_basis not in _TITLES or basic is None or in_mu(basic) <= _overlap(profile):
        return []
    remainder = uncovered_in_time(APPROVALS, facts)
    if remainder is not None and in_mu(remainder) <= tolerance_of(facts, profile):
        return []
    return [_with_area("judgment.guard_basic_farmland", basic)]


def _overlap(profile: Profile) -> Decimal:
    threshold = profile.thresholds.get(OVERLAP_TOLERANCE)
    return threshold.value if threshold is not None and isinstance(threshold.value, Decimal) else _OVERLAP


def _documents(legal_basis: str, facts: Facts, tolerance: Decimal, profile: Profile) -> list[Message]:
    """There must be pieces in time, and they must be sound."""
    if not _in_time(legal_basis, facts):
        return [Message("judgment.guard_no_document", {})]
    return _document_faults(legal_basis, facts, tolerance, profile, _CHECKS)


def _in_time(legal_basis: str, facts: Facts) -> list[Intersection]:
    return [intersection for intersection in facts.of_roles(legal_basis) if intersection.timing in IN_TIME]


def _document_faults(
    legal_basis: str, facts: Facts, tolerance: Decimal, profile: Profile, checks: Sequence[Check]
) -> list[Message]:
    """Pieces in time must be sound, all of them; or one sound document alone must cover the unit."""
    intersections = _in_time(legal_basis, facts)
    faults = [
        (intersection, fault)
        for intersection in intersections
        for fault in [_fault(intersection, facts, profile, checks)]
        if fault
    ]
    area = facts.area() or ZERO
    unsound = {id(intersection) for intersection, _ in faults}
    if any(
        id(intersection) not in unsound and in_mu(area - intersection.area) <= tolerance
        for intersection in intersections
    ):
        return []
    return [
        Message(code, {"document": intersection.document or "—", "area_m2": rounded(intersection.area, 2), **details})
        for intersection, (code, details) in faults
    ]


def _fault(intersection: Intersection, facts: Facts, profile: Profile, checks: Sequence[Check]) -> Fault:
    """The first thing that speaks against a document, with what the sentence about it names."""
    return next((fault for check in checks for fault in [check(intersection, facts, profile)] if fault), None)


def _paper(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    later = facts.value("later_image")
    if intersection.document is None:
        return "judgment.guard_no_number", {}
    if intersection.date is None:
        return "judgment.guard_no_date", {}
    if later is None or intersection.date.last > later.first:
        return "judgment.guard_date_open", {}
    if intersection.until is not None and intersection.until.last < later.first:
        return "judgment.guard_expired", {}
    if intersection.until is not None and intersection.until.first < later.last:
        return "judgment.guard_until_open", {"until": intersection.until.isoformat()}
    if intersection.status:
        return "judgment.guard_status", {"status": intersection.status}
    return None


def _granted(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    """An application, a promise or a contract in place of the document of a role."""
    word = grants_nothing(intersection.role, intersection.document)
    return None if word is None else ("judgment.guard_not_granted", {"word": word})


def _doubts(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    return (f"judgment.guard_{intersection.doubts[0]}", {}) if intersection.doubts else None


def _start(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    """Building that began, or may have begun, before the document."""
    start = facts.value("claim_construction_date")
    unread = facts.parcel.claims.get(UNREAD_START)
    if unread and intersection.role != "mining_right":
        return "judgment.guard_start_unread", {"start": str(unread)}
    if (
        start is None
        or intersection.date is None
        or intersection.role == "mining_right"
        or start.first >= intersection.date.last
    ):
        return None
    return "judgment.guard_started", {"start": start.isoformat(), "date": intersection.date.isoformat()}


def _use(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    if intersection.role == "mining_right":
        return (
            ("judgment.guard_exploration", {}) if no_mining_licence(intersection.kind, intersection.document) else None
        )
    if intersection.role == "registration":
        right = no_building_right(intersection.kind, intersection.use, intersection.document)
        if right is not None:
            return "judgment.guard_right", {"right": right}
    if intersection.role in _CONVERSIONS:
        other = no_conversion(intersection.document, intersection.kind)
        if other is not None:
            return "judgment.guard_not_approval", {"word": other}
    if intersection.role == "land_supply":
        other = no_supply(intersection.document, intersection.kind)
        if other is not None:
            return "judgment.guard_not_supply", {"word": other}
    if is_farming(intersection.use):
        return "judgment.guard_farming", {"use": intersection.use or ""}
    return _other_use(intersection, facts, profile)


def _other_use(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    """Another use than the filled one; where a document states none, the name of its project may."""
    filled = frozenset(facts.value("use_groups"))
    if is_another_use(intersection.use, intersection.project, filled):
        return "judgment.guard_use", {"use": intersection.use or intersection.project or "", "filled": titles(filled)}
    return None


def _authority(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    """Below the province nobody can convert permanent basic farmland (土地管理法 第四十六条; confidence: reported); who did must be known."""
    basic, level = facts.value("basic_farmland"), authority_level(intersection.authority or "")
    if intersection.role not in _CONVERSIONS or basic is None or in_mu(basic) <= _overlap(profile):
        return None
    if level is not None and level >= PROVINCE:
        return None
    code = "judgment.guard_authority" if level is not None else "judgment.guard_authority_unknown"
    return code, {"authority": intersection.authority or "—", "basic_mu": rounded(in_mu(basic), 3)}


def _former_farmland(intersection: Intersection, facts: Facts, profile: Profile) -> Fault:
    """A title issued between the images on land that was not construction land before cannot be its own ground."""
    if intersection.role != "registration" or intersection.timing == "before":
        return None
    before = facts.value("construction_previous_remainder")
    if before is not None and in_mu(before) <= tolerance_of(facts, profile):
        return None
    return "judgment.guard_title_between", {"date": intersection.date.isoformat() if intersection.date else "—"}


_CHECKS: tuple[Check, ...] = (_paper, _granted, _doubts, _start, _use, _authority, _former_farmland)
#: Of documents that lead to another favourable category: a filing of 设施农用地 is for farming, as it should be.
_GROUND_CHECKS: tuple[Check, ...] = (_paper, _granted, _doubts, _start, _other_use)


def _with_area(code: str, area: Decimal, **details: object) -> Message:
    return Message(code, {"area_mu": rounded(in_mu(area), 3), "area_m2": rounded(area, 2), **details})
