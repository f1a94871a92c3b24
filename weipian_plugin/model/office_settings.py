"""What an office says of itself once, for all its papers: who fills in, who makes and checks, whom the summary is sent to, four eyes.

Kept in table ``setting`` of the workspace under the Chinese names of the papers. What nobody has said stays a blank line to fill by hand;
the account of a computer never stands in for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Optional

#: Names in table ``setting``, by field of :class:`OfficeSettings`.
NAMES = {
    "unit": "填报单位",
    "maker": "制表人",
    "checker": "审核人",
    "addressee": "主送单位",
    "signed_by": "落款",
    "four_eyes": "四眼原则",
}
_YES, _NO = "是", "否"


@dataclass(frozen=True)
class OfficeSettings:
    """``unit`` 填报单位, ``addressee`` 主送单位 and ``signed_by`` 落款 of the summary; ``four_eyes``: None where nobody has said."""

    unit: str = ""
    maker: str = ""
    checker: str = ""
    addressee: str = ""
    signed_by: str = ""
    four_eyes: Optional[bool] = None

    @property
    def signature(self) -> str:
        """落款: as stated, else the unit that fills in; blank where neither is said."""
        return self.signed_by or self.unit

    def stored(self) -> dict[str, str]:
        """The values by their names in table ``setting``."""
        values = {NAMES[field.name]: getattr(self, field.name) for field in fields(self)}
        stated = "" if self.four_eyes is None else _YES if self.four_eyes else _NO
        return {**values, NAMES["four_eyes"]: stated}


@dataclass(frozen=True)
class ReviewRule:
    """What 四眼原则 means where one person judges alone.

    ``stops``: nobody reviews what they decided themselves, nor files it unreviewed. ``level``: how a package names one signature ("error"
    leaves it a draft, "warning" is a remark). ``undecided``: the office has not said; papers and window name it.
    """

    stops: bool
    level: str
    undecided: bool = False


def review_rule(stated: Optional[bool], asked_here: bool = False) -> ReviewRule:
    """The one reading of 四眼原则. ``stated``: what the workspace says, None = nothing; ``asked_here``: the options of this computer ask for it.

    是: two persons. 否: one is enough, a package remarks on it. Nothing said: work is not stopped, and a package with one signature is a
    draft, because 区级验收 looks for the signatures of 经办 and 复核 (notice 四（四）; that it wants two persons is assumed, the office
    confirms it in 单位设置).
    """
    return ReviewRule(
        stops=stated is True or asked_here, level="warning" if stated is False else "error", undecided=stated is None
    )


def of_stored(values: Mapping[str, object]) -> OfficeSettings:
    """From the rows of table ``setting`` (name → value); other names, and words that are no answer, count as not said."""
    texts = {field: str(values.get(name) or "").strip() for field, name in NAMES.items()}
    stated = {_YES: True, _NO: False}.get(texts.pop("four_eyes"))
    return OfficeSettings(**texts, four_eyes=stated)
