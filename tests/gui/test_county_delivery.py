"""A delivery of a schema that nobody knows: its columns are mapped by mouse, kept, and found again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from qgis.PyQt.QtWidgets import QInputDialog, QWizard

from tests.gui.conftest import until
from tests.gui.test_importing import press_next
from weipian_plugin.gui.county_delivery import ENCODING, KIND, UNIT


def delivery(folder: Path, first: int) -> Path:
    """Parcels under column names of an office's own, areas in hectares."""
    folder.mkdir(parents=True)
    shapes = [shapely.box(105.90 + n / 100, 29.30, 105.902 + n / 100, 29.302) for n in range(5)]
    frame = GeoDataFrame(
        {
            "地块号码": [f"500118SJBG2321{first + n:04d}" for n in range(5)],
            "拍前": ["20220918"] * 5,
            "拍后": ["20230426"] * 5,
            "大小": [4.3] * 5,
        },
        geometry=shapes,
        crs="EPSG:4490",
    )
    pyogrio.write_dataframe(frame, folder / "移交图斑.shp", encoding="GBK")
    return folder


def choose(box: Any, data: str) -> None:
    index = box.findData(data)
    assert index >= 0, [box.itemText(number) for number in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def mapped(page: Any, title: str, column: str) -> None:
    fields = page.fields.table
    row = next(number for number in range(fields.rowCount()) if fields.item(number, 0).text() == title)
    choose(fields.cellWidget(row, 1), column)


def settled(page: Any) -> None:
    until(lambda: page.busy.isHidden(), 30, "the delivery is read again")


def opened(plugin: Any, folder: Path) -> Any:
    plugin.workbench.parts.import_delivery(str(folder))
    wizard = plugin.workbench.parts.assistant
    until(wizard.isVisible)
    wizard.resize(1180, 690)
    press_next(wizard)
    settled(wizard.preview_page)
    return wizard


def test_an_unknown_schema_is_mapped_kept_and_found_again(
    plugin: Any, tmp_path: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = opened(plugin, delivery(tmp_path / "一" / "移交", 1))
    page = wizard.preview_page
    assert not page.isComplete() and "#c62828" in page.summary.text()
    assert page.tabs.currentIndex() == 1, "the place where it is put right is shown"
    mapped(page, "编号", "地块号码")
    settled(page)
    assert page.isComplete() and "5" in page.summary.text()
    for title, column in (("监测面积", "大小"), ("前时相", "拍前"), ("后时相", "拍后")):
        mapped(page, title, column)
        settled(page)
    assert page.table.item(0, UNIT).text() == "公顷"
    assert set(page.found.parcels["later_image"]) == {"2023-04-26"}
    picture("delivery_fields", wizard)
    monkeypatch.setattr(QInputDialog, "getText", lambda *unused, **named: ("区里移交", True))
    page.keep_button.click()
    assert "区里移交" in page.note.text()
    wizard.reject()
    wizard = opened(plugin, delivery(tmp_path / "二" / "移交", 11))
    page = wizard.preview_page
    assert page.isComplete() and "区里移交" in page.note.text()
    assert set(page.found.parcels["earlier_image"]) == {"2022-09-18"}
    page.reset_button.click()
    settled(page)
    assert not page.isComplete(), "a kept mapping can be declined"
    wizard.reject()


def test_what_is_corrected_is_seen_at_once_and_reaches_the_workspace(plugin: Any, tmp_path: Path, picture: Any) -> None:
    wizard = opened(plugin, delivery(tmp_path / "三" / "移交", 21))
    page = wizard.preview_page
    if not page.isComplete():
        mapped(page, "编号", "地块号码")
        settled(page)
    choose(page.table.cellWidget(0, KIND), "mining")
    settled(page)
    assert page.table.item(0, KIND).text() == "矿产"
    choose(page.table.cellWidget(0, ENCODING), "UTF-8")
    settled(page)
    assert page.table.item(0, ENCODING).text().lower() in ("utf-8", "utf8")
    choose(page.table.cellWidget(0, ENCODING), "")
    settled(page)
    if not page.isComplete():  # the columns had other names meanwhile
        mapped(page, "编号", "地块号码")
        settled(page)
    picture("delivery_corrected", wizard)
    press_next(wizard)
    wizard.layers_page.catalogue.setFilePath("")
    wizard.layers_page.editor.clear()
    press_next(wizard)
    until(wizard.run_page.isComplete, 60, "taken in")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    session = plugin.workbench.parts.session
    until(lambda: session.rows, 20)
    assert {row["kind"] for row in session.store.records("parcel")} == {"mining"}
    assert (wizard.target / "字段对照.yaml").is_file()
