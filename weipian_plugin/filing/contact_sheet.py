"""照片一览: small pictures of all photos of a parcel with their captions, as a printable sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import openpyxl
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import ExifTags, Image, UnidentifiedImageError

from ..formats.decoding import open_picture
from ..formats.picture_hash import bits_apart, from_hex, picture_hash
from ..office.cells import put
from .normalise import office_parts, office_zip

#: picture on the sheet, pixels; three columns fit A4 upright
SIZE = (240, 180)
COLUMNS = 3
_PICTURE_ROW, _TEXT_ROW = 140.0, 54.0
_ROWS_A_PAGE = 4
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
    workbook, page = picture_page("照片一览", title, footer)
    for position, picture in enumerate(pictures):
        row, column = 2 + position // COLUMNS * 2, 1 + position % COLUMNS
        put_picture(page, row, column, picture)
        if position % (COLUMNS * _ROWS_A_PAGE) == 0 and position:
            page.row_breaks.append(Break(id=row - 1))  # never between a picture and its caption
    return saved(workbook)


def picture_page(name: str, title: str, footer: str) -> tuple[openpyxl.Workbook, Any]:
    """A workbook with one sheet of A4 upright: its title on every page, three columns for pictures, number of the page in the footer."""
    workbook = openpyxl.Workbook()
    page: Any = workbook.active
    page.title = name
    page.page_setup.paperSize, page.page_setup.orientation = 9, "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.65, header=0.3, footer=0.3)
    page.print_options.horizontalCentered = True
    page.print_title_rows = "1:1"
    page.oddFooter.left.text, page.oddFooter.right.text = footer.replace("&", "&&"), "第 &P 页　共 &N 页"
    page.oddFooter.left.size = page.oddFooter.right.size = 12  # the footer is fitted with the page
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=COLUMNS)
    put_text(page, 1, 1, title, size=16, bold=True).alignment = Alignment(horizontal="center")
    for letter in "ABC"[:COLUMNS]:
        page.column_dimensions[letter].width = 35
    return workbook, page


def put_picture(page: Any, row: int, column: int, picture: Picture) -> None:
    """The picture in one row, its caption below it."""
    page.row_dimensions[row].height, page.row_dimensions[row + 1].height = _PICTURE_ROW, _TEXT_ROW
    if picture.content is not None:
        page.add_image(SheetImage(io.BytesIO(picture.content)), page.cell(row, column).coordinate)
    put_text(page, row + 1, column, picture.caption)


def put_text(page: Any, row: int, column: int, text: str, size: int = 12, bold: bool = False) -> Any:
    """Text in a cell; fitted to one page wide 12 points are more than 8 on paper."""
    cell = put(page.cell(row, column), text)
    cell.font = Font(name="宋体", size=size, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def saved(workbook: openpyxl.Workbook) -> bytes:
    """The file: equal sheets give equal bytes."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return office_zip(office_parts(buffer.getvalue()))
