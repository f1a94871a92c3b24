"""Which parcels would be judged otherwise under another profile, or after new layers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from ..model.records import Proposal
from .numbers import exact, rounded

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Difference:
    """``changed`` maps each differing field to its value before and after; values that rules looked at are ``facts.<name>``."""

    parcel: str
    part: str
    kind: str
    before: Optional[Proposal]
    after: Optional[Proposal]
    changed: Mapping[str, tuple[Any, Any]]


def differences(old: Iterable[Proposal], new: Iterable[Proposal]) -> list[Difference]:
    """Proposals that appear, disappear or change in outcome (category, sub-type, rule, area, missing evidence), by parcel and part."""
    before, after = ({(proposal.parcel, proposal.part): proposal for proposal in proposals} for proposals in (old, new))
    result = []
    for key in sorted(before.keys() | after.keys()):
        left, right = before.get(key), after.get(key)
        changed = changes(summary(left), summary(right)) if left and right else {}
        if left is None or right is None or changed:
            kind = ADDED if left is None else REMOVED if right is None else CHANGED
            result.append(Difference(*key, kind, left, right, changed))
    return result


def summary(proposal: Proposal) -> Mapping[str, Any]:
    """What a decision rests on, as plain values: the outcome and the facts the rule looked at."""
    values = proposal.facts.get("values", {})
    return {
        "category": proposal.category,
        "subtype": proposal.subtype,
        "rule": proposal.rule,
        "area_m2": f"{proposal.area_m2:.2f}",
        "missing": sorted(entry.evidence for entry in proposal.missing),
        **{f"facts.{name}": _comparable(entry) for name, entry in sorted(values.items())},
    }


def _comparable(entry: Mapping[str, object]) -> object:
    """Measured numbers to two decimals, as they are written in forms: arithmetic noise is no change."""
    number = exact(entry.get("value")) if entry.get("unit") in ("m2", "m", "percent", "ratio") else None
    return entry.get("value") if number is None else rounded(number, 2)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> Mapping[str, tuple[Any, Any]]:
    """Fields whose values differ, with both values."""
    names = sorted(before.keys() | after.keys())
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def digest(proposal: Proposal) -> str:
    """SHA-256 of :func:`summary`: equal digests mean that a decision still rests on the same proposal."""
    text = json.dumps(summary(proposal), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
