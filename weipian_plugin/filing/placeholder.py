"""``{{field}}`` in a template: found in the text of a cell, checked against the known fields, filled with values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Optional, Union

from ..model.errors import WeipianError
from ..office.text import cell_text

Value = Union[str, int, Decimal, None]
Record = Mapping[str, Value]

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class KnownFields:
    """What a template may ask for: names (English and Chinese) of single fields, and of tables with their columns.

    ``names`` maps every spelling to the one used in the values; ``tables`` maps a table's name to such a mapping.
    """

    names: Mapping[str, str]
    table_names: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def resolve(self, expression: str) -> Optional[tuple[str, str]]:
        """``(table or "", field)`` of an expression like ``number`` or ``photos.azimuth``; None when unknown."""
        head, dot, tail = expression.partition(".")
        if not dot:
            return ("", self.names[head]) if head in self.names else None
        table = self.table_names.get(head.strip())
        column = self.columns.get(table or "", {}).get(tail.strip())
        return (table, column) if table and column else None


@dataclass(frozen=True)
class Values:
    """The values of one parcel: single fields, and tables as lists of records."""

    fields: Record
    tables: Mapping[str, list[dict[str, Value]]]


@dataclass(frozen=True)
class CellText:
    """A cell's text cut at its placeholders: literal text and (table, field) pairs in turn."""

    pieces: tuple[Union[str, tuple[str, str]], ...]

    @property
    def table(self) -> str:
        """The table the cell repeats over, or ""."""
        return next((piece[0] for piece in self.pieces if not isinstance(piece, str) and piece[0]), "")

    def fill(self, fields: Record, record: Optional[Record]) -> Value:
        """A cell of one placeholder takes the value as it is (numbers stay numbers); mixed text is joined."""

        def value(piece: tuple[str, str]) -> Value:
            if not piece[0]:
                return fields[piece[1]]
            return record[piece[1]] if record is not None else None

        if len(self.pieces) == 1 and not isinstance(self.pieces[0], str):
            return value(self.pieces[0])
        return "".join(piece if isinstance(piece, str) else shown(value(piece)) for piece in self.pieces)


def shown(value: Value) -> str:
    """A value inside a text."""
    return "" if value is None else cell_text(value)


def parse(text: str, known: KnownFields, template: str, place: str) -> Optional[CellText]:
    """The placeholders of a cell; None when it has none.

    Raises ``filing.template_field_unknown`` or ``filing.template_braces`` with template and cell.
    Raises ``filing.template_two_tables``.
    """
    pieces: list[Union[str, tuple[str, str]]] = []
    position = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > position:
            pieces.append(text[position : match.start()])
        result = known.resolve(match[1])
        if result is None:
            raise WeipianError("filing.template_field_unknown", template=template, cell=place, field=match[1])
        pieces.append(result)
        position = match.end()
    rest = text[position:]
    if rest:
        pieces.append(rest)
    if any(isinstance(piece, str) and ("{{" in piece or "}}" in piece) for piece in pieces):
        raise WeipianError("filing.template_braces", template=template, cell=place, text=text[:60])
    if not position:
        return None
    cell = CellText(tuple(pieces))
    tables = {piece[0] for piece in pieces if not isinstance(piece, str) and piece[0]}
    if len(tables) > 1:
        raise WeipianError(
            "filing.template_two_tables", template=template, cell=place, tables="、".join(sorted(tables))
        )
    return cell
