"""What people typed (项目名称, 项目主体, …): first by the person who decided, then as claimed in the delivery, then its own column.

What a person emptied stays empty: a field that stands in the decision, blank or not, is never taken from the delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from ..model.dates import DateSpan, span_text
from ..model.records import Parcel
from ..model.values import to_python
from .case import ParcelCase
from .settings import FilingRules


def typed(case: ParcelCase, name: str, rules: FilingRules, part: str = "") -> Optional[str]:
    """The text of a field that people fill in, for the parcel or one of its parts."""
    stated = case.part_fields.get(part, {}) if part else case.decided_fields
    return stated_or_delivered(stated, case.parcel, name, rules)


def stated_or_delivered(stated: Mapping[str, object], parcel: Parcel, name: str, rules: FilingRules) -> Optional[str]:
    """A field as it was typed, under its own name or its Chinese one; where it was not asked for, as it was delivered."""
    own = (name, rules.fields[name])
    known = [key for key in own if key in stated]
    if known:
        return next((text for text in (_text(stated[key]) for key in known) if text), None)
    if any(is_stated(stated, other, rules) for other in ONE_WITH.get(name, ())):
        return None  # the same question was answered under its other name: the delivered answer is none any more
    return delivered_text(parcel, name, rules)


def is_stated(stated: Mapping[str, object], name: str, rules: FilingRules) -> bool:
    """Whether a person was asked for a field, and filled it or left it empty."""
    return name in stated or rules.fields[name] in stated


#: 非农违法土地用途 and 用途分类细化 ask for the use, the one of what is illegal.
ONE_WITH: Mapping[str, tuple[str, ...]] = {"violation_use": ("use_detail",)}


def delivered_text(parcel: Parcel, name: str, rules: FilingRules) -> Optional[str]:
    """The field as the delivery has it: as understood (claims), then as its own column. What a form is prefilled with.

    建设时间 that nobody filled is the range that a person marked on dated images (影像首见).
    """
    keys = (name, rules.fields[name], rules.claim_keys.get(name, name))
    for source in (parcel.claims, parcel.delivered):
        result = next((text for text in (_text(source.get(key)) for key in keys) if text), None)
        if result:
            return result
    seen = DateSpan.of_interval(parcel.first_seen or "") if name == "built" else None
    return None if seen is None else span_text(seen)


def _text(value: object) -> str:
    value = to_python(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
