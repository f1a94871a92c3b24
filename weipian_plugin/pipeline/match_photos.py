"""照片挂接: photos are read, copied beside the workspace, matched with parcels and checked. They accumulate: a run adds what is new.

Nothing is removed by a run. A photo leaves by a person's act (:func:`.photos.remove`), and comes back by another; what a person attached or
detached stays.
"""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Optional

import pandas as pd
import shapely

from .. import evidence
from ..evidence.known import KnownPhoto
from ..evidence.photo_file import PhotoFile
from ..evidence.records import PHOTO, STORED_PHOTO
from ..model.columns import names_of
from ..model.feedback import Feedback, Share, stop_if_cancelled
from ..model.messages import Message
from ..model.records import PhotoLink
from ..model.registers import StoredRejection
from ..model.tables import chosen, column, floats, frame_of, series, values, with_columns
from ..model.words import PhotoStatus
from ..workspace import Workspace
from ..workspace.folders import Beside, folder_beside
from ..workspace.journal import now
from ..workspace.places import Place
from . import report
from .command import Result, Step, count, given, optional
from .parameters import COUNTY, PHOTOS, REPORT, WORKSPACE
from .photo_basis import Held
from .photo_outcome import BASIS, Outcome, ReadPhotos, work_out
from .rejections import rejection_rows
from .settling import Making, settle
from .stored import cache_folder, known_columns

STORED_LINK = names_of(PhotoLink)
REJECTION = names_of(StoredRejection)
_WHY = "照片挂接"


@dataclass(frozen=True)
class PhotosResult(Result):
    """Counts of photos read, new, attached, ambiguous and rejected."""

    photos: int = count("PHOTOS")
    new: int = count("NEW_PHOTOS")
    attached: int = count("ATTACHED")
    ambiguous: int = count("AMBIGUOUS")
    rejected: int = count("REFUSED", in_run="PHOTOS_REFUSED")


@dataclass(frozen=True)
class MatchPhotos(Step):
    """照片挂接: photos are read, checked and matched to parcels."""

    ID: ClassVar[str] = "photos"
    TITLE: ClassVar[str] = "照片挂接"
    RESULT: ClassVar[type[Result]] = PhotosResult
    SHARE: ClassVar[float] = 0.15
    NEEDS: ClassVar[tuple[Any, ...]] = (PHOTOS,)
    ASIDE: ClassVar[bool] = True
    READS_FIRST: ClassVar[bool] = True

    workspace: Place = given(WORKSPACE)
    photos: tuple[str, ...] = given(PHOTOS)
    report: Optional[Path] = optional(REPORT)
    county: Optional[Path] = optional(COUNTY)
    photo_range: Optional[float] = None  # metres; None: the data's default
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> PhotosResult:
        """What is new among the files given is read, copied into the photo store, matched and checked. Raises ``run.no_parcels``."""
        options = evidence.MatchOptions(range_m=self.photo_range)
        held = Held(store, options)
        taken = _take(store, held, self.photos, Share(feedback, 0.0, 0.8))
        making: Making[Outcome] = Making(
            held.state,
            lambda outdated: work_out(store, held, taken, feedback),
            lambda target, made: _write(target, self.who, taken, made),
            lambda made: len(made.new) + len(made.links) + len(made.changed),
        )
        outcome = settle(store, feedback, making).result
        done = _counted(store, outcome)
        total, new = done.photos, done.new
        if new < total:
            known = len(taken.read) + len(taken.skipped) - new
            feedback.report(Message("run.photos_known", {"new": new, "known": known, "all": total}))
        summary = {"attached": done.attached, "ambiguous": done.ambiguous, "refused": done.rejected}
        feedback.report(Message("run.summary_photos", summary))
        if self.report:
            shown = outcome.shown
            evidence.report.write_reports(shown.photos, shown.links, shown.findings, self.report, held.parcels())
            report.write(store, self.report, ["photos", "refused"], again=outcome.again)
        feedback.progress(1.0)
        return done


def _counted(store: Workspace, outcome: Outcome) -> PhotosResult:
    """What the workspace has of photos, and what this run took in; a known photo that was given under another name counts again."""
    found = Counter(status for (status,) in store.values("photo", chosen(STORED_PHOTO.status)))
    found.update(_statuses(store, outcome.again).values())
    total = sum(found.values())
    attached, ambiguous = found[PhotoStatus.ATTACHED.value], found[PhotoStatus.AMBIGUOUS.value]
    return PhotosResult(total, len(outcome.new), attached, ambiguous, total - attached - ambiguous)


# ---- what is given ----


def _take(store: Workspace, held: Held, given_paths: tuple[str, ...], feedback: Feedback) -> ReadPhotos:
    """Find the files, read and keep those that the workspace does not know yet."""
    options = evidence.PhotoOptions()
    numbers = held.numbers()
    files = evidence.find_files([Path(text) for text in given_paths], options.settings)
    seen = evidence.SeenFiles(cache_folder(store) / "photos.json")
    known = held.photos()
    skipped = _known_unread(files, seen, known, numbers)
    without = set(values(skipped, PHOTO.file))
    unread = [file for file in files if file.name not in without]
    reading = evidence.read_files(unread, options, Share(feedback, 0.0, 0.8))
    for file, sha256 in zip(unread, values(reading.photos, PHOTO.sha256)):
        if isinstance(sha256, str):
            seen.remember(file, sha256)
    seen.save()
    stop_if_cancelled(feedback)
    again = evidence.known_again(reading.photos, known, numbers)
    folder = photo_store(store.path)
    kept = evidence.keep_originals(reading.photos[~again], folder, Share(feedback, 0.8, 1.0))
    known_photos = with_columns(reading.photos, {STORED_PHOTO.stored: None})[again]
    read = pd.concat([known_photos, kept]).sort_index()
    return ReadPhotos(
        _placed(read, folder.name),
        skipped,
        rejection_rows(reading.rejected, "photos"),
        frozenset(str(file.path) for file in files),
    )


def _known_unread(
    files: list[PhotoFile], seen: evidence.SeenFiles, known: pd.DataFrame, numbers: list[str]
) -> pd.DataFrame:
    """Files whose bytes the workspace has, as can be told without reading them; with a register there is more to learn than bytes."""
    photos = [KnownPhoto(file.name, None if file.register else seen.sha256(file)) for file in files]
    given = frame_of(photos, KnownPhoto).astype(object)
    return given[evidence.known_again(given, known, numbers)]


def _placed(photos: pd.DataFrame, folder: str) -> pd.DataFrame:
    """Stored paths relative to the workspace's folder, and the position as a point.

    EXIF positions are WGS 84; its difference from CGCS2000 is far below what a phone can measure.
    """
    stored = [f"{folder}/{path}" if isinstance(path, str) else None for path in values(photos, STORED_PHOTO.stored)]
    places = zip(floats(photos, PHOTO.lon).tolist(), floats(photos, PHOTO.lat).tolist())
    points = [shapely.Point(lon, lat) if lon == lon and lat == lat else None for lon, lat in places]
    placed = {STORED_PHOTO.stored: series(photos, stored), STORED_PHOTO.geometry: series(photos, points)}
    return with_columns(photos, placed)


def photo_store(workspace: Path) -> Path:
    """Where a workspace keeps its copies of photos: a folder beside it, so that both move together."""
    return folder_beside(workspace, Beside.PHOTOS)


# ---- into the workspace ----


def _statuses(store: Workspace, again: Mapping[str, str]) -> dict[str, Optional[str]]:
    """The status of known photos, by the names they were given under this time."""
    if not again:
        return {}
    names = chosen(STORED_PHOTO.file, STORED_PHOTO.status)
    rows = store.values("photo", names, file=sorted(set(again.values())))
    status: dict[str, Optional[str]] = {str(row[0]): row[1] for row in rows}
    return {file: status.get(known) for file, known in again.items()}


def _write(store: Workspace, who: str, taken: ReadPhotos, outcome: Outcome) -> None:
    if outcome.replaced:  # files that could not be read are read now: the same file, another outcome
        store.delete("photo", who, _WHY, file=list(outcome.replaced))
        store.delete("photo_parcel", who, _WHY, photo=list(outcome.replaced), manual=0)
    if len(outcome.new):
        store.insert("photo", known_columns("photo", _stored_photos(taken, outcome.new)), who, _WHY)
    made = {STORED_LINK.manual: 0, STORED_LINK.at: now()}
    links = known_columns("photo_parcel", with_columns(outcome.links, made))
    if outcome.rematched is None:
        # Made from all photos the workspace knows; rows that a person made stay as they are.
        store.replace("photo_parcel", links, who, _WHY, manual=0)
        store.set_setting(BASIS, outcome.basis, who, _WHY)
    else:
        store.replace("photo_parcel", links, who, _WHY, photo=list(outcome.rematched), manual=0)
    store.update_rows("photo", outcome.changed, who, _WHY)
    earlier = store.read("refusal", step="photos").drop(columns=["fid"])
    kept = earlier[~column(earlier, REJECTION.source).isin(taken.sources)]
    if len(taken.rejections) or len(kept) < len(earlier):
        rejected = pd.concat([kept, taken.rejections], ignore_index=True)
        store.replace("refusal", rejected, who, _WHY, step="photos")


def _stored_photos(taken: ReadPhotos, new: pd.DataFrame) -> pd.DataFrame:
    """New photos as rows of the workspace; ``readable``: whether each could be opened, as the reading said (its status says what became
    of it)."""
    places = zip(values(taken.read, PHOTO.path), values(taken.read, PHOTO.member))
    status = dict(zip(places, values(taken.read, PHOTO.status)))
    of_new = zip(values(new, PHOTO.path), values(new, PHOTO.member))
    readable = [int(status[place] != PhotoStatus.REJECTED.value) for place in of_new]
    notes = [[note.as_record() for note in notes] for notes in values(new, PHOTO.notes)]
    return with_columns(new, {STORED_PHOTO.readable: readable, STORED_PHOTO.notes: series(new, notes)})
