"""``weipian:check``: every layer of a catalogue is opened and held against what the work needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..formats.catalogue_file import open_catalogue
from ..model.feedback import Share
from ..model.messages import Message
from ..pipeline import report
from ..pipeline.layer_check import check_layers
from ..pipeline.layer_report import write_report
from ..pipeline.parameters import CATALOGUE, COUNTY, REPORT, WORKSPACE
from ..pipeline.stored import parcels_of
from ..toolbelt.language import language
from ..workspace import Workspace
from .base import WeipianAlgorithm, existing, names, workspace_in
from .feedback import ProcessingFeedback


class Check(WeipianAlgorithm):
    ID = "check"
    TITLE = "图层清单检查"
    HELP = (
        "逐个打开图层清单中的图层，检查要素数、与本县范围的关系、坐标系、无效图形、重叠、日期和字段，并说明缺少什么会使建议缺什么。"
        "只读不写；报告写入报表文件夹，未指定时写在图层清单旁的「图层检查」文件夹。"
    )
    REQUIRED = names(CATALOGUE)
    OPTIONAL = names(WORKSPACE, REPORT, COUNTY)
    COUNTS = ("LAYERS", "GOOD", "WARNED", "BAD")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        catalogue = existing(values, CATALOGUE)
        folder = Path(values[REPORT.name]) if values[REPORT.name] else catalogue.resolve().parent / "图层检查"
        report.prepare_folder(folder)
        layers = open_catalogue(catalogue).sources()
        checked = check_layers(layers, self._parcels(values), Share(feedback, 0.0, 0.95), catalogue=catalogue)
        page = write_report(checked, folder, language())
        for one in checked.lacking:
            feedback.report(one.message, "warning" if one.level.value in ("warning", "error") else "info")
        counts = checked.counts()
        feedback.report(Message("check.summary", {**counts, "path": str(page)}))
        feedback.progress(1.0)
        return {name.upper(): count for name, count in counts.items()}

    def _parcels(self, values: dict[str, Any]) -> Any:
        """The box of the workspace's parcels, where there is one."""
        if not values[WORKSPACE.name]:
            return None
        store = Workspace.open(workspace_in(values))
        try:
            return tuple(parcels_of(store).total_bounds.tolist()) if store.count("parcel") else None
        finally:
            store.close()
