"""整改前后对比: photos of one standpoint before, during and after the rectification side by side, and what found no counterpart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.worksheet.pagebreak import Break

from ..model.messages import render
from ..office import sheet_text
from .contact_sheet import COLUMNS, Picture, picture_page, put_picture, put_text, saved
from .settings import FilingRules
from .standpoints import STAGES, Comparison, Standpoint, notes_of

TITLE = "整改前后对比"
_LINE, _COLUMNS_OF_TEXT = 16.0, 96.0  # points of a line; characters across the page
_STANDPOINTS_A_PAGE = 3


def sheet(number: str, found: Comparison, pictures: Mapping[int, Picture], rules: FilingRules) -> bytes:
    """The workbook, A4 upright. ``pictures``: by place of the photo in the case, from 1."""
    workbook, page = picture_page(TITLE, f"{number} {TITLE}", f"图斑编号：{number}")
    row = 2
    for position, standpoint in enumerate(found.rows, start=1):
        if position > 1 and position % _STANDPOINTS_A_PAGE == 1:
            page.row_breaks.append(Break(id=row - 1))
        _sentence(page, row, _heading(position, standpoint, rules), bold=True)
        for column, stage in enumerate(STAGES, start=1):
            place = standpoint.photos.get(stage)
            title = rules.word("phase", stage)
            own = pictures.get(place) if place is not None else None
            caption = f"{title}（无）" if own is None else f"{title}：{own.caption}"
            put_picture(page, row + 1, column, Picture(own.content if own else None, caption))
        row += 3
    if found.unmatched:
        _sentence(page, row, "未能配对的照片", bold=True)
        for entry in found.unmatched:
            row += 1
            _sentence(page, row, f"{rules.word('phase', entry.stage)}　{render(entry.why)}")
    return saved(workbook)


def _heading(position: int, standpoint: Standpoint, rules: FilingRules) -> str:
    gap = standpoint.gap
    notes = "；".join(notes_of(standpoint, rules))
    return f"站位 {position}：相距 {gap.metres:.1f} 米，方位相差 {gap.degrees:.1f}°" + (f"（{notes}）" if notes else "")


def _sentence(page: Any, row: int, text: str, bold: bool = False) -> None:
    put_text(page, row, 1, text, bold=bold)
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=COLUMNS)
    page.row_dimensions[row].height = _LINE * sheet_text.lines(text, _COLUMNS_OF_TEXT) + 6
