"""What stands in the files under ``resources/oversight``: one record a file, its keys the fields. Every file has a head (:class:`Head`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Optional

from ..model.typed_yaml import key


class Confidence(Enum):
    """How well a rule is founded."""

    OFFICIAL = "official"
    PRACTICE = "practice"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Head:
    """Of every file: when it was written, from what, and how certain that is."""

    version: Any
    date: Any
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class Days:
    """A number of days with its source."""

    value: int


@dataclass(frozen=True)
class Amount:
    """A tolerance with its source."""

    value: Decimal


# ---- calendar.yaml


class Rhythm(Enum):
    """月清 and 季清."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Shift(Enum):
    """What becomes of a due date on a day off."""

    NONE = "none"
    NEXT = "next_workday"
    PREVIOUS = "previous_workday"


@dataclass(frozen=True)
class LevelRule:
    """Of one level: issued up to ``cutoff_day`` (None: the whole period), due on ``due_day``, ``months_after``."""

    rule: Rhythm
    due_day: int
    months_after: int
    cutoff_day: Optional[int] = None
    confidence: str = "assumed"
    source: str = ""

    def __post_init__(self) -> None:
        if (
            not 1 <= self.due_day <= 31
            or self.months_after < 0
            or not (self.cutoff_day is None or 1 <= self.cutoff_day <= 31)
        ):
            raise ValueError(f"due_day {self.due_day}, months_after {self.months_after}, cutoff_day {self.cutoff_day}")


@dataclass(frozen=True)
class DayOfYear:
    """A day without a year."""

    month: int
    day: int


@dataclass(frozen=True)
class Holidays:
    """Of one year: days or spans (``2023-01-21/2023-01-27``)."""

    days_off: tuple[str, ...]
    workdays: tuple[str, ...]


@dataclass(frozen=True)
class CalendarFile(Head):
    """When a parcel's filing is due, and what a working year is."""

    levels: Mapping[str, LevelRule]
    year_closes: DayOfYear
    shift: Shift
    level_when_blank: Optional[str] = None
    soon_days: Days = Days(0)
    reminder_days: Days = Days(7)
    answer_days: Days = Days(0)
    holidays: tuple[Holidays, ...] = ()


# ---- figures.yaml


@dataclass(frozen=True)
class Method:
    """A way of rectification, by what a text contains."""

    contains: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Methods:
    """整改方式."""

    removed: Method
    regularised: Method
    both: Method


@dataclass(frozen=True)
class LargeFarmland:
    """百亩: from which ``measure`` (亩) on a parcel is a large one."""

    mu: Decimal
    measure: str


@dataclass(frozen=True)
class FiguresFile(Head):
    """How categories and exported columns are read into figures. ``delivered``: meaning → names of columns, the better first."""

    group_titles: Mapping[str, str]
    delivered: Mapping[str, tuple[str, ...]]
    methods: Methods
    other_method: str
    not_finished: str
    large_farmland: LargeFarmland
    closing_tolerance_mu: Amount


# ---- assessment.yaml


@dataclass(frozen=True)
class Subtypes:
    """Subtypes by their words."""

    subtypes: tuple[str, ...]


@dataclass(frozen=True)
class FarmlandRatio:
    """违法占耕比: its line, and what counts as illegal, legal, and as no new construction."""

    line: float
    line_source: str
    illegal: tuple[str, ...]
    legal_groups: tuple[str, ...]
    not_construction: Subtypes


@dataclass(frozen=True)
class Deduction:
    """扣减: which ``area`` is taken off where the ``condition`` holds; ``taken_from``: numerator, or both."""

    title: str
    condition: str
    area: str
    enabled: bool
    taken_from: str = key("from")


@dataclass(frozen=True)
class DutyWords:
    """Words of the delivered case columns that say something, words that deny it, and kinds of documents that prove it."""

    words: tuple[str, ...]
    denied: tuple[str, ...] = key("not")
    documents: tuple[str, ...] = key("documents")


@dataclass(frozen=True)
class Duty:
    """履职: how a case is known from delivered columns or documents."""

    closed: DutyWords
    not_filed: DutyWords
    carried_out: DutyWords


@dataclass(frozen=True)
class Indicator:
    """A figure of the ranking: ``better`` higher or lower, and the ``worst`` value of a lower-is-better one."""

    key: str
    title: str
    weight: Decimal
    better: str
    worst: float = 1.0


@dataclass(frozen=True)
class Attention:
    """What puts a unit on the list for a 约谈."""

    farmland_ratio: bool = False
    overdue: bool = False
    typical: bool = False


@dataclass(frozen=True)
class Ranking:
    """Points by weight, and what deserves attention."""

    source: str
    indicators: tuple[Indicator, ...]
    attention: Attention


@dataclass(frozen=True)
class AssessmentFile(Head):
    """How a unit is assessed."""

    farmland_ratio: FarmlandRatio
    deductions: tuple[Deduction, ...]
    key_project_words: tuple[str, ...]
    duty: Duty
    ranking: Ranking


# ---- units.yaml


@dataclass(frozen=True)
class Task:
    """A task and ``when`` an item has it: condition → what it asks for (``units.CONDITIONS``)."""

    task: str
    lead: bool
    when: Mapping[str, Any]


@dataclass(frozen=True)
class UnitTasks:
    """The tasks of a unit; ``per_village``: of the parcel's own village."""

    unit: str
    tasks: tuple[Task, ...]
    per_village: bool = False


@dataclass(frozen=True)
class UnitsFile(Head):
    """Who does what; rules are tried in order and all that match apply."""

    units: tuple[UnitTasks, ...]


# ---- review.yaml


@dataclass(frozen=True)
class ReviewSet:
    """Parcels counted together: by their stage ("" = blank), and where given by 打回状态; ``unknown``: unknown stages, too."""

    title: str
    stages: tuple[str, ...]
    returned: Optional[str] = None
    unknown: bool = False


@dataclass(frozen=True)
class ReviewFile(Head):
    """The review states of the checking system: code → name. ``workspace_states``: state of the workspace → what it stands for."""

    stages: Mapping[str, str]
    states: Mapping[str, str]
    returns: Mapping[str, str]
    sets: Mapping[str, ReviewSet]
    workspace_states: Mapping[str, Any]
    stage_aliases: Mapping[str, str] = field(default_factory=dict)


# ---- error_rates.yaml, acceptance.yaml, problems.yaml, enforcement.yaml


@dataclass(frozen=True)
class Titled:
    """A thing with a title."""

    title: str


@dataclass(frozen=True)
class RateRule:
    """差错率: in which ``window`` by which of the ``dates``, what counts as ``checked`` and what of that as ``wrong``."""

    key: str
    title: str
    window: str
    dates: tuple[str, ...]
    checked: tuple[str, ...]
    wrong: tuple[str, ...]
    confidence: str = ""


@dataclass(frozen=True)
class ErrorRatesFile(Head):
    """日常差错率 and 年度差错率."""

    rates: tuple[RateRule, ...]
    conditions: Mapping[str, Titled] = field(default_factory=dict)


@dataclass(frozen=True)
class PhotosNeeded:
    """How many photos must count for each parcel."""

    least: int


@dataclass(frozen=True)
class PhotoLevels:
    """Levels of photo findings that make 照片真实性 fail."""

    fail: tuple[str, ...]


@dataclass(frozen=True)
class AcceptanceCheck:
    """A check of every parcel."""

    key: str
    title: str


@dataclass(frozen=True)
class AcceptanceFile(Head):
    """区级验收."""

    photos: PhotosNeeded
    photo_levels: PhotoLevels
    closing_tolerance_m2: Amount
    checks: tuple[AcceptanceCheck, ...]


@dataclass(frozen=True)
class ProblemsFile(Head):
    """Problem lists: meaning → names of columns, the better first."""

    columns: Mapping[str, tuple[str, ...]]
    days_to_answer: Days


@dataclass(frozen=True)
class Threshold:
    """``measure``: basic_farmland, farmland_only (without 永久基本农田) or area, in 亩; ``kind``: land or mining."""

    title: str
    measure: str
    mu: float
    kind: str
    target: str
    source: str


@dataclass(frozen=True)
class ThresholdsFile(Head):
    """From which area on a violation is a lead for a transfer (移送线索)."""

    transfer: tuple[Threshold, ...]


# ---- tables.yaml


@dataclass(frozen=True)
class Margins:
    """Inches."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Style:
    """The looks of all workbooks; colours as RRGGBB."""

    font: str
    orientation: str
    margins_inch: Margins
    header_fill: str
    header_font: str
    total_fill: str
    check_fill: str
    check_font: str
    title_size: float
    text_size: float


@dataclass(frozen=True)
class ColumnEntry:
    """A column, or a group of columns (``members``) under a title; ``width`` in characters."""

    title: str
    key: str = ""
    kind: str = "text"
    width: Optional[float] = None
    members: tuple[ColumnEntry, ...] = ()


@dataclass(frozen=True)
class TableEntry:
    """A table; ``sort``: the figure to sort by, descending."""

    title: str
    columns: tuple[ColumnEntry, ...]
    sort: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class TablesFile(Head):
    """Columns, order and headers of the tables."""

    style: Style
    tables: Mapping[str, TableEntry]
