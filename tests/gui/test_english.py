"""Readers of other languages get English: no Chinese text is left on what the plugin adds to the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from qgis.utils import iface

from tests.gui.conftest import until, wait
from weipian_plugin.plugin import WeipianPlugin
from weipian_plugin.toolbelt import settings

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: Terms of the field that stay beside their English names.
TERMS = re.compile(r"[（(]?(合法|违法|其他|存疑)[）)]?")


def test_the_workbench_speaks_english(workspace: Path, picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("plugin", "gui.card", "gui.assistant", "gui.help", "gui.notifier", "gui.decision_form"):
        monkeypatch.setattr(f"weipian_plugin.{module}.language", lambda: "en")
    settings.change(workspace="", person="Zhang San")
    plugin = WeipianPlugin(iface)
    plugin.initGui()
    try:
        bench = plugin.workbench
        bench.open_workspace(workspace)
        until(lambda: bench.parts.session.details, what="the card is read")
        bench.parts.session.select("500118SJBG23210008")
        wait(0.8)
        texts = [action.text() for action in bench.menu.actions()]
        texts += [widget.text() for widget in bench.dock.form.findChildren(QLabel)]
        texts += [widget.text() for widget in bench.dock.findChildren(QAbstractButton)]
        texts += [widget.placeholderText() for widget in bench.dock.findChildren(QLineEdit)]
        choice = bench.dock.findChild(QComboBox)
        texts += [choice.itemText(row) for row in range(choice.count())]
        texts += [bench.dock.model.headerData(column, Qt.Orientation.Horizontal) for column in range(8)]
        left = [text for text in texts if text and CHINESE.search(TERMS.sub("", text.split(" · ")[0]))]
        picture("workbench_english")
        assert left == []
    finally:
        plugin.unload()
        QgsProject.instance().clear()
        settings.change(person="")
