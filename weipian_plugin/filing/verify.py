"""校验: has any byte of a package changed since it was made, and does it still say what the workspace says?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import openpyxl

from ..model import packages
from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.files import sha256_of
from . import forms, manifest, replacement
from .case import ParcelCase
from .fields import FiledFile, PackageFacts, values_of
from .forms import Form
from .manifest import Manifest
from .options import PackageOptions
from .settings import load_rules


@dataclass(frozen=True)
class Finding:
    """Something about a package that is not as it was made. ``path`` is inside the package."""

    code: str
    path: str
    message: Message
    level: str = "error"


def verify(
    folder: Path,
    case: Optional[ParcelCase] = None,
    options: Optional[PackageOptions] = None,
    manifest_sha256: str = "",
) -> list[Finding]:
    """Everything that is wrong with the package in ``folder``; an empty list when nothing is.

    Every file is read: changed, missing and added ones are named. With ``manifest_sha256`` (as recorded in the workspace) a package
    that was changed together with its manifest is found as well. With ``case`` every figure and every cell of the forms is
    compared with the workspace. Never raises for a damaged package.
    """
    folder = replacement.current(folder)
    try:
        content = manifest.read(folder)
    except WeipianError as error:
        return [Finding(error.code, manifest.NAME, error.message)]
    findings = list(_bytes(folder, content))
    if manifest_sha256 and sha256_of(folder / manifest.NAME) != manifest_sha256:
        findings.append(_finding("filing.manifest_other", manifest.NAME, folder=folder.name))
    if case is not None:
        findings.extend(_against_case(folder, content, case, options or PackageOptions()))
    return findings


def _finding(code: str, path: str, level: str = "error", **details: object) -> Finding:
    return Finding(code, path, Message(code, {"path": path, **details}), level)


def _bytes(folder: Path, content: Manifest) -> Iterator[Finding]:
    files = {file.path: file for file in content.files}
    for name, file in sorted(files.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            yield _finding("filing.outside", name)
        elif not path.is_file() or path.is_symlink():
            yield _finding("filing.verify_missing", name)
        elif path.stat().st_size != file.bytes or sha256_of(path) != file.sha256:
            yield _finding("filing.verify_changed", name)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name == manifest.NAME or name in files:
            continue
        if path.is_dir() and not path.is_symlink() and any(known.startswith(f"{name}/") for known in files):
            continue
        yield _finding("filing.verify_added", name)


def _against_case(folder: Path, content: Manifest, case: ParcelCase, options: PackageOptions) -> Iterator[Finding]:
    if content.parcel != case.number:
        yield _finding("filing.verify_parcel", manifest.NAME, package=content.parcel, workspace=case.number)
        return
    if case.unmeasured:
        yield _finding("filing.verify_unmeasured", manifest.NAME, parcel=case.number)
    if case.layers_changed:
        yield _finding("filing.verify_layers", manifest.NAME, layers=case.layers_changed, parcel=case.number)
    yield from _decisions(content, case)
    if content.geometry_sha256 not in (None, manifest.geometry_digest(case)):
        yield _finding("filing.verify_geometry", manifest.NAME, parcel=case.number)
    rules = load_rules(options.rules)
    package = content.package
    values = values_of(case, rules, package)
    figures = manifest.figures_of(values)
    for name, shown in content.figures.items():
        if (shown or "") != (figures.get(name) or ""):
            title = rules.fields.get(name, name)
            says = {"package": _shown(shown), "workspace": _shown(figures.get(name))}
            yield _finding("filing.verify_figure", manifest.NAME, field=title, **says)
    try:
        form_set = forms.load_forms(rules, case.profile, options.templates, options.forms)
    except WeipianError as error:
        yield Finding(error.code, manifest.NAME, error.message, "warning")
        return
    by_title = {
        (file.title, Path(file.path).suffix): file for file in package.files if file.kind == rules.kinds["form"]
    }
    filling = forms.Filling(values, rules)
    for form in form_set:
        if form.entry.template not in content.templates:
            continue
        file = by_title.get((form.entry.title, Path(form.entry.template).suffix.lower()))
        if file is None:
            continue
        if form.sha256 != content.templates[form.entry.template]:
            yield _finding("filing.verify_template", file.path, "warning", template=form.entry.template)
            continue
        yield from _form(folder, form, file, filling, package)


def _decisions(content: Manifest, case: ParcelCase) -> Iterator[Finding]:
    """What the package and the workspace's table say was decided, against the journal's account of it (:mod:`ledger`)."""
    if case.ledger is None:
        return
    requested = {
        (part, role, category, subtype, person)
        for part, entry in case.ledger.items()
        for role, category, subtype, person in (
            ("经办", entry.category, entry.subtype, entry.person),
            ("复核", entry.category, entry.subtype, entry.reviewer),
        )
        if person
    }
    stored = {(row.part, row.role, row.category, row.subtype, row.person) for row in case.decisions}
    for part, role, *_ in sorted(requested ^ stored):
        says = {"journal": _acts_text(requested, part, role), "workspace": _acts_text(stored, part, role)}
        yield _finding("filing.verify_journal", manifest.NAME, parcel=case.number + part, role=role, **says)
    if content.decisions is not None:
        filed = {(row.part, row.role, row.category, row.subtype, row.person) for row in content.decisions}
        for part, role, *_ in sorted(requested ^ filed):
            says = {"package": _acts_text(filed, part, role), "journal": _acts_text(requested, part, role)}
            yield _finding("filing.verify_decision", manifest.NAME, parcel=case.number + part, role=role, **says)


_BLANK = (None, "")


def _acts_text(rows: Iterable[tuple[str, ...]], part: str, role: str) -> str:
    """The decision of a role on a part in words."""
    result = [row for row in rows if row[:2] == (part, role)]
    return "、".join("·".join(word for word in row[2:] if word) for row in sorted(result)) or "无"


def _form(
    folder: Path, form: Form, file: FiledFile, filling: forms.Filling, package: PackageFacts
) -> Iterator[Finding]:
    """Fill the form again from the workspace and compare cell by cell."""
    path = folder / file.path
    if not path.is_file():
        return
    result, requested = path.read_bytes(), forms.fill(form, filling, package.files)
    if requested == result:
        return
    try:
        cells, wanted_cells = _cells(path.suffix, result), _cells(path.suffix, requested)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        yield _finding("filing.verify_unreadable", file.path, reason=error)
        return
    for place in sorted({*cells, *wanted_cells}):
        if (cells.get(place) in _BLANK) != (wanted_cells.get(place) in _BLANK) or (
            cells.get(place) not in _BLANK and cells.get(place) != wanted_cells.get(place)
        ):
            package_says, workspace_says = _shown(cells.get(place)), _shown(wanted_cells.get(place))
            yield _finding("filing.verify_cell", file.path, cell=place, package=package_says, workspace=workspace_says)


def _shown(value: object) -> str:
    return "空" if value in (None, "") else str(value)[:80]


def _cells(suffix: str, content: bytes) -> dict[str, object]:
    if suffix == ".docx":
        packages.load("lxml.etree")
        from ..vendor.docx import Document

        document = Document(io.BytesIO(content))
        cells: dict[str, Any] = {
            f"第{number:03d}段": paragraph.text for number, paragraph in enumerate(document.paragraphs, start=1)
        }
        for number, table in enumerate(document.tables, start=1):
            for row, entry in enumerate(table.rows, start=1):
                cells.update(
                    {
                        f"表{number} 第{row:03d}行 第{column}列": cell.text
                        for column, cell in enumerate(entry.cells, start=1)
                    }
                )
        return cells
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=False)
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
