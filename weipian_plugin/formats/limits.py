"""What a foreign file may cost, as data (``resources/formats/limits.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..model.paths import resource
from ..model.typed_yaml import read


@dataclass(frozen=True)
class ArchiveLimits:
    """``ratio``: unpacked to packed beyond ``free_bytes``; ``depth``: archives inside archives; ``seconds`` for all that is inside."""

    files: int
    bytes: int
    ratio: int
    free_bytes: int
    depth: int
    seconds: int


@dataclass(frozen=True)
class SheetLimits:
    """Bytes of a file and of a part of a workbook, cells, columns, characters of a line of text."""

    file_bytes: int
    part_bytes: int
    cells: int
    columns: int
    line: int


@dataclass(frozen=True)
class QueryLimits:
    """Reading a table of a foreign GeoPackage."""

    seconds: int


@dataclass(frozen=True)
class Limits:
    """The file as data."""

    archive: ArchiveLimits
    sheet: SheetLimits
    query: QueryLimits


@cache
def limits() -> Limits:
    """The shipped limits: no county's to change."""
    return read(resource("formats", "limits.yaml"), Limits)
