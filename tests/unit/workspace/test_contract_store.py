"""What a workspace promises, on both databases: nothing lost, nothing half-written, everything in the journal."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

import pandas as pd
import pytest
import shapely

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import TABLES, Workspace
from weipian_plugin.workspace.news import newest, news_after
from weipian_plugin.workspace.schema import Table
from weipian_plugin.workspace.working_copy import working_on_copy

SHAPE = shapely.box(105.9, 29.3, 105.91, 29.31)
HOLED = shapely.Polygon(SHAPE.exterior.coords, [shapely.box(105.903, 29.303, 105.905, 29.305).exterior.coords])


def parcels(*numbers: str, **values: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": list(numbers),
            "state": "未提报",
            "township": "镇",
            "area_m2": [0.1 + 0.2] * len(numbers),
            "flags": [["outside_county"]] * len(numbers),
            "delivered": [{"JCBH": number, "备注": "甲村 '%s' ? \\ \"x\" 𠮷"} for number in numbers],
            "geometry": [SHAPE] * len(numbers),
            **values,
        }
    )


def filled(table: Table, place: int) -> dict[str, Any]:
    """A row with a value in every column, different from row to row."""
    values: dict[str, Any] = {
        "text": f"文 {place} '%?\\ 𠮷\n\t",
        "integer": place * (1 << 40) + 1,
        "real": math.pi * 10.0 ** (place * 7 - 10),
        "json": {"键": [place, None, 0.1, "值"]},
        "blob": b"\x00\xff",
    }
    row = {column.name: values[column.kind] for column in table.columns}
    if table.geometry:
        row["geometry"] = shapely.Point(105.1 + place, 29.1) if table.geometry == "POINT" else HOLED
    return row


WRITTEN = [table for table in TABLES if table.name not in ("journal", "setting")]


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: str(table.name))
def test_every_table_is_read_back_as_it_was_written(wide: Workspace, table: Table) -> None:
    store = wide
    rows = [filled(table, place) for place in range(3)]
    blank = {"geometry": None} if table.geometry else {}
    store.insert(table.name, pd.DataFrame([*rows, blank], dtype=object), "张三", "写入", each=True)
    found = store.records(table.name)
    for row, wanted in zip(found, rows):
        for name, value in wanted.items():
            if name == table.sequence:
                continue
            if name == "geometry":
                assert shapely.equals_exact(
                    shapely.normalize(row[name]), shapely.normalize(shapely.from_wkb(row[name].wkb))
                )
                assert row[name].equals(value)
            else:
                assert row[name] == value, name
    for column in table.columns:
        if column.name != table.sequence:
            value = found[-1][column.name]
            assert value is None or math.isnan(value), column.name
    assert store.audit() == []


def test_a_journal_row_has_the_same_digest_on_both_databases(store: Workspace) -> None:
    """Canonical bytes: the chain is recomputed from what the database gives back."""
    store.insert("parcel", parcels("0001"), "张三", "入库", each=True)
    store.update("parcel", {"number": "0001"}, {"state": "已判定", "area_m2": None}, "李四", "判定")
    store.delete("parcel", "王五", "删除", number="0001")
    assert store.journal_break() is None
    assert store.audit() == []
    told = store.read("journal")[["who", "why", "what", "key", "action"]].to_numpy().tolist()
    assert told == [
        ["张三", "入库", "parcel", "0001", "insert"],
        ["李四", "判定", "parcel", "0001", "update"],
        ["王五", "删除", "parcel", "0001", "delete"],
    ]


def test_selections_by_value_by_list_and_by_nothing(store: Workspace) -> None:
    store.insert("parcel", parcels("1", "2", "3", village=["甲", None, "乙"]), "张三", "入库")
    assert [row["number"] for row in store.records("parcel", village=None)] == ["2"]
    assert [row["number"] for row in store.records("parcel", number=["3", "1", "9"])] == ["1", "3"]
    assert store.records("parcel", number=[]) == []
    assert store.values("parcel", ["number"], number="2", township="镇") == [("2",)]


def test_numbers_of_columns_are_those_of_the_order(store: Workspace) -> None:
    for number in range(3):
        store.insert("decision", pd.DataFrame([{"id": f"d{number}", "parcel": "1"}]), "张三", "判定", each=True)
    store.delete("decision", "张三", "撤回", id="d0")
    store.insert("decision", pd.DataFrame([{"id": "d9", "parcel": "1"}]), "张三", "判定", each=True)
    assert store.read("decision")["sequence"].tolist() == [2, 3, 4]


def test_a_colleagues_change_is_not_overwritten(store: Workspace, place: str) -> None:
    store.insert("parcel", parcels("0001"), "张三", "入库")
    with Workspace.open(place) as other:
        other.update("parcel", {"number": "0001"}, {"state": "已判定"}, "李四", "判定", version=0)
    with pytest.raises(WeipianError) as raised:
        store.update("parcel", {"number": "0001"}, {"state": "退回"}, "张三", "退回", version=0)
    assert raised.value.code == "workspace.conflict"
    assert store.read("parcel").iloc[0]["state"] == "已判定"


def test_a_duplicate_key_is_refused_whole(store: Workspace) -> None:
    with pytest.raises(WeipianError) as raised:
        store.insert("parcel", parcels("0001", "0001"), "张三", "入库")
    assert raised.value.code == "workspace.duplicate"
    assert (store.count("parcel"), store.count("journal")) == (0, 0)
    store.insert("parcel", parcels("0001"), "张三", "入库")
    assert store.audit() == []


def test_a_failed_transaction_leaves_nothing(store: Workspace) -> None:
    store.insert("parcel", parcels("0001"), "张三", "入库")
    with pytest.raises(RuntimeError), store.transaction():
        store.replace("parcel", parcels("0002", "0003"), "张三", "重新入库")
        raise RuntimeError
    assert store.read("parcel")["number"].tolist() == ["0001"]
    store.insert("parcel", parcels("0004"), "张三", "入库")
    assert store.audit() == [], "no number of the journal is left out by what was rolled back"


def test_many_rows_are_changed_with_a_journal_row_each(store: Workspace) -> None:
    numbers = [f"{number:04d}" for number in range(1200)]
    store.insert("parcel", parcels(*numbers), "张三", "入库")
    changes: dict[str, dict[str, Any]] = {number: {"state": "已判定", "flags": [number]} for number in numbers[:700]}
    changes["0001"] = {"village": "甲村"}
    assert store.update_rows("parcel", {**changes, "没有": {"state": "x"}}, "李四", "判定") == 700
    assert store.read("parcel")["state"].value_counts().to_dict() == {"已判定": 699, "未提报": 501}
    assert store.count("journal") == 701
    assert store.audit() == []


def test_replacing_touches_only_the_rows_it_names(store: Workspace) -> None:
    rows = pd.DataFrame({"parcel": ["1", "2"], "part": "", "measure": "area", "value": ["1", "2"], "unit": "m2"})
    store.insert("measure", rows, "张三", "套合")
    store.replace("measure", rows[:1].assign(value="9"), "张三", "套合", parcel=["1"])
    assert dict(store.read("measure")[["parcel", "value"]].to_numpy().tolist()) == {"1": "9", "2": "2"}
    assert store.audit() == []


def test_the_journal_is_append_only_for_every_statement(store: Workspace) -> None:
    store.insert("parcel", parcels("0001", "0002"), "张三", "入库", each=True)
    for statement in (
        "UPDATE journal SET who = 'x'",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE fid = 2",
        "INSERT INTO journal (fid, who, previous) VALUES (2, 'x', 'y')",
    ):
        with pytest.raises(Exception, match=r"append-only|chain"):
            store.connection.execute(statement)
    assert store.count("journal") == 2
    assert store.journal_break() is None


def test_a_row_changed_past_the_journal_is_found(store: Workspace) -> None:
    store.insert("parcel", parcels("0001"), "张三", "入库")
    store.connection.execute("UPDATE parcel SET state = 'x'")
    assert [message.code for message in store.audit()] == ["workspace.table_changed"]


def test_a_snapshot_is_one_moment(store: Workspace, place: str) -> None:
    store.insert("parcel", parcels(*map(str, range(50))), "张三", "入库")
    stop, torn, rounds = threading.Event(), [], []

    def write() -> None:
        with Workspace.open(place, check=False) as other:
            other.set_patience(60_000)
            while not stop.wait(0.03):  # a file is locked while it is written: readers get their turn
                with other.transaction():
                    number = f"r{len(rounds)}"
                    other.insert("refusal", pd.DataFrame([{"source": number}]), "李四", "一")
                    other.insert("document", pd.DataFrame([{"id": number, "parcel": "1"}]), "李四", "二")
                rounds.append(number)

    store.set_patience(60_000)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(6):
            found = store.snapshot()
            counts = {len(found["refusal"]), len(found["document"])}
            if len(counts) != 1 or len(found["journal"]) != 1 + 2 * counts.pop():
                torn.append(counts)
            with store.reading():
                first, second = store.count("refusal"), store.count("document")
            if first != second:
                torn.append({first, second})
    finally:
        stop.set()
        writer.join(60)
    assert torn == []
    assert rounds
    assert store.audit() == []


def test_many_writers_lose_nothing_and_double_nothing(store: Workspace, place: str) -> None:
    store.insert("parcel", parcels("1"), "张三", "入库")
    failed: list[BaseException] = []

    def decide(who: int) -> None:
        try:
            with Workspace.open(place, check=False) as own:
                own.set_patience(30000)
                for act in range(6):
                    row = {"id": f"{who}-{act}", "parcel": "1"}
                    with own.transaction():
                        own.insert("decision", pd.DataFrame([row]), f"人{who}", "判定", each=True)
                        version = own.records("parcel", number="1")[0]["version"]
                        own.update(
                            "parcel", {"number": "1"}, {"state": f"{who}-{act}"}, f"人{who}", "判定", version or 0
                        )
        except BaseException as error:
            failed.append(error)

    crowd = [threading.Thread(target=decide, args=(who,)) for who in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(120)
    assert failed == []
    decisions = store.read("decision")
    assert sorted(decisions["sequence"]) == list(range(1, 37))
    assert decisions["sequence"].is_monotonic_increasing
    assert store.read("parcel").iloc[0]["version"] == 36
    assert store.audit() == []


def test_only_what_others_commit_is_news(store: Workspace, place: str) -> None:
    store.insert("parcel", parcels("1", "2"), "张三", "入库")
    seen, entry = store.data_version(), newest(store)
    store.update("parcel", {"number": "1"}, {"state": "已判定"}, "张三", "判定")
    assert store.data_version() == seen
    with pytest.raises(RuntimeError), store.transaction():
        store.update("parcel", {"number": "1"}, {"state": "x"}, "张三", "判定")
        assert store.data_version() == seen
        raise RuntimeError
    with Workspace.open(place) as other:
        other.update("parcel", {"number": "2"}, {"state": "退回"}, "李四", "退回")
    until = time.monotonic() + 2
    while not (heard := store.heard()) and time.monotonic() < until:
        time.sleep(0.02)
    assert heard, "within two seconds"
    assert store.data_version() != seen
    assert set(news_after(store, entry).numbers or ()) == {"1", "2"}


def test_settings_are_journaled(store: Workspace) -> None:
    store.set_setting("catalogue", "甲.yaml", "张三", "设置")
    store.set_setting("catalogue", "乙.yaml", "张三", "设置")
    assert store.setting("catalogue") == "乙.yaml"
    assert store.journal_of("设置")[-1]["before"] == {"value": "甲.yaml"}


def test_a_workspace_that_is_there_is_not_made_again(store: Workspace, place: str) -> None:
    with pytest.raises(WeipianError) as raised:
        Workspace.create(place)
    assert raised.value.code == "workspace.exists"


def test_a_workspace_that_is_not_there_is_said(place: str) -> None:
    with pytest.raises(WeipianError) as raised:
        Workspace.open(place)
    assert raised.value.code == "workspace.missing"


def test_who_has_to_wait_too_long_is_told_so(store: Workspace, place: str) -> None:
    with Workspace.open(place) as other, other.transaction():
        store.set_patience(50)
        with pytest.raises(WeipianError) as raised:
            store.insert("parcel", parcels("1"), "张三", "入库")
        assert store.count("parcel") == 0, "reading goes on"
    assert raised.value.code == "workspace.locked"
    store.insert("parcel", parcels("1"), "张三", "入库")


def run_of(store: Workspace) -> None:
    """What a run does: new and changed parcels, results put in place of others."""
    store.insert("parcel", parcels("9"), "甲", "再次下发")
    store.update("parcel", {"number": "1"}, {"township": "新镇", "village": "新村"}, "甲", "再次下发")
    store.delete("refusal", "甲", "再次下发")
    store.replace("measure", pd.DataFrame([{"parcel": "9", "measure": "area", "value": "2"}]), "甲", "套合")


@pytest.mark.parametrize("colleague", [False, True], ids=["alone", "with a colleague"])
def test_a_run_works_aside_and_what_colleagues_wrote_stays(store: Workspace, place: str, colleague: bool) -> None:
    store.insert("parcel", parcels("1", "2", "3"), "张三", "入库")
    store.insert("refusal", pd.DataFrame([{"source": "a"}]), "张三", "入库")
    store.insert("measure", pd.DataFrame([{"parcel": "1", "measure": "area", "value": "1"}]), "张三", "套合")
    with working_on_copy(store) as aside:
        run_of(aside.store)
        assert store.count("parcel") == 3, "nothing is written before the end"
        if colleague:
            with Workspace.open(place) as other:
                other.update("parcel", {"number": "1"}, {"village": "同事的村", "state": "已判定"}, "李四", "判定")
                other.insert("parcel", parcels("9", state="先到"), "李四", "补录")
        brought = aside.bring_back()
    rows = {row["number"]: row for row in store.records("parcel")}
    assert list(rows) == ["1", "2", "3", "9"]
    assert rows["1"]["township"] == "新镇"
    assert rows["1"]["village"] == ("同事的村" if colleague else "新村")
    assert rows["1"]["state"] == ("已判定" if colleague else "未提报")
    assert rows["9"]["state"] == ("先到" if colleague else "未提报")
    assert brought.kept == (("1",) if colleague else ())
    assert store.count("refusal") == 0
    assert store.read("measure")["value"].tolist() == ["2"]
    assert store.audit() == []
    assert all(row["geometry"].equals(SHAPE) for row in rows.values())


@pytest.mark.parametrize("aside", [True, False], ids=["by a run", "by a step"])
def test_results_that_come_out_as_they_were_are_not_written_again(store: Workspace, aside: bool) -> None:
    """A run computes all parcels; colleagues wait for the writing of those only that came out otherwise."""

    def results(*changed: str, swapped: str = "") -> pd.DataFrame:
        made = [
            {"parcel": number, "measure": name, "value": "9" if number in changed else "1"}
            for number in ("甲", "乙", "丙")
            for name in (("b", "a") if number == swapped else ("a", "b"))
        ]
        return pd.DataFrame(made)

    def run(made: pd.DataFrame) -> set[int]:
        """The numbers of the rows that stayed."""
        before = {row["fid"] for row in store.records("measure")}
        if aside:
            with working_on_copy(store) as copy:
                copy.store.replace("measure", made, "张三", "套合")
                copy.bring_back()
        else:
            store.replace("measure", made, "张三", "套合")
        rows = store.records("measure")
        columns = list(made.columns)
        assert sorted([row[name] for name in columns] for row in rows) == sorted(made.to_numpy().tolist())
        for number in ("甲", "乙", "丙"):
            mine = [row["measure"] for row in rows if row["parcel"] == number]
            assert mine == made.loc[made["parcel"] == number, "measure"].tolist(), "another order within a parcel"
        assert store.audit() == []
        return before & {row["fid"] for row in rows}

    store.replace("measure", results(), "张三", "套合")
    assert len(run(results())) == 6
    assert len(run(results()[:4])) == 4, "a parcel without results has none"
    assert len(run(results())) == 4
    assert len(run(results("乙"))) == 4
    assert len(run(results("乙", swapped="丙"))) == 4
    assert [entry["action"] for entry in store.journal_of("套合")] == ["replace"] * 6


def test_two_runs_are_not_mixed(store: Workspace, place: str) -> None:
    with working_on_copy(store) as aside:
        run_of_measures = pd.DataFrame([{"parcel": "9", "measure": "area", "value": "2"}])
        aside.store.replace("measure", run_of_measures, "甲", "套合")
        with Workspace.open(place) as other:
            other.replace("measure", run_of_measures.assign(value="3"), "乙", "套合")
        with pytest.raises(WeipianError) as raised:
            aside.bring_back()
    assert raised.value.code == "run.changed_meanwhile"
    assert store.read("measure")["value"].tolist() == ["3"]
