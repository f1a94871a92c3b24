"""``weipian:intake``: a delivery becomes parcels of the workspace."""

from __future__ import annotations

from ..pipeline.import_delivery import ImportDelivery
from .step import StepAlgorithm


class Intake(StepAlgorithm):
    COMMAND = ImportDelivery
    HELP = (
        "读取下发数据（文件夹、shp、zip、gdb、gpkg、txt 等），自动识别编码、坐标系、面积单位和字段，检查几何与编号，写入工作库，"
        "并给出入库报告：接收多少、未接收多少、每一个的原因。同一编号再次下发时按规则更新。"
    )
