"""What was decided, on which grounds, and which areas are illegal: of a parcel, or of each part of one that is its parts.

A ground of one part never stands on another: numbers and shares of a part are those of the layers over that part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Optional

from ..geodesy.units import half_up, mu_decimal, share
from ..judgment.meaning import NONAGRI, NONGRAIN, groups_of_decision
from ..model.words import ParcelKind, SplitState
from .case import Conclusion, ParcelCase
from .placeholder import Value
from .settings import FilingRules
from .typed import typed

#: fields that people type
TYPED = (
    "name", "project", "owner", "built", "use_detail", "description", "field_class", "village_code", "village_attribute",
    "major_problem", "remark", "field_date", "violation_use",
)  # fmt: skip
_LEGAL_BASES = {
    "approval": ("farmland_conversion", "linkage"),
    "supply": ("land_supply",),
    "registration": ("registration",),
    "temporary": ("temporary_land",),
    "facility": ("facility_agriculture",),
}
_VIOLATIONS = (("violation", NONAGRI), ("grain_violation", NONGRAIN))
_AREAS = (("", "total"), ("_farmland", "farmland"), ("_basic_farmland", "basic_farmland"))


def divided(case: ParcelCase) -> tuple[str, ...]:
    """The parts of a parcel that is its parts (it was split, or decided in parts), in their order; () for any other."""
    names = {*case.part_fields, *(decision.part for decision in case.decisions if decision.part)}
    if not names and any(not decision.part for decision in case.decisions):
        return ()  # whatever was delivered of it, it was decided as a whole
    if not case.part_fields and (names or case.parcel.split_state == SplitState.PARENT):
        names |= {part.part for part in case.parts if not part.sliver}
    return tuple(sorted(names, key=lambda name: (len(name), name)))


def decided_parts(case: ParcelCase) -> dict[str, Conclusion]:
    """The last decision (经办) of each part that has one."""
    return {decision.part: decision for decision in case.decisions if decision.role == "经办" and decision.part}


def typed_values(case: ParcelCase, rules: FilingRules, part: str = "") -> dict[str, Value]:
    """What people typed of the parcel or a part."""
    return {name: typed(case, name, rules, part) for name in TYPED}


def decision_values(case: ParcelCase, part: str = "") -> dict[str, Value]:
    """The decision in force and its review."""
    own = [entry for entry in case.decisions if entry.part == part]
    made = [entry for entry in own if entry.role == "经办"]
    reviews = [entry for entry in own if entry.role == "复核"]
    result: dict[str, Value] = {}
    if made:
        decision = made[-1]
        result.update(
            decision_category=decision.category,
            decision_subtype=decision.subtype,
            decision_basis=decision.basis,
            decision_reason=decision.reason,
            decision_person=decision.person,
            decision_date=decision.decided_at[:10],
        )
    if reviews and (not made or own.index(reviews[-1]) > own.index(made[-1])):
        review = reviews[-1]
        result.update(
            review_category=review.category,
            review_reason=review.remark.strip() or None,
            review_person=review.person,
            review_date=review.decided_at[:10],
        )
    return result


def joined(values: Mapping[str, Mapping[str, Value]], names: Iterable[str]) -> dict[str, Value]:
    """One text for the parcel of what its parts have: the common one, else each with its part's name."""
    result: dict[str, Value] = {}
    for name in names:
        texts = {part: "" if own.get(name) is None else str(own[name]) for part, own in values.items()}
        if len(set(texts.values())) <= 1:
            result[name] = next(iter(texts.values()), "") or None
        else:
            result[name] = "；".join(f"{part}：{text or '—'}" for part, text in texts.items())
    return result


def legal_bases(case: ParcelCase, part: str = "") -> dict[str, Value]:
    """文号 and 占比 of each kind of ground, from the overlay; a document number alone proves nothing, so the share stands beside it."""
    result: dict[str, Value] = {}
    area = case.measure("area", part)
    if area is None and not part:
        area = case.parcel.area_m2
    rows = [row for row in case.coverage if row.part == part]
    for kind, roles in _LEGAL_BASES.items():
        documents = [row.document for row in rows if row.role in roles and (row.area_m2 or 0.0) > 0.0]
        numbers = list(dict.fromkeys(document for document in documents if document))
        result[f"{kind}_number"] = "；".join(numbers) if numbers else None
        covered = case.measure("approved", part) if kind == "approval" else case.measure(roles[0], part)
        result[f"{kind}_share"] = None if covered is None or not area else half_up(share(covered, area))
    return result


def violations(case: ParcelCase, rows: Mapping[str, Mapping[str, Value]], parts: Sequence[str]) -> dict[str, Value]:
    """Areas decided as 非农违法 and 非粮违法, by what the category means under any profile; ``rows``: the area rows by part.

    Of the decided ``parts`` ("" = the whole); blank without such a decision. Mining is no violation of land and stands in its own form.
    """
    result: dict[str, Value] = {}
    last = {decision.part: decision for decision in case.decisions if decision.role == "经办"}
    land = case.parcel.kind != ParcelKind.MINING
    for prefix, group in _VIOLATIONS:
        concerned = [
            part
            for part in parts
            if land and part in last and group in groups_of_decision(last[part].category, last[part].subtype)
        ]
        for suffix, column in _AREAS:
            sizes = [rows.get(part, {}).get(f"{column}_mu") for part in concerned]
            known = [size for size in sizes if isinstance(size, Decimal)]
            result[f"{prefix}{suffix}_mu"] = (
                sum(known, Decimal("0.00")) if known and len(known) == len(concerned) else None
            )
    return result


def violation_use(values: Mapping[str, Value], illegal: bool) -> Optional[str]:
    """非农违法土地用途: as typed, else the use the person typed or the subtype decided."""
    if not illegal:
        return None if values.get("violation_use") is None else str(values["violation_use"])
    result = values.get("violation_use") or values.get("use_detail") or values.get("decision_subtype")
    return None if result is None else str(result)


def project_rows(case: ParcelCase) -> list[dict[str, Value]]:
    """The parcels of a project (并宗), the leading one first, each with its figure in 亩."""
    return [
        {
            "sequence": position,
            "number": member.number,
            "role": "牵头图斑" if position == 1 else "并入图斑",
            "village": member.village,
            "area_mu": None if member.area_m2 is None else mu_decimal(member.area_m2),
        }
        for position, member in enumerate(case.project, start=1)
    ]


def project_values(case: ParcelCase) -> dict[str, Value]:
    """并宗说明: which parcels are one project, which one leads, and their area together (the sum of the figures printed)."""
    rows = project_rows(case)
    if not rows:
        return {}
    known = [row["area_mu"] for row in rows if isinstance(row["area_mu"], Decimal)]
    total = sum(known, Decimal("0.00")) if len(known) == len(rows) else None
    others = "、".join(str(row["number"]) for row in rows[1:])
    sentence = f"图斑 {rows[0]['number']}（牵头）与 {others} 属同一项目，并宗认定"
    note = f"{sentence}，合计 {total} 亩。" if total is not None else f"{sentence}。"
    reasons = [row.reason.strip() for row in case.history if row.members and row.reason.strip()]
    if reasons:
        note += f"并宗理由：{reasons[-1]}"
    return {"merge_lead": str(rows[0]["number"]), "merge_note": note, "merged_area_mu": total}
