"""移交清单: what an archive hands over, a row a package with its file and digest, and places to sign; drafts that stay behind are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from ..office import sheet_text
from ..office.cells import put
from ..office.files import write_atomic

NAME = "移交清单.xlsx"
_HEAD = ("序号", "图斑编号", "乡镇", "判定", "卷宗状态", "文件数", "压缩包", "清单校验值（SHA-256）")
_WIDTHS = (6, 24, 12, 16, 9, 8, 22, 34)
_EDGE = Side(style="thin", color="808080")
_LINE = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


@dataclass(frozen=True)
class HandedOver:
    """One package: ``archive`` is the zip it lies in, "" for a draft that stays behind."""

    number: str
    township: str
    category: str
    complete: bool
    files: int
    archive: str
    digest: str


def write(path: Path, rows: Sequence[HandedOver], office: str = "", day: str = "") -> Path:
    """Write the list. Raises ``office.unwritable``, ``office.file_held``."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "移交清单"
    for position, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    _line(sheet, 1, "卫片执法图斑卷宗移交清单", 16, True)
    given = [row for row in rows if row.archive]
    kept = [row for row in rows if not row.archive]
    summary = f"移交单位：{office or '　' * 8}　　日期：{day or '　　年　月　日'}　　移交 {len(given)} 卷"
    _line(sheet, 2, summary + (f"，另有草稿 {len(kept)} 卷未移交" if kept else ""), 10.5, False)
    _cells(sheet, 3, _HEAD, head=True)
    for place, row in enumerate([*given, *kept], start=1):
        state = "材料齐全" if row.complete else "草稿"
        values = (place, row.number, row.township, row.category, state, row.files, row.archive or "未移交", row.digest)
        _cells(sheet, 3 + place, values)
    below = 5 + len(rows)
    for place, text in enumerate(("移交人（签字）：　　　　　　　　日期：", "接收人（签字）：　　　　　　　　日期：")):
        _line(sheet, below + place, text, 10.5, False, 28)
    sheet.print_title_rows, sheet.freeze_panes = "1:3", "A4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.center.text = "第 &P 页 / 共 &N 页"
    return write_atomic(path, book.save)


def _line(sheet: Any, row: int, text: str, size: float, heading: bool, height: float = 0) -> None:
    """A text over the whole width."""
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    cell = put(sheet.cell(row, 1), text)
    cell.font = Font(name="宋体", size=size, bold=heading)
    cell.alignment = Alignment(horizontal="center" if heading else "left", vertical="center")
    sheet.row_dimensions[row].height = height or size * 1.8


def _cells(sheet: Any, row: int, values: Sequence[Any], head: bool = False) -> None:
    lines = 1
    for column, value in enumerate(values, start=1):
        cell = put(sheet.cell(row, column), value)
        cell.font, cell.border = Font(name="宋体", size=10.5, bold=head), _LINE
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if head else None)
        if head:
            cell.fill = PatternFill("solid", fgColor="D9E2F3")
        lines = max(lines, sheet_text.lines(str(value), _WIDTHS[column - 1] - 1))
    sheet.row_dimensions[row].height = 16 * lines + 2
