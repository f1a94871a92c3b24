"""Photo registers (照片登记): a CSV, workbook or point layer (JZZP) that lists photos with position and azimuth."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

from ..formats.encoding import decoded
from ..formats.sheets import header_of, read_sheets
from ..model import packages
from ..model.cells import number_text
from ..model.errors import WeipianError
from ..model.messages import Message
from .photo_file import PhotoFile
from .settings import Settings


def columns_by_key(columns: Sequence[str], settings: Settings) -> dict[str, str]:
    """Which column holds what: key of ``columns`` in the settings -> the column's own name. Earlier names win."""
    by_name = {str(column).strip().lower(): str(column) for column in columns}
    found: dict[str, str] = {}
    for key, names in settings.columns.items():
        for name in names:
            column = by_name.get(name.lower())
            if column is not None and column not in found.values():
                found[key] = column
                break
    return found


def photos_of_register(path: Path, settings: Settings) -> Iterator[PhotoFile]:
    """One entry per row. The picture is looked for beside the register and in its sub-folders; the row counts either way.

    Raises ``evidence.register_unreadable``; ``evidence.register_columns`` when neither a file name nor a position is there.
    """
    columns, rows = _table(path)
    keys = columns_by_key(columns, settings)
    if "file" not in keys and not {"lon", "lat"} <= keys.keys():
        raise WeipianError("evidence.register_columns", path=str(path), columns="、".join(map(str, columns)))
    beside = _pictures_beside(path.parent, settings)
    for index, row in enumerate(rows, start=1):
        register = {key: _plain(row.get(column)) for key, column in keys.items()}
        wanted = str(register.get("file") or "").strip()
        base = PureWindowsPath(wanted).name.lower()  # understands / and \ alike
        picture = beside.get(base) or beside.get(PureWindowsPath(base).stem)
        shown = f"{path.name}/{wanted or index}"
        if picture is None:
            yield PhotoFile(shown, path, member=f"row:{index}", register=register)
        else:
            yield PhotoFile(shown, picture, size=picture.stat().st_size, register=register)


def _pictures_beside(folder: Path, settings: Settings) -> dict[str, Path]:
    """Pictures under a folder by lower-case name, and by stem where the stem is unique."""
    pictures = [path for path in sorted(folder.rglob("*")) if path.suffix.lower().lstrip(".") in settings.extensions]
    by_name = {path.name.lower(): path for path in reversed(pictures)}
    stems: dict[str, list[Path]] = {}
    for path in pictures:
        stems.setdefault(path.stem.lower(), []).append(path)
    return {**{stem: paths[0] for stem, paths in stems.items() if len(paths) == 1}, **by_name}


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "isoformat"):
        return None if str(value) == "NaT" else value.isoformat()
    return value


def _table(path: Path) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    try:
        if path.suffix.lower() in (".csv", ".xlsx", ".xlsm", ".xls"):
            return _sheet(path)
        return _layer(path)
    except WeipianError as error:
        if error.code.startswith("evidence."):
            raise
        raise WeipianError("evidence.register_unreadable", path=str(path), reason=error.text()) from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeipianError("evidence.register_unreadable", path=str(path), reason=error) from error


def decode(content: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 or GB18030."""
    return decoded(content)[0]


def _sheet(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    sheets = [sheet for sheet in read_sheets(path) if sheet.rows]
    if not sheets:
        return [], []
    names, below = header_of(sheets[0], lambda names: len(set(names)) > 1)
    columns = list(names)
    return columns, [dict(zip(columns, [*line, *[None] * len(columns)])) for line in sheets[0].rows[below:]]


def _layer(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """A point layer; its geometry gives longitude and latitude where no column does."""
    if path.suffix.lower() == ".gpkg":
        raise WeipianError("evidence.register_geopackage", path=str(path))
    import shapely

    pyogrio = packages.load("pyogrio")

    frame = pyogrio.read_dataframe(path)
    table: Any = frame.drop(columns="geometry") if "geometry" in frame else frame
    columns = [str(column) for column in table.columns]
    if "geometry" in frame:
        points = frame.geometry.to_crs("EPSG:4490") if frame.crs else frame.geometry
        places = shapely.point_on_surface(points.to_numpy())
        table = table.assign(LON=shapely.get_x(places), LAT=shapely.get_y(places))
        columns = [column for column in columns if column.upper() not in ("PICX", "PICY", "LON", "LAT")] + [
            "LON",
            "LAT",
        ]
    return columns, table.to_dict("records")


def missing_picture(name: str) -> Message:
    """Why a photo of a register has no file: it was not delivered."""
    return Message("evidence.file_missing", {"file": name})


def register_number(register: Mapping[str, Any], key: str) -> float | None:
    """A number of a register's row; blanks, text and ArcGIS's -999999 are absent.

    A position may be written in degrees, minutes and seconds (``105°54'10.8"``, ``105度54分10.8秒``), an angle with its sign (``90°``).
    """
    text = number_text(str("" if register.get(key) is None else register.get(key)))
    try:
        value = float(text)
    except ValueError:
        return _angle(text)
    return value if math.isfinite(value) and value > -999998 else None


_ANGLE = re.compile(
    r"([NSEW东西南北]?)[经纬]?([+-]?\d{1,3}(?:\.\d+)?)[°º度](?:(\d{1,2}(?:\.\d+)?)['′‘’分])?(?:(\d{1,2}(?:\.\d+)?)(?:[\"″“”秒]|''|′′)?)?([NSEW]?)",
    re.IGNORECASE,
)


def _angle(text: str) -> float | None:
    """Degrees of a text with the signs of angles; None for anything else."""
    found = _ANGLE.fullmatch(text.replace(" ", ""))
    if not found:
        return None
    degree, minute, second = (float(part or 0) for part in found.group(2, 3, 4))
    if minute >= 60 or second >= 60:
        return None
    value = abs(degree) + minute / 60 + second / 3600
    negative = found.group(2).startswith("-") or (found.group(1) + found.group(5)).upper() in ("S", "W", "南", "西")
    return -value if negative else value
