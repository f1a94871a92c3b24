"""The columns of what the tables count: parcels as issued (原始下发) and verified items (核实后), each stated once here.

All areas are 亩, unrounded; NaN is not known. Where a column comes from stands in :mod:`.items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import pandas as pd

from .columns import Columns, F, N, O, T

#: The three areas that every table speaks of: whole, 耕地, 永久基本农田.
AREAS = ("area", "farmland", "basic_farmland")
#: What a parcel is (``kind``): land, or mining, which is counted apart.
LAND, MINING = "land", "mining"
#: 非农违法, 非粮违法.
ILLEGAL = ("nonagri", "nongrain")
#: Groups of categories that are still open: none, or one that nobody knows.
UNDECIDED = ("undecided", "unknown")


@dataclass(frozen=True)
class ParcelFields(Generic[T, N, F, O]):
    """The parcel: where it lies, and what was delivered or typed of it."""

    parcel: T
    kind: T  # LAND, MINING
    issued: T
    county: T
    township: T
    village: T
    parent: T
    split_state: T
    state: T
    level: T
    batch: T
    project: T
    owner: T
    use: T
    typical: T  # 是否重大典型问题
    remark: T
    built: T
    village_attribute: T
    parcel_name: T


@dataclass(frozen=True)
class ReviewFields(Generic[T, N, F, O]):
    """Where it stands in the checking system: codes ("" = blank), their names, and the sets of ``review.yaml`` that it is counted in."""

    review_stage_code: T
    review_state_code: T
    review_returned_code: T
    review_stage_name: T
    review_state_name: T
    review_filed: F
    review_city_reviewed: F
    review_finished: F
    review_returned: F
    review_city_waiting: F
    review_province_waiting: F
    review_province_returned: F
    review_passed: F
    review_not_passed: F
    review_to_fill: F
    review_disposed: F
    review_in_progress: F

    def in_set(self, name: str) -> F:
        """Whether it is in a set of the review, by the name of the set."""
        found: F = getattr(self, f"review_{name}")
        return found


@dataclass(frozen=True)
class OriginalFields(ParcelFields[T, N, F, O], ReviewFields[T, N, F, O]):
    """A parcel as issued; ``item`` is its number, ``part`` blank."""

    item: T
    part: T
    area: N
    farmland: N
    basic_farmland: N


@dataclass(frozen=True)
class LandFields(Generic[T, N, F, O]):
    """The areas of a piece by land class, its class, and of a part the figures to be printed (亩, Decimal; None: the area rounded by itself)."""

    whole_area: N  # of the undivided parcel
    construction: N
    other_agricultural: N
    unused: N
    unsurveyed: N
    class_: T  # 地类; tables ask for it as ``class``
    area_figure: O
    farmland_figure: O
    basic_farmland_figure: O
    construction_figure: O
    other_agricultural_figure: O
    unused_figure: O
    unsurveyed_figure: O


@dataclass(frozen=True)
class JudgedFields(Generic[T, N, F, O]):
    """The judgement: category and group, by whom (``source``: decision, delivered or blank), and its place in the order of acts."""

    category: T
    subtype: T
    group: T
    source: T
    decided_at: T
    decided_as: N  # 0: not decided here
    nonagri: F
    nongrain: F
    stated: O  # what the person who decided typed: field → text


@dataclass(frozen=True)
class IllegalFields(Generic[T, N, F, O]):
    """Areas of a violation, and of parts the figures to be printed."""

    nonagri_area: N
    nonagri_farmland: N
    nonagri_basic_farmland: N
    nongrain_area: N
    nongrain_farmland: N
    nongrain_basic_farmland: N
    nonagri_area_figure: O
    nonagri_farmland_figure: O
    nonagri_basic_farmland_figure: O
    nongrain_area_figure: O
    nongrain_farmland_figure: O
    nongrain_basic_farmland_figure: O


@dataclass(frozen=True)
class RectifiedFields(Generic[T, N, F, O]):
    """Rectification as recorded here (``has_record``), else as delivered; counts of photos and the accepted area (m²) only as recorded."""

    has_record: F
    method_text: T
    removed: N
    removed_farmland: N
    removed_basic_farmland: N
    regularised: N
    regularised_farmland: N
    regularised_basic_farmland: N
    remaining: N
    before_photos: N
    during_photos: N
    after_photos: N
    accepted_area_m2: N
    accepted_by: T
    accepted_on: T
    accepted: F
    closed_on: T
    closed: F
    note: T


@dataclass(frozen=True)
class CaseFields(Generic[T, N, F, O]):
    """Its enforcement case; ``case_id`` is blank where none is recorded."""

    case_id: T
    case_stage: T
    case_closed: F
    case_not_filed: F
    penalty_done: F


@dataclass(frozen=True)
class StateFields(Generic[T, N, F, O]):
    """Whether it is rectified (已整改), how, and as the tables say it."""

    finished: F
    by_removal: F
    by_regularising: F
    method: T


@dataclass(frozen=True)
class ItemFields(
    StateFields[T, N, F, O],
    CaseFields[T, N, F, O],
    RectifiedFields[T, N, F, O],
    IllegalFields[T, N, F, O],
    JudgedFields[T, N, F, O],
    LandFields[T, N, F, O],
    OriginalFields[T, N, F, O],
):
    """A verified item. ``item``: number of the parcel, of a part ``number#_1``; ``project_of``: the leading parcel of its 并宗, else itself."""

    project_of: T


class Originals(OriginalFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """Parcels as issued, one row each."""


class Parcels(ParcelFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """Of each parcel, where it lies and what is said of it."""


class Reviews(ReviewFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """Of each parcel, where it stands in the checking system."""


class Lands(LandFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """Of each item, its areas by land class."""


class Item(ItemFields[str, float, bool, object]):
    """One verified item."""


class Items(ItemFields[pd.Series, pd.Series, pd.Series, pd.Series], Columns):
    """The verified items, one row each."""

    @property
    def illegal(self) -> pd.Series:
        """Which are 非农违法 or 非粮违法."""
        return self.nonagri | self.nongrain

    @property
    def open(self) -> pd.Series:
        """Which are not decided, or have a category that nobody knows."""
        return self.group.isin(UNDECIDED)

    def of_kind(self, kind: str) -> pd.Series:
        """Which are illegal of a kind (:data:`ILLEGAL`)."""
        found: pd.Series = getattr(self, kind)
        return found

    def area_of(self, name: str) -> pd.Series:
        """An area by its name, 亩."""
        found: pd.Series = getattr(self, name)
        return found

    def illegal_of(self, kind: str, area: str = "area") -> pd.Series:
        """An area (:data:`AREAS`) of violations of a kind, 亩."""
        return self.area_of(f"{kind}_{area}")

    def to_rectify(self, area: str = "area") -> pd.Series:
        """An area of violations, 非农 and 非粮 together (an item is one or the other), 亩; NaN where it is not known."""
        both = pd.DataFrame({kind: self.illegal_of(kind, area) for kind in ILLEGAL})
        return both.sum(axis=1, min_count=1)

    def to_rectify_figure(self, area: str = "area") -> pd.Series:
        """The figure to be printed of it (of parts, as the forms print it); None: the area rounded by itself."""
        figures: list[pd.Series] = [getattr(self, f"{kind}_{area}_figure") for kind in ILLEGAL]
        first, second = figures
        return first.where(first.notna(), second)
