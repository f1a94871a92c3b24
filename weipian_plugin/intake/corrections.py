"""What a person corrects of a delivery before it is taken in: encoding, system, unit, kind and columns, per file.

The parameter ``FIELDS`` of the algorithms carries it: a file (字段对照, YAML) or the pairs themselves,
``编号=TBBH; 监测面积=MJ``. A mapping that was made for a schema is kept and found again by the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional, TypeVar

import yaml

from ..formats.names import plain
from ..model.errors import WeipianError
from ..model.records import KINDS
from ..model.typed_yaml import read
from ..model.yaml_files import YamlError
from ..office.files import write_text_atomic
from .fields import schema
from .settings import FileChoice, IntakeOptions
from .units import TITLES

_T = TypeVar("_T")
_VALUES = ("encoding", "crs", "unit", "kind")
_KIND_NAMES = {"土地": "land", "矿产": "mining", **{kind: kind for kind in KINDS}}
_UNIT_NAMES = {**{title: unit for unit, title in TITLES.items()}, "mu": "mu", "m2": "m2", "ha": "ha"}


@dataclass(frozen=True)
class SavedSchema:
    """A mapping that a person made for a table of these columns, under a title."""

    title: str
    columns: tuple[str, ...]
    choice: FileChoice
    path: Path = field(default_factory=Path)


def field_key(text: str) -> str:
    """The key of a field written as key or Chinese title. Raises ``intake.field_key_unknown``."""
    names = {plain(entry.title): key for key, entry in schema().fields.items()}
    key = text.strip() if text.strip() in schema().fields else names.get(plain(text))
    if key is None:
        listed = "、".join(f"{key}（{entry.title}）" for key, entry in schema().fields.items())
        raise WeipianError("intake.field_key_unknown", field=text.strip(), fields=listed)
    return key


def kind_of(text: str) -> str:
    """``land`` or ``mining``, also written 土地 and 矿产. Raises ``intake.kind_unknown``."""
    kind = _KIND_NAMES.get(text.strip())
    if kind is None:
        raise WeipianError("intake.kind_unknown", kind=text.strip())
    return kind


def corrected(options: IntakeOptions, fields: str | None, kind: str | None) -> IntakeOptions:
    """Options with what the parameters FIELDS and KIND say."""
    if kind:
        options = replace(options, kind=kind_of(kind))
    if not fields:
        return options
    path = Path(fields)
    if path.suffix.lower() in (".yaml", ".yml"):
        common, files = read_corrections(path)
    else:
        common, files = FileChoice(fields=_pairs(fields)), {}
    given = {name: getattr(common, name) for name in _VALUES if getattr(common, name) and not getattr(options, name)}
    return replace(options, **given, fields={**options.fields, **common.fields}, files={**options.files, **files})


def _pairs(text: str) -> dict[str, str]:
    """``key=column`` pairs apart by ; or line breaks."""
    result = {}
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        key, sign, column = part.partition("=")
        if not sign or not column.strip():
            raise WeipianError("intake.fields_not_pairs", text=part.strip())
        result[field_key(key)] = column.strip()
    return result


# ---- files ----


@dataclass(frozen=True)
class _Entry:
    encoding: Optional[str] = None
    crs: Optional[str] = None
    unit: Optional[str] = None
    kind: Optional[str] = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Corrections(_Entry):
    files: Mapping[str, _Entry] = field(default_factory=dict)


@dataclass(frozen=True)
class _Schema(_Entry):
    title: str = ""
    columns: tuple[str, ...] = ()


def read_corrections(path: Path) -> tuple[FileChoice, dict[str, FileChoice]]:
    """The common choice and those per file. Raises ``intake.profile_unreadable`` with the line, and what wrong keys raise."""
    data = _loaded(path, _Corrections)
    return _choice(data), {name: _choice(one) for name, one in data.files.items()}


def _loaded(path: Path, cls: type[_T]) -> _T:
    try:
        return read(Path(path), cls)
    except (OSError, YamlError) as error:
        raise WeipianError("intake.profile_unreadable", path=str(path), reason=error) from error


def _choice(data: _Entry) -> FileChoice:
    values = {name: str(getattr(data, name)) for name in _VALUES if getattr(data, name)}
    if "kind" in values:
        values["kind"] = kind_of(values["kind"])
    if "unit" in values:
        values["unit"] = _UNIT_NAMES.get(values["unit"], values["unit"])
    return FileChoice(**values, fields={field_key(name): column for name, column in data.fields.items()})


def write_corrections(path: Path, files: Mapping[str, FileChoice]) -> Path:
    """Write the choices per file, as FIELDS reads them."""
    data = {"version": 1, "files": {name: _record(choice) for name, choice in files.items()}}
    return write_text_atomic(path, _text("字段对照：导入下发数据时的更正", data))


def _record(choice: FileChoice) -> dict[str, object]:
    values = {name: getattr(choice, name) for name in _VALUES if getattr(choice, name)}
    return {**values, **({"fields": dict(choice.fields)} if choice.fields else {})}


def _text(heading: str, data: Mapping[str, object]) -> str:
    return f"# {heading}\n" + yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=120)


# ---- schemas that are found again ----


def save_schema(folder: Path, title: str, columns: Sequence[str], choice: FileChoice) -> Path:
    """Keep a mapping for tables of these columns; one of the same title is replaced."""
    name = re.sub(r'[\\/:*?"<>|\s]+', "_", title).strip("._") or "字段对照"
    data = {"version": 1, "title": title, "columns": list(columns), **_record(choice)}
    return write_text_atomic(folder / f"{name}.yaml", _text(f"字段对照：{title}", data))


def saved_schemas(folders: Sequence[Path]) -> list[SavedSchema]:
    """Every schema kept in some folders; a file that cannot be read is passed over, it is never needed to go on."""
    result = []
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            try:
                data = _loaded(path, _Schema)
                if data.columns:
                    result.append(SavedSchema(data.title or path.stem, data.columns, _choice(data), path))
            except WeipianError:
                continue
    return result


def schema_for(columns: Sequence[str], schemas: Sequence[SavedSchema]) -> SavedSchema | None:
    """The schema made for exactly these columns, in any order and spelling of width and case."""
    requested = {plain(column) for column in columns}
    return next((one for one in schemas if {plain(column) for column in one.columns} == requested), None)
