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

from ..formats.sheets import Sheet, header_of, read_sheets
from ..judgment import decisions, recording
from ..judgment.decisions import Actor, Change
from ..judgment.meaning import group_of
from ..judgment.standing import FILED, REVIEWED, Standing
from ..model.cells import cell_text
from ..model.errors import WeipianError
from ..model.records import DateSpan, Decision, Document
from ..model.registers import Problem, Setting
from ..model.words import DecisionAction, DecisionState
from ..office.files import sha256_of
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.mapping import records_of
from ..workspace.repository import Repository, rows_of
from . import records
from .columns import rows
from .data import problems
from .item_columns import Item, Items

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

        def text(meaning: str, cells: Sequence[object] = cells) -> str:
            return cell_text(cells[at[meaning]]) if at.get(meaning, len(cells)) < len(cells) else ""

        number = "".join(text("number").split())
        if number:
            day = DateSpan.parse(text("due"))
            due = day.last.isoformat() if day is not None else ""
            yield ProblemRow(sheet.numbers[place], number, text("text").strip(), text("opinion").strip(), due)


def take(store: Workspace, found: ProblemList, source: str, received: date, who: str) -> ListOutcome:
    """Every row becomes a problem with a day to answer by; what was decided is open again (退回). One transaction, journaled.

    A row that was taken already (same parcel, source and text) is passed over. The mapping of the columns is kept for the next list.
    """
    returned: list[str] = []
    noted: list[str] = []
    unknown: list[str] = []
    sha256, known = sha256_of(found.path), 0
    with store.transaction():
        workspace = Repository(store)
        parcels = {str(row[0]) for row in store.values("parcel", ("number",))}
        before = {(each.parcel, each.part, each.source, each.text) for each in workspace.all(Problem)}
        acts = max((int(row[0] or 0) for row in store.values("decision", ("sequence",))), default=0)
        for row in found.rows:
            parcel, part = _parcel_and_part(row.number, parcels)
            if parcel not in parcels:
                unknown.append(row.number)
                continue
            if (parcel, part, source, row.text) in before:
                known += 1
                continue
            before.add((parcel, part, source, row.text))
            category, opened = _send_back(store, parcel, part, source, row.text, who)
            problem = Problem(
                id=uuid.uuid4().hex, parcel=parcel, part=part, source=source, list=found.path.name, sha256=sha256,
                row=row.row, text=row.text, opinion=row.opinion, received_on=received.isoformat(),
                due=row.due or _answer_by(received), category_before=category, returned=int(opened),
                decisions_before=acts, added_by=who, added_at=now(),
            )  # fmt: skip
            workspace.add([problem], who, "接收问题图斑清单")
            (returned if opened else noted).append(row.number)
        _keep(store, found, who)
    return ListOutcome(tuple(returned), tuple(noted), known, tuple(unknown))


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
        Repository(store).replace(Setting, [Setting(name, text)], who, "问题清单列对照", name=name)


ANSWERS = ("未答复", "复核举证", DecisionState.REJUDGED.value)


@dataclass(frozen=True)
class Answered:
    """A problem with its answer (:data:`ANSWERS`), the day of it ("" while there is none), and how many papers were added since."""

    problem: Problem
    answer: str
    answered_on: str
    evidence: int

    @property
    def open(self) -> bool:
        """Whether nobody has answered it."""
        return self.answer == ANSWERS[0]


def answers(snapshot: records.Snapshot, items: Items, as_of: date) -> tuple[Answered, ...]:
    """The problems received by a day, with their answers.

    Answered is a parcel whose units were all decided again after the list came, by the order of acts and never by a clock; 改判 where
    the group of categories is another then.
    """
    stored = records_of(Problem, rows_of(records.as_of(snapshot, "problem", as_of)))
    papers: dict[str, list[str]] = {}
    for document in records_of(Document, rows_of(records.as_of(snapshot, "document", as_of))):
        papers.setdefault(document.parcel, []).append(document.added_at)
    asked = items.where(items.parcel.isin({problem.parcel for problem in stored}))
    judged: dict[str, list[Item]] = {}
    for unit in rows(Item, asked):
        judged.setdefault(unit.parcel, []).append(unit)
    return tuple(
        _answered(problem, judged.get(problem.parcel, []), papers.get(problem.parcel, ()))
        for problem in stored
        if problem.received_on[:10] <= as_of.isoformat()
    )


def _answered(problem: Problem, units: Sequence[Item], papers: Sequence[str]) -> Answered:
    own = [unit for unit in units if unit.part == problem.part] if problem.part else []
    own = own or list(units)
    before = problem.decisions_before or 0
    again = bool(own) and all(unit.category and unit.decided_as > before for unit in own)
    answer = _kind(problem.category_before, [unit.category for unit in own]) if again else ANSWERS[0]
    day = max(unit.decided_at for unit in own)[:10] if again else ""
    return Answered(problem, answer, day, sum(day_added > problem.added_at for day_added in papers))


def _kind(before: str, after: Sequence[str]) -> str:
    groups = [group_of(text)[0] for text in before.split("、") if text]
    return ANSWERS[2] if groups and set(groups) != {group_of(text)[0] for text in after} else ANSWERS[1]
