"""``weipian:repair``: is a workspace damaged, and the way back from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model.messages import Message
from ..pipeline.parameters import COPY, FULL, PREVIEW, WORKSPACE
from ..toolbelt import settings
from ..workspace import repair
from .base import WeipianAlgorithm, existing, names, workspace_in
from .feedback import ProcessingFeedback


class Repair(WeipianAlgorithm):
    ID = "repair"
    TITLE = "修复工作库"
    HELP = (
        "检查工作库是否损坏（勾选「完整检查」则逐页核对，并核对操作记录与各表）。已损坏时，用「…-备份」文件夹中最新的完好副本恢复为旁边的"
        "新文件「…-已恢复.gpkg」，并补上损坏文件的操作记录中此后的判定、证明材料、整改等；原文件和副本都不改动。"
    )
    REQUIRED = names(WORKSPACE)
    OPTIONAL = names(COPY, FULL, PREVIEW)
    COUNTS = ("DAMAGED", "DOUBTS", "REPLAYED", "UNREADABLE")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        place = workspace_in(values)
        result = repair.examine(place, bool(values[FULL.name]))
        for doubt in result.doubts:
            feedback.report(doubt, "warning")
        results = {
            "DAMAGED": int(result.damage is not None),
            "DOUBTS": len(result.doubts),
            "REPLAYED": 0,
            "UNREADABLE": 0,
        }
        if result.damage is None:
            code = "workspace.sound_full" if values[FULL.name] else "workspace.sound_quick"
            if not result.doubts:
                feedback.report(Message(code, {"path": str(place)}))
            return results
        feedback.report(result.damage, "warning")
        if values[PREVIEW.name] or not isinstance(place, Path):  # a server's copies are its administrator's
            return results
        made = repair.repair(place, settings.read().signer, existing(values, COPY) if values[COPY.name] else None)
        self._say(place, made, feedback)
        restored = made.restored
        return {
            **results,
            "REPLAYED": restored.replayed,
            "UNREADABLE": restored.unreadable,
            "RESTORED": str(made.target),
        }

    def _say(self, path: Path, made: repair.Repaired, feedback: ProcessingFeedback) -> None:
        named = {"target": str(made.target), "copy": str(made.copy)}
        restored = made.restored
        if restored.journal_read:
            counts = {"replayed": restored.replayed, "unreadable": restored.unreadable}
            feedback.report(Message("workspace.repaired", {**named, **counts}))
        else:
            feedback.report(Message("workspace.repaired_to_copy", {**named, "path": str(path)}), "warning")
        if restored.to_run_again:
            feedback.report(Message("workspace.run_again", {"steps": "、".join(restored.to_run_again)}), "warning")
