"""What a workspace stores: tables and columns as data. A table with a record in ``model/`` has the columns of that record.

A workspace is an ordinary GeoPackage 1.2 (OGC 12-128r14): tables with geometry are ``features``, the others ``attributes``.
Column kinds: ``text integer real blob`` as SQLite's; ``json`` is text that holds JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import patrol, records, registers
from ..model.values import is_blank
from .mapping import Column as Column
from .mapping import columns_of

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Table:
    """``key`` names the columns that identify a row for people and the journal; ``geometry`` the GeoPackage geometry type.

    ``sequence`` names a column that the store numbers on from row to row: the order in which it took them, given once.
    ``record``: the class of ``model/`` whose fields the columns are.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    geometry: str | None = None
    unique: bool = True
    sequence: str | None = None
    record: type[Any] | None = None

    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}

    def stored(self) -> list[str]:
        """The columns of a row in the order of the schema, then its shape; ``fid`` stands before them."""
        return [column.name for column in self.columns] + (["geom"] if self.geometry else [])

    def key_text(self, row: Mapping[Any, Any]) -> str:
        """How the journal names a row: the values of the key columns with ``/`` between them, blank ones left out."""
        return "/".join(str(row[name]) for name in self.key if not is_blank(row.get(name)))


def _of_records(name: str, title: str, key: str, record: type[object], **more: Any) -> Table:
    """The table of a record: its columns are the record's fields."""
    return Table(name, title, tuple(key.split()), columns_of(record), record=record, **more)


TABLES: tuple[Table, ...] = (
    _of_records("batch", "批次", "name", records.Batch),
    _of_records("parcel", "图斑", "number", records.Parcel, geometry="MULTIPOLYGON"),
    _of_records(
        "coverage", "套合结果", "parcel part role group timing", records.Coverage, geometry="MULTIPOLYGON", unique=False
    ),
    _of_records("measure", "量算指标", "parcel part measure", records.Measure),
    _of_records("region", "未批与已批范围", "parcel part region", records.Region, geometry="MULTIPOLYGON"),
    _of_records("part", "拟拆分地块", "parcel part", records.Part, geometry="MULTIPOLYGON"),
    _of_records("proposal", "判定建议", "parcel part", records.StoredProposal),
    _of_records("decision", "人工判定", "id", records.Decision, sequence="sequence"),
    _of_records("draft", "草稿", "person parcel part", records.Draft),
    _of_records("photo", "照片", "file", records.Photo, geometry="POINT"),
    _of_records("photo_parcel", "照片挂接", "photo parcel", records.PhotoLink),
    _of_records("document", "证明材料", "id", records.Document),
    _of_records("rectification", "整改", "parcel part", records.Rectification),
    _of_records("enforcement_case", "查处案件", "id", registers.StoredCase),
    _of_records("problem", "问题图斑", "id", registers.Problem),
    _of_records("patrol", "巡查记录", "id", patrol.PatrolRecord),
    _of_records("package", "卷宗", "parcel", records.Package),
    _of_records("change_hint", "影像变化提示", "parcel", registers.ChangeHint),
    _of_records("first_seen", "影像首见", "id", records.FirstSeen),
    _of_records("field_result", "外业填写", "parcel name", registers.FieldResult, unique=False),
    _of_records("refusal", "未接收", "source feature code", registers.StoredRejection, unique=False),
    _of_records("layer", "套合图层", "role source", registers.MeasuredLayer),
    _of_records("journal", "操作记录", "id", registers.JournalRow),
    _of_records("setting", "设置", "name", registers.Setting),
)


def quoted(name: str) -> str:
    """An SQL identifier; names come from the schema or a GeoPackage's own catalogue, quotes inside are doubled."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text inside a statement that takes no bound values."""
    return "'" + value.replace("'", "''") + "'"


def table(name: str) -> Table:
    """The table called ``name``."""
    return {entry.name: entry for entry in TABLES}[name]


def table_of(record: type[Any]) -> Table:
    """The table that keeps a record."""
    return next(entry for entry in TABLES if entry.record is record)
