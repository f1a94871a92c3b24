"""A damaged workspace: the window says so, offers the repair, and goes on with what it made."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtWidgets import QPushButton

from tests.gui.conftest import iface, until, wait
from tests.gui.test_every_window import processing_gui as processing_gui
from weipian_plugin.workspace import copies


def test_a_damaged_workspace_is_offered_for_repair_and_work_goes_on(
    plugin: Any, workspace: Path, processing_gui: Any
) -> None:
    workbench = plugin.workbench
    workbench.open_workspace(workspace)
    until(lambda: workbench.parts.session.rows, what="the queue is read")
    count = len(workbench.parts.session.rows)
    workbench.parts.close_workspace()
    copies.keep_daily(workspace)
    assert copies.copies_of(workspace), "the window has made the day's copy, or this has"
    content = bytearray(workspace.read_bytes())
    content[4096 * 4 : 4096 * 200] = random.Random(1).randbytes(4096 * 196)
    workspace.write_bytes(bytes(content))

    workbench.open_workspace(workspace)
    assert workbench.parts.session.store is None
    assert "修复工作库" in workbench.notifier.last[1]
    buttons = [
        button for button in iface.messageBar().currentItem().findChildren(QPushButton) if "修复" in button.text()
    ]
    opened: list[Any] = []
    run_dialog = workbench.parts.run_dialog
    workbench.parts.run_dialog = lambda *given: opened.append(run_dialog(*given))
    buttons[0].click()
    wait(0.5)
    (dialog,) = opened
    values = (
        dialog.createProcessingParameters()
        if hasattr(dialog, "createProcessingParameters")
        else dialog.getParameterValues()
    )
    assert Path(values["WORKSPACE"]) == workspace

    results, ok = dialog.algorithm().create().run(values, QgsProcessingContext(), QgsProcessingFeedback(), {}, False)
    dialog.close()
    assert ok and results["DAMAGED"] == 1
    workbench.open_workspace(Path(results["RESTORED"]))
    until(lambda: len(workbench.parts.session.rows) == count, what="the restored queue is read")
