"""The intake report (入库报告): what came in, what was found out, what was refused or changed and why; for people.

The same object is shown in the dock and written as ``intake-report.html``, ``intake-report.xlsx`` and ``intake-map.png``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely

from ..model.errors import WeipianError
from ..model.messages import Message, render
from ..office import sheet_text
from .checks import FAILED, DeliveryCheck, delivery_checks, flag_message
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
    counts: dict[str, int] = field(default_factory=dict)


FILE_COLUMNS = ("文件或图层", "要素数", "接收", "编码", "坐标系", "面积单位", "字段方案", "导出类型", "类别")


def build_report(intake: Intake, differences: Differences | None = None, language: str = "zh") -> IntakeReport:
    """The report of a delivery; with ``differences`` also what is new, changed and withdrawn."""
    batch = intake.batch
    counts = dict(batch["counts"])
    facts = [
        ("批次", batch["name"]),
        ("来源", batch["source"]),
        ("SHA-256", batch["sha256"]),
        ("类别", "＋".join(_KINDS.get(kind, kind) for kind in batch["kind"].split("+") if kind)),
        ("编码", batch["encoding"]),
        ("坐标系", batch["crs"] + ("" if batch["crs_certain"] else "（推定，请确认）")),
        ("监测面积单位", "＋".join(TITLES.get(unit, unit) for unit in batch["unit"].split("+") if unit)),
        ("导出类型", batch["family"] or "—"),
        ("计数", f"读入 {counts['features']} ＝ 接收 {counts['accepted']} ＋ 未接收 {counts['refused']}"),
    ]
    if counts["register_rows"]:
        facts.append(
            (
                "台账",
                f"{counts['register_rows']} 行 ＝ 挂接 {counts['register_joined']} ＋ 未挂接 {counts['register_refused']}",
            )
        )
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
        f"图斑入库报告 · {batch['name']}",
        tuple(facts),
        tuple(delivery_checks(intake)),
        tuple(_rows(intake, differences, language)),
        tuple(_files(intake)),
        tuple(_mapping(intake)),
        tuple(dict.fromkeys(render(note, language) for note in intake.notes)),
        changes,
        counts,
    )


def _difference_text(differences: Differences) -> str:
    parts = (("新增", differences.new), ("未变", differences.unchanged), ("图形变化", differences.changed_geometry),
             ("属性变化", differences.changed_attributes), ("撤回", differences.withdrawn))  # fmt: skip
    return "，".join(f"{title} {len(numbers)}" for title, numbers in parts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _rows(intake: Intake, differences: Differences | None, language: str) -> Iterable[ReportRow]:
    for position, refusal in enumerate(intake.refused):
        bounds = intake.refused_bounds[position] if position < len(intake.refused_bounds) else None
        yield ReportRow(
            refusal.feature, refusal.source, "未接收", refusal.code, render(refusal.reason, language), bounds
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


def _rounded(repair: dict[str, Any]) -> dict[str, Any]:
    return {
        "reason": repair.get("reason", ""),
        "before_m2": f"{repair['before_m2']:.2f}",
        "after_m2": f"{repair['after_m2']:.2f}",
    }


def _files(intake: Intake) -> Iterable[tuple[str, ...]]:
    for one in intake.files:
        crs = one.crs if one.crs_certain else f"{one.crs}（推定）"
        kind = "＋".join(_KINDS.get(kind, kind) for kind in one.kind.split("+") if kind)
        title = schema()["profiles"].get(one.profile, {}).get("title", one.profile)
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
            yield (one.name, schema()["fields"][key]["title"], column)
        for column in one.unused:
            yield (one.name, "（原样保留）", column)


def write_reports(
    intake: Intake, folder: Path, differences: Differences | None = None, language: str = "zh"
) -> list[Path]:
    """Write report and map into ``folder`` (made when missing) and give their paths.

    Raises ``run.folder_unwritable``. The map is left out, and the report says so, where no plotting library is there.
    """
    folder = Path(folder)
    report = build_report(intake, differences, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        picture = _write_map(intake, folder / MAP)
        (folder / HTML).write_text(html_text(report, picture), encoding="utf-8")
        _write_workbook(report, folder / XLSX)
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=str(error)) from error
    return [folder / HTML, folder / XLSX, *([folder / MAP] if picture else [])]


def _write_map(intake: Intake, path: Path) -> bool:
    try:
        from .location_map import draw
    except ImportError:
        return False
    return draw(intake, path)


_STYLE = """
body{font-family:"Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:1.5em;color:#222;max-width:75em}
h1{font-size:1.4em}h2{font-size:1.1em;border-bottom:1px solid #ccc;margin-top:1.6em}
table{border-collapse:collapse;font-size:.9em}th,td{border:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}
th{background:#f0f3f6}.bad{background:#fdecea}.skip{color:#777}img{max-width:100%;border:1px solid #ccc}
"""


def html_text(report: IntakeReport, picture: bool = False) -> str:
    """The report as one HTML page without outside resources; every delivered text is escaped."""
    parts = [
        "<!DOCTYPE html>", '<html lang="zh"><head><meta charset="utf-8">', f"<title>{_e(report.title)}</title>",
        f"<style>{_STYLE}</style></head><body>", f"<h1>{_e(report.title)}</h1>",
        _table((), [(f"<b>{_e(name)}</b>", _e(value)) for name, value in report.facts]),
        "<h2>检查</h2>", _checks_table(report.checks),
        f"<h2>未接收、已修复和有标记的图斑（{len(report.rows)}）</h2>", _rows_table(report.rows),
    ]  # fmt: skip
    if report.changes:
        parts += [
            f"<h2>与已入库图斑的差异（{len(report.changes)}）</h2>",
            _table(("图斑", "字段", "原值", "新值"), [tuple(map(_e, row)) for row in report.changes[:_ROWS_IN_HTML]]),
        ]
    parts += ["<h2>文件</h2>", _table(FILE_COLUMNS, [tuple(map(_e, row)) for row in report.files])]
    parts += ["<h2>说明</h2>", "<ul>", *(f"<li>{_e(note)}</li>" for note in report.notes), "</ul>"]
    parts += [
        "<h2>字段对照</h2>",
        _table(("文件或图层", "含义", "列名"), [tuple(map(_e, row)) for row in report.mapping]),
    ]
    parts.append(
        f'<h2>位置图</h2><p><img src="{MAP}" alt="位置图"></p>'
        if picture
        else "<p>本机没有绘图组件，未生成位置图。</p>"
    )
    return "\n".join([*parts, "</body></html>\n"])


def _e(text: str) -> str:
    return html.escape(text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<table>"]
    if head:
        lines.append("<tr>" + "".join(f"<th>{_e(name)}</th>" for name in head) + "</tr>")
    lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return "\n".join([*lines, "</table>"])


def _checks_table(checks: Sequence[DeliveryCheck]) -> str:
    lines = ["<table>", "<tr><th>检查</th><th>结果</th><th>数量</th><th>说明</th></tr>"]
    for check in checks:
        some = "、".join(check.numbers[:20]) + ("……" if len(check.numbers) > 20 else "")
        css = {"有问题": ' class="bad"', "未检查": ' class="skip"'}.get(check.outcome, "")
        text = "；".join(part for part in (check.detail, some if check.outcome == FAILED else "") if part)
        lines.append(
            f"<tr{css}><td>{_e(check.title)}</td><td>{_e(check.outcome)}</td><td>{check.count}</td><td>{_e(text)}</td></tr>"
        )
    return "\n".join([*lines, "</table>"])


def _rows_table(rows: Sequence[ReportRow]) -> str:
    shown = []
    for row in rows[:_ROWS_IN_HTML]:
        number = f'<a href="{_e(row.link)}">{_e(row.number)}</a>' if row.link else _e(row.number)
        shown.append((number, _e(row.status), _e(row.reason), _e(row.source)))
    table = _table(("图斑", "状态", "原因", "来源"), shown)
    left = len(rows) - len(shown)
    return table if not left else f"{table}<p>另有 {left} 行，见 {XLSX}。</p>"


def _write_workbook(report: IntakeReport, path: Path) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.properties import PageSetupProperties

    book = openpyxl.Workbook(write_only=False)
    first = book.active
    if first is not None:
        book.remove(first)
    sheets: list[tuple[str, Sequence[str], list[Sequence[Any]]]] = [
        ("概况", ("项目", "内容"), [*report.facts, *(("说明", note) for note in report.notes)]),
        ("检查", ("检查", "结果", "数量", "说明", "图斑"),
         [(c.title, c.outcome, c.count, c.detail, "、".join(c.numbers)) for c in report.checks]),
        ("未接收与标记", ("图斑", "状态", "代码", "原因", "来源", "西", "南", "东", "北"),
         [(r.number, r.status, r.code, r.reason, r.source, *(round(side, 6) for side in r.bounds or ())) for r in report.rows]),
        ("变化", ("图斑", "字段", "原值", "新值"), list(report.changes)),
        ("文件", FILE_COLUMNS, list(report.files)),
        ("字段对照", ("文件或图层", "含义", "列名"), list(report.mapping)),
    ]  # fmt: skip
    for title, head, rows in sheets:
        sheet = book.create_sheet(title)
        for position, row in enumerate([head, *rows], start=1):
            for column, value in enumerate(row, start=1):
                _put(sheet.cell(position, column), value)
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F0F3F6")
        sheet.freeze_panes = "A2"
        for column in range(1, len(head) + 1):
            texts = [
                str(row[column - 1]) for row in [head, *rows] if len(row) >= column and row[column - 1] is not None
            ]
            longest = max((sheet_text.columns(line) for text in texts for line in text.split("\n")), default=0)
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = min(_WIDEST, max(8, 2 + longest))
        for line in sheet.iter_rows():
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            lines = (
                sheet_text.lines(cell.value, sheet.column_dimensions[cell.column_letter].width - 1)
                for cell in line
                if isinstance(cell.value, str)
            )
            sheet.row_dimensions[line[0].row].height = min(15 * max(lines, default=1), _HIGHEST_ROW)
        # Printed on A4 landscape, one page wide.
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_title_rows = "1:1"
    book.save(path)


#: Columns wider than this wrap.
_WIDEST = 60
_HIGHEST_ROW = 409  # points, Excel's limit

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _put(cell: Any, value: Any) -> None:
    """Text as text: numbers of parcels never become floats, and a leading ``=`` never a formula."""
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub("\ufffd", value)[:32000]
        cell.data_type, cell.number_format = "s", "@"
    else:
        cell.value = value
