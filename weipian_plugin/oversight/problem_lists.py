"""Problem lists (问题图斑清单) of 区级核查, 督导 and 验收反馈: read from any layout, taken as returns with a day to answer by.

Notice 五(二): the parcels are to be proved (复核举证) or judged anew (改判). What the answer was is not typed: it follows from what was
decided after the list came in (:func:`answers`), so that list, state and error rates cannot contradict each other.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..formats.sheets import Sheet, header_of, read_sheets
from ..judgment import decisions, recording
from ..judgment.decisions import Actor, Change
from ..judgment.meaning import group_of
from ..judgment.standing import FILED, REVIEWED, Standing
from ..model.cells import cell_text
from ..model.errors import WeipianError
from ..model.records import DateSpan, Decision
from ..model.values import is_blank
from ..model.words import DecisionAction, DecisionState
from ..office.files import sha256_of
from ..workspace import Workspace
from ..workspace.journal import now
from . import records
from .data import problems

_NEEDED = ("number", "text")
_SETTING = "problem_columns:"


@dataclass(frozen=True)
class ProblemRow:
    """One row of a list as read; ``due`` is "" where the list names no day."""

    row: int
    number: str
    text: str
    opinion: str = ""
    due: str = ""


@dataclass(frozen=True)
class ProblemList:
    """``columns``: meaning → column; ``layout``: fingerprint of the columns' names, under which a mapping is kept."""

    path: Path
    layout: str
    columns: Mapping[str, str]
    rows: tuple[ProblemRow, ...]


@dataclass(frozen=True)
class ListOutcome:
    """What became of a list: parcels returned, parcels noted that are open anyway, rows known already, and numbers that are not here."""

    returned: tuple[str, ...]
    noted: tuple[str, ...]
    known: int
    unknown: tuple[str, ...]


def read_list(path: Path, given: Mapping[str, str] | None = None, store: Workspace | None = None) -> ProblemList:
    """Read a list. ``given``: meaning (number, text, opinion, due; or 编号, 问题, 意见, 期限) → column, else as kept in the workspace, else
    as recognised. Raises ``intake.register_*`` for a file that cannot be read, ``oversight.problem_columns`` naming the columns found.
    """
    asked = {_MEANINGS.get(name, name): column for name, column in (given or {}).items()}

    def mapped(names: Sequence[str]) -> dict[str, str]:
        kept = store.setting(_SETTING + _layout(names)) if store is not None else ""
        return _mapped(names, {**dict(_pairs(kept)), **asked})

    def fits(names: Sequence[str]) -> bool:
        return all(meaning in mapped(names) for meaning in _NEEDED)

    sheets = [(sheet, *header_of(sheet, fits)) for sheet in read_sheets(path)] or [(Sheet("", (), ()), (), 0)]
    sheet, names, start = next((found for found in sheets if fits(found[1])), sheets[0])
    columns = mapped(names)
    missing = [title for title, meaning in _MEANINGS.items() if meaning in _NEEDED and meaning not in columns]
    if missing:
        found = "、".join(name for name in names if name) or "（空）"
        raise WeipianError("oversight.problem_columns", path=str(path), missing="、".join(missing), found=found)
    return ProblemList(path, _layout(names), columns, tuple(_rows(sheet, names, start, columns)))


#: Meanings as people write them in ``FIELDS``.
_MEANINGS = {"编号": "number", "问题": "text", "意见": "opinion", "期限": "due"}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for entry in text.split("\n"):
        meaning, mark, column = entry.partition("=")
        if mark:
            yield meaning, column


def _layout(names: Sequence[str]) -> str:
    """A fingerprint of the columns' names, whatever their order."""
    known = sorted(records.plain_name(name) for name in names if name)
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]


def _mapped(names: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Meaning → column: as wanted, else the first of the known names that is there."""
    plain: dict[str, str] = {}
    for name in names:
        if name:
            plain.setdefault(records.plain_name(name), name)
    found: dict[str, str] = {}
    for meaning, known in problems().columns.items():
        asked = [wanted[meaning]] if meaning in wanted else known
        column = next((plain[key] for key in map(records.plain_name, asked) if key in plain), None)
        if column is not None and column not in found.values():
            found[meaning] = column
    return found


def _rows(sheet: Sheet, names: Sequence[str], start: int, columns: Mapping[str, str]) -> Iterator[ProblemRow]:
    at = {meaning: names.index(column) for meaning, column in columns.items()}
    for place in range(start, len(sheet.rows)):
        cells = sheet.rows[place]
        texts = {meaning: cell_text(cells[at]) if at < len(cells) else "" for meaning, at in at.items()}
        number = "".join(texts["number"].split())
        if number:
            day = DateSpan.parse(texts.get("due", ""))
            due = day.last.isoformat() if day is not None else ""
            yield ProblemRow(sheet.numbers[place], number, texts["text"].strip(), texts.get("opinion", "").strip(), due)


def take(store: Workspace, found: ProblemList, source: str, received: date, who: str) -> ListOutcome:
    """Every row becomes a problem with a day to answer by; what was decided is open again (退回). One transaction, journaled.

    A row that was taken already (same parcel, source and text) is passed over. The mapping of the columns is kept for the next list.
    """
    result: dict[str, list[str]] = {"returned": [], "noted": [], "unknown": []}
    sha256, known_rows = sha256_of(found.path), 0
    with store.transaction():
        parcels = {str(row[0]) for row in store.values("parcel", ("number",))}
        before = {(row["parcel"], row["part"] or "", row["source"], row["text"]) for row in store.records("problem")}
        acts = max((int(row[0] or 0) for row in store.values("decision", ("sequence",))), default=0)
        for row in found.rows:
            parcel, part = _parcel_and_part(row.number, parcels)
            if parcel not in parcels:
                result["unknown"].append(row.number)
                continue
            if (parcel, part, source, row.text) in before:
                known_rows += 1
                continue
            before.add((parcel, part, source, row.text))
            category, returned = _send_back(store, parcel, part, source, row.text, who)
            stored = {
                "id": uuid.uuid4().hex, "parcel": parcel, "part": part, "source": source, "list": found.path.name, "sha256": sha256,
                "row": row.row, "text": row.text, "opinion": row.opinion, "received_on": received.isoformat(),
                "due": row.due or _answer_by(received), "category_before": category, "returned": int(returned),
                "decisions_before": acts, "added_by": who, "added_at": now(),
            }  # fmt: skip
            store.insert("problem", pd.DataFrame([stored]), who, "接收问题图斑清单", each=True)
            result["returned" if returned else "noted"].append(row.number)
        _keep(store, found, who)
    lists = {name: tuple(numbers) for name, numbers in result.items()}
    return ListOutcome(known=known_rows, **lists)


def _parcel_and_part(number: str, parcels: set[str]) -> tuple[str, str]:
    """A part is written as its parcel's number with ``_1``; parcels themselves may end so."""
    parcel, mark, part = number.rpartition("_")
    return (parcel, mark + part) if number not in parcels and parcel in parcels and part.isdecimal() else (number, "")


def _answer_by(received: date) -> str:
    return (received + timedelta(days=problems().days_to_answer.value)).isoformat()


def _send_back(store: Workspace, parcel: str, part: str, source: str, reason: str, who: str) -> tuple[str, bool]:
    """Open what was decided again; the category that was decided, and whether anything was opened."""
    stands = recording.standings(store, parcel).of(parcel)
    lead = stands.lead or parcel
    units = [stands.unit(part)] if part else list(stands.units)
    categories = "、".join(dict.fromkeys(unit.category for unit in units if unit.category))
    opened = False
    for unit in units:
        if unit.done:
            recording.record(store, _return_of(unit, lead, source, reason or source, who))
            opened = True
    return categories, opened


def _return_of(unit: Standing, parcel: str, source: str, reason: str, who: str) -> recording.Act:
    actor = Actor(who, decisions.REVIEWER, now())
    if unit.state in (REVIEWED, FILED):

        def send_back(history: list[Decision]) -> Change:
            return decisions.send_back(history, actor, reason, source)

        return recording.Act(parcel, unit.part, DecisionAction.SEND_BACK, who, send_back)
    return recording.Act(
        parcel,
        unit.part,
        DecisionAction.REOPEN,
        who,
        lambda history: decisions.reopen(history, actor, f"{source}：{reason}"),
    )


def _keep(store: Workspace, found: ProblemList, who: str) -> None:
    """Remember the mapping of this layout."""
    name = _SETTING + found.layout
    text = "\n".join(f"{meaning}={column}" for meaning, column in sorted(found.columns.items()))
    if store.setting(name) != text:
        store.replace("setting", pd.DataFrame([{"name": name, "value": text}]), who, "问题清单列对照", name=name)


ANSWERS = ("未答复", "复核举证", DecisionState.REJUDGED.value)


def answers(snapshot: records.Snapshot, prepared_items: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The problems received by a day with ``answer`` (:data:`ANSWERS`), ``answered_on`` and ``evidence`` (papers added since).

    Answered is a parcel whose units were all decided again after the list came, by the order of acts and never by a clock; 改判 where
    the group of categories is another then.
    """
    rows = records.plain(records.as_of(snapshot, "problem", as_of))
    received = np.array([str(day or "")[:10] <= as_of.isoformat() for day in rows["received_on"]], dtype=bool)
    rows = rows[received].reset_index(drop=True)
    documents = records.as_of(snapshot, "document", as_of)
    papers: dict[str, list[str]] = {}
    for parcel, at in zip(documents["parcel"], records.first_text(documents["added_at"])):
        papers.setdefault(str(parcel), []).append(at)
    answered, days, evidence = [], [], []
    for row in rows.to_dict("records"):
        part = "" if is_blank(row["part"]) else str(row["part"])
        own = prepared_items[prepared_items["parcel"] == row["parcel"]]
        own = own[own["part"] == part] if part and (own["part"] == part).any() else own
        before = int(row["decisions_before"] or 0)
        again = bool(len(own)) and all(
            category and place > before for category, place in zip(own["category"], own["decided_as"])
        )
        answered.append(ANSWERS[0] if not again else _kind(row["category_before"], own["category"]))
        days.append(max(str(day or "") for day in own["decided_at"])[:10] if again else "")
        since = str(row["added_at"] or "")
        evidence.append(sum(day > since for day in papers.get(str(row["parcel"]), ())))
    return rows.assign(answer=answered, answered_on=days, evidence=evidence)


def _kind(before: Any, after: Sequence[str]) -> str:
    groups = [group_of(text)[0] for text in str(before or "").split("、") if text]
    return ANSWERS[2] if groups and set(groups) != {group_of(text)[0] for text in after} else ANSWERS[1]
