"""Pages for a phone without a field app (``index.html``) and a task sheet to print (``tasks.html``); both without any outside resource.

Coordinates stand three times, each marked: CGCS2000, WGS 84 (the same to some decimetres, which is what a navigation needs) and GCJ-02 for
Chinese map apps (an approximation, see :mod:`..gcj02`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...office.page import render_page
from ...office.qr import qr_svg
from ..gcj02 import to_gcj02
from .records import SHOWN, FieldParcel
from .sides import sentences

PHONE_PAGE, TASK_PAGE = "index.html", "tasks.html"
PARCELS_A_PAGE = 4
#: Columns that the pages show in places of their own.
_ELSEWHERE = ("number", "visit_order", "area_mu", "lon", "lat")


@dataclass(frozen=True)
class Pictured:
    """What the pages show beside the parcels: ``pictures``: number → file in the package; ``sides``: number → sides still to be taken."""

    pictures: Mapping[str, str]
    sides: Mapping[str, Sequence[str]]


def phone_page(parcels: Sequence[FieldParcel], about: Mapping[str, str], shown: Pictured) -> str:
    """The list for a phone: picture, coordinates, a link that opens its navigation, which photos are wanted."""
    return render_page(
        "field-index.html", parcels=[_entry(parcel, n, shown) for n, parcel in _counted(parcels)], about=about
    )


def task_page(parcels: Sequence[FieldParcel], about: Mapping[str, str], shown: Pictured) -> str:
    """外业任务单: A4, four parcels a page, each with the QR code of its position."""
    entries = [_entry(parcel, n, shown) | {"qr": qr_svg(_geo(parcel))} for n, parcel in _counted(parcels)]
    sheets = [entries[first : first + PARCELS_A_PAGE] for first in range(0, len(entries), PARCELS_A_PAGE)]
    return render_page("field-tasks.html", sheets=sheets, about=about, count=len(entries))


def _counted(parcels: Sequence[FieldParcel]) -> list[tuple[int, FieldParcel]]:
    return list(enumerate(parcels, start=1))


def _geo(parcel: FieldParcel) -> str:
    """RFC 5870: WGS 84, latitude first."""
    return f"geo:{parcel.lat:.6f},{parcel.lon:.6f}"


def _entry(parcel: FieldParcel, order: int, shown: Pictured) -> dict[str, Any]:
    gcj_lon, gcj_lat = (float(value) for value in to_gcj02(parcel.lon, parcel.lat))
    facts = [(title, parcel.texts.get(name, "")) for name, title in SHOWN.items() if name not in _ELSEWHERE]
    return {
        "number": parcel.number,
        "order": order,
        "facts": [(title, text) for title, text in facts if text],
        "area_mu": f"{parcel.area_mu:.2f}",
        "cgcs": f"{parcel.lon:.6f}, {parcel.lat:.6f}",
        "wgs": f"{parcel.lat:.6f}, {parcel.lon:.6f}",
        "gcj": f"{gcj_lon:.6f}, {gcj_lat:.6f}",
        "geo": _geo(parcel) + f"?q={parcel.lat:.6f},{parcel.lon:.6f}({parcel.number})",
        "picture": shown.pictures.get(parcel.number, ""),
        "wanted": sentences(shown.sides.get(parcel.number, ())),
    }
