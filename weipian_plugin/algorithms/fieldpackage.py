"""``weipian:fieldpackage``: a folder for QField and Mergin, pages for a phone and a task sheet to print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..evidence import fieldwork
from ..formats.catalogue import read_catalogue
from ..model.messages import Message
from ..pipeline.command import opened
from ..pipeline.export_packages import parcels_with_outcome
from ..pipeline.parameters import CATALOGUE, COUNTY, FILTER, TARGET, WORKSPACE
from ..pipeline.remembered import remembered
from ..pipeline.roads import road_lines
from ..toolbelt.threads import run_in_main_thread
from ..workspace.places import place_of
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback
from .field_project import FieldProject
from .selection import choose


class _OnMainThread:
    """The project writer, called from the thread of the work."""

    def __init__(self, project: FieldProject) -> None:
        self._project = project

    def imagery_bytes(self, parcels: Any) -> int:
        return int(run_in_main_thread(lambda: self._project.imagery_bytes(parcels)))

    def write(self, folder: Path, parcels: Any) -> Any:
        return run_in_main_thread(lambda: self._project.write(folder, parcels))


class FieldPackages(WeipianAlgorithm):
    ID = "fieldpackage"
    TITLE = "外业包导出"
    HELP = (
        "为所选图斑生成外业文件夹：QField、Mergin Maps 可直接打开的工程（图斑锁定、照片子表、中文表单、裁剪后的前后时相影像），"
        "手机网页 index.html（位置、导航、待拍方向）和可打印的外业任务单 tasks.html。用数据线或存储卡拷入手机，不需要服务器；"
        "图斑和审批资料可能受控，请勿上传公共云。"
    )
    REQUIRED = names(WORKSPACE, TARGET)
    OPTIONAL = names(CATALOGUE, FILTER, COUNTY)
    COUNTS = ("PARCELS", "BYTES", "WAY")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        with opened(place_of(values[WORKSPACE.name])) as store:
            numbers = choose(parcels_with_outcome(store), values[FILTER.name])
            named = Path(values[CATALOGUE.name]) if values[CATALOGUE.name] else remembered(store, "catalogue")
            layers = read_catalogue(named) if named is not None and named.is_file() else ()
            project = FieldProject(layers)
            if project.skipped:
                feedback.report(Message("evidence.field_services", {"names": "、".join(project.skipped)}), "warning")
            writer = _OnMainThread(project)
            size = fieldwork.estimate(store, numbers, writer)
            feedback.report(
                Message("evidence.field_estimate", {"parcels": len(numbers), "megabytes": f"{size / 1e6:.0f}"})
            )
            made = fieldwork.write_package(
                store,
                numbers,
                Path(values[TARGET.name]),
                writer,
                roads=lambda parcels: road_lines(
                    layers, [parcel.lon for parcel in parcels], [parcel.lat for parcel in parcels], feedback
                ),
            )
        way = "evidence.field_way_roads" if made.by_road else "evidence.field_way_straight"
        feedback.report(Message(way, {"kilometres": f"{made.way_m / 1000:.1f}"}))
        return {"PARCELS": len(made.parcels), "BYTES": made.size, "WAY": round(made.way_m)}
