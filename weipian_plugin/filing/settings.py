"""``resources/filing.yaml``: forms and their order, names, limits, completeness, columns, fields. Read once, checked, immutable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

import yaml

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import resource
from ..overlay.settings import load_legal_bases
from .placeholder import KnownFields

LEVELS = ("error", "warning", "info")


@dataclass(frozen=True)
class FormEntry:
    """A form of the package: its place, its title and the template that draws it."""

    id: str
    number: str
    title: str
    template: str
    lists_files: bool  # 封面与目录: filled last, when every other file has its digest
    when: str = ""  # for which parcels: merged, rectified, mining, enforced; blank = all


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

    distance_m: float
    azimuth_deg: float


@dataclass(frozen=True, eq=False)
class FilingRules:
    """The file as data, one object a file. ``sha256`` tells packages made under other rules apart."""

    sha256: str
    forms: Mapping[str, FormEntry]
    form_sets: Mapping[str, tuple[str, ...]]
    folders: Mapping[str, str]
    kinds: Mapping[str, str]
    platform: tuple[Mapping[str, Any], ...]
    requirements: Mapping[str, Mapping[str, Any]]
    always: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...]
    rectification: Mapping[str, tuple[str, ...]]
    subtypes: Mapping[str, tuple[str, ...]]  # words of a subtype -> what it asks for in place of its category
    vector_fields: tuple[Mapping[str, Any], ...]
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

    def limit(self, rule: str) -> Mapping[str, Any]:
        return next(entry for entry in self.platform if entry["rule"] == rule)

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
        data = yaml_files.load(content.decode("utf-8"))
        return _checked(data, hashlib.sha256(content).hexdigest())
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeipianError("filing.rules_unreadable", path=str(path), reason=str(error)) from error


def _checked(data: Mapping[str, Any], sha256: str) -> FilingRules:
    forms = {
        entry["id"]: FormEntry(
            str(entry["id"]),
            str(entry["number"]),
            str(entry["title"]),
            str(entry["template"]),
            bool(entry.get("lists_files")),
            str(entry.get("when") or ""),
        )
        for entry in data["forms"]
    }
    upload = {
        name: UploadFamily(name, entry["title"], tuple(entry["recognised_by"]), entry["key"], dict(entry["columns"]))
        for name, entry in data["upload"].items()
    }
    _check_references(data, forms, upload)
    return FilingRules(
        sha256=sha256,
        forms=forms,
        form_sets={name: tuple(entries) for name, entries in data["form_sets"].items()},
        folders=dict(data["folders"]),
        kinds=dict(data["kinds"]),
        platform=tuple(data["platform"]),
        requirements=data["requirements"],
        always=tuple(data["always"]),
        categories={name: tuple(entries) for name, entries in data["categories"].items()},
        otherwise=tuple(data["otherwise"]),
        rectification={name: tuple(entries) for name, entries in data["rectification"].items()},
        subtypes={name: tuple(entries) for name, entries in (data.get("subtypes") or {}).items()},
        vector_fields=tuple(data["vector_fields"]),
        upload=upload,
        area_tolerance_mu=str(data["area_tolerance_mu"]),
        register=dict(data["register"]["columns"]),
        fields=dict(data["fields"]),
        tables=data["tables"],
        words=data["words"],
        legal_basis_roles=tuple(data.get("ground_roles") or load_legal_bases().legal),
        claim_keys=dict(data["claim_keys"]),
        enforcement={step: tuple(words) for step, words in (data.get("enforcement") or {}).items()},
        columns=dict(data.get("columns") or {}),
        phases={phase: tuple(purposes) for phase, purposes in data["phases"].items()},
        same_standpoint=_same_standpoint(data.get("same_standpoint")),
    )


def _check_references(
    data: Mapping[str, Any], forms: Mapping[str, FormEntry], upload: Mapping[str, UploadFamily]
) -> None:
    """Names that one part of the file uses must be described in another; raises :class:`ValueError`."""
    requirements = data["requirements"]
    for name, requirement in requirements.items():
        if requirement["level"] not in LEVELS:
            raise ValueError(f"requirements.{name}.level: {requirement['level']}")
    lists = [data["always"], data["otherwise"], *data["categories"].values(), *data["rectification"].values()]
    lists += (data.get("subtypes") or {}).values()
    for name in (name for names in lists for name in names):
        if name not in requirements:
            raise ValueError(f"requirement {name} is not described")
    if len(set(data["fields"].values())) != len(data["fields"]):
        raise ValueError("fields: a Chinese name stands twice")
    for profile, names in data["form_sets"].items():
        for name in names:
            if name not in forms:
                raise ValueError(f"form_sets.{profile}: {name}")
    for family in upload.values():
        for column, name in family.columns.items():
            if name is not None and name not in data["fields"]:
                raise ValueError(f"upload.{family.name}.{column}: {name}")


def _same_standpoint(data: Optional[Mapping[str, Any]]) -> SameStandpoint:
    """An office's own file of an earlier release does not say it: as the shipped file does (assumed)."""
    if data is None:
        return SameStandpoint(20.0, 30.0)
    limit = SameStandpoint(float(data["distance_m"]), float(data["azimuth_deg"]))
    if not (limit.distance_m > 0 and 0 < limit.azimuth_deg <= 180):
        raise ValueError(f"same_standpoint: {dict(data)}")
    return limit
