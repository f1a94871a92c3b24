"""What leaves an office in a text for support: nothing that names a parcel, a place, a person, a folder or a login."""

from __future__ import annotations

import re

from .secrets import masked

PATH, NUMBER, PLACE, POSITION = "‹路径›", "‹编号›", "‹地名›", "‹坐标›"

#: Paths of Windows, of shares and of other systems, up to the next mark that a sentence has behind them.
_IN_NAME = r"[^\s，。；：、「」（）()'\"<>|]"
_WITH_SPACE = r"(?: [^\s，。；：、「」（）()'\"<>|/\\]+(?=[/\\]))"  # a folder of two words
_PATHS = re.compile(rf"(?:[A-Za-z]:[\\/]|\\\\|(?<![\w.:/])/){_IN_NAME}+{_WITH_SPACE}*{_IN_NAME}*")
_FILES = re.compile(
    r"[^\s，。；：、「」（）()'\"<>|/\\]+\.(?:gpkg|shp|zip|gdb|xlsx?|docx?|csv|pdf|jpe?g|png|tiff?|heic|yaml|yml|txt|json|html)\b",
    re.IGNORECASE,
)
#: Parcel numbers, identity and telephone numbers: a code of a county with letters, or eight digits and more.
_NUMBERS = re.compile(r"(?<![\w.])(?:\d{6}[A-Za-z]{1,8}\d{4,}\w*|\d{8,}[\dXx]?(?:_\d+)?)(?![\w.])")
_POSITIONS = re.compile(r"(?<![\w.])\d{2,3}\.\d{4,}(?![\w.])")
_PLACES = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:省|自治区|市|县|镇|乡|街道|社区)|[\u4e00-\u9fff]{1,6}?(?:区|村|组)(?![\u4e00-\u9fff])"
)


def redacted(text: str, *names: str) -> str:
    """The text without logins, paths, numbers, positions and places, and without the given ``names`` of people. In doubt too much is taken."""
    result = masked(text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        result = result.replace(name, "‹姓名›")
    for pattern, mark in ((_PATHS, PATH), (_FILES, PATH), (_NUMBERS, NUMBER), (_POSITIONS, POSITION), (_PLACES, PLACE)):
        result = pattern.sub(mark, result)
    return result
