"""All short histories of a parcel, as the rules of judging allow them, and what counts after each, worked out on a stack of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import load_profile
from weipian_plugin.judgment.standing import counting_history
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Proposal
from weipian_plugin.workspace.mapping import row_of

AREA = {"_1": 1200.0, "_2": 800.0}
DONE = ("已判定", "已复核", "已填报")
ON_WHOLE = ("accept", "override", "postpone", "review", "reject", "file", "send_back", "rejudge", "undo", "stale")
ON_PARTS = ("split", "unsplit", "merge", "accept_1", "override_2", "review_1", "undo_1")


@dataclass(frozen=True)
class Told:
    """What counts, by an account of its own: acts on a stack each of the whole (``""``) and the parts; undoing takes the top away."""

    stacks: dict[str, tuple[tuple[str, str, str], ...]] = field(
        default_factory=dict
    )  # part -> (action, state, category)
    parked: tuple[dict[str, Any], ...] = ()  # stacks of parts put aside by a split or a merge of parts

    def top(self, part: str) -> tuple[str, str, str]:
        return self.stacks.get(part, ())[-1] if self.stacks.get(part) else ("", "未提报", "")

    @property
    def split(self) -> bool:
        found = False
        for action, _, _ in self.stacks.get("", ()):
            found = action == "split" or (found and action != "unsplit")
        return found

    def units(self) -> dict[str, tuple[str, str]]:
        """Part -> state and the category that counts ("" while open)."""
        names = ("_1", "_2") if self.split else ("",)
        tops = {name: self.top(name) for name in names}
        return {name: (state, category if state in DONE else "") for name, (_, state, category) in tops.items()}

    def decided(self) -> dict[str, str]:
        """Part -> category of the act of the person in charge that counts."""
        found = {}
        for name, (state, _) in self.units().items():
            made = [category for action, _, category in self.stacks.get(name, ()) if action in ("accept", "override")]
            if state in DONE and made:
                found[name] = made[-1]
        return found

    @property
    def state(self) -> str:
        states = [state for state, _ in self.units().values()]
        for open_state in ("退回", "改判", "未提报"):
            if open_state in states and not set(states) <= set(DONE):
                return open_state
        return min(states, key=DONE.index)

    def after(self, name: str, category: str) -> Told:
        action, _, part = name.partition("_")
        part = f"_{part}" if part and action != "send" else ""
        action = "send_back" if name == "send_back" else action
        stack = self.stacks.get(part, ())
        if action == "stale":
            return self
        if action == "undo":
            return self._undone(part, stack)
        state = {"review": "已复核", "file": "已填报", "reject": "退回", "send_back": "退回", "rejudge": "改判"}
        before = self.top(part)
        if action == "postpone":
            entry = (action, before[1], before[2])
        elif action in ("split", "unsplit", "merge"):
            entry = (action, "未提报", "")
        elif action in ("accept", "override"):
            entry = (action, "已判定", category)
        else:
            entry = (action, state[action], category if action == "rejudge" else before[2])
        stacks = {**self.stacks, part: (*stack, entry)}
        if action not in ("split", "unsplit"):
            return Told(stacks, self.parked)
        parts = {key: value for key, value in stacks.items() if key}
        return Told({"": stacks[""]}, (*self.parked, parts))

    def _undone(self, part: str, stack: tuple[tuple[str, str, str], ...]) -> Told:
        stacks = {**self.stacks, part: stack[:-1]}
        if stack[-1][0] not in ("split", "unsplit"):
            return Told(stacks, self.parked)
        return Told({"": stacks[""], **self.parked[-1]}, self.parked[:-1])


@dataclass(frozen=True)
class History:
    """Number, names of the acts, rows of table ``decision``, what counts, and the journal rows that the acts wrote."""

    number: str
    taken: tuple[str, ...]
    rows: list[Any]
    told: Told
    journal: list[Any]

    def __iter__(self) -> Iterator[Any]:
        return iter((self.number, self.taken, self.rows, self.told))


def histories(names: tuple[str, ...], longest: int, prefix: str = "P") -> Iterator[History]:
    """Number, names of the acts, rows of table ``decision`` (those of a merge name ``<number>M`` as member), and what counts.

    Every row has a sequence; versions and clocks are against it: marks raise the version of older rows, the clock runs backwards.
    """
    profile = load_profile("national-2023")

    def grown(taken: tuple[str, ...], rows: list[Any], told: Told, journal: list[Any]) -> Iterator[Any]:
        if taken:
            yield taken, rows, told, journal
        if len(taken) == longest:
            return
        for name in names:
            try:
                after, written = _applied(rows, name, profile, len(taken))
            except WeipianError:
                continue
            category = "违法" if "override" in name else "其他" if name == "rejudge" else "合法"
            yield from grown((*taken, name), after, told.after(name, category), [*journal, *written])

    for position, (taken, rows, told, journal) in enumerate(grown((), [], Told(), [])):
        number = f"{prefix}{position:06d}"
        written = [
            {
                **entry,
                "key": f"{number}/{entry['key']}",
                "after": _of(entry["after"], number) if entry["action"] == "insert" else entry["after"],
            }
            for entry in journal
        ]
        yield History(number, taken, [_of(row_of(row), number) for row in rows], told, written)


def _applied(rows: list[Any], name: str, profile: Any, step: int) -> tuple[list[Any], list[Any]]:
    part = name[-2:] if name[-2:] in AREA else ""
    action = name.removesuffix(part)
    clock = f"2026-03-{20 - step:02d}T08:00:00+08:00"
    officer, reviewer = judge.Actor("张三", "经办", clock), judge.Actor("李四", "复核", clock)
    history = counting_history(rows, part)
    proposal = Proposal("P", part, "合法", "农用地转用批准", "legal", AREA.get(part, 2000.0), "high")
    parts = {key: counting_history(rows, key) for key in AREA if any(row.part == key for row in rows)}
    if part and not _divided(rows):
        raise WeipianError("judgment.decision_none")
    make: dict[str, Callable[[], judge.Change]] = {
        "accept": lambda: judge.accept(history, proposal, officer, profile),
        "override": lambda: judge.override(
            history, proposal, officer, profile, judge.Outcome("违法", "", "现场", "照片")
        ),
        "postpone": lambda: judge.postpone(history, "P", part, officer, "2026-12-31", "等照片"),
        "review": lambda: judge.review(history, reviewer, profile, rectified=True),
        "reject": lambda: judge.reject(history, reviewer, "材料不足"),
        "file": lambda: judge.file(history, officer),
        "send_back": lambda: judge.send_back(history, reviewer, "补充照片"),
        "rejudge": lambda: judge.rejudge(history, officer, profile, judge.Outcome("其他", "", "变化", "影像")),
        "split": lambda: judge.split(history, "P", judge.Division(AREA, 2000.0, decided=parts), officer),
        "unsplit": lambda: judge.merge(history, "P", judge.Merger(list(AREA), parts), officer),
        "merge": lambda: judge.merge(history, "P", judge.Merger(["PM"], {}), officer),
        "undo": lambda: judge.undo(history, officer, parts=parts),
        "stale": lambda: _marked(history),
    }
    if action == "unsplit" and not _divided(rows):
        raise WeipianError("judgment.merge_members")
    if action == "merge" and (_divided(rows) or any(row.action == "merge" for row in rows)):
        raise WeipianError("judgment.merge_split")
    if action == "split" and any(row.action == "merge" and row.members == ("PM",) for row in rows):
        raise WeipianError("judgment.merge_split")
    change = make[action]()
    updated = [
        replace(row, **{**change.update.get(row.id, {}), "version": row.version + (row.id in change.update)})
        for row in rows
    ]
    inserted = [replace(row, sequence=len(rows) + 1) for row in change.insert]
    journal = [
        {"what": "decision", "key": key, "action": "update", "after": dict(c)} for key, c in change.update.items()
    ]
    journal += [{"what": "decision", "key": row.id, "action": "insert", "after": row_of(row)} for row in inserted]
    return [*updated, *inserted], journal


def _divided(rows: list[Any]) -> bool:
    from weipian_plugin.judgment.standing import acts_in_force, split_of

    return split_of(acts_in_force([row for row in rows if not row.part])) is not None


def _marked(history: list[Any]) -> judge.Change:
    row = judge.current(history)
    if row is None:
        raise WeipianError("judgment.decision_none")
    return judge.Change(update={row.id: {"stale": {"gone": False, "changed": {}}}})


def _of(row: dict[str, Any], number: str) -> dict[str, Any]:
    """A row of table ``decision`` as one of another parcel."""
    members = None if row.get("members") is None else [name.replace("PM", f"{number}M") for name in row["members"]]
    own = {"id": f"{number}/{row['id']}", "parcel": number, "members": members}
    previous = None if row["previous"] is None else f"{number}/{row['previous']}"
    closed = [f"{number}/{key}" for key in row["fields"].get("closed", ())]
    return {**row, **own, "previous": previous, "fields": {**row["fields"], **({"closed": closed} if closed else {})}}
