"""``weipian:change``: how strongly the two images differ at each parcel, to order the queue and to warn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from PIL import Image

from ..evidence.change import ChangeHint
from ..evidence.change_hints import is_striking, picture_of
from ..evidence.timeline import DatedImage, dated_images, of_images
from ..formats.catalogue import is_service, read_catalogue
from ..model import registers
from ..model.errors import WeipianError
from ..model.feedback import stop_if_cancelled
from ..model.messages import Message, render
from ..model.records import LayerSource, Parcel
from ..office.files import write_atomic
from ..office.text import file_name
from ..pipeline import report
from ..pipeline.command import opened
from ..pipeline.export_packages import parcels_with_outcome
from ..pipeline.parameters import CATALOGUE, COUNTY, FILTER, REPORT, WORKSPACE
from ..toolbelt import settings
from ..workspace.journal import now
from ..workspace.places import place_of
from ..workspace.repository import Repository
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback
from .image_pictures import Heat, heat_of
from .image_tags import read_tags
from .selection import choose


class Change(WeipianAlgorithm):
    ID = "change"
    TITLE = "影像变化提示"
    HELP = (
        "比较前后时相影像在每个图斑内的差异（配准、色彩匹配后与周边相比），给出 0–1 的变化提示，用于排序和提醒，"
        "不作为判定依据；作物收割、阴影、云和影像错位会使数值偏高。填写报表文件夹时另存三联图（前时相、后时相、差异）。"
    )
    REQUIRED = names(WORKSPACE)
    OPTIONAL = names(CATALOGUE, FILTER, REPORT, COUNTY)
    COUNTS = ("PARCELS", "COMPARED", "STRIKING")

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        folder = Path(values[REPORT.name]) if values[REPORT.name] else None
        if folder:
            report.prepare_folder(folder)
        with opened(place_of(values[WORKSPACE.name])) as store:
            numbers = choose(parcels_with_outcome(store), values[FILTER.name])
            images = _images(values[CATALOGUE.name] or store.setting("catalogue"))
            rows = []
            stored = Repository(store)
            for done, parcel in enumerate(stored.all(Parcel, number=numbers)):
                stop_if_cancelled(feedback)
                pair = _pair(images, parcel)
                heat = heat_of(parcel.geometry, *pair)
                rows.append(_row(parcel, pair, heat.hint))
                _save(heat, picture_of(store.path, parcel.number))  # the card shows it
                if folder:
                    _save(heat, folder / "heat" / f"{file_name(parcel.number)}.png")
                feedback.progress((done + 1) / max(len(numbers), 1))
            stored.replace(registers.ChangeHint, rows, settings.read().signer, "影像变化提示", parcel=numbers)
            if folder:
                _write_table(rows, folder)
        scores = [row.score for row in rows if row.score is not None]
        counts = {"PARCELS": len(rows), "COMPARED": len(scores), "STRIKING": sum(map(is_striking, scores))}
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


def _pair(images: Sequence[DatedImage], parcel: Parcel) -> Pair:
    """The files of the parcel's two dates."""
    line = of_images(images, parcel.earlier_image, parcel.later_image)
    return (line.before.sources if line.before else ()), (line.after.sources if line.after else ())


def _row(parcel: Parcel, pair: Pair, hint: ChangeHint) -> registers.ChangeHint:
    before, after = ("、".join(layer.title or Path(layer.source).name for layer in side) for side in pair)
    return registers.ChangeHint(
        parcel.number,
        before,
        after,
        score=None if hint.score is None else round(hint.score, 4),
        shift=f"{hint.shift[0]},{hint.shift[1]}",
        note="" if hint.reason is None else render(hint.reason),
        made_at=now(),
    )


def _write_table(rows: Sequence[registers.ChangeHint], folder: Path) -> None:
    columns = ("parcel", "score", "before_image", "after_image", "shift", "note")
    cells = ((row.parcel, row.score, row.before_image, row.after_image, row.shift, row.note) for row in rows)
    texts = [["" if cell is None else str(cell) for cell in row] for row in cells]
    report.write_csv(folder / "changes.csv", columns, texts)


def _save(heat: Heat, path: Path) -> None:
    """前时相, 后时相 and the difference side by side."""
    if heat.pixels is not None:
        picture = Image.fromarray(heat.pixels)
        write_atomic(path, lambda aside: picture.save(aside, "PNG"))
