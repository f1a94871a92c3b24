"""What every layer of the sample county holds: rows of attributes and a geometry in local metres, by role.

Beside the covers planted over the parcels each register has older entries elsewhere in the county, as real registers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .frame import CORE, COUNTY_CODE, COUNTY_NAME, HEIGHT, TOWN_CODE, TOWN_NAME, WIDTH, geodesic_area
from .plots import Planted, Plot, _document, _jittered
from .survey import CLASS_NAMES, FARMLAND, VILLAGES, Survey, road_lines

AUTHORITY = {
    "farmland_conversion": "重庆市人民政府",
    "land_supply": "重庆市永川区人民政府",
    "linkage": "重庆市规划和自然资源局",
    "advance_use": "重庆市规划和自然资源局",
    "temporary_land": "重庆市永川区规划和自然资源局",
    "homestead": "重庆市永川区大安街道办事处",
    "restoration": "重庆市永川区规划和自然资源局",
    "mining_right": "重庆市规划和自然资源局",
}
# Older entries that lie away from every parcel: how many, when, for what.
_BACKGROUND = {
    "farmland_conversion": (14, "2018-09-12", None, "工业用地"),
    "land_supply": (12, "2019-02-20", None, "工业用地"),
    "linkage": (4, "2020-05-18", None, "农村集中居住"),
    "registration": (16, "2017-11-02", None, "工业用地"),
    "advance_use": (2, "2021-08-01", "2022-07-31", "交通运输用地"),
    "temporary_land": (6, "2020-10-10", "2022-10-09", "施工临时堆场"),
    "facility_agriculture": (9, "2021-04-15", None, "畜禽养殖"),
    "homestead": (18, "2021-06-06", None, "宅基地"),
    "restoration": (3, "2020-03-03", None, "土地整治"),
    "mining_right": (3, "2018-01-01", "2028-12-31", "砖瓦用页岩"),
    "previous_batch": (12, "2022-12-20", None, ""),
}


@dataclass(frozen=True)
class Row:
    """A feature of a sample layer: geometry in metres of the zone, values by column name."""

    geometry: BaseGeometry
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry of a register before it takes the field names of its layer."""

    geometry: BaseGeometry
    document: str
    project: str
    holder: str
    use: str
    date: str | None
    until: str | None


def _elsewhere(role: str, generator: np.random.Generator) -> list[Entry]:
    count, date, until, use = _BACKGROUND.get(role, (0, "", None, ""))
    entries: list[Entry] = []
    while len(entries) < count:
        x, y = generator.uniform(350, WIDTH - 350), generator.uniform(350, HEIGHT - 350)
        if CORE[0] - 250 < x < CORE[2] + 250 and CORE[1] - 250 < y < CORE[3] + 250:
            continue
        w, h = generator.uniform(20, 70, 2)
        shape = _jittered(x - w, y - h, x + w, y + h, generator)
        serial = 600 + len(entries)
        project = f"{VILLAGES[int(generator.integers(len(VILLAGES)))][0]}{use or '图斑'}项目"
        entries.append(Entry(shape, _document(role, date, serial), project, "永川区大安街道", use, date, until))
    return entries


def entries(role: str, plots: Sequence[Plot], seed: int) -> list[Entry]:
    """Entries of an approval-like role: planted ones first, each once even where a number is delivered twice."""
    seen: dict[str, Planted] = {}
    for plot in plots:
        for planted in plot.planted:
            if planted.role == role:
                seen.setdefault(planted.document, planted)
    result = [
        Entry(p.geometry, p.document, p.project, p.holder, p.cover.use, p.cover.date, p.cover.until)
        for p in seen.values()
    ]
    salt = sum(ord(letter) for letter in role)
    return result + _elsewhere(role, np.random.default_rng([seed, 3, salt]))


def _free(survey: Survey, plots: Sequence[Plot], classes: frozenset[str]) -> list[int]:
    """Survey faces of some classes that stay clear of all parcels and of what is planted around them."""
    taken = shapely.union_all(
        [shapely.union_all([plot.valid, *(p.geometry for p in plot.planted)]).buffer(12) for plot in plots]
    )
    shapely.prepare(taken)
    return [
        index
        for index, face in enumerate(survey.faces)
        if survey.classes[index] in classes and survey.beds[index] < 0 and not taken.intersects(face)
    ]


def zones(role: str, survey: Survey, plots: Sequence[Plot], seed: int) -> list[BaseGeometry]:
    """Planning zones (basic farmland, redline, development boundary): planted pieces and background."""
    generator = np.random.default_rng([seed, 4, len(role)])
    planted = [p.geometry for plot in plots for p in plot.planted if p.role == role]
    if role == "basic_farmland":
        chosen = [i for i in _free(survey, plots, FARMLAND) if generator.random() < 0.6]
        background = shapely.get_parts(shapely.coverage_union_all(survey.faces[chosen]))
        return [*planted, *background]
    if role == "ecological_redline":
        chosen = [i for i in _free(survey, plots, frozenset({"0301", "0302", "0305"})) if survey.faces[i].area > 4000]
        background = shapely.get_parts(shapely.coverage_union_all(survey.faces[chosen]))
        return [*planted, *(part for part in background if part.area > 40000)]
    town = [i for i, attribute in enumerate(survey.attributes) if attribute == "202"]
    hull = shapely.union_all(survey.faces[town]).convex_hull
    return [hull, *planted]


def _year(date: str | None, style: str) -> str | None:
    if date is None:
        return None
    if style == "compact":
        return date.replace("-", "")
    if style == "slash":
        return "/".join(str(int(part)) for part in date.split("-"))
    if style == "chinese":
        year, month, day = (int(part) for part in date.split("-"))
        return f"{year}年{month}月{day}日"
    return date


def _farmland_conversion(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMBH": f"{COUNTY_CODE}{number:05d}",
        "XMMC": entry.project,
        "PZWH": entry.document,
        "PZRQ": entry.date,
        "PZJG": AUTHORITY["farmland_conversion"],
        "TDYT": entry.use,
        "PZMJ": round(area / 10000, 4),
    }


def _land_supply(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMMC": entry.project,
        "DZJGH": f"{COUNTY_CODE}2022B{number:05d}",
        "PFWH": entry.document,
        "PZRQ": _year(entry.date, "chinese"),
        "PZJG": AUTHORITY["land_supply"],
        "TDYT": entry.use,
        "GYFS": "挂牌出让",
        "TDSYZ": entry.holder,
        "GYMJ": round(area, 2),
    }


def _linkage(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMBH": f"GJ{number:04d}",
        "XMMC": entry.project,
        "PZWH": entry.document,
        "PZRQ": _year(entry.date, "dash"),
        "JXDKMC": f"建新{number}号地块",
        "JXMJ": round(area, 2),
    }


def _registration(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "不动产权证号": entry.document,
        "登记时间": _year(entry.date, "dash"),
        "权利人": entry.holder,
        "用途": entry.use,
        "宗地面积": round(area, 2),
    }


def _advance_use(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMMC": entry.project,
        "PZWH": entry.document,
        "PZRQ": _year(entry.date, "compact"),
        "ZZSJ": _year(entry.until, "compact"),
        "PZJG": AUTHORITY["advance_use"],
        "YDMJ": round(area, 2),
    }


def _temporary_land(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMMC": entry.project,
        "YDDW": entry.holder,
        "LSYDYT": entry.use,
        "PZWH": entry.document,
        "PZSJ": _year(entry.date, "compact"),
        "ZZSJ": _year(entry.until, "compact"),
        "YDMJ": round(area, 2),
        "FKBZJ": round(area * 0.03, 2),
    }


def _facility_agriculture(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "BABH": entry.document,
        "XMMC": entry.project,
        "QLR": entry.holder,
        "YDLX": entry.use,
        "BASJ": _year(entry.date, "slash"),
        "YDMJ": round(area, 2),
    }


def _homestead(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "批准书编号": entry.document,
        "户主姓名": entry.holder,
        "批准日期": _year(entry.date, "dash"),
        "批准面积": round(area, 2),
    }


def _rural_road(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "LXBM": entry.document,
        "DLMC": f"铁山村{number}组机耕道",
        "LMKD": 5.0,
        "JCSJ": _year(entry.date, "compact"),
    }


def _restoration(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XMMC": entry.project,
        "XMLX": entry.use,
        "PZWH": entry.document,
        "PZRQ": _year(entry.date, "dash"),
        "PZJG": AUTHORITY["restoration"],
    }


def _mining_right(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "XKZH": entry.document,
        "KSMC": f"永川区大安石场{number}号矿",
        "CKQR": entry.holder,
        "KCZKZ": entry.use,
        "YXQQ": _year(entry.date, "slash"),
        "YXQZ": _year(entry.until, "slash"),
        "FZJG": AUTHORITY["mining_right"],
        "MJ": round(area / 1e6, 4),
    }


def _previous_batch(entry: Entry, number: int, area: float) -> dict[str, object]:
    return {
        "JCBH": f"{COUNTY_CODE}SJBG2221{number:04d}",
        "XZQDM": COUNTY_CODE,
        "XMC": COUNTY_NAME,
        "QSX": "20211010",
        "HSX": "20220930",
        "JCMJ": round(area * 0.0015, 2),
        "PDLX": "违法" if number % 3 else "其他",
        "ND": 2022,
    }


#: Columns of each approval-like layer, as offices call them; ``area`` in m².
_COLUMNS: Mapping[str, Callable[[Entry, int, float], dict[str, Any]]] = {
    "farmland_conversion": _farmland_conversion,
    "land_supply": _land_supply,
    "linkage": _linkage,
    "registration": _registration,
    "advance_use": _advance_use,
    "temporary_land": _temporary_land,
    "facility_agriculture": _facility_agriculture,
    "homestead": _homestead,
    "rural_road": _rural_road,
    "restoration": _restoration,
    "mining_right": _mining_right,
    "previous_batch": _previous_batch,
}


def approvals(role: str, plots: Sequence[Plot], seed: int) -> list[Row]:
    """Rows of an approval-like role under the field names its layer uses."""
    columns = _COLUMNS[role]
    return [
        Row(entry.geometry, columns(entry, number, geodesic_area(entry.geometry)))
        for number, entry in enumerate(entries(role, plots, seed), start=1)
    ]


def zone_rows(role: str, survey: Survey, plots: Sequence[Plot], seed: int) -> list[Row]:
    """The features of a control layer (永农, 红线, 开发边界)."""
    rows: list[Row] = []
    for number, geometry in enumerate(zones(role, survey, plots, seed), start=1):
        area = round(geodesic_area(geometry), 2)
        values: dict[str, Any]
        if role == "basic_farmland":
            values = {
                "YSDM": "2005010300",
                "YJJBNTTBBH": f"{TOWN_CODE}{number:06d}",
                "DLBM": "0101",
                "DLMC": "水田",
                "QSXZ": "30",
                "YJJBNTMJ": area,
                "BHKSSJ": "20171231",
            }
        elif role == "ecological_redline":
            values = {
                "HXMC": "永川箕山山脉水土保持生态保护红线",
                "HXLX": "水土保持",
                "HXBM": f"{COUNTY_CODE}-{number:03d}",
                "MJ": round(area / 1e6, 4),
            }
        else:
            values = {"BSM": f"{COUNTY_CODE}{number:06d}", "XZQMC": COUNTY_NAME, "BJFQ": "集中建设区", "BJMJ": area}
        rows.append(Row(geometry, values))
    return rows


def survey_rows(survey: Survey, year: int) -> list[Row]:
    """The land survey under the third survey's field names. Ridges (田坎) are deducted on sloping dry land only."""
    rows: list[Row] = []
    areas = [geodesic_area(face) for face in survey.faces]
    for index, face in enumerate(survey.faces):
        land_class = survey.classes[index]
        name, code, _ = VILLAGES[survey.villages[index]]
        ridge = 0.1126 if land_class == "0103" else 0.0
        area = round(areas[index], 2)
        deducted = round(area * ridge, 2)
        farmland = land_class in FARMLAND
        unit_code = f"{TOWN_CODE}{code}0000000"
        values: dict[str, Any] = {
            "BSM": f"{COUNTY_CODE}2110{index + 1:08d}", "YSDM": "2001010100", "TBBH": f"{index + 1:05d}", "DLBM": land_class,
            "DLMC": CLASS_NAMES[land_class], "QSXZ": "20" if land_class in ("1003", "1101", "0701") else "30",
            "QSDWDM": unit_code, "QSDWMC": name, "ZLDWDM": unit_code, "ZLDWMC": name, "TBMJ": area,
            "KCDLBM": "1203" if ridge else None, "KCXS": ridge, "KCMJ": deducted, "TBDLMJ": round(area - deducted, 2),
            "GDLX": ("TT" if ridge else "PD") if farmland else None, "GDPDJB": ("3" if ridge else "1") if farmland else None,
            "ZZSXDM": "LS" if farmland else None, "FRDBS": "0", "CZCSXM": survey.attributes[index] or None, "SJNF": year, "BZ": None,
        }  # fmt: skip
        rows.append(Row(face, values))
    return rows


def village_rows(survey: Survey) -> list[Row]:
    """The villages as one polygon each."""
    rows: list[Row] = []
    for index, (name, code, _) in enumerate(VILLAGES):
        own = [i for i, village in enumerate(survey.villages) if village == index]
        geometry = shapely.coverage_union_all(survey.faces[own])
        rows.append(Row(geometry, {"ZLDWDM": f"{TOWN_CODE}{code}", "ZLDWMC": name, "XZMC": TOWN_NAME}))
    return rows


def road_rows() -> list[Row]:
    """The national road network as centre lines; rural roads are not part of it."""
    grades = {"G348": ("国道348线", "一级"), "S418": ("省道418线", "二级")}
    return [
        Row(line, {"LXBM": name, "LXMC": grades[name][0], "JSDJ": grades[name][1], "LMKD": width})
        for name, (line, width, _) in road_lines().items()
        if name in grades
    ]


def geometries(rows: Sequence[Row]) -> list[BaseGeometry]:
    """The shapes of rows, in their order."""
    return [row.geometry for row in rows]


def register_rows(survey: Survey, earlier: Survey, plots: Sequence[Plot], seed: int) -> dict[str, list[Row]]:
    """All rows by role; the land survey of the year before is under ``land_survey_previous``."""
    rows: dict[str, list[Row]] = {
        "land_survey": survey_rows(survey, 2022),
        "land_survey_previous": survey_rows(earlier, 2021),
        "villages": village_rows(survey),
        "road_network": road_rows(),
    }
    for role in ("basic_farmland", "ecological_redline", "development_boundary"):
        rows[role] = zone_rows(role, survey, plots, seed)
    for role in ("farmland_conversion", "land_supply", "linkage", "registration", "advance_use", "temporary_land",
                 "facility_agriculture", "homestead", "rural_road", "restoration", "mining_right", "previous_batch"):  # fmt: skip
        rows[role] = approvals(role, plots, seed)
    return rows
