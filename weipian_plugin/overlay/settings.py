"""Settings of the overlay as data (``resources/overlay.yaml``) and the options of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

import yaml

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import resource


@dataclass(frozen=True)
class StatedArea:
    """When an approved area contradicts its polygon: ``roles`` that state one, the ``factor`` between the two that is still
    believed, and the share by which what a parcel uses may exceed it."""

    roles: tuple[str, ...]
    factor: float
    excess: float


@dataclass(frozen=True)
class Settings:
    """Tolerances (m², m), what groups of a role are, and orders of precedence."""

    noise_area: float
    coordinate_decimals: int
    overlap_area: float
    sliver_area: float
    sliver_width: float
    sliver_strip: float
    repair_share: float
    layer_elsewhere: float
    groups: Mapping[str, tuple[str, ...]]
    no_group: str
    class_precedence: tuple[str, ...]
    stated_area: StatedArea


@dataclass(frozen=True)
class LegalBases:
    """Which roles are legal grounds (依据), in their order, and which of them are approvals (批文)."""

    legal: tuple[str, ...]
    approvals: tuple[str, ...]
    with_area: tuple[str, ...]  # roles with a measure of their own


@dataclass(frozen=True)
class OverlayOptions:
    """Choices of one run.

    ``deduct_ridges``: 田坎 is taken off the cultivated classes by their coefficient (KCXS) and counted as class 1203.
    ``cache``: folder of the source indexes; None keeps nothing. ``threads``: 0 = the machine's cores, at most 4.
    ``classes``/``settings``: a county's own tables. ``shapes``: measure widths and compactness (the slowest measures).
    ``parts``: propose parts and measure them.
    ``intersection_geometry``: give every coverage row its geometry. ``batch``: parcels measured together, 0 = chosen.
    """

    deduct_ridges: bool = False
    cache: Optional[Path] = None
    threads: int = 0
    classes: Optional[Path] = None
    settings: Optional[Path] = None
    shapes: bool = True
    parts: bool = True
    intersection_geometry: bool = True
    batch: int = 0


def load_settings(path: Optional[Path] = None) -> Settings:
    """Read the settings; raises ``overlay.settings_invalid``."""
    file = path or resource("overlay.yaml")
    data = _yaml(file)
    try:
        tolerance = {name: entry["value"] for name, entry in data["tolerances"].items()}
        return Settings(
            noise_area=float(tolerance["noise_area"]),
            coordinate_decimals=int(tolerance["coordinate_decimals"]),
            overlap_area=float(tolerance["overlap_area"]),
            sliver_area=float(tolerance["sliver_area"]),
            sliver_width=float(tolerance["sliver_width"]),
            sliver_strip=float(tolerance["sliver_strip"]),
            repair_share=float(tolerance["repair_share"]),
            layer_elsewhere=float(tolerance["layer_elsewhere"]),
            groups={str(role): tuple(keys) for role, keys in data["groups"].items()},
            no_group=str(data["no_group"]),
            class_precedence=tuple(data["class_precedence"]),
            stated_area=StatedArea(
                tuple(data["stated_area"]["roles"]),
                float(data["stated_area"]["factor"]),
                float(data["stated_area"]["excess"]),
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeipianError("overlay.settings_invalid", path=str(file), problem=str(error)) from error


@lru_cache(maxsize=1)
def load_legal_bases() -> LegalBases:
    """Legal grounds and approvals as ``resources/measures.yaml`` lists them."""
    file = resource("measures.yaml")
    data = _yaml(file)
    try:
        return LegalBases(
            legal=tuple(data["legal_ground_roles"]),
            approvals=tuple(data["approval_roles"]),
            with_area=tuple(data["families"]["role_area"]["for_each_role"]),
        )
    except (KeyError, TypeError) as error:
        raise WeipianError("overlay.settings_invalid", path=str(file), problem=str(error)) from error


def _yaml(file: Path) -> Any:
    try:
        with file.open(encoding="utf-8") as stream:
            return yaml_files.load(stream)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WeipianError("overlay.settings_invalid", path=str(file), problem=str(error)[:200]) from error
