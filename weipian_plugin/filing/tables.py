"""Tables of a batch for people and for the filing system: 台账 and the upload table in the system's own columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Optional

from ..model.errors import WeipianError
from ..model.words import SplitState
from ..office import book, sheet_text
from ..office.book_writer import book_bytes
from ..office.files import write_bytes_atomic
from .areas import area_rows, numbers
from .case import ParcelCase
from .completeness import completeness
from .fields import PackageFacts, rectification_values, text, values_of
from .judged import TYPED, decision_values, divided, legal_bases, typed_values, violation_use, violations
from .package import PackageRecord
from .placeholder import Value
from .settings import FilingRules, UploadFamily, load_rules
from .typed import delivered_text

Row = Mapping[str, Value]
_TEXT = book.Look("宋体", 10, edge="808080", vertical="center", wraps=True, form="@")
_WHOLE, _DECIMAL = replace(_TEXT, form="0"), replace(_TEXT, form="0.00")
_HEAD = replace(_TEXT, font="微软雅黑", bold=True, fill="BDD7EE", horizontal="center")
_TITLE_SIZE, _SIDE_MARGIN = 16, 0.35  # points; inches
#: characters that a landscape page holds at 8 pt and more; the scale (%) of tables that run over several pages
_WIDEST_ON_A4, _WIDEST_ON_A3, _SMALLEST_SCALE = 145, 185, 85
_WIDEST_COLUMN = 60
_LINE_HEIGHT, _MOST_LINES = 13.5, 30  # points; a row cannot be higher than 409
#: states of a split parcel in the filing system's detail table
PARENT, CHILD = SplitState.PARENT.value, SplitState.PIECE.value


def register(
    cases: Iterable[ParcelCase],
    records: Optional[Mapping[str, PackageRecord]] = None,
    rules: Optional[FilingRules] = None,
    first: int = 1,
) -> list[dict[str, Value]]:
    """The rows of the 台账, one a parcel, in the order given. ``records``: packages by parcel number (else: checked now).

    ``first``: the number (序号) of the first row, where the parcels come a few at a time.
    """
    rules = rules or load_rules()
    rows = []
    for position, case in enumerate(cases, start=first):
        record = (records or {}).get(case.number)
        checks = record.missing if record is not None else tuple(completeness(case, rules, with_map=False))
        complete = record.complete if record is not None else not any(check.level == "error" for check in checks)
        fields = dict(values_of(case, rules, PackageFacts(checks=checks, complete=complete)).fields)
        if divided(case):  # the parcel itself has no decision; those of its parts stand in a column of their own
            fields.update(dict.fromkeys(_OF_DECISION), part_conclusions=fields["part_conclusions"])
        row: dict[str, Value] = {
            title: fields.get(name) for title, name in rules.register.items() if name != "sequence"
        }
        rows.append({title: position if name == "sequence" else row[title] for title, name in rules.register.items()})
    return rows


def upload_table(
    cases: Iterable[ParcelCase], family: str, rules: Optional[FilingRules] = None
) -> list[dict[str, Value]]:
    """Rows in the columns of an export family of the filing system (``A`` 卫片检索明细表, ``B`` 图斑列表).

    A parcel that was split, or decided in parts, gives a row 被拆分 without a finding, and a row 拆分 for each part; areas in 亩. What a
    person has to fill in stays blank. Raises ``filing.family_unknown``.
    """
    rules = rules or load_rules()
    chosen = family_named(family, rules)
    return [row for case in cases for row in _upload_rows(case, chosen, rules)]


def family_named(family: str, rules: FilingRules) -> UploadFamily:
    """The family of an export by its name. Raises ``filing.family_unknown``."""
    if family not in rules.upload:
        raise WeipianError("filing.family_unknown", path=family, columns="、".join(rules.upload))
    return rules.upload[family]


def _upload_rows(case: ParcelCase, family: UploadFamily, rules: FilingRules) -> list[dict[str, Value]]:
    fields = dict(values_of(case, rules, PackageFacts()).fields)
    fields["main_class"] = fields["main_class"] or None
    parts = divided(case)
    if not parts:
        return [_in_columns(fields, family)]
    delivered = {name: delivered_text(case.parcel, name, rules) for name in TYPED}
    parent = {**fields, **dict.fromkeys(_OF_DECISION), **delivered, "split_state": PARENT}
    rows = area_rows(case)
    by_part = {str(row["part"]): row for row in rows[1:]}
    children = [_part_fields(case, part, fields, by_part, rules) for part in parts]
    return [_in_columns(row, family) for row in (parent, *children)]


def _part_fields(
    case: ParcelCase, part: str, whole: Row, by_part: Mapping[str, Row], rules: FilingRules
) -> dict[str, Value]:
    """The row of one part: its own areas, decision, typed values, grounds and rectification; nothing of another part or of the whole."""
    areas = by_part.get(part, {})
    own: dict[str, Value] = {**whole, **dict.fromkeys((*_OF_DECISION, *_OF_WHOLE)), "split_state": CHILD}
    own.update({name: areas.get(name) for name in _OF_AREAS})
    own.update(number=case.number + part, area_mu=areas.get("total_mu"), area_m2=areas.get("total_m2"))
    own.update(typed_values(case, rules, part))
    own.update(legal_bases(case, part))
    own.update(decision_values(case, part))
    own.update(violations(case, by_part, (part,)))
    own["violation_use"] = violation_use(own, own["violation_mu"] is not None)
    own.update(rectification_values([row for row in case.rectification if row.part == part]))
    own["main_class"] = text(case.measures.get(part, {}).get("main_class"))
    return own


#: fields that a decision fills; a parent that was split has none of them
_OF_DECISION = (
    "decision_category",
    "decision_subtype",
    "decision_basis",
    "decision_reason",
    "decision_person",
    "decision_date",
    "review_category",
    "review_reason",
    "review_person",
    "review_date",
    "violation_mu",
    "violation_farmland_mu",
    "violation_basic_farmland_mu",
    "violation_use",
    "grain_violation_mu",
    "grain_violation_farmland_mu",
    "grain_violation_basic_farmland_mu",
)
#: figures of the whole parcel that say nothing of a part
_OF_WHOLE = (
    "rectification_method",
    "removed_mu",
    "removed_farmland_mu",
    "regularised_mu",
    "regularised_farmland_mu",
    "remaining_mu",
    "acceptance_person",
    "acceptance_date",
    "uncovered_farmland_mu",
    "uncovered_basic_farmland_mu",
    "approved_share",
)
_OF_AREAS = (
    "farmland_mu",
    "basic_farmland_mu",
    "other_agricultural_mu",
    "construction_mu",
    "unused_mu",
    "unsurveyed_mu",
    "redline_mu",
    "approved_mu",
    "uncovered_mu",
    "approved_in_time_mu",
    "uncovered_in_time_mu",
)


def _in_columns(fields: Row, family: UploadFamily) -> dict[str, Value]:
    known = numbers(fields)
    return {column: None if name is None else known.get(name) for column, name in family.columns.items()}


def write_table(path: Path, title: str, rows: Sequence[Row], foot: str = "", signed: str = "") -> None:
    """A table as xlsx: header, frozen, landscape one page wide (A3 if it has many columns); text as text, numbers as numbers.

    ``foot``: a line at the bottom of every printed page. ``signed``: 填报单位, 制表人, 审核人, 日期; with them the page has its title, too. Both
    stand in the head and foot of the page, so that the sheet stays a plain table whose first row names its columns.

    Equal rows, equal bytes. Raises ``office.unwritable`` and ``office.file_held``.
    """
    names = list(rows[0] if rows else ())
    widths = [_column_width(name, rows) for name in names]
    page = replace(_page(names, sum(widths)), header=_header(title, len(rows), foot, signed))
    page = replace(page, footer=_footer(title, foot, signed))
    sheet = book.Sheet(book.sheet_name(title, set()), _sheet_rows(names, rows, widths), widths, page, frozen="A2")
    write_bytes_atomic(path, book_bytes([sheet]))


def _page(names: Sequence[str], width: float) -> book.Page:
    """One page wide; more columns than a page holds in a readable size run over pages, each with the number in front."""
    page = book.Page(
        a3=width > _WIDEST_ON_A4, margins=book.Margins(left=_SIDE_MARGIN, right=_SIDE_MARGIN), head_rows="1:1"
    )
    if width <= _WIDEST_ON_A3:
        return page
    return replace(page, scale=_SMALLEST_SCALE, head_columns=f"A:{book.letter(_key_column(names))}")


def _header(title: str, count: int, foot: str, signed: str) -> book.Band:
    if not signed:
        return book.Band()
    heading = book.sized(book.plain(f"卫片执法图斑{title}"), _TITLE_SIZE)
    return book.Band(book.plain(foot), heading, f"共 {count} 个图斑")


def _footer(title: str, foot: str, signed: str) -> book.Band:
    left, center = (signed, "") if signed else (title, foot)
    return book.Band(book.plain(left), book.plain(center), book.PAGE_OF_PAGES)


def _sheet_rows(names: Sequence[str], rows: Sequence[Row], widths: Sequence[float]) -> Iterator[book.Row]:
    yield book.Row([book.Cell(name, _HEAD) for name in names])
    for row in rows:
        texts = [str(row.get(name) or "") for name in names]
        lines = max((sheet_text.lines(text, width - 1) for text, width in zip(texts, widths)), default=1)
        cells = [book.Cell(row.get(name), _look(row.get(name))) for name in names]
        yield book.Row(cells, _LINE_HEIGHT * min(lines, _MOST_LINES) + 2)


def _look(value: Value) -> book.Look:
    if isinstance(value, Decimal):
        return _DECIMAL
    return _WHOLE if isinstance(value, int) and not isinstance(value, bool) else _TEXT


def _key_column(names: Sequence[str]) -> int:
    """The column of the parcel's number, counted from 1."""
    return next((position for position, name in enumerate(names, start=1) if name in ("线索编号", "图斑编号")), 1)


def _column_width(name: str, rows: Sequence[Row]) -> int:
    longest = max([sheet_text.columns(name), *(sheet_text.columns(str(row.get(name) or "")) for row in rows[:200])])
    return min(_WIDEST_COLUMN, max(8, longest + 2))
