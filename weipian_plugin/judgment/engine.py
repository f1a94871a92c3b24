"""Measurements become proposals (判定建议): one decision order, first match wins, every outcome explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import Missing, Proposal
from ..model.vocabulary import legal_bases, role_title
from .claims import (
    AREA_CLAIMS,
    DOUBTFUL,
    NOT_FILLED,
    SumCheck,
    area_differences,
    filled,
    impossible_areas,
    sum_check,
    verdict,
)
from .conditions import SIGNS, All, Test, tests_of
from .facts import Facts, MeasuredTables, Unit, gather
from .guard import flag_objections, ground_objections, objections
from .numbers import ZERO, exact, in_mu, rounded, without_noise
from .profile import Category, Profile, Reason, Rule
from .safeguards import is_favourable
from .sentences import sentence, written
from .vocabulary import vocabulary

#: Rules of the engine itself, beside those of the profile.
NOT_OVERLAID = "not_overlaid"
FAILED = "failed"
OUTDATED = "measured_otherwise"

#: The missing evidence that stands for layers of control (永久基本农田, 生态保护红线, 地类) which were not given.
CONTROL_LAYERS = "control_layers"
_FACILITY = "设施农用地"

#: The threshold (亩) above which a filled area is reported as differing from the overlay.
AREA_TOLERANCE = "area_tolerance"

_MOST_LISTED = 6  # values of a list that a sentence names

#: Whatever a rule may raise; anything else (memory, interrupts) ends the run.
_RULE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, WeipianError)


def judge(
    tables: MeasuredTables,
    profile: Profile,
    feedback: Feedback,
    *,
    as_of: date,
    outdated: Collection[str] = (),
    layers_changed: Optional[Message] = None,
) -> list[Proposal]:
    """Proposals for every parcel and every part that was measured, ordered by parcel number and part.

    Parcels of kind ``mining`` are judged by the profile's mining profile. ``as_of``: the day of the run; an image of a later day is a
    contradiction. ``outdated``: parcels measured with another shape or other images, which are not judged by those measures.
    ``layers_changed``: what the layers are now is not what was measured; every proposal says so, and nothing
    is proposed as legal. A parcel whose judgment fails is proposed as 存疑 with the reason.
    Raises :class:`~weipian_plugin.errors.Cancelled`.
    """
    units = gather(tables, profile.columns, as_of)
    proposals: list[Proposal] = []
    for done, unit in enumerate(units):
        if done % 256 == 0:
            stop_if_cancelled(feedback)
            feedback.progress(done / len(units))
        if unit.number in outdated:
            proposals.append(_measured_otherwise(unit, profile))
        else:
            result = _judge_unit(unit, profile, feedback)
            proposals.extend(
                [_of_other_layers(one, profile, layers_changed) for one in result] if layers_changed else result
            )
    _report_sums([_sum_of(unit.whole, profile) for unit in units], feedback)
    feedback.progress(1.0)
    return proposals


def _sum_of(facts: Facts, profile: Profile) -> Optional[SumCheck]:
    """The check that the filled areas add up; None where none of them is filled, or the profile has no tolerance for areas."""
    tolerance, claims = profile.thresholds.get(AREA_TOLERANCE), facts.parcel.claims
    if tolerance is None or not isinstance(tolerance.value, Decimal) or not any(key in claims for key in AREA_CLAIMS):
        return None
    return sum_check(claims, tolerance.value)


def _report_sums(checks: Sequence[Optional[SumCheck]], feedback: Feedback) -> None:
    """How many filled areas were added up; that none was is said, too (建设用地面积 is blank in most exports)."""
    made = [check for check in checks if check is not None]
    if made:
        failed = sum(check.checked and not check.holds for check in made)
        checked = sum(check.checked for check in made)
        details = {"filled": len(made), "checked": checked, "skipped": len(made) - checked, "failed": failed}
        feedback.report(Message("judgment.sums_checked", details), "warning" if failed or not checked else "info")


def _of_other_layers(proposal: Proposal, profile: Profile, changed: Message) -> Proposal:
    """A proposal made from layers that are others now: marked with low confidence, and in doubt where it would be favourable."""
    rules = profile.mining if profile.mining is not None and profile.category(proposal.category) is None else profile
    category = rules.category(proposal.category)
    marked = replace(
        proposal,
        confidence="low",
        reasons=(*proposal.reasons, changed),
        would_change=(*proposal.would_change, Message("judgment.overlay_again", {})),
    )
    if category is None or not is_favourable(category):
        return marked
    verdict = DOUBTFUL if proposal.verdict != NOT_FILLED else NOT_FILLED
    return replace(marked, category=rules.uncertain.name, subtype=rules.guard_subtype, verdict=verdict)


def _measured_otherwise(unit: Unit, profile: Profile) -> Proposal:
    """Doubt about a parcel whose shape, kind or images changed after it was measured; its parts are gone with the measures."""
    reason = Message("judgment.measured_otherwise", {"parcel": unit.number})
    doubt = _doubt(unit.whole, profile, OUTDATED, reason)
    return replace(
        doubt,
        area_m2=float(unit.whole.parcel.delivered_area_m2 or ZERO),
        would_change=(Message("judgment.overlay_again", {}),),
    )


def _judge_unit(unit: Unit, profile: Profile, feedback: Feedback) -> list[Proposal]:
    if profile.mining is not None and unit.whole.value("kind") == "mining":
        profile = profile.mining
    try:
        parts = [_judge(facts, profile, {}) for facts in unit.parts]
        whole = _judge(unit.whole, profile, {"outcomes": _outcomes(parts)})
        return [_with_verdict(whole, unit.whole, profile), *parts]
    except _RULE_ERRORS as error:
        reason = Message("run.unexpected", {"parcel": unit.number, "reason": f"{type(error).__name__}: {error}"})
        feedback.report(reason, "error")
        return [_doubt(facts, profile, FAILED, reason) for facts in (unit.whole, *unit.parts)]


def _outcomes(parts: Sequence[Proposal]) -> str:
    return "；".join(
        f"{part.part} {part.category}·{part.subtype} {rounded(in_mu(exact(part.area_m2) or ZERO), 2)} 亩"
        for part in parts
    )


def _doubt(facts: Facts, profile: Profile, rule: str, reason: Message) -> Proposal:
    return Proposal(
        facts.parcel.number, facts.part, profile.uncertain.name, "", rule, _area(facts), "low", reasons=(reason,)
    )


def _area(facts: Facts) -> float:
    try:
        area = facts.area()
    except _RULE_ERRORS:
        area = None
    return float(area if area is not None else facts.parcel.delivered_area_m2 or ZERO)


@dataclass(frozen=True)
class _Outcome:
    """What a rule came to: the rule, its category after the guard, and the guard's objections."""

    rule: Rule
    category: Category
    subtype: str
    objections: tuple[Message, ...] = ()


def _judge(facts: Facts, profile: Profile, context: Mapping[str, object]) -> Proposal:
    if facts.area() is None:
        reason = Message("judgment.not_overlaid", {"parcel": facts.parcel.number})
        return replace(
            _doubt(facts, profile, NOT_OVERLAID, reason), would_change=(Message("judgment.overlay_again", {}),)
        )
    outcome = _first_match(facts, profile)
    context = {"outcomes": "", "parcel": facts.parcel.number, "part": facts.part, **context}
    rule = outcome.rule
    reasons = [*(_reason(reason, facts, context) for reason in rule.reasons), *outcome.objections]
    lowered = bool(outcome.objections)
    for note in profile.notes:
        if note.when.holds(facts):
            reasons.append(_reason(note.reason, facts, context))
            lowered = lowered or note.lowers_confidence
    missing = _missing(outcome, facts, profile)
    unknown = _not_loaded(facts)
    if unknown is not None:
        reasons.append(unknown)
        if outcome.category.legal or _is_facility(outcome):
            missing = (
                *missing,
                Missing(CONTROL_LAYERS, Message("judgment.evidence_missing", {"evidence": unknown.details["layers"]})),
            )
            lowered = True
    return Proposal(
        parcel=facts.parcel.number,
        part=facts.part,
        category=outcome.category.name,
        subtype=outcome.subtype,
        rule=rule.id,
        area_m2=_area(facts),
        confidence=_confidence(rule.confidence, lowered, missing),
        reasons=tuple(reasons),
        missing=missing,
        would_change=(
            *(_reason(reason, facts, context) for reason in rule.would_change),
            *_near_misses(outcome, facts, profile),
        ),
        facts=_facts_used(rule, facts, profile),
    )


def _not_loaded(facts: Facts) -> Optional[Message]:
    """Layers of control that were not given: what of them is touched is unknown, which is not zero."""
    names = [role_title(role) for role in legal_bases().controls if role not in facts.parcel.loaded]
    return Message("judgment.not_loaded", {"layers": "、".join(names)}) if names else None


def _is_facility(outcome: _Outcome) -> bool:
    return _FACILITY in outcome.category.name or (_FACILITY in outcome.subtype and not outcome.category.uncertain)


def _first_match(facts: Facts, profile: Profile) -> _Outcome:
    """The first rule whose condition is certainly true. One that the guard objects to ends in doubt, not further down."""
    for rule in profile.rules:
        if _applies(rule, facts) and rule.when.holds(facts) is True:
            category = _category(profile, rule.category)
            against = _objections(rule, category, facts, profile)
            if against:
                return _Outcome(rule, profile.uncertain, profile.guard_subtype, against)
            return _Outcome(rule, category, _subtype(rule, category, facts))
    raise LookupError("no rule matched")


def _objections(rule: Rule, category: Category, facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """What stands against the category of a rule: the whole guard against a legal one; against another favourable one what makes the
    parcel itself doubtful, and the faults of the documents it rests on."""
    if category.legal:
        return objections(rule.legal_basis, facts, profile)
    if not is_favourable(category):
        return ()
    against = flag_objections(facts)
    return (*against, *ground_objections(rule.legal_basis, facts, profile)) if rule.legal_basis else against


def _applies(rule: Rule, facts: Facts) -> bool:
    return rule.scope == "all" or (rule.scope == "part") == bool(facts.part)


def _category(profile: Profile, name: str) -> Category:
    category = profile.category(name)
    if category is None:
        raise LookupError(name)
    return category


def _subtype(rule: Rule, category: Category, facts: Facts) -> str:
    if not rule.subtype_claim:
        return rule.subtype
    claimed = facts.value(f"claim_{rule.subtype_claim}")
    return claimed if claimed and category.subtype(claimed) else rule.subtype


def _reason(reason: Reason, facts: Facts, context: Mapping[str, object]) -> Message:
    return sentence(reason.code, facts, {**context, "text": reason.text})


def _missing(outcome: _Outcome, facts: Facts, profile: Profile) -> tuple[Missing, ...]:
    """Evidence of the rule's category and sub-type that is not there. In doubt it is that of the category the rule aimed at."""
    category = _category(profile, outcome.rule.category)
    subtype = category.subtype(outcome.rule.subtype if outcome.objections else outcome.subtype)
    requested = dict.fromkeys((*category.evidence, *(subtype.evidence if subtype else ())))
    return tuple(
        Missing(name, Message("judgment.evidence_missing", {"evidence": profile.evidence[name].title}))
        for name in requested
        if profile.evidence[name].met.holds(facts) is not True
    )


def _confidence(stated: str, lowered: bool, missing: Sequence[Missing]) -> str:
    if lowered:
        return "low"
    return "medium" if stated == "high" and missing else stated


def _near_misses(outcome: _Outcome, facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """Earlier rules that failed by one condition only: what would have to be different for them to apply.

    Rules that lead to doubt, and covers of which there is nothing at all, are left out: they would drown the rest.
    """
    silent = {outcome.category.name, profile.uncertain.name}
    result = []
    for rule in profile.rules:
        if rule is outcome.rule:
            break
        failed = _only_failure(rule, facts) if _applies(rule, facts) and rule.category not in silent else None
        if failed is not None and not _nothing_there(failed, facts):
            result.append(
                Message(
                    "judgment.would_match",
                    {
                        "condition": described(failed, _MOST_LISTED),
                        "actual": _actual(failed, facts),
                        "category": f"{rule.category}·{rule.subtype}" if rule.subtype else rule.category,
                        "rule": rule.id,
                    },
                )
            )
    return tuple(result)


def _only_failure(rule: Rule, facts: Facts) -> Optional[Test]:
    """The one test of an ``all`` that does not hold, when every other member does."""
    members = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
    failed = []
    for member in members:
        if member.holds(facts) is not True:
            failed.append(member)
            if len(failed) > 1:
                return None
    return failed[0] if failed and isinstance(failed[0], Test) and len(members) > 1 else None


def _nothing_there(test: Test, facts: Facts) -> bool:
    fact = vocabulary()[test.fact]
    return fact.source == "remainder" and facts.value(fact.of) == ZERO


def described(test: Test, most: Optional[int] = None) -> str:
    """A test in the field's words, for example ``按时未批面积 ≤ 0.001 亩``; of a longer list only the ``most`` first values."""
    fact = vocabulary()[test.fact]
    if test.operator == "known":
        return f"{fact.title}{'已知' if test.limit else '未知'}"
    limit = str(test.limit)
    if isinstance(test.limit, tuple):
        shown = test.limit[:most]
        limit = "、".join(shown) + (f" 等 {len(test.limit)} 项" if len(shown) < len(test.limit) else "")
    if isinstance(test.limit, bool):
        limit = "是" if test.limit else "否"
    unit = {"m2": " m²", "m": " m", "percent": " %", "days": " 天"}.get(fact.unit, "")
    return f"{fact.title} {SIGNS[test.operator]} {limit}{' 亩' if test.unit == 'mu' else unit}"


def _actual(test: Test, facts: Facts) -> str:
    value, unit = facts.value(test.fact), vocabulary()[test.fact].unit
    if value is not None and unit == "m2":
        return f"{written(value, 'as_mu')} 亩（{written(value, unit)} m²）"
    return written(value, unit)


def _facts_used(rule: Rule, facts: Facts, profile: Profile) -> Mapping[str, object]:
    """What the rule looked at: values (m² as measured, 亩 beside), thresholds with their sources, and the rule's own source."""
    tests = tuple(tests_of(rule.when))
    values: dict[str, Any] = {"area": _value_record("area", facts)}
    for test in tests:
        values[test.fact] = _value_record(test.fact, facts)
    thresholds = {}
    for test in tests:
        if test.threshold:
            entry = profile.thresholds[test.threshold]
            thresholds[entry.name] = {
                "title": entry.title,
                "value": str(entry.value),
                "unit": entry.unit,
                "source": entry.source,
                "confidence": entry.confidence,
            }
    return {
        "values": values,
        "thresholds": thresholds,
        "conditions": [described(test) for test in tests],
        "rule": {"title": rule.title, "source": rule.source, "confidence": rule.source_confidence},
    }


def _value_record(name: str, facts: Facts) -> Mapping[str, Any]:
    fact, value = vocabulary()[name], facts.value(name)
    record = {"title": fact.title, "value": _stored(value), "unit": fact.unit}
    if fact.unit == "m2" and value is not None:
        record["mu"] = rounded(in_mu(value), 3)
    return record


def _stored(value: object) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _filled_areas(facts: Facts, profile: Profile) -> tuple[Message, ...]:
    """Filled areas that cannot be, or that differ from the overlay by more than the profile's ``area_tolerance``."""
    claims, tolerance = facts.parcel.claims, profile.thresholds.get(AREA_TOLERANCE)
    if tolerance is None or not isinstance(tolerance.value, Decimal) or not any(key in claims for key in AREA_CLAIMS):
        return ()
    measured = {name: facts.value(name) for name in AREA_CLAIMS.values()}
    in_mu_of = {name: None if value is None else without_noise(in_mu(value)) for name, value in measured.items()}
    differing = tuple(
        Message(
            "judgment.claim_area_differs",
            {
                "title": entry.title,
                "filled": rounded(entry.filled, 2),
                "measured": rounded(entry.measured, 2),
                "difference": rounded(entry.difference, 2),
            },
        )
        for entry in area_differences(claims, in_mu_of, tolerance.value)
    )
    return (*impossible_areas(claims), *_sum_differs(facts, profile), *differing)


def _sum_differs(facts: Facts, profile: Profile) -> tuple[Message, ...]:
    check = _sum_of(facts, profile)
    if check is None or not check.checked or check.holds or check.difference is None:
        return ()
    return (Message("judgment.claim_sum_differs", {"difference": rounded(check.difference, 2)}),)


def _with_verdict(proposal: Proposal, facts: Facts, profile: Profile) -> Proposal:
    names = {category.name: tuple(subtype.name for subtype in category.subtypes) for category in profile.categories}
    claims = facts.parcel.claims
    category = profile.category(proposal.category)
    outcome, notes = verdict(
        filled(claims, names, profile.aliases),
        proposal.category,
        proposal.subtype,
        bool(category and category.uncertain),
        claims,
        profile.verdicts,
    )
    shown = notes if outcome != NOT_FILLED else ()
    return replace(proposal, verdict=outcome, reasons=(*proposal.reasons, *shown, *_filled_areas(facts, profile)))
