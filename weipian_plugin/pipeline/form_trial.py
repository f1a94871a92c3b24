"""The forms of the packages, shipped and the office's own: which is used, what is wrong in it, and what it looks like filled."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from ..filing import load_rules, spreadsheet, word_template
from ..filing.fields import PackageFacts, values_of, with_files
from ..filing.placeholder import KnownFields
from ..filing.settings import FilingRules
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.paths import county_folder, shipped
from ..office.files import write_bytes_atomic
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.places import Place
from .stored import cases_of

FOLDER = "templates"
_SUFFIXES = (".xlsx", ".docx")
#: More unknown fields than this are no typing errors, and each is looked for anew.
_MOST = 40


@dataclass(frozen=True)
class FormFile:
    """A form: its title and file; ``own``: the county's file is used; ``used``: some package has it."""

    title: str
    template: str
    path: Path
    own: bool
    used: bool


def forms(county: Path | None = None) -> list[FormFile]:
    """Every form of ``filing.yaml``, then files of the county that no form names."""
    folder = county if county is not None else county_folder()
    rules = load_rules()
    used = {name for names in rules.form_sets.values() for name in names}
    found = []
    for entry in rules.forms.values():
        own = _own(folder, entry.template)
        path = own or shipped(FOLDER, entry.template)
        found.append(FormFile(f"{entry.number} {entry.title}", entry.template, path, own is not None, entry.id in used))
    named = {one.template for one in found}
    for path in sorted((folder / FOLDER).glob("*")) if folder is not None else ():
        if path.suffix.lower() in _SUFFIXES and path.name not in named and not path.name.startswith("~$"):
            found.append(FormFile(path.stem, path.name, path, True, False))
    return found


def _own(folder: Path | None, name: str) -> Path | None:
    path = folder / FOLDER / name if folder is not None else None
    return path if path is not None and path.is_file() else None


def mistakes(path: Path) -> list[Message]:
    """Everything wrong in a form: each unknown field with its cell, and what else its reader refuses. Raises nothing."""
    known = load_rules().known_fields()
    found: list[Message] = []
    while len(found) < _MOST:
        try:
            _read(path, known)
        except WeipianError as error:
            found.append(error.message)
            if error.code != "filing.template_field_unknown":
                break
            wider = _with_field(known, str(error.message.details["field"]))
            if wider is None:
                break
            known = wider
        else:
            break
    return found


def _read(path: Path, known: KnownFields) -> spreadsheet.SpreadsheetTemplate | word_template.WordTemplate:
    if path.suffix.lower() == ".docx":
        return word_template.read_template(path, known)
    return spreadsheet.read_template(path, known)


def _with_field(known: KnownFields, expression: str) -> KnownFields | None:
    """The known fields with one more, so that the next unknown one is found; None where nothing is gained."""
    if known.resolve(expression) is not None:
        return None
    head, dot, tail = (part.strip() for part in expression.partition("."))
    if not dot:
        return replace(known, names={**known.names, head: head})
    table = known.table_names.get(head, head)
    columns = {**known.columns.get(table, {}), tail: tail}
    return replace(known, table_names={**known.table_names, head: table}, columns={**known.columns, table: columns})


def fields(rules: FilingRules | None = None) -> list[tuple[str, str]]:
    """What a form may ask for: ``{{图斑编号}}`` and what it is, tables as ``{{照片.文件}}``."""
    rules = rules or load_rules()
    single = [("{{" + title + "}}", name) for name, title in rules.fields.items()]
    tables = [
        ("{{" + f"{table['zh']}.{title}" + "}}", f"{name}.{column}")
        for name, table in rules.tables.items()
        for column, title in table["columns"].items()
    ]
    return [*single, *tables]


def fill(workspace: Place, number: str, form: Path, target: Path) -> Path:
    """The form filled for one parcel, written to ``target``. Raises what reading the form or the workspace raises."""
    rules = load_rules()
    template = _read(form, rules.known_fields())
    store = Workspace.open(workspace)
    try:
        case = next(iter(cases_of(store.snapshot(), [number], store.path.parent, {})))
    finally:
        store.close()
    values = with_files(values_of(case, rules, PackageFacts(made_at=now())), (), rules)
    return write_bytes_atomic(target, template.fill(values))


def take(source: Path, county: Path, name: str) -> Path:
    """The office's own file in the place of the form ``name``. Raises ``run.form_kind`` for another kind of file."""
    if source.suffix.lower() != Path(name).suffix.lower():
        raise WeipianError("run.form_kind", path=str(source), wanted=Path(name).suffix)
    return write_bytes_atomic(county / FOLDER / name, source.read_bytes())


def copy_to_edit(form: FormFile, county: Path) -> Path:
    """A copy of a shipped form in the county's folder, to be changed there; one that is there stays."""
    target = county / FOLDER / form.template
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(form.path, target)
    return target


def give_back(form: FormFile, county: Path) -> None:
    """The shipped form again: the county's file is kept beside it under another name, never deleted."""
    path = county / FOLDER / form.template
    if path.is_file():
        path.replace(path.with_name(f"{path.stem}.停用{path.suffix}.bak"))
