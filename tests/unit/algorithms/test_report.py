"""The plain tables: numbers in full, 亩 rounded half-up, text safe, a table whole or not there."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.geodesy.units import mu_text
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.pipeline import report
from weipian_plugin.workspace import Workspace


@pytest.mark.parametrize(
    ("square_metres", "mu"),
    [
        (0.0, "0.00"),
        (3.33, "0.00"),
        (3.34, "0.01"),
        (666.6666666666667, "1.00"),
        (1230.0, "1.85"),
        (10.0, "0.02"),
        (None, ""),
    ],
)
def test_mu_has_two_decimals_half_up(square_metres: float, mu: str) -> None:
    assert mu_text(square_metres) == mu


def test_tables_keep_full_precision_commas_quotes_and_chinese(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        store.insert(
            "parcel",
            pd.DataFrame(
                {
                    "number": ["0012"],
                    "county": ['永川区,"甲"\n乙'],
                    "area_m2": [1234.567890123],
                    "flags": [["outside_county"]],
                }
            ),
            "张三",
            "入库",
        )
        report.write(store, tmp_path / "报表", ["parcels"])
    content = (tmp_path / "报表" / "parcels.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert (row["parcel"], row["county"], row["area_m2"], row["area_mu"]) == (
        "0012",
        '永川区,"甲"\n乙',
        "1234.567890123",
        "1.85",
    )
    assert row["flags"] == "outside_county"


def test_an_empty_workspace_gives_tables_with_headers_only(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        report.write(store, tmp_path / "报表", report.COLUMNS)
    for name, columns in report.COLUMNS.items():
        lines = (tmp_path / "报表" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 1
        assert tuple(lines[0].split(","))[: len(columns)] == columns


def test_a_photo_shows_its_parcel_only_while_it_is_attached(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        photos = pd.DataFrame({"file": ["a.jpg", "b.jpg"], "sha256": ["aa", None], "status": ["attached", "ambiguous"]})
        store.insert("photo", photos, "张三", "挂接")
        links = pd.DataFrame({"photo": ["aa", "b.jpg"], "parcel": ["P1", "P2"], "status": ["attached", "ambiguous"]})
        store.insert("photo_parcel", links, "张三", "挂接")
        report.write(store, tmp_path / "报表", ["photos"])
    with (tmp_path / "报表" / "photos.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [(row["file"], row["parcel"]) for row in csv.DictReader(stream)] == [("a.jpg", "P1"), ("b.jpg", "")]


def test_a_folder_that_cannot_be_written_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "挡路").write_text("x", encoding="utf-8")
    with pytest.raises(WeipianError) as raised:
        report.prepare_folder(tmp_path / "挡路" / "报表")
    assert raised.value.code == "run.folder_unwritable"
    assert "挡路" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "day"), [("2024-02-20", "2024-02-20"), ("20240220", "2024-02-20"), ("2024年2月20日", "2024-02-20")]
)
def test_a_date_is_read_as_people_write_it(text: str, day: str) -> None:
    assert report.today_or(text) == day


@pytest.mark.parametrize("text", ["去年", "2024", "2024-02", "2024-13-01"])
def test_a_date_that_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(WeipianError) as raised:
        report.today_or(text)
    assert raised.value.code == "run.date_unreadable"
