"""What was decided, read from the journal alone: the second account that a verification holds papers and tables against.

On purpose no code is shared with :mod:`judgment.standing`: acts are laid on stacks, one for the whole parcel and one for each part, in
the order of the journal; what was taken back is taken from its stack. A split and a merge of parts put the stacks of the parts aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from ..model.values import is_missing

_IN_FORCE = ("已判定", "已复核", "已填报")


@dataclass(frozen=True)
class Entry:
    """What counts of a parcel or part: blank where it is open."""

    category: str = ""
    subtype: str = ""
    person: str = ""
    reviewer: str = ""
    state: str = "未提报"


@dataclass
class _Parcel:
    """The stacks of one parcel while the journal is read: part ("" = whole) -> acts; ``aside``: parts put away by a split or merge."""

    stacks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    aside: list[tuple[str, dict[str, list[dict[str, Any]]]]] = field(default_factory=list)


class Ledger:
    """Every parcel's acts as the journal records them. Raises nothing: what cannot be read is not known (:meth:`known`)."""

    def __init__(self, journal: Iterable[Mapping[str, object]]) -> None:
        self._parcels: dict[str, _Parcel] = {}
        self._where: dict[str, tuple[str, str]] = {}
        self.complete = True  # False: decisions were written in bulk, without their values
        for row in journal:
            if row.get("what") == "decision":
                self._take(str(row.get("key") or ""), str(row.get("action") or ""), row.get("before"), row.get("after"))
        self._leads = self._projects()

    def known(self, parcel: str) -> bool:
        """Whether the journal records everything that was decided of a parcel."""
        return self.complete

    def entries(self, parcel: str) -> dict[str, Entry]:
        """Part -> what counts; the key ``""`` for a parcel that is decided as a whole. A project's parcels have the leading one's."""
        result = self._parcels.get(self._leads.get(parcel, parcel), _Parcel())
        whole = result.stacks.get("", [])
        parts = _parts_of_split(whole)
        if parts is None and _decided_in_parts(result):
            parts = sorted(part for part, stack in result.stacks.items() if part and stack)
        if parts is None:
            return {"": _entry(whole)}
        return {part: _entry(result.stacks.get(part, [])) for part in parts}

    def _take(self, key: str, action: str, before: object, after: object) -> None:
        values = _plain(after)
        if action == "insert" and values.get("id"):
            self._insert(values)
        elif action == "insert" or action == "replace":
            self.complete = False
        elif (action == "update" and values.get("status") == "undone") or action == "delete":
            self._undo(key)

    def _insert(self, row: dict[str, object]) -> None:
        number, part = str(row["parcel"]), str(row.get("part") or "")
        parcel = self._parcels.setdefault(number, _Parcel())
        parcel.stacks.setdefault(part, []).append(row)
        self._where[str(row["id"])] = (number, part)
        if not part and (_word(row, "action") in ("split", "reopen") or _joins_parts(row)):
            parts = {name: parcel.stacks.pop(name) for name in list(parcel.stacks) if name}
            parcel.aside.append((str(row["id"]), parts))

    def _undo(self, key: str) -> None:
        number, part = self._where.get(key, ("", ""))
        parcel = self._parcels.get(number)
        if parcel is None:
            return
        stack = parcel.stacks.get(part, [])
        parcel.stacks[part] = [row for row in stack if str(row["id"]) != key]
        if parcel.aside and parcel.aside[-1][0] == key:
            for name in [name for name in parcel.stacks if name]:
                del parcel.stacks[name]
            parcel.stacks.update(parcel.aside.pop()[1])

    def _projects(self) -> dict[str, str]:
        """Member of a project -> its leading parcel."""
        result: dict[str, str] = {}
        for number, parcel in self._parcels.items():
            merges = [
                row for row in parcel.stacks.get("", ()) if _word(row, "action") == "merge" and not _joins_parts(row)
            ]
            for member in _word(merges[-1], "members") or () if merges else ():
                result.setdefault(str(member), number)
        return result


def _entry(stack: list[dict[str, Any]]) -> Entry:
    if not stack:
        return Entry()
    state = str(_word(stack[-1], "state") or ("已复核" if stack[-1].get("role") == "复核" else "已判定"))
    made: Optional[dict[str, Any]] = None
    reviewer = ""
    for row in stack:
        action = _word(row, "action") or ("review" if row.get("role") == "复核" else "override")
        if action in ("accept", "override"):
            made, reviewer = row, ""
        elif action == "review":
            reviewer = str(row.get("person") or "")
    if made is None or state not in _IN_FORCE:
        return Entry(state=state)
    names = ("category", "subtype", "person")
    values = {name: str(made.get(name) or "") for name in names}
    return Entry(**values, reviewer=reviewer if state != "已判定" else "", state=state)


def _parts_of_split(whole: list[dict[str, Any]]) -> Optional[list[str]]:
    """The parts of the split that stands; None without one."""
    result: Optional[list[str]] = None
    for row in whole:
        if _word(row, "action") == "split":
            result = sorted(_word(row, "parts") or {})
        elif _joins_parts(row) or _word(row, "action") == "reopen":
            result = None
    return result


def _decided_in_parts(parcel: _Parcel) -> bool:
    """Parts decided without a split, after the whole was."""
    again = ("accept", "override", "rejudge", "merge", "reopen")
    whole = [row for row in parcel.stacks.get("", ()) if _word(row, "action") in again]
    parts = [
        row
        for part, stack in parcel.stacks.items()
        for row in stack
        if part and _word(row, "action") in ("accept", "override")
    ]
    order = "sequence"
    return bool(parts) and max(int(row.get(order) or 0) for row in parts) > max(
        (int(row.get(order) or 0) for row in whole), default=-1
    )


def _joins_parts(row: Mapping[str, object]) -> bool:
    members = [str(name) for name in _word(row, "members") or ()] if _word(row, "action") == "merge" else []
    return bool(members) and all(name[:1] == "_" and name[1:].isdecimal() for name in members)


def _word(row: Mapping[str, object], name: str) -> Any:
    """A value of a row as the journal of any release wrote it: in a column of its own, or among ``fields``."""
    value = row.get(name)
    if not is_missing(value):
        return _decoded(value) if name == "members" else value
    return _plain(row.get("fields")).get(name)


def _plain(value: object) -> dict[str, Any]:
    decoded = _decoded(value)
    return dict(decoded) if isinstance(decoded, Mapping) else {}


def _decoded(value: object) -> object:
    """JSON that stands as text inside the journal's own JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
