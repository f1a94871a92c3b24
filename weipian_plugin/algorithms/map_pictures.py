"""The maps of a run, wherever the run itself is: drawn on the main thread, let go of at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from ..filing import MapFile, ParcelCase, wants_history
from ..model.messages import Message
from ..model.records import LayerSource
from ..toolbelt.settings import Settings
from ..toolbelt.threads import run_in_main_thread
from .history_sheet import history_sheets
from .maps import MapMaker


@dataclass(frozen=True)
class MapPictures:
    """``inputs``: what the maps are made from; ``render`` draws one parcel's map into a folder; ``remarks``: what is to be said of the
    imagery, once a map was drawn."""

    inputs: Mapping[str, Any]
    render: Callable[[ParcelCase, Path], tuple[MapFile, ...]]
    remarks: Callable[[], tuple[Message, ...]]


@contextmanager
def map_maker(layers: Sequence[LayerSource], settings: Settings, history: bool = False) -> Iterator[MapPictures]:
    """Maps with the imagery of ``layers``; layers and layout live in the main thread, as QGIS asks.

    ``history``: a history sheet for every parcel, and not only where a dated image is wanted as proof (:func:`filing.wants_history`).
    """
    maker = run_in_main_thread(lambda: MapMaker(layers, int(settings.map_dpi)))

    def render(case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        drawing = run_in_main_thread(lambda: maker.start(case))
        drawing.wait()  # the window goes on meanwhile
        page = run_in_main_thread(lambda: maker.page(drawing))
        pdf = run_in_main_thread(lambda: maker.write_pdf(drawing, folder))
        maps: tuple[MapFile, ...] = drawing.files(folder, page, pdf)
        return (
            *maps,
            *(history_sheets(case, maker.timeline_of(case), folder) if history or wants_history(case) else ()),
        )

    try:
        yield MapPictures(
            {**run_in_main_thread(lambda: maker.inputs), **({"history": True} if history else {})},
            render,
            lambda: run_in_main_thread(maker.remarks),
        )
    finally:
        run_in_main_thread(maker.close)
