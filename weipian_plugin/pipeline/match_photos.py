"""照片挂接: photos are read, copied beside the workspace, tied to parcels and checked. They accumulate: a run adds what is new.

Nothing is removed by a run. A photo leaves by a person's act (:func:`.photos.remove`), and comes back by another; what a person attached or
detached stays.
"""

from __future__ import annotations

import getpass
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Optional

import geopandas
import pandas as pd
import shapely

from .. import evidence
from ..evidence.matching import photo_keys
from ..evidence.photo_file import PhotoFile
from ..evidence.rows import records as rows_of
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Share, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS
from ..workspace import Workspace
from ..workspace.folders import Beside, folder_beside
from ..workspace.journal import now
from ..workspace.places import Place
from . import report
from .command import Result, Step, count, given, optional
from .parameters import COUNTY, PHOTOS, REPORT, WORKSPACE
from .rejections import rejection_rows
from .roads import roads_near
from .settling import settle
from .stored import cache_folder, known_columns, layers_of

_WHY = "照片挂接"
#: What the ties of all photos were made from; where it is unchanged, only new photos are tied.
_BASIS = "photos_basis"
#: Up to so many photos the report for people lists all of the workspace, beyond only those of the run.
_WHOLE_REPORT = 2000
_PARCEL_COLUMNS = ("number", "earlier_image", "later_image", "geometry")


@dataclass(frozen=True)
class _ReadPhotos:
    """What was given: ``read`` a photo table with ``stored``, ``skipped`` names and digests of files known without reading."""

    read: pd.DataFrame
    skipped: pd.DataFrame
    rejections: pd.DataFrame
    sources: frozenset[str]


@dataclass(frozen=True)
class _Outcome:
    """What goes into the workspace. ``retied``: keys of stored photos that were tied again, None for all of them. ``changed``: new values
    by stored file; ``again``: other names of known photos; ``shown``: photos, ties and findings of the report."""

    retied: Optional[tuple[Any, ...]]
    basis: str
    new: pd.DataFrame
    links: pd.DataFrame
    changed: Mapping[str, Mapping[str, Any]]
    replaced: tuple[str, ...]
    again: Mapping[str, str]
    shown: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


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
        held = _Held(store, options)
        taken = _take(store, held, self.photos, Share(feedback, 0.0, 0.8))
        outcome: _Outcome = settle(
            store,
            feedback,
            held.state,
            lambda outdated: _work_out(store, held, taken, feedback),
            lambda made: _write(store, self.who, taken, made),
        )
        counts = Counter(store.columns("photo", ["status"])["status"])
        counts.update(_statuses(store, outcome.again).values())
        total, new = sum(counts.values()), len(outcome.new)
        attached, ambiguous = counts["attached"], counts["ambiguous"]
        done = PhotosResult(total, new, attached, ambiguous, total - attached - ambiguous)
        if new < total:
            known = len(taken.read) + len(taken.skipped) - new
            feedback.report(Message("run.photos_known", {"new": new, "known": known, "all": total}))
        summary = {"attached": done.attached, "ambiguous": done.ambiguous, "refused": done.rejected}
        feedback.report(Message("run.summary_photos", summary))
        if self.report:
            evidence.report.write_reports(*outcome.shown, self.report, held.parcels())
            report.write(store, self.report, ["photos", "refused"], again=outcome.again)
        feedback.progress(1.0)
        return done


# ---- what is given ----


def _take(store: Workspace, held: _Held, given_paths: tuple[str, ...], feedback: Feedback) -> _ReadPhotos:
    """Find the files, read and keep those that the workspace does not know yet."""
    options = evidence.PhotoOptions()
    numbers = held.numbers()
    files = evidence.find_files([Path(text) for text in given_paths], options.settings)
    seen = evidence.SeenFiles(cache_folder(store) / "photos.json")
    known = held.photos()
    skipped = _known_unread(files, seen, known, numbers)
    unread = [file for file in files if file.name not in set(skipped["file"])] if len(skipped) else list(files)
    reading = evidence.read_files(unread, options, Share(feedback, 0.0, 0.8))
    for file, sha256 in zip(unread, reading.photos["sha256"].tolist()):
        if isinstance(sha256, str):
            seen.remember(file, sha256)
    seen.save()
    stop_if_cancelled(feedback)
    again = evidence.known_again(reading.photos, known, numbers)
    folder = photo_store(store.path)
    kept = evidence.keep_originals(reading.photos[~again], folder, Share(feedback, 0.8, 1.0))
    read = pd.concat([reading.photos.assign(stored=None)[again], kept]).sort_index()
    return _ReadPhotos(
        _placed(read, folder.name),
        skipped,
        rejection_rows(reading.rejected, "photos"),
        frozenset(str(file.path) for file in files),
    )


def _known_unread(
    files: list[PhotoFile], seen: evidence.SeenFiles, known: pd.DataFrame, numbers: list[str]
) -> pd.DataFrame:
    """Files whose bytes the workspace has, as can be told without reading them; with a register there is more to learn than bytes."""
    rows = [(file.name, None if file.register else seen.sha256(file), None) for file in files]
    given = pd.DataFrame(rows, columns=["file", "sha256", "claimed"], dtype=object)
    known_already: pd.DataFrame = given[evidence.known_again(given, known, numbers)]
    return known_already


def _placed(photos: pd.DataFrame, folder: str) -> pd.DataFrame:
    """Stored paths relative to the workspace's folder, and the position as a point.

    EXIF positions are WGS 84; its difference from CGCS2000 is far below what a phone can measure.
    """
    stored = [f"{folder}/{path}" if isinstance(path, str) else None for path in photos["stored"]]
    points = [
        shapely.Point(lon, lat) if pd.notna(lon) and pd.notna(lat) else None
        for lon, lat in zip(photos["lon"], photos["lat"])
    ]
    return photos.assign(
        stored=pd.Series(stored, index=photos.index, dtype=object),
        geometry=pd.Series(points, index=photos.index, dtype=object),
    )


def photo_store(workspace: Path) -> Path:
    """Where a workspace keeps its copies of photos: a folder beside it, so that both move together."""
    return folder_beside(workspace, Beside.PHOTOS)


# ---- what it is made from ----


class _Held:
    """What the workspace holds of parcels and photos, read once as long as nobody else writes."""

    def __init__(self, store: Workspace, options: evidence.MatchOptions) -> None:
        self.options = options
        self._store = store
        self._version = -1
        self._read: Optional[tuple[geopandas.GeoDataFrame, str, pd.DataFrame]] = None

    def parcels(self) -> geopandas.GeoDataFrame:
        """Number, dates and shape of all parcels. Raises ``run.no_parcels``."""
        return self._now()[0]

    def numbers(self) -> list[str]:
        return [str(number) for number in self.parcels()["number"]]

    def basis(self) -> str:
        """Digest of all that ties depend on besides the photos: numbers, dates and shapes of the parcels, limits, the range."""
        return self._now()[1]

    def photos(self) -> pd.DataFrame:
        """What the search for related photos needs of every one, and no more."""
        return self._now()[2]

    def state(self) -> tuple[Any, ...]:
        """What a result depends on: parcels, the photos that are known, what people attached and detached."""
        known = self.photos()[["file", "sha256", "status"]]
        manual = self._store.columns("photo_parcel", ["photo", "parcel", "status"], manual=1)
        return self.basis(), known.values.tolist(), manual.values.tolist()

    def _now(self) -> tuple[geopandas.GeoDataFrame, str, pd.DataFrame]:
        version = self._store.data_version()
        if self._read is None or version != self._version:
            frame = self._store.columns("parcel", _PARCEL_COLUMNS)
            if frame.empty:
                raise WeipianError("run.no_parcels", path=self._store.name)
            parcels = geopandas.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS)
            self._read = parcels, _basis(parcels, self.options), self._store.columns("photo", evidence.LIGHT_COLUMNS)
            self._version = version
        return self._read


def _basis(parcels: geopandas.GeoDataFrame, options: evidence.MatchOptions) -> str:
    digest = hashlib.sha256(repr((options.range_m, options.settings.fingerprint)).encode())
    for column in ("number", "earlier_image", "later_image"):
        digest.update(repr(parcels[column].tolist()).encode())
    digest.update(b"".join(shapely.to_wkb(parcels.geometry.to_numpy())))
    return digest.hexdigest()


# ---- what comes of it ----


def _work_out(store: Workspace, held: _Held, taken: _ReadPhotos, feedback: Feedback) -> _Outcome:
    parcels, basis, known, options = held.parcels(), held.basis(), held.photos(), held.options
    found = evidence.separate(taken.read, known, held.numbers())
    whole = store.setting(_BASIS) != basis or bool(found.replaced)
    again = _stored(store, found, None if whole else [*_overruled(store, known), *_same_bytes(found.new, known)])
    near = _stored(store, found, [] if whole else evidence.related(found.new, known, options.settings))
    near = near[~near["file"].isin(set(again["file"]))]
    linked = pd.concat([again, found.new], ignore_index=True) if len(again) else found.new
    links = evidence.merge_manual(evidence.match_photos(linked, parcels, options), store.read("photo_parcel", manual=1))
    links = links[links["photo"].isin(set(photo_keys(linked)))]
    ties = pd.concat([_old_links(store, near), links], ignore_index=True) if len(near) else links
    compared = pd.concat([near, linked], ignore_index=True) if len(near) else linked
    findings = evidence.check(compared, ties, parcels, roads=roads_near(layers_of(store), parcels, feedback))
    concluded = evidence.conclude(linked, links, findings)
    new = concluded[concluded["file"].isin(set(found.new["file"]))]
    changed = _changed(store, concluded) | _added(store, near, findings, set(found.new["file"]))
    shown = (concluded, links, findings)
    if not whole and len(known) <= _WHOLE_REPORT:
        shown = _everything(store, found, concluded, links, findings)
    mine = links[~links["manual"].fillna(False).astype(bool)]
    retied = None if whole else tuple(photo_keys(again).tolist())
    return _Outcome(retied, basis, new, mine, changed, found.replaced, _names_again(taken, found, known), shown)


def _same_bytes(new: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Stored photos whose bytes are now filed for another parcel: ties are of the bytes, so that both rows are tied again."""
    hashed = known["sha256"].notna()
    return known.loc[hashed & known["sha256"].isin(set(new["sha256"].dropna())), "file"].tolist()


def _overruled(store: Workspace, known: pd.DataFrame) -> list[str]:
    """Photos whose computed ties do not yet follow what a person has attached or detached since."""
    manual = store.columns("photo_parcel", ["photo", "status"], manual=1)
    computed = store.columns("photo_parcel", ["photo", "status"], photo=manual["photo"].tolist(), manual=0)
    mixed = set(computed["photo"]) & set(manual.loc[manual["status"] == "attached", "photo"])
    loose = set(manual.loc[manual["status"] == "detached", "photo"]) - set(computed["photo"])
    keys = pd.Series(photo_keys(known), index=known.index)
    return known.loc[keys.isin(mixed | loose), "file"].tolist()


def _everything(
    store: Workspace, found: Any, concluded: pd.DataFrame, links: pd.DataFrame, findings: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """For the report: the photos that this run left as they were stand beside those it worked on."""
    others = _stored(store, found, None)
    others = others[~others["file"].isin(set(concluded["file"]))].reset_index(drop=True)
    if not len(others):
        return concluded, links, findings
    old_links = _old_links(store, others)
    old_findings = pd.DataFrame(list(_old_findings(store, others)), columns=list(findings.columns))
    told = pd.concat([old_findings, findings], ignore_index=True).drop_duplicates(["file", "parcel", "code"])
    old = evidence.conclude(others, old_links, told[told["file"].isin(set(others["file"]))])
    return pd.concat([old, concluded], ignore_index=True), pd.concat([old_links, links], ignore_index=True), told


def _old_findings(store: Workspace, photos: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    keys = dict(zip(photos["file"], photo_keys(photos)))
    held = store.columns("photo", ["file", "findings"])
    for file, findings in zip(held["file"], held["findings"]):
        for finding in (findings or ()) if file in keys else ():
            message = evidence.message_of(finding)
            yield keys[file], file, finding["parcel"], finding["check"], finding["level"], message.details, message


def _stored(store: Workspace, found: Any, files: Optional[list[str]]) -> pd.DataFrame:
    """Photos of the workspace as they were read (all of them for None). Removed ones are out of everything."""
    rows = store.read("photo") if files is None else store.read("photo", file=files)
    left = (rows["status"] == evidence.REMOVED) | rows["file"].isin(found.replaced)
    return evidence.as_read(rows[~left]).reset_index(drop=True)


def _old_links(store: Workspace, photos: pd.DataFrame) -> pd.DataFrame:
    """Stored ties of ``photos`` as the tying gives them."""
    if not len(photos):
        return pd.DataFrame(columns=["photo", "parcel", "status", "reasons", "file", "manual", "purpose", "score"])
    keys = photo_keys(photos)
    stored = store.read("photo_parcel", photo=list(dict.fromkeys(keys.tolist())))
    stored = stored[stored["status"] != "detached"]
    names = dict(zip(keys.tolist(), photos["file"].tolist()))
    reasons = [tuple(evidence.message_of(reason) for reason in row or ()) for row in stored["reasons"]]
    return stored.assign(
        file=stored["photo"].map(names),
        reasons=pd.Series(reasons, index=stored.index, dtype=object),
        manual=stored["manual"].fillna(0).astype(bool),
    ).drop(columns=["fid", "by", "at"])


def _changed(store: Workspace, concluded: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Stored photos whose outcome is another one now."""
    names = concluded["file"].tolist()
    before = {
        row["file"]: row
        for row in rows_of(store.columns("photo", ["file", "status", "reason", "findings"], file=names))
    }
    changed = {}
    for row in rows_of(concluded):
        now_is = {"status": row["status"], "reason": row["reason"], "findings": row["findings"]}
        was = before.get(row["file"])
        if was is not None and any(was[name] != value for name, value in now_is.items()):
            changed[str(row["file"])] = now_is
    return changed


def _added(store: Workspace, old: pd.DataFrame, findings: pd.DataFrame, new: set[str]) -> dict[str, dict[str, Any]]:
    """Findings that stored photos get from a new one: those that name it."""
    changed: dict[str, dict[str, Any]] = {}
    files = set(old["file"]) if len(old) else set()
    telling = [row for row in rows_of(findings) if row["file"] in files and row["details"].get("other") in new]
    if not telling:
        return changed
    held = store.columns("photo", ["file", "reason", "findings"], file=sorted({row["file"] for row in telling}))
    stored = {row["file"]: row for row in rows_of(held)}
    for finding in telling:
        row = stored[finding["file"]]
        own = changed.get(finding["file"], {}).get("findings") or row["findings"] or []
        if any(one["check"] == finding["code"] and one["parcel"] == finding["parcel"] for one in own):
            continue
        record = finding["message"].as_record()
        entry = {"check": finding["code"], "level": finding["level"], "parcel": finding["parcel"], **record}
        reason = "；".join(text for text in (row["reason"], record["text"].rstrip("。")) if text)
        changed[str(finding["file"])] = {"findings": [*own, entry], "reason": reason}
    return changed


def _names_again(taken: _ReadPhotos, sorted_out: Any, known: pd.DataFrame) -> dict[str, str]:
    """Names under which known photos were given this time, with the names they are known by."""
    given = pd.concat([taken.skipped[["file", "sha256"]], sorted_out.again[["file", "sha256"]]])
    stored = dict(zip(known["sha256"], known["file"]))
    pairs = set(zip(known["file"], known["sha256"]))
    return {
        str(file): str(stored[sha256])
        for file, sha256 in zip(given["file"], given["sha256"])
        if (file, sha256) not in pairs and not str(stored[sha256]).endswith(f"/{file}")
    }


def _statuses(store: Workspace, again: Mapping[str, str]) -> dict[str, str]:
    if not again:
        return {}
    rows = store.columns("photo", ["file", "status"], file=sorted(set(again.values())))
    status = dict(zip(rows["file"], rows["status"]))
    return {file: str(status.get(known)) for file, known in again.items()}


# ---- into the workspace ----


def _write(store: Workspace, who: str, taken: _ReadPhotos, outcome: _Outcome) -> None:
    if outcome.replaced:  # files that could not be read are read now: the same file, another outcome
        store.delete("photo", who, _WHY, file=list(outcome.replaced))
        store.delete("photo_parcel", who, _WHY, photo=list(outcome.replaced), manual=0)
    rows = outcome.new.assign(readable=[int(notes_read) for notes_read in _readable(taken, outcome.new)])
    notes = [[note.as_record() for note in notes] for notes in rows["notes"]]
    rows = rows.assign(notes=pd.Series(notes, index=rows.index, dtype=object))
    if len(rows):
        store.insert("photo", known_columns("photo", rows), who, _WHY)
    links = known_columns("photo_parcel", outcome.links.assign(manual=0, at=now()))
    if outcome.retied is None:
        # Made from all photos the workspace knows; rows that a person made stay as they are.
        store.replace("photo_parcel", links, who, _WHY, manual=0)
        store.set_setting(_BASIS, outcome.basis, who, _WHY)
    else:
        store.replace("photo_parcel", links, who, _WHY, photo=list(outcome.retied), manual=0)
    store.update_rows("photo", outcome.changed, who, _WHY)
    earlier = store.read("refusal", step="photos").drop(columns=["fid"])
    kept = earlier[~earlier["source"].isin(taken.sources)]
    if len(taken.rejections) or len(kept) < len(earlier):
        rejected = pd.concat([kept, taken.rejections], ignore_index=True)
        store.replace("refusal", rejected, who, _WHY, step="photos")


def _readable(taken: _ReadPhotos, new: pd.DataFrame) -> list[bool]:
    """Whether each new photo could be opened, as the reading said; the outcome's own status says whether it is tied."""
    status = dict(zip(zip(taken.read["path"], taken.read["member"]), taken.read["status"]))
    return [status[key] != "refused" for key in zip(new["path"], new["member"])]
