"""Tolerances and limits of intake as data (``resources/intake/checks.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import resource

DUPLICATE_RULES = ("by_geometry", "refuse_both", "keep_first")


@lru_cache(maxsize=1)
def checks() -> Mapping[str, Any]:
    """The data of ``checks.yaml``."""
    with resource("intake", "checks.yaml").open(encoding="utf-8") as stream:
        data: Mapping[str, Any] = yaml_files.load(stream)
    return data


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
        float(data["repair"]["area_m2"]),
        float(data["repair"]["share"]),
        str(data["duplicate"]["rule"]),
        float(data["duplicate"]["area_m2"]),
        float(data["duplicate"]["share"]),
        float(data["overlap_m2"]),
        float(data["area_mismatch"]["share"]),
        float(data["area_mismatch"]["mu"]),
        float(data["county"]["degrees"]),
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
