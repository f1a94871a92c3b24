"""What a workspace stores: tables and columns as data, and the steps from one schema version to the next.

A workspace is an ordinary GeoPackage 1.2 (OGC 12-128r14): tables with geometry are ``features``, the others ``attributes``.
Column kinds: ``text integer real blob`` as SQLite's; ``json`` is text that holds JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model.values import is_blank

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Column:
    name: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """``key`` names the columns that identify a row for people and the journal; ``geometry`` the GeoPackage geometry type.

    ``sequence`` names a column that the store numbers on from row to row: the order in which it took them, given once.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    geometry: str | None = None
    unique: bool = True
    sequence: str | None = None

    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}

    def key_text(self, row: Mapping[Any, Any]) -> str:
        """How the journal names a row: the values of the key columns with ``/`` between them, blank ones left out."""
        return "/".join(str(row[name]) for name in self.key if not is_blank(row.get(name)))


def _columns(text: str) -> tuple[Column, ...]:
    """Columns written as ``name`` (text) or ``name:kind``, separated by white space."""
    return tuple(Column(*word.split(":")) for word in text.split())


TABLES: tuple[Table, ...] = (
    Table(
        "batch",
        "批次",
        ("name",),
        _columns(
            "name kind source sha256 encoding crs unit family received_at accepted:integer refused:integer report:json"
        ),
    ),
    Table(
        "parcel",
        "图斑",
        ("number",),
        _columns(
            "number batch kind parent county_code county township village level type earlier_image later_image issued due "
            "area_m2:real area_mu:real projected_area_m2:real zone:integer delivered_area:real delivered_unit "
            "state split_state review_stage flags:json claims:json delivered:json repair:json "
            "source feature version:integer updated_at geometry_digest"
        ),
        geometry="MULTIPOLYGON",
    ),
    Table(
        "coverage",
        "套合结果",
        ("parcel", "part", "role", "group", "timing"),
        _columns(
            "parcel part role group area_m2:real area_mu:real share:real projected_m2:real timing document "
            "date until authority project use unit kind status doubt fingerprint"
        ),
        geometry="MULTIPOLYGON",
        unique=False,
    ),
    Table("measure", "量算指标", ("parcel", "part", "measure"), _columns("parcel part measure value unit fingerprint")),
    Table(
        "region",
        "未批与已批范围",
        ("parcel", "part", "region"),
        _columns("parcel part region area_m2:real"),
        geometry="MULTIPOLYGON",
    ),
    Table(
        "part",
        "拟拆分地块",
        ("parcel", "part"),
        _columns("parcel part basis group area_m2:real sliver:integer"),
        geometry="MULTIPOLYGON",
    ),
    Table(
        "proposal",
        "判定建议",
        ("parcel", "part"),
        _columns(
            "parcel part category subtype rule profile profile_sha256 area_m2:real area_mu:real confidence verdict "
            "reasons:json missing:json would_change:json facts:json digest made_at fingerprint"
        ),
    ),
    Table(
        "decision",
        "人工判定",
        ("id",),
        _columns(
            "id sequence:integer parcel part action state category subtype basis reason remark person role decided_at status "
            "accepted:integer previous decided_by reviewed_by postponed_until members:json split_state_before fields:json "
            "proposal_rule proposal_digest fingerprint stale:json version:integer"
        ),
        sequence="sequence",
    ),
    Table(
        "draft",
        "草稿",
        ("person", "parcel", "part"),
        _columns("person parcel part fields:json updated_at"),
    ),
    Table(
        "photo",
        "照片",
        ("file",),
        _columns(
            "file sha256 lon:real lat:real azimuth:real reference taken_at altitude:real accuracy:real declination:real azimuth_delivered:real "
            "zone_offset device software width:integer height:integer orientation:integer size:integer kind phash field_of_view:real "
            "purpose status reason stored findings:json readable:integer pitch:real claimed person notes:json"
        ),
        geometry="POINT",
    ),
    Table(
        "photo_parcel",
        "照片挂接",
        ("photo", "parcel"),
        _columns(
            "photo parcel status score:real distance_m:real bearing_difference:real reasons:json purpose by at manual:integer"
        ),
    ),
    Table(
        "document",
        "证明材料",
        ("id",),
        _columns("id parcel kind number title date authority file sha256 size:integer source added_by added_at"),
    ),
    Table(
        "rectification",
        "整改",
        ("parcel", "part"),
        _columns(
            "parcel part method unit area_m2:real farmland_m2:real basic_farmland_m2:real removed_m2:real removed_farmland_m2:real "
            "removed_basic_farmland_m2:real regularised_m2:real regularised_farmland_m2:real regularised_basic_farmland_m2:real remaining_m2:real "
            "before_photos:integer during_photos:integer after_photos:integer accepted_by accepted_on accepted_area_m2:real "
            "closed:integer closed_on removed_on note"
        ),
    ),
    Table(
        "enforcement_case",
        "查处案件",
        ("id",),
        _columns("id parcel members:json name party unit steps:json note updated_by updated_at version:integer"),
    ),
    Table(
        "problem",
        "问题图斑",
        ("id",),
        _columns(
            "id parcel part source list sha256 row:integer text opinion received_on due category_before returned:integer added_by added_at"
        ),
    ),
    Table(
        "patrol",
        "巡查记录",
        ("id",),
        _columns(
            "id day person village grid place lon:real lat:real finding handled photos:json parcel added_by added_at version:integer"
        ),
    ),
    Table(
        "package",
        "卷宗",
        ("parcel",),
        _columns(
            "parcel path complete:integer missing:json files:integer bytes:integer manifest_sha256 made_at verified_at fingerprint"
        ),
    ),
    Table(
        "change_hint",
        "影像变化提示",
        ("parcel",),
        _columns("parcel before_image after_image score:real shift note made_at"),
    ),
    Table(
        "field_result",
        "外业填写",
        ("parcel", "name"),
        _columns("parcel name value exported verifier visited_at returned_at package status"),
        unique=False,
    ),
    Table(
        "refusal",
        "未接收",
        ("source", "feature", "code"),
        _columns("source feature code reason step batch"),
        unique=False,
    ),
    Table(
        "layer",
        "套合图层",
        ("role", "source"),
        _columns("role source layer title sha256 crs encoding fields:json features:integer used_at"),
    ),
    Table(
        "journal",
        "操作记录",
        ("id",),
        _columns("at who why what key action before:json after:json previous digest state chain:integer"),
    ),
    Table("setting", "设置", ("name",), _columns("name value")),
)


def table(name: str) -> Table:
    """The table called ``name``."""
    return {entry.name: entry for entry in TABLES}[name]
