"""The steps of writing one package: maps, evidence, sheets, vectors, forms, and the manifest last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from ..model.errors import WeipianError
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..office.dates import chinese_date
from ..office.files import copy_hashed, sha256_of
from . import comparison_sheet, contact_sheet, forms, manifest, naming, sniff, stamp, standpoints, vectors
from .attach import Wanted, copy_all
from .case import HISTORY, MapFile, ParcelCase, PhotoEvidence, history_of
from .completeness import Check, completeness
from .fields import FiledFile, PackageFacts, values_of
from .forms import Form
from .options import PackageOptions
from .paper import applies
from .placeholder import Values
from .replacement import Checkpoint
from .settings import FilingRules


@dataclass(frozen=True)
class Watch:
    """Who hears what happens while a package is made, and where a test may end it."""

    feedback: Feedback
    checkpoint: Checkpoint


class Builder:
    """The steps of one package, in order; each leaves its files in ``self.files``."""

    def __init__(
        self,
        case: ParcelCase,
        folder: Path,
        options: PackageOptions,
        rules: FilingRules,
        form_set: tuple[Form, ...],
        watch: Watch,
    ) -> None:
        self.case, self.folder, self.options, self.rules = case, folder, options, rules
        asked = options.forms is not None
        self.forms = tuple(form for form in form_set if asked or applies(form.entry.when, case))
        self.feedback, self.checkpoint = watch.feedback, watch.checkpoint
        self.names = naming.Names(case.number, options.short_names)
        self.checks: list[Check] = []
        self.compared = standpoints.compare(case.photos, rules)  # 整改前后对比, for the form and the sheet

    def build(self, digest: str) -> manifest.Manifest:
        """Write the package; ``digest``: of all that it is made from, kept in its manifest, which is returned."""
        case, options, rules = self.case, self.options, self.rules
        maps = [self._map(file) for file in case.maps if file.kind != HISTORY]
        maps += [self._history(file, number) for number, file in enumerate(history_of(case), start=1)]
        photos, documents, pictures = self._evidence()
        checks = (*completeness(case, rules), *self.checks)
        package = PackageFacts(
            photos=photos,
            documents=documents,
            checks=tuple(sorted(checks, key=lambda check: ("error", "warning", "info").index(check.level))),
            complete=not any(check.level == "error" for check in checks),
            made_at=options.made_at,
            compared=self.compared,
        )
        values = values_of(case, rules, package)
        extras = self._sheets(photos, pictures)
        drawn = self._vectors(values) if options.vectors else []
        filed = [file for file in (*maps, *photos, *extras, *documents, *drawn) if file is not None]
        package = replace(package, files=self._forms(values, filed))
        content = manifest.compose(case, package, values, digest, forms.digests(self.forms), rules.sha256)
        (self.folder / manifest.NAME).write_bytes(content.bytes())
        self.checkpoint("manifest")
        return content

    def _place(self, kind: str, name: str) -> tuple[str, Path]:
        """Path inside the package and on the disk; the name is ours, and still it must stay inside."""
        inside = f"{self.rules.folders[kind]}/{name}"
        path = self.folder / inside
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise WeipianError("filing.outside", path=inside)
        path.parent.mkdir(exist_ok=True)  # by several threads at once: it may be there already
        return inside, path

    def _map(self, file: MapFile) -> FiledFile:
        inside, path = self._place("maps", self.names.map(sniff.extension(file.path)))
        size, sha256 = copy_hashed(file.path, path)
        self.checkpoint("map")
        return FiledFile(inside, "位置图", self.rules.kinds["map"], size, sha256)

    def _history(self, file: MapFile, number: int) -> FiledFile:
        inside, path = self._place("maps", self.names.history(number))
        size, sha256 = copy_hashed(file.path, path)
        self.checkpoint("history")
        return FiledFile(inside, "历史影像对比", self.rules.kinds["map"], size, sha256)

    def _evidence(
        self,
    ) -> tuple[tuple[Optional[FiledFile], ...], tuple[Optional[FiledFile], ...], list[Optional[bytes]]]:
        """Photos, documents and the small pictures of the photos; what could not be filed is None and a check."""
        case, kinds = self.case, self.rules.kinds
        requested = [
            Wanted(
                photo.path,
                photo.sha256,
                "photos",
                self.names.photo(position, photo.azimuth),
                self.options.contact_sheet,
                (photo.record.phash or "") if photo.sha256 else "",
            )
            for position, photo in enumerate(case.photos, start=1)
        ]
        requested += [
            Wanted(
                entry.path,
                entry.sha256,
                "documents",
                self.names.document(position, entry.kind),
            )
            for position, entry in enumerate(case.documents, start=1)
        ]
        titles = [(kinds["photo"], f"现场照片 {position}") for position in range(1, len(case.photos) + 1)]
        titles += [(kinds["document"], entry.title or entry.kind or "证明材料") for entry in case.documents]
        made = [("", photo.taken_at) for photo in case.photos]
        made += [(entry.authority, entry.date) for entry in case.documents]
        filed: list[Optional[FiledFile]] = []
        pictures: list[Optional[bytes]] = []
        for entry, (kind, title), by, copied in zip(requested, titles, made, copy_all(requested, self._place)):
            stop_if_cancelled(self.feedback)
            link = "photo" if entry.place == "photos" else "document"
            self.checkpoint(link)
            if copied.problem:
                self._lacks(copied.problem, link, file=entry.source.name, reason=copied.reason)
                filed.append(None)
            else:
                note = "类型不明" if copied.unknown_type else ""
                file = FiledFile(copied.path, title, kind, copied.size, copied.sha256, entry.source.name, note, *by)
                filed.append(file)
            pictures.append(copied.picture)
        count = len(case.photos)
        return tuple(filed[:count]), tuple(filed[count:]), pictures[:count]

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

    def _sheets(self, photos: Sequence[Optional[FiledFile]], pictures: Sequence[Optional[bytes]]) -> list[FiledFile]:
        """Contact sheet, and stamped copies beside the untouched originals."""
        filed = [
            (photo, file, picture)
            for photo, file, picture in zip(self.case.photos, photos, pictures)
            if file is not None
        ]
        result: list[FiledFile] = []
        for photo, file, _ in filed if self.options.stamped_copies else ():
            result.extend(self._stamped(photo, file))
        if self.options.contact_sheet and filed:
            number = self.case.number
            shown = [contact_sheet.Picture(picture, self._caption(photo, file)) for photo, file, picture in filed]
            content = contact_sheet.sheet(f"{number} 照片一览", shown, f"图斑编号：{number}")
            result.append(self._write("photos", "contact_sheet", self.names.contact_sheet(), "照片一览", content))
            result.extend(self._comparison(photos, pictures))
        return result

    def _comparison(
        self, photos: Sequence[Optional[FiledFile]], pictures: Sequence[Optional[bytes]]
    ) -> Iterator[FiledFile]:
        """整改前后对比, where a photo shows a stage of the rectification."""
        compared = self.compared
        if not compared.rows and not compared.unmatched:
            return
        shown = {
            place: contact_sheet.Picture(picture, f"照片{place}　{_direction_and_time(photo)}")
            for place, (photo, file, picture) in enumerate(zip(self.case.photos, photos, pictures), start=1)
            if file is not None
        }
        content = comparison_sheet.sheet(self.case.number, compared, shown, self.rules)
        yield self._write("photos", "comparison", self.names.comparison(), comparison_sheet.TITLE, content)

    def _caption(self, photo: PhotoEvidence, file: FiledFile) -> str:
        stage = self.rules.word("phase", self.rules.phase_of(photo.phase))
        return f"{Path(file.path).name}\n{f'{stage}　' if stage else ''}{_direction_and_time(photo)}"

    def _stamped(self, photo: PhotoEvidence, file: FiledFile) -> Iterator[FiledFile]:
        content = stamp.stamped(self.folder / file.path, stamp.lines(self.case.number, photo))
        if content is None:
            details = {"parcel": self.case.number, "file": file.original}
            self.feedback.report(Message("filing.not_stamped", details), "warning")
        else:
            yield self._write("photos", "stamped", naming.stamped(file.path), f"{file.title}（水印）", content)

    def _vectors(self, values: Values) -> list[FiledFile]:
        result: list[FiledFile] = []
        _, shape = self._place("vectors", f"{self.names.vectors()}.shp")
        written = vectors.write_shapefile(shape, self.case, values.fields, self.rules, self.options.vector_encoding)
        if self.case.parts:
            parts = shape.with_name(f"{self.names.vectors(parts=True)}.shp")
            written += vectors.write_parts(
                parts, self.case, values.tables["areas"], self.options.vector_encoding, self.rules
            )
        for path in written:
            inside = f"{self.rules.folders['vectors']}/{path.name}"
            result.append(
                FiledFile(inside, "矢量成果", self.rules.kinds["vector"], path.stat().st_size, sha256_of(path))
            )
        self.checkpoint("vector")
        content = vectors.geojson(self.case, values.fields)
        result.append(
            self._write("vectors", "vector", f"{self.names.vectors()}.geojson", "矢量成果（GeoJSON）", content)
        )
        if self.case.geometry is not None:
            content = vectors.coordinates_text(self.case, values.fields, self.options.coordinates_variant)
            result.append(self._write("vectors", "vector", f"{self.names.vectors()}.txt", "界址点坐标（TXT）", content))
        if any(part.geometry is not None for part in self.case.parts):
            content = vectors.parts_text(self.case, self.options.coordinates_variant)
            result.append(
                self._write(
                    "vectors", "vector", f"{self.names.vectors(parts=True)}.txt", "拆分地块坐标（TXT）", content
                )
            )
        return result

    def _forms(self, values: Values, filed: list[FiledFile]) -> tuple[FiledFile, ...]:
        """Fill the forms; the ones that list the files (the cover) come last, when all others have their digests."""
        done: dict[str, FiledFile] = {}
        filling = forms.Filling(values, self.rules)
        for form in sorted(self.forms, key=lambda form: form.entry.lists_files):
            files = [*(done[entry.entry.id] for entry in self.forms if entry.entry.id in done), *filed]
            content = forms.fill(form, filling, files)
            name = self.names.form(form.entry.number, form.entry.title, Path(form.entry.template).suffix.lower())
            written = self._write("forms", "form", name, form.entry.title, content)
            signed = (values.fields.get("decision_person"), values.fields.get("decision_date"))
            author, day = ("" if value is None else str(value) for value in signed)
            done[form.entry.id] = replace(written, author=author, date=day)
        return (*(done[form.entry.id] for form in self.forms), *filed)


def _direction_and_time(photo: PhotoEvidence) -> str:
    azimuth = "无方位角" if photo.azimuth is None else f"方位角 {photo.azimuth:.1f}°"
    return f"{azimuth}\n{chinese_date(photo.taken_at) or '无拍摄时间'}"
