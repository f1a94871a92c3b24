"""Random acts of several people on one workspace; after each, everything that hangs on them still agrees.

The normal run is short and always the same. ``WEIPIAN_DEEP_STEPS=2000`` plays that many steps at random (``WEIPIAN_DEEP_SEED``: which),
and ``WEIPIAN_DEEP_LOG`` names a file that counts the steps played.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Optional

import pandas as pd
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.small_office import CHANGES, LAST_YEAR, MINE, SERIALS, SmallOffice, number
from weipian_plugin import filing, oversight
from weipian_plugin.filing.inventory import take_inventory
from weipian_plugin.filing.manifest import Manifest
from weipian_plugin.filing.tables import register, upload_table
from weipian_plugin.filing.verify import _decisions
from weipian_plugin.gui import recording as beside
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import drafts, load_profile
from weipian_plugin.judgment.recording import Act, part_histories, record, standings
from weipian_plugin.judgment.standing import action_of
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Decision, Rectification
from weipian_plugin.oversight.table import TOTAL
from weipian_plugin.pipeline import photos
from weipian_plugin.workspace.mapping import record_of
from weipian_plugin.workspace.repository import Repository

AS_OF = date(2099, 1, 1)  # acts are dated by the real clock
DEEP = int(os.environ.get("WEIPIAN_DEEP_STEPS", "0"))
CLOCK = "2026-03-01T08:00:00+08:00"

serials = st.sampled_from(SERIALS)
parts = st.sampled_from(["", "", "_1", "_2"])
people = st.sampled_from(["张三", "李四", "王五"])
categories = st.sampled_from(["合法", "违法", "其他"])


class OfficeDay(RuleBasedStateMachine):
    """One workspace, several people."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="weipian-day-"))
        self.office = SmallOffice(self.folder)
        self.store = self.office.store
        self.entered: list[str] = []
        self.given: set[str] = set()  # photos that were given
        self.drafts: dict[tuple[str, str, str], dict[str, str]] = {}
        self.moves = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize()
    def take_in(self) -> None:
        self.office.deliver((1, 2, 3, MINE, LAST_YEAR))
        self.office.measure()

    def _has(self, serial: int) -> bool:
        return serial in self.office.known

    def _word(self, about: str) -> str:
        self.moves += 1
        return f"{about}{self.moves}"

    # ---- people judge ----

    def _act(self, serial: int, part: str, action: str, who: str, make: Any, **more: Any) -> bool:
        name = number(serial)
        try:
            record(self.store, Act(name, part, action, who, make, **more))
        except WeipianError as error:
            assert error.code.startswith(("judgment.", "workspace.")) and "‹" not in str(error)
            return False
        self.entered.extend(value for value in more.get("form", {}).values() if value)
        if action in ("accept", "override") or more.get("form"):
            self.drafts.pop((who, name, part), None)
        return True

    @rule(serial=serials, part=parts, who=people, category=categories, named=st.booleans())
    def decide(self, serial: int, part: str, who: str, category: str, named: bool) -> None:
        rows = self.store.records("proposal", parcel=number(serial), part=part)
        if not rows:
            return  # the window does not offer it
        actor, reason, profile = judge.Actor(who, "经办", CLOCK), self._word("理由"), self._profile(serial)
        form = {"项目名称": self._word("园区") if named else ""}

        def make(history: Any) -> judge.Change:
            return judge.override(
                history, proposal_of(rows[0]), actor, profile, judge.Outcome(category, "", reason, "照片")
            )

        self._act(serial, part, "override", who, make, form=form)

    def _profile(self, serial: int) -> Any:
        profile = load_profile("national-2023")
        return (profile.mining or profile) if self.office.known[serial].kind == "mining" else profile

    @rule(
        serial=serials,
        part=parts,
        who=people,
        action=st.sampled_from(["review", "reject", "file", "send_back", "rejudge", "postpone"]),
        typed=st.booleans(),
    )
    def carry_on(self, serial: int, part: str, who: str, action: str, typed: bool) -> None:
        if not self._has(serial):
            return
        actor, reason, profile = judge.Actor(who, "复核", CLOCK), self._word("说明"), self._profile(serial)
        make = {
            "review": lambda history: judge.review(history, actor, profile, rectified=True),
            "reject": lambda history: judge.reject(history, actor, reason),
            "file": lambda history: judge.file(history, actor, four_eyes=False),
            "send_back": lambda history: judge.send_back(history, actor, reason),
            "rejudge": lambda history: judge.rejudge(
                history, actor, profile, judge.Outcome("其他", "", reason, "影像")
            ),
            "postpone": lambda history: judge.postpone(history, number(serial), part, actor, "2026-12-31", reason),
        }
        form = {"项目主体": self._word("复核所填")} if typed and action == "review" else {}
        self._act(serial, part, action, who, make[action], form=form)

    @rule(serial=serials, part=parts, who=people, with_parts=st.booleans())
    def undo(self, serial: int, part: str, who: str, with_parts: bool) -> None:
        actor = judge.Actor(who, "经办", CLOCK)
        histories = {} if part else part_histories(self.store, number(serial))
        self._act(
            serial,
            part,
            "undo",
            who,
            lambda history: judge.undo(history, actor, parts=histories, with_parts=with_parts),
        )

    @rule(serial=serials, who=people)
    def split(self, serial: int, who: str) -> None:
        name = number(serial)
        actor, decided = judge.Actor(who, "经办", CLOCK), part_histories(self.store, name)
        rows = self.store.records("part", parcel=name)
        if len(rows) < 2 or standings(self.store).of(name).divided:
            return  # the window does not offer it
        proposed = {str(row["part"]): float(row["area_m2"]) for row in rows}
        area = round(float(self.store.records("parcel", number=name)[0]["area_m2"]), 2)
        self._act(
            serial,
            "",
            "split",
            who,
            lambda history: judge.split(
                history, name, judge.Division(proposed, area, split_state="", tolerance_m2=0.02, decided=decided), actor
            ),
        )

    @rule(serial=serials, who=people)
    def unsplit(self, serial: int, who: str) -> None:
        name = number(serial)
        actor, histories = judge.Actor(who, "经办", CLOCK), part_histories(self.store, name)
        stands = standings(self.store).of(name)
        if stands.divided:
            members = list(stands.parts)
            self._act(
                serial,
                "",
                "merge",
                who,
                lambda history: judge.merge(
                    history, name, judge.Merger(members, histories, split_state="被拆分"), actor
                ),
            )

    @rule(lead=serials, member=serials, who=people)
    def merge(self, lead: int, member: int, who: str) -> None:
        if lead == member or not (self._has(lead) and self._has(member)):
            return
        known, other = standings(self.store), number(member)
        histories = {other: list(known.of(other).whole.acts)}
        actor = judge.Actor(who, "经办", CLOCK)
        self._act(
            lead,
            "",
            "merge",
            who,
            lambda history: judge.merge(
                history, number(lead), judge.Merger([other], histories, reason="同一项目"), actor
            ),
        )

    # ---- deliveries and what is made from them ----

    @rule(which=st.lists(serials, min_size=1, max_size=4, unique=True), change=st.sampled_from(CHANGES))
    def deliver(self, which: list[int], change: str) -> None:
        """New parcels and known ones: the same, of another shape, seen on another day, of another kind, with another project name."""
        again = {number(serial) for serial in which if self._has(serial)}
        acted = {name for name in again if any(map(_judged, Repository(self.store).decisions(name)))}
        counts = self.office.deliver(which, change)
        assert counts["REFUSED"] == 0
        known = standings(self.store)
        if change in ("moved", "dates", "kind"):
            for name in again:
                stands = known.of(name)
                assert not any(unit.done for unit in stands.units), "what was decided of another shape counts no more"
                assert not stands.divided, "parts of another shape are none"
                assert not self.store.records("proposal", parcel=name) and not self.store.records("part", parcel=name)
                self._nothing_comes_back(name, name in acted)

    def _nothing_comes_back(self, name: str, acted: bool) -> None:
        """However often somebody undoes, no decision of the old shape is in force again."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.gpkg"
            self.store.backup(copy)
            with type(self.store).open(copy, check=False) as store:
                for _ in range(12):
                    actor, histories = judge.Actor("张三", "经办", CLOCK), part_histories(store, name)
                    try:
                        record(
                            store,
                            Act(name, "", "undo", "张三", lambda rows: judge.undo(rows, actor, parts=histories)),  # noqa: B023
                        )
                    except WeipianError:
                        break
                    stands = standings(store).of(name)
                    assert not any(unit.done for unit in stands.units), acted

    @rule()
    def measure_again(self) -> None:
        self.office.measure()

    # ---- photos ----

    @rule(serial=serials, again=st.booleans())
    def shoot(self, serial: int, again: bool) -> None:
        self.office.shoot(serial, again)
        self.given.add(f"{self.office.shots}.jpg")

    @rule(place=st.integers(0, 30), serial=serials, who=people, attached=st.booleans(), undone=st.booleans())
    def attach(self, place: int, serial: int, who: str, attached: bool, undone: bool) -> None:
        rows = self.store.records("photo")
        if not rows or not self._has(serial):
            return
        key = rows[place % len(rows)]["sha256"]
        links = self.store.records("photo_parcel")
        before = beside.attach(self.store, key, number(serial), attached, who)
        if undone:
            beside.put_back_photo(self.store, key, number(serial), before, who)
            assert _plain(self.store.records("photo_parcel")) == _plain(links)

    @rule(place=st.integers(0, 30), who=people, back=st.booleans())
    def take_photo_out(self, place: int, who: str, back: bool) -> None:
        rows = [row for row in self.store.records("photo") if row["status"] != "removed"]
        if not rows:
            return
        row = rows[place % len(rows)]
        links = self.store.records("photo_parcel", photo=row["sha256"])
        photos.remove(self.store, row["file"], who)
        assert not self.store.records("photo_parcel", photo=row["sha256"], status="attached")
        if back:
            photos.restore(self.store, row["file"], who)
            assert _plain(self.store.records("photo_parcel", photo=row["sha256"])) == _plain(links)
            assert self.store.records("photo", file=row["file"])[0]["status"] == row["status"]

    # ---- drafts, rectification, documents ----

    @rule(serial=serials, part=parts, who=people, cleared=st.booleans())
    def draft(self, serial: int, part: str, who: str, cleared: bool) -> None:
        if not self._has(serial):
            return
        key = (who, number(serial), part)
        if cleared:
            drafts.clear(self.store, *key)
            self.drafts.pop(key, None)
        else:
            self.drafts[key] = {"项目名称": self._word("草稿"), "备注": ""}
            drafts.save(self.store, *key, self.drafts[key])

    @rule(serial=serials, part=parts, who=people, undone=st.booleans())
    def rectify(self, serial: int, part: str, who: str, undone: bool) -> None:
        if not self._has(serial):
            return
        name, note = number(serial), self._word("整改")
        rows = self.store.read("rectification", parcel=name, part=part).to_dict("records")
        seen = record_of(Rectification, rows[0]) if rows else None
        values = {"method": "拆除复耕", "note": note, "removed_m2": 10.0, "remaining_m2": 0.0, "closed": 1}
        before = beside.record_rectification(self.store, name, part, values, who, seen)
        if undone:
            beside.put_back_rectification(self.store, name, part, before, who)
        self.entered.append(note)

    @rule(serial=serials, who=people, gone=st.booleans(), undone=st.booleans())
    def document(self, serial: int, who: str, gone: bool, undone: bool) -> None:
        if not self._has(serial):
            return
        known = self.store.records("document", parcel=number(serial))
        if gone and known:
            row = beside.remove_document(self.store, known[0]["id"], who)
            if undone:
                assert row is not None
                beside.put_back_document(self.store, row, who)
            return
        title = self._word("批文")
        copy = beside.CopiedFile(f"材料/{title}.pdf", title, 3, "x.pdf")
        beside.add_documents(self.store, number(serial), [copy], {"kind": "批文", "title": title}, who)
        self.entered.append(title)

    # ---- what is handed in ----

    @rule(serial=serials)
    def export(self, serial: int) -> None:
        if not self._has(serial):
            return
        workspace = self.store.path.parent
        (case,) = filing.gather_cases(self.store.snapshot(), [number(serial)], workspace_folder=workspace)
        (made,) = filing.write_packages([case], self.folder / "卷宗", filing.PackageOptions())
        if case.unmeasured:
            assert made.code == "filing.not_measured"
            return
        checks = {check.code for check in made.missing if check.level == "error"}
        assert made.complete == (not checks)
        row = {
            "parcel": case.number,
            "path": str(made.path),
            "complete": int(made.complete),
            "manifest_sha256": made.manifest_sha256,
        }
        self.store.replace("package", pd.DataFrame([row]), "系统", "导出卷宗", parcel=[case.number])
        stock = take_inventory(
            self.folder / "卷宗",
            {str(row["parcel"]): str(row["path"]) for row in self.store.records("package")},
            [number(serial) for serial in self.office.known],
        )
        assert stock.findings == ()
        (again,) = filing.gather_cases(self.store.snapshot(), [case.number], workspace_folder=workspace)
        assert [finding.code for finding in filing.verify(made.path, again) if finding.level == "error"] == []

    @precondition(lambda self: self.moves % 4 == 0)  # it takes seconds
    @rule(year=st.sampled_from([2025, 2026]))
    def tabulate(self, year: int) -> None:
        report = self.folder / "报表"
        shutil.rmtree(report, ignore_errors=True)
        counts = self.office.tabulate(report, AS_OF.isoformat(), year)
        assert counts["PARCELS"] == len(self.office.known) and counts["TABLES"] >= 6

    # ---- what always holds ----

    @invariant()
    def nothing_contradicts(self) -> None:
        if not self.office.known:
            return
        _count_step()
        numbers = sorted(map(number, self.office.known))
        snapshot = self.store.snapshot()
        known = standings(self.store)
        stored = dict(zip(snapshot["parcel"]["number"], snapshot["parcel"]["state"]))
        assert stored == {name: known.of(name).state for name in numbers}
        cases = list(filing.gather_cases(snapshot, numbers, workspace_folder=self.store.path.parent))
        for case in cases:
            assert [finding.message.details for finding in _decisions(Manifest("", "", "", True, {}, ()), case)] == []
            assert case.parcel.state == stored[case.number]
        for year in (2025, 2026) if self.moves % 4 == 0 else (2026,):
            self._counted_once(snapshot, known, year)
        assert len(register(cases)) == len(numbers)
        for family in ("A", "B"):
            rows = upload_table(cases, family)
            named = [str(row.get("图斑编号") or row.get("线索编号")) for row in rows]
            assert len(named) == len(set(named)) and set(numbers) <= set(named)
        assert [doubt.code for doubt in self.store.audit()] == []
        written = "\n".join(f"{row}" for row in snapshot["journal"]["after"])
        assert [text for text in self.entered if text not in written] == []
        self._kept()

    def _kept(self) -> None:
        """Photos and drafts: what was given and typed is there."""
        found = {Path(str(row["file"])).name for row in self.store.records("photo")}
        assert self.given <= found
        kept = {(row["person"], row["parcel"], row["part"] or ""): row["fields"] for row in self.store.records("draft")}
        assert kept == self.drafts

    def _counted_once(self, snapshot: Any, known: Any, year: int) -> None:
        mine = {
            serial: delivered
            for serial, delivered in self.office.known.items()
            if (serial == LAST_YEAR) == (year == 2025)
        }
        if not mine:
            return
        numbers = {number(serial) for serial in mine}
        land = {number(serial) for serial, delivered in mine.items() if delivered.kind == "land"}
        prepared = oversight.prepare(snapshot, AS_OF, year=year)
        assert sorted(prepared.originals.parcel) == sorted(numbers)
        assert sorted(prepared.due.parcel) == sorted(numbers)
        items: dict[str, dict[str, str]] = {}
        for parcel, part, category in zip(prepared.items.parcel, prepared.items.part, prepared.items.category):
            assert part not in items.setdefault(parcel, {}), "counted twice"
            items[parcel][part] = category
        wanted = {name: {unit.part: unit.category for unit in known.of(name).units} for name in numbers}
        assert items == wanted
        if land:
            table = oversight.tables.county_statistics(prepared)
            assert set(table.parcels(table.figure_id(TOTAL, "verified_count"))) == land
            assert table.value(TOTAL, "original_count") == len(land)
        if numbers - land:
            table = oversight.mining.statistics(prepared.of_kind("mining"))
            assert table.value(TOTAL, "original_count") == len(numbers - land)
        oversight.tables.violation_statistics(prepared, "nonagri")
        whole = prepared.items.area.groupby(prepared.items.parcel).sum()
        issued = dict(zip(prepared.originals.parcel, prepared.originals.area))
        for name in numbers:
            assert whole[name] == pytest.approx(issued[name], abs=0.02 * 0.0015), "parts add up to their parcel"


def _judged(act: Decision) -> bool:
    return action_of(act) in ("accept", "override", "rejudge", "split") and act.status != "undone"


def _plain(rows: list[dict[str, Any]]) -> list[str]:
    """Rows for comparing: the same whatever their place in the table; NULL and NaN are the same."""
    return sorted(
        str({name: None if value != value else value for name, value in row.items() if name != "fid"}) for row in rows
    )


_PLAYED: Counter[str] = Counter()


def _count_step() -> None:
    _PLAYED["steps"] += 1
    log = os.environ.get("WEIPIAN_DEEP_LOG")
    if log:
        Path(log).write_text(f"{_PLAYED['steps']}\n", encoding="utf-8")


def test_a_part_decided_after_a_split_was_taken_back_counts() -> None:
    """Found by the machine: standing and journal disagreed on it."""
    day = OfficeDay()
    try:
        day.take_in()
        for _ in range(2):
            day.split(serial=1, who="李四")
            day.decide(category="违法", named=False, serial=1, part="_1", who="李四")
            day.undo(serial=1, part="", who="王五", with_parts=True)
            day.decide(category="合法", named=False, serial=1, part="_2", who="李四")
            day.nothing_contradicts()
            assert standings(day.store).of(number(1)).unit("_2").category == "合法"
    finally:
        day.teardown()


OfficeDay.TestCase.settings = settings(
    max_examples=max(1, DEEP // 40) if DEEP else 3,
    stateful_step_count=40 if DEEP else 20,
    derandomize=not DEEP,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TestOfficeDay: Optional[Any] = OfficeDay.TestCase
if DEEP:
    TestOfficeDay = seed(int(os.environ.get("WEIPIAN_DEEP_SEED") or random.randrange(10**6)))(OfficeDay.TestCase)
