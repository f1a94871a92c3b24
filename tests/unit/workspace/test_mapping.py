"""Records and rows: a record goes into its table and comes back the same; what NULL, old rows and foreign words become."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from weipian_plugin.judgment.standing import decision_in_force
from weipian_plugin.model import records, registers
from weipian_plugin.model.columns import Use, names_for
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import Message
from weipian_plugin.model.patrol import PatrolRecord
from weipian_plugin.model.tables import records as table_records
from weipian_plugin.model.words import DecisionAction, DecisionState, DecisionStatus, ParcelKind, PhotoStatus, Timing
from weipian_plugin.workspace import TABLES, Workspace
from weipian_plugin.workspace.mapping import GEOMETRY, columns_of, record_of, row_of
from weipian_plugin.workspace.repository import Repository
from weipian_plugin.workspace.schema import table_of

SQUARE = shapely.MultiPolygon([shapely.box(107.0, 29.0, 107.001, 29.001)])
REASON = Message("judgment.decision_none", {})
KEPT: tuple[Any, ...] = (
    records.Batch("批次一", "land", "a.shp", "ab", accepted=3, refused=0, report={"counts": {"features": 3}}),
    records.Parcel(
        "500118A1", "批次一", ParcelKind.MINING, area_m2=1333.33, zone=36, state=DecisionState.FILED,
        flags=("withdrawn",), claims={"category": "合法"}, delivered={"面积": 2.0, "备注": None}, version=2, geometry=SQUARE,
    ),
    records.Part("500118A1", "_1", "land_supply", "渝地〔2020〕1号", 700.0, True, SQUARE),
    records.Region("500118A1", "", "uncovered", 12.5, SQUARE),
    records.Coverage("500118A1", role="homestead", area_m2=1.0, share=0.5, timing=Timing.UNDATED, geometry=SQUARE),
    records.Measure("500118A1", measure="uncovered", value="12.5", unit="m2"),
    records.StoredProposal(
        "500118A1", category="违法", rule="N99", area_m2=12.5, reasons=(REASON,), facts={"values": {"uncovered": 1.5}},
        missing=(records.Missing("approval", Message("judgment.decision_none", {"evidence": "批文"})),), digest="d",
    ),
    records.Decision(
        "500118A1#1", 1, "500118A1", "", DecisionAction.MERGE, DecisionState.NOT_DECIDED, person="李四", role="经办",
        status=DecisionStatus.SUPERSEDED, accepted=True, members=("500118A2",), fields={"项目名称": ""}, stale={"gone": True},
    ),
    records.Draft("李四", "500118A1", "_1", {"reason": "待查"}),
    records.Photo(
        "a.jpg", "cd", 107.0, 29.0, azimuth=0.0, width=4000, status=PhotoStatus.ATTACHED, readable=False,
        findings=({"check": "far"},), geometry=shapely.Point(107.0, 29.0),
    ),
    records.PhotoLink("cd", "500118A1", PhotoStatus.DETACHED, 0.0, reasons=({"code": "x"},), purpose="after", manual=True),
    records.Document("500118A1/1", "500118A1", "approval", size=10),
    records.Rectification("500118A1", "_1", removed_m2=0.0, closed=True, closed_on="2026-03-01"),
    records.FirstSeen("500118A1@1", "500118A1", None, seen_image="2023-04", person="李四"),
    records.Package("500118A1", "卷宗/500118A1", True, ({"level": "error"},), 7, 12345),
    registers.StoredCase("1", "500118A1", ({"parcel": "500118A1", "part": ""},), steps=({"step": "立案"},), version=1),
    registers.Problem("1", "500118A1", "_1", row=3, text="缺照片", returned=1),
    PatrolRecord("1", "2026-03-01", lon=107.0, photos=("a.jpg",), version=1),
    registers.ChangeHint("500118A1", score=0.25),
    registers.FieldResult("500118A1", "项目名称", "物流园", status="conflict"),
    registers.StoredRejection("a.shp", "3", "intake.geometry_empty", step="intake"),
    registers.MeasuredLayer("homestead", "宅基地.shp", fields={"document": "PZWH"}, features=3),
    registers.Setting("填报单位", "大安街道"),
)  # fmt: skip


def ids(record: Any) -> str:
    return type(record).__name__


def test_every_record_of_a_table_is_tried() -> None:
    """All but the journal's rows, which only the store writes."""
    assert {type(record) for record in KEPT} | {registers.JournalRow} == {table.record for table in TABLES}


def test_the_rows_of_the_journal_are_records(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "工作库.gpkg") as store:
        Repository(store).add([registers.Setting("填报单位", "大安街道")], "李四", "试")
        (row,) = [row for row in Repository(store).all(registers.JournalRow) if row.what == "setting"]
    assert (row.who, row.why, row.action, row.after["value"]) == ("李四", "试", "insert", "大安街道") and row.digest


@pytest.mark.parametrize("record", KEPT, ids=ids)
def test_a_record_comes_back_from_the_workspace_as_it_went_in(record: Any, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "工作库.gpkg") as store:
        Repository(store).add([record], "李四", "试")
        *_, stored = Repository(store).all(type(record))  # a new workspace has settings of its own
        *_, frozen = Repository(store.snapshot()).all(type(record))
        assert not store.audit()
    assert stored == record == frozen


@pytest.mark.parametrize("record", KEPT, ids=ids)
def test_a_row_is_written_in_plain_values(record: Any) -> None:
    row = row_of(record)
    plain = (str, int, float, list, dict, type(None))
    assert all(type(value) in plain for name, value in row.items() if name != GEOMETRY)
    assert [name for name in row if name != GEOMETRY] == [column.name for column in columns_of(type(record))]


@pytest.mark.parametrize("record", KEPT, ids=ids)
def test_geometry_is_a_column_of_the_tables_that_have_one(record: Any) -> None:
    named = {entry.name for entry in fields(record)}
    assert (GEOMETRY in named) == (table_of(type(record)).geometry is not None)


@pytest.mark.parametrize("nothing", [None, math.nan, pd.NA, pd.NaT, np.float64("nan")])
def test_what_is_missing_is_blank_or_none_and_never_a_number(nothing: Any) -> None:
    parcel = record_of(
        records.Parcel, {"number": "A", **dict.fromkeys(("village", "area_m2", "zone", "flags"), nothing)}
    )
    assert (parcel.village, parcel.area_m2, parcel.zone, parcel.flags) == ("", None, None, ())
    assert parcel.state is DecisionState.NOT_DECIDED and record_of(records.Parcel, {"number": "A"}) == parcel


def test_a_decision_of_the_first_schema_is_read_from_its_json_column() -> None:
    row = {
        "id": "A#1",
        "parcel": "A",
        "action": None,
        "fields": {"action": "review", "state": "已复核", "members": ["B"]},
    }
    decision = record_of(records.Decision, row)
    assert (decision.action, decision.state) == (DecisionAction.REVIEW, DecisionState.REVIEWED)
    assert decision.members == ("B",) and decision.previous is None


def test_a_word_that_no_list_has_is_named_with_its_column() -> None:
    with pytest.raises(WeipianError) as raised:
        record_of(records.Decision, {"id": "A#1", "action": "transfer"})
    assert raised.value.code == "workspace.word_unknown"
    assert raised.value.message.details["column"] == "action" and raised.value.message.details["word"] == "transfer"


def test_a_table_names_such_a_word_too_and_reads_a_blank_as_none() -> None:
    table = pd.DataFrame({"photo": ["a", "b"], "status": ["attached", ""]})
    first, second = table_records(table, records.PhotoLink)
    assert (first.status, second.status) == (PhotoStatus.ATTACHED, None)
    with pytest.raises(WeipianError) as raised:
        table_records(table.assign(status="moved"), records.PhotoLink)
    assert raised.value.code == "workspace.word_unknown" and raised.value.message.details["column"] == "status"


def test_the_columns_of_parcels_are_listed_once() -> None:
    from weipian_plugin.intake.delivery import COLUMNS
    from weipian_plugin.intake.differences import COMPARED

    stored = [column.name for column in columns_of(records.Parcel)]
    assert list(table_of(records.Parcel).kinds()) == stored
    assert [name for name in stored if name in COLUMNS] == list(COLUMNS)
    assert set(COMPARED) < set(COLUMNS) and set(names_for(records.Parcel, Use.FORM)) < set(stored)


def test_a_snapshot_gives_the_records_of_one_parcel(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "工作库.gpkg") as store:
        source = Repository(store)
        for record in KEPT:
            source.add([record], "李四", "试")
        for repository in (source, Repository(store.snapshot())):
            parcel = repository.parcel("500118A1")
            assert parcel is not None and parcel.geometry == SQUARE and repository.parcel("无") is None
            assert [part.part for part in repository.parts("500118A1")] == ["_1"]
            assert [link.status for link, _ in repository.photos("500118A1")] == [PhotoStatus.DETACHED]
            assert repository.photos("500118A1")[0][1].azimuth == 0.0
            assert repository.proposals("500118A1")[0].proposal.missing[0].evidence == "approval"
            assert len(repository.decisions()) == len(repository.decisions("500118A1")) == 1
            assert decision_in_force(repository, "500118A1") is None
            assert repository.documents("500118A2") == [] and len(repository.packages()) == 1


def test_a_change_names_the_row_by_its_key(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "工作库.gpkg") as store:
        repository = Repository(store)
        repository.add([records.Rectification("A", part) for part in ("_1", "_2")], "李四", "试")
        first, _ = repository.rectifications("A")
        repository.change(first, {"removed_m2": 5.0}, "李四", "整改")
        assert [entry.removed_m2 for entry in repository.rectifications("A")] == [5.0, None]
        repository.replace(records.Rectification, [records.Rectification("A", "_3")], "李四", "试", parcel="A")
        assert [entry.part for entry in repository.rectifications("A")] == ["_3"]
    with pytest.raises(TypeError):
        Repository({}).add([first], "李四", "试")
