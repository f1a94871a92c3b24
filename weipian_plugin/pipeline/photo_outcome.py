"""What comes of photos that were given in: links, findings, and which stored photos come out otherwise than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

import pandas as pd

from .. import evidence
from ..evidence.checks import ONE_FINDING
from ..evidence.known import KNOWN, Sorted, files_of_links
from ..evidence.matching import photo_keys
from ..evidence.records import FINDING, MATCH, PHOTO, STORED_PHOTO, Finding, StoredFinding
from ..model.feedback import Feedback
from ..model.messages import Message, render
from ..model.tables import chosen, column, frame_of, records, series, values, with_columns
from ..model.words import PhotoStatus
from ..workspace import Workspace
from .photo_basis import Held
from .roads import roads_near
from .stored import layers_of

#: What the links of all photos were made from; where it is unchanged, only new photos are matched.
BASIS = "photos_basis"
#: Up to so many photos the report for people lists all of the workspace, beyond only those of the run.
_WHOLE_REPORT = 2000
#: How a finding names the other photo of the two that it is about.
_OTHER = "other"


@dataclass(frozen=True)
class ReadPhotos:
    """What was given: ``read`` a photo table with ``stored``, ``skipped`` names and digests of files known without reading."""

    read: pd.DataFrame
    skipped: pd.DataFrame
    rejections: pd.DataFrame
    sources: frozenset[str]


@dataclass(frozen=True)
class Shown:
    """Photos, links and findings of the report, as tables."""

    photos: pd.DataFrame
    links: pd.DataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class Outcome:
    """What goes into the workspace. ``rematched``: keys of stored photos that were matched again, None for all of them. ``changed``: new
    values by stored file; ``again``: other names of known photos."""

    rematched: Optional[tuple[str, ...]]
    basis: str
    new: pd.DataFrame
    links: pd.DataFrame
    changed: Mapping[str, Mapping[str, Any]]
    replaced: tuple[str, ...]
    again: Mapping[str, str]
    shown: Shown


@dataclass(frozen=True)
class StoredOutcome:
    """What became of a stored photo. ``findings`` as JSON has them."""

    file: str
    status: Optional[PhotoStatus] = None
    reason: Optional[str] = None
    findings: Optional[list[Mapping[str, Any]]] = None

    def changes(self) -> dict[Any, Any]:
        """The columns of the photo's row."""
        status = None if self.status is None else self.status.value
        return {STORED_PHOTO.status: status, STORED_PHOTO.reason: self.reason, STORED_PHOTO.findings: self.findings}

    def with_finding(self, finding: Finding) -> StoredOutcome:
        """The same with one more finding, unless it is there already."""
        own = [StoredFinding.of_record(one) for one in self.findings or ()]
        if any(one.check == finding.code and one.parcel == finding.parcel for one in own):
            return self
        sentence = render(finding.message).rstrip("。")
        reason = "；".join(text for text in (self.reason, sentence) if text)
        return replace(self, findings=[*(self.findings or ()), finding.stored()], reason=reason)


def work_out(store: Workspace, held: Held, taken: ReadPhotos, feedback: Feedback) -> Outcome:
    """Match and check what was read, and of the stored photos those that it touches."""
    parcels, basis, known, options = held.parcels(), held.basis(), held.photos(), held.options
    sorted_out = evidence.separate(taken.read, known, held.numbers())
    whole = store.setting(BASIS) != basis or bool(sorted_out.replaced)
    again = _stored(
        store, sorted_out, None if whole else [*_overruled(store, known), *_same_bytes(sorted_out.new, known)]
    )
    near = _stored(store, sorted_out, [] if whole else evidence.related(sorted_out.new, known, options.settings))
    near = near[~column(near, PHOTO.file).isin(set(values(again, PHOTO.file)))]
    matched = _together(again, sorted_out.new)
    manual = store.read("photo_parcel", manual=1)
    links = evidence.merge_manual(evidence.match_photos(matched, parcels, options), manual)
    links = links[column(links, MATCH.photo).isin(set(photo_keys(matched)))]
    compared = _together(near, matched)
    all_links = _together(_old_links(store, near, held.numbers()), links) if len(near) else links
    findings = evidence.check(compared, all_links, parcels, roads=roads_near(layers_of(store), parcels, feedback))
    concluded = evidence.conclude(matched, links, findings)
    new_files = set(values(sorted_out.new, PHOTO.file))
    shown = Shown(concluded, links, findings)
    return Outcome(
        rematched=None if whole else tuple(photo_keys(again).tolist()),
        basis=basis,
        new=concluded[column(concluded, PHOTO.file).isin(new_files)],
        links=links[~column(links, MATCH.manual).fillna(False).astype(bool)],
        changed=_changed(store, concluded) | _added(store, near, findings, new_files),
        replaced=sorted_out.replaced,
        again=_names_again(taken, sorted_out, known),
        shown=shown if whole or len(known) > _WHOLE_REPORT else _everything(store, sorted_out, shown, held.numbers()),
    )


def _together(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([first, second], ignore_index=True) if len(first) else second


def _same_bytes(new: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Stored photos whose bytes are now filed for another parcel: links are of the bytes, so that both rows are matched again."""
    digests = column(known, KNOWN.sha256)
    again = digests.notna() & digests.isin(set(column(new, PHOTO.sha256).dropna()))
    return values(known[again], KNOWN.file)


def _overruled(store: Workspace, known: pd.DataFrame) -> list[str]:
    """Photos whose computed links do not yet follow what a person has attached or detached since."""
    wanted = chosen(MATCH.photo, MATCH.status)
    manual = store.columns("photo_parcel", wanted, manual=1)
    status, keys = column(manual, MATCH.status), column(manual, MATCH.photo)
    computed = set(values(store.columns("photo_parcel", wanted, photo=keys.tolist(), manual=0), MATCH.photo))
    mixed = computed & set(keys[status == PhotoStatus.ATTACHED.value])
    loose = set(keys[status == PhotoStatus.DETACHED.value]) - computed
    of_known = series(known, photo_keys(known))
    return values(known[of_known.isin(mixed | loose)], KNOWN.file)


def _everything(store: Workspace, sorted_out: Sorted, run: Shown, numbers: list[str]) -> Shown:
    """For the report: the photos that this run left as they were stand beside those it worked on."""
    others = _stored(store, sorted_out, None)
    others = others[~column(others, PHOTO.file).isin(set(values(run.photos, PHOTO.file)))].reset_index(drop=True)
    if not len(others):
        return run
    old_links = _old_links(store, others, numbers)
    told = pd.concat([frame_of(_old_findings(store, others), Finding), run.findings], ignore_index=True)
    told = told.drop_duplicates(list(ONE_FINDING))
    old = evidence.conclude(others, old_links, told[column(told, FINDING.file).isin(set(values(others, PHOTO.file)))])
    photos = pd.concat([old, run.photos], ignore_index=True)
    return Shown(photos, pd.concat([old_links, run.links], ignore_index=True), told)


def _old_findings(store: Workspace, photos: pd.DataFrame) -> Iterator[Finding]:
    keys = dict(zip(values(photos, PHOTO.file), photo_keys(photos).tolist()))
    wanted = chosen(STORED_PHOTO.file, STORED_PHOTO.findings)
    for photo in records(store.columns("photo", wanted), StoredOutcome):
        for entry in (photo.findings or ()) if photo.file in keys else ():
            known = StoredFinding.of_record(entry)
            details = known.message.details
            yield Finding(keys[photo.file], photo.file, known.parcel, known.check, known.level, details, known.message)


def _stored(store: Workspace, sorted_out: Sorted, files: Optional[Sequence[str]]) -> pd.DataFrame:
    """Photos of the workspace as they were read (all of them for None). Removed ones are out of everything."""
    rows = store.read("photo") if files is None else store.read("photo", file=list(files))
    removed = column(rows, STORED_PHOTO.status) == evidence.REMOVED
    left = removed | column(rows, STORED_PHOTO.file).isin(sorted_out.replaced)
    return evidence.as_read(rows[~left]).reset_index(drop=True)


def _old_links(store: Workspace, photos: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    """Stored links of ``photos`` as matching gives them."""
    keys = photo_keys(photos).tolist()
    stored = store.read("photo_parcel", photo=list(dict.fromkeys(keys)))
    stored = stored[column(stored, MATCH.status) != PhotoStatus.DETACHED.value]
    reasons = [tuple(map(Message.of_record, held or ())) for held in values(stored, MATCH.reasons)]
    as_matched = {
        MATCH.file: series(stored, files_of_links(stored, photos, numbers)),
        MATCH.reasons: series(stored, reasons),
        MATCH.manual: column(stored, MATCH.manual).fillna(0).astype(bool),
    }
    return with_columns(stored, as_matched).drop(columns=["fid", "by", "at"])


def _outcomes(store: Workspace, files: Sequence[str]) -> dict[str, StoredOutcome]:
    """What became of stored photos, by file."""
    wanted = chosen(STORED_PHOTO.file, STORED_PHOTO.status, STORED_PHOTO.reason, STORED_PHOTO.findings)
    return {photo.file: photo for photo in records(store.columns("photo", wanted, file=list(files)), StoredOutcome)}


def _changed(store: Workspace, concluded: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Stored photos whose outcome is another one now."""
    before = _outcomes(store, values(concluded, PHOTO.file))
    now_is = records(concluded, StoredOutcome)
    return {photo.file: photo.changes() for photo in now_is if before.get(photo.file, photo) != photo}


def _added(store: Workspace, old: pd.DataFrame, findings: pd.DataFrame, new: set[str]) -> dict[str, dict[str, Any]]:
    """Findings that stored photos get from a new one: those that name it."""
    files = set(values(old, PHOTO.file)) if len(old) else set()
    telling = [one for one in records(findings, Finding) if one.file in files and one.details.get(_OTHER) in new]
    if not telling:
        return {}
    before = _outcomes(store, sorted({one.file for one in telling}))
    after = dict(before)
    for finding in telling:
        after[finding.file] = after[finding.file].with_finding(finding)
    changed = (photo for file, photo in after.items() if photo is not before[file])
    return {
        photo.file: {str(STORED_PHOTO.findings): photo.findings, STORED_PHOTO.reason: photo.reason} for photo in changed
    }


def _names_again(taken: ReadPhotos, sorted_out: Sorted, known: pd.DataFrame) -> dict[str, str]:
    """Names under which known photos were given this time, with the names they are known by."""
    given = [
        pair
        for table in (taken.skipped, sorted_out.again)
        for pair in zip(values(table, PHOTO.file), values(table, PHOTO.sha256))
    ]
    held = list(zip(values(known, KNOWN.file), values(known, KNOWN.sha256)))
    stored, pairs = {sha256: file for file, sha256 in held}, set(held)
    return {
        str(file): str(stored[sha256])
        for file, sha256 in given
        if (file, sha256) not in pairs and not str(stored[sha256]).endswith(f"/{file}")
    }
