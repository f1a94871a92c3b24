"""Dates as papers have them: 2023年6月1日, with the time where one is stated. Only whole ISO texts are read; anything else stays as it is."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?)?"
)


_DAY_IN_TEXT = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")


def dates_in_words(text: str) -> str:
    """A sentence with its days (``2023-06-01``) as papers have them."""
    return _DAY_IN_TEXT.sub(lambda found: chinese_date(found[0]), text)


def chinese_day(day: date) -> str:
    """成文日期: Arabic figures without leading zeros (GB/T 9704)."""
    return chinese_date(day.isoformat())


def chinese_date(text: str) -> str:
    """``2023-06-01`` → 2023年6月1日; ``2023-06`` → 2023年6月; a time follows as 10:20:30, its offset is left out; 至 joins two of them."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        first, mark, last = text.partition("至")
        return f"{chinese_date(first)}至{chinese_date(last)}" if mark else text
    year, month, day, hour, minute, second = match.groups()
    shown = f"{int(year)}年{int(month)}月" + (f"{int(day)}日" if day else "")
    return shown + (f" {hour}:{minute}" + (f":{second}" if second else "") if hour else "")
