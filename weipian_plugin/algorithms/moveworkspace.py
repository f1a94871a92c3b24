"""``weipian:moveworkspace``: a workspace from a file to a server, or back."""

from __future__ import annotations

from typing import Any

from ..model.messages import Message
from ..pipeline.parameters import MOVE_TARGET, WORKSPACE
from ..toolbelt import settings
from ..workspace import moving
from ..workspace.places import place_of
from .base import WeipianAlgorithm, names, workspace_in
from .feedback import ProcessingFeedback


class MoveWorkspace(WeipianAlgorithm):
    ID = "moveworkspace"
    TITLE = "工作库迁移"
    HELP = (
        "把工作库从文件（gpkg）迁到服务器（多人工作库），或从服务器迁回文件。逐行写入并逐行比对，操作记录的衔接一并核对；目标不得已存在，"
        "原工作库不改动。迁移后请只在新的工作库上继续工作。"
    )
    REQUIRED = names(WORKSPACE, MOVE_TARGET)
    COUNTS = ("ROWS", "FILES", "MISSING")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        source, target = workspace_in(values), place_of(values[MOVE_TARGET.name])
        moved = moving.move(source, target, settings.read().signer)
        counts = {"ROWS": moved.rows, "FILES": moved.files, "MISSING": moved.missing}
        shown = {"path": str(source), "target": str(target), **{name.lower(): count for name, count in counts.items()}}
        feedback.report(Message("workspace.moved", shown), "warning" if moved.missing else "info")
        return counts
