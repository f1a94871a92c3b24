"""The intake report (入库报告): what came in, what was found out, what was refused or changed and why; for people.

The same object is shown in the dock and written as ``intake-report.html``, ``intake-report.xlsx`` and ``intake-map.png``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import shapely

from ..model.errors import WeipianError
from ..model.messages import Message, render
from ..office.files import write_text_atomic
from ..office.page import render_page
from ..office.sheet import SheetTable, write_sheets
from .checks import DeliveryCheck, delivery_checks, flag_message
from .delivery import Intake
from .differences import Differences
from .fields import schema
from .units import TITLES

HTML, XLSX, MAP = "intake-report.html", "intake-report.xlsx", "intake-map.png"
_ROWS_IN_HTML = 2000
_KINDS = {"land": "土地", "mining": "矿产"}


@dataclass(frozen=True)
class ReportRow:
    """A feature with something to say: ``status`` is 未接收, 已修复, 有标记 or 有变化; ``bounds`` in degrees to zoom to."""

    number: str
    source: str
    status: str
    code: str
    reason: str
    bounds: tuple[float, float, float, float] | None = None

    @property
    def link(self) -> str:
        """The link that the dock turns into a zoom; empty where the place is not known."""
        if self.bounds is None:
            return ""
        return f"weipian:zoom?number={quote(self.number)}&bounds={','.join(f'{value:.7f}' for value in self.bounds)}"


@dataclass(frozen=True)
class IntakeReport:
    """Everything the report shows, ready as text in ``language``."""

    title: str
    facts: tuple[tuple[str, str], ...]
    checks: tuple[DeliveryCheck, ...]
    rows: tuple[ReportRow, ...]
    files: tuple[tuple[str, ...], ...]
    mapping: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    changes: tuple[tuple[str, str, str, str], ...] = ()


FILE_COLUMNS = ("文件或图层", "要素数", "接收", "编码", "坐标系", "面积单位", "字段方案", "导出类型", "类别")


def build_report(intake: Intake, differences: Differences | None = None, language: str = "zh") -> IntakeReport:
    """The report of a delivery; with ``differences`` also what is new, changed and withdrawn."""
    batch, counts = intake.batch, intake.batch.counts
    facts = [
        ("批次", batch.name),
        ("来源", batch.source),
        ("SHA-256", batch.sha256),
        ("类别", "＋".join(_KINDS.get(kind, kind) for kind in batch.kind.split("+") if kind)),
        ("编码", batch.encoding),
        ("坐标系", batch.crs + ("" if batch.crs_certain else "（推定，请确认）")),
        ("监测面积单位", "＋".join(TITLES.get(unit, unit) for unit in batch.unit.split("+") if unit)),
        ("导出类型", batch.family or "—"),
        ("计数", f"读入 {counts.features} ＝ 接收 {counts.accepted} ＋ 未接收 {counts.refused}"),
    ]
    if counts.register_rows:
        rows = f"{counts.register_rows} 行 ＝ 挂接 {counts.register_joined} ＋ 未挂接 {counts.register_refused}"
        facts.append(("台账", rows))
    if differences is not None:
        facts.append(("与已入库图斑相比", _difference_text(differences)))
    changes = (
        ()
        if differences is None
        else tuple(
            (change.number, change.column, _text(change.before), _text(change.after)) for change in differences.changes
        )
    )
    return IntakeReport(
        f"图斑入库报告 · {batch.name}",
        tuple(facts),
        tuple(delivery_checks(intake)),
        tuple(_rows(intake, differences, language)),
        tuple(_files(intake)),
        tuple(_mapping(intake)),
        tuple(dict.fromkeys(render(note, language) for note in intake.notes)),
        changes,
    )


def _difference_text(differences: Differences) -> str:
    parts = (("新增", differences.new), ("未变", differences.unchanged), ("图形变化", differences.changed_geometry),
             ("属性变化", differences.changed_attributes), ("撤回", differences.withdrawn))  # fmt: skip
    return "，".join(f"{title} {len(numbers)}" for title, numbers in parts)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _rows(intake: Intake, differences: Differences | None, language: str) -> Iterable[ReportRow]:
    for position, rejection in enumerate(intake.rejected):
        bounds = intake.rejected_bounds[position] if position < len(intake.rejected_bounds) else None
        yield ReportRow(
            rejection.feature, rejection.source, "未接收", rejection.code, render(rejection.reason, language), bounds
        )
    parcels = intake.parcels
    boxes = shapely.bounds(parcels.geometry.to_numpy()).tolist() if len(parcels) else []
    for number, source, flags, repair, box in zip(
        parcels["number"], parcels["source"], parcels["flags"], parcels["repair"], boxes
    ):
        where = (box[0], box[1], box[2], box[3])
        if repair:
            reason = render(Message(repair["code"], _rounded(repair)), language)
            yield ReportRow(number, source, "已修复", repair["code"], reason, where)
        for flag in flags:
            if flag != "repaired":
                message = flag_message(flag)
                yield ReportRow(number, source, "有标记", message.code, render(message, language), where)
    if differences is None:
        return
    places = {number: (box[0], box[1], box[2], box[3]) for number, box in zip(parcels["number"], boxes)}
    for code, numbers in (
        ("intake.changed_geometry", differences.changed_geometry),
        ("intake.changed_attributes", differences.changed_attributes),
        ("intake.withdrawn", differences.withdrawn),
    ):
        for number in numbers:
            yield ReportRow(
                number, "", "有变化", code, render(Message(code, {"number": number}), language), places.get(number)
            )


def _rounded(repair: dict[str, object]) -> dict[str, object]:
    return {
        "reason": repair.get("reason", ""),
        "before_m2": f"{repair['before_m2']:.2f}",
        "after_m2": f"{repair['after_m2']:.2f}",
    }


def _files(intake: Intake) -> Iterable[tuple[str, ...]]:
    for one in intake.files:
        crs = one.crs if one.crs_certain else f"{one.crs}（推定）"
        kind = "＋".join(_KINDS.get(kind, kind) for kind in one.kind.split("+") if kind)
        known = schema().profiles.get(one.profile)
        title = known.title if known else one.profile
        yield (
            one.name,
            str(one.features),
            str(one.accepted),
            one.encoding,
            crs,
            TITLES.get(one.unit, one.unit),
            title,
            one.family,
            kind,
        )


def _mapping(intake: Intake) -> Iterable[tuple[str, str, str]]:
    for one in intake.files:
        for key, column in one.columns.items():
            yield (one.name, schema().fields[key].title, column)
        for column in one.unused:
            yield (one.name, "（原样保留）", column)


def write_reports(
    intake: Intake, folder: Path, differences: Differences | None = None, language: str = "zh"
) -> list[Path]:
    """Write report and map into ``folder`` (made when missing) and give their paths.

    Raises ``run.folder_unwritable``, ``office.unwritable``, ``office.file_held``.
    The map is left out, and the report says so, where no plotting library is there.
    """
    folder = Path(folder)
    report = build_report(intake, differences, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        picture = _write_map(intake, folder / MAP)
        write_text_atomic(folder / HTML, html_text(report, picture))
        write_sheets(folder / XLSX, _sheets(report))
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    return [folder / HTML, folder / XLSX, *([folder / MAP] if picture else [])]


def _write_map(intake: Intake, path: Path) -> bool:
    from .location_map import draw

    try:
        return draw(intake, path)
    except WeipianError as error:
        if error.code != "run.package_missing":
            raise
        return False


def html_text(report: IntakeReport, picture: bool = False) -> str:
    """The report as one HTML page without outside resources; every delivered text is escaped."""
    return render_page(
        "intake-report.html",
        report=report,
        file_columns=FILE_COLUMNS,
        limit=_ROWS_IN_HTML,
        workbook=XLSX,
        picture=MAP if picture else "",
    )


def _sheets(report: IntakeReport) -> tuple[SheetTable, ...]:
    return (
        SheetTable("概况", ("项目", "内容"), [*report.facts, *(("说明", note) for note in report.notes)]),
        SheetTable("检查", ("检查", "结果", "数量", "说明", "图斑"),
                   [(c.title, c.outcome, c.count, c.detail, "、".join(c.numbers)) for c in report.checks]),
        SheetTable("未接收与标记", ("图斑", "状态", "代码", "原因", "来源", "西", "南", "东", "北"),
                   [(r.number, r.status, r.code, r.reason, r.source, *(round(side, 6) for side in r.bounds or ())) for r in report.rows]),
        SheetTable("变化", ("图斑", "字段", "原值", "新值"), report.changes),
        SheetTable("文件", FILE_COLUMNS, report.files),
        SheetTable("字段对照", ("文件或图层", "含义", "列名"), report.mapping),
    )  # fmt: skip
