"""Who does what (任务分工): rules by kind of parcel give each unit its tasks; lists per unit as xlsx, and as a filter.

The rules are data (``resources/oversight/units.yaml``); a county edits them or gives its own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.text import file_name
from . import deadlines, records, transfers, workbook
from .building import NO_NAME, Prepared, listing, subtitle
from .case_facts import documents_by_parcel
from .data import load
from .entries import UnitsFile
from .table import Table, layout

CONDITIONS = (
    "illegal", "kind", "groups", "removal", "classes", "words", "roles", "overdue", "finished", "filed", "documents",
    "transfer", "case",
)  # fmt: skip


@dataclass(frozen=True)
class _Facts:
    """What the rules may ask of an item."""

    row: Mapping[Any, Any]
    roles: frozenset[str]
    documents: Sequence[str]
    text: str
    lead_for_transfer: bool


def assign(snapshot: records.Snapshot, prepared: Prepared, source: str | Path = "units") -> pd.DataFrame:
    """Tasks, one row each: ``unit, role_unit, task, lead, item, parcel, part, village, category, …, due, days_left, status``.

    ``unit`` is the village itself where a rule is per village, ``role_unit`` the unit as the rule calls it. A parcel can have
    several tasks in several units. Raises ``oversight.data_value`` for a condition the rules do not know.
    """
    rules = load(source, UnitsFile).units
    for rule in rules:
        for task in rule.tasks:
            for name in task.when:
                if name not in CONDITIONS:
                    raise WeipianError("oversight.data_value", path=str(source), key=f"{rule.unit}.when", value=name)
    due = prepared.due
    items = prepared.items.merge(due[["parcel", "due", "days_left", "filed", "status"]], on="parcel", how="left")
    touched = _roles(snapshot)
    transferable = transfers.items_of(transfers.leads(prepared))
    documents = documents_by_parcel(snapshot, prepared.as_of)
    given = {
        number: str(value or "") for number, value in zip(prepared.parcels["number"], prepared.delivered["remark"])
    }
    tasks: list[dict[Any, Any]] = []
    for row in items.to_dict("records"):
        text = " ".join(
            (row["use"], row["project"], row["owner"], row["subtype"], row["category"], given.get(row["parcel"], ""))
        )
        own = documents.get(row["parcel"], ())
        facts = _Facts(row, touched.get(row["parcel"], frozenset()), own, text, row["item"] in transferable)
        for rule in rules:
            for task in rule.tasks:
                if all(_CHECKS[name](facts, wanted) for name, wanted in task.when.items()):
                    unit = (row["village"] or f"{rule.unit}{NO_NAME}") if rule.per_village else rule.unit
                    tasks.append(
                        {
                            **row,
                            "unit": unit,
                            "role_unit": rule.unit,
                            "task": task.task,
                            "lead": task.lead,
                        }
                    )
    return pd.DataFrame(tasks, columns=[*items.columns, "unit", "role_unit", "task", "lead"])


def filters(tasks: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Unit → the parcel numbers it has tasks on: what a queue filters by."""
    return {str(unit): tuple(dict.fromkeys(rows["parcel"])) for unit, rows in tasks.groupby("unit", sort=True)}


def task_tables(prepared: Prepared, tasks: pd.DataFrame) -> tuple[Table, ...]:
    """The overview of units and one list a unit (villages together, in their order)."""
    lists: list[Table] = []
    for name in dict.fromkeys(tasks["role_unit"]):
        table = _list(prepared, tasks[tasks["role_unit"] == name])
        lists.append(replace(table, id=f"tasks_{len(lists) + 1}", title=f"{name}任务清单", keys={}))
    return (_overview(prepared, tasks), *lists)


def write(prepared: Prepared, tasks: pd.DataFrame, folder: Path, journal: str = "") -> list[Path]:
    """``任务清单.xlsx`` with the overview and a sheet a unit, and in ``任务清单/`` one file a unit, each village its own.

    ``journal``: up to where the journal was, the last line of every sheet.
    """
    made = [replace(table, journal=journal) for table in task_tables(prepared, tasks)]
    files = [workbook.write(made, folder / f"任务清单_{prepared.as_of:%Y%m%d}.xlsx")]
    for unit, rows in tasks.groupby("unit", sort=True):
        table = replace(_list(prepared, rows), id="tasks", title=f"{unit}任务清单", journal=journal)
        files.append(workbook.write([table], folder / "任务清单" / f"{file_name(str(unit))}.xlsx"))
    return files


def _overview(prepared: Prepared, tasks: pd.DataFrame) -> Table:
    drawn = layout("units")
    rows: list[tuple[Any, ...]] = []
    keys: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    place = {name: at for at, name in enumerate(dict.fromkeys(rule.unit for rule in load("units", UnitsFile).units))}
    grouped = sorted(
        tasks.groupby("unit"), key=lambda pair: (place.get(str(pair[1]["role_unit"].iat[0]), 99), str(pair[0]))
    )
    for index, (unit, own) in enumerate(grouped, start=1):
        masks = {
            "parcels": own["parcel"].notna(), "tasks": own["parcel"].notna(), "lead": own["lead"],
            "illegal": own["nonagri"] | own["nongrain"], "open": (own["nonagri"] | own["nongrain"]) & ~own["finished"],
            "overdue": own["status"] == "overdue",
        }  # fmt: skip
        role_unit = str(own["role_unit"].iat[0])
        name = str(unit) if role_unit in str(unit) else f"{unit}（{role_unit}）"
        values: dict[str, Any] = {"index": index, "name": name}
        for key, mask in masks.items():
            chosen = own[mask.astype(bool)]
            values[key] = len(chosen) if key in ("tasks", "lead") else int(chosen["parcel"].nunique())
            keys[f"units/{name}/{key}"] = tuple(dict.fromkeys(chosen["parcel"]))
        rows.append(tuple(values[column.key] for column in drawn.columns))
        names.append(name)
    return Table(
        drawn.id, drawn.title, drawn.columns, tuple(rows), tuple(names), None, (Message("oversight.units.several"),), keys, subtitle(prepared),
        drawn.entry.source or load("units", UnitsFile).source,
    )  # fmt: skip


def _list(prepared: Prepared, rows: pd.DataFrame) -> Table:
    keys = list(zip(rows["village"], rows["days_left"].fillna(10**6), rows["item"], rows["task"]))
    frame = rows.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
    illegal = frame["nonagri"] | frame["nongrain"]
    frame = frame.assign(
        number=frame["item"].map(records.shown),
        lead=frame["lead"].map({True: "牵头", False: "配合"}),
        method=frame["method"].where(illegal, ""),
        days_left=frame["days_left"].where(frame["status"] != "done"),
        due=["" if pd.isna(day) else day.isoformat() for day in frame["due"]],
        status=frame["status"].map(deadlines.STATUSES),
    )
    return listing(prepared, "tasks", frame, ())


def _roles(snapshot: records.Snapshot) -> Mapping[str, frozenset[str]]:
    coverage = records.table(snapshot, "coverage")
    touching = coverage[records.numbers(coverage["area_m2"]).to_numpy() > 0]
    found: dict[str, set[str]] = {}
    for parcel, role in zip(touching["parcel"].tolist(), touching["role"].tolist()):
        found.setdefault(str(parcel), set()).add(str(role))
    return {parcel: frozenset(roles) for parcel, roles in found.items()}


def _illegal(facts: _Facts, wanted: Any) -> bool:
    return bool(facts.row["nonagri"] or facts.row["nongrain"]) is bool(wanted)


def _kind(facts: _Facts, wanted: Any) -> bool:
    return str(facts.row["kind"] or "land") == str(wanted)


#: The conditions of a rule: whether an item meets what the rule wants.
_CHECKS: Mapping[str, Callable[[_Facts, Any], bool]] = {
    "illegal": _illegal,
    "kind": _kind,
    "groups": lambda facts, wanted: facts.row["group"] in wanted,
    "removal": lambda facts, wanted: ("拆" in facts.row["method_text"] or facts.row["removed"] > 0) == wanted,
    "classes": lambda facts, wanted: str(facts.row["class"] or "").startswith(tuple(wanted)),
    "words": lambda facts, wanted: any(word in facts.text for word in wanted),
    "roles": lambda facts, wanted: any(role in facts.roles for role in wanted),
    "overdue": lambda facts, wanted: (facts.row["status"] == "overdue") == wanted,
    "finished": lambda facts, wanted: bool(facts.row["finished"]) == wanted,
    "filed": lambda facts, wanted: bool(facts.row["filed"]) == wanted,
    "transfer": lambda facts, wanted: facts.lead_for_transfer == wanted,
    "case": lambda facts, wanted: any(word in facts.row["case_stage"] for word in wanted),
    "documents": lambda facts, wanted: any(word in document for document in facts.documents for word in wanted),
}
