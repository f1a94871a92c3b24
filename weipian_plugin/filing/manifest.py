"""``manifest.json``: every file with size and SHA-256, the rules it was made under, and the figures its forms show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..model.messages import Message
from ..workspace.geometry import geometry_digest as digest_of
from .case import ParcelCase, jsonable
from .completeness import Check
from .fields import FiledFile, PackageFacts
from .placeholder import Values

NAME = "manifest.json"
FORMAT = 1
#: what is kept of each decision that counts
DECISION = ("part", "role", "category", "subtype", "person", "decided_at")
#: fields of the package itself, not of the workspace
_OWN = ("made_at", "file_count")


def compose(
    case: ParcelCase,
    package: PackageFacts,
    values: Values,
    case_digest: str,
    templates: Mapping[str, str],
    rules_sha256: str,
) -> dict[str, Any]:
    """The manifest of a package whose files are written."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "parcel": case.number,
        "plugin_version": case.plugin_version,
        "profile": {"name": case.profile, "sha256": case.profile_sha256},
        "rules_sha256": rules_sha256,
        "templates": dict(templates),
        "case_sha256": case_digest,
        "made_at": package.made_at,
        "complete": package.complete,
        "draft": not package.complete,
        "checks": [jsonable(check.as_record()) for check in package.checks],
        "photos": [file.path if file else None for file in package.photos],
        "documents": [file.path if file else None for file in package.documents],
        "decisions": [{name: getattr(decision, name) for name in DECISION} for decision in case.decisions],
        "geometry_sha256": geometry_digest(case),
        "journal": {"row": case.journal_end[0], "digest": case.journal_end[1]},
        "figures": {
            name: None if value is None else str(value) for name, value in values.fields.items() if name not in _OWN
        },
        "sources": [{"role": source.role, "file": source.name, "sha256": source.sha256} for source in case.sources],
        "files": [jsonable(file) for file in package.files],
    }
    content["sha256"] = own_digest(content)
    return content


def geometry_digest(case: ParcelCase) -> str:
    """SHA-256 of the parcel's geometry as stored, so that one of the same size elsewhere is another."""
    return digest_of(case.geometry)


def text(content: Mapping[str, Any]) -> bytes:
    """The one spelling of a manifest."""
    return (_spelled(content, "\n") + "\n").encode("utf-8", "backslashreplace")


def _spelled(value: Any, line: str) -> str:
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


def own_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest without its own digest, so that no byte of it can change unseen."""
    return hashlib.sha256(text({name: value for name, value in content.items() if name != "sha256"})).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a package. Raises ``filing.manifest_missing`` or ``filing.manifest_damaged``."""
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeipianError("filing.manifest_missing", path=str(folder)) from error
    try:
        content = json.loads(raw.decode("utf-8"))
        sound = isinstance(content, dict) and content["sha256"] == own_digest(content) and text(content) == raw
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WeipianError("filing.manifest_damaged", path=str(path)) from error
    if not sound:
        raise WeipianError("filing.manifest_damaged", path=str(path))
    return dict(content)


def journal_end(folder: Path) -> tuple[int, str] | None:
    """Number and digest of the journal's last row when the package was made; None where the manifest does not tell."""
    try:
        stated = read(folder).get("journal")
        return (int(stated["row"]), str(stated["digest"])) if isinstance(stated, dict) else None
    except (WeipianError, KeyError, ValueError, TypeError):
        return None


def filed_files(content: Mapping[str, Any]) -> tuple[FiledFile, ...]:
    """The files that a manifest lists, in its order."""
    return tuple(FiledFile(**entry) for entry in content["files"])


def checks(content: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks as they stood when the package was made."""
    return tuple(
        Check(
            entry["level"],
            entry["code"],
            Message(entry["message"]["code"], entry["message"]["details"]),
            Message(entry["remedy"]["code"], entry["remedy"]["details"]),
            entry["link"],
        )
        for entry in content["checks"]
    )


def package_facts(content: Mapping[str, Any]) -> PackageFacts:
    """What the forms were filled from besides the case."""
    files = filed_files(content)
    by_path = {file.path: file for file in files}

    def pick(paths: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(by_path.get(path) if path else None for path in paths)

    return PackageFacts(
        photos=pick(content["photos"]),
        documents=pick(content["documents"]),
        files=files,
        checks=checks(content),
        complete=bool(content["complete"]),
        made_at=str(content["made_at"]),
    )
