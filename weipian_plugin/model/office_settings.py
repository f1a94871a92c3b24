"""What an office says of itself once, for all its papers: who fills in, who makes and checks, whom the summary is sent to, four eyes.

Kept in table ``setting`` of the workspace under the Chinese names of the papers. What nobody has said stays a blank line to fill by hand;
the account of a computer never stands in for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Optional

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
        told = "" if self.four_eyes is None else _YES if self.four_eyes else _NO
        return {**values, NAMES["four_eyes"]: told}


def of_stored(values: Mapping[str, Any]) -> OfficeSettings:
    """From the rows of table ``setting`` (name → value); other names, and words that are no answer, count as not said."""
    texts = {field: str(values.get(name) or "").strip() for field, name in NAMES.items()}
    told = {_YES: True, _NO: False}.get(texts.pop("four_eyes"))
    return OfficeSettings(**texts, four_eyes=told)
