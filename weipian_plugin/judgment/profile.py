"""Rule profiles (规则方案): categories, thresholds, evidence lists and the decision order, as data with sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Optional, Union

from .claims import Alias, ClaimColumns, VerdictRules
from .conditions import Condition

#: How sure we are of an entry: the official text was read; a secondary text quotes it; a working office does it; our assumption.
SOURCE_CONFIDENCE = ("official", "reported", "practice", "assumed")
PROPOSAL_CONFIDENCE = ("high", "medium", "low")
SCOPES = ("all", "whole", "part")

#: The threshold that limits the uncovered remainder of every 合法 proposal; no profile may set it above this (亩).
COVER_TOLERANCE = "cover_tolerance"
LARGEST_COVER_TOLERANCE = Decimal("0.1")
#: Nor more of the unit than this share (percent): 0.001 亩 is most of a parcel of one square metre.
LARGEST_COVER_SHARE = Decimal(1)
#: Flags that always stand against 合法, whatever a profile lists as harmless.
NEVER_HARMLESS = frozenset(
    (
        "withdrawn",
        "repaired",
        "area_mismatch",
        "geometry_changed",
        "outside_county",
        "duplicate_kept",
        "kind_unsure",
        "number_reused",
    )
)


@dataclass(frozen=True)
class Threshold:
    """A named limit. ``value`` is a number in ``unit``, or a date."""

    name: str
    value: Union[Decimal, date]
    unit: str
    title: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Subtype:
    """``automatic`` False: only a person chooses it. ``group``: the heading it stands under (用途分类)."""

    name: str
    evidence: tuple[str, ...] = ()
    automatic: bool = True
    source: str = ""
    confidence: str = "assumed"
    group: str = ""


@dataclass(frozen=True)
class Category:
    """``legal``: the engine's guard applies. ``uncertain``: the category for doubt (存疑).

    ``after_rectification``: a parcel of this category may pass review only once rectification is in place (整改到位).
    """

    name: str
    legal: bool = False
    uncertain: bool = False
    official: bool = True
    after_rectification: bool = False
    evidence: tuple[str, ...] = ()
    subtypes: tuple[Subtype, ...] = ()

    def subtype(self, name: str) -> Optional[Subtype]:
        return next((subtype for subtype in self.subtypes if subtype.name == name), None)


@dataclass(frozen=True)
class Evidence:
    """A kind of evidence (证明材料) and the condition under which the workspace has it."""

    name: str
    title: str
    met: Condition
    source: str = ""


@dataclass(frozen=True)
class Reason:
    """A sentence by its code in the message catalogue, or the profile's own ``text``."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class Rule:
    """``legal_basis`` (``ground`` in the file): what covers the parcel, ``approvals`` or a role; a legal category must name it, another
    favourable one may, and is then held against the faults of these documents. ``subtype_claim``: take the
    sub-type from this claim when it is one of the category's."""

    id: str
    title: str
    scope: str
    when: Condition
    category: str
    subtype: str
    confidence: str
    source: str
    source_confidence: str
    legal_basis: str = ""
    subtype_claim: str = ""
    reasons: tuple[Reason, ...] = ()
    would_change: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Note:
    """A remark added to the reasons whenever its condition holds, whatever the outcome."""

    id: str
    when: Condition
    reason: Reason
    lowers_confidence: bool = False


@dataclass(frozen=True)
class Profile:
    """A rule profile as loaded and checked. ``sha256`` is that of the file's bytes.

    ``harmless_flags``: flags of intake that do not stand against 合法; ``guard_subtype``: the sub-type of doubt when the
    guard objects.
    """

    name: str
    title: str
    version: str
    date: date
    source: str
    confidence: str
    path: Path
    sha256: str
    categories: tuple[Category, ...]
    thresholds: Mapping[str, Threshold]
    evidence: Mapping[str, Evidence]
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...] = ()
    harmless_flags: tuple[str, ...] = ()
    guard_subtype: str = ""
    columns: ClaimColumns = field(default_factory=ClaimColumns)
    aliases: tuple[Alias, ...] = ()
    verdicts: VerdictRules = field(default_factory=VerdictRules)
    mining: Optional[Profile] = None

    @property
    def rule_titles(self) -> Mapping[str, str]:
        """Rule id → its title, of land and mining."""
        own = {rule.id: rule.title for rule in self.rules}
        return {**(self.mining.rule_titles if self.mining is not None else {}), **own}

    def category(self, name: str) -> Optional[Category]:
        return next((category for category in self.categories if category.name == name), None)

    @property
    def uncertain(self) -> Category:
        """The category for doubt; every profile has exactly one."""
        return next(category for category in self.categories if category.uncertain)
