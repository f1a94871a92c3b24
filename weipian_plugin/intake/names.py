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
    found = _UNIT.search(text)
    if not found or found.start() == 0:
        return text, None
    return text[: found.start()], UNITS[found.group(1).replace("²", "2")]


def is_same(alias: str, column: str) -> bool:
    """Whether a column is the alias, possibly with a unit in brackets or with its tail cut by the ten bytes of a DBF name."""
    wanted, name = plain(alias), plain(column)
    if wanted == name or wanted == without_unit(column)[0] or without_unit(alias)[0] == name:
        return True
    return _is_cut(wanted, name)


def _is_cut(alias: str, name: str) -> bool:
    damaged = name.endswith("\ufffd")
    stem = name.rstrip("\ufffd")
    if not stem or not alias.startswith(stem) or stem == alias:
        return False
    # Five Chinese characters of GBK or three of UTF-8 fill a name; shorter ones are simply other names.
    widths = {len(stem.encode("gb18030")), len(stem.encode("utf-8"))}
    full = any(_DBF_NAME_BYTES - 1 <= width <= _DBF_NAME_BYTES for width in widths)
    return not stem.isascii() and (full or (damaged and len(stem) >= _CHARACTERS_OF_UTF8 - 1))


def best_column(aliases: Sequence[str], columns: Iterable[str]) -> str | None:
    """The first alias that matches a column; whole names go before cut ones."""
    listed = list(columns)
    by_plain: dict[str, str] = {}
    for column in listed:
        by_plain.setdefault(plain(column), column)
    for alias in aliases:
        if plain(alias) in by_plain:
            return by_plain[plain(alias)]
    for alias in aliases:
        for column in listed:
            if is_same(alias, column):
                return column
    return None
