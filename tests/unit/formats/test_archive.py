"""Zip deliveries: Chinese names in either encoding, nested folders, and nothing that leaves its place."""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from weipian_plugin import intake
from weipian_plugin.formats import archive
from weipian_plugin.model.errors import WeipianError

from ..intake import builder as b


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_are_read_in_either_encoding(encoding: str, tmp_path: Path) -> None:
    shapefile = b.write_shapefile(tmp_path / "loose" / "永川区土地图斑.shp", b.parcels(2))
    packed = b.zipped(tmp_path / "下发.zip", shapefile, "永川区 二季度/土地", encoding)
    taken = intake.read_delivery(packed)
    assert len(taken.parcels) == 2
    assert set(taken.parcels["source"]) == {"永川区 二季度/土地/永川区土地图斑.shp"}


def test_an_archive_in_an_archive_and_several_counties_are_one_batch(tmp_path: Path) -> None:
    inner = []
    for county in (1, 2):
        rows = [b.parcel(serial) for serial in range(10 * county, 10 * county + 3)]
        shapefile = b.write_shapefile(tmp_path / f"c{county}" / "图斑.shp", rows)
        inner.append(b.zipped(tmp_path / f"county{county}.zip", shapefile))
    outer = b.zip_of(tmp_path / "市.zip", {f"县{i}.zip": path.read_bytes() for i, path in enumerate(inner)})
    taken = intake.read_delivery(outer)
    assert len(taken.parcels) == 6 and len(taken.files) == 2
    assert taken.batch.counts.features == 6


def test_what_is_not_data_stays_packed(tmp_path: Path) -> None:
    shapefile = b.write_shapefile(tmp_path / "a" / "图斑.shp", b.parcels(1))
    entries = {part.name: part.read_bytes() for part in shapefile.parent.iterdir()}
    other = {"说明.docx": b"PK", "setup.exe": b"MZ", "照片/a.jpg": b"\xff\xd8", "下发说明.txt": "说明".encode("gbk")}
    packed = b.zip_of(tmp_path / "x.zip", {**entries, **other})
    taken = intake.read_delivery(packed)
    assert len(taken.parcels) == 1


def _zip(entries: dict[str, bytes], mode: int = 0) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as target:
        for name, content in entries.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            if mode:
                info.create_system = 3
                info.external_attr = mode << 16
            target.writestr(info, content)
    return memory.getvalue()


HOSTILE = {
    "a name that climbs out": (_zip({"../图斑.shp": b"x"}), "路径越出压缩包"),
    "a name that climbs out below a folder": (_zip({"a/../../图斑.shp": b"x"}), "路径越出压缩包"),
    "a name that climbs out with backslashes": (_zip({"a\\..\\..\\b.shp": b"x"}), "路径越出压缩包"),
    "an absolute name": (_zip({"/etc/图斑.shp": b"x"}), "路径越出压缩包"),
    "a drive letter": (_zip({"C:/a.shp": b"x"}), "路径越出压缩包"),
    "a symbolic link": (_zip({"图斑.shp": b"/etc/passwd"}, stat.S_IFLNK | 0o777), "符号链接"),
    "a device": (_zip({"图斑.shp": b""}, stat.S_IFCHR | 0o666), "不是普通文件"),
    "two names that differ in case only": (_zip({"A.shp": b"x", "a.SHP": b"y"}), "同名文件重复"),
    "a name written from right to left": (_zip({"a\u202efdp.shp": b"x"}), "文件名含控制字符"),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_archives_are_refused_by_name(case: tuple[bytes, str], tmp_path: Path) -> None:
    content, problem = case
    packed = tmp_path / "x.zip"
    packed.write_bytes(content)
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(WeipianError) as caught:
        archive.unpack(packed, target)
    assert caught.value.code == "intake.archive_unsafe" and caught.value.message.details["problem"] == problem
    assert caught.value.message.details["name"]
    assert not list(target.iterdir()), "nothing may have been written before the refusal"


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    raw = bytearray(_zip({"a.shp": b"secret"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(raw)
    with pytest.raises(WeipianError) as caught:
        archive.unpack(tmp_path / "x.zip", tmp_path)
    assert caught.value.code == "intake.archive_password" and "a.shp" in str(caught.value)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    packed = tmp_path / "x.zip"
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
        target.open("a.shp", "w", force_zip64=True) as stream,
    ):
        for _ in range(130):
            stream.write(b"\0" * (1 << 20))
    assert packed.stat().st_size < 200_000
    target_folder = tmp_path / "out"
    target_folder.mkdir()
    with pytest.raises(WeipianError) as caught:
        archive.unpack(packed, target_folder)
    assert caught.value.code == "intake.archive_too_big" and not list(target_folder.iterdir())


def test_an_entry_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.shp", b"\0" * 1_000_000)
    raw = bytearray(memory.getvalue())
    for marker, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.index(marker) + offset
        raw[place : place + 4] = (10).to_bytes(4, "little")
    (tmp_path / "x.zip").write_bytes(raw)
    with pytest.raises(WeipianError) as caught:
        archive.unpack(tmp_path / "x.zip", tmp_path)
    assert caught.value.code in ("intake.archive_too_big", "intake.archive_damaged")
    assert all(part.stat().st_size <= 1 << 20 for part in tmp_path.iterdir() if part.suffix == ".shp")


def test_archives_nested_too_deep_are_refused(tmp_path: Path) -> None:
    content = _zip({"a.csv": b"x"})
    for _ in range(5):
        content = _zip({"inner.zip": content})
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(WeipianError) as caught:
        archive.unpack(tmp_path / "x.zip", tmp_path)
    assert caught.value.code == "intake.archive_unsafe"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06", b"not a zip at all" * 10], ids=["empty", "half an end record", "text"]
)
def test_a_broken_archive_is_one_clear_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / "x.zip")
    assert caught.value.code == "intake.archive_damaged"


def test_an_archive_without_parcels_says_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(_zip({"readme.md": b"x"}))
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(tmp_path / "x.zip")
    assert caught.value.code == "intake.delivery_empty" and ".shp" in str(caught.value)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    packed = b.zipped(tmp_path / "x.zip", b.write_shapefile(tmp_path / "a" / "图斑.shp", b.parcels(3)))
    taken = intake.read_delivery(packed)
    assert not list(scratch.iterdir())
    assert taken.parcels["delivered"].iloc[2]["JCBH"] == b.number(3), "records must not depend on the unpacked files"


def test_a_member_with_broken_lzma_is_one_clear_error(tmp_path: Path) -> None:
    shapefile = b.write_shapefile(tmp_path / "loose" / "图斑.shp", b.parcels(2))
    path = tmp_path / "下发.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as packed:
        for part in sorted(shapefile.parent.iterdir()):
            packed.writestr(part.name, part.read_bytes())
        start = packed.infolist()[0].header_offset
    raw = bytearray(path.read_bytes())
    raw[start + 60 : start + 80] = b"\xff" * 20
    path.write_bytes(bytes(raw))
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.archive_damaged"


def test_an_archive_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = archive.limits
    monkeypatch.setattr(archive, "limits", lambda: replace(known(), archive=replace(known().archive, seconds=-1)))
    path = b.zipped(tmp_path / "下发.zip", b.write_shapefile(tmp_path / "loose" / "图斑.shp", b.parcels(2)))
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.archive_slow" and "下发.zip" in str(caught.value)
