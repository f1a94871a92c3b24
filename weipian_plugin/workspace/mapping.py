"""Records to rows and back: the columns of a table are the fields of its record, and what a field holds says how it is stored.

Text, words of closed lists: ``text``. Whole numbers and yes or no: ``integer``. Numbers: ``real``. Everything else (mappings, tuples): ``json``.
A blank text is "" and NULL is read as "" where the field is plain text; fields that may be absent are ``Optional`` and keep None.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args, get_origin

from ..model.columns import formerly_in, hints_of, is_word, word_of
from ..model.values import is_blank, is_missing

Row = Mapping[str, Any]
R = TypeVar("R")

GEOMETRY = "geometry"


@dataclass(frozen=True)
class Column:
    """A column of a table; ``kind`` as SQLite's types, and ``json`` for text that holds JSON."""

    name: str
    kind: str = "text"


@dataclass(frozen=True)
class _Stored:
    """How one field is stored. ``read`` and ``write`` are given values that are there."""

    name: str
    kind: str
    blank: Callable[[], Any]  # what NULL is read as
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    formerly: str  # the JSON column in which earlier releases kept it


def columns_of(record: type[Any]) -> tuple[Column, ...]:
    """The columns of a record's table, in the order of its fields; the geometry apart, for which a GeoPackage has a way of its own."""
    return tuple(Column(entry.name, entry.kind) for entry in _stored(record) if entry.name != GEOMETRY)


def record_of(record: type[R], row: Row) -> R:
    """A record from a row as a workspace or a snapshot gives it. A column that the row lacks is read as NULL is.

    Raises ``workspace.word_unknown`` for a word that its closed list does not have.
    """
    return record(**{entry.name: _value(entry, row) for entry in _stored(record)})


def records_of(record: type[R], rows: Iterable[Row]) -> list[R]:
    """:func:`record_of` for many rows."""
    return [record_of(record, row) for row in rows]


def row_of(record: object) -> dict[str, Any]:
    """A record as a row of its table: words as text, yes or no as 1 or 0, messages as JSON keeps them, geometry as it is."""
    values = ((entry, getattr(record, entry.name)) for entry in _stored(type(record)))
    return {
        entry.name: None if value is None else entry.write(value)
        for entry, value in values
        if entry.name != GEOMETRY or value is not None
    }


def _value(entry: _Stored, row: Row) -> Any:
    value = row.get(entry.name)
    if entry.formerly and is_missing(value):
        kept = row.get(entry.formerly)
        value = kept.get(entry.name) if isinstance(kept, Mapping) else None
    return entry.blank() if is_missing(value) else entry.read(value)


def _stored(record: type[Any]) -> tuple[_Stored, ...]:
    return _fields(cast(Hashable, record))  # mypy does not know that a class is hashable


@lru_cache(maxsize=64)
def _fields(record: Any) -> tuple[_Stored, ...]:
    hints, formerly = hints_of(record), formerly_in(record)
    return tuple(_field(entry, hints[entry.name], formerly.get(entry.name, "")) for entry in fields(record))


def _field(entry: Field[Any], hint: tuple[Any, bool], formerly: str) -> _Stored:
    kept, optional = hint
    blank = _blank(entry, optional)
    if entry.name == GEOMETRY:
        return _Stored(entry.name, "", blank, _same, _same, formerly)
    if is_word(kept):
        return _Stored(entry.name, "text", blank, lambda value: _word(kept, value, entry.name, blank), str, formerly)
    if kept in _PLAIN:
        kind, read, write = _PLAIN[kept]
        return _Stored(entry.name, kind, blank, read, write, formerly)
    read, write = _json(kept)
    return _Stored(entry.name, "json", blank, read, write, formerly)


def _blank(entry: Field[Any], optional: bool) -> Callable[[], Any]:
    if optional:
        return lambda: None
    if entry.default_factory is not MISSING:
        return entry.default_factory
    default = "" if entry.default is MISSING else entry.default
    return lambda: default


def _word(words: type[Enum], value: object, column: str, blank: Callable[[], object]) -> Any:
    return blank() if is_blank(value) else word_of(words, value, column)


def _json(hint: object) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """JSON: a tuple of messages and the like by their own ``as_record`` and ``of_record``, everything else as it is."""
    if get_origin(hint) is not tuple:
        return _same, dict
    item = get_args(hint)[0]
    if hasattr(item, "of_record"):
        return (
            lambda values: tuple(item.of_record(value) for value in values),
            lambda values: [value.as_record() for value in values],
        )
    return tuple, list


def _same(value: object) -> Any:
    return value


#: How plain Python types are stored: kind of column, from the row, to the row.
_PLAIN: Mapping[Any, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    str: ("text", str, str),
    bool: ("integer", bool, int),
    int: ("integer", int, int),
    float: ("real", float, float),
}
