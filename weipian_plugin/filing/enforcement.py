"""查处情况 of a parcel for the forms: the steps of its cases with their papers, and what the papers alone show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Optional

from ..judgment.meaning import is_illegal
from ..model.enforcement import CaseStep, problems
from ..model.messages import render
from ..model.words import EnforcementStep
from .case import AttachedDocument, ParcelCase
from .placeholder import Value
from .settings import FilingRules


def enforcement_rows(case: ParcelCase, rules: FilingRules) -> list[dict[str, Value]]:
    """One row a step taken or paper filed, in the order of the steps; a step without either is a blank row.

    Where the parcel was dealt with without a case (非立案处理), steps that were not taken are left out.
    """
    used: set[int] = set()
    result: dict[str, list[dict[str, Value]]] = {step: [] for step in rules.enforcement}
    for own in case.enforcement:
        for entry in own.steps:
            place = _paper_of(entry, case.documents, rules)
            used |= set() if place is None else {place}
            result.setdefault(entry.step.value, []).append(
                _step_row(entry, case.documents[place] if place is not None else None)
            )
    for place, paper in enumerate(case.documents):
        step = step_of_paper(f"{paper.kind}{paper.title}", rules.enforcement)
        if step and place not in used:
            result[step].append(_paper_row(paper))
    without = bool(result.get(EnforcementStep.WITHOUT_CASE.value))
    rows: list[dict[str, Value]] = []
    for step, entries in result.items():
        blank: list[dict[str, Value]] = [] if without or step == EnforcementStep.WITHOUT_CASE.value else [{}]
        rows += [{"step": step, **entry} for entry in entries or blank]
    return [{**row, "sequence": position} for position, row in enumerate(rows, start=1)]


def _paper_of(entry: CaseStep, papers: Sequence[AttachedDocument], rules: FilingRules) -> Optional[int]:
    """Place of the paper of a step: the one it names, else that of the same step, number and day.

    A paper of a case is registered for each of its parcels, and the step names the row of the first one.
    """
    places = range(len(papers))
    named = next((place for place in places if entry.document and papers[place].id == entry.document), None)
    mark = (entry.step.value, entry.number, entry.day)
    return (
        named if named is not None else next((place for place in places if _mark(papers[place], rules) == mark), None)
    )


def _mark(paper: AttachedDocument, rules: FilingRules) -> tuple[str, str, str]:
    return step_of_paper(f"{paper.kind}{paper.title}", rules.enforcement), paper.number, paper.date


def step_of_paper(text: str, words: Mapping[str, Sequence[str]]) -> str:
    """The step that a paper belongs to, by the longest of its words that stands in kind or title; "" for none.

    非立案处理说明 holds 立案, too, and is none of it.
    """
    hits = [(len(word), step) for step, own in words.items() for word in own if word in text]
    longest = max((length for length, _ in hits), default=0)
    return next((step for length, step in hits if length == longest), "")


def _paper_row(paper: AttachedDocument) -> dict[str, Value]:
    return {
        "number": paper.number,
        "date": paper.date,
        "authority": paper.authority,
        "title": paper.title or paper.kind,
    }


def _step_row(entry: CaseStep, paper: Optional[AttachedDocument]) -> dict[str, Value]:
    parts = [
        f"罚款 {money(entry.fine)} 元" if entry.fine is not None else "",
        f"没收：{entry.confiscated}" if entry.confiscated else "",
        f"拆除：{entry.demolished}" if entry.demolished else "",
        f"移送{entry.target.value}" if entry.target is not None else "",
        f"回执：{entry.receipt}" if entry.receipt else "",
        f"理由：{entry.reason}" if entry.reason else "",
    ]
    return {
        "number": entry.number or None,
        "date": entry.day or None,
        "authority": entry.authority or None,
        "title": None if paper is None else paper.title or paper.path.stem,
        "note": "；".join(text for text in parts if text) or None,
    }


def money(yuan: float) -> str:
    """An amount in yuan without trailing zeros."""
    return f"{Decimal(str(yuan)).quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".")


def enforcement_values(case: ParcelCase, today: Optional[date] = None) -> dict[str, Value]:
    """Of all cases of the parcel: name, party, leading unit, the stage reached, fines, and what does not hold together."""
    cases = case.enforcement
    if not cases:
        return {}
    doubts = [each for own in cases for each in problems(own, today or date.max)]
    fines = [entry.fine for own in cases for entry in own.steps if entry.fine is not None]
    return {
        "case_name": _joined(own.name for own in cases),
        "case_party": _joined(own.party for own in cases),
        "case_unit": _joined(own.unit for own in cases),
        "case_stage": _joined(own.stage(today) for own in cases),
        "case_parcels": _joined(f"{member.parcel}{member.part}" for own in cases for member in own.members),
        "case_fine": money(sum(fines)) if fines else None,
        "case_note": _joined((render(each).rstrip("。") for each in doubts), "；"),
    }


def _joined(texts: Iterable[str], mark: str = "、") -> Optional[str]:
    return mark.join(dict.fromkeys(text for text in texts if text)) or None


def not_enforced(case: ParcelCase) -> list[str]:
    """Parts ("" = the whole) decided as illegal that no case covers with 立案 or 非立案处理 taken."""
    illegal = [
        entry.part for entry in case.decisions if entry.role == "经办" and is_illegal(entry.category, entry.subtype)
    ]
    begun = [
        own for own in case.enforcement if own.done(EnforcementStep.OPENED) or own.done(EnforcementStep.WITHOUT_CASE)
    ]
    lead = case.merged[0] if case.merged else case.number
    return [part for part in illegal if not any(own.covers(case.number, part) or own.covers(lead) for own in begun)]
