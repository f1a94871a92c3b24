"""A decided parcel becomes a folder (卷宗): built aside, verified against its own manifest, then given its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from ..model.errors import Cancelled, WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import render
from ..model.records import Refusal
from ..office.text import file_name
from . import forms, manifest, naming, swap
from .attach import WORKERS
from .build import Builder
from .case import MapFile, ParcelCase, jsonable
from .completeness import Check
from .files import flush_tree, hash_file, remove_tree
from .forms import Form
from .options import PackageOptions
from .settings import FilingRules, load_rules
from .swap import Checkpoint, no_checkpoint

#: where a run keeps its maps until they are in a package
MAPS_ASIDE = ".maps"


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
    """The packages of a folder by name, those included that a killed export has left aside (see :func:`swap.standing`)."""
    found = {path.parent for path in folder.glob(f"*/{manifest.NAME}") if not path.parent.name.startswith(".")}
    found |= {path.with_name(path.name[1 : -len(".old")]) for path in folder.glob(".*.old")}
    return sorted(found)


def case_digest(case: ParcelCase, options: PackageOptions, rules: FilingRules, form_set: Iterable[Form]) -> str:
    """What a package is made from, as one SHA-256: the case, the rules, the templates and the options, but no stated time."""
    content = {
        "case": case.digest(),
        "rules": rules.sha256,
        "templates": [[form.entry.id, form.sha256] for form in form_set],
        "options": jsonable(replace(options, made_at="", templates=None, rules=None)),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()


def current_package(case: ParcelCase, folder: Path, options: PackageOptions) -> Optional[PackageRecord]:
    """The package of ``case`` if it lies in ``folder`` and was made from exactly this; None when it has to be written.

    Looks at the manifest and the sizes of the files; :func:`filing.verify` reads every byte.
    """
    target = package_folder(folder, case.number)
    swap.recover(target)
    if not (target / manifest.NAME).is_file():
        return None
    try:
        content = manifest.read(target)
    except WeipianError:
        return None
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    if content["case_sha256"] != case_digest(case, options, rules, form_set):
        return None
    for file in manifest.filed_files(content):
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
    ``run.folder_unwritable``. ``checkpoint`` is told each step (a test ends the process there).
    """
    feedback = feedback or Silent()
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    target = package_folder(folder, case.number)
    place = swap.places(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        swap.recover(target)
        _refuse_foreign(target, case.number)
        naming.check(case, target, options, rules, form_set)
        place.new.mkdir()
        checkpoint("folder made")
        digest = case_digest(case, options, rules, form_set)
        content = Builder(case, place.new, options, rules, form_set, feedback, checkpoint, digest).build()
        _check_written(place.new, content)
        checkpoint("verified")
        flush_tree(place.new)
        checkpoint("on the disk")
        stop_if_cancelled(feedback)
        swap.exchange(target, checkpoint)
    except OSError as error:
        _clear(place.new)
        raise WeipianError("run.folder_unwritable", path=str(folder), reason=str(error)) from error
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
    render_maps: Optional[Callable[[ParcelCase, Path], tuple[MapFile, ...]]] = None,
    fresh: bool = False,
) -> Iterator[PackageRecord | Refusal]:
    """Packages of many parcels, one at a time; a parcel that fails is yielded as a :class:`Refusal` and the rest go on.

    A package that is already current is not written again (``fresh`` writes it anyway), so a stopped run resumes where it was.
    ``render_maps(case, folder)`` is called on the caller's thread for parcels that have to be written, so QGIS may be used in it.
    """
    feedback = feedback or Silent()
    written: dict[str, str] = {}
    for position, case in enumerate(cases):
        stop_if_cancelled(feedback)
        try:
            _refuse_same_name(case.number, written)
            if case.unmeasured:
                raise WeipianError("filing.not_measured", parcel=case.number)
            record = None if fresh else current_package(case, folder, options)
            if record is None:
                _check_names(case, folder, options)
                if render_maps is not None:
                    aside = folder / MAPS_ASIDE
                    aside.mkdir(parents=True, exist_ok=True)
                    case = replace(case, maps=render_maps(case, aside))
                record = write_package(case, folder, options, feedback)
                for file in case.maps if render_maps is not None else ():
                    file.path.unlink(missing_ok=True)
            yield record
        except Cancelled:
            raise
        except WeipianError as error:
            feedback.tell(error.message, "error")
            yield Refusal(str(package_folder(folder, case.number)), case.number, error.message)
        if total:
            feedback.progress((position + 1) / total)
    aside = folder / MAPS_ASIDE
    if render_maps is not None and aside.is_dir() and not any(aside.iterdir()):
        aside.rmdir()


def _check_names(case: ParcelCase, folder: Path, options: PackageOptions) -> None:
    """Raises ``filing.path_too_long`` before maps are drawn for nothing."""
    rules = load_rules(options.rules)
    form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    naming.check(case, package_folder(folder, case.number), options, rules, form_set)


def _refuse_same_name(number: str, written: dict[str, str]) -> None:
    """Two parcels whose folders Windows would take for one."""
    name = file_name(number, 60).casefold()
    other = written.setdefault(name, number)
    if other != number:
        raise WeipianError("filing.folder_taken", parcel=number, path=name, other=other)


def _refuse_foreign(target: Path, number: str) -> None:
    """A folder of this name may only be this parcel's package: nothing else is ever replaced."""
    if not target.exists():
        return
    try:
        other = str(manifest.read(target)["parcel"])
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


def _record(number: str, target: Path, content: dict[str, object]) -> PackageRecord:
    files = manifest.filed_files(content)
    text = manifest.text(content)
    return PackageRecord(
        parcel=number,
        path=target,
        complete=bool(content["complete"]),
        missing=manifest.checks(content),
        files=len(files) + 1,
        bytes=sum(file.bytes or 0 for file in files) + len(text),
        manifest_sha256=hashlib.sha256(text).hexdigest(),
    )


def _check_written(folder: Path, content: dict[str, object]) -> None:
    """Read every file back; what the disk gives must be what the manifest says."""
    files = manifest.filed_files(content)
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        found = pool.map(lambda file: hash_file(folder / file.path), files)
        for file, sha256 in zip(files, found):
            if sha256 != file.sha256 or (folder / file.path).stat().st_size != file.bytes:
                raise WeipianError("filing.written_differs", path=str(folder / file.path))


def explain(checks: Iterable[Check], language: str = "zh") -> str:
    """Checks as lines for people: what is missing, then what to do."""
    return "\n".join(f"{render(check.message, language)} {render(check.remedy, language)}" for check in checks)
