"""历史影像对比: one page of a parcel's dated pictures at one scale, each with its date and source, outline and north arrow.

Read windowed by GDAL and painted on an image in memory: no layer and no layout, so that any thread may do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from ..evidence.timeline import DatedImage, Timeline
from ..filing import MapFile, ParcelCase
from ..filing.case import HISTORY
from ..formats.catalogue import is_service
from ..geodesy import zone as zones
from ..model.dates import DateSpan, span_text
from ..model.errors import WeipianError
from ..office.text import file_name
from .image_pictures import Pixels, first_read, shown, with_outline
from .maps import segment_of
from .raster_window import Window

#: Round scales of the pictures, finest first; the parcel takes at most this share of a picture.
_SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000)
_SHARE = 0.6
_DPI = 150
_STRIP = 64  # rows of pixels looked at together
_PAGE = (1754, 1240)  # pixels of A4 across
_MARGIN, _HEAD, _FOOT, _LINES, _GAP = 60, 130, 70, 62, 18
_COLUMNS, _ROWS = 3, 2
_TALLEST = 120  # percent of its width that a picture may be high
_BAR_ROOM = 420  # pixels of the foot for the scale bar
#: An image that has less of the parcel says nothing of what stood there.
_SEEN = 0.6


@dataclass(frozen=True)
class _Picture:
    image: DatedImage
    pixels: Pixels


def history_sheets(case: ParcelCase, line: Timeline, folder: Path) -> tuple[MapFile, ...]:
    """The pages of a parcel as png in ``folder``, six pictures each; none where fewer than two dated images show it.

    Raises ``filing.map_failed``.
    """
    geometry = case.geometry
    if geometry is None or geometry.is_empty:
        return ()
    centre = shapely.centroid(geometry)
    zone = int(zones.zone_of(centre.x))
    plane = zones.project([geometry], zone)[0]
    rows, columns = _cell(len(line.images))
    scale = _scale(plane, rows, columns)
    window = _window(plane, zone, scale, (rows, columns))
    pictures = [picture for image in line.images for picture in _picture(image, plane, window)]
    if len(pictures) < 2:
        return ()
    left_out = [image.title for image in line.images if is_service(image.sources[0].source)]
    north = zones.convergence(float(centre.x), float(centre.y), zone)
    each = _COLUMNS * _ROWS
    pages = [pictures[start : start + each] for start in range(0, len(pictures), each)]
    result = []
    for number, page in enumerate(pages, start=1):
        name = f"{file_name(case.number, 60)}_history_{number}.png"
        sheet = _Sheet(case, line, scale, north, f"{number}/{len(pages)}" if len(pages) > 1 else "")
        if not sheet.draw(page, left_out).save(str(folder / name), "PNG", 80):
            raise WeipianError("filing.map_failed", parcel=case.number, path=str(folder / name))
        result.append(MapFile(folder / name, HISTORY))
    return tuple(result)


def _cell(count: int) -> tuple[int, int]:
    """Rows and columns of pixels of a picture: two pictures have the page to themselves."""
    across, down = min(_COLUMNS, max(2, count)), 1 if count <= _COLUMNS else _ROWS
    width = (_PAGE[0] - 2 * _MARGIN - (across - 1) * _GAP) // across
    height = (_PAGE[1] - _HEAD - _FOOT - down * _LINES - (down - 1) * _GAP) // down
    return min(height, width * _TALLEST // 100), width


def _scale(plane: shapely.Geometry, rows: int, columns: int) -> int:
    west, south, east, north = plane.bounds
    room = [_SHARE * pixels * 0.0254 / _DPI for pixels in (columns, rows)]
    fits = (scale for scale in _SCALES if east - west <= room[0] * scale and north - south <= room[1] * scale)
    return next(fits, _SCALES[-1])


def _window(plane: shapely.Geometry, zone: int, scale: int, size: tuple[int, int]) -> Window:
    """The same ground for every date, the parcel in its middle."""
    west, south, east, north = plane.bounds
    metres = scale * 0.0254 / _DPI
    rows, columns = size
    left, top = (west + east) / 2 - columns * metres / 2, (south + north) / 2 + rows * metres / 2
    return Window(zones.epsg(zone, prefix=False), left, top, metres, size)


def _picture(image: DatedImage, plane: shapely.Geometry, window: Window) -> list[_Picture]:
    """The image with the parcel's outline, if it shows the parcel."""
    read = first_read(image.sources, window)
    if read is None:
        return []
    pixels, valid = read
    if _share_seen(plane, window, valid) < _SEEN:
        return []
    colours = np.where(valid[..., None], shown(pixels), 255).astype(np.uint8)
    return [_Picture(image, with_outline(colours, plane, window))]


def _share_seen(plane: shapely.Geometry, window: Window, valid: NDArray[np.bool_]) -> float:
    """Share of the parcel that an image has; looked at in strips, because all points of a page would take more room than the page."""
    west, south, east, north = plane.bounds
    (left, top), (right, bottom) = window.pixels_of(west, north), window.pixels_of(east, south)
    rows, columns = window.size
    first, last = max(0, int(left) - 1), min(columns, int(right) + 2)
    x = window.west + (np.arange(first, last) + 0.5) * window.metres
    inside = seen = 0
    for start in range(max(0, int(top) - 1), min(rows, int(bottom) + 2), _STRIP):
        down = np.arange(start, min(start + _STRIP, rows))
        within = shapely.contains_xy(plane, *np.meshgrid(x, window.north - (down + 0.5) * window.metres))
        inside += int(within.sum())
        seen += int(valid[start : start + _STRIP, first:last][within].sum())
    return seen / inside if inside else 1.0


@dataclass(frozen=True)
class _Sheet:
    """One page. ``north``: convergence of the meridian in degrees; ``page``: number of the page where there are several."""

    case: ParcelCase
    line: Timeline
    scale: int
    north: float
    page: str

    def draw(self, pictures: Sequence[_Picture], left_out: Sequence[str]) -> QImage:
        image = QImage(*_PAGE, QImage.Format.Format_RGB32)
        image.setDotsPerMeterX(round(_DPI / 0.0254))
        image.setDotsPerMeterY(round(_DPI / 0.0254))
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self._head(painter)
            across = min(_COLUMNS, max(2, len(self.line.images)))
            for place, picture in enumerate(pictures):
                rows, columns = picture.pixels.shape[:2]
                x = _MARGIN + place % across * (columns + _GAP)
                y = _HEAD + place // across * (rows + _LINES + _GAP)
                self._one(painter, picture, x, y)
            self._foot(painter, left_out)
        finally:
            painter.end()
        return image

    def _head(self, painter: QPainter) -> None:
        width = _PAGE[0] - 2 * _MARGIN
        painter.setFont(_font(36, bold=True))
        painter.drawText(QRectF(_MARGIN, 30, width, 54), Qt.AlignmentFlag.AlignCenter, "历史影像对比")
        painter.setFont(_font(22))
        parcel = self.case.parcel
        place = "　".join((parcel.county, parcel.township, parcel.village))
        text = f"图斑 {self.case.number}　{place}".strip() + (f"　第 {self.page} 页" if self.page else "")
        painter.drawText(QRectF(_MARGIN, 84, width, 36), Qt.AlignmentFlag.AlignCenter, text)

    def _one(self, painter: QPainter, picture: _Picture, x: int, y: int) -> None:
        rows, columns = picture.pixels.shape[:2]
        content = QImage(picture.pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        painter.drawImage(x, y, content)
        painter.setPen(QPen(QColor("#333333"), 1))
        painter.drawRect(x, y, columns, rows)
        _north_arrow(painter, QPointF(x + columns - 34, y + 44), -self.north)
        painter.setPen(QColor("black"))
        painter.setFont(_font(24, bold=True))
        notes = [
            name
            for name, one in (("前时相", self.line.before), ("后时相", self.line.after))
            if _same(one, picture.image)
        ]
        date = picture.image.date_text + "".join(f"　{note}" for note in notes)
        painter.drawText(QRectF(x, y + rows + 2, columns, 32), Qt.AlignmentFlag.AlignLeft, date)
        painter.setFont(_font(18))
        source = painter.fontMetrics().elidedText(
            "来源：" + _source(picture.image), Qt.TextElideMode.ElideMiddle, columns
        )
        painter.drawText(QRectF(x, y + rows + 34, columns, 26), Qt.AlignmentFlag.AlignLeft, source)

    def _foot(self, painter: QPainter, left_out: Sequence[str]) -> None:
        painter.setPen(QColor("black"))
        painter.setFont(_font(18))
        seen = DateSpan.of_interval(self.case.parcel.first_seen or "")
        parts = [f"各图比例尺均为 1:{self.scale}（A4 横向打印）", "CGCS2000 三度带", "蓝线为图斑范围", "箭头指真北"]
        parts += [f"影像首见标记：动工区间 {span_text(seen)}"] if seen else []
        parts += ["在线影像未列入：" + "、".join(left_out)] if left_out else []
        box = QRectF(_MARGIN, _PAGE[1] - _FOOT, _PAGE[0] - 2 * _MARGIN - _BAR_ROOM, _FOOT - 12)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), "；".join(parts) + "。")
        _scale_bar(painter, self.scale)


def _scale_bar(painter: QPainter, scale: int) -> None:
    """Four segments of round metres at the right of the foot, black and white in turn."""
    metres = 2 * segment_of(scale)
    length = metres / scale / 0.0254 * _DPI
    left, top = _PAGE[0] - _MARGIN - length - 50, _PAGE[1] - _FOOT + 26
    painter.setPen(QPen(QColor("black"), 1.5))
    for step, colour in enumerate(("black", "white", "black", "white")):
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(left + step * length / 4, top, length / 4, 9))
    for share, text in ((0.0, "0"), (0.5, f"{metres / 2:g}"), (1.0, f"{metres:g} 米")):
        box = QRectF(left + share * length - 60, top - 26, 120, 24)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _same(one: DatedImage | None, other: DatedImage) -> bool:
    return one is not None and other.key in {source.source for source in one.sources}


def _source(image: DatedImage) -> str:
    more = f" 等 {len(image.sources)} 幅" if len(image.sources) > 1 else ""
    name = Path(image.key).name
    return (image.title if image.title == Path(name).stem else f"{image.title}（{name}）") + more


def _north_arrow(painter: QPainter, tip: QPointF, degrees: float) -> None:
    """An arrow with N, ``degrees`` clockwise from the top of the picture."""
    painter.save()
    painter.translate(tip)
    painter.rotate(degrees)
    painter.setPen(QPen(QColor("black"), 1.5))
    painter.setBrush(QColor("white"))
    painter.drawPolygon(QPolygonF([QPointF(0, -20), QPointF(12, 18), QPointF(0, 10), QPointF(-12, 18)]))
    painter.setFont(_font(16, bold=True))
    painter.drawText(QRectF(-12, 17, 24, 22), Qt.AlignmentFlag.AlignCenter, "N")
    painter.restore()


def _font(pixels: int, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
