"""A decided parcel becomes a folder (卷宗): built aside, verified against its own manifest, then given its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from ..errors import Cancelled, WeipianError
from ..feedback import Feedback, Silent, stop_if_cancelled
from ..messages import Message, render
from ..model import Refusal
from . import contact_sheet, forms, manifest, sniff, stamp, swap, vectors
from .case import AttachedDocument, MapFile, ParcelCase, PhotoEvidence, jsonable
from .completeness import Check, completeness
from .fields import FiledFile, PackageFacts, values_of
from .files import copy_hashed, flush_tree, hash_file, remove_tree
from .forms import Form
from .placeholder import Values
from .settings import FilingRules, load_rules
from .swap import Checkpoint, no_checkpoint
from .text import file_name

#: where a run keeps its maps until they are in a package
MAPS_ASIDE = ".maps"


@dataclass(frozen=True)
class PackageOptions:
    """What the office wants in its packages.

    ``templates``: a folder whose files take the place of the shipped templates of the same name; ``forms``: ids of the forms in
    order (None = as the profile says); ``vector_encoding`` of the shapefiles, ``coordinates_variant`` of the TXT coordinates;
    ``made_at`` is the one stated time in the package.
    """

    templates: Optional[Path] = None
    forms: Optional[tuple[str, ...]] = None
    vector_encoding: str = "GBK"
    coordinates_variant: str = "enforcement"
    contact_sheet: bool = True
    stamped_copies: bool = False
    vectors: bool = True
    rules: Optional[Path] = None
    made_at: str = ""


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
    """The packages of a folder by name; an export that was killed half way is put right first."""
    swap.recover_all(folder)
    return sorted(path.parent for path in folder.glob(f"*/{manifest.NAME}") if not path.parent.name.startswith("."))


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
    another parcel's package or something else, ``filing.package_in_use`` when another program holds it, template errors, and
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
        place.new.mkdir()
        checkpoint("folder made")
        content = _Builder(case, place.new, options, rules, form_set, feedback, checkpoint).build()
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
            record = None if fresh else current_package(case, folder, options)
            if record is None:
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
    for file in manifest.filed_files(content):
        path = folder / file.path
        if path.stat().st_size != file.bytes or hash_file(path) != file.sha256:
            raise WeipianError("filing.written_differs", path=str(path))


class _Builder:
    """The steps of one package, in order; each leaves its files in ``self.files``."""

    def __init__(
        self,
        case: ParcelCase,
        folder: Path,
        options: PackageOptions,
        rules: FilingRules,
        form_set: tuple[Form, ...],
        feedback: Feedback,
        checkpoint: Checkpoint,
    ) -> None:
        self.case, self.folder, self.options, self.rules, self.forms = case, folder, options, rules, form_set
        self.feedback, self.checkpoint = feedback, checkpoint
        self.name = file_name(case.number, 60)
        self.files: list[FiledFile] = []
        self.checks: list[Check] = []

    def build(self) -> dict[str, object]:
        case, options, rules = self.case, self.options, self.rules
        maps = [self._map(file) for file in case.maps]
        photos = tuple(self._photo(position, photo) for position, photo in enumerate(case.photos, start=1))
        documents = tuple(self._document(position, entry) for position, entry in enumerate(case.documents, start=1))
        checks = (*completeness(case, rules), *self.checks)
        package = PackageFacts(
            photos=photos,
            documents=documents,
            checks=tuple(sorted(checks, key=lambda check: ("error", "warning", "info").index(check.level))),
            complete=not any(check.level == "error" for check in checks),
            made_at=options.made_at,
        )
        values = values_of(case, rules, package)
        extras = self._sheets(photos)
        drawn = self._vectors(values) if options.vectors else []
        filed = [file for file in (*maps, *photos, *extras, *documents, *drawn) if file is not None]
        package = replace(package, files=self._forms(values, filed))
        digest = case_digest(case, options, rules, self.forms)
        content = manifest.compose(case, package, values, digest, forms.digests(self.forms), rules.sha256)
        (self.folder / manifest.NAME).write_bytes(manifest.text(content))
        self.checkpoint("manifest")
        return content

    def _place(self, kind: str, name: str) -> tuple[str, Path]:
        """Path inside the package and on the disk; the name is ours, and still it must stay inside."""
        inside = f"{self.rules.folders[kind]}/{name}"
        path = self.folder / inside
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise WeipianError("filing.outside", path=inside)
        path.parent.mkdir(exist_ok=True)
        return inside, path

    def _map(self, file: MapFile) -> FiledFile:
        inside, path = self._place("maps", f"{self.name}_位置图.{sniff.extension(file.path)}")
        size, sha256 = copy_hashed(file.path, path)
        self.checkpoint("map")
        return FiledFile(inside, "位置图", self.rules.kinds["map"], size, sha256)

    def _photo(self, position: int, photo: PhotoEvidence) -> Optional[FiledFile]:
        stop_if_cancelled(self.feedback)
        direction = "无方位" if photo.azimuth is None else f"{round(photo.azimuth) % 360:03d}"
        return self._evidence(
            "photos", "photo", photo.path, photo.sha256, f"{position:02d}_{direction}", "现场照片", position
        )

    def _document(self, position: int, document: AttachedDocument) -> Optional[FiledFile]:
        stop_if_cancelled(self.feedback)
        name = f"{position:02d}_{file_name(document.kind or '其他材料', 20)}"
        title = document.title or document.kind or "证明材料"
        return self._evidence("documents", "document", document.path, document.sha256, name, title, position)

    def _evidence(
        self, place: str, kind: str, source: Path, sha256: str, name: str, title: str, position: int
    ) -> Optional[FiledFile]:
        """Copy evidence under a generated name; a file that is gone or no longer what was registered is left out and said."""
        try:
            if source.is_symlink() or not source.is_file():
                raise FileNotFoundError(str(source))
            extension = sniff.extension(source)
            inside, path = self._place(place, f"{self.name}_{name}.{extension}")
            size, found = copy_hashed(source, path)
        except (FileNotFoundError, PermissionError) as error:
            self._lacks("evidence_unreadable", kind, file=source.name, reason=type(error).__name__)
            return None
        if sha256 and found != sha256:
            path.unlink()
            self._lacks("evidence_changed", kind, file=source.name)
            return None
        self.checkpoint(kind)
        note = "" if extension != "bin" else "类型不明"
        return FiledFile(
            inside,
            f"{title} {position}" if kind == "photo" else title,
            self.rules.kinds[kind],
            size,
            found,
            source.name,
            note,
        )

    def _lacks(self, code: str, link: str, **details: object) -> None:
        shown = {"parcel": self.case.number, **details}
        message, remedy = Message(f"filing.lacks_{code}", shown), Message(f"filing.remedy_{code}", shown)
        if not any(check.message == message for check in self.checks):
            self.checks.append(Check("error", code, message, remedy, link))

    def _write(self, place: str, kind: str, name: str, title: str, content: bytes) -> FiledFile:
        inside, path = self._place(place, name)
        path.write_bytes(content)
        self.checkpoint(kind)
        return FiledFile(inside, title, self.rules.kinds[kind], len(content), hashlib.sha256(content).hexdigest())

    def _sheets(self, photos: tuple[Optional[FiledFile], ...]) -> list[FiledFile]:
        """Contact sheet, and stamped copies beside the untouched originals."""
        filed = [(photo, file) for photo, file in zip(self.case.photos, photos) if file is not None]
        found: list[FiledFile] = []
        if self.options.stamped_copies:
            for photo, file in filed:
                content = stamp.stamped(self.folder / file.path, stamp.lines(self.case.number, photo))
                if content is None:
                    self.feedback.tell(
                        Message("filing.not_stamped", {"parcel": self.case.number, "file": file.original}), "warning"
                    )
                else:
                    name = f"{Path(file.path).stem}_水印.jpg"
                    found.append(self._write("photos", "stamped", name, f"{file.title}（水印）", content))
        if self.options.contact_sheet and filed:
            pictures = [
                contact_sheet.Picture(contact_sheet.small(self.folder / file.path), _caption(photo, file))
                for photo, file in filed
            ]
            content = contact_sheet.sheet(f"{self.case.number} 照片一览", pictures)
            found.append(self._write("photos", "contact_sheet", f"{self.name}_照片一览.xlsx", "照片一览", content))
        return found

    def _vectors(self, values: Values) -> list[FiledFile]:
        found: list[FiledFile] = []
        _, shape = self._place("vectors", f"{self.name}.shp")
        written = vectors.write_shapefile(shape, self.case, values.fields, self.rules, self.options.vector_encoding)
        if self.case.parts:
            parts = shape.with_name(f"{self.name}_拆分地块.shp")
            written += vectors.write_parts(parts, self.case, values.tables["areas"], self.options.vector_encoding)
        for path in written:
            inside = f"{self.rules.folders['vectors']}/{path.name}"
            found.append(
                FiledFile(inside, "矢量成果", self.rules.kinds["vector"], path.stat().st_size, hash_file(path))
            )
        self.checkpoint("vector")
        content = vectors.geojson(self.case, values.fields)
        found.append(self._write("vectors", "vector", f"{self.name}.geojson", "矢量成果（GeoJSON）", content))
        if self.case.geometry is not None:
            content = vectors.coordinates_text(self.case, values.fields, self.options.coordinates_variant)
            found.append(self._write("vectors", "vector", f"{self.name}.txt", "界址点坐标（TXT）", content))
        if any(part.geometry is not None for part in self.case.parts):
            content = vectors.parts_text(self.case, self.options.coordinates_variant)
            found.append(self._write("vectors", "vector", f"{self.name}_拆分地块.txt", "拆分地块坐标（TXT）", content))
        return found

    def _forms(self, values: Values, filed: list[FiledFile]) -> tuple[FiledFile, ...]:
        """Fill the forms; the ones that list the files (the cover) come last, when all others have their digests."""
        done: dict[str, FiledFile] = {}
        for form in sorted(self.forms, key=lambda form: form.entry.lists_files):
            files = [*(done[entry.entry.id] for entry in self.forms if entry.entry.id in done), *filed]
            content = forms.fill(form, values, files, self.rules)
            name = f"{self.name}_{form.entry.number}{form.entry.title}{Path(form.entry.template).suffix.lower()}"
            done[form.entry.id] = self._write("forms", "form", name, form.entry.title, content)
        return (*(done[form.entry.id] for form in self.forms), *filed)


def _caption(photo: PhotoEvidence, file: FiledFile) -> str:
    azimuth = "无方位角" if photo.azimuth is None else f"方位角 {photo.azimuth:.1f}°"
    return f"{Path(file.path).name}\n{azimuth}　{photo.taken_at or '无拍摄时间'}"


def explain(checks: Iterable[Check], language: str = "zh") -> str:
    """Checks as lines for people: what is missing, then what to do."""
    return "\n".join(f"{render(check.message, language)} {render(check.remedy, language)}" for check in checks)
