"""``weipian:overviews``: 影像金字塔 for the images of a catalogue that have none, beside the file and never in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from osgeo import gdal

from ..evidence.timeline import ROLES, scenes_of
from ..formats.catalogue import is_remote, read_catalogue
from ..model.errors import Cancelled
from ..model.feedback import Feedback
from ..model.messages import Message
from ..pipeline.parameters import CATALOGUE, PREVIEW
from .base import WeipianAlgorithm, existing, names
from .feedback import ProcessingFeedback

#: Images whose longer side has fewer pixels are quick without.
_LEAST_PIXELS = 4096
#: Down to some hundred pixels, so that a county is shown from few blocks.
_LAST_SIDE = 512


class Overviews(WeipianAlgorithm):
    ID = "overviews"
    TITLE = "影像金字塔"
    HELP = (
        "为图层清单中没有金字塔的大幅影像建立金字塔（影像旁的 .ovr 文件，原文件不变），缩小显示和缩略图从此不再等待。"
        "勾选“只预览”时只列出缺少金字塔的影像。可以中途停止，未建完的文件会删除。"
    )
    REQUIRED = names(CATALOGUE)
    OPTIONAL = names(PREVIEW)
    COUNTS = ("IMAGES", "LACKING", "BUILT")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        layers = [layer for layer in read_catalogue(existing(values, CATALOGUE)) if layer.role in ROLES]
        files = [Path(scene.source) for layer in layers for scene in scenes_of(layer) if not is_remote(scene.source)]
        lacking = [path for path in dict.fromkeys(files) if lacks_overviews(path)]
        built = 0
        for done, path in enumerate(lacking):
            feedback.report(Message("evidence.overviews_missing", {"path": str(path)}), "info")
            if not values[PREVIEW.name]:
                built += _build(path, feedback, done / len(lacking), 1 / len(lacking))
        counts = {"IMAGES": len(files), "LACKING": len(lacking), "BUILT": built}
        feedback.report(Message("evidence.overviews_summary", {name.lower(): count for name, count in counts.items()}))
        return counts


def lacks_overviews(path: Path) -> bool:
    """Whether an image is large and has no overview in itself or beside it. One that cannot be opened lacks nothing that could be built."""
    dataset = _opened(path)
    if dataset is None or not dataset.RasterCount or max(dataset.RasterXSize, dataset.RasterYSize) < _LEAST_PIXELS:
        return False
    return int(dataset.GetRasterBand(1).GetOverviewCount()) == 0


def _opened(path: Path) -> Optional[Any]:
    try:
        return gdal.Open(str(path))
    except RuntimeError:
        return None


def _build(path: Path, feedback: Feedback, start: float, share: float) -> int:
    """Overviews beside ``path``; 1 where they were built. What is half done is removed. Raises :class:`Cancelled`."""
    dataset = _opened(path)
    if dataset is None:
        return 0
    longest, levels = max(dataset.RasterXSize, dataset.RasterYSize), [2]
    while longest / levels[-1] > _LAST_SIDE:
        levels.append(levels[-1] * 2)

    def told(part: float, *unused: object) -> int:
        feedback.progress(start + share * part)
        return 0 if feedback.cancelled() else 1

    options = {"COMPRESS_OVERVIEW": "DEFLATE", "BIGTIFF_OVERVIEW": "IF_SAFER", "SPARSE_OK_OVERVIEW": "TRUE"}
    for name, value in options.items():
        gdal.SetThreadLocalConfigOption(name, value)
    try:
        failed = dataset.BuildOverviews("AVERAGE", levels, told) != gdal.CE_None
    except RuntimeError:
        failed = True
    finally:
        for name in options:
            gdal.SetThreadLocalConfigOption(name, None)
    del dataset
    if not failed:
        return 1
    path.with_name(path.name + ".ovr").unlink(missing_ok=True)
    if feedback.cancelled():
        raise Cancelled()
    feedback.report(Message("evidence.overviews_failed", {"path": str(path)}), "warning")
    return 0
