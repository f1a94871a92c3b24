"""移交清单: what an archive hands over, a row a package with its file and digest, and places to sign; drafts that stay behind are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..office import sheet_text
from ..office.book import PAGE_OF_PAGES, Band, Cell, Look, Page, Row, Sheet
from ..office.book_writer import write_book

NAME = "移交清单.xlsx"
_HEAD = ("序号", "图斑编号", "乡镇", "判定", "卷宗状态", "文件数", "压缩包", "清单校验值（SHA-256）")
_WIDTHS = (6, 24, 12, 16, 9, 8, 22, 34)
_LINE = Look("宋体", 10.5, horizontal="left", vertical="center")
_TEXT = Look("宋体", 10.5, edge="808080", vertical="center", wraps=True)
_TITLES = replace(_TEXT, bold=True, fill="D9E2F3", horizontal="center")


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
    given, kept = [row for row in rows if row.archive], [row for row in rows if not row.archive]
    summary = f"移交单位：{office or '　' * 8}　　日期：{day or '　　年　月　日'}　　移交 {len(given)} 卷"
    lines = [
        _line("卫片执法图斑卷宗移交清单", replace(_LINE, size=16, bold=True, horizontal="center"), 28.8),
        _line(summary + (f"，另有草稿 {len(kept)} 卷未移交" if kept else "")),
        _cells(_HEAD, _TITLES),
        *(_cells(_values(place, row), _TEXT) for place, row in enumerate([*given, *kept], start=1)),
        Row([]),
        *(_line(f"{person}（签字）：　　　　　　　　日期：", height=28) for person in ("移交人", "接收人")),
    ]
    page = Page(head_rows="1:3", footer=Band(center=PAGE_OF_PAGES))
    return write_book(path, [Sheet("移交清单", lines, _WIDTHS, page, frozen="A4")])


def _values(place: int, row: HandedOver) -> tuple[Any, ...]:
    state = "材料齐全" if row.complete else "草稿"
    return (place, row.number, row.township, row.category, state, row.files, row.archive or "未移交", row.digest)


def _line(text: str, look: Look = _LINE, height: float = 18.9) -> Row:
    """A text over the whole width."""
    return Row([Cell(text, look, across=len(_WIDTHS))], height)


def _cells(values: Sequence[object], look: Look) -> Row:
    lines = max(sheet_text.lines(str(value), width - 1) for value, width in zip(values, _WIDTHS))
    return Row([Cell(value, look) for value in values], 16 * lines + 2)
