"""Land and documents as registers write them, for the tests of judgment: texts in columns, read by the overlay's own readers.

Timing, force and doubts of a document are never said by the test: they follow from its texts and the images of the parcel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Optional

import numpy as np

from tests.unit.judgment.frames import EARLIER, LATER, Cover, Plot
from weipian_plugin.overlay.documents import AREA, REPAIRED, read_documents, stated_areas
from weipian_plugin.overlay.settings import load_settings
from weipian_plugin.overlay.timing import TIMINGS, day_spans, timing_of


@dataclass(frozen=True)
class Paper:
    """A document over some cells: ``status`` is a column and its text, ``area`` the stated one, ``repaired`` whether its shape was."""

    role: str
    cells: frozenset[int]
    number: Optional[str] = "渝府地〔2022〕100号"
    date: Optional[str] = "2022-06-15"
    until: Optional[str] = None
    status: tuple[str, str] = ("BZ", "")
    use: Optional[str] = None
    authority: Optional[str] = None
    kind: Optional[str] = None
    project: Optional[str] = None
    area: str = ""
    repaired: bool = False


@dataclass(frozen=True)
class Land:
    """A parcel, what was registered of it, and into which parts it is divided; ``values``: measures (m² are shared among the parts)."""

    plot: Plot
    papers: tuple[Paper, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def plot_of(land: Land) -> Plot:
    """The parcel with its documents read, its measures over the whole and every part."""
    images = land.plot.attributes.get("earlier_image", EARLIER), land.plot.attributes.get("later_image", LATER)
    cell = land.plot.area / land.plot.count
    covers = tuple(_cover(paper, images, len(paper.cells) * cell) for paper in land.papers)
    parts = {
        name: {measure: _share(value, len(cells) / land.plot.count) for measure, value in land.values.items()}
        for name, cells in land.plot.parts.items()
    }
    return replace(land.plot, covers=covers, values=land.values, part_values=parts)


def _share(value: Any, share: float) -> Any:
    return value * share if isinstance(value, float) and value > 100 else value


def _cover(paper: Paper, images: tuple[Optional[str], Optional[str]], size: float) -> Cover:
    date, until, status, doubt, timing = _read(paper.number, paper.date, paper.until, paper.status, images)
    doubts = [doubt, REPAIRED if paper.repaired else "", AREA if _unfit(paper.area, size) else ""]
    return Cover(
        paper.role, paper.cells, timing, paper.number, date, until, paper.use, paper.project, paper.authority, paper.kind, status,
        " ".join(filter(None, doubts)),
    )  # fmt: skip


@lru_cache(maxsize=65536)
def _read(
    number: Optional[str],
    date: Optional[str],
    until: Optional[str],
    status: tuple[str, str],
    images: tuple[Optional[str], Optional[str]],
) -> tuple[Optional[str], Optional[str], str, str, str]:
    texts = {"document": number, "date": date, "until": until, f"status0_{status[0]}": status[1]}
    read = read_documents(lambda key: np.array([texts.get(key) or ""], object), frozenset(texts))
    (earlier, _), (later, latest) = (day_spans([image]) for image in images)
    void = np.array([bool(read.status[0])])
    timing = TIMINGS[int(timing_of(*read.days, np.array([earlier, later, latest]), void)[0])]
    return read.date[0] or None, read.until[0] or None, str(read.status[0]), str(read.doubt[0]), timing


@lru_cache(maxsize=4096)
def _unfit(text: str, size: float) -> bool:
    rule = load_settings().stated_area
    return bool(stated_areas(lambda key: np.array([text], object), frozenset(("area",)), np.array([size]), rule)[1][0])
