"""How much room text takes in a spreadsheet: programs do not fit the rows of a file that was never edited in them."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[\x21-\x7e]+|[^\x21-\x7e]")


def columns(text: str) -> int:
    """Columns a line takes: full-width characters count two, those that a Chinese font makes full-width, too."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def lines(text: str, room: float) -> int:
    """Lines a text takes in a cell of ``room`` columns that wraps: numbers and Latin words are not broken, Chinese is anywhere."""
    if 2 * len(text) <= room and "\n" not in text:
        return 1  # most cells, and tables have many
    return sum(_wrapped(line, max(room, 1.0)) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    count, used = 1, 0.0
    for word in _WORD.findall(line):
        wide = columns(word)
        if used and used + wide > room:
            count, used = count + 1, 0.0
        if wide > room:  # a word longer than the line is broken after all
            count, used = count + int(wide // room), wide % room
        else:
            used += wide
    return count
