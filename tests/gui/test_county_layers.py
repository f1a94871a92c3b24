"""A county's own layers by mouse: a folder of odd names becomes a catalogue and a finished run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtWidgets import QFileDialog, QWizard

from tests.gui.conftest import until, wait
from tests.gui.test_importing import drop
from weipian_plugin.formats.catalogue import read_catalogue
from weipian_plugin.gui.catalogue_editor import FIELDS, LAYER, ROLE, STATE

SIZE = (1366, 768)

#: Where the sample's layers go, under names as they lie in offices.
ODD_NAMES = {
    "调查/地类图斑2022": "三调/500118DLTB",
    "审批/农转用": "批文/用地审批已批2009-2023",
    "审批/增减挂钩建新区": "批文/ZJGG_JX",
    "审批/先行用地": "批文/先行用地（铁路）",
    "审批/临时用地": "批文/LSYD_2021_2023",
    "审批/设施农用地": "农业/ssnyd",
    "审批/农村道路": "农业/村道_面",
    "矿产/采矿权": "矿/ckq",
    "基础/国家公路网": "交通/GLW",
}


@pytest.fixture(scope="module")
def office(county: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A delivery and, in another folder, fourteen layers of the county: shp, gdb, gpkg, odd names, one that tells nothing."""
    top = tmp_path_factory.mktemp("办公室") / "永川 卫片"
    layers = top / "图层资料"
    sample = county["catalogue"].parent
    for old, new in ODD_NAMES.items():
        (layers / new).parent.mkdir(parents=True, exist_ok=True)
        for file in (sample / old).parent.glob(Path(old).name + ".*"):
            shutil.copy(file, (layers / new).with_name(Path(new).name + file.suffix))
    shutil.copytree(sample / "规划" / "国土空间规划.gdb", layers / "规划" / "三区三线.gdb")
    for old, new in (("规划/生态保护红线.gpkg", "规划/hx.gpkg"), ("审批/供地.gpkg", "批文/2025年供地库.gpkg")):
        shutil.copy(sample / old, layers / new)
    unknown = pyogrio.read_dataframe(layers / "矿" / "ckq.shp", columns=[])
    pyogrio.write_dataframe(unknown, layers / "矿" / "新建面.shp")
    (top / "下发").mkdir()
    delivery = shutil.copy(county["delivery"], top / "下发" / county["delivery"].name)
    return {"top": top, "layers": layers, "delivery": Path(delivery)}


class Hand:
    """Clicks, counted: what a person would press with the mouse."""

    def __init__(self) -> None:
        self.clicks = 0

    def press(self, button: Any) -> None:
        assert button.isVisible() and button.isEnabled(), button.text()
        self.clicks += 1
        button.click()
        wait(0.05)

    def choose(self, box: Any, role: str) -> None:
        self.clicks += 2  # open the list, pick
        index = box.findData(role)
        box.setCurrentIndex(index)
        box.activated.emit(index)
        wait(0.05)


def roles_of(editor: Any) -> dict[str, str]:
    return {row.name: row.entry.role for row in editor.rows}


def test_a_folder_of_layers_becomes_a_catalogue_and_a_finished_run(
    plugin: Any, office: dict[str, Path], monkeypatch: pytest.MonkeyPatch, picture: Any, figure: Any
) -> None:
    bench, hand = plugin.workbench, Hand()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *unused: str(office["layers"]))
    hand.clicks += 3  # the menu's entry, and the delivery in the file dialog
    bench.parts.import_delivery(str(office["delivery"]))
    wizard = bench.parts.assistant
    until(wizard.isVisible)
    wizard.resize(1180, 690)
    hand.press(wizard.button(QWizard.WizardButton.NextButton))
    until(wizard.preview_page.isComplete, 30, "the delivery is read")
    hand.press(wizard.button(QWizard.WizardButton.NextButton))
    editor = wizard.layers_page.editor
    assert not editor.rows, "nothing of an earlier county is taken over"
    hand.press(editor.add_folder)
    hand.clicks += 2  # a folder and 选择文件夹 in the dialog
    until(lambda: len(editor.rows) == 14 and not editor.reading, 30, "the layers are looked at")
    picture("county_layers_proposed", wizard)
    found = roles_of(editor)
    assert found["新建面"] == "" and sum(1 for role in found.values() if not role) == 1
    assert found["YJJBNTTB"] == "basic_farmland" and found["ZJGG_JX"] == "linkage"
    unknown = next(index for index, row in enumerate(editor.rows) if row.name == "新建面")
    assert editor.table.currentRow() == unknown, "the one that waits is selected"
    hand.press(editor.remove_button)
    hand.press(wizard.button(QWizard.WizardButton.CommitButton))
    until(wizard.run_page.isComplete, 120, "the chain has run")
    hand.press(wizard.button(QWizard.WizardButton.FinishButton))
    session = bench.parts.session
    until(lambda: session.details, what="the workspace is open")
    catalogue = office["delivery"].parent / "图层清单.yaml"
    assert len(read_catalogue(catalogue)) == 13
    assert 'source: "../图层资料/批文/用地审批已批2009-2023.shp"' in catalogue.read_text(encoding="utf-8")
    assert sum(bool(row.proposal) for row in session.rows.values()) == 67
    figure("clicks from a folder to proposals", hand.clicks)
    assert hand.clicks < 25


def test_the_window_edits_checks_and_saves(
    bench: Any,
    office: dict[str, Path],
    county: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    picture: Any,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *unused: (str(tmp_path / "清单" / "本县.yaml"), ""))
    bench.actions["catalogue"].trigger()
    window = bench.parts.county.catalogue
    until(lambda: window.isVisible() and not window.editor.reading, 20)
    assert window.editor.path == county["catalogue"], "the catalogue of the open workspace is shown"
    window._new()
    window.resize(1180, 640)
    editor = window.editor
    for name in ("批文", "矿"):
        drop(editor, office["layers"] / name)
    until(lambda: len(editor.rows) == 7 and not editor.reading, 20)
    index = next(number for number, row in enumerate(editor.rows) if row.name == "新建面")
    assert "请选择用途" in editor.table.item(index, STATE).text()
    box = editor.table.cellWidget(index, ROLE)
    box.setCurrentIndex(box.findData("mining_right"))
    box.activated.emit(box.currentIndex())
    assert "文号" in editor.table.item(index, STATE).text(), "what is lacking is told at once"
    picture("county_layers_window", window)
    assert window.save()
    assert window.place.text().endswith("本县.yaml")
    window.check()
    until(window.report_button.isVisible, 60, "the check has run")
    assert (tmp_path / "清单" / "图层检查" / "layer-check.html").is_file()
    picture("county_layers_checked", window)
    assert "mining_right" in [layer.role for layer in read_catalogue(tmp_path / "清单" / "本县.yaml")]
    window.reject()
    assert not window.isVisible()
    bench.actions["catalogue"].trigger()
    assert bench.parts.county.catalogue.editor.path == tmp_path / "清单" / "本县.yaml"


def test_a_field_is_mapped_with_its_values_seen(
    plugin: Any, office: dict[str, Path], picture: Any, tmp_path: Path
) -> None:
    plugin.workbench.actions["catalogue"].trigger()
    window = plugin.workbench.parts.county.catalogue
    window._new()
    window.resize(1180, 640)
    editor = window.editor
    editor.add_paths([office["layers"] / "批文" / "用地审批已批2009-2023.shp"])
    until(lambda: editor.rows and not editor.reading, 20)
    fields = editor.fields.table
    row = next(number for number in range(fields.rowCount()) if fields.item(number, 0).text() == "批准日期")
    assert "日期可读" in fields.item(row, 3).text() and "20" in fields.item(row, 2).text()
    before = editor.table.item(0, STATE).text()
    box = fields.cellWidget(row, 1)
    box.setCurrentIndex(box.findData("XMMC"))
    box.activated.emit(box.currentIndex())
    row = next(number for number in range(fields.rowCount()) if fields.item(number, 0).text() == "批准日期")
    assert "读不出的如" in fields.item(row, 3).text()
    assert editor.table.item(0, STATE).text() != before
    picture("county_fields", window)
    box = fields.cellWidget(row, 1)
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert not editor.rows[0].entry.fields and "可用" in editor.table.item(0, STATE).text()
    assert editor.table.item(0, FIELDS).text().count("/") == 1
    editor.save(tmp_path / "x.yaml")
    window.reject()


def test_layers_of_the_current_project_are_taken(
    plugin: Any, office: dict[str, Path], county: dict[str, Path], picture: Any
) -> None:
    project = QgsProject.instance()
    source = f"{office['layers'] / '规划' / 'hx.gpkg'}|layername=STBHHX"
    image = next((county["catalogue"].parent / "影像").glob("*20230426.tif"))
    project.addMapLayers([
        QgsVectorLayer(source, "红线", "ogr"), QgsRasterLayer(str(image), "后时相影像"),
        QgsVectorLayer("Polygon?crs=EPSG:4490", "草图", "memory"),
    ])  # fmt: skip
    plugin.workbench.actions["catalogue"].trigger()
    window = plugin.workbench.parts.county.catalogue
    window._new()
    from weipian_plugin.gui.catalogue_sources import PickDialog, project_layers

    assert [name for name, _ in project_layers()] == ["后时相影像", "红线"], "what lives in memory cannot be kept"
    dialog = PickDialog("选取", "…", project_layers(), [], window)
    window.editor.add_listed(dialog.chosen())
    until(lambda: len(window.editor.rows) == 2 and not window.editor.reading, 20)
    assert window.editor.table.item(1, LAYER).text() == "STBHHX"
    assert window.editor.rows[1].entry.role == "ecological_redline"
    window.give_up()
