"""What the office says of itself (table ``setting`` of the workspace), as the tables and the summary print it."""

from __future__ import annotations

from datetime import date

from ..model.office_settings import OfficeSettings, of_stored
from ..office.dates import chinese_day
from . import records

_BLANK = "　" * 8  # room to write by hand


def office_of(snapshot: records.Snapshot) -> OfficeSettings:
    """What the office says of itself in a snapshot."""
    rows = records.table(snapshot, "setting")
    return of_stored(dict(zip(records.first_text(rows["name"]), records.first_text(rows["value"]))))


def signature(snapshot: records.Snapshot, as_of: date) -> str:
    """The last line of a table: 填报单位（盖章）, 制表人, 审核人, as stated or room to write, and the day."""
    office = office_of(snapshot)
    named = (("填报单位（盖章）", office.unit), ("制表人", office.maker), ("审核人", office.checker))
    parts = [f"{title}：{value or _BLANK}" for title, value in named]
    return "　　".join((*parts, f"日期：{chinese_day(as_of)}"))


def letter(office: OfficeSettings) -> tuple[str, str]:
    """主送 and 落款 of the summary; room to write where the office has not said."""
    return office.addressee or _BLANK * 2, office.signature or _BLANK * 2
