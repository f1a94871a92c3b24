"""How a field of a stored record is described: what its column is used for, beside being stored.

A record names each column once; the table of the workspace (``workspace/mapping.py``), the columns that intake fills, those a filter may
ask for and those a form may show follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from enum import Enum, Flag
from types import SimpleNamespace
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .errors import WeipianError

_USES, _FORMERLY = "uses", "formerly"
R = TypeVar("R")


class Use(Flag):
    """What a column of a parcel is used for, beside being stored."""

    STORED = 0
    DELIVERED = 1  # intake fills it; a later delivery of the same number may change it
    COMPARED = 2  # a change by a later delivery is reported
    FILTER = 4  # FILTER may ask for it
    FORM = 8  # forms may show it under its own name, as text
    ATTRIBUTE = 15  # all of these: what is said of a parcel in a word


def column(
    default: object = MISSING, uses: Use = Use.STORED, *, factory: Callable[[], Any] | None = None, formerly: str = ""
) -> Any:
    """A field that is a column. ``formerly``: the JSON column in which earlier releases kept it."""
    known = {_USES: uses, _FORMERLY: formerly}
    return field(default_factory=factory, metadata=known) if factory else field(default=default, metadata=known)


def hints_of(record: type[Any]) -> Mapping[str, tuple[Any, bool]]:
    """Per field the type of what it holds, and whether that may be absent (``Optional``)."""
    found = {}
    for name, hint in get_type_hints(record, localns={"BaseGeometry": object}).items():
        inner = get_args(hint) if get_origin(hint) is Union else ()
        kept = [one for one in inner if one is not type(None)]
        found[name] = (kept[0], len(kept) < len(inner)) if inner else (hint, False)
    return found


def is_word(held: object) -> bool:
    """Whether a field of this type holds a word of a closed list."""
    return isinstance(held, type) and issubclass(held, Enum)


def word_of(words: type[Enum], value: object, column: str) -> Any:
    """A word of a closed list as a column keeps it. Raises ``workspace.word_unknown`` for one that the list does not have."""
    try:
        return words(value)
    except ValueError:
        known = "、".join(str(word.value) for word in words)
        raise WeipianError("workspace.word_unknown", column=column, word=str(value), known=known) from None


def names_for(record: type[Any], use: Use) -> tuple[str, ...]:
    """The columns of a record that have every use in ``use``, in their order."""
    return tuple(entry.name for entry in fields(record) if use in entry.metadata.get(_USES, Use.STORED))


def formerly_in(record: type[Any]) -> dict[str, str]:
    """Columns that earlier releases kept in a JSON column, and in which one."""
    kept = {entry.name: str(entry.metadata.get(_FORMERLY, "")) for entry in fields(record)}
    return {name: place for name, place in kept.items() if place}


class _Names(SimpleNamespace):
    """Names of columns; they cannot be changed."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


def names_of(record: type[R]) -> R:
    """The columns of a table of records, by the record's own fields: ``names_of(Photo).lon`` is ``"lon"``.

    To mypy it is the record itself, so that a misspelt column is an error there, as it is an AttributeError when it runs. For bulk work,
    where a table is not turned into records.
    """
    return cast(R, _Names(**{entry.name: entry.name for entry in fields(cast(Any, record))}))
