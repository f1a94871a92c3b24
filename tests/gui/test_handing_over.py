"""Archives of packages for handing over, and the table that comes back."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from qgis.PyQt.QtTest import QTest

from tests.gui.conftest import until
from tests.gui.test_recording import click
from weipian_plugin.workspace import Workspace


def test_packages_of_the_queue_are_archived_by_township(bench: Any, workspace: Path, desk: Path, picture: Any) -> None:
    dock, session = bench.dock, bench.parts.session
    numbers = [row.number for row in session.rows.values()][:2]
    QTest.keyClicks(dock.search, numbers[0])
    dock.form.more["archive"].trigger()
    dialog = bench.parts.archive
    until(dialog.isVisible)
    folder = workspace.parent / "卷宗"
    assert Path(dialog.folder.filePath()) == folder and dialog.shown == [numbers[0]]
    folder = desk / "卷宗"
    dialog.folder.setFilePath("")
    click(dialog.start_button)
    assert "请选择" in dialog.message.text() and not dialog.running
    dialog.folder.setFilePath(str(folder))
    click(dialog.start_button)
    assert dialog.running and dialog.cancel_button.isEnabled() and not dialog.start_button.isEnabled()
    until(lambda: not dialog.running, 60, "the archive is written")
    assert "已导出 1 份卷宗" in dialog.message.text(), dialog.message.text()
    assert dialog.bar.value() == 100 and dialog.open_button.isEnabled()
    picture("archive", dialog)
    assert [path.name for path in (folder / "归档").iterdir()] == ["移交清单.xlsx"], "a draft is not handed over"
    dialog.drafts.setChecked(True)
    click(dialog.start_button)
    until(lambda: not dialog.running, 60, "the drafts are archived")
    (archive,) = (folder / "归档" / "草稿").iterdir()
    township = session.rows[numbers[0]].township
    assert archive.name == township + ".zip"
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None and {name.split("/")[-1] for name in opened.namelist()} >= {"manifest.json"}
    dialog.reject()


def test_archiving_is_cancelled_without_remains(bench: Any, workspace: Path) -> None:
    bench.parts.show_archive()
    dialog = bench.parts.archive
    click(dialog.start_button)
    until(lambda: dialog.bar.value() > 0, 60, "it has begun")
    click(dialog.cancel_button)
    until(lambda: not dialog.running, 60, "it has stopped")
    assert dialog.start_button.isEnabled() and not dialog.cancel_button.isEnabled()
    assert dialog.message.text() and not (workspace.parent / "卷宗" / "归档").exists()
    dialog.reject()


def test_a_returned_table_is_taken_back_and_what_was_refused_is_said(
    bench: Any, workspace: Path, desk: Path, picture: Any
) -> None:
    report = desk / "报表"
    bench.parts.tabulate(str(report))
    until(lambda: not bench.parts.runner.busy, 90, "the tables are written")
    assert bench.notifier.last[0] == "success", bench.notifier.last
    returned = desk / "回传表.xlsx"
    book = openpyxl.load_workbook(next(report.glob("上报表A*.xlsx")))
    sheet = book.active
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "拆分状态" for cell in row))
    at = {cell.value: cell.column for cell in heads}
    key = at["线索编号"]
    row = heads[0].row + 1
    first = str(sheet.cell(row, key).value)
    sheet.cell(row, at["拆分状态"], "市级待审核")
    sheet.cell(row, at["图斑状态"], None)
    owner = at["项目名称"]
    sheet.cell(row + 1, owner, "别的项目")
    second = str(sheet.cell(row + 1, key).value)
    sheet.cell(row + 2, key, "999999SJBG0001")
    book.save(returned)

    bench.dock.form.more["returned"].trigger()
    dialog = bench.parts.returned
    until(dialog.isVisible)
    click(dialog.start_button)
    assert dialog.message.text() == "请选择回传表。"
    dialog.table.setFilePath(str(returned))
    assert Path(dialog.report.filePath()) == workspace.parent / "报表"
    dialog.report.setFilePath(str(report))
    click(dialog.start_button)
    until(lambda: not dialog.running, 90, "the table is read")
    assert dialog.message.text().startswith("已接收"), dialog.message.text()
    picture("returned", dialog)
    groups = [dialog.outcome.topLevelItem(number) for number in range(3)]
    found = [
        {tuple(group.child(line).text(column) for column in range(5)) for line in range(group.childCount())}
        for group in groups
    ]
    assert found[0] == {(first, "审核阶段", "", "市级待审核", "已记入工作库")}
    assert found[1] == {("999999SJBG0001", str(heads[key - 1].value), "", "999999SJBG0001", "本库没有这个图斑")}
    assert any(line[0] == second and line[3] == "别的项目" for line in found[2])
    assert any("没有这个图斑" in line[4] for line in found[2]), "the parcel that was left out is named"
    with Workspace.open(workspace) as store:
        (parcel,) = store.read("parcel", number=first).to_dict("records")
        assert parcel["review_stage"] == "市级待审核"
        assert [row["why"] for row in store.read("journal", key=first, what="parcel").to_dict("records")][
            -1
        ] == "回传表"
        assert store.journal_break() is None
    until(lambda: not bench.parts.session._loading)
    dialog.reject()


def test_a_table_of_another_kind_is_refused_in_a_sentence(bench: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "名单.csv"
    wrong.write_text("姓名,电话\n甲,1\n", encoding="utf-8")
    bench.parts.show_returned()
    dialog = bench.parts.returned
    dialog.table.setFilePath(str(wrong))
    click(dialog.start_button)
    until(lambda: not dialog.running, 60, "the reason is shown")
    assert "名单.csv" in dialog.message.text() and "#c62828" in dialog.message.styleSheet()
    assert dialog.outcome.topLevelItemCount() == 0
    dialog.reject()
