"""``weipian:change``: how strongly the two images differ at each parcel, to order the queue and to warn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from PIL import Image

from ..evidence.change import ChangeHint, change_hint
from ..evidence.timeline import DatedImage, dated_images, of_images
from ..formats.catalogue import is_service, read_catalogue
from ..geodesy import zone as zones
from ..model.errors import WeipianError
from ..model.feedback import stop_if_cancelled
from ..model.messages import Message, render
from ..model.records import LayerSource
from ..office.files import write_atomic
from ..office.text import file_name
from ..pipeline import chain, report
from ..workspace.journal import now
from .base import CATALOGUE, COUNTY, FILTER, REPORT, WORKSPACE, WeipianAlgorithm
from .feedback import ProcessingFeedback
from .image_tags import read_tags
from .packages import parcels_with_outcome
from .raster_window import Window, read_window, window_around
from .selection import choose

#: Above it a proposal 实地未变化 is worth a second look (confidence: assumed; measured on the sample county only).
STRIKING = 0.7


class Change(WeipianAlgorithm):
    ID = "change"
    TITLE = "影像变化提示"
    HELP = (
        "比较前后时相影像在每个图斑内的差异（配准、色彩匹配后与周边相比），给出 0–1 的变化提示，用于排序和提醒，"
        "不作为判定依据；作物收割、阴影、云和影像错位会使数值偏高。填写报表文件夹时另存三联图（前时相、后时相、差异）。"
    )
    REQUIRED = (WORKSPACE,)
    OPTIONAL = (CATALOGUE, FILTER, REPORT, COUNTY)
    COUNTS = ("PARCELS", "COMPARED", "STRIKING")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        plan = chain.Plan.of(values)
        with chain.opened(plan) as store:
            numbers = choose(parcels_with_outcome(store), plan.filter)
            images = _images(values[CATALOGUE] or store.setting("catalogue"))
            rows = []
            for done, parcel in enumerate(store.records("parcel", number=numbers)):
                stop_if_cancelled(feedback)
                pair = _pair(images, parcel)
                hint, pictures = _compare(parcel["geometry"], pair)
                rows.append(_row(parcel, pair, hint))
                if plan.report and pictures is not None:
                    _save(pictures, hint, plan.report / "heat" / f"{file_name(parcel['number'])}.png")
                feedback.progress((done + 1) / max(len(numbers), 1))
            store.replace("change_hint", pd.DataFrame(rows), plan.who, "影像变化提示", parcel=numbers)
            if plan.report:
                _write_table(rows, plan.report)
        scores = [row["score"] for row in rows if row["score"] is not None]
        counts = {"PARCELS": len(rows), "COMPARED": len(scores), "STRIKING": sum(score >= STRIKING for score in scores)}
        feedback.report(Message("evidence.change_summary", {name.lower(): count for name, count in counts.items()}))
        return counts


def _images(catalogue: Optional[str]) -> tuple[DatedImage, ...]:
    """The files of all dates. Raises ``evidence.change_no_images``."""
    layers = read_catalogue(Path(catalogue)) if catalogue and Path(catalogue).is_file() else ()
    images = dated_images([layer for layer in layers if not is_service(layer.source)], read_tags)
    if len(images) < 2:
        raise WeipianError("evidence.change_no_images")
    return images


Pair = tuple[Sequence[LayerSource], Sequence[LayerSource]]


def _pair(images: Sequence[DatedImage], parcel: dict[str, Any]) -> Pair:
    """The files of the parcel's two dates."""
    line = of_images(images, parcel["earlier_image"], parcel["later_image"])
    return (line.before.sources if line.before else ()), (line.after.sources if line.after else ())


Pictures = tuple[NDArray[np.float32], NDArray[np.float32]]


def _compare(geometry: Any, pair: Pair) -> tuple[ChangeHint, Optional[Pictures]]:
    zone = int(zones.zone_of(shapely.centroid(geometry).x))
    plane = zones.project([geometry], zone)[0]
    window = window_around(plane, zone)
    read = [_first_read(sources, window) for sources in pair]
    if read[0] is None or read[1] is None:
        return ChangeHint(None, reason=Message("evidence.change_unseen", {"share": "0"})), None
    (before, before_seen), (after, after_seen) = read
    x, y = window.centres()
    inside = shapely.contains_xy(plane, x, y)
    return change_hint(before, after, inside, before_seen & after_seen), (before, after)


def _first_read(
    sources: Sequence[LayerSource], window: Window
) -> Optional[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    """The image of a date that shows most of the window."""
    found = [image for source in sources if (image := read_window(source, window)) is not None]
    return max(found, key=lambda image: int(image[1].sum()), default=None)


def _row(parcel: dict[str, Any], pair: Pair, hint: ChangeHint) -> dict[str, Any]:
    return {
        "parcel": parcel["number"],
        "before_image": "、".join(layer.title or Path(layer.source).name for layer in pair[0]),
        "after_image": "、".join(layer.title or Path(layer.source).name for layer in pair[1]),
        "score": None if hint.score is None else round(hint.score, 4),
        "shift": f"{hint.shift[0]},{hint.shift[1]}",
        "note": "" if hint.reason is None else render(hint.reason),
        "made_at": now(),
    }


def _write_table(rows: Sequence[dict[str, Any]], folder: Path) -> None:
    columns = ("parcel", "score", "before_image", "after_image", "shift", "note")
    texts = [["" if row[name] is None else str(row[name]) for name in columns] for row in rows]
    report.write_csv(folder / "changes.csv", columns, texts)


def _save(pictures: Pictures, hint: ChangeHint, path: Path) -> None:
    """前时相, 后时相 and the difference side by side."""
    if hint.heat is None:
        return
    grey = (255 * np.nan_to_num(hint.heat)).astype(np.uint8)
    heat = np.stack([grey, np.where(grey > 128, 255 - grey, grey), 255 - grey], axis=2)
    strip = np.concatenate([*(_shown(image) for image in pictures), heat], axis=1)
    write_atomic(path, lambda aside: Image.fromarray(strip).save(aside, "PNG"))


def _shown(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Eight bits and three bands, stretched between the 2nd and 98th percentile where the file has other numbers."""
    bands = image if image.shape[2] == 3 else np.repeat(image[..., :1], 3, axis=2)
    if bands.max() > 255 or bands.max() <= 1:
        low, high = np.percentile(bands, (2, 98))
        bands = 255 * np.clip((bands - low) / max(high - low, 1e-9), 0, 1)
    return bands.astype(np.uint8)
