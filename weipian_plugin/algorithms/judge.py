"""``weipian:judge``: measurements become proposals."""

from __future__ import annotations

from ..pipeline.propose import ProposeJudgments
from .step import StepAlgorithm


class Judge(StepAlgorithm):
    COMMAND = ProposeJudgments
    HELP = (
        "按判定规则给出每个图斑（或拟拆分地块）的建议类别、理由、缺少的证据和改变结论的条件。软件只提建议，不作认定；"
        "已有的人工判定不会被覆盖，依据变化时会标记「依据已变」。"
    )
