"""Zip deliveries: names in GBK or UTF-8, nothing outside the folder, nothing bigger than it pretends, no links.

Whatever looks like an attack is refused by name; nothing is repaired. Files get generated names when they are unpacked,
so that no name of the archive ever reaches the disk; the delivered name is kept for the report.
"""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import struct
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ..model.errors import WeipianError
from ..model.messages import Message
from .limits import limits

#: Suffixes of files that a delivery may consist of; anything else in an archive stays packed.
TAKEN = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".mdb", ".fgb", ".dxf",
    ".tab", ".dat", ".map", ".id", ".mif", ".mid", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt", ".zip",
)  # fmt: skip
#: Archives that are known by their first bytes and that the standard library cannot open.
FOREIGN_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".z01", ".001", ".iso", ".cab", ".arj", ".lzh")
_MAGIC = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
)
_METHODS = {9: "Deflate64", 12: "BZip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd", 99: "AES"}
_READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
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


@dataclass(frozen=True)
class Contents:
    """What came out of an archive: ``files`` on disk, names ``left`` packed because they are no tables, archives it cannot open."""

    files: tuple[Unpacked, ...]
    left: tuple[str, ...] = ()
    closed: tuple[Message, ...] = ()


def is_ignored_file(name: str) -> bool:
    """Files that systems leave behind and that are nobody's data: hidden ones, AppleDouble, locks of Office, thumbnails."""
    base = PurePosixPath(name).name
    return base.startswith((".", "~$")) or base.lower() in (
        "__macosx",
        "thumbs.db",
        "desktop.ini",
        "@eadir",
        "$recycle.bin",
    )


def refuse_foreign(path: Path, shown: str = "") -> None:
    """Raise ``intake.archive_kind`` or ``intake.archive_split`` for an archive that is none of this module's, by name and first bytes.

    Raises ``intake.file_unreadable``.
    """
    name = shown or path.name
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=name, reason=error) from error
    suffix = path.suffix.lower()
    if re.fullmatch(r"\.(z\d\d|\d\d\d)", suffix) or head[:4] == b"PK\x07\x08":
        raise WeipianError("intake.archive_split", path=name)
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if kind or suffix in FOREIGN_ARCHIVES:
        raise WeipianError("intake.archive_kind", path=name, kind=kind or suffix[1:].upper())


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

    Raises ``intake.archive_unsafe`` (a name that leaves the folder, a link, two files of one name)
    and ``intake.archive_too_big``.
    """
    bounds = limits().archive
    result: dict[str, Member] = {}
    unpacked = packed = 0
    infos = [info for info in archive.infolist() if not _left_behind(member_name(info))]
    if len(infos) > bounds.files:
        raise WeipianError("intake.archive_too_big", path=str(path), what=f"{len(infos)} > {bounds.files}")
    for info in infos:
        name = member_name(info)
        problem = _problem(info, name)
        if problem:
            raise WeipianError("intake.archive_unsafe", path=str(path), name=_visible(name), problem=problem)
        if name.endswith("/"):
            continue
        key = name.lower()
        if key in result:
            raise WeipianError("intake.archive_unsafe", path=str(path), name=_visible(name), problem="同名文件重复")
        result[key] = Member(info, name)
        unpacked += info.file_size
        packed += info.compress_size
    if unpacked > bounds.bytes or (unpacked > bounds.free_bytes and unpacked > bounds.ratio * max(packed, 1)):
        raise WeipianError("intake.archive_too_big", path=str(path), what=f"{packed} → {unpacked}")
    return tuple(result.values())


def _left_behind(name: str) -> bool:
    """Whether a member is clutter; a name that climbs out is not, it is looked at."""
    parts = PurePosixPath(name).parts
    return ".." not in parts and any(is_ignored_file(part) for part in parts)


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
    return ""


def _visible(name: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in name)[:120]


def unpack(path: Path, folder: Path, depth: int | None = None, until: float | None = None) -> Contents:
    """Unpack what a delivery may consist of into ``folder`` under generated names, archives inside the archive too.

    Parts of one shapefile keep a common stem, the files of a geodatabase their own names. Raises what :func:`members` raises,
    ``intake.archive_damaged``, ``intake.archive_password``, ``intake.archive_method``, ``intake.archive_split``,
    ``intake.archive_kind`` (another archive under the name of a zip) and ``intake.archive_slow`` after the time of the limits.
    """
    bounds = limits().archive
    left = bounds.depth if depth is None else depth
    until = time.monotonic() + bounds.seconds if until is None else until
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack_all(archive, path, folder, left, until)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError,
            UnicodeError, ValueError, IndexError, struct.error, OverflowError) as error:  # fmt: skip
        refuse_foreign(path)
        if _is_split(path):
            raise WeipianError("intake.archive_split", path=str(path)) from error
        raise WeipianError("intake.archive_damaged", path=str(path), reason=error) from error


def _is_split(path: Path) -> bool:
    """Whether the last part of a split archive stands alone: its end record counts more than one disk."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 65_557))
        tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    return place >= 0 and tail[place + 4 : place + 8] not in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"")


def _unpack_all(archive: zipfile.ZipFile, path: Path, folder: Path, depth: int, until: float) -> Contents:
    stems: dict[str, str] = {}
    databases: dict[Path, str] = {}
    files: list[Unpacked] = []
    left: list[str] = []
    closed: list[Message] = []
    for member in members(archive, path):
        name = PurePosixPath(member.name)
        database = next((part for part in name.parents if part.suffix.lower() == ".gdb"), None)
        if database is not None:
            if not re.fullmatch(r"[\w.\-]+", name.name, re.ASCII):
                continue
            target = folder / (_stem(stems, str(database)) + ".gdb") / name.name
        elif name.suffix.lower() in TAKEN:
            target = folder / (_stem(stems, str(name.with_suffix(""))) + name.suffix.lower())
        else:
            if name.suffix.lower() in FOREIGN_ARCHIVES:
                closed.append(Message("intake.archive_kind", {"path": member.name, "kind": name.suffix[1:].upper()}))
            else:
                left.append(member.name)
            continue
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(archive, member, target, path, until)
        if name.suffix.lower() == ".zip":
            inner = _inner(target, member.name, path, depth, until)
            files.extend(Unpacked(file.path, f"{member.name}/{file.delivered}") for file in inner.files)
            left.extend(f"{member.name}/{one}" for one in inner.left)
            closed.extend(inner.closed)
        elif database is None:
            files.append(Unpacked(target, member.name))
        else:
            databases[target.parent] = str(database)
    files.extend(Unpacked(folder_of, shown) for folder_of, shown in databases.items())
    return Contents(tuple(files), tuple(left), tuple(closed))


def _inner(target: Path, name: str, path: Path, depth: int, until: float) -> Contents:
    """An archive inside the archive; its errors name it as it was delivered."""
    if depth < 1:
        raise WeipianError("intake.archive_unsafe", path=str(path), name=_visible(name), problem="压缩包嵌套过深")
    folder = target.parent / target.stem
    folder.mkdir()
    try:
        return unpack(target, folder, depth - 1, until)
    except WeipianError as error:
        raise error.renamed(str(target), f"{path}/{name}") from error


def _stem(stems: dict[str, str], name: str) -> str:
    return stems.setdefault(name.lower(), f"f{len(stems) + 1}")


def _write(archive: zipfile.ZipFile, member: Member, target: Path, path: Path, until: float) -> None:
    """Copy one file, no further than the size its entry promises."""
    info = member.info
    if info.flag_bits & 0x1:
        raise WeipianError("intake.archive_password", path=str(path), name=_visible(member.name))
    if info.compress_type not in _READ_METHODS:
        method = _METHODS.get(info.compress_type, str(info.compress_type))
        raise WeipianError("intake.archive_method", path=str(path), name=_visible(member.name), method=method)
    if time.monotonic() > until:
        raise WeipianError("intake.archive_slow", path=str(path), seconds=limits().archive.seconds)
    with archive.open(member.info) as source, target.open("xb") as sink:
        shutil.copyfileobj(_Limited(source, member, path, until), sink, _BLOCK)


class _Limited:
    """A stream that refuses to be longer than promised, and to last longer than the archive may."""

    def __init__(self, source: IO[bytes], member: Member, path: Path, until: float) -> None:
        self._source, self._left, self._path, self._name = source, member.info.file_size, path, member.name
        self._until = until

    def read(self, size: int = -1) -> bytes:
        """Raises ``intake.archive_too_big`` and ``intake.archive_slow``."""
        block = self._source.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise WeipianError("intake.archive_too_big", path=str(self._path), what=_visible(self._name))
        if time.monotonic() > self._until:
            raise WeipianError("intake.archive_slow", path=str(self._path), seconds=limits().archive.seconds)
        return block
