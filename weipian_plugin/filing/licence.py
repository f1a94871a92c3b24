"""The mining licence (采矿许可证) of a parcel: number, holder, mineral, method and term, as typed, as the licence layer has it, or as delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.records import Coverage
from ..model.values import is_blank, text_of

#: Column → the names a person, a licence layer's attributes or a delivery may use for it. Assumed from the licence form's own headings.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "licence": ("采矿许可证号", "许可证号", "XKZH", "xkzh"),
    "holder": ("采矿权人", "矿山名称", "CKQR", "KSMC"),
    "mineral": ("开采矿种", "开采主矿种", "矿种", "KCZKZ", "KZ"),
    "mining_method": ("开采方式", "KCFS"),
    "term": ("有效期限", "有效期", "有效期止", "YXQZ"),
}
LICENCE_FIELDS = tuple(_NAMES)
_LAYER = {"licence": "document", "holder": "unit", "mineral": "use"}


@dataclass(frozen=True)
class Licence:
    """What is known of the licence; "" where nobody says."""

    licence: str = ""
    holder: str = ""
    mineral: str = ""
    mining_method: str = ""
    term: str = ""


def licence_of(stated: Mapping[str, object], rights: Iterable[Coverage], delivered: Mapping[str, object]) -> Licence:
    """``stated``: what was typed with the decision; ``rights``: coverage rows of role ``mining_right``; ``delivered``: attributes."""
    covering = [row for row in rights if row.document.strip() and (row.area_m2 or 0.0) > 0]
    result = {}
    for column, names in _NAMES.items():
        typed = [name for name in names if name in stated]
        if typed:
            result[column] = next((text_of(stated[name]) for name in typed if not is_blank(stated[name])), "")
            continue
        layer = [_of_layer(row, column) for row in covering]
        given = next((text_of(delivered[name]) for name in names if not is_blank(delivered.get(name))), "")
        result[column] = "；".join(dict.fromkeys(text for text in layer if text)) or given
    return Licence(**result)


def _of_layer(row: Coverage, column: str) -> str:
    if column == "term":
        return _term(row)
    return text_of(getattr(row, _LAYER[column])) if column in _LAYER else ""


def _term(row: Coverage) -> str:
    first, last = row.date.strip(), row.until.strip()
    return f"{first}至{last}" if first and last else f"至{last}" if last else ""
