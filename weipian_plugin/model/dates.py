"""Dates as delivered: the first and the last day a text may mean. What holds anything beside a date is no date.

In doubt against 合法: a text is read only where it says one date and nothing else; 「2022年5月1日上报，待批」, a range, a serial
number of a spreadsheet or a year of the Republic give no date, and a partial date keeps all its days.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from .cells import CHINA, local_day

#: No document, image or building of this field is dated before the People's Republic; what is, is a zero of Excel, Access or SQL Server
#: (1899-12-30, 1900-01-01) or a typing error. Also the first day of a span of which only the end is known.
EARLIEST = date(1949, 10, 1)
#: The zero of Unix clocks, and of databases filled from them.
_EPOCH = date(1970, 1, 1)

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_TIME = (
    r"(?:(?:\s*T\s*|\s+)(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*[:分]?\s*(?P<second>\d{1,2})?秒?(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{0,2})?)?"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _YEAR + r"(?P<month>\d{2})?(?P<day>\d{2})?(?:\.0+)?" + _TIME,
        _YEAR + r"\s*(?P<mark>[-/.])\s*(?P<month>\d{1,2})(?:\s*(?P=mark)\s*(?P<day>\d{1,2}))?" + _TIME,
        _YEAR + r"\s*年(?:\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号])?)?" + _TIME,
    )
)


@dataclass(frozen=True)
class DateSpan:
    """A date as precise as it was delivered: the first and the last day it may mean."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str | None) -> DateSpan | None:
        """Read ``2023``, ``202304``, ``2023-04``, ``20230415``, ``2023-04-15``, ``2023/4/15``, ``2023年4月15日``, full-width digits too.

        Spaces between the parts and a time of day are harmless; an instant with a zone is read as its day in China. Blank or
        unreadable text, and text with anything beside the date, gives None; a date is never guessed. Nor is what programs write
        where there is no date (1900-01-01 and 1970-01-01) a date: as one it would make any approval come in time.
        """
        return _parsed(str(text or ""))

    def isoformat(self) -> str:
        """ISO text of the same precision as was read; days that are neither one day nor a whole month or year as ``first/last``."""
        if self.first == self.last:
            return self.first.isoformat()
        short = (f"{self.first.year:04d}", f"{self.first.year:04d}-{self.first.month:02d}")
        return next((text for text in short if DateSpan.parse(text) == self), f"{self.first}/{self.last}")

    @classmethod
    def of_interval(cls, text: str | None) -> DateSpan | None:
        """What :meth:`isoformat` wrote of our own spans. No delivered text is read by it: there ``first/last`` is no date."""
        parts = str(text or "").split("/")
        if len(parts) != 2:
            return cls.parse(text)
        first, last = (cls.parse(part) for part in parts)
        return cls(first.first, last.last) if first and last and first.first <= last.last else None


@lru_cache(maxsize=65536)
def _parsed(text: str) -> DateSpan | None:
    span = _plain_day(text) or _any_form(text)
    return None if span is None or span.last < EARLIEST or span == DateSpan(_EPOCH, _EPOCH) else span


def _plain_day(text: str) -> DateSpan | None:
    """``20230415`` and ``2023-04-15``, as nearly all tables have them, without the forms of :data:`_FORMS`; None for any other text."""
    digits = text if len(text) == 8 else text.replace("-", "") if len(text) == 10 and text[4] == text[7] == "-" else ""
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()) or digits[:2] not in ("19", "20"):
        return None
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return DateSpan(day, day)


def _any_form(text: str) -> DateSpan | None:
    plain = unicodedata.normalize("NFKC", local_day(text)).strip()
    result = next((match for form in _FORMS for match in [form.fullmatch(plain)] if match), None)
    if result is None:
        return None
    try:
        return _span(result)
    except (ValueError, OverflowError):
        return None


def span_text(span: DateSpan | None) -> str:
    """A span for people: 2021-06-14, 2021-06, 2021, 2021-03-01 至 2021-04-15, 不晚于 2022-05-03, 日期不明."""
    if span is None:
        return "日期不明"
    if span.first == EARLIEST:
        return f"不晚于 {span.last.isoformat()}"
    return span.isoformat().replace("/", " 至 ")


def _span(found: re.Match[str]) -> DateSpan:
    year, month, day = (int(found.group(name) or 0) for name in ("year", "month", "day"))
    if found.group("hour") and not day:
        raise ValueError("a time of day without a day")
    if not found.group("month"):
        return DateSpan(date(year, 1, 1), date(year, 12, 31))
    if not found.group("day"):
        return DateSpan(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    only = _day_in_china(found, date(year, month, day))
    return DateSpan(only, only)


def _day_in_china(found: re.Match[str], day: date) -> date:
    """The day on China's clocks of an instant with a zone; without one the day as written."""
    hour, minute, second = (int(found.group(name) or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    zone = found.group("zone")
    if not zone:
        return day
    offset = timedelta()
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (-1 if zone[0] == "-" else 1)
    instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(offset))
    return instant.astimezone(CHINA).date()


#: An end that is no day: the right has no term.
_ENDLESS = re.compile(r"(?:长期|永久|无限?期限?|无固定期限|长期有效|永久有效|9999\D.*|9999|99991231)")
_COUNT = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2, "半": 0}
_TERM = re.compile(
    r"(?:自?(?:批准|备案|发证|登记|签订)?(?:之日)?起|有效期|期限|使用期限?|为|:|\s)*"
    r"(?:(?P<years>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*年)?\s*(?:零|又)?"
    r"(?:(?P<months>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个?月)?\s*(?:(?P<days>\d{1,4})\s*[天日])?\s*(?:期|内|止|有效)*"
)
_RANGE = re.compile(r"(?P<start>.+?\d[^\d]?)\s*(?:至|到|~|--|—+|–)\s*(?P<end>\S.*?)\s*(?:止|有效)?")


def is_endless(text: str) -> bool:
    """Whether an end says that there is none (长期, 9999-12-31): like a blank one, it is no end."""
    return bool(_ENDLESS.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def until_of(text: str, start: DateSpan | None) -> DateSpan | None:
    """The end of a term: a date, the end of a range, or a length (``5年``, ``24个月``) from the earliest day of ``start``.

    The day before the anniversary is the last one. None where nothing can be read; the caller treats that as doubtful.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    span = DateSpan.parse(plain.rstrip("止") if len(plain) > 4 else plain)
    if span is not None:
        return span
    ranged = _RANGE.fullmatch(plain)
    if ranged and DateSpan.parse(ranged.group("start").lstrip("自从")):
        return DateSpan.parse(ranged.group("end"))
    term = _TERM.fullmatch(plain)
    if start is None or term is None or not any(term.groupdict().values()):
        return None
    years, months, days = (_number(term.group(name)) for name in ("years", "months", "days"))
    try:
        end = _later(start.first, years * 12 + months) + timedelta(days=days - 1)
    except (ValueError, OverflowError):
        return None
    return DateSpan(end, end)


def _number(text: str | None) -> int:
    if not text:
        return 0
    if text.isdecimal():
        return int(text)
    tens, mark, ones = text.rpartition("十")
    return (_COUNT.get(tens, 1) * 10 if mark else 0) + (_COUNT.get(ones, 0))


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
