"""Help where it is needed: a message leads to its page, the pages lie behind F1, a text for support names nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsMessageLog
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QDockWidget, QFileDialog, QPushButton

from tests.gui.conftest import iface, until, wait
from weipian_plugin.gui.help import pages
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.toolbelt import diagnosis


def test_a_message_leads_to_what_the_pages_say_of_its_code(plugin: Any) -> None:
    plugin.workbench.notifier.error(WeipianError("workspace.locked", path="/x/库.gpkg"))
    button = next(one for one in iface.messageBar().currentItem().findChildren(QPushButton) if one.text() == "说明")
    button.click()
    manual = plugin.workbench.parts.manual
    until(lambda: manual.isVisible(), what="the page opens")
    assert manual.pages.currentText() == "提示与处理"
    assert manual.text.textCursor().selectedText() == "workspace.locked"


def test_every_page_opens_behind_f1_and_links_between_them_work(plugin: Any, repository: Path) -> None:
    parts = plugin.workbench.parts
    parts.show_manual()
    manual = parts.manual
    titles = [manual.pages.itemText(row) for row in range(manual.pages.count())]
    assert len(titles) == len(pages(repository / "docs" / "manual.md")) == 9
    for row in range(manual.pages.count()):
        manual.pages.setCurrentIndex(row)
        assert manual.contents.count() >= 1, titles[row]
        assert len(manual.text.toPlainText()) > 500
    manual.show_page("troubleshooting.md")
    manual._clicked(QUrl("errors.md"))
    assert manual.pages.currentText() == "提示与处理"


def test_the_text_for_support_has_versions_and_no_names(bench: Any, tmp_path: Path, monkeypatch: Any) -> None:
    number = bench.parts.session.current
    QgsMessageLog.logMessage(
        f"图斑 {number} 在 {tmp_path / '永川区 二季度' / '工作库.gpkg'} 中由张三判定，password=GEHEIM4711",
        diagnosis.LOG,
    )
    bench.notifier.error(WeipianError("workspace.missing", path=str(tmp_path / "永川区大安街道.gpkg")))
    wait(0.2)
    target = tmp_path / "诊断.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(target), ""))
    bench.parts.save_diagnosis()
    text = target.read_text(encoding="utf-8")
    assert all(word in text for word in ("QGIS", "Qt", "shapely", "map_dpi = 150", "[workspace.missing]", "判定"))
    assert not [word for word in (str(number), "张三", "永川", "大安", "GEHEIM", str(tmp_path)) if word in text]


def test_the_log_is_a_panel_of_its_own(plugin: Any) -> None:
    plugin.workbench.actions["log"].trigger()
    assert iface.mainWindow().findChild(QDockWidget, "MessageLog").isVisible()
