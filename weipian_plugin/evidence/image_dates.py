"""When an image was taken, by what its title, name, tags and style say; in doubt all days it may mean.

Whoever says "not there yet on this image" or "there already" must lean on days that are sure: a partial date keeps all its days, dates
that contradict each other keep everything between them, and the time at which a program wrote a file is only a day by which the image
had been taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Optional
from urllib.parse import unquote

from ..model.dates import EARLIEST, DateSpan
from ..model.values import one_line

_YEAR = r"(?:19[5-9]\d|20\d\d)"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_TO = r"\s*[-~—至到]+\s*"
#: Full dates and months inside a text, most precise first; what was read is blanked for the next. A range may leave out what repeats.
_FORMS = tuple(
    re.compile(text)
    for text in (
        rf"(?<!\d)(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?:[T_ -]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?Z?)?(?!\d)",
        rf"(?<!\d)(?P<y>{_YEAR})(?:(?P<mark>[-_./])(?P<m>{_MONTH})(?P=mark)(?P<d>{_DAY})(?!\d))(?:{_TO}(?P<d2>{_DAY})(?![\d.]))?",
        rf"(?<!\d)(?P<y>{_YEAR})年(?P<m>{_MONTH})月(?P<d>{_DAY})日?(?!\d)(?:{_TO}(?:(?P<m2>{_MONTH})月)?(?P<d2>{_DAY})日?(?!\d))?",
        rf"(?<!\d)(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?!\d)",
        rf"(?<!\d)(?P<y>{_YEAR})[-_./年](?P<m>{_MONTH})月?(?!\d)(?:{_TO}(?P<m2>{_MONTH})月(?!\d))?",
    )
)
_QUARTER = re.compile(
    rf"(?<!\d)({_YEAR})[-_ 年]*(?:第?([一二三四1-4])季度?|[Qq]([1-4])(?!\d))|(?<!\d)({_YEAR})[-_ 年]*([上下])半年"
)
_ONLY_YEAR = re.compile(rf"(?<!\d)({_YEAR})(?:年度?)?(?!\d)")
#: Numbers that look like years: systems of coordinates, scales, sizes.
_NO_YEAR = re.compile(
    r"(?:CGCS|WGS|EPSG|BEIJING|XIAN|国家|北京|西安)[-_: ]*\d{2,5}|2000\s*(?:国家|坐标|系)|(?<!\d)1\s*[:：比_-]\s*\d{3,7}(?!\d)|"
    r"比例尺\s*\d+|\d+\s*(?:[xX×]\s*\d+|(?:dpi|px|cm|mm|m|米|万)(?![a-z]))",
    re.IGNORECASE,
)
#: Products whose name carries first the day of the image and then the day of its processing (names of USGS and ESA).
_PRODUCT = re.compile(r"^(?:L[COETM]0[1-9]_|S[12][ABC]_|S3[AB]_)")
#: Tags that say when the light was caught. GDAL's IMAGERY domain, satellite deliveries, cameras.
_TAKEN = (
    "ACQUISITIONDATETIME", "ACQUISITION_DATE", "ACQUISITIONDATE", "DATE_ACQUIRED", "PRODUCT_START_TIME", "DATATAKE_1_DATATAKE_SENSING_START",
    "EXIF_DATETIMEORIGINAL", "IMAGING_DATE", "拍摄时间", "拍摄日期", "成像时间", "影像时相",
)  # fmt: skip
#: Tags that say when a program wrote the file: the image is not younger.
_WRITTEN = ("TIFFTAG_DATETIME", "EXIF_DATETIME")


def imagery_date(
    title: str = "",
    name: str = "",
    tags: Optional[Mapping[str, str]] = None,
    temporal: Optional[DateSpan] = None,
) -> Optional[DateSpan]:
    """The days on which an image may have been taken; None where nothing says so.

    ``title``: of the catalogue; ``name``: file name, or ``folder/file name``, or the address of a service; ``tags``: metadata of the file by name;
    ``temporal``: the range of QGIS's temporal properties. A more precise statement within a less precise one counts; statements that contradict
    each other count with all days between them.
    """
    known = {key.upper(): value for key, value in (tags or {}).items()}
    statements = [date_in_text(title), _date_in_name(name), temporal, _of_tags(known, _TAKEN)]
    span = _agreed([one for one in statements if one is not None])
    if span is None:
        written = _of_tags(known, _WRITTEN)
        span = DateSpan(EARLIEST, written.last) if written is not None else None
    return span


def date_in_text(text: str) -> Optional[DateSpan]:
    """All dates that stand in a text, together; None for none. A number that is no date (20211345) gives nothing, not even its year."""
    plain = _NO_YEAR.sub(" ", unicodedata.normalize("NFKC", one_line(text)))
    found: list[DateSpan] = []
    for form in _FORMS:
        found += [span for span in map(_written, form.finditer(plain)) if span is not None]
        plain = form.sub(" # ", plain)
    found += [span for span in map(_part_of_year, _QUARTER.finditer(plain)) if span is not None]
    plain = _QUARTER.sub(" # ", plain)
    found += [span for match in _ONLY_YEAR.finditer(plain) for span in [DateSpan.parse(match.group(1))] if span]
    return _agreed(found)


def style_span(text: str) -> Optional[DateSpan]:
    """The fixed range of the temporal properties in a QGIS style (``.qml``); None where they are off or of another mode."""
    temporal = re.search(r"<temporal\b([^>]*)>(.*?)</temporal>", text, re.DOTALL)
    if temporal is None or not all(
        f'{key}="{value}"' in temporal.group(1) for key, value in (("enabled", 1), ("mode", 0))
    ):
        return None
    ends = [DateSpan.parse(end) for end in re.findall(r"<(?:start|end)>([^<]*)</", temporal.group(2))]
    return _around([end for end in ends if end is not None]) if len(ends) == 2 and all(ends) else None


def _date_in_name(name: str) -> Optional[DateSpan]:
    """Of the file name; where it has none, of the folder it lies in. Of a service only what its address asks for as ``time``."""
    if "://" in unquote(name):
        asked = re.search(r"[?&]time=([^&]+)", unquote(unquote(name)), re.IGNORECASE)
        return date_in_text(asked.group(1)) if asked else None
    *folders, file = re.split(r"[\\/]", name)
    if _PRODUCT.match(file):
        first = _FORMS[0].search(file)
        return _written(first) if first else None
    return date_in_text(file) or (date_in_text(folders[-1]) if folders else None)


def _of_tags(tags: Mapping[str, str], names: Sequence[str]) -> Optional[DateSpan]:
    texts = [tags[name] for name in names if tags.get(name)]
    return _agreed([span for span in map(_of_tag, texts) if span is not None])


def _of_tag(text: str) -> Optional[DateSpan]:
    """A tag as TIFF and EXIF write it (``2021:06:14 10:20:30``) or as ISO."""
    plain = re.sub(r"^(\d{4}):(\d{2}):(\d{2})", r"\1-\2-\3", text.strip().rstrip("\0"))
    return DateSpan.parse(plain) or DateSpan.parse(plain[:10])


def _written(found: re.Match[str]) -> Optional[DateSpan]:
    """A date or a range that names the year once (2021年6–8月)."""
    parts = found.groupdict()
    year, month, day = parts["y"], parts["m"], parts.get("d")
    first = DateSpan.parse("-".join(part.zfill(2) for part in (year, month, day) if part))
    if not (parts.get("m2") or parts.get("d2")):
        return first
    end = (year, parts.get("m2") or month, parts.get("d2"))
    last = DateSpan.parse("-".join(part.zfill(2) for part in end if part))
    return DateSpan(first.first, last.last) if first and last and last.last > first.last else first


def _part_of_year(found: re.Match[str]) -> Optional[DateSpan]:
    year, words, digit, other, half = found.groups()
    if other:
        first, last = (1, 6) if half == "上" else (7, 12)
    else:
        number = int(digit) if digit else "一二三四".find(words) + 1 or int(words)
        first, last = 3 * number - 2, 3 * number
    ends = [DateSpan.parse(f"{year or other}-{month:02d}") for month in (first, last)]
    return _around([end for end in ends if end is not None])


def _agreed(spans: Sequence[DateSpan]) -> Optional[DateSpan]:
    """The most precise of several statements where it lies within all of them, else everything from the first to the last day."""
    if not spans:
        return None
    finest = min(spans, key=lambda span: span.last - span.first)
    if all(span.first <= finest.first and finest.last <= span.last for span in spans):
        return finest
    return _around(spans)


def _around(spans: Iterable[DateSpan]) -> Optional[DateSpan]:
    known = list(spans)
    return DateSpan(min(span.first for span in known), max(span.last for span in known)) if known else None
