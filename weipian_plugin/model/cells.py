"""What a cell of a foreign table says to a person: seen through the ways in which programs write texts, codes, dates and numbers.

ArcGIS keeps codes as doubles (``1.01000000000e+002``), spreadsheets protect them (``="0101"``, ``'0101``) or round them (5.00118E+18),
web services give instants of UTC for a day in China, input methods full-width figures, copies from web pages zero-width characters.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from .values import is_missing

#: The local time of every day in this field.
CHINA = timezone(timedelta(hours=8))
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")
#: Without any of these a text is clean as it is: white space, invisible characters, quotes, signs of spreadsheets, points and exponents.
_ODD = re.compile("[\\s=\"'＇*.eE\u00a0" + _INVISIBLE.pattern[1:])
_PROTECTED = re.compile(r'=\s*"((?:[^"]|"")*)"')
_WHOLE = re.compile(r"[+-]?\d{2,}\.0+|[+-]?\d(?:\.\d*)?[eE][+-]?\d{1,3}|[+-]?\d+\.0{3,}")
_INSTANT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)",
    re.IGNORECASE,
)
#: Milliseconds of Unix time from 1980 to 2100, as services give dates.
_MILLISECONDS = (315_532_800_000, 4_102_444_800_000)
#: A spreadsheet keeps fifteen figures of a number.
_FIGURES = 10**15


def cell_text(value: object) -> str:
    """The text of a cell, "" for nothing: whole numbers without point and exponent, an instant with a zone as its time in China."""
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return str(value)
    if hasattr(value, "item") and not isinstance(value, (str, bytes)) and not hasattr(value, "isoformat"):
        value = value.item()
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            return ""
        if value.is_integer():
            return str(int(value)) if abs(value) < _FIGURES else f"{value:.14E}"
        return repr(value)
    if isinstance(value, datetime):
        return _time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return clean_text(str(value))


def _time_text(value: datetime) -> str:
    local = value.astimezone(CHINA).replace(tzinfo=None) if value.tzinfo is not None else value
    midnight = not (local.hour or local.minute or local.second)
    return local.date().isoformat() if midnight else local.replace(microsecond=0).isoformat()


@lru_cache(maxsize=8192)
def clean_text(text: str) -> str:
    """A text without what a person does not see in it: protection of spreadsheets, invisible characters, overflow signs (``***``),
    the decimals and exponents of whole numbers."""
    return _cleaned(text) if _ODD.search(text) else text


def _cleaned(text: str) -> str:
    text = _INVISIBLE.sub("", text).replace("\u00a0", " ").strip()
    protected = _PROTECTED.fullmatch(text)
    if protected:
        text = protected.group(1).replace('""', '"').strip()
    elif len(text) > 1 and text[0] in "'＇" and not any(mark in text[1:] for mark in "'＇"):
        text = text[1:].strip()
    if text and not text.strip("*"):
        return ""
    return whole_text(text)


def whole_text(text: str) -> str:
    """``1.01000000000e+002`` and ``500118.0`` as ``101`` and ``500118``; anything else, and what is too long to be exact, as it is."""
    if not _WHOLE.fullmatch(text):
        return text
    if "e" not in text.lower():
        return text.partition(".")[0]  # a code keeps its zeros in front
    number = Decimal(text)
    if abs(number) >= _FIGURES or number != number.to_integral_value():
        return text
    return str(int(number))


def code_text(text: str) -> str:
    """A number or code of a cell: full-width figures and letters as half-width ones, without white space."""
    return "".join(unicodedata.normalize("NFKC", clean_text(text)).split())


def number_text(text: str) -> str:
    """A figure of a cell for parsing: half-width, without white space and separators of thousands."""
    figure = code_text(text)
    return figure.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", figure) else figure


def is_rounded(text: str) -> bool:
    """Whether a code is a number that a spreadsheet has rounded to fifteen figures: the rest of it is lost."""
    match = re.fullmatch(r"\d(?:\.\d+)?[eE]\+?(\d{2,3})", text)
    return bool(match) and int(match.group(1)) >= 15 if match else False


def local_day(text: str) -> str:
    """A date text whose instant has a zone, or that counts milliseconds, as the ISO day in China; any other text as it is."""
    text = unicodedata.normalize("NFKC", clean_text(text))
    if re.fullmatch(r"\d{12,13}", text) and _MILLISECONDS[0] <= int(text) <= _MILLISECONDS[1]:
        return (
            (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=int(text)))
            .astimezone(CHINA)
            .date()
            .isoformat()
        )
    match = _INSTANT.fullmatch(text)
    if not match:
        return text
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        instant = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc) - _offset(match.group(7))
    except (ValueError, OverflowError):
        return text
    return instant.astimezone(CHINA).date().isoformat()


def is_null_date(text: str) -> bool:
    """Whether a date text is what programs write where there is no date: zeros, or the zero of their calendar."""
    day = local_day(text)
    return not re.search("[1-9]", day) or day[:10] in ("1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01")


def _offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "UTC"):
        return timedelta()
    figures = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(figures[:2]), minutes=int(figures[2:4]))
    return -size if zone[0] == "-" else size
