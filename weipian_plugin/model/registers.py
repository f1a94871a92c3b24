"""The other tables that a workspace keeps, one record each: cases, problem lists, patrols as stored, hints, field results, layers, journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass(frozen=True)
class StoredCase:
    """An enforcement case as its table keeps it: ``enforcement_case``; read it as :class:`~.enforcement.EnforcementCase`."""

    id: str
    parcel: str = ""  # the leading one
    members: tuple[Mapping[str, Any], ...] = ()
    name: str = ""
    party: str = ""
    unit: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    updated_by: str = ""
    updated_at: str = ""
    version: Optional[int] = None


@dataclass(frozen=True)
class Problem:
    """A row of a problem list (问题图斑清单) on a parcel or part: table ``problem``. ``decisions_before``: how many there were on that day."""

    id: str
    parcel: str = ""
    part: str = ""
    source: str = ""
    list: str = ""
    sha256: str = ""
    row: Optional[int] = None
    text: str = ""
    opinion: str = ""
    received_on: str = ""
    due: str = ""
    category_before: str = ""
    returned: Optional[int] = None
    decisions_before: Optional[int] = None
    added_by: str = ""
    added_at: str = ""


@dataclass(frozen=True)
class ChangeHint:
    """影像变化提示: how much the two images of a parcel differ, 0–1: table ``change_hint``. ``shift``: what one image was moved by."""

    parcel: str
    before_image: str = ""
    after_image: str = ""
    score: Optional[float] = None
    shift: str = ""
    note: str = ""
    made_at: str = ""


@dataclass(frozen=True)
class FieldResult:
    """A value that came back from the field, and the one that was taken out: table ``field_result``."""

    parcel: str
    name: str
    value: str = ""
    exported: str = ""
    verifier: str = ""
    visited_at: str = ""
    returned_at: str = ""
    package: str = ""
    status: str = ""


@dataclass(frozen=True)
class StoredRejection:
    """What was not taken in, and by which step: table ``refusal``."""

    source: str
    feature: str = ""
    code: str = ""
    reason: str = ""
    step: str = ""
    batch: str = ""


@dataclass(frozen=True)
class MeasuredLayer:
    """A layer that the parcels were measured against: table ``layer``. ``fields``: field key → column."""

    role: str
    source: str
    layer: str = ""
    title: str = ""
    sha256: str = ""
    crs: str = ""
    encoding: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    features: Optional[int] = None
    used_at: str = ""


@dataclass(frozen=True)
class JournalRow:
    """A row of the journal: table ``journal``; see :mod:`weipian_plugin.workspace.journal`."""

    at: str
    who: str = ""
    why: str = ""
    what: str = ""
    key: str = ""
    action: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    digest: str = ""
    state: str = ""
    chain: Optional[int] = None


@dataclass(frozen=True)
class Setting:
    """A choice of the office or of a step: table ``setting``."""

    name: str
    value: str = ""
