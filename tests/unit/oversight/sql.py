"""The same figures once more, from the raw tables and in SQL only: nothing of the package is used here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

_TEXT = {"measure": ("parcel", "part", "measure", "value"), "decision": (
    "id", "parcel", "part", "category", "subtype", "person", "role", "decided_at", "status")}  # fmt: skip
_MU = "0.0015"
_CARRIED_OUT = (
    "(COALESCE(handled LIKE '%结案%' AND handled NOT LIKE '%未结案%', 0) OR number IN (SELECT parcel FROM document "
    "WHERE (kind LIKE '%结案%' OR kind LIKE '%执行到位%') AND substr(added_at, 1, 10) <= (SELECT day FROM as_of)))"
)
_DONE = (
    f"NOT (recorded AND COALESCE(how LIKE '%补办%' OR how LIKE '%完善手续%' OR how LIKE '%两者%' OR regularised > 0, 0) AND NOT {_CARRIED_OUT}) AND "
    "(stage = '101' OR (r_accepted AND r_closed AND (how LIKE '%拆除%' OR how LIKE '%两者%' OR removed > 0))) "
    "AND abs(remaining) < 1e-9"
)


def _delivered(*names: str) -> str:
    found = ", ".join(f"""NULLIF(json_extract(p.delivered, '$."{name}"'), '')""" for name in names)
    return f"COALESCE({found}, NULL)"


VIEWS = f"""
CREATE VIEW decided AS SELECT * FROM (
  SELECT parcel, part, category, subtype, decided_at, ROW_NUMBER() OVER (
    PARTITION BY parcel, part ORDER BY role = '复核' DESC, decided_at DESC) AS place
  FROM decision WHERE status = 'current' AND substr(decided_at, 1, 10) <= (SELECT day FROM as_of)) WHERE place = 1;
CREATE VIEW m AS SELECT parcel, part,
    MAX(CASE measure WHEN 'area' THEN CAST(value AS REAL) END) * {_MU} AS area,
    MAX(CASE measure WHEN 'farmland' THEN CAST(value AS REAL) END) * {_MU} AS farmland,
    MAX(CASE measure WHEN 'basic_farmland' THEN CAST(value AS REAL) END) * {_MU} AS basic FROM measure GROUP BY parcel, part;
CREATE VIEW p1 AS SELECT p.*, CASE WHEN stage0 = '审核结束' THEN '101' ELSE replace(COALESCE(stage0, ''), '.0', '') END AS stage FROM (
  SELECT p.*, COALESCE(NULLIF(review_stage, ''), {_delivered("审核阶段(系统)")}) AS stage0,
    replace(COALESCE({_delivered("状态(系统)")}, ''), '.0', '') AS code, {_delivered("打回状态(系统)")} AS sent_back,
    {_delivered("核实认定意见")} AS claim, CAST({_delivered("耕地面积（亩）")} AS REAL) AS claimed_farmland,
    COALESCE({_delivered("实地地类")}, '') AS ground, {_delivered("整改情况")} AS claimed_method,
    {_delivered("剩余未整改面积")} AS claimed_left, {_delivered("拆除面积（亩）")} AS claimed_removed,
    {_delivered("拆除耕地面积（亩）")} AS claimed_removed_farmland, {_delivered("查处情况")} AS handled,
    {_delivered("是否属于重大典型问题")} AS typical, {_delivered("最终判定类型")} AS final,
    {_delivered("非农违法面积（亩）")} AS na_area, {_delivered("非农违法耕地面积（亩）")} AS na_farmland,
    {_delivered("非农违法永久基本农田面积（亩）")} AS na_basic, {_delivered("非粮违法面积（亩）")} AS ng_area,
    {_delivered("非粮违法耕地面积（亩）")} AS ng_farmland, {_delivered("非粮违法永久基本农田面积（亩）")} AS ng_basic
  FROM parcel p WHERE issued <= (SELECT day FROM as_of)) p;
CREATE VIEW original AS SELECT p.*, CASE WHEN county = '' THEN '（未填）' ELSE county END AS name,
    COALESCE(m.area, p.area_m2 * {_MU}) AS area, COALESCE(m.farmland, claimed_farmland) AS farmland, m.basic AS basic
  FROM p1 p LEFT JOIN m ON m.parcel = p.number AND m.part = '' WHERE split_state <> '拆分' AND kind <> 'mining';
CREATE VIEW shape AS
  SELECT number, '' AS part FROM p1 WHERE split_state <> '被拆分' AND number NOT IN (SELECT parcel FROM decided WHERE part <> '')
  UNION SELECT parcel, part FROM decided WHERE part <> ''
  UNION SELECT parcel, part FROM m WHERE part <> '' AND parcel IN (SELECT parcel FROM decided WHERE part <> '');
CREATE VIEW item0 AS SELECT p.*, s.part, CASE WHEN county = '' THEN '（未填）' ELSE county END AS name,
    CASE WHEN s.part = '' THEN COALESCE(m.area, p.area_m2 * {_MU}) ELSE m.area END AS area,
    CASE WHEN s.part = '' THEN COALESCE(m.farmland, claimed_farmland) ELSE m.farmland END AS farmland, m.basic AS basic,
    d.category IS NOT NULL AS own, COALESCE(d.category, CASE WHEN s.part = '' THEN claim END, '') AS category,
    COALESCE(d.subtype, '') AS subtype, d.decided_at,
    r.parcel IS NOT NULL AS recorded, r.removed_m2 * {_MU} AS r_removed, r.removed_farmland_m2 * {_MU} AS r_removed_farmland,
    r.regularised_m2 * {_MU} AS r_regularised, r.regularised_farmland_m2 * {_MU} AS r_regularised_farmland,
    r.remaining_m2 * {_MU} AS r_left, r.method AS r_method,
    COALESCE(r.accepted_by, '') <> '' AND COALESCE(r.accepted_on, '9') <= (SELECT day FROM as_of) AS r_accepted,
    COALESCE(r.closed, 0) > 0 AND COALESCE(r.closed_on, '') <= (SELECT day FROM as_of) AS r_closed
  FROM shape s JOIN p1 p ON p.number = s.number LEFT JOIN m ON m.parcel = s.number AND m.part = s.part
  LEFT JOIN decided d ON d.parcel = s.number AND d.part = s.part
  LEFT JOIN rectification r ON r.parcel = s.number AND COALESCE(r.part, '') = s.part;
CREATE VIEW item1 AS SELECT i.*, category LIKE '%非粮违法%' AS nongrain,
    category LIKE '%违法%' AND category NOT LIKE '%非粮违法%' AS nonagri, category LIKE '%合法%' AS legal_group,
    CASE WHEN recorded THEN r_removed WHEN part = '' THEN CAST(claimed_removed AS REAL) END AS removed,
    CASE WHEN recorded THEN r_removed_farmland WHEN part = '' THEN CAST(claimed_removed_farmland AS REAL) END AS removed_farmland,
    CASE WHEN recorded THEN r_regularised END AS regularised,
    CASE WHEN recorded THEN r_regularised_farmland END AS regularised_farmland,
    CASE WHEN recorded THEN r_left WHEN part = '' THEN CAST(claimed_left AS REAL) END AS remaining,
    CASE WHEN recorded THEN COALESCE(r_method, '') WHEN part = '' THEN COALESCE(claimed_method, '') ELSE '' END AS how
  FROM item0 i;
CREATE VIEW every AS SELECT i.*, {_DONE} AS done,
    {_DONE} AND (how LIKE '%拆除%' OR how LIKE '%两者%' OR removed > 0) AS by_removal,
    {_DONE} AND (how LIKE '%补办%' OR how LIKE '%完善手续%' OR how LIKE '%两者%' OR regularised > 0)
      AS by_regularising,
    CASE WHEN own THEN area ELSE COALESCE(CAST(CASE WHEN nonagri THEN na_area ELSE ng_area END AS REAL), area) END AS bad_area,
    CASE WHEN own THEN COALESCE(farmland, CAST(CASE WHEN nonagri THEN na_farmland ELSE ng_farmland END AS REAL))
      ELSE COALESCE(CAST(CASE WHEN nonagri THEN na_farmland ELSE ng_farmland END AS REAL), farmland) END AS bad_farmland,
    CASE WHEN own THEN COALESCE(basic, CAST(CASE WHEN nonagri THEN na_basic ELSE ng_basic END AS REAL))
      ELSE COALESCE(CAST(CASE WHEN nonagri THEN na_basic ELSE ng_basic END AS REAL), basic) END AS bad_basic
  FROM item1 i;
CREATE VIEW item AS SELECT * FROM every WHERE kind <> 'mining';
CREATE VIEW filing AS SELECT DISTINCT number, name, stage, code, COALESCE(sent_back, '') AS sent_back, level, issued, state, final FROM every;
CREATE VIEW due AS SELECT f.*, state NOT IN ('退回', '改判') AND (stage IN ('95', '97', '101') OR state = '已填报') AS filed, CASE
    WHEN level = '一级' THEN date(issued, 'start of month', CASE WHEN CAST(substr(issued, 9, 2) AS INTEGER) > 20 THEN '+2 months'
      ELSE '+1 month' END, '+24 days')
    WHEN level IN ('二级', '三级') THEN date(substr(issued, 1, 5) || substr('0' || (((CAST(substr(issued, 6, 2) AS INTEGER) - 1) / 3) * 3 + 3),
      -2) || '-01', '+1 month', '+24 days') END AS due FROM filing f;
"""


class Raw:
    """The raw tables of a snapshot in a database of their own."""

    def __init__(self, snapshot: Mapping[str, pd.DataFrame], as_of: str) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE TABLE as_of (day TEXT)")
        self.connection.execute("INSERT INTO as_of VALUES (?)", (as_of,))
        parcel = snapshot["parcel"].drop(columns=["geometry"])
        parcel = parcel.assign(delivered=[json.dumps(value, ensure_ascii=False) for value in parcel["delivered"]])
        parcel.to_sql("parcel", self.connection, index=False)
        for name in ("measure", "decision", "rectification", "document"):
            snapshot[name].to_sql(name, self.connection, index=False)
        self.connection.executescript(VIEWS)

    def groups(self, figures: str, source: str, total: bool = True) -> dict[str, tuple[Any, ...]]:
        """Figures by ``name``, with the total under ``total``."""
        rows = self.connection.execute(f"SELECT name, {figures} FROM {source} GROUP BY name").fetchall()
        found = {row[0]: row[1:] for row in rows}
        if total:
            found["total"] = self.connection.execute(f"SELECT {figures} FROM {source}").fetchone()
        return found

    def one(self, query: str) -> Any:
        return self.connection.execute(query).fetchone()

    def column(self, query: str) -> list[Any]:
        return [row[0] for row in self.connection.execute(query)]


def two(value: float | None) -> Decimal | None:
    """Half-up to two decimals, without the last digits' binary noise."""
    if value is None:
        return None
    return Decimal(f"{value:.8f}").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def four(numerator: float | None, denominator: float | None) -> Decimal | None:
    if not denominator:
        return None
    return Decimal(f"{(numerator or 0) / denominator:.8f}").quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
