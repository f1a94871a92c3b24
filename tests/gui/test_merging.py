"""Merging (并宗): several parcels of the queue become one project, and are taken apart again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface

from tests.gui.conftest import until, wait
from tests.gui.test_recording import click, journal
from tests.gui.test_reviewing import key
from weipian_plugin.gui.merging import Findings, check
from weipian_plugin.model.records import Parcel
from weipian_plugin.toolbelt import settings
from weipian_plugin.workspace import Workspace


def test_neighbours_need_no_reason_and_a_chain_of_them_counts() -> None:
    rows = [Parcel(str(at), geometry=shapely.box(106 + at, 29, 107 + at - 1e-9, 30)) for at in range(3)]
    assert check([rows[1], rows[0], rows[2]], {}, {}) == Findings()
    assert check([rows[0], rows[1], rows[2]], {}, {}).apart == (), "the last is reached over the one between"
    assert check([rows[0], rows[2]], {}, {}).apart == ("2",)
    split = [rows[0], replace(rows[1], split_state="被拆分")]
    assert [message.code for message in check(split, {}, {}).rejected] == ["judgment.merge_split"]


def mark(bench: Any, *numbers: str) -> None:
    """Click the first row, Ctrl-click the others."""
    table, dock = bench.dock.table, bench.dock
    for position, number in enumerate(numbers):
        index = dock.filter.mapFromSource(dock.model.index(dock.model.position(number), 0))
        table.scrollTo(index)
        modifier = Qt.KeyboardModifier.ControlModifier if position else Qt.KeyboardModifier.NoModifier
        place = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, place)
        wait(0.05)
    assert sorted(dock.marked_numbers()) == sorted(numbers)


def test_parcels_are_merged_shown_and_taken_apart(bench: Any, workspace: Path, picture: Any) -> None:
    session, dock = bench.parts.session, bench.dock
    first, second = [row.number for row in session.rows.values() if not row.parts and row.proposal == "合法"][:2]
    mark(bench, first, second)
    assert session.current == second, "the card follows the keyboard"
    dock.form.more["merge"].trigger()
    dialog = bench.parts.merging
    until(dialog.isVisible)
    assert dialog.table.rowCount() == 2 and dialog.lead.currentText() == second
    dialog.lead.setCurrentIndex(dialog.lead.findText(first))
    assert not dialog.ok_button.isEnabled() and second in dialog.findings.text() and "不相邻" in dialog.findings.text()
    dialog.reason.setText("同一加工厂项目，中间隔一条路")
    dialog.remark.setText("用地手续一并核对")
    picture("merge", dialog)
    click(dialog.ok_button)
    until(lambda: session.merges, what="both know of the merge")
    assert session.current == first and not dialog.isVisible(), bench.notifier.last
    assert session.merges == {first: (first, second), second: (first, second)}
    with Workspace.open(workspace) as store:
        (row,) = store.read("decision").to_dict("records")
        assert row["members"] == [second] and row["action"] == "merge"
        assert (row["parcel"], row["reason"]) == (first, "同一加工厂项目，中间隔一条路") and row[
            "remark"
        ] == "用地手续一并核对"
        assert ("张三", "并宗", "insert") in journal(store, "decision")
    assert "并宗" in dock.card.text.toPlainText()
    session.select(second)
    assert first in dock.card.text.toPlainText(), "the member says which parcel leads"

    mark(bench, second, next(number for number in session.rows if number not in (first, second)))
    bench.parts.show_merge()
    rejected = bench.parts.merging
    until(lambda: QApplication.activeWindow() is rejected, what="the dialog has the keys")
    rejected.reason.setText("again")
    assert not rejected.ok_button.isEnabled() and "已在以" in rejected.findings.text()
    rejected.reject()
    until(
        lambda: not rejected.isVisible() and QApplication.activeWindow() is iface.mainWindow(),
        what="the window has the keys again",
    )

    session.select(first)
    dock.form.submit()
    key(bench, Qt.Key.Key_U)
    assert session.rows[first].decision == "" and session.merges, "the decision is undone, the merge is not"
    key(bench, Qt.Key.Key_U)
    until(lambda: not session.merges, what="the merge is undone")
    with Workspace.open(workspace) as store:
        assert set(store.read("decision")["status"]) == {"undone"}
        assert store.journal_break() is None
    assert "并宗：" not in dock.card.text.toPlainText()


def test_filed_parcels_and_single_ones_are_not_merged(bench: Any, workspace: Path) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = next(row.number for row in session.rows.values() if row.proposal == "合法" and not row.parts)
    session.select(number)
    bench.parts.show_merge()
    assert "至少" in bench.parts.merging.findings.text() and not bench.parts.merging.ok_button.isEnabled()
    bench.parts.merging.reject()
    form.submit()
    form.reviewer_text.setText("李四")
    form.approve()
    form.reviewer_text.clear()
    settings.change(reviewer="")
    assert session.rows[number].state == "已复核", bench.notifier.last
    mark(bench, number, next(other for other in session.rows if other != number))
    bench.parts.show_merge()
    dialog = bench.parts.merging
    dialog.reason.setText("yiqi")
    assert "已复核" in dialog.findings.text() and not dialog.ok_button.isEnabled()
    dialog.reject()
