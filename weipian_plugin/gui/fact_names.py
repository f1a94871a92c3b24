"""Names of facts in conditions (什么会改变结论) for readers of other languages: a layer, what is asked of it, and since when it holds.

Conditions are composed of these pieces in Chinese (see :mod:`..judgment.vocabulary`); so are their translations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..judgment.vocabulary import titles
from ..model.vocabulary import role_title, roles
from ..toolbelt.language import tr

#: What joins the titles of facts, layers and measures, and how values are written.
_JOINING = (
    "（前时相前）", "（两时相间）", "（后时相后）", "（已过期）", "（日期不明）", "（已失效）", "（按时）", "以外面积", "占比", "批文", "整图斑",
    "填报", "无地类", "不占用", "是", "否",
)  # fmt: skip


def fact_name(text: str) -> str:
    """A run of Chinese out of a condition in the reader's language; as it is where a part of it has no name."""
    known = _names()
    match = _pattern().fullmatch(text)
    if match is None:
        return text
    words = [known[piece] for piece in _piece().findall(text)]
    return " ".join(words)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    layers = {role_title(role): role_title(role, "en") for role in roles()}
    return {**{piece: tr(piece) for piece in (*titles(), *_JOINING)}, **layers}


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_names(), key=len, reverse=True))))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{_piece().pattern})+")
