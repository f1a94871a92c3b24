"""Closed lists: the words that the workspace stores for states, actions and kinds. Titles for people are data (``resources/words.yaml``).

Members are text: they are stored, compared and written as their word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from .paths import resource
from .typed_yaml import read


class Word(str, Enum):
    """A word of a closed list."""

    def __str__(self) -> str:
        return str(self.value)

    def title(self, language: str = "zh") -> str:
        """What people read for it, ``zh`` or ``en``."""
        titles = _titles()[type(self).__name__][str(self.value)]
        return (titles.en or titles.zh) if language == "en" else titles.zh


class DecisionState(Word):
    """Where a parcel or part stands, in the order of the work (practice 4.3-4.4)."""

    NOT_DECIDED = "未提报"
    DECIDED = "已判定"
    REVIEWED = "已复核"
    FILED = "已填报"
    RETURNED = "退回"
    REJUDGED = "改判"


class DecisionAction(Word):
    """What is done to a parcel or part; each is a row of table ``decision``, but ``undo``, which takes one back."""

    ACCEPT = "accept"
    OVERRIDE = "override"
    POSTPONE = "postpone"
    REVIEW = "review"
    REJECT = "reject"
    FILE = "file"
    SEND_BACK = "send_back"
    REJUDGE = "rejudge"
    REOPEN = "reopen"
    SPLIT = "split"
    MERGE = "merge"
    UNDO = "undo"


class DecisionStatus(Word):
    """Whether a row of table ``decision`` is in force."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    UNDONE = "undone"


class ParcelKind(Word):
    """图斑 kinds."""

    LAND = "land"
    MINING = "mining"


class SplitState(Word):
    """图斑状态 of a parcel that was split, and of a piece with a row of its own; blank for the others."""

    PARENT = "被拆分"
    PIECE = "拆分"


class EnforcementStep(Word):
    """Steps of a case (查处环节), in their order. 申请强制执行 is not 执行到位: the penalty is carried out only by the latter."""

    OPENED = "立案"
    STOPPED = "责令停止"
    SURVEYED = "勘测询问"
    PENALISED = "处罚决定"
    TRANSFERRED = "移送"
    COURT = "申请强制执行"
    EXECUTED = "执行到位"
    CLOSED = "结案"
    WITHOUT_CASE = "非立案处理"


class TransferTarget(Word):
    """To whom a case is transferred (移送)."""

    POLICE = "公安机关"
    DISCIPLINE = "纪检监察机关"
    OTHER = "其他机关"


class Level(Word):
    """Levels of monitored parcels (监测图斑); deliveries write them in many ways."""

    FIRST = "一级"
    SECOND = "二级"
    THIRD = "三级"


class Timing(Word):
    """When a document was issued, seen from the parcel's two images. In the order of ``overlay/timing.py``."""

    BEFORE = "before"
    BETWEEN = "between"
    LATE = "late"
    EXPIRED = "expired"
    UNDATED = "undated"
    VOID = "void"


class PhotoStatus(Word):
    """What became of a photo (table ``photo``), and of its link with one parcel (table ``photo_parcel``)."""

    READ = "read"
    ATTACHED = "attached"
    AMBIGUOUS = "ambiguous"
    REJECTED = "refused"
    DETACHED = "detached"
    REMOVED = "removed"


class FindingLevel(Word):
    """How grave a finding about a photo is, the gravest first; which check has which level is data (``evidence.yaml``)."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Purpose(Word):
    """When a photo was taken, seen from the rectification (整改); an office may name more in ``evidence.yaml``."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True)
class Titles:
    """What people read for a word."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class _WordFile:
    words: Mapping[str, Mapping[str, Titles]]


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, Mapping[str, Titles]]:
    return read(resource("words.yaml"), _WordFile).words
