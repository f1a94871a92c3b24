"""Settings of the overlay as data (``resources/overlay.yaml``) and the options of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Optional

from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.typed_yaml import read
from ..model.yaml_files import YamlError


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


@dataclass(frozen=True)
class _Tolerance:
    value: float


@dataclass(frozen=True)
class _Tolerances:
    noise_area: _Tolerance
    coordinate_decimals: _Tolerance
    overlap_area: _Tolerance
    sliver_area: _Tolerance
    sliver_width: _Tolerance
    sliver_strip: _Tolerance
    repair_share: _Tolerance
    layer_elsewhere: _Tolerance


@dataclass(frozen=True)
class _SettingsFile:
    tolerances: _Tolerances
    groups: Mapping[str, tuple[str, ...]]
    no_group: str
    class_precedence: tuple[str, ...]
    stated_area: StatedArea


def load_settings(path: Optional[Path] = None) -> Settings:
    """Read the settings; raises ``overlay.settings_invalid`` with the line of the mistake."""
    file = path or resource("overlay.yaml")
    try:
        data = read(file, _SettingsFile)
    except (OSError, YamlError) as error:
        raise WeipianError("overlay.settings_invalid", path=str(file), problem=error) from error
    tolerance = {one.name: getattr(data.tolerances, one.name).value for one in fields(data.tolerances)}
    tolerance["coordinate_decimals"] = int(tolerance["coordinate_decimals"])
    return Settings(
        **tolerance,
        groups=data.groups,
        no_group=data.no_group,
        class_precedence=data.class_precedence,
        stated_area=data.stated_area,
    )
