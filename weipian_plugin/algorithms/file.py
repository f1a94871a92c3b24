"""``weipian:file``: chosen parcels become packages (卷宗)."""

from __future__ import annotations

from ..pipeline.export_packages import ExportPackages
from .step import StepAlgorithm


class FilePackages(StepAlgorithm):
    COMMAND = ExportPackages
    HELP = (
        "为所选图斑逐个导出卷宗：表格、位置图（前后时相影像）、照片与照片登记表、证明材料、矢量和带校验值的清单。"
        "历史影像对比（各期影像同一比例尺）按需附上，凭影像证明的图斑总是附上。缺少的材料会列出，未齐全的卷宗标为草稿；中途停止不会留下残缺卷宗。"
    )
