"""Every row of a workspace from one database into another, empty one: numbers of rows, states and the journal as they are."""

from __future__ import annotations

from .backend import Connection
from .schema import TABLES, Table, quoted


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy all tables of the schema; ``source`` is read as its caller has arranged (one moment), ``target`` is in a transaction."""
    target.execute("DELETE FROM setting")
    for table in TABLES:
        names = columns_of(table)
        columns, marks = ", ".join(quoted(name) for name in names), ", ".join("?" for _ in names)
        place = quoted(table.name)
        rows = source.execute(" ".join(["SELECT", columns, "FROM", place, "ORDER BY fid"]))
        target.executemany(" ".join(["INSERT INTO", place, "(", columns, ") VALUES (", marks, ")"]), rows)


def columns_of(table: Table) -> list[str]:
    """What a row of a table holds: its number, the columns of the schema, the shape."""
    return ["fid", *table.stored()]


def difference(first: Connection, second: Connection) -> str:
    """The title of the first table whose rows are not the same in both, row by row; blank where all are."""
    for table in TABLES:
        columns = ", ".join(quoted(name) for name in columns_of(table))
        statement = " ".join(["SELECT", columns, "FROM", quoted(table.name), "ORDER BY fid"])
        rows, others = (list(map(tuple, connection.execute(statement))) for connection in (first, second))
        if rows != others:
            return table.title
    return ""
