"""照片一览: small pictures of all photos of a parcel with their captions, as a printable sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from PIL import ExifTags, Image, UnidentifiedImageError

from ..formats.decoding import open_picture
from ..formats.picture_hash import bits_apart, from_hex, picture_hash
from ..office.book import Band, Cell, Look, Margins, Page, Row, Sheet, plain, sized
from ..office.book_writer import book_bytes

#: picture on the sheet, pixels; three columns fit A4 upright
SIZE = (240, 180)
COLUMNS = 3
_PICTURE_ROW, _TEXT_ROW = 140.0, 54.0
_ROWS_A_PAGE = 4
_COLUMN_WIDTH = 35
_FOOTER_SIZE = 12  # the footer is fitted with the page
#: 12 points: fitted to one page wide they are more than 8 on paper
TEXT = Look("宋体", 12, vertical="top", wraps=True)
_ORIENTATION, _PREVIEW_START, _PREVIEW_LENGTH = 0x0112, 0x0201, 0x0202
_EXIF_HEAD = b"Exif\x00\x00"
_USEFUL_PREVIEW = 160
#: of 64 bits; two pictures of one scene differ in many more
_ALIKE_BITS = 6
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A photo on the sheet: the small JPEG (None when the file cannot be decoded) and its caption lines."""

    content: Optional[bytes]
    caption: str


def small(path: Path, phash: str = "") -> Optional[bytes]:
    """A small upright JPEG of the picture; None when Pillow cannot decode the file (the caption then stands alone).

    The preview inside the file is taken only if it looks like the picture itself, whose perceptual hash ``phash`` (16 hex digits, as
    recorded when the photo was read) it must meet: an editor may have left the preview of another state behind. Otherwise
    the picture is decoded, which costs some ten times as much.
    """
    try:
        with open_picture(path) as image:
            orientation = image.getexif().get(_ORIENTATION, 1)
            preview = _preview(image) if phash else None
            if preview is not None and _alike(preview, phash):
                picture = preview
            else:
                image.draft("RGB", SIZE)
                picture = image.convert("RGB")
        if orientation in _TURNS:
            picture = picture.transpose(_TURNS[orientation])
        picture.thumbnail(SIZE, Image.Resampling.BILINEAR)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=80)
        return buffer.getvalue()
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, ArithmeticError, Image.DecompressionBombError):
        return None


def _preview(image: Image.Image) -> Optional[Image.Image]:
    """The JPEG preview in the EXIF of a JPEG, if it is large enough to be of use."""
    raw = image.info.get("exif", b"")
    if image.format != "JPEG" or not isinstance(raw, bytes):
        return None
    entries = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    start, length = entries.get(_PREVIEW_START), entries.get(_PREVIEW_LENGTH)
    if not isinstance(start, int) or not isinstance(length, int) or not 0 < length <= len(raw):
        return None
    try:
        preview = open_picture(io.BytesIO(raw[len(_EXIF_HEAD) :][start : start + length]))
        return preview.convert("RGB") if max(preview.size) >= _USEFUL_PREVIEW and preview.format == "JPEG" else None
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None


def _alike(preview: Image.Image, phash: str) -> bool:
    try:
        return bits_apart(picture_hash(preview), from_hex(phash)) <= _ALIKE_BITS
    except ValueError:
        return False


def sheet(title: str, pictures: Sequence[Picture], footer: str = "") -> bytes:
    """The workbook: A4, three pictures a row, captions under them. ``footer``: whose photos they are, on every page."""
    rows: list[Row] = []
    for start in range(0, len(pictures), COLUMNS):
        first = start > 0 and start % (COLUMNS * _ROWS_A_PAGE) == 0  # never between a picture and its caption
        rows.extend(picture_rows(pictures[start : start + COLUMNS], new_page=first))
    return picture_sheet("照片一览", title, footer, rows)


def picture_sheet(name: str, title: str, footer: str, rows: Sequence[Row]) -> bytes:
    """A workbook with one sheet of A4 upright: its title on every page, three columns for pictures, number of the page in the footer.

    Equal sheets give equal bytes.
    """
    page = Page(
        upright=True,
        centred=True,
        margins=Margins(left=0.5, right=0.5, top=0.5, bottom=0.65, header=0.3, footer=0.3),
        head_rows="1:1",
        footer=Band(left=sized(plain(footer), _FOOTER_SIZE), right=sized("第 &P 页　共 &N 页", _FOOTER_SIZE)),
    )
    heading = replace(TEXT, size=16, bold=True, horizontal="center", vertical="", wraps=False)
    rows = [Row([Cell(title, heading, across=COLUMNS)]), *rows]
    return book_bytes([Sheet(name, rows, [_COLUMN_WIDTH] * COLUMNS, page)])


def picture_rows(pictures: Sequence[Picture], new_page: bool = False) -> tuple[Row, Row]:
    """Up to three pictures in one row, their captions in the row below."""
    above = [Cell(picture=picture.content) for picture in pictures]
    below = [Cell(picture.caption, TEXT) for picture in pictures]
    return Row(above, _PICTURE_ROW, new_page), Row(below, _TEXT_ROW)
