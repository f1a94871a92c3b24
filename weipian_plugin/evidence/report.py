"""``photos-report.xlsx`` and ``photos-report.html``: attached, ambiguous, refused, with reasons; the counts add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..model.errors import WeipianError
from ..model.messages import Message, catalogue, render
from ..office.files import write_text_atomic
from ..office.page import render_page
from ..office.sheet import SheetTable, write_sheets
from .matching import AMBIGUOUS, ATTACHED, REJECTED
from .rows import present
from .rows import records as rows_of
from .summary import summary

STATUS_TITLES = {ATTACHED: "已挂接", AMBIGUOUS: "待人工选择", REJECTED: "未挂接"}
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


def counts(photos: pd.DataFrame) -> dict[str, int]:
    """Files given in by what became of them; ``attached + ambiguous + refused == photos``."""
    found = photos["status"].value_counts().to_dict() if len(photos) else {}
    return {"photos": len(photos), **{status: int(found.get(status, 0)) for status in STATUS_TITLES}}


def write_reports(
    photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame, folder: Path, parcels: Any = None
) -> tuple[Path, Path]:
    """Write both files into ``folder``; ``photos`` is the register given by ``conclude``. Raises ``run.folder_unwritable``."""
    sheets = list(_sheets(photos, links, findings, parcels))
    workbook_path, page_path = Path(folder) / "photos-report.xlsx", Path(folder) / "photos-report.html"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_sheets(workbook_path, _workbook(counts(photos), sheets))
        write_text_atomic(page_path, _page(counts(photos), sheets))
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    return workbook_path, page_path


Sheet = tuple[str, Sequence[str], list[tuple[Any, ...]]]


def _sheets(photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame, parcels: Any) -> Iterable[Sheet]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    by_key: dict[str, list[dict[str, Any]]] = {}
    for link in rows_of(links):
        by_file.setdefault(link["file"], []).append(link)
        by_key.setdefault(link["photo"], []).append(link)
    for status, title in STATUS_TITLES.items():
        rows = [
            _photo_row(row, by_file.get(row["file"]) or by_key.get(row["sha256"]) or [])
            for row in rows_of(photos[photos["status"] == status])
        ]
        yield title, _PHOTO_HEAD, rows
    order = {"error": 0, "warning": 1, "hint": 2}
    found = sorted(rows_of(findings), key=lambda finding: (order[finding["level"]], finding["file"]))
    yield "检查发现", _FINDING_HEAD, [_finding_row(finding) for finding in found]
    per_parcel = summary(links, photos, parcels)
    yield "图斑汇总", _PARCEL_HEAD, [tuple(_plain(value) for value in row.values()) for row in rows_of(per_parcel)]


def _photo_row(photo: dict[str, Any], links: list[dict[str, Any]]) -> tuple[Any, ...]:
    best = next((link for link in links if link["status"] == photo["status"] and link["parcel"]), {})
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


def _workbook(total: dict[str, int], sheets: Sequence[Sheet]) -> list[SheetTable]:
    level_of = {title: level for level, title in LEVEL_TITLES.items()}
    tables = [SheetTable("总览", ("项目", "数量"), _totals(total), {"项目": 18})]
    for title, head, rows in sheets:
        widths = {name: _WIDTHS.get(name, _NARROW) for name in head}
        levels = {number: level_of.get(str(row[0])) for number, row in enumerate(rows)}
        fills = {number: _FILLS[level] for number, level in levels.items() if level is not None}
        tables.append(SheetTable(title, head, rows, widths, fills, with_filter=True))
    return tables


def _page(total: dict[str, int], sheets: Sequence[Sheet]) -> str:
    named = [{"title": title, "head": head, "rows": rows} for title, head, rows in sheets]
    levels = {title: level for level, title in LEVEL_TITLES.items()}
    return render_page("photos-report.html", totals=_totals(total), sheets=named, levels=levels)
