"""How far the enforcement (查处) of each item is, as of a day, and the projects its violation belongs to.

The recorded case counts; where there is none, the delivered 查处情况 and the kinds of documents do (``assessment.yaml``, ``duty``).
查处到位 of a recorded case needs a penalty that was carried out; 结案 alone does not say it (it may be with the court).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from ..model.enforcement import EnforcementCase, cases_by_parcel
from ..model.records import Document
from ..model.words import EnforcementStep
from ..workspace.mapping import records_of
from ..workspace.repository import rows_of
from . import records
from .columns import Columns, table_of
from .data import assessment
from .entries import Duty, DutyWords
from .item_columns import CaseFields
from .part_areas import Key


def cases_as_of(snapshot: records.Snapshot, as_of: date) -> dict[str, tuple[EnforcementCase, ...]]:
    """The cases by parcel as they were recorded at the end of a day."""
    rows = records.as_of(snapshot, "enforcement_case", as_of)
    return cases_by_parcel({str(name): value for name, value in row.items()} for row in rows.to_dict("records"))


def documents_by_parcel(snapshot: records.Snapshot, as_of: date) -> Mapping[str, tuple[str, ...]]:
    """The kinds (and titles) of the documents of each parcel."""
    found: dict[str, list[str]] = {}
    for document in records_of(Document, rows_of(records.as_of(snapshot, "document", as_of))):
        found.setdefault(document.parcel, []).append(f"{document.kind} {document.title}")
    return {parcel: tuple(kinds) for parcel, kinds in found.items()}


class Case(CaseFields[str, float, bool, object]):
    """How far the enforcement of one item is."""


class Cases(CaseFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """How far the enforcement of each item is."""


def columns(
    keys: Sequence[Key], leads: Sequence[str], snapshot: records.Snapshot, as_of: date, delivered: pd.Series
) -> Cases:
    """The cases of parcels and parts: their own, or those of the leading parcel of their project (``leads``).

    ``delivered``: the delivered 查处情况 of each.
    """
    by_parcel = cases_as_of(snapshot, as_of)
    documents = documents_by_parcel(snapshot, as_of)
    rules = assessment().duty
    found = []
    for (parcel, part), lead, text in zip(keys, leads, records.first_text(delivered)):
        own = [case for case in by_parcel.get(parcel, ()) if case.covers(parcel, part)]
        own += [case for case in by_parcel.get(lead, ()) if lead != parcel and case.covers(lead) and case not in own]
        found.append(_recorded(own, as_of) if own else _without_record(text, documents.get(parcel, ()), rules))
    return table_of(Cases, found)


def _recorded(cases: Sequence[EnforcementCase], as_of: date) -> Case:
    return Case(
        case_id=cases[0].id,
        case_stage="、".join(dict.fromkeys(case.stage(as_of) for case in cases if case.stage(as_of))),
        case_closed=all(case.done(EnforcementStep.CLOSED, as_of) for case in cases),
        case_not_filed=all(case.done(EnforcementStep.WITHOUT_CASE, as_of) for case in cases),
        penalty_done=any(case.penalty_carried_out(as_of) for case in cases),
    )


def _without_record(text: str, documents: Sequence[str], rules: Duty) -> Case:
    """What the delivered text and the papers say of an item without a recorded case."""

    def holds(rule: DutyWords) -> bool:
        if any(word in text for word in rule.words) and not any(word in text for word in rule.denied):
            return True
        return any(word in document for document in documents for word in rule.documents)

    closed, not_filed = holds(rules.closed), holds(rules.not_filed)
    return Case("", text, closed, not_filed, penalty_done=closed or holds(rules.carried_out))
