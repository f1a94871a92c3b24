"""The store keeps what it is given, journals every change, and never half-writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
import shapely

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import Message
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.geometry import as_multipolygon, decode, encode


def parcels(*numbers: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": list(numbers),
            "state": "未提报",
            "area_m2": [100.25] * len(numbers),
            "flags": [["outside_county"]] * len(numbers),
            "delivered": [{"JCBH": number, "备注": "甲村"} for number in numbers],
            "geometry": [shapely.box(105.9, 29.3, 105.91, 29.31)] * len(numbers),
        }
    )


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.create(tmp_path / "大安 街道.gpkg") as opened:
        yield opened


def test_rows_come_back_as_they_went_in(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001", "0002"), "张三", "入库")
    row = workspace.read("parcel", number="0002").iloc[0]
    assert row["delivered"] == {"JCBH": "0002", "备注": "甲村"}
    assert row["flags"] == ["outside_county"]
    assert row["area_m2"] == 100.25
    assert row["village"] is None
    assert row["geometry"].equals(shapely.box(105.9, 29.3, 105.91, 29.31))


def test_records_are_the_rows_of_the_table(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("A", "B"), who="甲", why="接收")
    for only in ({}, {"number": "B"}, {"number": []}):
        wanted = workspace.read("parcel", **only).to_dict("records")
        found = workspace.records("parcel", **only)
        assert [list(row) for row in found] == [list(row) for row in wanted]
        for row, other in zip(found, wanted):
            for name, value in row.items():
                assert type(value) is type(other[name]), name
                assert value == other[name] or (value != value and other[name] != other[name]), name


def test_messages_are_stored_with_their_text(workspace: Workspace) -> None:
    reasons = [[Message("run.file_missing", {"path": "甲.shp"})]]
    workspace.insert("proposal", pd.DataFrame({"parcel": ["1"], "part": [""], "reasons": reasons}), "张三", "判定")
    stored = workspace.read("proposal").iloc[0]["reasons"][0]
    assert stored["code"] == "run.file_missing"
    assert "甲.shp" in stored["text"]


def test_the_file_is_a_geopackage_with_readable_layers(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001"), "张三", "入库")
    with sqlite3.connect(workspace.path) as other:
        assert other.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert other.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        extent = other.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'parcel'"
        ).fetchone()
    assert extent == (105.9, 29.3, 105.91, 29.31)


def test_an_update_journals_who_what_before_and_after(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001"), "张三", "入库")
    workspace.update("parcel", {"number": "0001"}, {"state": "已判定"}, "李四", "判定")
    entry = workspace.read("journal").iloc[-1]
    assert (entry["who"], entry["key"], entry["before"], entry["after"]) == (
        "李四",
        "0001",
        {"state": "未提报"},
        {"state": "已判定"},
    )


def test_a_colleagues_change_is_not_overwritten(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001"), "张三", "入库")
    with Workspace.open(workspace.path) as other:
        other.update("parcel", {"number": "0001"}, {"state": "已判定"}, "李四", "判定", version=0)
    with pytest.raises(WeipianError) as raised:
        workspace.update("parcel", {"number": "0001"}, {"state": "退回"}, "张三", "退回", version=0)
    assert raised.value.code == "workspace.conflict"
    assert workspace.read("parcel").iloc[0]["state"] == "已判定"


def test_a_failed_transaction_leaves_nothing(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001"), "张三", "入库")
    with pytest.raises(RuntimeError), workspace.transaction():
        workspace.replace("parcel", parcels("0002", "0003"), "张三", "重新入库")
        raise RuntimeError("stopped between two steps")
    assert workspace.read("parcel")["number"].tolist() == ["0001"]
    assert workspace.count("journal") == 1


def test_a_duplicate_number_is_refused_whole(workspace: Workspace) -> None:
    with pytest.raises(WeipianError) as raised:
        workspace.insert("parcel", parcels("0001", "0001"), "张三", "入库")
    assert raised.value.code == "workspace.duplicate"
    assert workspace.count("parcel") == 0


def test_replace_touches_only_the_rows_it_names(workspace: Workspace) -> None:
    rows = pd.DataFrame({"parcel": ["1", "2"], "part": "", "measure": "area", "value": ["1", "2"], "unit": "m2"})
    workspace.insert("measure", rows, "张三", "套合")
    workspace.replace("measure", rows[:1].assign(value="9"), "张三", "套合", parcel=["1"])
    assert dict(workspace.read("measure")[["parcel", "value"]].to_numpy().tolist()) == {"1": "9", "2": "2"}


def test_reading_takes_long_lists(workspace: Workspace) -> None:
    numbers = [f"{value:05d}" for value in range(1700)]
    workspace.insert("parcel", parcels(*numbers), "张三", "入库")
    assert len(workspace.read("parcel", number=numbers)) == 1700


def test_the_journal_cannot_be_changed_by_any_program(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001"), "张三", "入库")
    with sqlite3.connect(workspace.path) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("UPDATE journal SET who = '王五'")
    with sqlite3.connect(workspace.path) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("DELETE FROM journal")


def test_a_forged_journal_is_noticed(workspace: Workspace) -> None:
    for number in ("0001", "0002", "0003"):
        workspace.insert("parcel", parcels(number), "张三", "入库")
    assert workspace.journal_break() is None
    with sqlite3.connect(workspace.path) as other:
        other.execute("DROP TRIGGER journal_no_update")
        other.execute("UPDATE journal SET who = '王五' WHERE fid = 2")
    assert workspace.journal_break() == 2


def test_a_removed_journal_row_is_noticed(workspace: Workspace) -> None:
    for number in ("0001", "0002", "0003"):
        workspace.insert("parcel", parcels(number), "张三", "入库")
    with sqlite3.connect(workspace.path) as other:
        other.execute("DROP TRIGGER journal_no_delete")
        other.execute("DELETE FROM journal WHERE fid = 2")
    assert workspace.journal_break() == 3


def test_a_locked_workspace_says_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace._connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(workspace.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(WeipianError) as raised:
            workspace.insert("parcel", parcels("0001"), "张三", "入库")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert raised.value.code == "workspace.locked"


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "workspace.missing"), (b"not a database, only some text", "workspace.foreign"), (b"", "workspace.foreign")],
)
def test_a_file_that_is_no_workspace_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "别的.gpkg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeipianError) as raised:
        Workspace.open(path)
    assert raised.value.code == code


def test_a_newer_workspace_is_refused(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.path) as other:
        other.execute("UPDATE setting SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(WeipianError) as raised:
        Workspace.open(workspace.path)
    assert raised.value.code == "workspace.newer"


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.box(0, 0, 1, 1),
        shapely.Point(1, 2),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.Polygon(),
    ],
)
def test_geometry_survives_the_geopackage_form(geometry: shapely.Geometry) -> None:
    assert decode([encode(geometry), None])[0].equals(geometry)


def test_a_collection_keeps_only_its_polygons() -> None:
    mixed = shapely.GeometryCollection(
        [shapely.Point(0, 0), shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 2, 3, 3)])]
    )
    assert as_multipolygon(mixed).area == 2
    assert as_multipolygon(shapely.LineString([(0, 0), (1, 1)])) is None


def test_many_rows_change_at_once_with_a_journal_row_each(workspace: Workspace) -> None:
    workspace.insert("parcel", parcels("0001", "0002", "0003"), "张三", "入库")
    changed = workspace.update_rows(
        "parcel",
        {"0001": {"village": "甲村"}, "0003": {"village": "乙村", "state": "退回"}, "没有": {"village": "丙村"}},
        "李四",
        "补充",
    )
    rows = workspace.read("parcel").set_index("number")
    assert changed == 2
    assert rows["village"].tolist() == ["甲村", None, "乙村"]
    assert rows["state"].tolist() == ["未提报", "未提报", "退回"]
    assert rows["version"].tolist() == [1, None, 1]
    journal = workspace.read("journal")
    assert journal["key"].tolist()[1:] == ["0001", "0003"]
    assert journal.iloc[-1]["before"] == {"village": None, "state": "未提报"}
    assert workspace.journal_break() is None
