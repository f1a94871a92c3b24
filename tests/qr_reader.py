"""A reader of QR codes as a phone has one, for clean pictures: from an SVG path to the text in it (ISO/IEC 18004; versions 1-4, bytes)."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Level as the format says it -> by version: data code words, and blocks they are spread over (table 9 of the standard).
_DATA = {
    0b01: ((19, 1), (34, 1), (55, 1), (80, 1)),  # L
    0b00: ((16, 1), (28, 1), (44, 1), (64, 2)),  # M
    0b11: ((13, 1), (22, 1), (34, 2), (48, 2)),  # Q
    0b10: ((9, 1), (16, 1), (26, 2), (36, 4)),  # H
}
_MASKS = (
    lambda row, column: (row + column) % 2,
    lambda row, column: row % 2,
    lambda row, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
)
_FORMAT_MASK = 0x5412


def text_of(svg: str) -> str:
    """The text of a QR code drawn as one SVG path of horizontal strokes."""
    dark = _modules(svg)
    left, top = min(column for _, column in dark), min(row for row, _ in dark)
    dark = {(row - top, column - left) for row, column in dark}
    size = max(column for _, column in dark) + 1
    level, mask = _format(dark)
    bits = [((row, column) in dark) ^ (_MASKS[mask](row, column) == 0) for row, column in _path(size)]
    words = [int("".join(map(str, map(int, bits[at : at + 8]))), 2) for at in range(0, len(bits) - 7, 8)]
    count, blocks = _DATA[level][(size - 17) // 4 - 1]
    data = [word for block in range(blocks) for word in words[block:count:blocks]]
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "no bytes"
    length = int(stream[4:12], 2)
    return bytes(int(stream[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode("utf-8")


def _modules(svg: str) -> set[tuple[int, int]]:
    """The dark modules, (row, column), as the strokes draw them."""
    found, x, y = set(), 0.0, 0.0
    path = re.search(r'\bd="([^"]+)"', svg)
    assert path, "no path"
    for command, values in re.findall(r"([Mmh])([-0-9. ]+)", path[1]):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?|-?\.\d+", values)]
        if command == "h":
            found |= {(int(y), int(x) + step) for step in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
    return found


def _format(dark: set[tuple[int, int]]) -> tuple[int, int]:
    """Level and number of the mask, from the first copy of the format."""
    places = [*((8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)), *((row, 8) for row in (7, 5, 4, 3, 2, 1, 0))]
    bits = int("".join("1" if place in dark else "0" for place in places), 2) ^ _FORMAT_MASK
    return bits >> 13, bits >> 10 & 0b111


def _path(size: int) -> Iterator[tuple[int, int]]:
    """The modules of the data in their order: pairs of columns from the right, up and down in turn."""
    rows, right = range(size), size - 1
    upwards = True
    while right > 0:
        right -= right == 6  # the timing pattern
        for row in reversed(rows) if upwards else rows:
            for column in (right, right - 1):
                if not _is_function(row, column, size):
                    yield row, column
        right, upwards = right - 2, not upwards


def _is_function(row: int, column: int, size: int) -> bool:
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    aligned = size > 21 and abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return corner or aligned or 6 in (row, column)
