"""What the photos of each parcel add up to, and what became of each photo."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..model.messages import Message, render
from ..model.records import DateSpan
from .matching import AMBIGUOUS, ATTACHED, REJECTED, photo_keys
from .rows import present
from .rows import records as rows_of
from .settings import Settings, load_settings

SUMMARY_COLUMNS = (
    "parcel", "photos", "photos_with_azimuth", "photos_after", "directions", "near", "far", "coverage_ring", "before_photos", "during_photos",
    "after_photos",
)  # fmt: skip
#: The eight sides of the coverage ring (举证方位圈): where the photographers stood, seen from the parcel.
SIDES = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def summary(
    links: pd.DataFrame, photos: pd.DataFrame, parcels: Any = None, settings: Settings | None = None
) -> pd.DataFrame:
    """Per parcel: photos attached, those with position, azimuth and time, those after the later image, distinct directions, near and far
    ones, the sides from which it was taken (``coverage_ring``, such as ``北 东南``), and the before / during / after triple of a rectification.

    ``photos_with_azimuth`` counts only what proves something: position, azimuth and time are all there, and the file was readable.
    ``photos_after`` is NaN-free: without ``parcels`` (or without a later image) it counts none. With ``parcels`` every parcel has a row.
    """
    settings = settings or load_settings()
    by_key = dict(zip(photo_keys(photos), rows_of(photos)))
    later = (
        dict(zip(parcels["number"], parcels["later_image"])) if parcels is not None and "later_image" in parcels else {}
    )
    numbers = (
        list(parcels["number"])
        if parcels is not None
        else sorted(set(links.loc[links["status"] == ATTACHED, "parcel"]))
    )
    attached: dict[str, list[dict[str, Any]]] = {str(number): [] for number in numbers}
    for row in rows_of(links[links["status"] == ATTACHED]) if len(links) else ():
        photo = by_key.get(row["photo"])
        if photo is not None and row["parcel"] in attached:
            attached[row["parcel"]].append(
                {**photo, "distance_m": row["distance_m"], "purpose": row.get("purpose") or photo.get("purpose")}
            )
    rows = [_of_parcel(number, shots, later.get(number), settings) for number, shots in attached.items()]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def counts_as_proof(photo: Mapping[str, Any]) -> bool:
    """A photo proves something with position, azimuth and time (offices' practice), and a picture that opens."""
    return all(present(photo.get(name)) for name in ("lon", "lat", "azimuth", "taken_at")) and _opens(photo)


def _opens(photo: Mapping[str, Any]) -> bool:
    """As read, ``status`` says it; in a register it says whether the photo is tied, and the findings tell."""
    findings = photo.get("findings")
    if isinstance(findings, (list, tuple)):
        return not any(finding.get("check") in ("unreadable", "file_missing") for finding in findings)
    return photo.get("status") != REJECTED


def _of_parcel(number: str, shots: Sequence[Mapping[str, Any]], later_image: Any, settings: Settings) -> dict[str, Any]:
    proving = [shot for shot in shots if counts_as_proof(shot)]
    azimuths = [float(shot["azimuth"]) for shot in proving]
    distances = [float(shot["distance_m"]) for shot in shots if present(shot["distance_m"])]
    near = settings.limit("near_m")
    purposes = [shot.get("purpose") for shot in shots]
    return {
        "parcel": number,
        "photos": len(shots),
        "photos_with_azimuth": len(proving),
        "photos_after": sum(taken_after(shot.get("taken_at"), later_image) for shot in proving),
        "directions": distinct_directions(azimuths, settings.limit("distinct_direction_deg")),
        "near": sum(distance <= near for distance in distances),
        "far": sum(distance > near for distance in distances),
        "coverage_ring": " ".join(ring_sides(azimuths)),
        "before_photos": purposes.count("整改前"),
        "during_photos": purposes.count("整改中"),
        "after_photos": purposes.count("整改后") + purposes.count("复耕验收"),
    }


def taken_after(taken_at: Any, later_image: Any) -> bool:
    """Whether a photo is certainly of a day after the later image (后时相); unknown dates are not."""
    taken = DateSpan.parse(str(taken_at)[:10]) if present(taken_at) else None
    image = DateSpan.parse(str(later_image)) if present(later_image) else None
    return taken is not None and image is not None and taken.first > image.last


def distinct_directions(azimuths: Sequence[float], apart: float) -> int:
    """How many directions at least ``apart`` degrees from each other can be picked from ``azimuths`` (the most; exact on the circle)."""
    order = sorted(azimuth % 360 for azimuth in azimuths)
    most = 0
    for start in range(len(order)):
        turned = [(azimuth - order[start]) % 360 for azimuth in order[start:] + order[:start]]
        count, last = 1, 0.0
        for azimuth in turned[1:]:
            if azimuth - last >= apart and 360 - azimuth >= apart:
                count, last = count + 1, azimuth
        most = max(most, count)
    return most


def ring_sides(azimuths: Sequence[float]) -> list[str]:
    """The sides on which the photographers stood: opposite to where they looked, in the order of :data:`SIDES`."""
    sides = {round(((azimuth + 180) % 360) / 45) % 8 for azimuth in azimuths}
    return [SIDES[side] for side in sorted(sides)]


def conclude(photos: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The photo register (``photos.csv``): each file with ``parcel`` (attached ones, or the candidates of an ambiguous one, joined by ``;``),
    ``status`` attached / ambiguous / refused, ``reason`` as a sentence, and ``findings`` as records for the workspace."""
    by_file: dict[Any, list[dict[str, Any]]] = {}
    by_key: dict[Any, list[dict[str, Any]]] = {}
    for link in rows_of(links):
        by_file.setdefault(link["file"], []).append(link)
        by_key.setdefault(link["photo"], []).append(link)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for finding in rows_of(findings):
        found.setdefault(finding["file"], []).append(finding)
    parcels, statuses, reasons, records = [], [], [], []
    for key, row in zip(photo_keys(photos), rows_of(photos)):
        own = by_file.get(row["file"]) or by_key.get(key) or []
        status = next((name for name in (ATTACHED, AMBIGUOUS) if any(link["status"] == name for link in own)), REJECTED)
        chosen = [link for link in own if link["status"] == status]
        parcels.append(";".join(sorted({link["parcel"] for link in chosen if link["parcel"]})))
        statuses.append(status)
        sentences = [render(reason) for link in chosen[:1] for reason in link["reasons"] if isinstance(reason, Message)]
        mine = found.get(row["file"], [])
        sentences += [render(finding["message"]) for finding in mine]
        reasons.append("；".join(dict.fromkeys(sentence.rstrip("。") for sentence in sentences)))
        records.append(
            [{"check": f["code"], "level": f["level"], "parcel": f["parcel"], **f["message"].as_record()} for f in mine]
        )
    concluded = photos.copy()
    concluded["status"], concluded["reason"], concluded["findings"] = (
        statuses,
        reasons,
        pd.Series(records, index=photos.index, dtype=object),
    )
    concluded.insert(list(concluded.columns).index("taken_at") + 1, "parcel", parcels)
    return concluded


def circular_difference(one: Any, other: Any) -> Any:
    """Smallest angle between two azimuths, 0-180 degrees."""
    return np.abs((np.asarray(one, float) - np.asarray(other, float) + 180.0) % 360.0 - 180.0)


def mean_azimuth(azimuths: Sequence[float]) -> float:
    """Mean direction on the circle."""
    east = math.fsum(math.sin(math.radians(azimuth)) for azimuth in azimuths)
    north = math.fsum(math.cos(math.radians(azimuth)) for azimuth in azimuths)
    return math.degrees(math.atan2(east, north)) % 360
