"""The maps of a run, wherever the run itself is, let go of at the end.

The shipped page is drawn on the run's own threads, each with a writer and layers of its own; an office's layout on the main thread, as QGIS
asks for layouts.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Protocol

from osgeo import gdal

from ..evidence.timeline import Timeline
from ..filing import MapFile, ParcelCase, load_rules, wants_history
from ..filing.forms import template_path
from ..model.messages import Message
from ..model.paths import shipped
from ..model.records import LayerSource
from ..toolbelt.settings import Settings
from ..toolbelt.threads import run_in_main_thread
from .history_sheet import history_sheets
from .map_scene import distinct, images_of, timeline_of
from .maps import TEMPLATE, MapMaker, map_inputs
from .page_template import read_page
from .page_writer import PageWriter

#: Packages that are written at once: while one waits for its bytes or is drawn, the other fills its forms.
_AT_ONCE = 2
#: Bytes of rasters that GDAL keeps while packages are written: parcels hardly share a tile, and its usual twentieth of the machine's
#: memory fills with tiles that nobody asks for again.
_RASTER_CACHE = 24 << 20


@dataclass(frozen=True)
class MapPictures:
    """``inputs``: what the maps are made from; ``render`` draws one parcel's map into a folder; ``remarks``: what is to be said of the
    imagery, once a map was drawn; ``at_once``: how many threads may render at the same time."""

    inputs: Mapping[str, Any]
    render: Callable[[ParcelCase, Path], tuple[MapFile, ...]]
    remarks: Callable[[], tuple[Message, ...]]
    at_once: int = 1


class _Drawer(Protocol):
    """What draws maps: a writer of pages on any thread, or a layout."""

    @property
    def inputs(self) -> dict[str, Any]: ...

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]: ...

    def timeline_of(self, case: ParcelCase) -> Timeline: ...

    def remarks(self) -> tuple[Message, ...]: ...

    def close(self) -> None: ...


@contextmanager
def map_maker(layers: Sequence[LayerSource], settings: Settings, history: bool = False) -> Iterator[MapPictures]:
    """Maps with the imagery of ``layers``.

    ``history``: a history sheet for every parcel, and not only where a dated image is wanted as proof (:func:`filing.wants_history`).
    """
    dpi = int(settings.map_dpi)
    own = template_path(TEMPLATE, None) != shipped("templates", TEMPLATE)
    drawer: _Drawer = _OnMainThread(layers, dpi) if own else _OnAnyThread(layers, dpi, settings.map_grid == "1")

    def render(case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        maps = drawer.render(case, folder)
        requested = history or wants_history(case)
        return (*maps, *(history_sheets(case, drawer.timeline_of(case), folder) if requested else ()))

    usual = _usual_raster_cache()
    gdal.SetCacheMax(min(usual, _RASTER_CACHE))
    try:
        inputs = {**drawer.inputs, **({"history": True} if history else {})}
        yield MapPictures(inputs, render, drawer.remarks, 1 if own else _AT_ONCE)
    finally:
        drawer.close()
        gdal.SetCacheMax(usual)


@lru_cache(maxsize=1)
def _usual_raster_cache() -> int:
    """What GDAL may keep of rasters when nothing is exported, in bytes: asked once, so that exports beside each other do not take the
    small one of the other for it."""
    return int(gdal.GetCacheMax())


class _OnMainThread:
    """A layout; the imagery is rendered while the window goes on."""

    def __init__(self, layers: Sequence[LayerSource], dpi: int) -> None:
        self._maker: MapMaker = run_in_main_thread(lambda: MapMaker(layers, dpi))

    @property
    def inputs(self) -> dict[str, Any]:
        result: dict[str, Any] = run_in_main_thread(lambda: self._maker.inputs)
        return result

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        maker = self._maker
        drawing = run_in_main_thread(lambda: maker.start(case))
        drawing.wait()
        page = run_in_main_thread(lambda: maker.page(drawing))
        pdf = run_in_main_thread(lambda: maker.write_pdf(drawing, folder))
        maps: tuple[MapFile, ...] = drawing.files(folder, page, pdf)
        return maps

    def timeline_of(self, case: ParcelCase) -> Timeline:
        return self._maker.timeline_of(case)

    def remarks(self) -> tuple[Message, ...]:
        result: tuple[Message, ...] = run_in_main_thread(self._maker.remarks)
        return result

    def close(self) -> None:
        run_in_main_thread(self._maker.close)


class _OnAnyThread:
    """A writer of pages for each thread that asks for one."""

    def __init__(self, layers: Sequence[LayerSource], dpi: int, grid: bool) -> None:
        self._images, self._dpi, self._rules, self._grid = images_of(layers), dpi, load_rules(), grid
        path = template_path(TEMPLATE, None)
        self._page = read_page(path, self._rules)
        self._of_thread = threading.local()
        self._writers: list[PageWriter] = []

    @property
    def inputs(self) -> dict[str, Any]:
        return {**map_inputs(self._page.path, self._dpi, self._images), **({"grid": True} if self._grid else {})}

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        return self._writer().render(case, folder)

    def timeline_of(self, case: ParcelCase) -> Timeline:
        return timeline_of(case, self._images)

    def remarks(self) -> tuple[Message, ...]:
        return distinct(message for writer in self._writers for message in writer.remarks())

    def close(self) -> None:
        for writer in self._writers:
            writer.close()

    def _writer(self) -> PageWriter:
        result = getattr(self._of_thread, "writer", None)
        if result is None:
            result = self._of_thread.writer = PageWriter(self._page, self._images, self._dpi, self._rules, self._grid)
            self._writers.append(result)
        return result
