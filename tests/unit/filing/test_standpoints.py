"""整改前、中、后 photos are paired by position and azimuth, from real photo files, and printed side by side."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evidence.pictures import exif, gps, jpeg, scene
from weipian_plugin.evidence.reading import read_photos
from weipian_plugin.filing import PackageOptions, write_package
from weipian_plugin.filing.case import ParcelCase, PhotoEvidence
from weipian_plugin.filing.completeness import completeness
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.filing.standpoints import STAGES, compare
from weipian_plugin.model.messages import render
from weipian_plugin.model.records import Photo, Rectification
from weipian_plugin.workspace.mapping import records_of

from . import cases

RULES = load_rules()
METRE = 1 / 111_320
STAGE_NAMES = ("整改前", "整改中", "整改后")
#: file → stage, metres east of the first standpoint, azimuth (None = not written), day
Shot = tuple[str, float, "float | None", str]


def shots(folder: Path, wanted: dict[str, Shot]) -> tuple[PhotoEvidence, ...]:
    """JPEGs with EXIF, read by the photo step itself, with the stage that a person gave them."""
    for seed, (name, (_, east, azimuth, day)) in enumerate(wanted.items()):
        place = gps(lon=cases.LON + east * METRE / math.cos(math.radians(cases.LAT)), lat=cases.LAT, azimuth=azimuth)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.jpg").write_bytes(jpeg(exif(place, time=f"{day} 10:00:00"), picture=scene(seed, 160, 120)))
    table = read_photos([folder]).photos
    records = {Path(row.file).stem: row for row in records_of(Photo, table.to_dict("records"))}
    return tuple(
        PhotoEvidence(folder / f"{name}.jpg", records[name].sha256 or "", records[name], phase=stage)
        for name, (stage, *_) in wanted.items()
    )


def rectified(folder: Path, wanted: dict[str, Shot]) -> ParcelCase:
    rectification = Rectification("", "", "拆除复耕", "村委会", remaining_m2=0.0, removed_on="2023-08-01")
    found = cases.case(folder)
    return replace(found, photos=shots(folder / "整改", wanted), rectification=(rectification,))


THREE: dict[str, Shot] = {
    "a": ("整改前", 0, 359.0, "2023:06:01"),
    "b": ("整改中", 4, 2.0, "2023:08:01"),
    "c": ("整改后", 8, 1.0, "2023:09:01"),
    "d": ("整改前", 60, 90.0, "2023:06:01"),
    "e": ("整改后", 62, 95.0, "2023:09:01"),
    "f": ("整改后", 61, 270.0, "2023:09:01"),
    "g": ("整改前", 0, None, "2023:06:01"),
    "h": ("核查", 0, 0.0, "2023:06:01"),
}


def test_photos_of_one_standpoint_stand_in_one_row_and_the_others_are_said(tmp_path: Path) -> None:
    found = compare(shots(tmp_path, THREE), RULES)
    rows = [{RULES.word("phase", stage): place for stage, place in row.photos.items()} for row in found.rows]
    assert rows == [{"整改前": 1, "整改中": 2, "整改后": 3}, {"整改前": 4, "整改后": 5}]
    assert found.rows[0].gap.degrees == pytest.approx(3.0, abs=0.02), "359° and 2° are three degrees apart"
    assert found.rows[0].gap.metres == pytest.approx(8.0, abs=0.2) and found.rows[0].in_order
    assert {entry.place: render(entry.why) for entry in found.unmatched} == {
        6: "照片6没有同一站位的其他阶段照片：最近的照片4相距 1 米、方位相差 180°（应不超过 20 米、30°）。",
        7: "照片7没有方位角，无法与其他阶段的照片配对。",
    }


@pytest.mark.parametrize(
    ("east", "azimuth", "paired"),
    [(0, 0, True), (19.9, 29.9, True), (20.2, 0, False), (0, 30.2, False), (0, 330.2, True), (0, 329.7, False)],
)
def test_both_tolerances_count(tmp_path: Path, east: float, azimuth: float, paired: bool) -> None:
    photos = shots(tmp_path, {"a": ("整改前", 0, 0.0, "2023:06:01"), "b": ("整改后", east, azimuth, "2023:09:01")})
    assert compare(photos, RULES).before_and_after is paired


def test_the_closest_pair_goes_first_and_no_photo_stands_twice(tmp_path: Path) -> None:
    photos = shots(
        tmp_path,
        {
            "a": ("整改前", 0, 0.0, "2023:06:01"),
            "b": ("整改前", 5, 0.0, "2023:06:01"),
            "c": ("整改后", 6, 0.0, "2023:09:01"),
        },
    )
    found = compare(photos, RULES)
    assert [dict(row.photos) for row in found.rows] == [{"before": 2, "after": 3}]
    assert [render(entry.why) for entry in found.unmatched] == ["照片1与照片3站位相同，但该照片已与更近的照片配对。"]


def test_times_that_contradict_the_stages_are_said(tmp_path: Path) -> None:
    photos = shots(tmp_path, {"a": ("整改前", 0, 0.0, "2023:10:01"), "b": ("整改后", 0, 0.0, "2023:09:01")})
    assert not compare(photos, RULES).rows[0].in_order


def test_the_package_prints_them_side_by_side_and_names_what_has_no_pair(tmp_path: Path) -> None:
    case = rectified(tmp_path, THREE)
    record = write_package(case, tmp_path / "卷宗", PackageOptions())
    sheet = openpyxl.load_workbook(record.path / "照片" / f"{cases.NUMBER}_整改前后对比.xlsx").active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(text.startswith("站位 1：相距 8.0 米，方位相差 3.0°") for text in texts)
    assert any(text.startswith("整改中（无）") for text in texts), "the second standpoint has no photo of the work"
    assert any("照片7没有方位角" in text for text in texts)
    anchors = {(image.anchor._from.row + 1, image.anchor._from.col + 1) for image in sheet._images}
    assert anchors == {(3, 1), (3, 2), (3, 3), (6, 1), (6, 3)}
    form = openpyxl.load_workbook(record.path / "表册" / f"{cases.NUMBER}_09整改与复耕验收表.xlsx").active
    rows = [[cell.value for cell in row if cell.value is not None] for row in form.iter_rows()]
    assert [1, 2, 3, 8.0, 3.0] in [
        [float(value) if isinstance(value, float) else value for value in row] for row in rows
    ]
    assert any("照片6没有同一站位" in str(value) for row in rows for value in row)


def test_without_before_and_after_of_one_standpoint_the_package_says_so(tmp_path: Path) -> None:
    apart = {
        "a": ("整改前", 0, 0.0, "2023:06:01"),
        "b": ("整改中", 0, 0.0, "2023:07:01"),
        "c": ("整改后", 50, 0.0, "2023:09:01"),
    }
    codes = {check.code: check.level for check in completeness(rectified(tmp_path / "1", apart), RULES)}
    assert codes["same_standpoint"] == "warning" and "before_during_after" not in codes
    assert "same_standpoint" not in {check.code for check in completeness(rectified(tmp_path / "2", THREE), RULES)}


def test_a_package_without_stages_has_no_comparison(tmp_path: Path) -> None:
    record = write_package(cases.case(tmp_path), tmp_path / "卷宗", PackageOptions())
    assert not list(record.path.rglob("*整改前后对比*"))


_PHOTOS = st.lists(
    st.tuples(
        st.sampled_from(STAGE_NAMES),
        st.one_of(st.none(), st.floats(0, 60)),
        st.one_of(st.none(), st.floats(0, 359.99)),
    ),
    max_size=9,
)


@given(_PHOTOS)
def test_every_photo_of_a_stage_stands_in_one_place(wanted: list[tuple[str, Any, Any]]) -> None:
    """In one row or among the unmatched, whatever is missing; no row passes a tolerance; the order of the photos does not matter."""
    photos = [
        PhotoEvidence(
            Path(f"{at}.jpg"),
            str(at),
            Photo("", lon=None if east is None else 106 + east * METRE, lat=0.0, azimuth=azimuth),
            phase=stage,
        )
        for at, (stage, east, azimuth) in enumerate(wanted, start=1)
    ]
    found = compare(photos, RULES)
    places = [place for row in found.rows for place in row.photos.values()] + [each.place for each in found.unmatched]
    assert sorted(places) == list(range(1, len(photos) + 1))
    for row in found.rows:
        assert len(row.photos) >= 2 and set(row.photos) <= set(STAGES)
        assert (
            row.gap.metres <= RULES.same_standpoint.distance_m and row.gap.degrees <= RULES.same_standpoint.azimuth_deg
        )
