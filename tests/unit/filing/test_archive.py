"""Archives of packages."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from weipian_plugin.filing import ArchiveEntry, PackageOptions, archive, handover, write_package
from weipian_plugin.filing.handover import HandedOver
from weipian_plugin.model.errors import WeipianError

from . import cases


@pytest.fixture
def entries(tmp_path: Path) -> list[ArchiveEntry]:
    found = []
    for number, township in (("3", "大安街道"), ("1", "大安街道"), ("2", "朱沱/镇"), ("4", "")):
        case = replace(cases.case(tmp_path, photos=1), parcel=cases.parcel(number=number, township=township))
        found.append(ArchiveEntry(number, write_package(case, tmp_path / "卷宗", PackageOptions()).path, township))
    return found


def test_one_archive_for_each_parcel_with_the_files_in_order(entries: list[ArchiveEntry], tmp_path: Path) -> None:
    paths = archive(entries, tmp_path / "zip")
    assert [path.name for path in paths] == ["1.zip", "2.zip", "3.zip", "4.zip"]
    with zipfile.ZipFile(paths[0]) as found:
        names = found.namelist()
        assert found.testzip() is None
        assert names[:3] == ["1/manifest.json", "1/表册/1_00封面与目录.xlsx", "1/表册/1_01核查登记表.xlsx"]
        assert found.read("1/照片/1_01_087.jpg") == next(entries[1].path.glob("照片/*.jpg")).read_bytes()
        assert all(entry.flag_bits & 0x800 for entry in found.infolist() if not entry.filename.isascii())


def test_one_archive_for_each_township(entries: list[ArchiveEntry], tmp_path: Path) -> None:
    paths = archive(entries, tmp_path / "zip", by="township")
    assert [path.stem.split("-")[0] for path in paths] == ["大安街道", "朱沱", "未分乡镇"] or len(paths) == 3
    with zipfile.ZipFile(next(path for path in paths if path.stem == "大安街道")) as found:
        assert list(dict.fromkeys(name.split("/")[0] for name in found.namelist())) == ["1", "3"]


def test_the_same_packages_give_the_same_archive(entries: list[ArchiveEntry], tmp_path: Path) -> None:
    first = [path.read_bytes() for path in archive(entries, tmp_path / "one", by="township")]
    for entry in entries:
        for path in entry.path.rglob("*"):
            os.utime(path, (1, 1))
    second = [path.read_bytes() for path in archive(list(reversed(entries)), tmp_path / "other", by="township")]
    assert first == second


def test_an_unknown_grouping_and_a_folder_without_manifest_are_refused(
    entries: list[ArchiveEntry], tmp_path: Path
) -> None:
    with pytest.raises(WeipianError) as caught:
        archive(entries, tmp_path / "zip", by="county")
    assert caught.value.code == "filing.grouping_unknown"
    with pytest.raises(WeipianError) as caught:
        archive([ArchiveEntry("9", tmp_path)], tmp_path / "zip")
    assert caught.value.code == "filing.manifest_missing"


def test_drafts_lie_in_no_archive_that_is_handed_over(tmp_path: Path) -> None:
    whole = cases.case(tmp_path, photos=1)
    draft = replace(whole, decisions=())
    entries = [
        ArchiveEntry(
            number,
            write_package(replace(case, parcel=cases.parcel(number=number)), tmp_path / "卷宗", PackageOptions()).path,
            "甲",
        )
        for number, case in (("1", whole), ("2", draft), ("3", draft))
    ]
    for by, names in (("township", ["甲.zip"]), ("parcel", ["1.zip"])):
        assert [path.name for path in archive(entries, tmp_path / by, by=by)] == names
    assert archive(entries[1:], tmp_path / "none", by="township") == [], "nothing is complete: nothing to hand over"
    asked = archive(entries, tmp_path / "asked", by="township", drafts=True)
    assert [path.relative_to(tmp_path / "asked").as_posix() for path in asked] == ["甲.zip", "草稿/甲.zip"]
    for path, numbers in zip(asked, (["1"], ["2", "3"])):
        with zipfile.ZipFile(path) as found:
            assert list(dict.fromkeys(name.split("/")[0] for name in found.namelist())) == numbers


def test_the_list_of_the_handover_names_every_package_and_has_places_to_sign(tmp_path: Path) -> None:
    rows = [
        HandedOver("1", "甲", "合法", True, 12, "甲.zip", "ab" * 32),
        HandedOver("2", "甲", "=违法", False, 9, "", "cd" * 32),
    ]
    path = handover.write(tmp_path / "移交清单.xlsx", rows, "大安街道办事处", "2023年12月1日")
    sheet = load_workbook(path).active
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "移交 1 卷，另有草稿 1 卷未移交" in texts[1][0] and "大安街道办事处" in texts[1][0]
    assert [row[1] for row in texts[3:5]] == ["1", "2"] and texts[4][6] == "未移交" and texts[3][7] == "ab" * 32
    assert sheet["D5"].data_type == "s", "text from outside stays text"
    assert any(str(row[0]).startswith("接收人（签字）") for row in texts)
