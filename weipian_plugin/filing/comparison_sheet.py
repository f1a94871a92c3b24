"""整改前后对比: photos of one standpoint before, during and after the rectification side by side, and what found no counterpart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model.messages import render
from ..office import sheet_text
from ..office.book import Cell, Row
from .contact_sheet import COLUMNS, TEXT, Picture, picture_rows, picture_sheet
from .settings import FilingRules
from .standpoints import STAGES, Comparison, Standpoint, notes_of

TITLE = "整改前后对比"
_LINE, _COLUMNS_OF_TEXT = 16.0, 96.0  # points of a line; characters across the page
_STANDPOINTS_A_PAGE = 3


def sheet(number: str, found: Comparison, pictures: Mapping[int, Picture], rules: FilingRules) -> bytes:
    """The workbook, A4 upright. ``pictures``: by place of the photo in the case, from 1."""
    rows: list[Row] = []
    for position, standpoint in enumerate(found.rows):
        first = position > 0 and position % _STANDPOINTS_A_PAGE == 0
        rows.append(_sentence(_heading(position + 1, standpoint, rules), bold=True, new_page=first))
        rows.extend(picture_rows([_picture(standpoint, stage, pictures, rules) for stage in STAGES]))
    if found.unmatched:
        rows.append(_sentence("未能配对的照片", bold=True))
        rows.extend(_sentence(f"{rules.word('phase', each.stage)}　{render(each.why)}") for each in found.unmatched)
    return picture_sheet(TITLE, f"{number} {TITLE}", f"图斑编号：{number}", rows)


def _picture(standpoint: Standpoint, stage: str, pictures: Mapping[int, Picture], rules: FilingRules) -> Picture:
    """The photo of a stage under its title; a stage without one has its place all the same."""
    place = standpoint.photos.get(stage)
    own = pictures.get(place) if place is not None else None
    title = rules.word("phase", stage)
    return Picture(None, f"{title}（无）") if own is None else Picture(own.content, f"{title}：{own.caption}")


def _heading(position: int, standpoint: Standpoint, rules: FilingRules) -> str:
    gap = standpoint.gap
    notes = "；".join(notes_of(standpoint, rules))
    return f"站位 {position}：相距 {gap.metres:.1f} 米，方位相差 {gap.degrees:.1f}°" + (f"（{notes}）" if notes else "")


def _sentence(text: str, bold: bool = False, new_page: bool = False) -> Row:
    """A line over all columns."""
    cell = Cell(text, replace(TEXT, bold=bold), across=COLUMNS)
    return Row([cell], _LINE * sheet_text.lines(text, _COLUMNS_OF_TEXT) + 6, new_page)
