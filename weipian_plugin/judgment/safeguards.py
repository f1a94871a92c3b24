"""What no profile may say, however it is written: a ground that is none for its sub-type, a favourable outcome of bare farmland."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..model.dates import DateSpan
from .conditions import Condition
from .profile import Category
from .vocabulary import APPROVALS, vocabulary

#: Words of a legal sub-type and the grounds that may stand behind it; the first word that fits decides.
_LEGAL_BASES: Mapping[str, tuple[str, ...]] = {
    "采矿": ("mining_right",),
    "挂钩": (APPROVALS, "linkage"),
    "转用": (APPROVALS, "farmland_conversion"),
    "批文": (APPROVALS, "farmland_conversion", "linkage"),
    "批准": (APPROVALS, "farmland_conversion", "linkage"),
    "供地": ("land_supply",),
    "登记": ("registration",),
    "发证": ("registration",),
}
#: Grounds that can carry 合法 at all; the others lead to 其他, to other categories, or to doubt.
_CARRYING = (APPROVALS, "farmland_conversion", "linkage", "land_supply", "registration", "mining_right")


def fits_legal_basis(subtype: str, legal_basis: str) -> bool:
    """Whether what covers the parcel can be the ground of a legal sub-type (an approval of an approval, not a road of a title)."""
    requested = next((legal_bases for word, legal_bases in _LEGAL_BASES.items() if word in subtype), _CARRYING)
    return legal_basis in requested


def is_violating(category: str) -> bool:
    """Whether a category says that something is wrong, or at least missing."""
    return "违" in category or "未批" in category or "未供" in category


def is_favourable(category: Category) -> bool:
    """Whether a category finds nothing wrong and is no doubt: a legal one, and 其他 of every kind."""
    return not (category.uncertain or is_violating(category.name))


class _BareLand:
    """Farmland of 3 亩 that nothing covers, with layers given and nothing filled: nothing favourable may come of it."""

    def value(self, name: str) -> Any:
        fact = vocabulary()[name]
        if fact.source == "whole":
            return self.value(fact.of)
        if name in _KNOWN:
            return _KNOWN[name]
        if fact.source == "remainder":
            return max(Decimal(0), _AREA - self.value(fact.of))
        if fact.source == "share":
            return self.value(fact.of) * 100 / _AREA
        if fact.source == "document":
            return True if fact.aspect == "loaded" else {"count": Decimal(0), "flag": False}.get(fact.unit)
        return {"m2": Decimal(0), "count": Decimal(0), "flag": False, "list": (), "percent": Decimal(0)}.get(fact.unit)


_AREA = Decimal(2000)
_KNOWN: Mapping[str, Any] = {
    **dict.fromkeys(
        ("area", "uncovered", "uncovered_in_time", "uncovered_farmland", "unsupplied", "farmland", "agricultural"),
        _AREA,
    ),
    "main_class": "0103",
    "class": "0103",
    "main_class_share": Decimal(100),
    "uncovered_width": Decimal(40),
    "uncovered_pieces": Decimal(1),
    "road_width": Decimal(40),
    "road_width_maximum": Decimal(40),
    "kind": "land",
    "type": "建筑物",
    "earlier_image": DateSpan(date(2022, 9, 18), date(2022, 9, 18)),
    "later_image": DateSpan(date(2023, 4, 26), date(2023, 4, 26)),
}


def holds_of_bare_land(condition: Condition) -> bool:
    """Whether a condition is true of farmland that nothing covers: ``always``, or written so that it always holds."""
    return condition.holds(_BareLand()) is True
