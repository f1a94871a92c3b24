"""Values as a person reads them on paper: Chinese dates, acts as sentences, boundary points, signatures. Upload tables keep the stored forms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Optional

import shapely

from ..geodesy import zone as zones
from ..geodesy.units import half_up
from ..judgment.meaning import is_illegal
from ..model.values import to_python
from ..model.words import ParcelKind
from ..office.dates import chinese_date
from ..workspace.schema import TABLES
from .case import ParcelCase
from .placeholder import Value, Values
from .settings import FilingRules
from .wording import in_words

#: fields and columns that hold a date or a time
_DATES = frozenset(
    (
        *(
            "issued",
            "due",
            "earlier_image",
            "later_image",
            "decision_date",
            "review_date",
            "field_date",
            "acceptance_date",
            "made_at",
        ),
        *("date", "until", "taken_at", "at", "accepted_on", "closed_on", "removed_on", "built"),
    )
)
_TITLES = {table.name: table.title for table in TABLES}
#: points that a form lists; the TXT coordinates hold all
_MOST_POINTS = 2000


def as_printed(values: Values, rules: FilingRules) -> Values:
    """The values with Chinese dates, and words in place of codes and empty boxes."""
    values = in_words(values, rules)
    fields = {name: _dated(name, value) for name, value in values.fields.items()}
    tables = {
        table: [{name: _dated(name, value) for name, value in row.items()} for row in rows]
        for table, rows in values.tables.items()
    }
    return Values(fields, tables)


def _dated(name: str, value: Value) -> Value:
    return chinese_date(value) if isinstance(value, str) and name in _DATES else value


def sentence(row: Mapping[str, object], rules: FilingRules) -> Optional[str]:
    """One act of the journal as a sentence: what was written, and what changed of it, in the words of the forms."""
    what = _TITLES.get(str(row.get("what") or ""), "")
    action = rules.word("action", row.get("action"))
    before, after = to_python(row.get("before")), to_python(row.get("after"))
    old, new = before if isinstance(before, Mapping) else {}, after if isinstance(after, Mapping) else {}
    changes = []
    for name in dict.fromkeys((*old, *new)):
        title = rules.columns.get(name)
        first, last = _shown(old.get(name), name, rules), _shown(new.get(name), name, rules)
        if title is None or first == last:
            continue
        changes.append(f"{title}：{first}→{last}" if first else f"{title}：{last}")
    changes += _typed_changes(old.get("fields"), new.get("fields"))
    return f"{action}{what}" + (f"（{'；'.join(changes)}）" if changes else "") or None


def _typed_changes(before: object, after: object) -> Iterable[str]:
    """What was typed with a decision: its fields carry the titles of the form."""
    old, new = before if isinstance(before, Mapping) else {}, after if isinstance(after, Mapping) else {}
    for name, value in new.items():
        if not str(name).isascii() and isinstance(value, str) and value and value != old.get(name):
            yield f"{name}：{value}"


def _shown(value: object, name: str, rules: FilingRules) -> str:
    value = to_python(value)
    if value is None or value == "":
        return ""
    if name == "steps":
        return _steps(value)
    if name == "members":
        return "、".join(_member(entry) for entry in _listed(value))
    if isinstance(value, (dict, list)):
        return (
            "、".join(str(entry) for entry in value)
            if isinstance(value, list)
            else json.dumps(value, ensure_ascii=False)
        )
    text = chinese_date(str(value))
    if isinstance(value, float):
        return f"{value:.2f}"
    if name == "action":
        return rules.word("step", text)
    if name == "status":
        return rules.word("status", text)
    return text


def _listed(value: object) -> list[object]:
    """A list of the journal, which holds that of a case as text."""
    try:
        result = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return [value]
    return result if isinstance(result, list) else [result]


def _member(entry: object) -> str:
    """A parcel of a project, or a parcel or part that an enforcement case is about."""
    return f"{entry.get('parcel') or ''}{entry.get('part') or ''}" if isinstance(entry, Mapping) else str(entry)


def _steps(value: object) -> str:
    """The steps of an enforcement case, each with its day."""
    entries = [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    return "、".join(f"{entry.get('step')} {chinese_date(str(entry.get('day') or ''))}".strip() for entry in entries)


def boundary_rows(case: ParcelCase) -> list[dict[str, Value]]:
    """界址点成果: every vertex of the parcel in order, ring by ring; X north and Y east (with zone prefix) in metres, and degrees."""
    zone = case.parcel.zone
    if case.geometry is None or case.geometry.is_empty or zone is None:
        return []
    rows: list[dict[str, Value]] = []
    for part, polygon in enumerate(getattr(case.geometry, "geoms", [case.geometry]), start=1):
        for ring_number, ring in enumerate((polygon.exterior, *polygon.interiors), start=1):
            degrees = shapely.get_coordinates(ring)
            plane = shapely.get_coordinates(zones.project(ring, zone, True))
            closing = len(degrees) - 1
            for position, ((lon, lat), (east, north)) in enumerate(zip(degrees, plane)):
                point = position + 1 if position < closing else 1
                rows.append(
                    {
                        "ring": f"{part}-{ring_number}",
                        "point": f"J{point}",
                        "north": half_up(float(north), 3),
                        "east": half_up(float(east), 3),
                        "lon": half_up(float(lon), 9),
                        "lat": half_up(float(lat), 9),
                    }
                )
    return rows[:_MOST_POINTS]


def applies(form_when: str, case: ParcelCase) -> bool:
    """Whether a form is for this parcel: ``merged``, ``rectified``, ``mining``, ``enforced``, or always where it says nothing."""

    if form_when == "merged":
        return bool(case.merged)
    if form_when == "rectified":
        return bool(case.rectification)
    if form_when == "mining":
        return case.parcel.kind == ParcelKind.MINING
    if form_when == "enforced":
        return bool(case.enforcement) or any(is_illegal(entry.category, entry.subtype) for entry in case.decisions)
    return True
