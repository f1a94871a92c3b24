"""水印: a copy of a photo with its own data written on it; the original stays untouched beside it."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from ..formats.decoding import open_picture
from ..office.text import cell_text
from .case import PhotoEvidence

#: font files that hold Chinese, by system; the first that opens is taken
_FONTS = (
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


def lines(number: str, photo: PhotoEvidence) -> tuple[str, ...]:
    """What is written: parcel, time, position, azimuth. Absent values are said to be absent."""
    place = photo.position
    position = "无坐标" if place is None else f"东经 {place[0]:.6f}°　北纬 {place[1]:.6f}°"
    azimuth = "无方位角" if photo.azimuth is None else f"方位角 {photo.azimuth:.1f}°"
    return (cell_text(f"图斑 {number}"), cell_text(photo.taken_at or "无拍摄时间"), f"{position}　{azimuth}")


def stamped(path: Path, text: tuple[str, ...]) -> Optional[bytes]:
    """A JPEG with ``text`` in its lower left corner; None when the picture or a Chinese font cannot be had."""
    try:
        with open_picture(path) as image:
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, ZeroDivisionError, Image.DecompressionBombError):
        return None
    font = _font(max(12, picture.height // 40))
    if font is None:
        return None
    draw = ImageDraw.Draw(picture)
    step = int(font.size * 1.3)
    top = picture.height - step * len(text) - step // 2
    for position, line in enumerate(text):
        place = (step // 2, top + position * step)
        draw.text(place, line, font=font, fill="white", stroke_width=max(1, step // 16), stroke_fill="black")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _font(size: int) -> Optional[Any]:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
