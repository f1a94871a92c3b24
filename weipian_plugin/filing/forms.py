"""The forms of a package: which templates, in which order, filled with one parcel's values."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Optional, Union

from ..model.errors import WeipianError
from ..model.paths import resource
from . import spreadsheet, word_template
from .fields import FiledFile, with_files
from .paper import as_printed
from .placeholder import Values
from .settings import FilingRules, FormEntry

Template = Union[spreadsheet.SpreadsheetTemplate, word_template.WordTemplate]


@dataclass(frozen=True)
class Form:
    """A form of the set and the template that draws it."""

    entry: FormEntry
    template: Template
    sha256: str


#: Threads that write packages ask for the same templates at once: one reads them, the others wait.
_READING = threading.Lock()


def load_forms(
    rules: FilingRules, profile: str, folder: Optional[Path], names: Optional[tuple[str, ...]]
) -> tuple[Form, ...]:
    """The forms in order. ``folder`` holds the office's own templates: one of the same file name takes the place of ours.

    Raises ``filing.form_unknown``, ``filing.template_missing`` and the errors of reading a template.
    """
    if names is None:
        entries = rules.forms_for(profile)
    else:
        for name in names:
            if name not in rules.forms:
                raise WeipianError("filing.form_unknown", form=name, known="、".join(rules.forms))
        entries = tuple(rules.forms[name] for name in names)
    forms = []
    for entry in entries:
        path = template_path(entry.template, folder)
        state = path.stat()
        with _READING:
            template, sha256 = _read(path, state.st_mtime_ns, state.st_size, rules)
        forms.append(Form(entry, template, sha256))
    return tuple(forms)


def template_path(name: str, folder: Optional[Path]) -> Path:
    """The office's template of that name, else the shipped one. Raises ``filing.template_missing``."""
    for candidate in ((folder / name,) if folder else ()) + (resource("templates", name),):
        if candidate.is_file():
            return candidate
    raise WeipianError("filing.template_missing", template=name)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int, rules: FilingRules) -> tuple[Template, str]:
    del changed, size  # part of the key: a template saved again is read again
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    read = word_template.read_template if path.suffix.lower() == ".docx" else spreadsheet.read_template
    return read(path, rules.known_fields()), sha256


@dataclass(frozen=True)
class Filling:
    """What the forms of a parcel are filled with; the Chinese dates of the values are made once for all of them."""

    values: Values
    rules: FilingRules

    @cached_property
    def printed(self) -> Values:
        return as_printed(self.values, self.rules)


def fill(form: Form, filling: Filling, files: Sequence[FiledFile]) -> bytes:
    """The filled form. ``files``: all of the package so far; forms that list files leave themselves and each other out."""
    if not form.entry.lists_files:
        return form.template.fill(filling.printed)
    listed = (file for file in files if not _lists_files(file, filling.rules))
    return form.template.fill(as_printed(with_files(filling.values, listed, filling.rules), filling.rules))


def _lists_files(file: FiledFile, rules: FilingRules) -> bool:
    titles = {entry.title for entry in rules.forms.values() if entry.lists_files}
    return file.kind == rules.kinds["form"] and file.title in titles


def digests(forms: tuple[Form, ...]) -> Mapping[str, str]:
    """Template file name -> SHA-256, for the manifest."""
    return {form.entry.template: form.sha256 for form in forms}
