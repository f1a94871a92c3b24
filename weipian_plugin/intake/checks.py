"""The delivery checks (下发数据检查) that come before any judging, each with its outcome; what was not checked says so.

Source: the acceptance list of the monitoring pipeline in docs/rules.md (practice, section 5 item 8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.messages import Message

if TYPE_CHECKING:
    from .delivery import Intake

PASSED, FAILED, SKIPPED = "通过", "有问题", "未检查"
_NUMBER = re.compile(r"^[0-9A-Za-z_\-]{1,40}$")
_MANDATORY = ("county_code", "earlier_image", "later_image", "delivered_area")
_TITLES = {
    "county_code": "行政区代码",
    "earlier_image": "前时相",
    "later_image": "后时相",
    "delivered_area": "监测面积",
}


@dataclass(frozen=True)
class DeliveryCheck:
    """One check: its name, outcome (``PASSED``, ``FAILED``, ``SKIPPED``), how many features it concerns, and which."""

    code: str
    title: str
    outcome: str
    count: int
    detail: str
    numbers: tuple[str, ...] = ()


def delivery_checks(intake: Intake) -> list[DeliveryCheck]:
    """All checks of a delivery that was read."""
    return [
        DeliveryCheck("opens", "文件可以打开", PASSED, len(intake.files), f"{len(intake.files)} 个文件或图层"),
        _system(intake),
        _fields(intake),
        _codes(intake),
        _rejected(
            intake,
            "unique",
            "图斑编号唯一",
            ("intake.duplicate_same", "intake.duplicate_later", "intake.duplicate_number"),
        ),
        _mandatory(intake),
        _geometry(intake),
        _flagged(intake, "overlap", "层内图斑不重叠", "overlap_in_batch"),
        _earlier(intake),
        _flagged(intake, "county", "图斑位于县域内", "outside_county"),
        _flagged(intake, "area", "监测面积与图形一致", "area_mismatch"),
        _flagged(intake, "parent", "子图斑能找到原图斑", "parent_missing"),
        _flagged(intake, "text", "文字没有被截断", "text_damaged"),
        _counts(intake),
        DeliveryCheck("sheets", "图幅数与图斑数一致", SKIPPED, 0, "交付中没有图幅文件"),
    ]


def _check(code: str, title: str, numbers: Sequence[str], detail: str = "") -> DeliveryCheck:
    return DeliveryCheck(code, title, FAILED if numbers else PASSED, len(numbers), detail, tuple(numbers))


def _system(intake: Intake) -> DeliveryCheck:
    other = [f"{one.name}：{one.crs}" for one in intake.files if one.crs != "EPSG:4490"]
    assumed = [f"{one.name}：{one.crs}（推定）" for one in intake.files if not one.crs_certain]
    return _check("crs", "坐标系为 CGCS2000 经纬度", [*other, *assumed], "；".join([*other, *assumed]))


def _fields(intake: Intake) -> DeliveryCheck:
    unknown = [one.name for one in intake.files if not one.profile]
    profiles = "、".join(sorted({one.profile for one in intake.files if one.profile}))
    return _check("fields", "字段可以识别", unknown, profiles)


def _codes(intake: Intake) -> DeliveryCheck:
    parcels = intake.parcels
    wrong = [
        number
        for number, code in zip(parcels["number"], parcels["county_code"])
        if not _NUMBER.match(number) or (code and not re.fullmatch(r"[1-8]\d{5}", code))
    ]
    return _check("codes", "编号和行政区代码写法正确", wrong, "图斑类型等代码没有公开的权威代码表，未核对取值")


def _mandatory(intake: Intake) -> DeliveryCheck:
    parcels, blank, missing = intake.parcels, set(), []
    for key in _MANDATORY:
        column = parcels[key]
        empty = column.isna() if key == "delivered_area" else column.eq("")
        if len(parcels) and empty.all():
            missing.append(_TITLES[key])
        blank.update(parcels["number"][empty])
    detail = f"整列为空：{'、'.join(missing)}" if missing else ""
    return _check("mandatory", "必填字段不为空", sorted(blank), detail)


def _geometry(intake: Intake) -> DeliveryCheck:
    parcels = intake.parcels
    repaired = [number for number, record in zip(parcels["number"], parcels["repair"]) if record]
    codes = ("intake.geometry", "intake.ring", "intake.record", "intake.repair", "intake.area_zero")
    rejected = [rejection.feature for rejection in intake.rejected if rejection.code.startswith(codes)]
    return _check(
        "geometry", "图形有效、边界闭合", [*rejected, *repaired], f"已修复 {len(repaired)}，未接收 {len(rejected)}"
    )


def _rejected(intake: Intake, code: str, title: str, reasons: Sequence[str]) -> DeliveryCheck:
    return _check(code, title, [rejection.feature for rejection in intake.rejected if rejection.code in reasons])


def _flagged(intake: Intake, code: str, title: str, flag: str) -> DeliveryCheck:
    parcels = intake.parcels
    return _check(code, title, [number for number, flags in zip(parcels["number"], parcels["flags"]) if flag in flags])


def _earlier(intake: Intake) -> DeliveryCheck:
    if not intake.batch.compared_with_earlier:
        return DeliveryCheck("earlier", "与往期图斑不重叠", SKIPPED, 0, "没有给出往期图斑")
    return _flagged(intake, "earlier", "与往期图斑不重叠", "overlap_earlier")


def _counts(intake: Intake) -> DeliveryCheck:
    counts = intake.batch.counts
    detail = f"读入 {counts.features} ＝ 接收 {counts.accepted} ＋ 未接收 {counts.refused}"
    return DeliveryCheck("counts", "读入数等于接收数加未接收数", PASSED, counts.features, detail)


def flag_message(flag: str) -> Message:
    """The sentence of a flag of a parcel."""
    return Message(f"intake.flag_{flag}", {})
