"""A field package (外业包): a folder that QField and Mergin Maps open from a cable or a card, without any server.

Built aside and renamed, so that a stopped export leaves nothing half-written; an existing folder is never written into, because it may hold
what somebody has brought back. The project itself needs QGIS and is written by the caller (:class:`ProjectWriter`).
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ...model.errors import WeipianError
from ...office.dates import chinese_day
from ...office.files import replace as rename
from ...office.files import write_text_atomic
from ...workspace.store import Workspace
from . import container
from .pages import PHONE_PAGE, TASK_PAGE, Pictured, phone_page, task_page
from .records import MISSING, FieldParcel, read_field_parcels
from .route import plan_visit
from .sides import as_rows, wanted_sides

PROJECT = "weipian_field.qgz"
PHOTO_FOLDER = "DCIM"
_LONGEST_PATH = 200  # Mergin's limit of a path inside a project
_BAD = re.compile(r'[<>:"\\|?*\x00-\x1f]|[^\x20-\x7e]')
_BYTES_A_PARCEL = 4_000


#: Lines of roads (EPSG:4490) near parcels.
RoadLines = Callable[[Sequence[FieldParcel]], Sequence[Any]]


class ProjectWriter(Protocol):
    """What needs QGIS: the project, clipped imagery and a small picture of each parcel."""

    def imagery_bytes(self, parcels: Sequence[FieldParcel]) -> int:
        """Size of the clipped imagery, estimated before any of it is written."""

    def write(self, folder: Path, parcels: Sequence[FieldParcel]) -> Mapping[str, str]:
        """Write the project and what belongs to it into ``folder``; gives parcel number → picture file, relative."""


@dataclass(frozen=True)
class FieldPackage:
    """What was written: ``parcels`` in the order of the visit, the way through them in metres (``by_road``, else straight), bytes in all."""

    folder: Path
    parcels: tuple[FieldParcel, ...]
    way_m: float
    size: int
    by_road: bool = False


def estimate(store: Workspace, numbers: Sequence[str], writer: ProjectWriter | None = None) -> int:
    """Bytes that a package of these parcels will take, roughly."""
    parcels = read_field_parcels(store, numbers)
    return 200_000 + len(parcels) * _BYTES_A_PARCEL + (writer.imagery_bytes(parcels) if writer is not None else 0)


def write_package(
    store: Workspace,
    numbers: Sequence[str],
    folder: Path,
    writer: ProjectWriter | None = None,
    start: tuple[float, float] | None = None,
    roads: RoadLines | None = None,
) -> FieldPackage:
    """Write the package of ``numbers`` into a new ``folder``. ``roads``: lines (EPSG:4490) near the parcels, for the order of the visit.

    Raises ``evidence.field_taken`` (the folder is there), ``evidence.field_nothing``, ``run.filter_unknown``, ``run.folder_unwritable``.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WeipianError("evidence.field_taken", path=str(folder))
    parcels = read_field_parcels(store, numbers)
    visit = plan_visit(
        [parcel.lon for parcel in parcels], [parcel.lat for parcel in parcels], roads(parcels) if roads else (), start
    )
    sides = wanted_sides(store, {parcel.number: (parcel.lon, parcel.lat) for parcel in parcels})
    sentences = as_rows(parcels, sides)
    ordered = tuple(parcels[position] for position in visit.order.tolist())
    today = datetime.now().astimezone()
    about = {
        "title": store.path.stem,
        "exported_at": chinese_day(today.date()),
        "parcels": str(len(ordered)),
        "format": "1",
    }
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        (aside / PHOTO_FOLDER).mkdir(parents=True)
        container.write(aside / container.FILE, [_with_wish(parcel, sentences) for parcel in ordered], about)
        pictures = writer.write(aside, ordered) if writer is not None else {}
        shown = Pictured(pictures, sides)
        write_text_atomic(aside / PHONE_PAGE, phone_page(ordered, about, shown))
        write_text_atomic(aside / TASK_PAGE, task_page(ordered, about, shown))
        check_names(aside)
        if folder.is_dir():
            folder.rmdir()
        rename(aside, folder)
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return FieldPackage(folder, ordered, visit.way_m, size, visit.by_road)


def _with_wish(parcel: FieldParcel, sentences: Mapping[str, str]) -> FieldParcel:
    """The photos still wanted stand with the missing evidence, so that the phone shows them."""
    wish = "；".join(text for text in (parcel.texts.get(MISSING, ""), sentences[parcel.number]) if text)
    return replace(parcel, texts={**parcel.texts, MISSING: wish})


def check_names(folder: Path) -> None:
    """Names that every phone takes: ASCII, no reserved signs, short paths, no file called as the project.

    Raises ``evidence.field_name``. Rules: QField's and Mergin's own checks of a project.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        twin = path.is_file() and path.stem == Path(PROJECT).stem and path.name != PROJECT
        if _BAD.search(inside) or len(inside) > _LONGEST_PATH or twin:
            raise WeipianError("evidence.field_name", path=inside)
