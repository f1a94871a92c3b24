"""``weipian:verify``: packages are held against their manifests and, where given, against the workspace."""

from __future__ import annotations

from ..pipeline.verify_packages import VerifyPackages
from .step import StepAlgorithm


class Verify(StepAlgorithm):
    COMMAND = VerifyPackages
    HELP = "按清单逐字节校验卷宗：改动、缺少、多出的文件；给出工作库时还核对表格中的数字。"
