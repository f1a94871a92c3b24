"""Which fields of the form the filing wants for a category, and which of them are still empty: said before anybody decides."""

from __future__ import annotations

from collections.abc import Mapping

from ..filing.completeness import of_category
from ..filing.settings import FilingRules, load_rules
from ..filing.typed import stated_or_delivered
from ..model.records import Parcel


def required_fields(category: str, rules: FilingRules) -> tuple[str, ...]:
    """Filing names (project, owner, …) of the fields that a parcel of ``category`` must have; none without a category."""
    if not category:
        return ()
    requested = (rules.requirements[name].fields or () for name in of_category(category, rules))
    return tuple(dict.fromkeys(field for fields in requested for field in fields))


def empty_fields(category: str, stated: Mapping[str, object], parcel: Parcel) -> tuple[str, ...]:
    """Those of them that neither a person nor the delivery has filled."""
    rules = load_rules()
    return tuple(
        name for name in required_fields(category, rules) if not stated_or_delivered(stated, parcel, name, rules)
    )
