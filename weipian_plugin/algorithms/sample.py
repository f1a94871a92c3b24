"""``weipian:sample``: the sample county."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..pipeline.parameters import TARGET
from ..sample import write_sample_county
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback


class Sample(WeipianAlgorithm):
    ID = "sample"
    TITLE = "生成示例县"
    HELP = (
        "在所选文件夹中生成一个完整的示例县：下发图斑、套合图层与图层清单、前后时相影像、照片和标准答案，供试用和测试。"
    )
    REQUIRED = names(TARGET)
    COUNTS = ("PARCELS",)

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        county = write_sample_county(
            Path(values[TARGET.name]), progress=feedback.progress, cancelled=feedback.cancelled
        )
        truth = json.loads(county.truth.read_text(encoding="utf-8"))
        return {
            "FOLDER": str(county.folder),
            "DELIVERY": str(county.delivery),
            "CATALOGUE": str(county.catalogue),
            "PHOTOS": str(county.photos),
            "TRUTH": str(county.truth),
            "PARCELS": len(truth["parcels"]),
        }
