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
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageOps, UnidentifiedImageError

from .normalise import office_parts, office_zip
from .text import cell_text

#: picture on the sheet, pixels; three columns fit A4 upright
SIZE = (240, 180)
COLUMNS = 3
_PICTURE_ROW, _TEXT_ROW = 140.0, 44.0


@dataclass(frozen=True)
class Picture:
    """A photo on the sheet: the small JPEG (None when the file cannot be decoded) and its caption lines."""

    content: Optional[bytes]
    caption: str


def small(path: Path) -> Optional[bytes]:
    """A small upright JPEG of the picture itself (never of the embedded preview, which an editor may have left behind).

    None when Pillow cannot decode the file; the caption then stands alone.
    """
    try:
        with Image.open(path) as image:
            image.draft("RGB", (SIZE[0], SIZE[1]))
            picture = ImageOps.exif_transpose(image)
            picture.thumbnail(SIZE, Image.Resampling.BILINEAR)
            buffer = io.BytesIO()
            picture.convert("RGB").save(buffer, "JPEG", quality=80)
            return buffer.getvalue()
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, ZeroDivisionError, Image.DecompressionBombError):
        return None


def sheet(title: str, pictures: Sequence[Picture]) -> bytes:
    """The workbook: A4, three pictures a row, captions under them."""
    workbook = openpyxl.Workbook()
    page: Any = workbook.active
    page.title = "照片一览"
    page.page_setup.paperSize, page.page_setup.orientation = 9, "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=COLUMNS)
    heading = page.cell(1, 1)
    heading.value, heading.data_type = cell_text(title), "s"
    heading.font, heading.alignment = Font(name="宋体", size=16, bold=True), Alignment(horizontal="center")
    for letter in "ABC"[:COLUMNS]:
        page.column_dimensions[letter].width = 35
    for position, picture in enumerate(pictures):
        row, column = 2 + position // COLUMNS * 2, 1 + position % COLUMNS
        page.row_dimensions[row].height, page.row_dimensions[row + 1].height = _PICTURE_ROW, _TEXT_ROW
        if picture.content is not None:
            page.add_image(SheetImage(io.BytesIO(picture.content)), page.cell(row, column).coordinate)
        caption = page.cell(row + 1, column)
        caption.value, caption.data_type = cell_text(picture.caption), "s"
        caption.font = Font(name="宋体", size=9)
        caption.alignment = Alignment(wrap_text=True, vertical="top")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return office_zip(office_parts(buffer.getvalue()))
