"""``weipian:intake``: a delivery becomes parcels of the workspace."""

from __future__ import annotations

from typing import Any

from ..pipeline import chain
from .base import (
    CATALOGUE,
    COUNTY,
    CRS,
    DELIVERY,
    ENCODING,
    FIELDS,
    KIND,
    REPORT,
    REUSED,
    UNIT,
    WORKSPACE,
    WeipianAlgorithm,
)
from .feedback import ProcessingFeedback


class Intake(WeipianAlgorithm):
    ID = "intake"
    TITLE = "图斑入库"
    HELP = (
        "读取下发数据（文件夹、shp、zip、gdb、gpkg、txt 等），自动识别编码、坐标系、面积单位和字段，检查几何与编号，写入工作库，"
        "并给出入库报告：接收多少、未接收多少、每一个的原因。同一编号再次下发时按规则更新。"
    )
    REQUIRED = (DELIVERY, WORKSPACE)
    OPTIONAL = (REPORT, ENCODING, CRS, UNIT, FIELDS, KIND, CATALOGUE, COUNTY, REUSED)
    COUNTS = ("PARCELS", "REFUSED", "NEW", "CHANGED", "WITHDRAWN")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        with chain.opened(plan, create=True) as store:
            return chain.take_in(store, plan, feedback)
