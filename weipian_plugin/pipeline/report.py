"""The plain tables for scripts in a REPORT folder (design 3.3): UTF-8 with BOM, one header row, ``.`` as decimal sign.

Text that a spreadsheet program would run as a formula has one apostrophe before it (:func:`..office.text.csv_text`).
m² with full precision, 亩 with two decimals (decimal half-up). Columns named by the contract come first; more may follow.
"""

from __future__ import annotations

import csv
import json
import os
import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Optional

import pandas as pd

from ..evidence.known import files_of_links
from ..evidence.matching import photo_keys
from ..evidence.records import MATCH, PARCEL, PHOTO, PhotoMatch
from ..evidence.summary import LinksOfPhotos
from ..geodesy.units import mu_text, number_text
from ..judgment.recording import standings as standings_of
from ..judgment.stored import figures_of
from ..model.errors import WeipianError
from ..model.messages import Message, render
from ..model.records import DateSpan
from ..model.tables import series, values, with_columns
from ..model.words import PhotoStatus
from ..office.files import discard, replace
from ..office.text import csv_text
from ..workspace import Workspace

COLUMNS: dict[str, tuple[str, ...]] = {
    "parcels": ("parcel", "batch", "county", "township", "area_m2", "area_mu", "delivered_area", "delivered_unit", "state", "due"),
    "coverage": ("parcel", "role", "group", "area_m2", "area_mu", "share"),
    "measures": ("parcel", "part", "measure", "value", "unit"),
    "proposals": (
        "parcel", "part", "category", "subtype", "rule", "area_m2", "area_mu", "confidence", "missing", "reasons",
    ),
    "photos": ("file", "sha256", "lon", "lat", "azimuth", "reference", "taken_at", "parcel", "status", "reason"),
    "packages": ("parcel", "path", "complete", "missing", "files", "bytes", "manifest_sha256"),
    "refused": ("source", "feature", "code", "reason"),
}  # fmt: skip
_MORE: dict[str, tuple[str, ...]] = {
    "parcels": ("kind", "parent", "village", "level", "earlier_image", "later_image", "issued", "flags"),
    "coverage": ("part", "timing", "document", "date", "until", "authority", "project", "use", "unit", "projected_m2"),
    "measures": (),
    "proposals": ("verdict", "would_change", "profile"),
    "photos": ("distance_m", "bearing_difference", "purpose", "kind", "findings"),
    "packages": ("made_at",),
    "refused": ("step", "batch"),
}


def write(
    store: Workspace,
    folder: Path,
    names: Iterable[str],
    again: Optional[Mapping[str, str]] = None,
    parcels: Optional[Collection[str]] = None,
) -> None:
    """Write the named tables of the workspace into ``folder``, each whole or not at all.

    ``again``: other names under which known photos were given, with the names they are known by; they get rows of their own.
    ``parcels``: numbers of the parcels whose rows are written (those of a year); rows that name no parcel stay. None = all.
    """
    prepare_folder(folder)
    for name in names:
        frame = _FRAMES[name](store)
        if name == "photos" and again:
            frame = pd.concat([frame, _given_again(frame, again)], ignore_index=True)
        if parcels is not None:
            frame = _of_parcels(frame, name, parcels)
        columns = [*COLUMNS[name], *_MORE[name]]
        write_csv(folder / f"{name}.csv", columns, _rows(frame, columns))


def _of_parcels(frame: pd.DataFrame, name: str, parcels: Collection[str]) -> pd.DataFrame:
    column = "feature" if name == "refused" else "parcel"
    if column not in frame or name == "refused":  # a refused feature is no parcel; only failures of packages name one
        others = (frame["step"] == "file") & ~frame["feature"].isin(set(parcels)) if "step" in frame else None
        return frame if others is None else frame[~others]
    of_none = frame[column].isna() | (frame[column] == "")
    return frame[of_none | frame[column].isin(set(parcels))]


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` and see that it can be written before any work is done. Raises ``run.folder_unwritable``."""
    probe = folder / f".{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """One table, written aside and renamed; no cell of it is a formula. Raises ``run.folder_unwritable``, ``office.file_held``."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with aside.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows([csv_text(cell) for cell in row] for row in rows)
            stream.flush()
            os.fsync(stream.fileno())
        replace(aside, path)
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(path.parent), reason=error) from error
    finally:
        discard(aside)


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterable[list[str]]:
    lists = [frame[column].tolist() if column in frame.columns else [None] * len(frame) for column in columns]
    return ([_text(value) for value in row] for row in zip(*lists))


def _text(value: object) -> str:
    """A value as plain text: full precision for numbers, sentences of messages joined, nothing for NULL."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "；".join(_sentence(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _sentence(item: object) -> str:
    if isinstance(item, dict):
        return str(item.get("title") or item.get("text") or item.get("code") or json.dumps(item, ensure_ascii=False))
    return str(item)


def _parcels(store: Workspace) -> pd.DataFrame:
    frame = store.read("parcel").rename(columns={"number": "parcel"})
    known = [standings.of(number) for standings in [standings_of(store)] for number in frame["parcel"]]
    states = [stands.state.value if stands.stated else stored for stands, stored in zip(known, frame["state"])]
    return frame.assign(area_mu=frame["area_m2"].map(mu_text), state=pd.Series(states, index=frame.index, dtype=object))


def _coverage(store: Workspace) -> pd.DataFrame:
    frame = store.read("coverage")
    frame = frame[frame["part"].fillna("") == ""]
    return frame.assign(area_mu=frame["area_mu"].map(number_text))


def _proposals(store: Workspace) -> pd.DataFrame:
    frame = store.read("proposal")
    figures = figures_of(frame[["parcel", "part", "area_m2"]].to_dict("records"))
    keys = zip(frame["parcel"], frame["part"].fillna(""))
    return frame.assign(area_mu=[number_text(figures[key]) for key in keys])


def _photos(store: Workspace) -> pd.DataFrame:
    """Every file given in has a row; the parcels are those it is attached to, distance and deviation those of the first."""
    photos = store.read("photo").drop(columns=["geometry"])
    links = store.read("photo_parcel", status=PhotoStatus.ATTACHED.value)
    numbers = [str(row[0]) for row in store.values("parcel", [str(PARCEL.number)])]
    own = LinksOfPhotos(with_columns(links, {MATCH.file: series(links, files_of_links(links, photos, numbers))}))
    each = zip(values(photos, PHOTO.file), photo_keys(photos), values(photos, PHOTO.status))
    known = [own.of(file, key) if status == PhotoStatus.ATTACHED.value else () for file, key, status in each]
    first = [of[0] if of else PhotoMatch("") for of in known]
    return with_columns(
        photos,
        {
            MATCH.parcel: series(photos, [";".join(sorted({link.parcel for link in of})) for of in known]),
            MATCH.distance_m: series(photos, [link.distance_m for link in first]),
            MATCH.bearing_difference: series(photos, [link.bearing_difference for link in first]),
        },
    )


def _given_again(photos: pd.DataFrame, again: Mapping[str, str]) -> pd.DataFrame:
    """Rows of known photos under the names they were given by this time, with the name they are known by as the reason."""
    known = photos.drop_duplicates("file").set_index("file", drop=False)
    rows = known.loc[list(again.values())].assign(file=list(again))
    reasons = [
        render(Message("evidence.known_again", {"file": file, "known": name})).rstrip("。")
        for file, name in again.items()
    ]
    return rows.assign(reason=reasons)


_FRAMES: dict[str, Any] = {
    "parcels": _parcels,
    "coverage": _coverage,
    "measures": lambda store: store.read("measure"),
    "proposals": _proposals,
    "photos": _photos,
    "packages": lambda store: store.read("package"),
    "refused": lambda store: store.read("refusal"),
}


def today_or(text: Optional[str]) -> str:
    """``AS_OF`` as ISO text; blank means today. Raises ``run.date_unreadable``."""
    if not text:
        return date.today().isoformat()
    span = DateSpan.parse(text)
    if span is None or span.first != span.last:
        raise WeipianError("run.date_unreadable", text=text)
    return span.first.isoformat()


def year_of(text: Optional[str]) -> Optional[int]:
    """``YEAR``; blank means that the day decides. Raises ``run.date_unreadable``."""
    stated = str(text or "").strip().removesuffix("年")
    if not stated:
        return None
    if not re.fullmatch(r"(19|20)\d{2}", stated):
        raise WeipianError("run.date_unreadable", text=str(text))
    return int(stated)
