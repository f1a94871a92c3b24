"""The layer catalogue (图层清单) as something to edit: layers added, changed, removed, and written back as the same YAML.

Sources are absolute here and relative to the catalogue's folder in the file, so that a folder that is moved keeps working.
What nobody changed keeps its text, with its comments and Chinese role titles.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.records import LayerSource
from ..model.vocabulary import role_title
from ..office.files import write_text_atomic
from . import yaml_edit
from .catalogue import is_remote, read_catalogue, role_of

HEADING = "# 图层清单：每个图层的用途和来源。source 相对于本文件；fields 省略时按各用途的常用字段名识别。\n"
_KEYS = ("role", "source", "layer", "encoding", "crs", "title", "fields")


@dataclass(frozen=True)
class Entry:
    """One layer. ``role`` is "" while nobody has chosen; ``source`` is an absolute path or a driver's address.

    ``position``: its place in the file it was read from, None for a new one.
    """

    role: str
    source: str
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    position: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries the same layer."""
        return os.path.normcase(self.source), self.layer or ""


@dataclass(frozen=True)
class CatalogueFile:
    """A catalogue being edited: where it was read from, its text, its entries in order."""

    path: Path | None = None
    text: str = ""
    entries: tuple[Entry, ...] = ()

    def with_entry(self, entry: Entry) -> CatalogueFile:
        """One more layer; the same source and layer with the same role is not taken twice."""
        if any((one.key, one.role) == (entry.key, entry.role) for one in self.entries):
            return self
        return replace(self, entries=(*self.entries, entry))

    def changed(self, index: int, **changes: Any) -> CatalogueFile:
        """The layer at ``index`` with other values."""
        entries = list(self.entries)
        entries[index] = replace(entries[index], **changes)
        return replace(self, entries=tuple(entries))

    def without(self, index: int) -> CatalogueFile:
        return replace(self, entries=(*self.entries[:index], *self.entries[index + 1 :]))

    def sources(self) -> tuple[LayerSource, ...]:
        """The layers that have a role, as the steps want them; a file that is gone is theirs to tell."""
        return tuple(
            LayerSource(
                one.role,
                one.source,
                one.layer,
                one.encoding,
                one.crs,
                dict(one.fields),
                one.title or role_title(one.role),
            )
            for one in self.entries
            if one.role
        )

    @property
    def undecided(self) -> tuple[Entry, ...]:
        """Layers that no role was chosen for: they are not written."""
        return tuple(entry for entry in self.entries if not entry.role)


def open_catalogue(path: Path) -> CatalogueFile:
    """A catalogue to edit, checked like one that is used; a source that is gone is no reason not to open it.

    Raises what :func:`read_catalogue` raises, except ``intake.catalogue_source``.
    """
    path = Path(path)
    try:
        read_catalogue(path)
    except WeipianError as error:
        if error.code != "intake.catalogue_source":
            raise
    with path.open(encoding="utf-8-sig", newline="") as stream:
        text = stream.read()
    listed = yaml_files.load(text)["layers"]
    return CatalogueFile(path, text, tuple(_entry(item, position, path.parent) for position, item in enumerate(listed)))


def _entry(item: Mapping[str, Any], position: int, folder: Path) -> Entry:
    role = role_of(str(item["role"]))
    return Entry(
        role or "",
        _absolute(str(item["source"]).strip(), folder),
        _text(item.get("layer")),
        _text(item.get("encoding")),
        _text(item.get("crs")),
        str(item.get("title") or ""),
        dict(item.get("fields") or {}),
        position,
    )


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _absolute(source: str, folder: Path) -> str:
    if is_remote(source):
        return source
    file = Path(source.replace("\\", "/"))
    # Not resolved: behind a mapped drive or a link lies a path that nobody chose.
    return os.path.normpath((folder / file).absolute())


def relative_source(source: str, folder: Path) -> str:
    """A source as it stands in a catalogue of ``folder``: relative with ``/`` where both are on one drive."""
    if is_remote(source):
        return source
    try:
        return Path(os.path.relpath(source, folder.absolute())).as_posix()
    except ValueError:  # another drive
        return Path(source).as_posix()


def save(catalogue: CatalogueFile, path: Path) -> CatalogueFile:
    """Write the layers that have a role, and give back the catalogue as it now stands in ``path``.

    Comments and the order of an existing text stay; only a text of a form that cannot be edited in place is written anew.
    Raises ``intake.catalogue_unwritable`` and what the atomic writer raises.
    """
    path = Path(path)
    chosen = [entry for entry in catalogue.entries if entry.role]
    requested = [_record(entry, path.parent) for entry in chosen]
    try:
        text = _edited(catalogue, chosen, requested, path)
    except yaml_edit.CannotEdit:
        text = _anew(catalogue.text, requested)
    if _read_back(text) != requested:
        text = _anew(catalogue.text, requested)
    write_text_atomic(path, text)
    kept = tuple(replace(entry, position=position) for position, entry in enumerate(chosen))
    return CatalogueFile(path, text, (*kept, *catalogue.undecided))


def _record(entry: Entry, folder: Path) -> dict[str, object]:
    """An entry as the file holds it, without what is not said."""
    values = {
        "role": entry.role,
        "source": relative_source(entry.source, folder),
        "layer": entry.layer,
        "encoding": entry.encoding,
        "crs": entry.crs,
        "title": entry.title or None,
        "fields": dict(entry.fields) or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _read_back(text: str) -> list[dict[str, Any]]:
    try:
        listed = yaml_files.load(text)["layers"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise WeipianError("intake.catalogue_unwritable", reason=error) from error
    result = []
    for item in listed:
        record = {key: item[key] for key in _KEYS if item.get(key) not in (None, "", {})}
        record["role"] = role_of(str(record.get("role"))) or record.get("role")
        if "source" in record and not is_remote(record["source"]):
            record["source"] = Path(record["source"].replace("\\", "/")).as_posix()
        result.append({key: str(value) if key in ("layer", "encoding", "crs", "title") else value
                       for key, value in record.items()})  # fmt: skip
    return result


def _edited(catalogue: CatalogueFile, chosen: list[Entry], wanted: list[dict[str, object]], path: Path) -> str:
    """The catalogue's own text with what has changed."""
    text = catalogue.text
    if not text or catalogue.path is None:
        raise yaml_edit.CannotEdit
    before = _read_back(text)
    positions = [entry.position for entry in chosen if entry.position is not None]
    if positions != sorted(positions):
        raise yaml_edit.CannotEdit
    moved = path.parent.resolve() != catalogue.path.parent.resolve()
    for entry, record in zip(chosen, wanted):
        if entry.position is not None:
            was = before[entry.position]
            same_place = not moved and _absolute(str(was.get("source")), catalogue.path.parent) == entry.source
            changes = {
                key: record.get(key)
                for key in _KEYS
                if was.get(key) != record.get(key) and not (key == "source" and same_place)
            }
            if same_place:
                record["source"] = was["source"]
            text = yaml_edit.set_values(text, ("layers", entry.position), changes)
    for position in sorted(set(range(len(before))) - set(positions), reverse=True):
        text = yaml_edit.without_item(text, ("layers",), position)
    for entry, record in zip(chosen, wanted):
        if entry.position is None:
            text = yaml_edit.with_item(text, ("layers",), _lines(record))
    return text


def _lines(record: Mapping[str, Any]) -> list[str]:
    """A layer as lines of a block, the role with its Chinese title behind it."""
    lines = [f"{key}: {yaml_edit.scalar(value)}" for key, value in record.items()]
    lines[0] += f"  # {role_title(record['role'])}"
    return lines


def _anew(text: str, wanted: list[dict[str, object]]) -> str:
    """A catalogue from nothing; the comments at the head of the old text are kept."""
    head = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        head.append(line)
    written = "\n".join(head).strip()
    lines = [written if written else HEADING.strip(), "version: 1", "layers:" if wanted else "layers: []"]
    for record in wanted:
        first, *rest = _lines(record)
        lines.append(f"  - {first}")
        lines.extend(f"    {line}" for line in rest)
    return "\n".join(lines) + "\n"
