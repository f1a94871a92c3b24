"""``weipian:fieldreturn``: what came back from the field is compared, then merged into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..evidence.fieldwork import merging, read_return
from ..evidence.fieldwork.returned import EditStatus, FilmStatus
from ..model.messages import Message
from ..office.sheet import SheetTable, write_sheets
from ..pipeline import report
from ..pipeline.command import opened
from ..pipeline.match_photos import MatchPhotos
from ..pipeline.parameters import COUNTY, PREVIEW, REPORT, TARGET, WORKSPACE
from ..toolbelt import settings
from ..workspace.places import place_of
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback

_REPORT = "field-return.xlsx"
_PHOTOS = "外业照片"


class FieldReturns(WeipianAlgorithm):
    ID = "fieldreturn"
    TITLE = "外业包回收"
    HELP = (
        "读取从手机拷回的外业文件夹，按编号与工作库比较：新增、更新、冲突（室内已改，保留工作库现值）、已回收过；"
        "照片经举证检查后挂接，缺失和空文件列名不收。勾选「只预览」时不写入。可重复回收，不会重复登记，也不会覆盖工作库。"
    )
    REQUIRED = names(WORKSPACE, TARGET)
    OPTIONAL = names(REPORT, PREVIEW, COUNTY)
    COUNTS = ("NEW", "CHANGED", "CONFLICTS", "PHOTOS", "REJECTED")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        workspace, who = place_of(values[WORKSPACE.name]), settings.read().signer
        target = Path(values[REPORT.name]) if values[REPORT.name] else None
        if target:
            report.prepare_folder(target)
        with opened(workspace) as store:
            preview = read_return(store, Path(values[TARGET.name]))
            for note in preview.notes:
                feedback.report(note, "warning")
            for photo in preview.photos:
                if photo.reason is not None:
                    feedback.report(photo.reason, "warning")
            if target:
                write_sheets(
                    target / _REPORT,
                    [
                        SheetTable("填写内容", *merging.rows_of(preview)),
                        SheetTable("照片", *merging.photo_rows(preview)),
                    ],
                )
            if not values[PREVIEW.name]:
                merging.take_values(store, preview, who)
                folder = merging.gather_photos(preview, store.path.parent / _PHOTOS)
                if folder is not None:
                    reach = settings.read().photo_reach
                    MatchPhotos(workspace, (str(folder),), photo_range=reach, who=who).run(store, feedback)
        counts = {
            "NEW": preview.count(EditStatus.NEW),
            "CHANGED": preview.count(EditStatus.CHANGED),
            "CONFLICTS": preview.count(EditStatus.CONFLICT),
            "PHOTOS": preview.count(FilmStatus.GOOD),
            "REJECTED": preview.count(FilmStatus.REJECTED),
        }
        feedback.report(Message("evidence.field_summary", {name.lower(): count for name, count in counts.items()}))
        return counts
