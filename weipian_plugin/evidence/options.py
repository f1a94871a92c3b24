"""What a caller may choose when photos are read and tied."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .settings import Settings, load_settings


@dataclass(frozen=True)
class PhotoOptions:
    """How photos are read.

    ``hash``: SHA-256 of the whole file. ``look``: decode a scaled picture for the look-alike, thumbnail and screen tests
    (needs the whole file as well). Without both only the header of a file is read. ``threads``: processors used at once
    (one more file is being read); 0: as many as there are, at most four.
    ``gcj02``: a person has agreed that these positions are GCJ-02 and are to be taken back to WGS 84 (noted on each photo).
    ``settings_file``: a county's own limits (default: the shipped file).
    """

    hash: bool = True
    fingerprint: bool = True
    gcj02: bool = False
    threads: int = 0
    settings_file: Path | None = None

    @property
    def settings(self) -> Settings:
        return load_settings(self.settings_file)


@dataclass(frozen=True)
class MatchOptions:
    """How photos are tied. ``range_m`` None: the file's ``view_range_m``. ``numbers``: look for parcel numbers in names."""

    range_m: float | None = None
    numbers: bool = True
    settings_file: Path | None = field(default=None)

    @property
    def settings(self) -> Settings:
        return load_settings(self.settings_file)
