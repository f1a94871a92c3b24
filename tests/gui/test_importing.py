"""Import: drop a zip on the dock, go through the assistant page by page, end in the open workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QWizard

from tests.gui.conftest import until, wait


def drop(widget: Any, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(widget, event)


def press_next(wizard: QWizard) -> None:
    button = QWizard.WizardButton.NextButton
    if not wizard.button(button).isVisible():
        button = QWizard.WizardButton.CommitButton
    assert wizard.button(button).isEnabled()
    wizard.button(button).click()
    wait(0.1)


def test_a_dropped_zip_becomes_an_open_workspace(
    plugin: Any, county: dict[str, Path], desk: Path, picture: Any
) -> None:
    bench = plugin.workbench
    drop(bench.dock, county["delivery"])
    wizard = bench.parts.assistant
    until(lambda: wizard is not None and wizard.isVisible())
    assert wizard.delivery_page.delivery.text() == str(county["delivery"])
    assert Path(wizard.delivery_page.photos.filePath()).name == "照片"
    wizard.delivery_page.photos.setFilePath("")
    wizard.delivery_page.target.setFilePath(str(desk / "成果 文件夹"))
    picture("assistant_1", wizard)
    press_next(wizard)
    until(wizard.preview_page.isComplete, 30, "the delivery is read")
    assert "gb18030" in wizard.preview_page.table.item(0, 3).text().lower()
    assert "永川区" in wizard.preview_page.text.toPlainText()
    picture("assistant_2", wizard)
    press_next(wizard)
    assert wizard.layers_page.table.rowCount() > 15, "the catalogue beside the delivery is found"
    picture("assistant_3", wizard)
    press_next(wizard)
    until(wizard.run_page.isComplete, 90, "the chain has run")
    picture("assistant_4", wizard)
    assert wizard.button(QWizard.WizardButton.CancelButton).text() == "关闭", "nothing is left to be cancelled"
    wizard.button(QWizard.WizardButton.FinishButton).click()
    session = bench.parts.session
    until(lambda: session.details, what="the workspace is open")
    assert len(session.rows) == 67
    assert sum(bool(row.proposal) for row in session.rows.values()) == 67


def test_a_delivery_that_cannot_be_read_says_why(plugin: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "不是数据.zip"
    wrong.write_bytes(b"no archive")
    plugin.workbench.parts.import_delivery(str(wrong))
    wizard = plugin.workbench.parts.assistant
    until(wizard.isVisible)
    press_next(wizard)
    until(lambda: "#c62828" in wizard.preview_page.summary.text(), 20, "the reason is shown")
    assert not wizard.preview_page.isComplete()
    wizard.reject()


def test_the_sample_is_made_opened_and_its_first_parcel_is_on_the_card(
    plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the button of the start page to the first card, with nothing to answer but the folder."""
    bench = plugin.workbench
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *unused: str(tmp_path / "示例 文件夹"))
    bench.dock.start_page.sample_button.click()
    assert bench.parts.runner.busy and bench.dock.work_bar.isVisible()
    session = bench.parts.session
    until(lambda: session.details, 240, "the sample is made, run through the chain and opened")
    assert session.path == tmp_path / "示例 文件夹" / "卫片成果" / "工作库.gpkg"
    assert bench.dock.stack.currentWidget() is bench.dock.splitter and not bench.dock.work_bar.isVisible()
    assert len(session.rows) == 67 and all(row.proposal for row in session.rows.values())
    assert sum(row.photos for row in session.rows.values()) > 50
    first = next(iter(session.rows))
    assert session.current == first and first in bench.dock.card.heading.text()
    assert "判定建议" in bench.dock.card.text.toPlainText() and session.details.proposal().reasons
    bench.parts.close_workspace()
    bench.dock.start_page.sample_button.click()
    until(lambda: session.details, 20, "the second time it is only opened")
    assert not bench.parts.runner.busy


def test_the_sample_can_be_cancelled(plugin: Any, tmp_path: Path) -> None:
    parts = plugin.workbench.parts
    parts.open_sample(tmp_path / "示例")
    until(lambda: parts.runner.busy and plugin.workbench.dock.work_bar.isVisible())
    wait(0.3)
    plugin.workbench.dock.work_cancel.click()
    until(lambda: not parts.runner.busy, 60, "it has stopped")
    assert not (tmp_path / "示例" / "卫片成果" / "工作库.gpkg").exists()


def batch_of(folder: Path, name: str, east: float) -> Path:
    """Two parcels whose numbers every batch begins with."""
    shapes = [shapely.box(east + n / 100, 29.30, east + n / 100 + 0.002, 29.302) for n in range(2)]
    numbers = [f"500118SJBG2321{n + 1:04d}" for n in range(2)]
    rows = {"JCBH": numbers, "XZQDM": ["500118"] * 2, "QSX": ["20220918"] * 2, "HSX": ["20230426"] * 2}
    path = folder / f"{name}.shp"
    pyogrio.write_dataframe(GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490"), path, encoding="UTF-8")
    return path


def test_numbers_used_for_other_land_are_asked_about(plugin: Any, tmp_path: Path, picture: Any) -> None:
    """A second batch with the numbers of the first, elsewhere: nothing goes on before a person has said what becomes of them."""
    bench, target = plugin.workbench, tmp_path / "成果"

    def taken_in(delivery: Path, answer: Any = None) -> list[str]:
        bench.parts.import_delivery(str(delivery))
        wizard = bench.parts.assistant
        until(wizard.isVisible)
        wizard.delivery_page.target.setFilePath(str(target))
        press_next(wizard)
        page, button = wizard.preview_page, wizard.button(QWizard.WizardButton.NextButton)
        until(lambda: page.found is not None, 30, "the delivery is read")
        if answer is None:
            assert page.reused.isHidden()
        else:
            until(page.reused.isVisible, 10, "the question is asked")
            assert "500118SJBG23210001" in page.reused.question.text() and not button.isEnabled()
            answer(page.reused).click()
            picture("assistant_reused", wizard)
        until(button.isEnabled)
        press_next(wizard)
        wizard.layers_page.catalogue.setFilePath("")
        press_next(wizard)
        until(wizard.run_page.isComplete, 60, "the run has ended")
        wizard.button(QWizard.WizardButton.FinishButton).click()
        until(lambda: bench.parts.session.details, 20, "the workspace is open")
        return sorted(bench.parts.session.rows)

    first = taken_in(batch_of(tmp_path, "七月图斑", 105.90))
    assert taken_in(batch_of(tmp_path, "八月图斑", 105.95), lambda asked: asked.reject_button) == first
    both = taken_in(batch_of(tmp_path, "九月图斑", 105.98), lambda asked: asked.rename_button)
    assert len(both) == 4 and set(first) < set(both) and all("九月图斑" in number for number in set(both) - set(first))
    assert taken_in(batch_of(tmp_path, "七月图斑", 105.90)) == both, "the same land again is no question"
