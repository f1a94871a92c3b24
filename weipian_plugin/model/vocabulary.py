"""The one vocabulary of roles of layers, measures and timings: their names, titles and units, for catalogue, overlay, rules, windows and forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .paths import resource
from .typed_yaml import key, read
from .words import Timing


@dataclass(frozen=True)
class Role:
    """What a layer is for. ``also``: other names a catalogue may write; ``fields``: field key → usual source names, best first."""

    title: str
    title_en: str = ""
    also: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: bool = False
    raster: bool = False


@dataclass(frozen=True)
class Measure:
    """``unit``: m2, percent, m, count, flag, text …"""

    title: str = key("zh")
    unit: str = ""


@dataclass(frozen=True)
class Family:
    """A measure for each of several roles, and for each suffix of them."""

    roles: tuple[str, ...] = key("for_each_role")
    unit: str = "m2"
    suffixes: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class _MeasureFile:
    legal: tuple[str, ...] = key("legal_ground_roles")
    approvals: tuple[str, ...] = key("approval_roles")
    controls: tuple[str, ...] = key("control_roles")
    families: Mapping[str, Family] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)


@dataclass(frozen=True)
class LegalBases:
    """Which roles are legal bases (依据), in their order, which of them are approvals (批文), and which control use (管控图层)."""

    legal: tuple[str, ...]
    approvals: tuple[str, ...]
    controls: tuple[str, ...]
    with_area: tuple[str, ...]  # roles with a measure of their own


@dataclass(frozen=True)
class _RoleFile:
    roles: Mapping[str, Role]


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """Roles by code, in the order of ``resources/roles.yaml``."""
    return read(resource("roles.yaml"), _RoleFile).roles


def role_title(role: str, language: str = "zh") -> str:
    """The title of a role; an unknown one is shown as it is written."""
    known = roles().get(role)
    if known is None:
        return role
    return (known.title_en or known.title) if language == "en" else known.title


def timing_title(suffix: str) -> str:
    """The title of a timing, or of the suffix of a measure (``in_time``: before or between, not expired)."""
    return _IN_TIME if suffix == "in_time" else Timing(suffix).title()


_IN_TIME = "按时"


@lru_cache(maxsize=1)
def legal_bases() -> LegalBases:
    """The lists of roles at the head of ``resources/measures.yaml``."""
    file = _file()
    return LegalBases(file.legal, file.approvals, file.controls, file.families["role_area"].roles)


@lru_cache(maxsize=1)
def measured_roles() -> tuple[str, ...]:
    """Roles of which anything is measured, in the order of the families."""
    return tuple(dict.fromkeys(role for family in _file().families.values() for role in family.roles))


@lru_cache(maxsize=1)
def measures() -> Mapping[str, Measure]:
    """Every measure the overlay may write, families written out (``land_supply_late``: 供地（后时相后）)."""
    result: dict[str, Measure] = {}
    for family in _file().families.values():
        for role in family.roles:
            for suffix in family.suffixes:
                name = f"{role}_{suffix}" if suffix else role
                title = f"{role_title(role)}（{timing_title(suffix)}）" if suffix else role_title(role)
                result[name] = Measure(title, family.unit)
    return {**result, **named_measures()}


def named_measures() -> Mapping[str, Measure]:
    """The measures with a title of their own; those of a family are called after its roles and timings."""
    return _file().measures


def _file() -> _MeasureFile:
    return read(resource("measures.yaml"), _MeasureFile)
