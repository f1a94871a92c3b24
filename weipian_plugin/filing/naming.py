"""Names of the files of a package, in one place, and whether Windows can open them.

Every name begins with the parcel's number, so that a file that leaves its folder still says whose it is. Where the folder lies so deep
that a path would pass the limit of Windows, an office chooses short names: without the number, kinds and titles cut.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Optional

from ..model.errors import WeipianError
from ..office.text import file_name
from .case import ParcelCase
from .forms import Form
from .manifest import NAME as MANIFEST
from .options import PackageOptions
from .replacement import places
from .settings import FilingRules

#: Characters of a path that every program on Windows can open: MAX_PATH is 260 with the closing NUL.
WINDOWS_LIMIT = 259
_SHORT_TITLE = 8
#: The longest suffix of evidence (``.jpeg``), and of what a shapefile consists of.
_SUFFIX, _SHAPE_SUFFIX = ".jpeg", ".geojson"


@dataclass(frozen=True)
class Names:
    """Names without folders; ``number`` of the parcel."""

    number: str
    short: bool = False

    @property
    def _lead(self) -> str:
        return "" if self.short else file_name(self.number, 60) + "_"

    def _title(self, text: str, longest: int) -> str:
        return file_name(text, min(longest, _SHORT_TITLE) if self.short else longest)

    def map(self, suffix: str) -> str:
        return f"{self._lead}位置图.{suffix}"

    def history(self, position: int) -> str:
        return f"{self._lead}历史影像对比{'' if position == 1 else f'_{position}'}.png"

    def photo(self, position: int, azimuth: Optional[float]) -> str:
        """Without suffix; the direction in whole degrees."""
        direction = "无方位" if azimuth is None else f"{round(azimuth) % 360:03d}"
        return f"{self._lead}{position:02d}_{direction}"

    def document(self, position: int, kind: str) -> str:
        """Without suffix."""
        return f"{self._lead}{position:02d}_{self._title(kind or '其他材料', 20)}"

    def contact_sheet(self) -> str:
        return f"{self._lead}照片一览.xlsx"

    def comparison(self) -> str:
        return f"{self._lead}整改前后对比.xlsx"

    def vectors(self, parts: bool = False) -> str:
        """Without suffix."""
        whole = "图斑" if self.short else file_name(self.number, 60)
        return f"{whole}_拆分地块" if parts else whole

    def form(self, number: str, title: str, suffix: str) -> str:
        """The name of a form's file; in short names the title is cut."""
        shown = title[:_SHORT_TITLE] if self.short else title
        return f"{self._lead}{number}{shown}{suffix}"


def stamped(photo: str) -> str:
    """The stamped copy of a photo."""
    return f"{PurePosixPath(photo).stem}_水印.jpg"


def limit() -> Optional[int]:
    """How long a path may be here; None where only the system's own, much larger limits count."""
    return WINDOWS_LIMIT if os.name == "nt" else None


def check(
    case: ParcelCase,
    target: Path,
    options: PackageOptions,
    rules: FilingRules,
    form_set: Sequence[Form],
    longest_allowed: Optional[int] = None,
) -> None:
    """Before anything is written: whether every file of the package can be opened where it will lie.

    ``target``: the package's folder; while it is built its name is longer by a few characters. Raises ``filing.path_too_long`` with
    how many characters are too many, and whether short names would do.
    """
    allowed = limit() if longest_allowed is None else longest_allowed
    if allowed is None:
        return
    here = Path.cwd() / places(target).new

    def longest(short: bool) -> str:
        inside = planned(case, Names(case.number, short), options, rules, form_set)
        return max((str(here / name) for name in inside), key=len)

    result = longest(options.short_names)
    if len(result) > allowed:
        would_do = not options.short_names and len(longest(True)) <= allowed
        raise WeipianError(
            "filing.path_too_long_short_names" if would_do else "filing.path_too_long",
            parcel=case.number, path=result, length=len(result), limit=allowed, over=len(result) - allowed,
        )  # fmt: skip


def planned(
    case: ParcelCase, names: Names, options: PackageOptions, rules: FilingRules, form_set: Sequence[Form]
) -> Iterator[str]:
    """Paths inside the package that will be written, with the longest suffix where that is not known yet."""
    folders = rules.folders
    yield MANIFEST
    yield f"{folders['maps']}/{names.map(_SUFFIX.lstrip('.'))}"
    yield f"{folders['maps']}/{names.history(2)}"
    for position, photo in enumerate(case.photos, start=1):
        name = names.photo(position, photo.azimuth)
        yield f"{folders['photos']}/{name}{_SUFFIX}"
        if options.stamped_copies:
            yield f"{folders['photos']}/{stamped(name + _SUFFIX)}"
    for position, entry in enumerate(case.documents, start=1):
        yield f"{folders['documents']}/{names.document(position, entry.kind)}{_SUFFIX}"
    if options.contact_sheet and case.photos:
        yield f"{folders['photos']}/{names.contact_sheet()}"
        yield f"{folders['photos']}/{names.comparison()}"
    if options.vectors:
        yield f"{folders['vectors']}/{names.vectors(parts=bool(case.parts))}{_SHAPE_SUFFIX}"
    for form in form_set:
        suffix = PurePosixPath(form.entry.template).suffix.lower()
        yield f"{folders['forms']}/{names.form(form.entry.number, form.entry.title, suffix)}"
