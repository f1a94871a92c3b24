"""Land class codes (地类编码) and the groups they belong to, from a dated table a county may edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.typed_yaml import read
from ..model.yaml_files import YamlError

FARMLAND, AGRICULTURAL, CONSTRUCTION, UNUSED, UNKNOWN = "farmland", "agricultural", "construction", "unused", "unknown"
GROUPS = (FARMLAND, AGRICULTURAL, CONSTRUCTION, UNUSED, UNKNOWN)
#: The measures that divide a parcel or part without overlap or remainder, by the group of classes each is made of (unknown classes are
#: among what is not surveyed); figures are rounded in this order.
DIVIDING: Mapping[str, str] = {
    FARMLAND: "farmland",
    AGRICULTURAL: "other_agricultural",
    CONSTRUCTION: "construction",
    UNUSED: "unused",
    UNKNOWN: "unsurveyed",
}


@dataclass(frozen=True)
class ClassTable:
    """Group of each code: 耕地, other 农用地, 建设用地, 未利用地. ``ridge``: the class a deducted 田坎 is counted as."""

    groups: Mapping[str, str]
    ridge: str
    valid_from: date
    disputed: tuple[str, ...]

    def group(self, code: str) -> str:
        """``farmland``, ``agricultural`` (not farmland), ``construction``, ``unused`` or ``unknown``."""
        code = code.strip().upper()
        for form in (code, code.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), code[:4], code[:2]):
            found = self.groups.get(form)
            if found and (len(form) > 2 or len(code) <= 2 or form not in _AMBIGUOUS):
                return found
        return UNKNOWN


#: First-level codes whose classes belong to different groups: never decided by the first two digits.
_AMBIGUOUS = frozenset({"04", "10", "11", "12"})


def load_classes(path: Optional[Path] = None, on: Optional[date] = None) -> ClassTable:
    """The class table in force on a day (the newest by default).

    :raises WeipianError: ``overlay.class_table_invalid``.
    """
    file = path or resource("land_classes.yaml")
    try:
        tables = sorted(read(file, _ClassFile).tables, key=lambda table: table.valid_from)
        if not tables:
            raise YamlError("model.yaml_missing", line=1, key="tables")
        ruling = [table for table in tables if on is None or table.valid_from <= on] or tables[:1]
        return _table(ruling[-1])
    except (OSError, YamlError) as error:
        raise WeipianError("overlay.class_table_invalid", path=str(file), problem=error) from error


@dataclass(frozen=True)
class _Disputed:
    code: str
    taken: str


@dataclass(frozen=True)
class _Classes:
    valid_from: date
    farmland: tuple[Any, ...]
    agricultural: tuple[Any, ...]
    construction: tuple[Any, ...]
    unused: tuple[Any, ...]
    ridge: str
    disputed: tuple[_Disputed, ...] = ()


@dataclass(frozen=True)
class _ClassFile:
    tables: tuple[_Classes, ...]


def _table(data: _Classes) -> ClassTable:
    """Raises :class:`YamlError` where the groups contradict each other."""
    groups: dict[str, str] = {}
    for name, codes in ((AGRICULTURAL, data.agricultural), (CONSTRUCTION, data.construction), (UNUSED, data.unused)):
        for code in codes:
            if not isinstance(code, str):
                raise YamlError("overlay.class_unquoted", group=name, value=code)
            if code in groups:
                raise YamlError("overlay.class_twice", value=code, first=groups[code], second=name)
            groups[code] = name
    for code in data.farmland:
        if groups.get(code) != AGRICULTURAL:
            raise YamlError("overlay.class_not_agricultural", value=code)
        groups[code] = FARMLAND
    for entry in data.disputed:
        if groups.get(entry.code) not in (entry.taken, FARMLAND):
            raise YamlError(
                "overlay.class_disputed", value=entry.code, taken=entry.taken, group=groups.get(entry.code, "—")
            )
    return ClassTable(groups, data.ridge, data.valid_from, tuple(entry.code for entry in data.disputed))
