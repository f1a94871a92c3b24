"""``weipian:verify``: packages are held against their manifests and, where given, against the workspace."""

from __future__ import annotations

from typing import Any

from . import packages
from .base import COUNTY, PACKAGES, REPORT, WORKSPACE, WeipianAlgorithm
from .feedback import ProcessingFeedback


class Verify(WeipianAlgorithm):
    ID = "verify"
    TITLE = "校验卷宗"
    HELP = "按清单逐字节校验卷宗：改动、缺少、多出的文件；给出工作库时还核对表格中的数字。"
    REQUIRED = (PACKAGES,)
    OPTIONAL = (WORKSPACE, REPORT, COUNTY)
    COUNTS = ("PACKAGES_CHECKED", "FAULTY", "FINDINGS")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        return packages.check(values, feedback)
