"""``weipian:run``: the whole chain in one go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..judgment import load_profile
from ..model.feedback import Share, stop_if_cancelled
from ..model.messages import Message
from ..pipeline import chain
from ..pipeline.parameters import check_parameters
from ..toolbelt import settings
from ..workspace import Workspace
from ..workspace.working_copy import Brought, working_on_copy
from . import packages, selection
from .base import (
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
    WeipianAlgorithm,
)  # fmt: skip
from .feedback import ProcessingFeedback


class Run(WeipianAlgorithm):
    ID = "run"
    TITLE = "一键处理"
    HELP = (
        "依次运行：图斑入库 → 套合分析 → 照片挂接 → 合法性判定建议（需要照片证据）→ 导出卷宗 → 台账与统计。工作库、卷宗和报表未指定时，"
        "写入下发数据旁的「卫片成果」文件夹。入库到照片挂接是一个整体：中途停止或出错，工作库保持原样；卷宗逐个完整写入，可以续跑。"
    )
    REQUIRED = (DELIVERY, CATALOGUE)
    OPTIONAL = (
        PHOTOS,
        PROFILE,
        WORKSPACE,
        PACKAGES,
        REPORT,
        FILTER,
        AS_OF,
        ENCODING,
        CRS,
        UNIT,
        FIELDS,
        KIND,
        COUNTY,
        REUSED,
    )
    COUNTS = ("PARCELS", "REFUSED", "JUDGED", "FAILED", "ATTACHED", "WRITTEN", "COMPLETE")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        beside = Path(plan.delivery).resolve().parent / "卫片成果"
        plan = replace(
            plan,
            workspace=plan.workspace or beside / "工作库.gpkg",
            packages=plan.packages or beside / "卷宗",
            report=plan.report or beside / "报表",
            photo_range=settings.read().photo_reach,
        )
        check_parameters(plan)
        load_profile(plan.profile)
        selection.check(plan.filter)
        results: dict[str, Any] = {}
        with chain.opened(plan, create=True) as store:
            # On a copy: a run that is cancelled or fails leaves the workspace as it was, and nobody waits for it.
            with working_on_copy(store) as aside:
                copy = aside.store
                results.update(chain.take_in(copy, plan, Share(feedback, 0.0, 0.1)))
                results.update(_renamed(chain.measure(copy, plan, Share(feedback, 0.1, 0.3)), REJECTED="SET_ASIDE"))
                if plan.photos:
                    results.update(
                        _renamed(chain.match_photos(copy, plan, Share(feedback, 0.3, 0.45)), REJECTED="PHOTOS_REFUSED")
                    )
                results.update(chain.propose(copy, plan, Share(feedback, 0.45, 0.5)))
                stop_if_cancelled(feedback)
                brought = aside.bring_back()
            if brought.touched:
                self._after_others(store, plan, brought, feedback)
            results.update(
                _renamed(
                    packages.export(store, plan, settings.read(), Share(feedback, 0.5, 0.95)), FAILED="PACKAGES_FAILED"
                )
            )
            results.update(chain.tabulate(store, plan, Share(feedback, 0.95, 1.0)))
        results["FAILED"] = int(results.get("FAILED", 0)) + int(results.get("PACKAGES_FAILED", 0))
        return results

    def _after_others(self, store: Workspace, plan: chain.Plan, brought: Brought, feedback: ProcessingFeedback) -> None:
        """Colleagues worked meanwhile: their values stay, and the proposals are made from what stands there now."""
        if brought.kept:
            details = {"count": len(brought.kept), "some": "、".join(brought.kept[:5])}
            feedback.report(Message("run.kept_of_others", details), "warning")
        chain.propose(store, replace(plan, report=None), Share(feedback, 0.5, 0.5))


def _renamed(results: dict[str, Any], **names: str) -> dict[str, Any]:
    """Counts that two steps call the same get their own name in the whole run."""
    return {names.get(name, name): value for name, value in results.items()}
