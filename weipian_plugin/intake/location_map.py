"""A location map of a delivery as a picture: where the accepted, flagged and refused parcels lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..model import packages
from .delivery import Intake

_FONTS = (
    "Microsoft YaHei", "SimHei", "SimSun", "DengXian", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC", "Heiti SC", "Noto Serif CJK SC", "Noto Sans CJK JP", "KaiTi", "FangSong",
)  # fmt: skip
_LABELLED = 60
_SHAPES = 20_000


def chinese_font() -> Any | None:
    """The first installed font with Chinese letters; None when there is none (labels are then English)."""
    font_manager = packages.load("matplotlib.font_manager")
    installed = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    path = next((installed[name] for name in _FONTS if name in installed), None)
    return font_manager.FontProperties(fname=path) if path else None


def draw(intake: Intake, path: Path) -> bool:
    """Draw the map; False (and no file) when there is no place to show. Raises ``run.package_missing``."""
    parcels = intake.parcels
    shapes = parcels.geometry.to_numpy()
    rejected = [box for box in intake.rejected_bounds if box is not None]
    if not len(shapes) and not rejected:
        return False
    font = chinese_font()
    flagged = np.array([bool(flags) for flags in parcels["flags"]], dtype=bool)
    figure = packages.load("matplotlib.figure").Figure(figsize=(9.0, 9.0), dpi=120)
    packages.load("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    groups = (
        (shapes[~flagged], "#2b7a4b", "接收" if font else "accepted"),
        (shapes[flagged], "#d98a00", "接收，有标记" if font else "accepted, flagged"),
    )
    for some, colour, label in groups:
        _draw_shapes(axes, some, colour, f"{label}（{len(some)}）" if font else f"{label} ({len(some)})")
    if rejected:
        middle = np.array([((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in rejected])
        label = f"未接收（{len(intake.rejected)}）" if font else f"refused ({len(intake.rejected)})"
        axes.plot(middle[:, 0], middle[:, 1], "x", color="#c0392b", markersize=8, markeredgewidth=1.8, label=label)
    if len(shapes) <= _LABELLED:
        for number, point in zip(parcels["number"], shapely.get_coordinates(shapely.centroid(shapes))):
            axes.annotate(
                str(number)[-4:], point, fontsize=6, color="#333333", xytext=(4, 3), textcoords="offset points"
            )
    _finish(axes, font, intake.batch.name)
    figure.savefig(path, metadata={"Software": None}, bbox_inches="tight")
    return True


def _draw_shapes(axes: Any, shapes: Any, colour: str, label: str) -> None:
    if not len(shapes):
        return
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    axes.plot(
        middle[:, 0],
        middle[:, 1],
        "o",
        color=colour,
        markersize=3.0 if len(shapes) < 2000 else 1.0,
        alpha=0.8,
        label=label,
    )
    if len(shapes) <= _SHAPES:
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_exterior_ring(shapely.get_parts(shapes))]
        polygons = packages.load("matplotlib.collections").PolyCollection
        axes.add_collection(polygons(rings, facecolor=colour, edgecolor=colour, linewidth=0.6, alpha=0.5))


def _finish(axes: Any, font: Any | None, name: str) -> None:
    south, north = axes.get_ylim()
    axes.set_aspect(1 / max(0.2, np.cos(np.radians((south + north) / 2))))
    axes.margins(0.08)
    axes.ticklabel_format(useOffset=False)
    axes.tick_params(labelsize=7)
    axes.grid(color="#dddddd", linewidth=0.5)
    axes.set_xlabel("经度（CGCS2000，°）" if font else "longitude (CGCS2000, degrees)", fontproperties=font)
    axes.set_ylabel("纬度（°）" if font else "latitude (degrees)", fontproperties=font)
    axes.set_title(f"位置图 · {name}" if font else "location map", fontproperties=font)
    axes.legend(prop=font, loc="best", fontsize=8)
