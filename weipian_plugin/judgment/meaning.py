"""What a category text means, under every rule profile: legal, illegal construction, illegal use of cropland, …

Groups and the words that make a text belong to one are data (``resources/oversight/figures.yaml``, key ``groups``): exports and profiles
carry longer texts, such as 「…非农违法…」, and the three-way profile says a plain 违法.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..model.paths import resource
from ..model.typed_yaml import read
from ..model.values import is_blank

NONAGRI, NONGRAIN = "nonagri_illegal", "nongrain_illegal"
#: A plain category that its subtype refines (违法·非粮化).
_PLAIN_ILLEGAL = "违法"


def group_of(category: object) -> tuple[str, ...]:
    """Groups that a category text belongs to, first one leading: 「非农违法」 → ("nonagri_illegal",); blank → ("undecided",).

    A text that names both 非农违法 and 非粮违法 belongs to both.
    """
    text = "" if is_blank(category) else str(category)
    if not text:
        return ("undecided",)
    result = [entry.group for entry in _groups() if any(word in text for word in entry.contains)]
    if not result:
        return ("unknown",)
    if result[0].endswith("_illegal"):
        explicit = [group for group in dict.fromkeys(result) if group.endswith("_illegal")]
        both = "非农违法" in text and ("非粮违法" in text or "非粮化" in text)
        return tuple(explicit) if both else (result[0],)
    return (result[0],)


def groups_of_decision(category: str, subtype: str) -> tuple[str, ...]:
    """The groups of a decision: a plain 违法 is refined by its subtype."""
    return group_of(f"{category}·{subtype}" if category == _PLAIN_ILLEGAL else category)


def is_illegal(category: str, subtype: str = "") -> bool:
    """Whether a decision says 违法 of one kind or the other."""
    return any(group.endswith("_illegal") for group in groups_of_decision(category, subtype))


@dataclass(frozen=True)
class _Group:
    group: str
    contains: tuple[str, ...]


@dataclass(frozen=True)
class _GroupFile:
    groups: tuple[_Group, ...]


def _groups() -> tuple[_Group, ...]:
    """Of the county that is worked for; the reader keeps what it has read."""
    return read(resource("oversight", "figures.yaml"), _GroupFile).groups
