"""``weipian:overlay``: parcels are measured against the layers of the catalogue."""

from __future__ import annotations

from ..pipeline.measure import MeasureParcels
from .step import StepAlgorithm


class Overlay(StepAlgorithm):
    COMMAND = MeasureParcels
    HELP = (
        "把工作库中的图斑与图层清单里的审批、地类、永久基本农田、生态保护红线等图层套合：按并集计算覆盖面积、地类构成、未批范围，"
        "面积为 CGCS2000 椭球面积并平差到 0.01 m²。没有覆盖的图层也留一行零值。"
    )
