"""Approval documents (批文) as PDFs named by their numbers: one page each, drawn as the originals look."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from PIL import Image, ImageDraw

from .frame import geodesic_area
from .plots import Planted, Plot
from .registers import AUTHORITY
from .scenes import chinese_font

_KINDS = {
    "farmland_conversion": ("关于{project}农用地转用和土地征收的批复", 9),
    "linkage": ("关于{project}城乡建设用地增减挂钩建新区的批复", 2),
    "temporary_land": ("关于{project}临时用地的批复", 4),
    "facility_agriculture": ("{project}设施农用地备案表", 3),
    "homestead": ("农村宅基地批准书", 2),
}
_RED = (196, 24, 24)
_PAGE = (827, 1169)  # A4 at 100 dots an inch
# The moment stated in the files: the same input must give the same bytes.
_STATED = time.struct_time((2023, 5, 20, 9, 0, 0, 5, 140, 0))


def _chinese_date(date: str) -> str:
    year, month, day = (int(part) for part in date.split("-"))
    return f"{year}年{month}月{day}日"


def _page(planted: Planted) -> Image.Image:
    page = Image.new("RGB", _PAGE, (255, 255, 255))
    pen = ImageDraw.Draw(page)
    authority = AUTHORITY.get(planted.role, "重庆市永川区规划和自然资源局")
    large, middle, text = chinese_font(44), chinese_font(26), chinese_font(19)
    if large is None or middle is None or text is None:  # a machine without Chinese fonts: the figures at least
        pen.text((90, 120), f"{geodesic_area(planted.geometry):.2f} m2  {planted.cover.date or '-'}", fill=(0, 0, 0))
        return page
    pen.text(
        (_PAGE[0] / 2, 130), f"{authority}文件", font=large if len(authority) < 12 else middle, fill=_RED, anchor="mm"
    )
    pen.text((_PAGE[0] / 2, 200), planted.document, font=text, fill=(0, 0, 0), anchor="mm")
    pen.line((80, 232, _PAGE[0] - 80, 232), fill=_RED, width=3)
    title = _KINDS[planted.role][0].format(project=planted.project)
    pen.text((_PAGE[0] / 2, 300), title, font=middle, fill=(0, 0, 0), anchor="mm")
    area = geodesic_area(planted.geometry)
    until = f"，有效期至{_chinese_date(planted.cover.until)}" if planted.cover.until else ""
    lines = [
        f"{planted.holder}：",
        f"    你单位关于{planted.project}的用地申请收悉。经研究，批复如下：",
        f"    一、同意使用永川区大安街道集体土地{area / 10000:.4f}公顷（{area * 0.0015:.2f}亩），",
        f"用途为{planted.cover.use or '建设用地'}{until}。",
        "    二、四至范围以勘测定界图和界址点坐标为准（2000国家大地坐标系）。",
        "    三、严格按照批准的位置、面积和用途使用土地，落实耕地保护责任。",
    ]
    y = 370
    for line in lines:
        pen.text((90, y), line, font=text, fill=(0, 0, 0))
        y += 40
    date = _chinese_date(planted.cover.date) if planted.cover.date else "    年  月  日"
    pen.text((_PAGE[0] - 100, y + 90), authority, font=text, fill=(0, 0, 0), anchor="rm")
    pen.text((_PAGE[0] - 100, y + 130), date, font=text, fill=(0, 0, 0), anchor="rm")
    pen.ellipse((_PAGE[0] - 300, y + 30, _PAGE[0] - 140, y + 190), outline=_RED, width=4)
    pen.text(
        (_PAGE[0] / 2, _PAGE[1] - 60),
        "（示例数据，由程序生成，不具有任何效力）",
        font=text,
        fill=(150, 150, 150),
        anchor="mm",
    )
    return page


def write_documents(folder: Path, plots: Sequence[Plot], step: Callable[[], None]) -> None:
    """Write the documents of some planted approvals below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    left = {role: count for role, (_, count) in _KINDS.items()}
    done: set[str] = set()
    for planted in (planted for plot in plots for planted in plot.planted):
        if left.get(planted.role, 0) > 0 and planted.document not in done:
            left[planted.role] -= 1
            done.add(planted.document)
            _page(planted).save(
                folder / f"{planted.document}.pdf", "PDF", resolution=100.0, title=planted.document,
                creationDate=_STATED, modDate=_STATED,
            )  # fmt: skip
    step()
