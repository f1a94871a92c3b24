"""Order of monitoring batches (监测批次) such as 七月一批 or 2023年十一月二批: by year, month, number."""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(\d+|[零〇一二两三四五六七八九十]+)"


def number(text: str) -> int | None:
    """A whole number up to 99 in Chinese or Arabic digits; 十一 is eleven, not ten."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text)) if text and set(text) <= set(_DIGITS) else None
    tens, _, units = text.partition("十")
    if not (set(tens) | set(units)) <= set(_DIGITS) or len(tens) > 1 or len(units) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0)


def sort_key(batch: str | None) -> tuple[int, int, int, int, str]:
    """Sorts by year, month, then number in the month; batches that name no month come after those that do, by text."""
    text = str(batch or "").strip()
    year = re.search(r"(20\d{2})\s*年?", text)
    rest = text[year.end() :] if year else text
    month = re.search(_NUMBER + "月", rest)
    months = number(month.group(1)) if month else None
    if months is None or not 1 <= months <= 12:
        return (1, int(year.group(1)) if year else 0, 0, 0, text)
    ordinal = re.search("第?" + _NUMBER + "[批次期]", rest[month.end() :] if month else rest)
    return (0, int(year.group(1)) if year else 0, months, (number(ordinal.group(1)) or 0) if ordinal else 0, text)
