"""What the chain keeps when work is done again: people's choices stay, changes are marked, a failed run leaves nothing."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely
import yaml

from weipian_plugin import filing, judgment, oversight
from weipian_plugin.judgment import decisions, recording
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.pipeline.command import Result, Step, opened
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.make_tables import MakeTables
from weipian_plugin.pipeline.match_photos import MatchPhotos
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.pipeline.steps import STEPS
from weipian_plugin.pipeline.stored import cases_of
from weipian_plugin.sample import SampleCounty, write_sample_county
from weipian_plugin.workspace import Workspace, journal


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> SampleCounty:
    return write_sample_county(tmp_path_factory.mktemp("县") / "示例")


Texts = dict[str, str]  # texts by parameter name


def take(step: type[Step], store: Workspace, asked: Texts, feedback: Silent | None = None) -> dict[str, int]:
    """Run a step on an open workspace; its outputs."""
    result: Result = step.of(asked, who="张三").run(store, feedback or Silent())
    return result.outputs()


def place(asked: Texts) -> Path:
    return Path(asked["WORKSPACE"])


@pytest.fixture(scope="module")
def measured(county: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """A workspace with parcels, measures, photos and proposals; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("库")
    asked = {
        "DELIVERY": str(county.delivery),
        "CATALOGUE": str(county.catalogue),
        "PHOTOS": str(county.photos),
        "WORKSPACE": str(folder / "工作库.gpkg"),
    }
    with opened(place(asked), create=True) as store:
        for step in STEPS[:4]:
            take(step, store, asked)
    return asked


@pytest.fixture
def asked(measured: Texts, tmp_path: Path) -> Texts:
    copy = tmp_path / "工作库.gpkg"
    shutil.copyfile(measured["WORKSPACE"], copy)
    return {**measured, "WORKSPACE": str(copy)}


def test_a_persons_ties_survive_a_new_run(asked: Texts) -> None:
    with opened(place(asked)) as store:
        links = store.read("photo_parcel", status="attached")
        detached, moved = links.iloc[0], links.iloc[5]
        key = {"photo": detached["photo"], "parcel": detached["parcel"]}
        store.update("photo_parcel", key, {"status": "detached", "manual": 1, "by": "李四"}, "李四", "取消挂接")
        by_hand = {
            "photo": moved["photo"],
            "parcel": detached["parcel"],
            "status": "attached",
            "manual": 1,
            "by": "李四",
        }
        store.insert("photo_parcel", pd.DataFrame([by_hand]), "李四", "挂接", each=True)
        take(MatchPhotos, store, asked)
        again = store.read("photo_parcel", manual=1)
        attached = store.read("photo_parcel", status="attached")
    assert set(zip(again["photo"], again["parcel"], again["status"], again["by"])) == {
        (detached["photo"], detached["parcel"], "detached", "李四"),
        (moved["photo"], detached["parcel"], "attached", "李四"),
    }
    assert attached.loc[attached["photo"] == moved["photo"], "parcel"].tolist() == [detached["parcel"]]
    assert detached["photo"] not in set(attached["photo"])


def test_a_decision_whose_ground_changed_is_marked_and_kept(asked: Texts) -> None:
    with opened(place(asked)) as store:
        proposals = store.read("proposal", part="")
        sound, moved = proposals.iloc[0], proposals.iloc[1]
        rows = [
            {"id": "1", "parcel": sound["parcel"], "proposal_digest": sound["digest"]},
            {"id": "2", "parcel": moved["parcel"], "proposal_digest": "of an earlier proposal", "proposal_rule": "OLD"},
        ]
        common = {"part": "", "category": "违法", "person": "李四", "role": "经办", "status": "current"}
        store.insert("decision", pd.DataFrame([{**common, **row} for row in rows]), "李四", "判定", each=True)
        outcome = take(ProposeJudgments, store, asked)
        decisions = store.read("decision").set_index("id")
    assert outcome["STALE"] == 1
    assert decisions.loc["1", "stale"] is None
    assert decisions.loc["2", "stale"]["gone"] is False
    assert decisions.loc["2", "stale"]["changed"]["rule"] == [None, moved["rule"]]
    assert decisions.loc["2", "category"] == "违法"


def redelivered(store: Workspace, folder: Path) -> tuple[Path, list[str]]:
    """The land parcels once more: one moved, one with another date, one left out, one new."""
    parcels = store.read("parcel", kind="land")
    plain = parcels[parcels["flags"].map(len) == 0].head(12).reset_index(drop=True)
    shapes = plain["geometry"].tolist()
    shapes[0] = shapely.affinity.translate(shapes[0], 2e-5, 0)
    later = plain["later_image"].tolist()
    later[1] = "2023-06-01"
    numbers = plain["number"].tolist()
    kept = [position for position in range(12) if position != 2]
    frame = geopandas.GeoDataFrame(
        {
            "JCBH": [numbers[position] for position in kept] + ["500118SJBG23219999"],
            "XZQDM": "500118",
            "QSX": [plain["earlier_image"][position] for position in kept] + ["2022-09-18"],
            "HSX": [later[position] for position in kept] + ["2023-04-26"],
        },
        geometry=[shapes[position] for position in kept] + [shapely.affinity.translate(shapes[5], 0.002, 0.002)],
        crs="EPSG:4490",
    )
    path = folder / "再次下发土地图斑.shp"
    frame.to_file(path, encoding="UTF-8")
    return path, numbers


def test_a_later_delivery_updates_by_number_and_keeps_what_people_did(asked: Texts, tmp_path: Path) -> None:
    with opened(place(asked)) as store:
        path, numbers = redelivered(store, tmp_path)
        store.update("parcel", {"number": numbers[0]}, {"state": "已判定"}, "李四", "判定")
        outcome = take(ImportDelivery, store, {**asked, "DELIVERY": str(path)})
        parcels = store.read("parcel").set_index("number")
    assert outcome["NEW"] == 1
    assert "500118SJBG23219999" in parcels.index
    assert parcels.loc[numbers[0], "state"] == "已判定"
    assert parcels.loc[numbers[1], "later_image"] == "2023-06-01"
    assert "withdrawn" in parcels.loc[numbers[2], "flags"]
    assert outcome["CHANGED"] >= 2


def decided(store: Workspace, number: str) -> None:
    """A person decides, another reviews."""
    (row,) = store.records("proposal", parcel=number, part="")
    proposal, profile = proposal_of(row), judgment.load_profile("national-2023")
    officer, reviewer = decisions.Actor("李四", "经办", journal.now()), decisions.Actor("王五", "复核", journal.now())
    acts = {
        "override": lambda history: decisions.override(
            history, proposal, officer, profile, decisions.Outcome("合法", "", "核实", "批文")
        ),
        "review": lambda history: decisions.review(history, reviewer, profile),
    }
    for name, make in acts.items():
        recording.record(store, recording.Act(number, "", name, "李四", make))


def test_what_was_made_from_the_old_shape_does_not_go_on(asked: Texts, tmp_path: Path) -> None:
    with opened(place(asked)) as store:
        path, numbers = redelivered(store, tmp_path)
        moved, redated, same = numbers[0], numbers[1], numbers[5]
        for number in (moved, redated, same):
            decided(store, number)
        (before,) = cases_of(store.snapshot(), [moved], tmp_path, {})
        record = filing.write_package(before, tmp_path / "卷宗", filing.PackageOptions())
        take(ImportDelivery, store, {**asked, "DELIVERY": str(path)})
        snapshot = store.snapshot()
        cases = {case.number: case for case in cases_of(snapshot, numbers, tmp_path, {})}
        for number in (moved, redated):
            for table in ("coverage", "measure", "region", "part", "proposal"):
                assert len(store.read(table, parcel=number)) == 0, table
            assert cases[number].decision is None and cases[number].parcel.state == "退回"
            assert [act.action for act in cases[number].history] == ["override", "review", "reopen"]
        assert (
            cases[same].decision is not None and cases[same].decision.category == "合法" and not cases[same].unmeasured
        )
        outcomes = list(filing.write_packages([cases[moved]], tmp_path / "卷宗", filing.PackageOptions()))
        assert [outcome.code for outcome in outcomes] == ["filing.not_measured"]
        found = {finding.code for finding in filing.verify(record.path, cases[moved])}
        assert found >= {"filing.verify_unmeasured", "filing.verify_geometry", "filing.verify_decision"}
        items = oversight.prepare(snapshot, date(2099, 1, 1)).items
        category = dict(zip(items.parcel, items.category))
        assert category[moved] == "" and category[same] == "合法"
        assert store.audit() == []
        take(MeasureParcels, store, asked)
        (again,) = cases_of(store.snapshot(), [moved], tmp_path, {})
        assert not again.unmeasured and again.decision is None


class StopsAtOnce(Silent):
    def cancelled(self) -> bool:
        return True


def test_a_cancelled_intake_leaves_no_file(county: SampleCounty, tmp_path: Path) -> None:
    asked = {"DELIVERY": str(county.delivery), "WORKSPACE": str(tmp_path / "新.gpkg")}
    with pytest.raises(Cancelled), opened(place(asked), create=True) as store:
        take(ImportDelivery, store, asked, StopsAtOnce())
    assert list(tmp_path.iterdir()) == []


def test_proposals_need_measures_and_say_so(county: SampleCounty, tmp_path: Path) -> None:
    asked = {"DELIVERY": str(county.delivery), "WORKSPACE": str(tmp_path / "新.gpkg")}
    with opened(place(asked), create=True) as store:
        take(ImportDelivery, store, asked)
        with pytest.raises(WeipianError) as raised:
            take(ProposeJudgments, store, asked)
    assert raised.value.code == "run.not_measured"


def test_every_photo_kept_can_be_found_beside_the_workspace(measured: Texts) -> None:
    with opened(place(measured)) as store:
        photos = store.read("photo")
    stored = photos["stored"].dropna()
    assert len(stored) > 100
    assert all((place(measured).parent / path).is_file() for path in stored)


def test_messages_of_a_run_are_sentences(county: SampleCounty, tmp_path: Path) -> None:
    said: list[Message] = []

    class Listens(Silent):
        def report(self, message: Message, level: str = "info") -> None:
            said.append(message)

    asked = {"DELIVERY": str(county.delivery), "WORKSPACE": str(tmp_path / "新.gpkg")}
    with opened(place(asked), create=True) as store:
        take(ImportDelivery, store, asked, Listens())
    assert all("‹" not in message.as_record()["text"] for message in said)
    assert any(message.code == "run.summary_intake" for message in said)


def catalogue_with(
    county: SampleCounty, folder: Path, role: str, change: Callable[[geopandas.GeoDataFrame], geopandas.GeoDataFrame]
) -> str:
    """The county's catalogue with one layer changed."""
    entries = yaml.safe_load(county.catalogue.read_text(encoding="utf-8"))["layers"]
    for entry in entries:
        entry["source"] = str(county.catalogue.parent / entry["source"])
        if entry["role"] == role:
            table = change(geopandas.read_file(entry["source"], encoding=entry.get("encoding")))
            entry["source"] = str(folder / f"{role}.shp")
            table.to_file(entry["source"], encoding="UTF-8")
            entry["encoding"] = "UTF-8"
    path = folder / "图层清单.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "layers": entries}, allow_unicode=True), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda table: table.set_geometry(table.boundary), "overlay.layer_not_polygons"),
        (
            lambda table: table.to_crs(4490).set_geometry(table.to_crs(4490).translate(0, 1.5)),
            "overlay.layer_elsewhere",
        ),
    ],
)
def test_a_redline_that_cannot_be_measured_stops_the_run_and_leaves_what_was_there(
    county: SampleCounty, asked: Texts, tmp_path: Path, change: Callable[..., geopandas.GeoDataFrame], code: str
) -> None:
    asked = {**asked, "CATALOGUE": catalogue_with(county, tmp_path, "ecological_redline", change)}
    with opened(place(asked)) as store:
        before = store.read("measure"), store.count("journal")
        with pytest.raises(WeipianError) as raised:
            take(MeasureParcels, store, asked)
        assert raised.value.code == code and "生态保护红线" in str(raised.value)
        assert store.read("measure").equals(before[0]) and store.count("journal") == before[1]


def test_what_the_overlay_set_aside_is_said_and_kept(county: SampleCounty, asked: Texts, tmp_path: Path) -> None:
    said: list[Message] = []

    class Listens(Silent):
        def report(self, message: Message, level: str = "info") -> None:
            said.append(message)

    def unknown(table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        return table.assign(DLBM=[f"99{row % 40:02d}" for row in range(len(table))])

    asked = {**asked, "CATALOGUE": catalogue_with(county, tmp_path, "land_survey", unknown)}
    with opened(place(asked)) as store:
        outcome = take(MeasureParcels, store, asked, Listens())
        kept = store.read("refusal", step="overlay")
    codes = [message.code for message in said]
    assert codes.count("overlay.class_unknown") == 10 and codes[-2:] == ["run.more_set_aside", "run.summary_overlay"]
    assert len(kept) == outcome["REFUSED"] == 10 + said[codes.index("run.more_set_aside")].details["count"]


def test_a_returned_table_brings_review_states_and_lists_differences(asked: Texts, tmp_path: Path) -> None:
    asked = {**asked, "REPORT": str(tmp_path / "报表"), "AS_OF": "2023-08-20"}
    with opened(place(asked)) as store:
        take(MakeTables, store, asked)
        book = openpyxl.load_workbook(tmp_path / "报表" / "上报表B_图斑列表.xlsx")
        sheet = book.active
        heads = [cell.value for cell in sheet[1]]
        number = str(sheet.cell(2, heads.index("图斑编号") + 1).value)
        sheet.cell(2, heads.index("审核阶段(系统)") + 1).value = "审核结束"
        sheet.cell(2, heads.index("图斑面积(亩)") + 1).value = 99.99
        sheet.delete_rows(3)
        book.save(tmp_path / "回传.xlsx")
        take(MakeTables, store, {**asked, "RETURNED": str(tmp_path / "回传.xlsx")})
        parcel = store.read("parcel", number=number).iloc[0]
    with (tmp_path / "报表" / "returned.csv").open(encoding="utf-8-sig", newline="") as stream:
        kinds = [(row["parcel"], row["kind"]) for row in csv.DictReader(stream)]
    assert parcel["review_stage"] == "审核结束"
    assert (number, "area") in kinds
    assert sum(kind == "not_returned" for _, kind in kinds) == 1
