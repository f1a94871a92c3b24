"""A rule profile of the county's own: the shipped one with thresholds changed, each with reason and source.

The copy keeps the text of the shipped profile; what differs stands at its head and in the changed entries. A profile that its own
reader refuses, or that sets a limit of the guard of 合法 higher than allowed, is never written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Union

import yaml

from .. import judgment
from ..formats import yaml_edit
from ..judgment.differences import Difference, differences
from ..judgment.profile import SOURCE_CONFIDENCE, Profile, Threshold
from ..judgment.profile_files import load_nested, problem_text, profile_names
from ..judgment.profile_reader import read_profile
from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent
from ..model.paths import shipped
from ..office.files import write_text_atomic
from ..workspace import Workspace
from ..workspace.places import Place
from .propose import today
from .stored import evidence_of, parcels_of

_HEAD = "# 本县规则："


@dataclass(frozen=True)
class Change:
    """A threshold that a person changed: why, and on what ground."""

    name: str
    value: Union[Decimal, date]
    reason: str
    source: str
    confidence: str
    who: str
    day: date


@dataclass(frozen=True)
class Changed:
    """A threshold as shipped and as the county has it."""

    name: str
    before: Threshold
    after: Threshold


def shipped_text(name: str) -> str:
    """The text of a shipped profile, whatever the county has. Raises ``judgment.profile_missing``."""
    if name not in profile_names():
        raise WeipianError("judgment.profile_missing", path=name, known="、".join(profile_names()))
    return shipped("rules", f"{name}.yaml").read_text(encoding="utf-8")


def own_path(folder: Path, name: str) -> Path:
    """Where the county's copy of a shipped profile stands."""
    return folder / "rules" / f"{name}.yaml"


def text_of(folder: Path | None, name: str) -> str:
    """The county's text of a profile, else the shipped one."""
    path = own_path(folder, name) if folder is not None else None
    return path.read_text(encoding="utf-8-sig") if path is not None and path.is_file() else shipped_text(name)


@lru_cache(maxsize=16)
def profile_from(text: str, path: Path) -> Profile:
    """A profile as its reader understands a text. Raises ``judgment.profile_invalid`` with every mistake."""
    content = text.encode("utf-8")
    profile, problems = read_profile(content, path, hashlib.sha256(content).hexdigest(), load_nested)
    if profile is None or problems:
        stated = "\n".join(map(problem_text, problems))
        raise WeipianError("judgment.profile_invalid", path=str(path), count=len(problems), problems=stated)
    return profile


def value_of(text: str, like: Threshold) -> Union[Decimal, date]:
    """A typed value for a threshold. Raises ``run.threshold_value``."""
    try:
        if isinstance(like.value, date):
            return date.fromisoformat(text.strip())
        value = Decimal(text.strip())
        if not value.is_finite() or value < 0:
            raise InvalidOperation
    except (ValueError, InvalidOperation) as error:
        raise WeipianError("run.threshold_value", title=like.title, value=text.strip()) from error
    return value


def with_change(text: str, change: Change) -> str:
    """The text with one threshold changed. Raises ``run.threshold_reason`` without reason or source."""
    if not change.reason.strip() or not change.source.strip() or change.confidence not in SOURCE_CONFIDENCE:
        raise WeipianError("run.threshold_reason")
    stated = f"{change.source.strip()}；本县修改：{change.reason.strip()}（{change.who}，{change.day.isoformat()}）"
    values = {"value": change.value, "source": stated, "confidence": change.confidence}
    return yaml_edit.set_values(text, ("thresholds", change.name), values)


def without_change(text: str, name: str, profile: str) -> str:
    """The text with one threshold as it is shipped."""
    entry = yaml_files.load(shipped_text(profile))["thresholds"][name]
    written = {key: _exact(value) for key, value in entry.items()}
    return yaml_edit.set_values(text, ("thresholds", name), written)


def _exact(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def changed_thresholds(text: str, name: str) -> list[Changed]:
    """What differs from the shipped profile."""
    own = profile_from(text, Path(f"{name}.yaml")).thresholds
    original = profile_from(shipped_text(name), Path(f"{name}.yaml")).thresholds
    return [Changed(key, original[key], own[key]) for key in original if key in own and original[key] != own[key]]


def save(folder: Path, name: str, text: str) -> Path | None:
    """Write the county's copy with what differs at its head; without a difference the copy goes. None: it is as shipped.

    Raises ``judgment.profile_invalid`` for a text that must not be used.
    """
    path = own_path(folder, name)
    profile_from(text, path)
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_HEAD))
    if yaml.safe_load(body) == yaml.safe_load(shipped_text(name)):
        path.unlink(missing_ok=True)
        return None
    sha = hashlib.sha256(shipped_text(name).encode("utf-8")).hexdigest()[:12]
    lines = [f"{_HEAD}以随插件的 {name}（{sha}）为底，改动如下。"]
    for one in changed_thresholds(body, name):
        lines.append(f"{_HEAD}{_flat(one.after.title)} {one.before.value} → {one.after.value} {one.after.unit}")
    return write_text_atomic(path, "\n".join(lines) + "\n" + body)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def trial(workspace: Place, before: Profile, after: Profile, feedback: Feedback | None = None) -> list[Difference]:
    """Which parcels and parts of a workspace would be proposed otherwise. Reads only; raises ``run.not_measured``."""
    log = feedback or Silent()
    store = Workspace.open(workspace)
    try:
        measures = store.read("measure")
        if measures.empty:
            raise WeipianError("run.not_measured", path=str(workspace))
        parcels, coverage, parts = parcels_of(store), store.read("coverage"), store.read("part")
        evidence = evidence_of(store)
        old, new = (
            judgment.judge(
                judgment.MeasuredTables(parcels, coverage, measures, evidence, parts), profile, log, as_of=today()
            )
            for profile in (before, after)
        )
        return [one for one in differences(old, new) if _outcome(one)]
    finally:
        store.close()


def _outcome(one: Difference) -> bool:
    """Whether what a person reads differs: category, kind, rule or missing evidence, not only a threshold among the facts."""
    if one.before is None or one.after is None:
        return True
    return any(not key.startswith("facts.") for key in one.changed)


def summary(found: Sequence[Difference]) -> list[tuple[str, str, str]]:
    """Parcel (with part), what is proposed now, what would be proposed."""
    return [
        (
            one.parcel + one.part,
            f"{one.before.category} · {one.before.subtype}" if one.before is not None else "—",
            f"{one.after.category} · {one.after.subtype}" if one.after is not None else "—",
        )
        for one in found
    ]
