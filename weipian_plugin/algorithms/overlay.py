"""``weipian:overlay``: parcels are measured against the layers of the catalogue."""

from __future__ import annotations

from typing import Any

from ..pipeline import chain
from .base import CATALOGUE, COUNTY, REPORT, WORKSPACE, WeipianAlgorithm
from .feedback import ProcessingFeedback


class Overlay(WeipianAlgorithm):
    ID = "overlay"
    TITLE = "套合分析"
    HELP = (
        "把工作库中的图斑与图层清单里的审批、地类、永久基本农田、生态保护红线等图层套合：按并集计算覆盖面积、地类构成、未批范围，"
        "面积为 CGCS2000 椭球面积并平差到 0.01 m²。没有覆盖的图层也留一行零值。"
    )
    REQUIRED = (WORKSPACE, CATALOGUE)
    OPTIONAL = (REPORT, COUNTY)
    COUNTS = ("PARCELS", "ROWS", "LAYERS", "REFUSED")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        with chain.opened(plan) as store:
            return chain.measure(store, plan, feedback)
