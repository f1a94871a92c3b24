"""Column names as people write them, made comparable: full-width letters and brackets, spaces, case, units, cut tails."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

#: Units met in column names; the value is the code of ``delivered_unit``.
UNITS = {"亩": "mu", "平方米": "m2", "㎡": "m2", "m2": "m2", "公顷": "ha", "ha": "ha", "hm2": "ha"}
_UNIT = re.compile(r"[（(\[【]?(亩|平方米|㎡|m2|m²|公顷|hm2|hm²|ha)[)）\]】]?$")
_DBF_NAME_BYTES = 10
_CHARACTERS_OF_UTF8 = 3


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without what never carries meaning: width of letters and brackets, spaces, case, BOM, trailing NULs."""
    text = unicodedata.normalize("NFKC", name)
    return re.sub(r"[\s_\-\x00-\x1f\u200b-\u200f\ufeff]+", "", text).lower()


@lru_cache(maxsize=4096)
def without_unit(name: str) -> tuple[str, str | None]:
    """The plain name without a unit in brackets at its end, and the unit's code."""
    text = plain(name)
    match = _UNIT.search(text)
    if not match or match.start() == 0:
        return text, None
    return text[: match.start()], UNITS[match.group(1).replace("²", "2")]


def best_column(aliases: Sequence[str], columns: Iterable[str]) -> str | None:
    """The first alias that matches a column: whole names first, then names with a unit in brackets, then cut ones."""
    listed = list(columns)
    whole: dict[str, str] = {}
    bare: dict[str, str] = {}
    for column in listed:
        whole.setdefault(plain(column), column)
        bare.setdefault(without_unit(column)[0], column)
    for alias in aliases:
        if plain(alias) in whole:
            return whole[plain(alias)]
    for alias in aliases:
        result = bare.get(plain(alias)) or whole.get(without_unit(alias)[0])
        if result is not None:
            return result
    cut = [column for column in listed if _may_be_cut(column)]
    for alias in aliases:
        for column in cut:
            stem = plain(column).rstrip("\ufffd")
            if stem and plain(alias) != stem and plain(alias).startswith(stem):
                return column
    return None


@lru_cache(maxsize=4096)
def _may_be_cut(column: str) -> bool:
    """Whether a name may have lost its tail: five Chinese characters of GBK or three of UTF-8 fill the ten bytes of a DBF name."""
    name = plain(column)
    stem = name.rstrip("\ufffd")
    if stem.isascii():
        return False
    widths = {len(stem.encode("gb18030")), len(stem.encode("utf-8"))}
    full = any(_DBF_NAME_BYTES - 1 <= width <= _DBF_NAME_BYTES for width in widths)
    return full or (name.endswith("\ufffd") and len(stem) >= _CHARACTERS_OF_UTF8 - 1)
