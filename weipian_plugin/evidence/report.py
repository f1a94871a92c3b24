"""``photos-report.xlsx`` and ``photos-report.html``: attached, ambiguous, refused, with reasons; the counts add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..model.errors import WeipianError
from ..model.messages import Message, catalogue, render
from ..model.tables import column, records
from ..model.words import FindingLevel, PhotoStatus
from ..office.files import write_text_atomic
from ..office.page import render_page
from ..office.sheet import SheetTable, write_sheets
from .records import PHOTO, TITLE, WIDTH, ConcludedPhoto, Finding, ParcelSummary, PhotoMatch, cell
from .summary import LinksOfPhotos, summary

#: What the report calls the outcomes, each with a sheet of its own.
STATUS_TITLES = {
    PhotoStatus.ATTACHED: "已挂接",
    PhotoStatus.AMBIGUOUS: "待人工选择",
    PhotoStatus.REJECTED: "未挂接",
}
_FILLS = {FindingLevel.ERROR: "F8D7DA", FindingLevel.WARNING: "FFF3CD", FindingLevel.HINT: "E7F1FB"}


@dataclass(frozen=True)
class PhotoLine:
    """A photo in the report: position in degrees, azimuth from true north; distance and deviation of the parcel that it is attached to."""

    file: str = cell("照片", 44)
    parcel: str = cell("图斑编号", 22)
    purpose: Optional[str] = cell("用途")
    kind: Optional[str] = cell("类型")
    taken_at: Optional[str] = cell("拍摄时间", 26)
    lon: Optional[float] = cell("经度")
    lat: Optional[float] = cell("纬度")
    azimuth: Optional[float] = cell("方位角°")
    distance_m: Optional[float] = cell("距图斑 m")
    bearing_difference: Optional[float] = cell("朝向偏差°")
    score: Optional[float] = cell("把握")
    device: Optional[str] = cell("设备", 20)
    reason: str = cell("说明", 44)


@dataclass(frozen=True)
class FindingLine:
    """A finding in the report."""

    level: str = cell("级别")
    file: str = cell("照片", 44)
    parcel: str = cell("图斑编号", 22)
    problem: str = cell("问题", 44)
    remedy: str = cell("处理建议", 44)


@dataclass(frozen=True)
class ReportSheet:
    """A sheet of the report: its title, the record of its lines, the lines; ``levels``: how grave each line is, where that shows."""

    title: str
    line: type[Any]
    lines: Sequence[Any]
    levels: Sequence[FindingLevel] = ()

    @property
    def head(self) -> tuple[str, ...]:
        """Titles of the columns."""
        return tuple(entry.metadata[TITLE] for entry in fields(self.line))

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The lines as the cells of a row each."""
        return [tuple(getattr(line, entry.name) for entry in fields(self.line)) for line in self.lines]

    def table(self) -> SheetTable:
        """The sheet for the workbook."""
        widths = {entry.metadata[TITLE]: entry.metadata[WIDTH] for entry in fields(self.line)}
        fills = {number: _FILLS[level] for number, level in enumerate(self.levels)}
        return SheetTable(self.title, self.head, self.rows, widths, fills, with_filter=True)


def counts(photos: pd.DataFrame) -> dict[str, int]:
    """Files given in by what became of them; ``attached + ambiguous + refused == photos``."""
    found = column(photos, PHOTO.status).value_counts().to_dict() if len(photos) else {}
    return {"photos": len(photos), **{status.value: int(found.get(status.value, 0)) for status in STATUS_TITLES}}


def write_reports(
    photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame, folder: Path, parcels: Any = None
) -> tuple[Path, Path]:
    """Write both files into ``folder``; ``photos`` is the register given by ``conclude``. Raises ``run.folder_unwritable``."""
    sheets = list(_sheets(photos, links, findings, parcels))
    workbook_path, page_path = Path(folder) / "photos-report.xlsx", Path(folder) / "photos-report.html"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        totals = _totals(photos)
        overview = SheetTable("总览", ("项目", "数量"), totals, {"项目": 18})
        write_sheets(workbook_path, [overview, *(sheet.table() for sheet in sheets)])
        write_text_atomic(page_path, _page(totals, sheets))
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    return workbook_path, page_path


def _sheets(photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame, parcels: Any) -> Iterator[ReportSheet]:
    by_photo = LinksOfPhotos(links)
    register = records(photos, ConcludedPhoto)
    for status, title in STATUS_TITLES.items():
        lines = [_photo_line(one, by_photo.of(one.file, one.sha256)) for one in register if one.status is status]
        yield ReportSheet(title, PhotoLine, lines)
    gravest = {level: place for place, level in enumerate(FindingLevel)}
    found = sorted(records(findings, Finding), key=lambda finding: (gravest[finding.level], finding.file))
    levels = [finding.level for finding in found]
    yield ReportSheet("检查发现", FindingLine, [_finding_line(finding) for finding in found], levels)
    yield ReportSheet("图斑汇总", ParcelSummary, records(summary(links, photos, parcels), ParcelSummary))


def _photo_line(photo: ConcludedPhoto, links: Sequence[PhotoMatch]) -> PhotoLine:
    best = next((link for link in links if link.status is photo.status and link.parcel), PhotoMatch(""))
    return PhotoLine(
        photo.file,
        photo.parcel,
        photo.purpose,
        photo.kind,
        photo.taken_at,
        _rounded(photo.lon, 7),
        _rounded(photo.lat, 7),
        _rounded(photo.azimuth, 2),
        _rounded(best.distance_m, 1),
        _rounded(best.bearing_difference, 1),
        _rounded(best.score, 2),
        photo.device,
        photo.reason,
    )


def _rounded(value: Optional[float], places: int) -> Optional[float]:
    return None if value is None else round(value, places)


def _finding_line(finding: Finding) -> FindingLine:
    level, problem = finding.level.title(), render(finding.message)
    return FindingLine(level, finding.file, finding.parcel, problem, remedy(finding.message))


def remedy(message: Message, language: str = "zh") -> str:
    """What to do about a finding."""
    code = f"{message.code}.remedy"
    return render(Message(code if code in catalogue() else "evidence.unreadable.remedy", message.details), language)


def _totals(photos: pd.DataFrame) -> list[tuple[str, int]]:
    total = counts(photos)
    return [("照片合计", len(photos)), *((title, total[status.value]) for status, title in STATUS_TITLES.items())]


def _page(totals: Sequence[tuple[str, int]], sheets: Sequence[ReportSheet]) -> str:
    levels = {level.title(): level.value for level in FindingLevel}
    return render_page("photos-report.html", totals=totals, sheets=sheets, levels=levels)
