"""``weipian:run``: the whole chain of steps in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..pipeline.parameters import (
    AS_OF,
    CATALOGUE,
    COUNTY,
    CRS,
    DELIVERY,
    ENCODING,
    FIELDS,
    FILTER,
    KIND,
    PACKAGES,
    PHOTOS,
    PROFILE,
    REPORT,
    REUSED,
    UNIT,
    WORKSPACE,
    YEAR,
)  # fmt: skip
from ..pipeline.steps import Walk
from ..toolbelt.language import tr
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback
from .step import own_fields

#: What a run may be told beside what it works on, in the order of its dialog.
_CHOSEN = (PACKAGES, REPORT, FILTER, AS_OF, YEAR, ENCODING, CRS, UNIT, FIELDS, KIND, COUNTY, REUSED)


class WalkAlgorithm(WeipianAlgorithm):
    """The steps that have been given what they need, one after another. The assistant and the sample start it from their windows."""

    ID = "walk"
    TITLE = "一键处理"
    HELP = "依次运行已给出参数的步骤。"
    REQUIRED = names(WORKSPACE)
    OPTIONAL = names(DELIVERY, CATALOGUE, PHOTOS, PROFILE, *_CHOSEN)

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        walk = Walk.of(values, **own_fields())
        result = walk.run(
            feedback,
            lambda number, total, title: feedback.stage(tr("第 {} 步，共 {} 步：{}").format(number, total, tr(title))),
        )
        feedback.result = result
        return result.outputs()


class Run(WalkAlgorithm):
    ID = "run"
    TITLE = "一键处理"
    HELP = (
        "依次运行：图斑入库 → 套合分析 → 照片挂接 → 合法性判定建议（需要照片证据）→ 导出卷宗 → 台账与统计。工作库、卷宗和报表未指定时，"
        "写入下发数据旁的「卫片成果」文件夹。入库到照片挂接是一个整体：中途停止或出错，工作库保持原样；卷宗逐个完整写入，可以续跑。"
    )
    REQUIRED = names(DELIVERY, CATALOGUE)
    OPTIONAL = names(PHOTOS, PROFILE, WORKSPACE, *_CHOSEN)
    COUNTS = ("PARCELS", "REFUSED", "JUDGED", "FAILED", "ATTACHED", "WRITTEN", "COMPLETE")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        beside = Path(values[DELIVERY.name]).resolve().parent / "卫片成果"
        places = {WORKSPACE.name: beside / "工作库.gpkg", PACKAGES.name: beside / "卷宗", REPORT.name: beside / "报表"}
        return super().work({**values, **{name: values[name] or str(path) for name, path in places.items()}}, feedback)
