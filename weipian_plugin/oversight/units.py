"""Who does what (任务分工): rules by kind of parcel give each unit its tasks; lists per unit as xlsx, and as a filter.

The rules are data (``resources/oversight/units.yaml``); a county edits them or gives its own file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.text import file_name
from . import deadlines, records, transfers, workbook
from .building import NO_NAME, Prepared, listing, subtitle
from .case_facts import documents_by_parcel
from .columns import cells_of, rows
from .data import load
from .deadlines import Due
from .entries import UnitsFile, UnitTasks
from .item_columns import Item
from .table import Table, layout

CONDITIONS = (
    "illegal", "kind", "groups", "removal", "classes", "words", "roles", "overdue", "finished", "filed", "documents",
    "transfer", "case",
)  # fmt: skip


@dataclass(frozen=True)
class _Facts:
    """What the rules may ask of an item."""

    item: Item
    due: Due
    roles: frozenset[str]
    documents: Sequence[str]
    text: str
    lead_for_transfer: bool


@dataclass(frozen=True)
class Task:
    """What a unit has to do about an item. ``unit``: the village itself where the rule is per village; ``role_unit``: as the rule calls it."""

    unit: str
    role_unit: str
    task: str
    lead: bool  # 牵头, else 配合
    item: Item
    due: Due


def assign(snapshot: records.Snapshot, prepared: Prepared, source: str | Path = "units") -> tuple[Task, ...]:
    """The tasks, in the order of the items; a parcel can have several, in several units.

    Raises ``oversight.data_value`` for a condition the rules do not know.
    """
    rules = load(source, UnitsFile).units
    for rule in rules:
        for task in rule.tasks:
            for name in task.when:
                if name not in CONDITIONS:
                    raise WeipianError("oversight.data_value", path=str(source), key=f"{rule.unit}.when", value=name)
    return tuple(
        Task(_unit(rule, facts.item), rule.unit, task.task, task.lead, facts.item, facts.due)
        for facts in _facts(snapshot, prepared)
        for rule in rules
        for task in rule.tasks
        if all(_CHECKS[name](facts, wanted) for name, wanted in task.when.items())
    )


def _unit(rule: UnitTasks, item: Item) -> str:
    return (item.village or f"{rule.unit}{NO_NAME}") if rule.per_village else rule.unit


def _facts(snapshot: records.Snapshot, prepared: Prepared) -> Iterator[_Facts]:
    due = {each.parcel: each for each in rows(Due, prepared.due)}
    touched = _roles(snapshot)
    transferable = transfers.items_of(transfers.leads(prepared))
    documents = documents_by_parcel(snapshot, prepared.as_of)
    remarks = dict(zip(prepared.parcels.number, records.first_text(prepared.delivered.remark)))
    for item in rows(Item, prepared.items):
        text = " ".join((item.use, item.project, item.owner, item.subtype, item.category, remarks.get(item.parcel, "")))
        yield _Facts(
            item,
            due[item.parcel],
            touched.get(item.parcel, frozenset()),
            documents.get(item.parcel, ()),
            text,
            item.item in transferable,
        )


def by_unit(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    """The tasks of each unit, by its name."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.unit, []).append(task)
    return dict(sorted(found.items()))


def filters(tasks: Iterable[Task]) -> Mapping[str, tuple[str, ...]]:
    """Unit → the parcel numbers it has tasks on: what a queue filters by."""
    return {unit: _parcels(own) for unit, own in by_unit(tasks).items()}


def _parcels(tasks: Iterable[Task]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(task.item.parcel for task in tasks))


def task_tables(prepared: Prepared, tasks: Sequence[Task]) -> tuple[Table, ...]:
    """The overview of units and one list a unit (villages together, in their order)."""
    of_role: dict[str, list[Task]] = {}
    for task in tasks:
        of_role.setdefault(task.role_unit, []).append(task)
    lists = [
        replace(_list(prepared, own), id=f"tasks_{place}", title=f"{name}任务清单", keys={})
        for place, (name, own) in enumerate(of_role.items(), start=1)
    ]
    return (_overview(prepared, tasks), *lists)


def write(prepared: Prepared, tasks: Sequence[Task], folder: Path, journal: str = "") -> list[Path]:
    """``任务清单.xlsx`` with the overview and a sheet a unit, and in ``任务清单/`` one file a unit, each village its own.

    ``journal``: up to where the journal was, the last line of every sheet.
    """
    made = [replace(table, journal=journal) for table in task_tables(prepared, tasks)]
    files = [workbook.write(made, folder / f"任务清单_{prepared.as_of:%Y%m%d}.xlsx")]
    for unit, own in by_unit(tasks).items():
        table = replace(_list(prepared, own), id="tasks", title=f"{unit}任务清单", journal=journal)
        files.append(workbook.write([table], folder / "任务清单" / f"{file_name(unit)}.xlsx"))
    return files


def _overview(prepared: Prepared, tasks: Sequence[Task]) -> Table:
    drawn = layout("units")
    made: list[tuple[Any, ...]] = []
    keys: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    place = {name: at for at, name in enumerate(dict.fromkeys(rule.unit for rule in load("units", UnitsFile).units))}
    units = sorted(by_unit(tasks).items(), key=lambda pair: (place.get(pair[1][0].role_unit, 99), pair[0]))
    for index, (unit, own) in enumerate(units, start=1):
        role_unit = own[0].role_unit
        name = unit if role_unit in unit else f"{unit}（{role_unit}）"
        counts: dict[str, int] = {}
        for key, chosen in _counted(own).items():
            keys[f"units/{name}/{key}"] = parcels = _parcels(chosen)
            counts[key] = len(chosen) if key in ("tasks", "lead") else len(parcels)
        values = {"index": index, "name": name, **counts}
        made.append(tuple(values[column.key] for column in drawn.columns))
        names.append(name)
    return Table(
        drawn.id, drawn.title, drawn.columns, tuple(made), tuple(names), None, (Message("oversight.units.several"),), keys, subtitle(prepared),
        drawn.entry.source or load("units", UnitsFile).source,
    )  # fmt: skip


def _counted(tasks: Sequence[Task]) -> dict[str, list[Task]]:
    """The tasks behind each figure of a unit."""
    illegal = [task for task in tasks if task.item.nonagri or task.item.nongrain]
    return {
        "parcels": list(tasks),
        "tasks": list(tasks),
        "lead": [task for task in tasks if task.lead],
        "illegal": illegal,
        "open": [task for task in illegal if not task.item.finished],
        "overdue": [task for task in tasks if task.due.status == "overdue"],
    }


@dataclass(frozen=True)
class _Row:
    """A row of a unit's list; areas in 亩."""

    item: str
    village: str
    number: str
    category: str
    task: str
    lead: str
    project: str
    area: float
    area_figure: object
    farmland: float
    farmland_figure: object
    method: str
    due: str
    days_left: Optional[int]
    status: str


def _list(prepared: Prepared, tasks: Iterable[Task]) -> Table:
    ordered = sorted(tasks, key=lambda task: (task.item.village, _urgency(task.due), task.item.item, task.task))
    return listing(prepared, "tasks", cells_of(_Row, [_row(task) for task in ordered]))


def _urgency(due: Due) -> int:
    return 10**6 if due.days_left is None else due.days_left


def _row(task: Task) -> _Row:
    item, due = task.item, task.due
    return _Row(
        item=item.item,
        village=item.village,
        number=records.shown(item.item),
        category=item.category,
        task=task.task,
        lead="牵头" if task.lead else "配合",
        project=item.project,
        area=item.area,
        area_figure=item.area_figure,
        farmland=item.farmland,
        farmland_figure=item.farmland_figure,
        method=item.method if item.nonagri or item.nongrain else "",
        due="" if due.due is None else due.due.isoformat(),
        days_left=None if due.status == "done" else due.days_left,
        status=deadlines.STATUSES[due.status],
    )


def _roles(snapshot: records.Snapshot) -> Mapping[str, frozenset[str]]:
    coverage = records.table(snapshot, "coverage")
    touching = coverage[records.numbers(coverage["area_m2"]).to_numpy() > 0]
    found: dict[str, set[str]] = {}
    for parcel, role in zip(touching["parcel"].tolist(), touching["role"].tolist()):
        found.setdefault(str(parcel), set()).add(str(role))
    return {parcel: frozenset(roles) for parcel, roles in found.items()}


#: The conditions of a rule: whether an item meets what the rule wants.
_CHECKS: Mapping[str, Callable[[_Facts, Any], bool]] = {
    "illegal": lambda facts, wanted: (facts.item.nonagri or facts.item.nongrain) is bool(wanted),
    "kind": lambda facts, wanted: facts.item.kind == str(wanted),
    "groups": lambda facts, wanted: facts.item.group in wanted,
    "removal": lambda facts, wanted: ("拆" in facts.item.method_text or facts.item.removed > 0) == wanted,
    "classes": lambda facts, wanted: facts.item.class_.startswith(tuple(wanted)),
    "words": lambda facts, wanted: any(word in facts.text for word in wanted),
    "roles": lambda facts, wanted: any(role in facts.roles for role in wanted),
    "overdue": lambda facts, wanted: (facts.due.status == "overdue") == wanted,
    "finished": lambda facts, wanted: facts.item.finished == wanted,
    "filed": lambda facts, wanted: facts.due.filed == wanted,
    "transfer": lambda facts, wanted: facts.lead_for_transfer == wanted,
    "case": lambda facts, wanted: any(word in facts.item.case_stage for word in wanted),
    "documents": lambda facts, wanted: any(word in document for document in facts.documents for word in wanted),
}
