"""A made county for the tests: a seeded snapshot with every kind of figure, gap and oddity that practice has."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import shapely

from weipian_plugin.workspace import journal

CATEGORIES = ["合法", "非农违法", "非农违法", "非粮违法", "违法", "其他", "设施农用地", "农村道路", "伪变化", "存疑"]
CLASSES = ["0601", "0602C", "0102", "0702", "1006", "1202", "05H1", "0701", ""]
TOWNS = ["大安街道", "南大街街道", "三教镇", "临江镇", "何埂镇"]
STAGES = [("", "1", ""), ("", "2", ""), ("", "4", ""), ("90", "10", ""), ("95", "10", "0"), ("95", "10", "1"), ("97", "10", ""),
          ("101", "10", ""), ("101.0", "10.0", ""), ("审核结束", "", "")]  # fmt: skip
USES = ["厂房类", "光伏", "硬化", "地方城镇道路", "公共管理和公共服务", "圈占/堆放压占", "农房", "水利设施", "采矿用地"]
BATCHES = ["一月一批", "二月一批", "九月一批", "十月二批", "十月一批", "十一月一批", "十二月一批"]


def snapshot(
    count: int, seed: int = 20240220, counties: int = 3, one_town: bool = False, measures: int = 0
) -> dict[str, pd.DataFrame]:
    """``count`` parcels in ``counties`` counties (or one sub-district with villages); ``measures`` adds that many others a parcel."""
    rng = random.Random(seed)
    parcels: list[dict[str, Any]] = []
    tables: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "measure",
            "decision",
            "rectification",
            "coverage",
            "photo",
            "photo_parcel",
            "document",
            "package",
            "proposal",
        )
    }
    for index in range(count):
        own = _parcel(rng, index, counties, one_town)
        parcels.append(own)
        kind = rng.random()
        if kind < 0.06 and own["kind"] == "land":
            own["split_state"] = "被拆分"
            for number in (1, 2):
                child = _parcel(rng, index, counties, one_town) | {
                    key: own[key] for key in ("county", "township", "village", "batch", "issued", "geometry", "level")
                }
                child |= {"number": f"{own['number']}_{number}", "split_state": "拆分", "parent": own["number"]}
                child["area_m2"] = round(own["area_m2"] * (0.4 if number == 1 else 0.6), 2)
                parcels.append(child)
                _judge(rng, child, tables, rng.random() < 0.5)
            _measure(rng, own, tables, "", own["area_m2"])
            continue
        _judge(rng, own, tables, rng.random() < 0.6)
    for own in parcels:
        for extra in range(measures):
            tables["measure"].append(
                {"parcel": own["number"], "part": "", "measure": f"role_{extra}", "value": "1.5", "unit": "m2"}
            )
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    frames["parcel"] = pd.DataFrame(parcels)
    frames["journal"] = _journal(rng)
    return frames


def _parcel(rng: random.Random, index: int, counties: int, one_town: bool) -> dict[str, Any]:
    county = (
        "永川区"
        if one_town
        else f"{'甲乙丙丁戊己庚辛壬癸'[index % min(counties, 10)]}县{index % counties if counties > 10 else ''}"
    )
    lon, lat = 105.9 + rng.random() * 0.08, 29.35 + rng.random() * 0.06
    side = rng.uniform(0.0002, 0.0016)
    month = rng.randint(1, 12)
    own = {
        "number": f"500118SJBG2321{index:04d}" if index < 10000 else f"500118SJBG2321{index}",
        "batch": rng.choice(BATCHES),
        "kind": "mining" if rng.random() < 0.05 else "land",
        "parent": "",
        "county": county if rng.random() < 0.97 else "",
        "township": "大安街道" if one_town else rng.choice(TOWNS),
        "village": f"{rng.choice('青红金银铁石木水')}{rng.choice('山河坪沟')}村" if rng.random() < 0.95 else "",
        "level": rng.choice(["一级", "一级", "一级", "二级", "三级", ""]),
        "issued": f"2023-{month:02d}-{rng.randint(1, 28):02d}",
        "area_m2": round(rng.choice([1, 1, 1, 10, 90]) * rng.uniform(100, 3000), 2),
        "state": rng.choice(["未提报", "已判定", "已复核", "已填报", "已填报", "退回", "改判"]),
        "split_state": "",
        "review_stage": "",
        "delivered": {},
        "geometry": shapely.MultiPolygon([shapely.box(lon, lat, lon + side, lat + side * 0.8)]),
    }
    stage, state, returned = rng.choice(STAGES)
    if rng.random() < 0.6:
        own["review_stage"] = stage
        own["delivered"] = {"状态(系统)": state}
    else:
        own["delivered"] = {"审核阶段(系统)": stage, "状态(系统)": state, "打回状态(系统)": returned}
    own["delivered"].update(
        {
            "项目名称": f"{rng.choice(USES)}项目{index}",
            "项目主体": f"第{index % 40}公司",
            "用途分类细化": rng.choice(USES),
        }
    )
    if rng.random() < 0.05:
        own["delivered"]["是否属于重大典型问题"] = "是"
    if rng.random() < 0.2:
        own["delivered"]["查处情况"] = rng.choice(["已结案", "未结案", "非立案处理", "已立案"])
    if rng.random() < 0.05:
        own["delivered"]["最终判定类型"] = rng.choice(["合法", "违法", "其他"])
    if rng.random() < 0.9:
        own["delivered"]["实地地类"] = rng.choice(CLASSES)
    return own


def _measure(
    rng: random.Random, own: dict[str, Any], tables: dict[str, list[dict[str, Any]]], part: str, area: float
) -> float:
    """Writes the land measures of a parcel or part and gives its farmland; a few have none."""
    farmland = round(area * rng.choice([0, 0.2, 0.5, 1]) * rng.random(), 4)
    values = {"area": area, "farmland": farmland, "basic_farmland": round(farmland * rng.random() * 0.4, 4)}
    rest = area - farmland
    values |= {"other_agricultural": rest * 0.3, "construction": rest * 0.5, "unused": rest * 0.2, "unsurveyed": 0.0}
    if rng.random() < 0.02:
        values["unused"] += 50.0
    if rng.random() < 0.04:
        del values["farmland"]
    for name, value in values.items():
        row = {"parcel": own["number"], "part": part, "measure": name, "value": repr(value), "unit": "m2"}
        tables["measure"].append(row)
    return farmland


def _judge(rng: random.Random, own: dict[str, Any], tables: dict[str, list[dict[str, Any]]], here: bool) -> None:
    """Either decided in the workspace (some in parts), or known from an export, or not at all."""
    number, area = own["number"], own["area_m2"]
    if rng.random() < 0.93:
        _measure(rng, own, tables, "", area)
    else:
        own["delivered"]["耕地面积（亩）"] = f"{area * 0.0015 * 0.4:.2f}"
    if rng.random() < 0.07:
        return
    category = rng.choice(CATEGORIES)
    if not here:
        _exported(rng, own, category)
        return
    parts = [""]
    if rng.random() < 0.12 and not own["parent"]:
        parts = ["_1", "_2"]
        for part, share in zip(parts, (0.3, 0.7)):
            _measure(rng, own, tables, part, round(area * share, 4))
    for part in parts:
        chosen = category if part in ("", "_1") else rng.choice(CATEGORIES)
        if part == "_2" and rng.random() < 0.2:
            continue  # one part of a parcel is still open
        _decide(rng, number, part, chosen, tables)
        if "违法" in chosen:
            _rectify(rng, number, part, area * (1 if not part else 0.3 if part == "_1" else 0.7), tables)
    _evidence(rng, number, tables)


def _decide(rng: random.Random, number: str, part: str, category: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    day = f"2023-{rng.randint(2, 12):02d}-{rng.randint(1, 28):02d}T09:00:00+08:00"
    subtype = "设施农用地" if category == "合法" and rng.random() < 0.1 else ""
    base = {"parcel": number, "part": part, "subtype": subtype, "basis": "量算", "reason": ""}
    clerk = base | {
        "id": f"{number}{part}-1", "category": category, "person": "张三", "role": "经办", "decided_at": day, "status": "current"
    }  # fmt: skip
    tables["decision"].append(clerk)
    if rng.random() < 0.1:
        clerk["status"] = "undone"
        tables["decision"].append(
            clerk | {"id": f"{number}{part}-2", "status": "current", "decided_at": day.replace("T09", "T10")}
        )
    if rng.random() < 0.7:
        review = clerk | {
            "id": f"{number}{part}-3",
            "person": rng.choice(["李四", "李四", "张三"]),
            "role": "复核",
            "status": "current",
        }
        review["decided_at"] = day.replace("T09", "T15")
        if rng.random() < 0.05:
            review["category"] = "其他"
        tables["decision"].append(review)


def _rectify(rng: random.Random, number: str, part: str, area: float, tables: dict[str, list[dict[str, Any]]]) -> None:
    if rng.random() < 0.2:
        return
    removed = area * rng.choice([0, 0.5, 1])
    regularised = (area - removed) * rng.choice([0, 1])
    record: dict[str, Any] = {
        "parcel": number, "part": part, "method": rng.choice(["拆除复耕", "补办手续", "两者", "其他", ""]), "area_m2": area,
        "removed_m2": round(removed, 2), "removed_farmland_m2": round(removed * 0.4, 2), "regularised_m2": round(regularised, 2),
        "regularised_farmland_m2": round(regularised * 0.3, 2), "remaining_m2": round(area - removed - regularised, 2) or 0.0,
        "before_photos": rng.randint(0, 3), "during_photos": rng.randint(0, 2), "after_photos": rng.randint(0, 3),
    }  # fmt: skip
    if record["remaining_m2"] == 0 and rng.random() < 0.8:
        record |= {"accepted_by": "王五", "accepted_on": "2023-12-20", "accepted_area_m2": record["removed_m2"]}
        record |= {"closed": 1, "closed_on": "2024-01-10"} if rng.random() < 0.7 else {}
    if rng.random() < 0.05:
        record["remaining_m2"] = rng.choice([None, -3.0])
    tables["rectification"].append(record)


def _exported(rng: random.Random, own: dict[str, Any], category: str) -> None:
    """The columns of a 卫片检索明细表."""
    mu = round(own["area_m2"] * 0.0015, 2)
    own["delivered"]["核实认定意见"] = category
    kind = "非粮违法" if "非粮" in category else "非农违法"
    if "违法" in category:
        farmland = round(mu * rng.random(), 2)
        done = rng.random() < 0.5
        own["delivered"] |= {
            f"{kind}面积（亩）": f"{mu:.2f}", f"{kind}耕地面积（亩）": farmland, f"{kind}永久基本农田面积（亩）": round(farmland / 3, 2),
            "整改情况": rng.choice(["已拆除", "已补办", "拆除并补办", "移交", ""]), "剩余未整改面积": 0 if done else rng.choice([mu, "", 0.1]),
            "拆除面积（亩）": mu if done else "", "拆除耕地面积（亩）": farmland if done else "",
        }  # fmt: skip


def _evidence(rng: random.Random, number: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    for shot in range(rng.randint(0, 3)):
        name = f"{number}-{shot}.jpg"
        photo = {
            "file": name,
            "sha256": f"{rng.getrandbits(256):064x}",
            "lon": 105.9,
            "lat": 29.35,
            "azimuth": rng.choice([0.0, 90.0, None]),
        }
        finding = {"level": "error", "parcel": number, "code": "x", "text": "方位角缺失。"}
        photo |= {"taken_at": "2023-06-01T10:00:00", "findings": [finding] if rng.random() < 0.05 else []}
        tables["photo"].append(photo)
        tables["photo_parcel"].append({"photo": photo["sha256"], "parcel": number, "status": "attached"})
    if rng.random() < 0.6:
        complete = rng.random() < 0.8
        tables["package"].append({
            "parcel": number, "path": f"卷宗/{number}", "complete": int(complete), "missing": [] if complete else ["批文"],
            "made_at": "2024-01-05T10:00:00+08:00", "verified_at": "2024-01-06T10:00:00+08:00" if rng.random() < 0.7 else None,
        })  # fmt: skip
    if rng.random() < 0.1:
        tables["document"].append(
            {"id": f"d{number}", "parcel": number, "kind": "结案报告", "title": "", "added_at": "2023-12-01"}
        )


def _journal(rng: random.Random) -> pd.DataFrame:
    rows, previous = [], ""
    for position in range(1, 6):
        texts = (
            f"2023-03-{position:02d}T09:00:00+08:00",
            "张三",
            "入库",
            "batch",
            f"b{position}",
            "insert",
            None,
            '{"name": "b"}',
            previous,
        )
        previous = journal.digest(texts)
        names = ("at", "who", "why", "what", "key", "action", "before", "after", "previous", "digest")
        row = dict(zip(names, (*texts, previous))) | {"after": {"name": "b"}, "fid": position}
        rows.append(row)
    return pd.DataFrame(rows)
