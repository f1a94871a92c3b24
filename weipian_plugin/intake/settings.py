"""Tolerances and limits of intake as data (``resources/intake/checks.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.typed_yaml import read

DUPLICATE_RULES = ("by_geometry", "refuse_both", "keep_first")


@dataclass(frozen=True)
class Repair:
    """A repaired geometry is taken when its area changes by no more than the larger of the two."""

    area_m2: float
    share: float


@dataclass(frozen=True)
class Duplicate:
    """Two shapes are the same when their symmetric difference is smaller than the area or the share; ``rule``: what then."""

    rule: str
    area_m2: float
    share: float


@dataclass(frozen=True)
class Mismatch:
    """Delivered area against the ellipsoidal one."""

    share: float
    mu: float


@dataclass(frozen=True)
class UnitCheck:
    """Delivered area to m² in each unit; the median of a file must lie within the factor of one of them."""

    ratios: Mapping[str, float]
    factor: float


@dataclass(frozen=True)
class CountyMargin:
    """Around an extent, before a parcel counts as outside."""

    degrees: float


@dataclass(frozen=True)
class Checks:
    """``checks.yaml``."""

    repair: Repair
    duplicate: Duplicate
    overlap_m2: float
    area_mismatch: Mismatch
    unit: UnitCheck
    county: CountyMargin


@lru_cache(maxsize=1)
def checks() -> Checks:
    """The data of ``checks.yaml``."""
    return read(resource("intake", "checks.yaml"), Checks)


@dataclass(frozen=True)
class Tolerances:
    """Tolerances of one run; every value that was applied goes into the report."""

    repair_m2: float
    repair_share: float
    duplicate_rule: str
    duplicate_m2: float
    duplicate_share: float
    overlap_m2: float
    mismatch_share: float
    mismatch_mu: float
    county_degrees: float

    def __post_init__(self) -> None:
        if self.duplicate_rule not in DUPLICATE_RULES:
            raise WeipianError(
                "intake.duplicate_rule_unknown", rule=self.duplicate_rule, rules="、".join(DUPLICATE_RULES)
            )


def standard_tolerances() -> Tolerances:
    """The values of ``checks.yaml``."""
    data = checks()
    return Tolerances(
        data.repair.area_m2,
        data.repair.share,
        data.duplicate.rule,
        data.duplicate.area_m2,
        data.duplicate.share,
        data.overlap_m2,
        data.area_mismatch.share,
        data.area_mismatch.mu,
        data.county.degrees,
    )


@dataclass(frozen=True)
class FileChoice:
    """What a person corrected of one file; what is None or left out stays as it is found out."""

    encoding: str | None = None
    crs: str | None = None
    unit: str | None = None
    kind: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IntakeOptions:
    """What the user decides; what is left out is found out from the files.

    ``crs``: EPSG code or WKT; ``shift``: towgs84 numbers for an old datum; ``unit`` of the delivered area: ``mu``, ``m2``
    or ``ha``; ``kind``: ``land`` or ``mining``; ``fields``: field key → column; ``extent``: west, south, east, north of the
    county in degrees, ``county`` its outline (EPSG:4490, better than a box); ``earlier``: GeoDataFrame of parcels already
    taken in, for overlaps; ``files``: corrections by
    name of a file or table; ``swapped``: whether the coordinates of a TXT file have north first (None: found out).
    """

    encoding: str | None = None
    crs: str | None = None
    shift: str | None = None
    unit: str | None = None
    kind: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileChoice] = field(default_factory=dict)
    county_code: str | None = None
    extent: tuple[float, float, float, float] | None = None
    county: Any = None
    batch: str = ""
    issued: str = ""
    swapped: bool | None = None
    earlier: Any = None
    tolerances: Tolerances = field(default_factory=standard_tolerances)

    def for_file(self, name: str) -> IntakeOptions:
        """The options of one file or table: its own corrections go before those of the delivery."""
        choice = self.files.get(name) or self.files.get(name.split(":")[0])
        if choice is None:
            return self
        return replace(
            self,
            encoding=choice.encoding or self.encoding,
            crs=choice.crs or self.crs,
            unit=choice.unit or self.unit,
            kind=choice.kind or self.kind,
            fields={**self.fields, **choice.fields},
            files={},
        )
