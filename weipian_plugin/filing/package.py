"""A decided parcel becomes a folder (卷宗): built aside, verified against its own manifest, then given its name."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from ..model.errors import Cancelled, WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import render
from ..model.records import Rejection
from ..office.files import sha256_of
from ..office.locks import holding
from ..office.scratch import scratch_folder
from ..office.text import file_name
from . import forms, manifest, naming, replacement
from .ahead import in_order
from .attach import WORKERS
from .build import Builder, Watch
from .case import MapFile, ParcelCase, jsonable
from .completeness import Check
from .files import flush_tree, remove_tree
from .forms import Form
from .manifest import Manifest
from .options import PackageOptions
from .replacement import Checkpoint, no_checkpoint
from .settings import FilingRules, load_rules

#: Options that say how packages are written, not what is in them.
_HOW = frozenset({"fresh", "at_once"})
#: where earlier releases kept the maps of a run; what a killed one left there is removed
_OLD_MAPS = ".maps"
#: How long a package that another process is writing is waited for; writing one takes a second or two.
PATIENCE_SECONDS = 60.0


Renderer = Callable[[ParcelCase, Path], tuple[MapFile, ...]]


@dataclass(frozen=True)
class PackageRecord:
    """A row of ``packages.csv``. ``missing`` are the checks that were not passed."""

    parcel: str
    path: Path
    complete: bool
    missing: tuple[Check, ...]
    files: int
    bytes: int
    manifest_sha256: str
    current: bool = False  # it was there already and is unchanged


def package_folder(folder: Path, number: str) -> Path:
    """Where the package of a parcel lies."""
    return folder / file_name(number, 60)


def packages_in(folder: Path) -> list[Path]:
    """The packages of a folder by name, those included that a killed export has left aside (see :func:`replacement.current`)."""
    result = {path.parent for path in folder.glob(f"*/{manifest.NAME}") if not path.parent.name.startswith(".")}
    result |= {path.with_name(path.name[1 : -len(".old")]) for path in folder.glob(".*.old")}
    return sorted(result)


def case_digest(case: ParcelCase, options: PackageOptions, rules: FilingRules, form_set: Iterable[Form]) -> str:
    """What a package is made from, as one SHA-256: the case, the rules, the templates and the options, but no stated time."""
    chosen = jsonable(replace(options, made_at="", templates=None, rules=None))
    content = {
        "case": case.digest(),
        "rules": rules.sha256,
        "templates": [[form.entry.id, form.sha256] for form in form_set],
        "options": {name: value for name, value in chosen.items() if name not in _HOW},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()


@contextmanager
def alone_with(folder: Path, number: str, feedback: Feedback) -> Iterator[None]:
    """Nobody else writes this parcel's package during the block; several exports into one folder take turns, package by package.

    Raises ``filing.locked`` with the holder's name when the turn does not come in :data:`PATIENCE_SECONDS`, ``run.folder_unwritable``.
    """
    lock = replacement.lock_of(package_folder(folder, number))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = holding(lock, PATIENCE_SECONDS, lambda: stop_if_cancelled(feedback))
        holder = held.__enter__()
    except OSError as error:
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    try:
        if holder is not None:
            raise WeipianError("filing.locked", parcel=number, path=str(folder), who=holder.who, since=holder.since)
        yield
    finally:
        held.__exit__(None, None, None)


def current_package(case: ParcelCase, folder: Path, options: PackageOptions) -> Optional[PackageRecord]:
    """The package of ``case`` if it lies in ``folder`` and was made from exactly this; None when it has to be written.

    Looks at the manifest and the sizes of the files; :func:`filing.verify` reads every byte.
    """
    if not folder.is_dir():
        return None
    with alone_with(folder, case.number, Silent()):
        return _current(case, folder, options)


def _current(case: ParcelCase, folder: Path, options: PackageOptions) -> Optional[PackageRecord]:
    target = package_folder(folder, case.number)
    replacement.recover(target)
    if not (target / manifest.NAME).is_file():
        return None
    try:
        content = manifest.read(target)
    except WeipianError:
        return None
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    if content.case_sha256 != case_digest(case, options, rules, form_set):
        return None
    for file in content.files:
        path = target / file.path
        if not path.is_file() or path.stat().st_size != file.bytes:
            return None
    return replace(_record(case.number, target, content), current=True)


def write_package(
    case: ParcelCase,
    folder: Path,
    options: PackageOptions,
    feedback: Optional[Feedback] = None,
    checkpoint: Checkpoint = no_checkpoint,
) -> PackageRecord:
    """Write the package of ``case`` into ``folder``; what is missing makes it a draft (草稿), never stops it.

    The old package stays whole until the new one is finished and verified. Raises ``filing.folder_taken`` when the folder holds
    another parcel's package or something else, ``filing.path_too_long``,
    ``filing.package_in_use`` when another program holds it, template errors, and
    ``run.folder_unwritable``. ``checkpoint`` is called at each step (a test ends the process there).
    """
    # A template that cannot be used stops here, before the folder is made.
    forms.load_forms(load_rules(options.rules), case.profile, options.templates, options.forms)
    with alone_with(folder, case.number, feedback or Silent()):
        return _write(case, folder, options, feedback or Silent(), checkpoint)


def _write(
    case: ParcelCase, folder: Path, options: PackageOptions, feedback: Feedback, checkpoint: Checkpoint = no_checkpoint
) -> PackageRecord:
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    target = package_folder(folder, case.number)
    place = replacement.places(target)
    try:
        replacement.recover(target)
        _refuse_foreign(target, case.number)
        naming.check(case, target, options, rules, form_set)
        place.new.mkdir()
        checkpoint("folder made")
        digest = case_digest(case, options, rules, form_set)
        content = Builder(case, place.new, options, rules, form_set, Watch(feedback, checkpoint)).build(digest)
        _check_written(place.new, content)
        checkpoint("verified")
        flush_tree(place.new)
        checkpoint("on the disk")
        stop_if_cancelled(feedback)
        replacement.exchange(target, checkpoint)
    except OSError as error:
        _clear(place.new)
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=error) from error
    except WeipianError:
        _clear(place.new)
        raise
    return _record(case.number, target, content)


def write_packages(
    cases: Iterable[ParcelCase],
    folder: Path,
    options: PackageOptions,
    feedback: Optional[Feedback] = None,
    *,
    total: int = 0,
    render_maps: Optional[Renderer] = None,
) -> Iterator[PackageRecord | Rejection]:
    """Packages of many parcels in their order; a parcel that fails is yielded as a :class:`Rejection` and the rest go on.

    A package that is already current is not written again (but with ``options.fresh``), so a stopped run resumes where it was; what was
    finished is yielded before it ends with ``run.cancelled``.
    Several exports into one folder take turns package by package.
    ``render_maps(case, folder)`` is called for parcels that have to be written: on the caller's thread, or where ``options.at_once``
    packages are written at the same time on as many threads. ``cases`` are always taken on the caller's thread.
    """
    feedback = feedback or Silent()
    with scratch_folder() as aside:
        maps = None if render_maps is None else (render_maps, aside)

        def turn(given: tuple[ParcelCase, Optional[WeipianError]]) -> PackageRecord:
            case, refused = given
            if refused is not None:
                raise refused
            stop_if_cancelled(feedback)
            return _turn(case, folder, options, feedback, maps)

        waiting = _Waiting(cases, feedback)
        for position, ((case, _), outcome) in enumerate(in_order(turn, waiting, options.at_once)):
            try:
                yield outcome()
            except Cancelled:
                waiting.stopped = True  # what other threads have finished meanwhile is still handed on
            except WeipianError as error:
                feedback.report(error.message, "error")
                yield Rejection(str(package_folder(folder, case.number)), case.number, error.message)
            if total:
                feedback.progress((position + 1) / total)
    if waiting.stopped:
        raise Cancelled()
    _remove_old_maps(folder)


@dataclass
class _Waiting:
    """The parcels of an export, each with what forbids its name, until the run is stopped."""

    cases: Iterable[ParcelCase]
    feedback: Feedback
    stopped: bool = False

    def __iter__(self) -> Iterator[tuple[ParcelCase, Optional[WeipianError]]]:
        names: dict[str, str] = {}
        for case in self.cases:
            self.stopped = self.stopped or self.feedback.cancelled()
            if self.stopped:
                return
            yield case, _refused(case, names)


def _turn(
    case: ParcelCase,
    folder: Path,
    options: PackageOptions,
    feedback: Feedback,
    maps: Optional[tuple[Renderer, Path]],
) -> PackageRecord:
    """One package while nobody else writes it: what another export has just written is taken as it is, if it is current."""
    with alone_with(folder, case.number, feedback):
        record = None if options.fresh else _current(case, folder, options)
        if record is not None:
            return record
        _check_names(case, folder, options)
        if maps is None:
            return _write(case, folder, options, feedback)
        render, aside = maps
        drawn = render(case, aside)
        try:
            return _write(replace(case, maps=drawn), folder, options, feedback)
        finally:
            for file in drawn:
                file.path.unlink(missing_ok=True)


def _remove_old_maps(folder: Path) -> None:
    """Maps that a killed run of an earlier release left; younger than a day they may be in use by one."""
    left = folder / _OLD_MAPS
    with contextlib.suppress(OSError):
        if left.is_dir() and time.time() - left.stat().st_mtime > 86_400:
            remove_tree(left)


def _check_names(case: ParcelCase, folder: Path, options: PackageOptions) -> None:
    """Raises ``filing.path_too_long`` before maps are drawn for nothing."""
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    naming.check(case, package_folder(folder, case.number), options, rules, form_set)


def _refused(case: ParcelCase, names: dict[str, str]) -> Optional[WeipianError]:
    """Why a parcel gets no package at all; ``names``: of the folders before it. Two of them may be one for Windows."""
    name = file_name(case.number, 60).casefold()
    other = names.setdefault(name, case.number)
    if other != case.number:
        return WeipianError("filing.folder_taken", parcel=case.number, path=name, other=other)
    return WeipianError("filing.not_measured", parcel=case.number) if case.unmeasured else None


def _refuse_foreign(target: Path, number: str) -> None:
    """A folder of this name may only be this parcel's package: nothing else is ever replaced."""
    if not target.exists():
        return
    try:
        other = manifest.read(target).parcel
    except WeipianError as error:
        if error.code == "filing.manifest_damaged":
            return  # this parcel's package, damaged: it is written again
        raise WeipianError("filing.folder_taken", parcel=number, path=str(target), other="?") from error
    if other != number:
        raise WeipianError("filing.folder_taken", parcel=number, path=str(target), other=other)


def _clear(folder: Path) -> None:
    try:
        remove_tree(folder)
    except OSError:
        return  # the next start removes it; the error on its way to the user matters more


def _record(number: str, target: Path, content: Manifest) -> PackageRecord:
    text = (target / manifest.NAME).read_bytes()
    return PackageRecord(
        parcel=number,
        path=target,
        complete=content.complete,
        missing=content.checks,
        files=len(content.files) + 1,
        bytes=sum(file.bytes or 0 for file in content.files) + len(text),
        manifest_sha256=hashlib.sha256(text).hexdigest(),
    )


def _check_written(folder: Path, content: Manifest) -> None:
    """Read every file back; what the disk gives must be what the manifest says."""
    files = content.files
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        result = pool.map(lambda file: sha256_of(folder / file.path), files)
        for file, sha256 in zip(files, result):
            if sha256 != file.sha256 or (folder / file.path).stat().st_size != file.bytes:
                raise WeipianError("filing.written_differs", path=str(folder / file.path))


def explain(checks: Iterable[Check], language: str = "zh") -> str:
    """Checks as lines for people: what is missing, then what to do."""
    return "\n".join(f"{render(check.message, language)} {render(check.remedy, language)}" for check in checks)
