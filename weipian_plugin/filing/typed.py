"""What people typed (项目名称, 项目主体, …): first by the person who decided, then as claimed in the delivery, then its own column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .case import ParcelCase, plain
from .settings import FilingRules


def typed(case: ParcelCase, name: str, rules: FilingRules) -> Optional[str]:
    """The text of a field that people fill in, under its own name, its Chinese one, or the key of the delivery's claims."""
    keys = (name, rules.fields[name], rules.claim_keys.get(name, name))
    sources: tuple[Mapping[str, Any], ...] = (
        case.decided_fields,
        case.parcel.get("claims") or {},
        case.parcel.get("delivered") or {},
    )
    for source in sources:
        for key in keys:
            value = plain(source.get(key))
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if value is not None and str(value).strip():
                return str(value)
    return None
