"""``photos-report.xlsx`` and ``photos-report.html``: attached, ambiguous, refused, with reasons; the counts add up."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from ..model.errors import WeipianError
from ..model.messages import Message, catalogue, render
from ..office import sheet_text
from .rows import present
from .rows import records as rows_of
from .summary import summary
from .tying import AMBIGUOUS, ATTACHED, REFUSED

STATUS_TITLES = {ATTACHED: "已挂接", AMBIGUOUS: "待人工选择", REFUSED: "未挂接"}
LEVEL_TITLES = {"error": "错误", "warning": "警告", "hint": "提示"}
_FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "hint": "E7F1FB"}
_PHOTO_HEAD = (
    "照片",
    "图斑编号",
    "用途",
    "类型",
    "拍摄时间",
    "经度",
    "纬度",
    "方位角°",
    "距图斑 m",
    "朝向偏差°",
    "把握",
    "设备",
    "说明",
)
_FINDING_HEAD = ("级别", "照片", "图斑编号", "问题", "处理建议")
_PARCEL_HEAD = (
    "图斑编号",
    "照片数",
    "有坐标方位角时间",
    "后时相之后",
    "不同方向",
    "近景",
    "远景",
    "举证方位",
    "整改前",
    "整改中",
    "整改后",
)
_WIDTHS = {
    "照片": 44,
    "说明": 44,
    "问题": 44,
    "处理建议": 44,
    "图斑编号": 22,
    "拍摄时间": 26,
    "有坐标方位角时间": 18,
    "后时相之后": 12,
    "设备": 20,
}
_NARROW = 12
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_000


def counts(photos: pd.DataFrame) -> dict[str, int]:
    """Files given in by what became of them; ``attached + ambiguous + refused == photos``."""
    found = photos["status"].value_counts().to_dict() if len(photos) else {}
    return {"photos": len(photos), **{status: int(found.get(status, 0)) for status in STATUS_TITLES}}


def write_reports(
    photos: pd.DataFrame, ties: pd.DataFrame, findings: pd.DataFrame, folder: Path, parcels: Any = None
) -> tuple[Path, Path]:
    """Write both files into ``folder``; ``photos`` is the register given by ``conclude``. Raises ``run.folder_unwritable``."""
    sheets = list(_sheets(photos, ties, findings, parcels))
    workbook_path, page_path = Path(folder) / "photos-report.xlsx", Path(folder) / "photos-report.html"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        _workbook(counts(photos), sheets).save(workbook_path)
        page_path.write_text(_page(counts(photos), sheets), encoding="utf-8")
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=str(error)) from error
    return workbook_path, page_path


Sheet = tuple[str, Sequence[str], list[tuple[Any, ...]]]


def _sheets(photos: pd.DataFrame, ties: pd.DataFrame, findings: pd.DataFrame, parcels: Any) -> Iterable[Sheet]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    by_key: dict[str, list[dict[str, Any]]] = {}
    for tie in rows_of(ties):
        by_file.setdefault(tie["file"], []).append(tie)
        by_key.setdefault(tie["photo"], []).append(tie)
    for status, title in STATUS_TITLES.items():
        rows = [
            _photo_row(row, by_file.get(row["file"]) or by_key.get(row["sha256"]) or [])
            for row in rows_of(photos[photos["status"] == status])
        ]
        yield title, _PHOTO_HEAD, rows
    order = {"error": 0, "warning": 1, "hint": 2}
    found = sorted(rows_of(findings), key=lambda finding: (order[finding["level"]], finding["file"]))
    yield "检查发现", _FINDING_HEAD, [_finding_row(finding) for finding in found]
    per_parcel = summary(ties, photos, parcels)
    yield "图斑汇总", _PARCEL_HEAD, [tuple(_plain(value) for value in row.values()) for row in rows_of(per_parcel)]


def _photo_row(photo: dict[str, Any], ties: list[dict[str, Any]]) -> tuple[Any, ...]:
    best = next((tie for tie in ties if tie["status"] == photo["status"] and tie["parcel"]), {})
    numbers = [
        photo["lon"],
        photo["lat"],
        photo["azimuth"],
        best.get("distance_m"),
        best.get("bearing_difference"),
        best.get("score"),
    ]
    digits = (7, 7, 2, 1, 1, 2)
    shown = [round(float(value), places) if present(value) else None for value, places in zip(numbers, digits)]
    return (
        photo["file"], photo.get("parcel") or "", photo["purpose"], photo["kind"], _plain(photo["taken_at"]), *shown, _plain(photo["device"]),
        photo["reason"],
    )  # fmt: skip


def _finding_row(finding: dict[str, Any]) -> tuple[Any, ...]:
    return (
        LEVEL_TITLES[finding["level"]],
        finding["file"],
        finding["parcel"],
        render(finding["message"]),
        remedy(finding["message"]),
    )


def remedy(message: Message, language: str = "zh") -> str:
    """What to do about a finding."""
    code = f"{message.code}.remedy"
    return render(Message(code if code in catalogue() else "evidence.unreadable.remedy", message.details), language)


def _plain(value: Any) -> Any:
    return value if present(value) else None


def _totals(total: dict[str, int]) -> list[tuple[str, int]]:
    return [("照片合计", total["photos"]), *((title, total[status]) for status, title in STATUS_TITLES.items())]


def _workbook(total: dict[str, int], sheets: Sequence[Sheet]) -> Workbook:
    workbook = Workbook()
    first = workbook.active or workbook.create_sheet()
    first.title = "总览"
    for line in _totals(total):
        first.append(line)
    first.column_dimensions["A"].width = 18
    for title, head, rows in sheets:
        sheet = workbook.create_sheet(title)
        for column, name in enumerate(head, start=1):
            cell = sheet.cell(1, column, name)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E2F3")
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, _NARROW)
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                _put(sheet.cell(number, column), value)
            texts = (
                (str(value), _WIDTHS.get(name, _NARROW)) for name, value in zip(head, row) if isinstance(value, str)
            )
            sheet.row_dimensions[number].height = 15 * max(
                (sheet_text.lines(text, width - 1) for text, width in texts), default=1
            )
            fill = _FILLS.get({title: level for level, title in LEVEL_TITLES.items()}.get(str(row[0]), ""))
            if fill:
                sheet.cell(number, 1).fill = PatternFill("solid", fgColor=fill)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
        # Printed on A4 landscape, one page wide, the head on every page.
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_title_rows = "1:1"
    return workbook


def _put(cell: Any, value: Any) -> None:
    """Text stays text: a name that begins with = is no formula, a long number no float, a control character no broken file."""
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub("�", value)[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif value is not None:
        cell.value = value.item() if hasattr(value, "item") else value


def _page(total: dict[str, int], sheets: Sequence[Sheet]) -> str:
    parts = [
        "<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>照片挂接报告</title><style>"
        "body{font-family:'Microsoft YaHei','Noto Sans CJK SC',sans-serif;margin:2em;color:#222}table{border-collapse:collapse;margin:.5em 0 2em}"
        "td,th{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}th{background:#d9e2f3}"
        ".错误{background:#f8d7da}.警告{background:#fff3cd}.提示{background:#e7f1fb}</style></head><body><h1>照片挂接报告</h1>",
        "<p>" + "　".join(f"{name}：{number}" for name, number in _totals(total)) + "</p>",
    ]
    for title, head, rows in sheets:
        parts.append(
            f"<h2>{html.escape(title)}（{len(rows)}）</h2><table><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in head)}</tr>"
        )
        for row in rows:
            mark = f" class='{row[0]}'" if row and row[0] in LEVEL_TITLES.values() else ""
            parts.append(f"<tr{mark}>{''.join(f'<td>{_cell_text(value)}</td>' for value in row)}</tr>")
        parts.append("</table>")
    parts.append("<p>检查仅作提示，不构成对材料真伪的认定；限值见 evidence.yaml。</p></body></html>")
    return "\n".join(parts)


def _cell_text(value: Any) -> str:
    return html.escape("" if value is None else str(value))
