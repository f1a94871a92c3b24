"""Zip deliveries: names in GBK or UTF-8, nothing outside the folder, nothing bigger than it pretends, no links.

Whatever looks like an attack is refused by name; nothing is repaired. Files get generated names when they are unpacked,
so that no name of the archive ever reaches the disk; the delivered name is kept for the report.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ..model.errors import WeipianError
from .limits import limits

#: Suffixes of files that a delivery may consist of; anything else in an archive stays packed.
TAKEN = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".mdb", ".xlsx", ".xls", ".csv",
    ".txt", ".zip",
)  # fmt: skip
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Member:
    """A file of an archive: its entry and its delivered name with forward slashes."""

    info: zipfile.ZipInfo
    name: str


@dataclass(frozen=True)
class Unpacked:
    """A file on disk and the name under which it was delivered (for messages and reports)."""

    path: Path
    delivered: str


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as it was written: UTF-8 when flagged, else what its bytes are (Windows Explorer in China writes GBK)."""
    if info.flag_bits & 0x800:
        return info.filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/").split("\x00")[0]
        except UnicodeDecodeError:
            continue
    return info.filename.replace("\\", "/")


def members(archive: zipfile.ZipFile, path: Path) -> tuple[Member, ...]:
    """All files of an archive after the checks.

    Raises ``intake.archive_unsafe`` (a name that leaves the folder, a link, an encrypted file, two files of one name)
    and ``intake.archive_too_big``.
    """
    bounds = limits("archive")
    found: dict[str, Member] = {}
    unpacked = packed = 0
    infos = archive.infolist()
    if len(infos) > bounds["files"]:
        raise WeipianError("intake.archive_too_big", path=str(path), what=f"{len(infos)} > {bounds['files']}")
    for info in infos:
        name = member_name(info)
        problem = _problem(info, name)
        if problem:
            raise WeipianError("intake.archive_unsafe", path=str(path), name=_visible(name), problem=problem)
        if name.endswith("/"):
            continue
        key = name.lower()
        if key in found:
            raise WeipianError("intake.archive_unsafe", path=str(path), name=_visible(name), problem="同名文件重复")
        found[key] = Member(info, name)
        unpacked += info.file_size
        packed += info.compress_size
    if unpacked > bounds["bytes"] or (unpacked > bounds["free_bytes"] and unpacked > bounds["ratio"] * max(packed, 1)):
        raise WeipianError("intake.archive_too_big", path=str(path), what=f"{packed} → {unpacked}")
    return tuple(found.values())


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or re.match(r"^[A-Za-z]:", name) or ".." in path.parts:
        return "路径越出压缩包"
    if any(ord(letter) < 32 for letter in name) or any(
        letter in name for letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    ):
        return "文件名含控制字符"
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "符号链接"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "不是普通文件"
    return "文件已加密" if info.flag_bits & 0x1 else ""


def _visible(name: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in name)[:120]


def unpack(path: Path, folder: Path, depth: int | None = None) -> tuple[Unpacked, ...]:
    """Unpack what a delivery may consist of into ``folder`` under generated names, archives inside the archive too.

    Parts of one shapefile keep a common stem, the files of a geodatabase their own names. Raises what :func:`members`
    raises and ``intake.archive_damaged``.
    """
    left = limits("archive")["depth"] if depth is None else depth
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_unpack_all(archive, path, folder, left))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, UnicodeError,
            ValueError, IndexError) as error:  # fmt: skip
        raise WeipianError(
            "intake.archive_damaged", path=str(path), reason=" ".join(str(error).split())[:200]
        ) from error


def _unpack_all(archive: zipfile.ZipFile, path: Path, folder: Path, depth: int) -> Iterator[Unpacked]:
    stems: dict[str, str] = {}
    databases: dict[Path, str] = {}
    for member in members(archive, path):
        name = PurePosixPath(member.name)
        database = next((part for part in name.parents if part.suffix.lower() == ".gdb"), None)
        if database is not None:
            if not re.fullmatch(r"[\w.\-]+", name.name, re.ASCII):
                continue
            target = folder / (_stem(stems, str(database)) + ".gdb") / name.name
            shown = str(database)
        elif name.suffix.lower() in TAKEN:
            target = folder / (_stem(stems, str(name.with_suffix(""))) + name.suffix.lower())
            shown = member.name
        else:
            continue
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(archive, member, target, path)
        if name.suffix.lower() == ".zip":
            if depth < 1:
                raise WeipianError(
                    "intake.archive_unsafe", path=str(path), name=_visible(member.name), problem="压缩包嵌套过深"
                )
            inner = folder / target.stem
            inner.mkdir()
            for file in unpack(target, inner, depth - 1):
                yield Unpacked(file.path, f"{member.name}/{file.delivered}")
        elif database is None:
            yield Unpacked(target, shown)
        else:
            databases[target.parent] = shown
    yield from (Unpacked(folder_of, shown) for folder_of, shown in databases.items())


def _stem(stems: dict[str, str], name: str) -> str:
    return stems.setdefault(name.lower(), f"f{len(stems) + 1}")


def _write(archive: zipfile.ZipFile, member: Member, target: Path, path: Path) -> None:
    """Copy one file, no further than the size its entry promises."""
    with archive.open(member.info) as source, target.open("xb") as sink:
        shutil.copyfileobj(_Limited(source, member.info.file_size, path, member.name), sink, _BLOCK)


class _Limited:
    """A stream that refuses to be longer than promised."""

    def __init__(self, source: IO[bytes], limit: int, path: Path, name: str) -> None:
        self._source, self._left, self._path, self._name = source, limit, path, name

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise WeipianError("intake.archive_too_big", path=str(self._path), what=_visible(self._name))
        return block
