"""Nothing drops out of a duty: what happens to judged, divided and merged parcels when they come again, are measured anew or sent back.

All through the steps of the pipeline on a small office, and looked at in all papers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.small_office import MINE, SmallOffice, number
from weipian_plugin import filing, oversight
from weipian_plugin.filing.tables import register, upload_table
from weipian_plugin.gui import recording as beside
from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import drafts, load_profile
from weipian_plugin.judgment.recording import Act, part_histories, record, standings
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.oversight.columns import rows
from weipian_plugin.oversight.item_columns import Item
from weipian_plugin.oversight.table import TOTAL
from weipian_plugin.pipeline.exported import record_export

DAY = date(2099, 1, 1)
CLERK, CHECKER = (
    judge.Actor("张三", "经办", "2026-03-01T08:00:00+08:00"),
    judge.Actor("李四", "复核", "2026-03-02T08:00:00+08:00"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    made = SmallOffice(tmp_path)
    made.deliver((1, 2, MINE))
    made.measure()
    yield made
    made.store.close()


def act(
    office: SmallOffice, serial: int, action: str, make: Any, part: str = "", who: str = "张三", **form: str
) -> None:
    record(office.store, Act(number(serial), part, action, who, make, form=form))


def decide(office: SmallOffice, serial: int, category: str, part: str = "", who: str = "张三", **form: str) -> None:
    (row,) = office.store.records("proposal", parcel=number(serial), part=part)
    profile = load_profile("national-2023")
    profile = (profile.mining or profile) if office.known[serial].kind == "mining" else profile
    actor = judge.Actor(who, "经办", CLERK.at)
    act(
        office, serial, "override",
        lambda rows: judge.override(rows, proposal_of(row), actor, profile, judge.Outcome(category, "", "现场", "照片")), part, who, **form,
    )  # fmt: skip


def split(office: SmallOffice, serial: int) -> dict[str, float]:
    name = number(serial)
    areas = {str(row["part"]): float(row["area_m2"]) for row in office.store.records("part", parcel=name)}
    whole = round(float(office.store.records("parcel", number=name)[0]["area_m2"]), 2)
    act(
        office,
        serial,
        "split",
        lambda rows: judge.split(rows, name, judge.Division(areas, whole, split_state="", tolerance_m2=0.02), CLERK),
    )
    return areas


def undo(office: SmallOffice, serial: int, part: str = "", with_parts: bool = True) -> None:
    parts = {} if part else part_histories(office.store, number(serial))
    act(office, serial, "undo", lambda rows: judge.undo(rows, CLERK, parts=parts, with_parts=with_parts), part)


def merge(office: SmallOffice, lead: int, member: int) -> None:
    acts = {number(member): list(standings(office.store).of(number(member)).whole.acts)}
    act(
        office, lead, "merge",
        lambda rows: judge.merge(rows, number(lead), judge.Merger([number(member)], acts, reason="同一项目"), CLERK),
    )  # fmt: skip


def stands(office: SmallOffice, serial: int) -> Any:
    return standings(office.store).of(number(serial))


def cases(office: SmallOffice) -> dict[str, filing.ParcelCase]:
    snapshot = office.store.snapshot()
    made = filing.gather_cases(snapshot, list(snapshot["parcel"]["number"]), workspace_folder=office.store.path.parent)
    return {case.number: case for case in made}


def nothing_decided(office: SmallOffice, serial: int) -> None:
    """In no paper a decision stands for the parcel, and it is counted once, open."""
    name, made = number(serial), cases(office)
    assert made[name].decision is None and made[name].parcel.state == "退回"
    row = next(row for row in register(made.values()) if row["图斑编号"] == name)
    assert not row["经办人判定"]
    for family in ("A", "B"):
        rows = [row for row in upload_table(made.values(), family) if name in map(str, row.values())]
        assert len(rows) == 1 and not {"合法", "违法", "其他"} & set(map(str, rows[0].values()))
    items = oversight.prepare(office.store.snapshot(), DAY, year=2026).items
    own = items.where(items.parcel == name)
    assert own.part.tolist() == [""] and own.category.tolist() == [""]
    assert office.store.audit() == []


@pytest.mark.parametrize("change", ["moved", "dates", "kind"])
@pytest.mark.parametrize("before", ["decided", "rejected", "split over a decision", "parts decided"])
def test_no_undoing_brings_a_judgment_of_the_old_shape_back(office: SmallOffice, change: str, before: str) -> None:
    if before == "parts decided":
        decide(office, 1, "合法", "_1")
        decide(office, 1, "违法", "_2")
    else:
        decide(office, 1, "合法")
    if before == "rejected":
        act(office, 1, "reject", lambda rows: judge.reject(rows, CHECKER, "材料不足"), who="李四")
    if before == "split over a decision":
        split(office, 1)
        decide(office, 1, "合法", "_1")
    office.deliver((1,), change)
    assert not stands(office, 1).divided
    nothing_decided(office, 1)
    with pytest.raises(WeipianError) as rejected:
        undo(office, 1)
    assert rejected.value.code == "judgment.undo_reopened"
    office.measure()
    nothing_decided(office, 1)
    decide(office, 1, "违法")
    assert cases(office)[number(1)].decision.category == "违法"  # type: ignore[union-attr]
    undo(office, 1)
    nothing_decided(office, 1)


def test_a_member_of_a_project_that_comes_again_reopens_the_project_and_its_own_earlier_decision(
    office: SmallOffice,
) -> None:
    decide(office, 2, "合法")
    act(office, 2, "reject", lambda rows: judge.reject(rows, CHECKER, "材料不足"), who="李四")
    merge(office, 1, 2)
    decide(office, 1, "合法")
    office.deliver((2,), "moved")
    assert stands(office, 1).state == stands(office, 2).state == "退回" and stands(office, 2).merged
    undo(office, 1)
    assert not stands(office, 1).merged and not stands(office, 2).merged
    assert stands(office, 1).state == stands(office, 2).state == "退回"
    for serial in (1, 2):
        nothing_decided(office, serial)


def test_a_project_is_decided_as_a_whole(office: SmallOffice) -> None:
    merge(office, 1, 2)
    for rejected, code in (
        (lambda: split(office, 1), "judgment.merge_whole"),
        (lambda: decide(office, 1, "合法", "_1"), "judgment.merge_whole"),
        (lambda: decide(office, 2, "合法"), "judgment.merge_member"),
        (lambda: merge(office, MINE, 1), "judgment.merge_known"),
    ):
        with pytest.raises(WeipianError) as error:
            rejected()
        assert error.value.code == code
    undo(office, 1)
    split(office, 1)
    with pytest.raises(WeipianError) as error:
        merge(office, 1, 2)
    assert error.value.code == "judgment.merge_split"


def test_a_split_parcel_that_is_measured_into_other_parts_is_reopened(office: SmallOffice) -> None:
    split(office, 1)
    decide(office, 1, "合法", "_1")
    office.measure()
    assert stands(office, 1).parts["_1"].category == "合法", "the same parts: the division stays"
    catalogue = office.catalogue
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    catalogue.write_text("".join(line for line in lines if "farmland_conversion" not in line), encoding="utf-8")
    office.measure()
    assert not stands(office, 1).divided
    nothing_decided(office, 1)


def test_undoing_a_split_asks_before_it_undoes_what_its_parts_decided(office: SmallOffice) -> None:
    split(office, 1)
    decide(office, 1, "合法", "_1", 项目名称="园区")
    with pytest.raises(WeipianError) as error:
        undo(office, 1, with_parts=False)
    assert error.value.code == "judgment.undo_parts" and stands(office, 1).parts["_1"].category == "合法"
    undo(office, 1, with_parts=True)
    assert not stands(office, 1).divided and {row["status"] for row in office.store.records("decision")} == {"undone"}
    written = "\n".join(str(row["after"]) for row in office.store.records("journal"))
    assert "园区" in written and office.store.audit() == []


def test_a_returned_part_is_listed_with_its_reason_its_day_and_its_answer(office: SmallOffice) -> None:
    split(office, 1)
    for part in ("_1", "_2"):
        decide(office, 1, "合法", part)
    act(office, 1, "review", lambda rows: judge.review(rows, CHECKER, load_profile("national-2023")), "_1", "李四")
    act(office, 1, "send_back", lambda rows: judge.send_back(rows, CHECKER, "缺照片", "市级"), "_1", "李四")
    assert stands(office, 1).state == "退回"

    def listed() -> Any:
        prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
        return oversight.returned.table(prepared, oversight.deadlines.load_calendar()).frame()

    (row,) = listed().to_dict("records")
    assert (row["number"], row["returned_by"], row["reason"], row["answer"]) == (number(1) + "_1", "市级", "缺照片", "")
    assert (row["returned_on"], row["answer_due"], row["status"]) == ("2026-03-02", "2026-03-12", "逾期未答复")
    decide(office, 1, "违法", "_1")
    (row,) = listed().to_dict("records")
    assert (row["status"], row["answer"], row["answered_by"]) == ("已答复", "违法", "张三")


def test_a_land_parcel_that_comes_again_as_mining_leaves_the_figures_of_land(office: SmallOffice) -> None:
    decide(office, 1, "违法")
    office.deliver((1,), "kind")
    office.measure()
    prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
    land = oversight.tables.county_statistics(prepared)
    mining = oversight.mining.statistics(prepared.of_kind("mining"))
    assert land.parcels(land.figure_id(TOTAL, "verified_count")) == (number(2),)
    assert (mining.value(TOTAL, "original_count"), mining.value(TOTAL, "undecided_count")) == (2, 2)
    decide(office, 1, "违法")
    prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
    assert oversight.mining.statistics(prepared.of_kind("mining")).value(TOTAL, "illegal_count") == 1
    assert oversight.tables.violation_statistics(prepared, "nonagri").value(TOTAL, "all_count") == 0


def test_a_decided_parcel_that_is_withdrawn_keeps_its_decision_and_its_place(office: SmallOffice) -> None:
    decide(office, 1, "违法")
    office.deliver((2,), "same")
    assert "withdrawn" in office.store.records("parcel", number=number(1))[0]["flags"]
    assert cases(office)[number(1)].decision.category == "违法"  # type: ignore[union-attr]
    prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
    assert set(prepared.due.parcel) == {number(1), number(2), number(MINE)}


def test_two_peoples_drafts_on_one_parcel_go_each_with_its_own_decision(office: SmallOffice) -> None:
    for who in ("张三", "李四"):
        drafts.save(office.store, who, number(1), "", {"项目名称": who})
    decide(office, 1, "违法", who="李四")
    assert drafts.read(office.store, "李四", number(1)) == {}
    assert drafts.read(office.store, "张三", number(1)) == {"项目名称": "张三"}
    drafts.save(office.store, "王五", number(1), "", {"项目主体": "村委会"})
    checker = judge.Actor("王五", "复核", CHECKER.at)
    profile = load_profile("national-2023")
    act(office, 1, "review", lambda rows: judge.review(rows, checker, profile, True), who="王五", 项目主体="村委会")
    assert drafts.waiting(office.store, "王五") == () and drafts.waiting(office.store, "张三") == ((number(1), ""),)
    assert cases(office)[number(1)].decided_fields["项目主体"] == "村委会", "what the reviewer typed is in force"


def test_rectification_of_parts_is_told_of_a_parcel_that_is_one_piece_again(office: SmallOffice) -> None:
    split(office, 1)
    for part in ("_1", "_2"):
        decide(office, 1, "违法", part)
    values = {
        "method": "拆除复耕",
        "removed_m2": 1000.0,
        "remaining_m2": 0.0,
        "closed": 1,
        "closed_on": "2026-03-05",
        "note": "已复耕",
    }
    beside.record_rectification(office.store, number(1), "_1", values, "张三")
    undo(office, 1)
    decide(office, 1, "违法")
    prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
    (item,) = (each for each in rows(Item, prepared.items) if each.parcel == number(1))
    assert item.removed == pytest.approx(1.5) and "已复耕" in item.note
    assert not item.finished, "one part was rectified, not the parcel"


def test_an_unchanged_package_keeps_the_day_it_was_verified(office: SmallOffice, tmp_path: Path) -> None:
    name = number(1)

    def export() -> None:
        written = list(
            filing.write_packages([cases(office)[name]], tmp_path / "卷宗", filing.PackageOptions(made_at="2026-03-01"))
        )
        record_export(office.store, written, [], "张三")

    export()
    office.store.update("package", {"parcel": name}, {"verified_at": "2026-03-03T00:00:00"}, "张三", "校验卷宗")
    export()
    assert office.store.records("package", parcel=name)[0]["verified_at"] == "2026-03-03T00:00:00"
    decide(office, 1, "违法")
    export()
    assert office.store.records("package", parcel=name)[0]["verified_at"] is None
