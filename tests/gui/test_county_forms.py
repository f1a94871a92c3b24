"""The office's own forms in the window: copied, broken, put right, tried on a parcel, given back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog

from tests.gui.conftest import until
from weipian_plugin.model.paths import use_county
from weipian_plugin.toolbelt import settings


def test_an_own_form_is_checked_tried_and_given_back(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, picture: Any
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    settings.change(county=str(tmp_path / "本县设置"))
    try:
        bench.actions["templates"].trigger()
        window = bench.parts.county.templates
        window.load()
        window.resize(1180, 640)
        row = next(number for number, form in enumerate(window.forms) if form.template == "01核查登记表.xlsx")
        window.table.selectRow(row)
        window.copy_button.click()
        own = tmp_path / "本县设置" / "templates" / "01核查登记表.xlsx"
        assert own.is_file() and opened == [str(own)]
        book = openpyxl.load_workbook(own)
        book.active["Z40"] = "{{图斑号}}"
        book.active["Z41"] = "{{面积大小}}"
        book.save(own)
        window.again_button.click()
        assert window.table.item(row, 3).text().startswith("2 ")
        assert {"Z40", "Z41"} <= {
            word for n in range(2) for word in ("Z40", "Z41") if word in window.faults.item(n, 0).text()
        }
        assert not window.try_button.isEnabled()
        picture("forms_faults", window)
        book.active["Z40"], book.active["Z41"] = "本县登记表", "{{图斑编号}}"
        book.save(own)
        window.again_button.click()
        window.try_button.click()
        until(lambda: window.tried, 30, "the form is filled")
        number = bench.parts.session.details.number
        filled = openpyxl.load_workbook(window.tried).active
        assert filled["Z40"].value == "本县登记表" and filled["Z41"].value == number
        other = tmp_path / "另一张.xlsx"
        book.save(other)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *unused: (str(other), ""))
        window.table.selectRow(row + 1)
        window.take_button.click()
        assert window.forms[row + 1].own
        window.back_button.click()
        assert not window.forms[row + 1].own
        picture("forms", window)
        window.reject()
    finally:
        settings.change(county="")
        use_county(None)
