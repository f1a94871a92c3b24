"""单位设置: said once in a window, kept in the workspace under a person's name, and what the window and the papers then do with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from qgis.PyQt.QtTest import QTest

from tests.gui.conftest import until
from tests.gui.test_recording import click, journal
from weipian_plugin import oversight
from weipian_plugin.filing.tables import register, write_table
from weipian_plugin.pipeline.stored import cases_of
from weipian_plugin.workspace import Workspace, office_settings


def type_into(edit: Any, text: str) -> None:
    edit.clear()
    QTest.keyClicks(edit, text)


def test_the_office_is_said_once_and_signed(bench: Any, workspace: Path, tmp_path: Path, picture: Any) -> None:
    bench.actions["office"].trigger()
    dialog = bench.parts.office
    until(dialog.isVisible)
    assert dialog.four_eyes.currentData() is None, "nobody has said"
    for edit, text in (
        (dialog.unit, "Daan jiedao"), (dialog.maker, "Zhang San"), (dialog.addressee, "Qu ju"), (dialog.signed_by, "Daan ban"),
    ):  # fmt: skip
        type_into(edit, text)
    dialog.four_eyes.setCurrentIndex(1)
    dialog.signer.clear()
    click(dialog.save_button)
    with Workspace.open(workspace) as store:
        assert office_settings.read(store).unit == "", "nothing is written without a name"
    type_into(dialog.signer, "Wang Wu")
    with Workspace.open(workspace) as store:  # a colleague meanwhile
        store.set_setting("审核人", "Li Si", "colleague", "单位设置")
    click(dialog.save_button)
    assert "填报单位" in dialog.message.text() and dialog.checker.text() == "Li Si", "what a colleague wrote stays"
    picture("office", dialog)
    click(dialog.save_button)
    assert "没有改动" in dialog.message.text()
    with Workspace.open(workspace) as store:
        told = office_settings.read(store)
        assert (told.unit, told.checker, told.signature, told.four_eyes) == ("Daan jiedao", "Li Si", "Daan ban", True)
        assert ("Wang Wu", "单位设置", "update") in journal(store, "setting")
        snapshot = store.snapshot()
        numbers = snapshot["parcel"]["number"].tolist()[:2]
        signed = oversight.signature(snapshot, date(2023, 8, 20))
        rows = register(list(cases_of(snapshot, numbers, workspace.parent, {})))
    write_table(tmp_path / "台账.xlsx", "台账", rows, signed=signed)
    foot = str(openpyxl.load_workbook(tmp_path / "台账.xlsx").active.oddFooter.left.text)
    assert "填报单位（盖章）：Daan jiedao" in foot and "制表人：Zhang San" in foot and "2023年8月20日" in foot
    assert bench.parts.session.details.four_eyes is True
    dialog.reject()


def test_where_the_workspace_wants_two_persons_one_cannot_review_alone(bench: Any, workspace: Path) -> None:
    with Workspace.open(workspace) as store:
        store.set_setting("四眼原则", "是", "Wang Wu", "单位设置")
    session, form = bench.parts.session, bench.parts.dock.form
    session.refresh_details()
    until(lambda: form._details is not None and form._details.four_eyes is True)
    assert form._review_rule().stops, "although the options of this computer do not ask for it"


def test_the_start_page_leads_to_it(plugin: Any, workspace: Path, monkeypatch: Any) -> None:
    workbench = plugin.workbench
    monkeypatch.setattr(workbench, "ask_workspace", lambda: workbench.open_workspace(workspace))
    click(workbench.parts.dock.start_page.office_button)
    until(lambda: workbench.parts.office is not None and workbench.parts.office.isVisible(), what="its window")
    workbench.parts.office.reject()
