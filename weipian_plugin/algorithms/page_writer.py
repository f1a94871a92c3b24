"""Location maps (位置图) on the shipped page, composed on whichever thread asks: the window goes on meanwhile.

Imagery is rendered once and laid into picture and PDF alike; outlines and labels are drawn on both, texts stay texts in the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QEventLoop
from qgis.PyQt.QtGui import QColor, QImage, QPaintDevice, QPainter

from ..evidence.timeline import DatedImage
from ..filing import FilingRules, MapFile, ParcelCase
from ..filing.fields import PackageFacts, values_of
from ..filing.normalise import fixed_pdf
from ..model.errors import WeipianError
from ..model.messages import Message
from .label_text import plain_text
from .map_scene import Scene, SceneMaker
from .maps import map_path, pdf_writer
from .page_painter import MILLIMETRES_OF_AN_INCH, PagePainter, rendered
from .page_template import LabelItem, PageTemplate, PictureItem
from .png import write_png


class PageWriter:
    """Draws the maps of many parcels on the thread that made it; :meth:`close` when done.

    ``page``: see :func:`page_template.read_page`; ``images``: see :func:`map_scene.images_of`; ``grid``: with 坐标格网.
    """

    def __init__(
        self, page: PageTemplate, images: Sequence[DatedImage], dpi: int, rules: FilingRules, grid: bool = False
    ) -> None:
        self._page, self._dpi, self._rules, self._grid = page, dpi, rules, grid
        self._timers = (
            QEventLoop()
        )  # never runs: with it, Qt lets the models of legends have their timers in this thread
        self._scenes = SceneMaker(images, rules)

    def remarks(self) -> tuple[Message, ...]:
        """What is to be said of the imagery, see :meth:`SceneMaker.remarks`."""
        return self._scenes.remarks()

    def close(self) -> None:
        """Let go of the layers, so that Windows can delete the files they had open."""
        self._scenes.close()

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        """The map of ``case`` as pdf and png in ``folder``; the same case gives the same bytes.

        Raises ``filing.map_without_geometry`` and ``filing.map_failed``.
        """
        scene = self._scenes.scene(case, self._page.papers())
        texts, underlays = self._texts(scene), self._underlays(scene)
        painter = PagePainter(self._page, scene, self._scenes.layers, texts, underlays, self._grid)
        pdf, png = (map_path(folder, case.number, suffix) for suffix in ("pdf", "png"))
        page = self._blank()
        self._draw(painter, page, Qgis.TextRenderFormat.AlwaysOutlines, png)
        write_png(page, png)
        writer = pdf_writer(pdf, self._dpi, self._page.width, self._page.height)
        self._draw(painter, writer, Qgis.TextRenderFormat.AlwaysText, pdf)
        pdf.write_bytes(fixed_pdf(pdf.read_bytes()))
        return MapFile(pdf, lacks=scene.lacking), MapFile(png, lacks=scene.lacking)

    def _draw(self, page: PagePainter, device: QPaintDevice, text: Qgis.TextRenderFormat, path: Path) -> None:
        painter = QPainter()
        if not painter.begin(device):
            raise WeipianError("filing.map_failed", parcel=page.scene.case.number, path=str(path))
        page.draw(painter, self._dpi, text)
        if not painter.end():
            raise WeipianError("filing.map_failed", parcel=page.scene.case.number, path=str(path))

    def _texts(self, scene: Scene) -> dict[int, str]:
        """The text of each label, by its place among the items."""
        fields = {**values_of(scene.case, self._rules, PackageFacts()).fields, **scene.texts}
        return {
            place: plain_text(item.placeholders, fields) if item.placeholders else item.text
            for place, item in enumerate(self._page.items)
            if isinstance(item, LabelItem)
        }

    def _underlays(self, scene: Scene) -> dict[str, QImage]:
        """The imagery of each picture."""
        pictures = (item for item in self._page.items if isinstance(item, PictureItem))
        return {item.name: rendered(item, scene, self._dpi) for item in pictures if scene.rasters.get(item.name)}

    def _blank(self) -> QImage:
        width, height = (
            int(side * self._dpi / MILLIMETRES_OF_AN_INCH) for side in (self._page.width, self._page.height)
        )
        page = QImage(width, height, QImage.Format.Format_RGB32)
        page.setDotsPerMeterX(int(self._dpi / MILLIMETRES_OF_AN_INCH * 1000))
        page.setDotsPerMeterY(int(self._dpi / MILLIMETRES_OF_AN_INCH * 1000))
        page.fill(QColor("white"))
        return page
