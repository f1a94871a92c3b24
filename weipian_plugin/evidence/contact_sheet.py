"""A contact sheet (照片索引图) per parcel: thumbnails with number, azimuth, distance and time, and an arrow for the direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from .rows import present

_CELL, _PICTURE, _MARGIN, _COLUMNS = (420, 400), (400, 300), 10, 4
#: Fonts with Chinese characters of Windows, Linux and macOS; looked for in this order.
_FONTS = (
    "msyh.ttc", "simhei.ttf", "simsun.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-microhei.ttc",
    "PingFang.ttc", "STHeiti Medium.ttc", "DejaVuSans.ttf",
)  # fmt: skip
_FOLDERS = (
    "C:/Windows/Fonts",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/wqy",
    "/usr/share/fonts",
    "/System/Library/Fonts",
)


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    """A font with Chinese characters, or Pillow's own when the machine has none (Chinese then shows as boxes, nothing fails)."""
    for name in _FONTS:
        for candidate in (name, *(str(Path(folder, name)) for folder in _FOLDERS)):
            try:
                return ImageFont.truetype(candidate, size)
            except OSError:
                continue
    return ImageFont.load_default()


def contact_sheet(photos: Sequence[Mapping[str, Any]], path: Path, title: str = "") -> Path:
    """Write a JPEG with all ``photos``: mappings with ``picture`` (path of the file), and optionally ``number``, ``azimuth``, ``distance_m``,
    ``taken_at``, ``purpose``. A picture that cannot be opened gets an empty frame that says so. Raises OSError if ``path`` cannot be written."""
    rows = max(math.ceil(len(photos) / _COLUMNS), 1)
    columns = max(min(len(photos), _COLUMNS), 1)
    top = 50 if title else _MARGIN
    sheet = Image.new("RGB", (columns * _CELL[0] + _MARGIN, top + rows * _CELL[1]), "white")
    draw = ImageDraw.Draw(sheet)
    if title:
        _write(draw, (_MARGIN, 10), title, 26)
    for index, photo in enumerate(photos):
        left, upper = _MARGIN + (index % _COLUMNS) * _CELL[0], top + (index // _COLUMNS) * _CELL[1]
        _cell(sheet, draw, photo, index + 1, left, upper)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, "JPEG", quality=85)
    return path


def _cell(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, photo: Mapping[str, Any], turn: int, left: int, upper: int
) -> None:
    frame = (left, upper, left + _PICTURE[0], upper + _PICTURE[1])
    small = _thumbnail(Path(photo["picture"]))
    if small is None:
        draw.rectangle(frame, fill="#eeeeee", outline="#999999")
        _write(draw, (left + 120, upper + 135), "照片无法打开", 22)
    else:
        sheet.paste(small, (left + (_PICTURE[0] - small.width) // 2, upper + (_PICTURE[1] - small.height) // 2))
        draw.rectangle(frame, outline="#999999")
    if present(photo.get("azimuth")):
        _arrow(draw, left + _PICTURE[0] - 34, upper + 34, float(photo["azimuth"]))
    _write(draw, (left, upper + _PICTURE[1] + 6), f"{photo.get('number') or turn}  {photo.get('purpose') or ''}", 20)
    _write(draw, (left, upper + _PICTURE[1] + 34), "  ".join(_facts(photo)), 20)
    _write(draw, (left, upper + _PICTURE[1] + 62), str(photo.get("taken_at") or "时间不详").replace("T", " "), 20)


def _facts(photo: Mapping[str, Any]) -> list[str]:
    azimuth, distance = photo.get("azimuth"), photo.get("distance_m")
    return [
        f"方位角 {float(azimuth):.1f}°" if azimuth is not None and present(azimuth) else "无方位角",
        f"距图斑 {float(distance):.0f} m" if distance is not None and present(distance) else "距离不详",
    ]


def _thumbnail(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", _PICTURE)
            turned = ImageOps.exif_transpose(picture) or picture
            small = turned.convert("RGB")
            small.thumbnail(_PICTURE)
            return small
    except Exception:  # noqa: BLE001 - decoders fail in many ways; the sheet shows an empty frame instead
        return None


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int) -> None:
    try:
        draw.text(place, text, fill="black", font=_font(size))
    except UnicodeEncodeError:  # Pillow's own font without FreeType knows Latin 1 only
        draw.text(place, text.encode("ascii", "replace").decode("ascii"), fill="black", font=_font(size))


def _arrow(draw: ImageDraw.ImageDraw, x: float, y: float, azimuth: float) -> None:
    draw.ellipse((x - 26, y - 26, x + 26, y + 26), fill="white", outline="#333333")

    def at(turn: float, length: float) -> tuple[float, float]:
        angle = math.radians(azimuth + turn)
        return x + length * math.sin(angle), y - length * math.cos(angle)

    draw.polygon([at(0, 23), at(145, 15), at(180, 6), at(-145, 15)], fill="#c62828")
