"""``manifest.json``: every file with size and SHA-256, the rules it was made under, and the figures its forms show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, Optional

from ..model.errors import WeipianError
from ..workspace.geometry import geometry_digest as digest_of
from .case import ParcelCase, jsonable
from .completeness import Check
from .fields import FiledFile, PackageFacts
from .placeholder import Values

NAME = "manifest.json"
FORMAT = 1
#: fields of the package itself, not of the workspace
_OWN = ("made_at", "file_count")


@dataclass(frozen=True)
class FiledDecision:
    """What is kept of each decision that counts."""

    part: str
    role: str
    category: str
    subtype: str
    person: str
    decided_at: str


@dataclass(frozen=True)
class FiledSource:
    """A source that the parcel was measured from: the name of its file, and the file's SHA-256."""

    role: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself. :meth:`document` alone writes it, :meth:`of_document` alone reads it.

    ``decisions``, ``geometry_sha256`` and ``journal`` are None in packages of the first releases, which did not keep them.
    """

    parcel: str
    case_sha256: str
    made_at: str
    complete: bool
    figures: Mapping[str, Optional[str]]  # field -> what the forms show
    files: tuple[FiledFile, ...]
    checks: tuple[Check, ...] = ()
    photos: tuple[Optional[str], ...] = ()  # one path a photo of the case; None = could not be filed
    documents: tuple[Optional[str], ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)  # file name -> SHA-256
    decisions: Optional[tuple[FiledDecision, ...]] = None
    geometry_sha256: Optional[str] = None
    journal: Optional[tuple[int, str]] = None  # number and digest of the last row
    sources: tuple[FiledSource, ...] = ()
    profile: str = ""
    profile_sha256: str = ""
    rules_sha256: str = ""
    plugin_version: str = ""

    def document(self) -> dict[str, Any]:
        """The manifest in JSON's own types, with its own digest."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "parcel": self.parcel,
            "plugin_version": self.plugin_version,
            "profile": {"name": self.profile, "sha256": self.profile_sha256},
            "rules_sha256": self.rules_sha256,
            "templates": dict(self.templates),
            "case_sha256": self.case_sha256,
            "made_at": self.made_at,
            "complete": self.complete,
            "draft": not self.complete,
            "checks": [jsonable(check.as_record()) for check in self.checks],
            "photos": list(self.photos),
            "documents": list(self.documents),
            "figures": dict(self.figures),
            "sources": [jsonable(source) for source in self.sources],
            "files": [jsonable(file) for file in self.files],
        }
        if self.decisions is not None:
            content["decisions"] = [jsonable(decision) for decision in self.decisions]
        if self.geometry_sha256 is not None:
            content["geometry_sha256"] = self.geometry_sha256
        if self.journal is not None:
            content["journal"] = {"row": self.journal[0], "digest": self.journal[1]}
        content["sha256"] = own_digest(content)
        return content

    @classmethod
    def of_document(cls, content: Mapping[str, Any]) -> Manifest:
        """The manifest that a document holds. Raises KeyError, TypeError or ValueError where it is none."""
        complete, profile, journal = content["complete"], content.get("profile") or {}, content.get("journal")
        if not isinstance(complete, bool) or content.get("draft", not complete) is complete:
            raise ValueError("complete or draft")
        decisions = content.get("decisions")
        return cls(
            parcel=_text(content["parcel"]),
            case_sha256=_text(content["case_sha256"]),
            made_at=_text(content["made_at"]),
            complete=complete,
            figures={name: _text_or_none(value) for name, value in content["figures"].items()},
            files=tuple(FiledFile(**_sound(entry)) for entry in content["files"]),
            checks=tuple(Check.of_record(entry) for entry in content["checks"]),
            photos=tuple(_text_or_none(path) for path in content["photos"]),
            documents=tuple(_text_or_none(path) for path in content["documents"]),
            templates={name: _text(sha256) for name, sha256 in content["templates"].items()},
            decisions=None if decisions is None else tuple(FiledDecision(**entry) for entry in decisions),
            geometry_sha256=_text_or_none(content.get("geometry_sha256")),
            journal=None if journal is None else (int(journal["row"]), _text(journal["digest"])),
            sources=tuple(FiledSource(**entry) for entry in content.get("sources") or ()),
            profile=profile.get("name") or "",
            profile_sha256=profile.get("sha256") or "",
            rules_sha256=content.get("rules_sha256") or "",
            plugin_version=content.get("plugin_version") or "",
        )

    def bytes(self) -> bytes:
        """The one spelling of this manifest, as its file has it."""
        return text(self.document())

    @property
    def package(self) -> PackageFacts:
        """What the forms were filled from besides the case."""
        by_path = {file.path: file for file in self.files}

        def pick(paths: Sequence[Optional[str]]) -> tuple[Optional[FiledFile], ...]:
            return tuple(by_path.get(path) if path else None for path in paths)

        return PackageFacts(
            photos=pick(self.photos),
            documents=pick(self.documents),
            files=self.files,
            checks=self.checks,
            complete=self.complete,
            made_at=self.made_at,
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} for text")
    return value


def _text_or_none(value: object) -> Optional[str]:
    return None if value is None else _text(value)


def _sound(file: Mapping[str, object]) -> Mapping[str, Any]:
    """A file's entry with a path in words and a size in whole bytes."""
    if not isinstance(file["path"], str) or not isinstance(file.get("bytes"), (int, type(None))):
        raise TypeError("path or bytes")
    return file


def compose(
    case: ParcelCase,
    package: PackageFacts,
    values: Values,
    case_digest: str,
    templates: Mapping[str, str],
    rules_sha256: str,
) -> Manifest:
    """The manifest of a package whose files are written."""
    return Manifest(
        parcel=case.number,
        case_sha256=case_digest,
        made_at=package.made_at,
        complete=package.complete,
        figures=figures_of(values),
        files=package.files,
        checks=package.checks,
        photos=tuple(file.path if file else None for file in package.photos),
        documents=tuple(file.path if file else None for file in package.documents),
        templates=dict(templates),
        decisions=tuple(
            FiledDecision(row.part, row.role, row.category, row.subtype, row.person, row.decided_at)
            for row in case.decisions
        ),
        geometry_sha256=geometry_digest(case),
        journal=case.journal_end,
        sources=tuple(FiledSource(source.role, source.name, source.sha256) for source in case.sources),
        profile=case.profile,
        profile_sha256=case.profile_sha256,
        rules_sha256=rules_sha256,
        plugin_version=case.plugin_version,
    )


def figures_of(values: Values) -> dict[str, Optional[str]]:
    """The figures that a package is held to, as texts; what only the package knows of itself is none of them."""
    return {name: None if value is None else str(value) for name, value in values.fields.items() if name not in _OWN}


def geometry_digest(case: ParcelCase) -> str:
    """SHA-256 of the parcel's geometry as stored, so that one of the same size elsewhere is another."""
    return digest_of(case.geometry)


def text(content: Mapping[str, object]) -> bytes:
    """The one spelling of a manifest."""
    return (_spelled(content, "\n") + "\n").encode("utf-8", "backslashreplace")


def _spelled(value: object, line: str) -> str:
    """As ``json.dumps`` with sorted keys and an indent of 1, four times as fast: Python indents without its C code."""
    inner = line + " "
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Mapping) and value:
        rows = (f"{encode_basestring(name)}: {_spelled(entry, inner)}" for name, entry in sorted(value.items()))
        return "{" + inner + ("," + inner).join(rows) + line + "}"
    if isinstance(value, (list, tuple)) and value:
        return "[" + inner + ("," + inner).join([_spelled(entry, inner) for entry in value]) + line + "]"
    return json.dumps(value)


def own_digest(content: Mapping[str, object]) -> str:
    """SHA-256 of the manifest without its own digest, so that no byte of it can change unseen."""
    return hashlib.sha256(text({name: value for name, value in content.items() if name != "sha256"})).hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a package.

    Raises ``filing.manifest_missing``, ``filing.manifest_damaged``, ``filing.manifest_newer``.
    """
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeipianError("filing.manifest_missing", path=str(folder)) from error
    try:
        content = json.loads(raw.decode("utf-8"))
        if content["sha256"] != own_digest(content) or text(content) != raw:
            raise ValueError("digest")
        newer = content["format"] > FORMAT
        result = None if newer else Manifest.of_document(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WeipianError("filing.manifest_damaged", path=str(path)) from error
    if result is None:
        raise WeipianError("filing.manifest_newer", path=str(path))
    return result


def journal_end(folder: Path) -> Optional[tuple[int, str]]:
    """Number and digest of the journal's last row when the package was made; None where the manifest does not state it."""
    try:
        return read(folder).journal
    except WeipianError:
        return None
