"""How far the enforcement (查处) of each item is, as of a day, and the projects its violation belongs to.

The recorded case counts; where there is none, the delivered 查处情况 and the kinds of documents do (``assessment.yaml``, ``duty``).
查处到位 of a recorded case needs a penalty that was carried out; 结案 alone does not say it (it may be with the court).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..model.enforcement import EnforcementCase, cases_by_parcel
from ..model.words import EnforcementStep
from . import records
from .data import assessment
from .entries import Duty, DutyWords


def cases_as_of(snapshot: records.Snapshot, as_of: date) -> dict[str, tuple[EnforcementCase, ...]]:
    """The cases by parcel as they were recorded at the end of a day."""
    rows = records.as_of(snapshot, "enforcement_case", as_of)
    return cases_by_parcel({str(name): value for name, value in row.items()} for row in rows.to_dict("records"))


def documents_by_parcel(snapshot: records.Snapshot, as_of: date) -> Mapping[str, tuple[str, ...]]:
    """The kinds (and titles) of the documents of each parcel."""
    table = records.as_of(snapshot, "document", as_of)
    found: dict[str, list[str]] = {}
    for parcel, kind, title in zip(table["parcel"], table["kind"], table["title"]):
        found.setdefault(str(parcel), []).append(f"{kind or ''} {title or ''}")
    return {parcel: tuple(kinds) for parcel, kinds in found.items()}


def add_cases(frame: pd.DataFrame, snapshot: records.Snapshot, as_of: date, delivered: Sequence[Any]) -> pd.DataFrame:
    """Items with ``case_id`` ("" = no case recorded), ``case_stage``, ``case_closed``, ``case_not_filed``, ``penalty_done``.

    ``delivered``: the delivered 查处情况 of each row.
    """
    by_parcel = cases_as_of(snapshot, as_of)
    documents = documents_by_parcel(snapshot, as_of)
    rules = assessment().duty
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    texts = records.first_text(delivered)
    for parcel, part, lead, text in zip(frame["parcel"], frame["part"], frame["project_of"], texts):
        own = [case for case in by_parcel.get(parcel, ()) if case.covers(parcel, part)]
        own += [case for case in by_parcel.get(lead, ()) if lead != parcel and case.covers(lead) and case not in own]
        facts = _recorded(own, as_of) if own else _without_record(text, documents.get(parcel, ()), rules)
        for name in _COLUMNS:
            columns[name].append(facts[name])
    added = {
        name: np.array(values, dtype=object if name in ("case_id", "case_stage") else bool)
        for name, values in columns.items()
    }
    return pd.concat([frame, pd.DataFrame(added, index=frame.index)], axis=1)


_COLUMNS = ("case_id", "case_stage", "case_closed", "case_not_filed", "penalty_done")


def _recorded(cases: Sequence[EnforcementCase], as_of: date) -> dict[str, Any]:
    return {
        "case_id": cases[0].id,
        "case_stage": "、".join(dict.fromkeys(case.stage(as_of) for case in cases if case.stage(as_of))),
        "case_closed": all(case.done(EnforcementStep.CLOSED, as_of) for case in cases),
        "case_not_filed": all(case.done(EnforcementStep.WITHOUT_CASE, as_of) for case in cases),
        "penalty_done": any(case.penalty_carried_out(as_of) for case in cases),
    }


def _without_record(text: str, documents: Sequence[str], rules: Duty) -> dict[str, Any]:
    """What the delivered text and the papers say of an item without a recorded case."""

    def holds(rule: DutyWords) -> bool:
        if any(word in text for word in rule.words) and not any(word in text for word in rule.denied):
            return True
        return any(word in document for document in documents for word in rule.documents)

    closed, not_filed = holds(rules.closed), holds(rules.not_filed)
    carried_out = closed or holds(rules.carried_out)
    return {
        "case_id": "", "case_stage": text, "case_closed": closed, "case_not_filed": not_filed, "penalty_done": carried_out,
    }  # fmt: skip
