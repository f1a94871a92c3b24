"""``resources/filing.yaml``: forms and their order, names, limits, completeness, columns, fields. Read once, checked, immutable."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from ..model.errors import WeipianError
from ..model.paths import resource, shipped
from ..model.typed_yaml import key, parse, read
from ..model.vocabulary import legal_bases
from ..model.words import Timing
from ..model.yaml_files import YamlError
from .placeholder import KnownFields

LEVELS = ("error", "warning", "info")


@dataclass(frozen=True)
class FormEntry:
    """A form of the package: its place, its title and the template that draws it."""

    id: str
    number: str
    title: str
    template: str
    lists_files: bool = False  # 封面与目录: filled last, when every other file has its digest
    when: str = ""  # for which parcels: merged, rectified, mining, enforced; blank = all


@dataclass(frozen=True)
class Requirement:
    """What a complete package must have. The one that ``filing/completeness.py`` looks at under this name may need more than a level."""

    level: str  # of LEVELS; an error blocks 「完整」
    minimum: Optional[int] = None
    documents: Optional[tuple[str, ...]] = None  # any one of these kinds
    fields: Optional[tuple[str, ...]] = None


@dataclass(frozen=True)
class SizeLimits:
    """What the filing system takes as an attachment, and how bad it is where one is not such."""

    bytes: int
    bytes_level: str
    types: tuple[str, ...]  # suffixes without the dot
    types_level: str
    name: int  # characters
    name_level: str


@dataclass(frozen=True)
class VectorField:
    """A column of the vector files: the field it shows, the names it may have (ours first), characters, or decimals of a number."""

    field: str
    names: tuple[str, ...]
    width: int = 0
    decimals: Optional[int] = None

    @property
    def kind(self) -> str:
        """As a schema has it: ``float:19.2`` or ``str:20``."""
        return f"str:{self.width}" if self.decimals is None else "float:19.2"


@dataclass(frozen=True)
class UploadFamily:
    """The columns of one export family of the filing system, in order; ``columns`` maps a column to a field or None."""

    name: str
    title: str
    recognised_by: tuple[str, ...]
    key: str
    columns: Mapping[str, Optional[str]]


@dataclass(frozen=True)
class SameStandpoint:
    """How close two photos are from one standpoint: metres between the cameras, degrees between the azimuths (the limits included)."""

    distance_m: float = 20.0
    azimuth_deg: float = 30.0

    def __post_init__(self) -> None:
        if not (self.distance_m > 0 and 0 < self.azimuth_deg <= 180):
            raise ValueError(f"same_standpoint: {self.distance_m} m, {self.azimuth_deg}°")


@dataclass(frozen=True, eq=False)
class FilingRules:
    """The file as data, one object a file. ``sha256`` distinguishes packages made under other rules."""

    sha256: str
    forms: Mapping[str, FormEntry]
    form_sets: Mapping[str, tuple[str, ...]]
    folders: Mapping[str, str]
    kinds: Mapping[str, str]
    platform: SizeLimits
    requirements: Mapping[str, Requirement]
    always: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...]
    rectification: Mapping[str, tuple[str, ...]]
    subtypes: Mapping[str, tuple[str, ...]]  # words of a subtype -> what it asks for in place of its category
    vector_fields: tuple[VectorField, ...]
    upload: Mapping[str, UploadFamily]
    area_tolerance_mu: str
    register: Mapping[str, str]
    fields: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, str]]
    legal_basis_roles: tuple[str, ...]
    phases: Mapping[str, tuple[str, ...]]
    same_standpoint: SameStandpoint
    claim_keys: Mapping[str, str]
    enforcement: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # step of a case -> words of its documents
    columns: Mapping[str, str] = field(default_factory=dict)  # stored columns as the operation record calls them

    def word(self, family: str, code: object) -> str:
        """The word for a stored code; an unknown code is shown as it is."""
        text = "" if code is None else str(code)
        return self.words[family].get(text, text)

    def phase_of(self, purpose: str) -> str:
        """Stage of a rectification a photo shows (before, during, after) by its stored purpose; "" for none."""
        return next((phase for phase, purposes in self.phases.items() if purpose in purposes), "")

    def forms_for(self, profile: str) -> tuple[FormEntry, ...]:
        """The forms of a package under ``profile``, in order."""
        return tuple(self.forms[name] for name in self.form_sets.get(profile, self.form_sets["default"]))

    def known_fields(self) -> KnownFields:
        """Every spelling a template may use, English and Chinese."""
        names = {**{name: name for name in self.fields}, **{zh: name for name, zh in self.fields.items()}}
        table_names = {
            **{name: name for name in self.tables},
            **{str(table["zh"]): name for name, table in self.tables.items()},
        }
        columns = {
            name: {
                **{column: column for column in table["columns"]},
                **{zh: column for column, zh in table["columns"].items()},
            }
            for name, table in self.tables.items()
        }
        return KnownFields(names, table_names, columns)


def load_rules(path: Optional[Path] = None) -> FilingRules:
    """The rules from ``path``, or the county's or shipped ones. Raises ``filing.rules_unreadable`` naming what is wrong."""
    file = path or resource("filing.yaml")
    try:
        changed = file.stat().st_mtime_ns
    except OSError as error:
        raise WeipianError("filing.rules_unreadable", path=str(file), reason=error) from error
    return _loaded(file, changed)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> FilingRules:
    del changed  # part of the key: a file saved again is read again
    try:
        content = path.read_bytes()
        file = _completed(parse(content, _FilingFile), read(shipped("filing.yaml"), _FilingFile))
        return _checked(file, hashlib.sha256(content).hexdigest())
    except (OSError, YamlError) as error:
        raise WeipianError("filing.rules_unreadable", path=str(path), reason=error) from error


@dataclass(frozen=True)
class _Upload:
    title: str
    recognised_by: tuple[str, ...]
    key: str
    columns: Mapping[str, Optional[str]]


@dataclass(frozen=True)
class _Register:
    columns: Mapping[str, str]


@dataclass(frozen=True)
class _Limit:
    rule: str
    level: str
    limit: Any  # a number, or suffixes


@dataclass(frozen=True)
class _FilingFile:
    """``filing.yaml`` as it stands."""

    forms: tuple[FormEntry, ...]
    form_sets: Mapping[str, tuple[str, ...]]
    folders: Mapping[str, str]
    kinds: Mapping[str, str]
    platform: tuple[_Limit, ...]
    requirements: Mapping[str, Requirement]
    always: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...]
    rectification: Mapping[str, tuple[str, ...]]
    vector_fields: tuple[VectorField, ...]
    upload: Mapping[str, _Upload]
    area_tolerance_mu: str
    register: _Register
    fields: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, str]]
    claim_keys: Mapping[str, str]
    phases: Mapping[str, tuple[str, ...]]
    subtypes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same_standpoint: SameStandpoint = SameStandpoint()  # files of an earlier release do not say it (assumed)
    legal_basis_roles: tuple[str, ...] = key("ground_roles", default=())
    enforcement: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


def _completed(file: _FilingFile, known: _FilingFile) -> _FilingFile:
    """A county's file of an earlier release has no words for what has come since: those are the shipped ones."""

    def own(entries: Mapping[str, object], name: str) -> dict[str, Any]:
        added: Mapping[str, Any] = getattr(known, name)
        return {**added, **entries}

    tables = {
        name: {**table, "columns": {**known.tables.get(name, {}).get("columns", {}), **table.get("columns", {})}}
        for name, table in file.tables.items()
    }
    words = {family: {**known.words.get(family, {}), **entries} for family, entries in file.words.items()}
    return dataclasses.replace(
        file,
        kinds=own(file.kinds, "kinds"),
        fields=own(file.fields, "fields"),
        tables=own(tables, "tables"),
        words=own(words, "words"),
    )


def _checked(file: _FilingFile, sha256: str) -> FilingRules:
    _check_references(file)
    timings = {timing.value: timing.title() for timing in Timing}
    kept = {one.name: getattr(file, one.name) for one in dataclasses.fields(file)}
    kept.update(
        platform=_limits(file),
        forms={entry.id: entry for entry in file.forms},
        upload={name: UploadFamily(name, **vars(entry)) for name, entry in file.upload.items()},
        register=file.register.columns,
        words={**file.words, "timing": {**timings, **file.words["timing"]}},
        legal_basis_roles=file.legal_basis_roles or legal_bases().legal,
    )
    return FilingRules(sha256=sha256, **kept)


def _limits(file: _FilingFile) -> SizeLimits:
    """The three limits of attachments. Raises :class:`YamlError` where one is missing or is none."""
    known = {entry.rule: entry for entry in file.platform}
    found: list[Any] = []
    for rule, kind in (("attachment_bytes", int), ("attachment_types", list), ("attachment_name", int)):
        if rule not in known:
            raise YamlError("model.yaml_missing", key=f"platform.{rule}")
        limit, level = known[rule].limit, known[rule].level
        if not isinstance(limit, kind) or isinstance(limit, bool):
            raise YamlError("model.yaml_value", key=f"platform.{rule}.limit", value=str(limit))
        if level not in LEVELS:
            raise YamlError("model.yaml_unknown", key=f"platform.{rule}.level", value=level)
        found += [tuple(map(str, limit)) if isinstance(limit, list) else limit, level]
    return SizeLimits(*found)


def _check_requirements(file: _FilingFile) -> None:
    """Each has a level, and what the shipped one of that name has. Raises :class:`YamlError`."""
    shipped_ones = read(shipped("filing.yaml"), _FilingFile).requirements
    for name, requirement in file.requirements.items():
        if requirement.level not in LEVELS:
            raise YamlError("model.yaml_unknown", key=f"requirements.{name}.level", value=requirement.level)
        if name not in shipped_ones:
            raise YamlError("model.yaml_unknown", key="requirements", value=name)
        for part in ("minimum", "documents", "fields"):
            if getattr(shipped_ones[name], part) is not None and getattr(requirement, part) is None:
                raise YamlError("model.yaml_missing", key=f"requirements.{name}.{part}")


def _check_references(file: _FilingFile) -> None:
    """Names that one part of the file uses must be described in another; raises :class:`YamlError`."""
    _check_requirements(file)
    lists = [file.always, file.otherwise, *file.categories.values(), *file.rectification.values()]
    for name in (name for names in (*lists, *file.subtypes.values()) for name in names):
        if name not in file.requirements:
            raise YamlError("model.yaml_unknown", key="requirements", value=name)
    for title, count in Counter(file.fields.values()).items():
        if count > 1:
            raise YamlError("model.yaml_twice", key="fields", value=title)
    known = {entry.id for entry in file.forms}
    for profile, names in file.form_sets.items():
        for name in names:
            if name not in known:
                raise YamlError("model.yaml_unknown", key=f"form_sets.{profile}", value=name)
    for family, entry in file.upload.items():
        for column, field_name in entry.columns.items():
            if field_name is not None and field_name not in file.fields:
                raise YamlError("model.yaml_unknown", key=f"upload.{family}.{column}", value=field_name)
