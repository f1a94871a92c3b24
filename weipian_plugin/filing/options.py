"""What an office chooses for its packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional


@dataclass(frozen=True)
class PackageOptions:
    """What the office wants in its packages.

    ``templates``: a folder whose files take the place of the shipped templates of the same name; ``forms``: ids of the forms in
    order (None = as the profile says); ``vector_encoding`` of the shapefiles, ``coordinates_variant`` of the TXT coordinates;
    ``short_names``: without the parcel's number in every name, for folders that lie deep (see :mod:`.naming`);
    ``fresh``: also packages that are already current are written again; ``at_once``: how many are written at
    the same time, each on a thread of its own where it is more than one; ``made_at`` is the one stated time in the package.
    """

    templates: Optional[Path] = None
    forms: Optional[tuple[str, ...]] = None
    vector_encoding: str = "GBK"
    coordinates_variant: str = "enforcement"
    contact_sheet: bool = True
    stamped_copies: bool = False
    vectors: bool = True
    rules: Optional[Path] = None
    short_names: bool = False
    fresh: bool = False
    at_once: int = 1
    made_at: str = ""
