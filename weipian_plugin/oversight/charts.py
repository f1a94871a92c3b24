"""Pictures for the summary: bars that a person would put in a report, and a map of the area by category.

Drawn with matplotlib on a canvas of their own (no window, any thread), labels in a Chinese font of the computer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar

import numpy as np
import shapely

from ..model import packages
from .data import figures
from .deadlines import Dues

#: Colours of the category groups, in the order of a legend.
COLOURS = {
    "legal": "#2E8B57", "nonagri_illegal": "#C00000", "nongrain_illegal": "#ED7D31", "other": "#4472C4", "facility": "#8064A2",
    "rural_road": "#7F6000", "false_change": "#7F7F7F", "doubtful": "#FFC000", "unknown": "#00B0F0", "undecided": "#BFBFBF",
}  # fmt: skip
FONTS = (
    "Microsoft YaHei", "SimHei", "SimSun", "DengXian", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Noto Sans CJK SC", "Noto Sans CJK JP",
    "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
)  # fmt: skip
_Drawn = TypeVar("_Drawn")
_DPI = 200
_METRES_PER_DEGREE = 111_320.0  # of latitude; a scale bar of a sketch map needs no more


def chinese_font() -> str | None:
    """The first known Chinese font that this computer has."""
    names = {font.name for font in _matplotlib("font_manager").fontManager.ttflist}
    return next((name for name in FONTS if name in names), None)


def _in_chinese(draw: Callable[..., _Drawn]) -> Callable[..., _Drawn]:
    """Text takes its font when it is made: the default is a Chinese one while a picture is drawn, and put back after."""

    @wraps(draw)
    def drawn(*given: Any, **named: Any) -> _Drawn:
        family = chinese_font()
        with _matplotlib("style").context({"font.family": [family or "sans-serif"], "axes.unicode_minus": False}):
            return draw(*given, **named)

    return drawn


@_in_chinese
def categories(counts: Mapping[str, int]) -> bytes:
    """Number of parcels by category group."""
    titles = figures().group_titles
    groups = [group for group in COLOURS if counts.get(group)]
    figure, axes = _figure(16, 1.6 + 0.75 * max(1, len(groups)))
    bars = axes.barh(
        [titles[group] for group in groups],
        [counts[group] for group in groups],
        color=[COLOURS[group] for group in groups],
    )
    axes.bar_label(bars, padding=3, fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.1)
    return _finish(figure, axes, "图斑判定类别（个）")


@_in_chinese
def months(due: Dues) -> bytes:
    """Parcels by month of issue, split by how far their filing is."""
    parts = (
        (("done",), "已填报", "#2E8B57"), (("open", "soon", "today"), "未到期", "#9DC3E6"), (("overdue",), "逾期未填报", "#C00000"),
        (("none",), "待补级别", "#BFBFBF"),
    )  # fmt: skip
    month = due.issued.map(lambda text: str(text)[:7] if text else "不详")
    names = sorted(month.unique())
    figure, axes = _figure(16, 7, 0.9)
    bottom = np.zeros(len(names))
    for statuses, title, colour in parts:
        chosen = month[due.status.isin(statuses)].value_counts()
        values = np.array([int(chosen.get(name, 0)) for name in names])
        if values.any():
            axes.bar(names, values, bottom=bottom, label=title, color=colour, width=0.7)
            bottom += values
    for position, value in enumerate(bottom):
        axes.annotate(f"{int(value)}", (position, value), ha="center", va="bottom", fontsize=9)
    axes.tick_params(axis="x", rotation=45 if len(names) > 8 else 0)
    axes.margins(y=0.12)
    _legend_below(figure, axes, 4)
    return _finish(figure, axes, "按下发月份的填报情况（个）")


@_in_chinese
def rectification(rows: Sequence[tuple[str, int, int]]) -> bytes:
    """Illegal parcels by unit: (name, 已整改, 未整改), the longest first; at most twenty units."""
    shown = sorted(rows, key=lambda row: (-(row[1] + row[2]), row[0]))[:20]
    names = [row[0] for row in shown]
    figure, axes = _figure(16, 1.8 + 0.65 * max(1, len(shown)), 0.9)
    done, left = np.array([row[1] for row in shown], float), np.array([row[2] for row in shown], float)
    first = axes.barh(names, done, color="#2E8B57", label="已整改")
    second = axes.barh(names, left, left=done, color="#C00000", label="未整改")
    for bars, values in ((first, done), (second, left)):
        axes.bar_label(
            bars, [str(int(value)) if value else "" for value in values], label_type="center", color="white", fontsize=9
        )
    axes.invert_yaxis()
    _legend_below(figure, axes, 2)
    return _finish(figure, axes, "违法图斑整改情况（个）" + ("，列前20" if len(rows) > 20 else ""))


@_in_chinese
def ratios(rows: Sequence[tuple[str, Decimal | None, Decimal | None]], line: float) -> bytes:
    """违法占耕比 by unit before and after deductions, with the line; at most twenty units, the highest first."""
    known = [row for row in rows if row[1] is not None]
    shown = sorted(known, key=lambda row: (-(row[1] or 0), row[0]))[:20]
    figure, axes = _figure(16, 1.8 + 0.8 * max(1, len(shown)), 0.9)
    places = np.arange(len(shown))
    before = [float(row[1] or 0) * 100 for row in shown]
    after = [float(row[2] or 0) * 100 for row in shown]
    for offset, values, title, colour in ((-0.2, before, "扣减前", "#C00000"), (0.2, after, "扣减后", "#F4B183")):
        bars = axes.barh(places + offset, values, height=0.38, color=colour, label=title)
        axes.bar_label(bars, [f"{value:.2f}%" for value in values], padding=3, fontsize=9)
    axes.axvline(line * 100, color="#404040", linestyle="--", linewidth=1.2, label=f"{line:.0%} 线")
    axes.set_yticks(places, [row[0] for row in shown])
    axes.set_xlim(0, max([*before, line * 100, 1]) * 1.18)
    axes.invert_yaxis()
    _legend_below(figure, axes, 3)
    return _finish(figure, axes, "违法占耕比（%）" + ("，列前20" if len(known) > 20 else ""))


@_in_chinese
def area_map(geometries: Sequence[Any], groups: Sequence[str], villages: Sequence[str]) -> bytes | None:
    """Parcels (EPSG:4490) coloured by category group, with village names, scale and north; None where nothing has a geometry.

    Small parcels would vanish at the scale of a sub-district: each has a dot as well.
    """
    shapes = np.array(list(geometries), dtype=object)
    there = np.array([shape is not None and not shapely.is_empty(shape) for shape in shapes], dtype=bool)
    if not there.any():
        return None
    shapes, kinds, places = shapes[there], np.array(groups)[there], np.array(villages)[there]
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    west, south, east, north = shapely.total_bounds(shapes)
    middle = float(np.cos(np.radians((south + north) / 2)))
    width, height = max((east - west) * middle, 1e-6), max(north - south, 1e-6)
    tall = float(np.clip(13.5 * height / width, 8.0, 15.5)) + 2.2
    figure, axes = _figure(16, tall, 0.7 * -(-len(set(kinds.tolist())) // 5) + 0.3)
    polygons = _matplotlib("collections").PolyCollection
    size = float(np.clip(9000 / len(shapes), 4, 26))
    titles = figures().group_titles
    for group, colour in reversed(list(COLOURS.items())):
        chosen = kinds == group
        if chosen.any():
            rings = [
                shapely.get_coordinates(shapely.get_exterior_ring(part)) for part in shapely.get_parts(shapes[chosen])
            ]
            axes.add_collection(polygons(rings, facecolors=colour, edgecolors=colour, linewidths=0.4, alpha=0.75))
            axes.scatter(
                *centres[chosen].T,
                s=size,
                color=colour,
                linewidths=0.3,
                edgecolors="white",
                label=titles[group],
                zorder=3,
            )
    _name_places(axes, centres, places)
    pad = 0.06
    axes.set_xlim(west - (east - west + 1e-4) * pad, east + (east - west + 1e-4) * pad)
    axes.set_ylim(south - (north - south + 1e-4) * (pad + 0.08), north + (north - south + 1e-4) * pad)
    axes.set_aspect(1 / middle)
    _scale_bar(axes, middle)
    axes.annotate("北", xy=(0.965, 0.97), xytext=(0.965, 0.875), xycoords="axes fraction", ha="center", va="center", fontsize=11,
                  arrowprops={"arrowstyle": "-|>", "color": "#202020", "linewidth": 1.4})  # fmt: skip
    degrees = _matplotlib("ticker").FuncFormatter(lambda value, _position: f"{value:.2f}°")
    axes.xaxis.set_major_formatter(degrees)
    axes.yaxis.set_major_formatter(degrees)
    axes.locator_params(nbins=5)
    _legend_below(figure, axes, 5, backwards=True)
    return _finish(figure, axes, "图斑分布（按判定类别）", grid=False, frame=True)


def _name_places(axes: Any, centres: np.ndarray[Any, Any], places: np.ndarray[Any, Any]) -> None:
    """The names of villages at the middle of their parcels, at most forty."""
    names = [name for name in dict.fromkeys(places.tolist()) if name]
    for name in names[:40]:
        x, y = np.median(centres[places == name], axis=0)
        text = axes.annotate(name, (x, y), ha="center", va="center", fontsize=8, color="#202020", zorder=4)
        text.set_path_effects([_matplotlib("patheffects").withStroke(linewidth=2.2, foreground="white")])


def _scale_bar(axes: Any, middle: float) -> None:
    """A bar of a round length, about a quarter of the width."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    metres = (east - west) * middle * _METRES_PER_DEGREE
    power = 10 ** np.floor(np.log10(metres / 4))
    length = float(power * max(step for step in (1, 2, 5) if step * power <= metres / 4))
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.035
    end = x + length / _METRES_PER_DEGREE / middle
    axes.plot([x, end], [y, y], color="#202020", linewidth=3, solid_capstyle="butt", zorder=5)
    shown = f"{length / 1000:g} 千米" if length >= 1000 else f"{length:g} 米"
    axes.annotate(
        shown,
        ((x + end) / 2, y),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=9,
        zorder=5,
    )


def _figure(width_cm: float, height_cm: float, legend_cm: float = 0.0) -> tuple[Any, Any]:
    """A figure and its axes; with ``legend_cm`` there is a strip of that height below them for :func:`_legend_below`."""
    height = height_cm + legend_cm
    figure = _matplotlib("figure").Figure(figsize=(width_cm / 2.54, height / 2.54), dpi=_DPI, layout="constrained")
    _matplotlib("backends.backend_agg").FigureCanvasAgg(figure)
    if not legend_cm:
        return figure, figure.add_subplot()
    axes, strip = figure.subplots(2, 1, height_ratios=(height_cm, legend_cm))
    strip.set_axis_off()
    return figure, axes


def _legend_below(figure: Any, axes: Any, columns: int, backwards: bool = False) -> None:
    """The legend in the strip below, where it can neither cover anything nor be cut off."""
    handles, labels = axes.get_legend_handles_labels()
    if backwards:
        handles, labels = handles[::-1], labels[::-1]
    if handles:
        strip = figure.axes[1]
        strip.legend(
            handles, labels, loc="center", ncols=columns, frameon=False, fontsize=10, mode=None, borderaxespad=0.0
        )


def _finish(figure: Any, axes: Any, title: str, grid: bool = True, frame: bool = False) -> bytes:
    """Title, font and frame; the PNG's bytes."""
    axes.set_title(title, fontsize=13, pad=10)
    if not frame:
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    if grid:
        axes.set_axisbelow(True)
        axes.grid(
            axis="x" if axes.containers and axes.containers[0].orientation == "horizontal" else "y",
            color="#E0E0E0",
            linewidth=0.6,
        )
    if not axes.has_data():
        axes.annotate(
            "没有数据", (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=14, color="#7F7F7F"
        )
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI, facecolor="white", metadata={"Software": None})
    return buffer.getvalue()


def _matplotlib(module: str) -> Any:
    """A module of matplotlib, which a QGIS installation may lack. Raises ``run.package_missing``."""
    return packages.load(f"matplotlib.{module}")
