"""Each check finds what it is for and leaves alone what is honest."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml

from weipian_plugin import evidence
from weipian_plugin.evidence.reading import photo_table
from weipian_plugin.evidence.records import ReadPhoto
from weipian_plugin.evidence.report import counts, remedy, write_reports
from weipian_plugin.evidence.similar import similar_pairs
from weipian_plugin.evidence.store import stored_path
from weipian_plugin.model.messages import Message, catalogue
from weipian_plugin.model.paths import resource

from .pictures import exif, gps, jpeg, scene
from .test_geometry import HERE, at, parcels_of, square

NORTH, SOUTH = square(*at(*HERE, 0.0, 40)), square(*at(*HERE, 180.0, 2000))


def shot(file: str, **more: Any) -> dict[str, Any]:
    digest = hashlib.sha256(file.encode("utf-8")).hexdigest()
    return {
        "file": file, "sha256": digest, "lon": HERE[0], "lat": HERE[1], "azimuth": 0.0, "field_of_view": 60.0, "status": "read", "notes": (),
        "purpose": "核查", "taken_at": "2023-08-01T10:00:00+08:00", "device": "", "phash": None, "kind": "人工", "reason": "", **more,
    }  # fmt: skip


def findings_of(
    rows: list[dict[str, Any]],
    parcels: geopandas.GeoDataFrame | None = None,
    manual: list[dict[str, Any]] | None = None,
) -> list[tuple[str, str]]:
    photos = photo_table([ReadPhoto(**row) for row in rows])
    parcels = parcels_of(NORTH, SOUTH, later_image="2023-03", earlier_image="2022-06") if parcels is None else parcels
    links = evidence.match_photos(photos, parcels)
    if manual:
        links = evidence.merge_manual(links, pd.DataFrame(manual))
    found = evidence.check(photos, links, parcels)
    return sorted(zip(found["file"], found["code"]))


def by_hand(row: dict[str, Any], parcel: str, **more: Any) -> dict[str, Any]:
    return {"photo": row["sha256"], "parcel": parcel, "status": "attached", "by": "张三", **more}


def test_an_honest_photo_raises_nothing() -> None:
    assert findings_of([shot("a.jpg")]) == []


def test_a_photo_attached_by_hand_is_checked_against_its_parcel() -> None:
    row = shot("a.jpg")
    assert findings_of([row], manual=[by_hand(row, "320583001")]) == [
        ("a.jpg", "parcel_outside_view"),
        ("a.jpg", "too_far"),
    ]


@pytest.mark.parametrize(
    ("taken", "image", "expected"),
    [
        ("2023-02-28T10:00:00+08:00", "2023-03", ["before_later_image"]),
        ("2023-03-10T10:00:00+08:00", "2023-03", []),  # a month may mean any of its days
        ("2023-03-10T10:00:00+08:00", "2023-03-11", ["before_later_image"]),
        ("2022-12-31T10:00:00+08:00", "2023", ["before_later_image"]),
        ("2023-08-01T10:00:00+08:00", None, []),
    ],
)
def test_a_photo_before_the_later_image_does_not_show_the_change(
    taken: str, image: str | None, expected: list[str]
) -> None:
    parcels = parcels_of(NORTH, later_image=[image], earlier_image=["2022-01"])
    assert [code for _, code in findings_of([shot("a.jpg", taken_at=taken)], parcels)] == expected


def test_before_rectification_may_be_before_the_later_image() -> None:
    assert findings_of([shot("整改前/a.jpg", purpose="整改前", taken_at="2023-02-01T10:00:00+08:00")]) == []


def test_after_rectification_must_be_later_than_during() -> None:
    rows = [
        shot("a.jpg", purpose="整改中", taken_at="2023-08-02T10:00:00+08:00"),
        shot("b.jpg", purpose="整改后", taken_at="2023-08-01T10:00:00+08:00"),
        shot("c.jpg", purpose="整改后", taken_at="2023-08-03T10:00:00"),
    ]
    assert findings_of(rows) == [("b.jpg", "before_demolition")]


def test_the_same_bytes_for_two_parcels_are_an_error_and_twice_for_one_a_hint() -> None:
    one, twin = shot("a.jpg", sha256="1" * 64), shot("b.jpg", sha256="1" * 64)
    assert findings_of([one, twin]) == [("a.jpg", "same_bytes_twice"), ("b.jpg", "same_bytes_twice")]
    both = [by_hand(one, "320583000"), by_hand(one, "320583001")]
    assert ("a.jpg", "same_bytes_two_parcels") in findings_of([one], manual=both)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, False),
        ({"azimuth": 25.0}, False),
        ({"azimuth": 170.0}, True),
        ({"lon": at(*HERE, 90.0, 100.0)[0]}, True),
        ({"phash": "00000000000000ff", "azimuth": 170.0}, False),  # another picture
    ],
)
def test_look_alikes_must_not_claim_other_places_or_directions(change: dict[str, Any], found: bool) -> None:
    rows = [shot("a.jpg", phash="f0f0f0f0f0f0f0f0"), shot("b.jpg", **{"phash": "f0f0f0f0f0f0f0f1", **change})]
    assert (("b.jpg", "look_alike") in findings_of(rows)) is found


@pytest.mark.parametrize(("seconds", "found"), [(1, True), (30, False)])
def test_nobody_turns_in_no_time(seconds: int, found: bool) -> None:
    rows = [
        shot("a.jpg", device="X"),
        shot("b.jpg", device="X", azimuth=120.0, taken_at=f"2023-08-01T10:00:{seconds:02d}+08:00"),
    ]
    assert (("b.jpg", "same_position_other_azimuth") in findings_of(rows)) is found


PRECISE = {"lon": 120.91234567, "lat": 31.41234561}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"azimuth": 120.0, "taken_at": "2023-08-01T10:00:30+08:00"}, "same_position_turned"),
        ({}, {"azimuth": 120.0, "taken_at": "2023-08-01T15:00:00+08:00"}, "same_position_again"),
        ({}, {"azimuth": 120.0, "taken_at": None}, "same_position_turned"),
        ({"device": "X"}, {"azimuth": 120.0, "device": "Y"}, "same_position_two_devices"),
        ({"azimuth": 355.0}, {"azimuth": 10.0, "taken_at": "2023-08-01T15:00:00+08:00"}, None),  # 15 degrees: the same direction
        ({}, {"azimuth": 120.0, "taken_at": "2023-08-01T15:00:00+08:00", "lat": 31.4123457}, None),  # one digit further
        ({}, {"azimuth": None, "taken_at": "2023-08-01T15:00:00+08:00"}, None),
        ({"sha256": "1" * 64}, {"sha256": "1" * 64, "azimuth": 120.0}, None),  # another finding
        # Written in metres or tenths of a second, positions of several visits may well be equal.
        ({"lon": 120.91234, "lat": 31.41235}, {"lon": 120.91234, "lat": 31.41235, "azimuth": 120.0, "device": "Y"}, "same_position_turned"),
        ({"lon": 120.91234, "lat": 31.41235, "device": "X"}, {"lon": 120.91234, "lat": 31.41235, "azimuth": 120.0, "device": "Y"},
         "same_position_turned"),
        ({"lon": 120.5 + 1 / 3600, "lat": 31.5}, {"lon": 120.5 + 1 / 3600, "lat": 31.5, "azimuth": 90.0, "taken_at": "2023-08-05T10:00:00+08:00"},
         "same_position_turned"),
    ],
)  # fmt: skip
def test_equal_coordinates_with_different_directions_are_told(
    first: dict[str, Any], second: dict[str, Any], expected: str | None
) -> None:
    found = findings_of([shot("a.jpg", **{**PRECISE, **first}), shot("b.jpg", **{**PRECISE, **second})])
    told = [(file, code) for file, code in found if code.startswith("same_position")]
    assert told == ([] if expected is None else [("a.jpg", expected), ("b.jpg", expected)])


def test_two_devices_at_one_place_weigh_more_than_a_turn() -> None:
    rows = [shot("a.jpg", device="X", **PRECISE), shot("b.jpg", device="X", azimuth=90.0, taken_at="2023-08-01T10:01:00+08:00", **PRECISE),
            shot("c.jpg", device="Y", azimuth=200.0, **PRECISE)]  # fmt: skip
    assert {code for _, code in findings_of(rows) if code.startswith("same_position")} == {"same_position_two_devices"}


@pytest.mark.parametrize(("minutes", "found"), [(1, True), (59, False)])
def test_positions_do_not_jump(minutes: int, found: bool) -> None:
    lon, lat = at(*HERE, 90.0, 20_000)
    rows = [
        shot("a.jpg", device="X"),
        shot("b.jpg", device="X", lon=lon, lat=lat, taken_at=f"2023-08-01T10:{minutes:02d}:00+08:00"),
    ]
    assert (("b.jpg", "jumps") in findings_of(rows)) is found


def test_a_copy_with_less_quality_and_size_is_a_look_alike_and_another_scene_is_not(tmp_path: Path) -> None:
    picture = scene(11, 800, 600)
    (tmp_path / "a.jpg").write_bytes(jpeg(exif(), picture))
    (tmp_path / "b.jpg").write_bytes(jpeg(exif(gps(azimuth=200)), picture.resize((640, 480)), quality=40))
    (tmp_path / "c.jpg").write_bytes(jpeg(exif(gps(azimuth=300)), scene(12, 800, 600)))
    photos = evidence.read_photos([tmp_path]).photos
    parcels = parcels_of(NORTH)
    found = evidence.check(photos, evidence.match_photos(photos, parcels), parcels)
    assert set(found.loc[found["code"] == "look_alike", "file"]) == {"a.jpg", "b.jpg"}


def test_banded_search_finds_the_same_pairs_as_comparing_all() -> None:
    import numpy as np

    random = np.random.default_rng(4)
    values = random.integers(0, 2**63, 5000, dtype=np.uint64)
    for index in range(0, 400, 2):
        values[index + 1] = values[index] ^ np.uint64(
            int(np.bitwise_or.reduce(np.uint64(1) << random.integers(0, 63, 5).astype(np.uint64)))
        )
    hashes = [f"{value:016x}" for value in values.tolist()]
    pairs = {(int(a), int(b)) for a, b, _ in zip(*similar_pairs(hashes, 6))}
    small = {(int(a), int(b)) for a, b, _ in zip(*similar_pairs(hashes[:4000], 6))}
    assert {(index, index + 1) for index in range(0, 400, 2)} <= pairs and small == {
        pair for pair in pairs if max(pair) < 4000
    }


def test_every_check_has_a_level_a_sentence_and_a_remedy_in_both_languages() -> None:
    sentences = catalogue()
    for name in evidence.load_settings().levels:
        for code in (f"evidence.{name}", f"evidence.{name}.remedy"):
            assert {"zh", "en"} <= set(sentences[code]), code


def test_settings_have_a_source_and_a_confidence_each() -> None:
    content = yaml.safe_load(resource("evidence.yaml").read_text(encoding="utf-8"))
    for entry in (*content["limits"].values(), *content["checks"].values()):
        assert entry["source"] and entry["confidence"] in ("official", "assumed")


def test_a_wrong_settings_file_names_the_entry(tmp_path: Path) -> None:
    text = resource("evidence.yaml").read_text(encoding="utf-8").replace("near_m: {value: 30", "near_m: {value: 近")
    (tmp_path / "县.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=r"limits\.near_m"):
        evidence.load_settings(tmp_path / "县.yaml")


# --- store, sheet, report ------------------------------------------------------------------------------------------------


@pytest.fixture
def concluded(tmp_path: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, geopandas.GeoDataFrame]:
    folder = tmp_path / "照片"
    folder.mkdir()
    (folder / "=cmd.jpg").write_bytes(jpeg(exif(gps(*HERE, azimuth=0.0)), scene(1)))
    (folder / "b.jpg").write_bytes(jpeg(exif(gps(*HERE, azimuth=13.0)), scene(2)))
    (folder / "c.jpg").write_bytes(b"nothing")
    parcels = parcels_of(square(*at(*HERE, 350.0, 40)), square(*at(*HERE, 25.0, 45)), later_image="2023-03")
    photos = evidence.read_photos([folder]).photos
    links = evidence.match_photos(photos, parcels)
    findings = evidence.check(photos, links, parcels)
    return evidence.conclude(photos, links, findings), links, findings, parcels


def test_photos_are_copied_under_generated_names_and_a_changed_one_is_shown(concluded: Any, tmp_path: Path) -> None:
    photos, store = concluded[0], tmp_path / "照片库"
    before = {path: path.read_bytes() for path in (tmp_path / "照片").iterdir()}
    kept = evidence.keep_originals(photos, store)
    assert {path: path.read_bytes() for path in (tmp_path / "照片").iterdir()} == before
    row = kept.set_index("file").loc["=cmd.jpg"]
    assert (
        row["stored"] == f"{row['sha256'][:2]}/{row['sha256']}.jpg"
        and kept.set_index("file").loc["c.jpg", "stored"] is None
    )
    path, problem = evidence.verified(store, row["stored"], row["sha256"])
    assert path is not None and problem is None
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert evidence.verified(store, row["stored"], row["sha256"])[1].code == "evidence.original_changed"  # type: ignore[union-attr]
    path.unlink()
    assert evidence.verified(store, row["stored"], row["sha256"])[1].code == "evidence.original_missing"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x.jpg", "aa/../x.jpg", "", None, "aa/CON.jpg"])
def test_only_names_of_the_store_are_opened(tmp_path: Path, name: str | None) -> None:
    assert stored_path(tmp_path, name) is None


def test_a_photo_that_changed_since_it_was_read_is_not_kept(concluded: Any, tmp_path: Path) -> None:
    (tmp_path / "照片" / "b.jpg").write_bytes(jpeg(exif(), scene(9)))
    kept = evidence.keep_originals(concluded[0], tmp_path / "库").set_index("file")["stored"]
    assert kept["b.jpg"] is None and kept["=cmd.jpg"] is not None


def test_the_report_adds_up_and_runs_no_formula(concluded: Any, tmp_path: Path) -> None:
    photos, links, findings, parcels = concluded
    total = counts(photos)
    assert total["photos"] == total["attached"] + total["ambiguous"] + total["refused"] == 3
    workbook_path, page_path = write_reports(photos, links, findings, tmp_path / "报告", parcels)
    workbook = openpyxl.load_workbook(workbook_path)
    shown = {row[0].value: row[1].value for row in workbook["总览"].iter_rows()}
    assert shown["照片合计"] == 3 == shown["已挂接"] + shown["待人工选择"] + shown["未挂接"]
    for name in ("已挂接", "待人工选择", "未挂接"):
        assert workbook[name].max_row - 1 == shown[name]
    assert all(cell.data_type != "f" for sheet in workbook for row in sheet.iter_rows() for cell in row)
    assert "=cmd.jpg" in page_path.read_text(encoding="utf-8") and workbook["检查发现"].max_row - 1 == len(findings)


def test_every_finding_has_its_remedy(concluded: Any) -> None:
    assert all(remedy(message) for message in concluded[2]["message"])


def test_the_summary_counts_what_proves_something(concluded: Any) -> None:
    photos, links, _, parcels = concluded
    table = evidence.summary(links, photos, parcels).set_index("parcel")
    attached = links[links["status"] == "attached"]
    assert table["photos"].sum() == len(attached) and list(table.index) == list(parcels["number"])
    assert (table["photos_with_azimuth"] <= table["photos"]).all() and (
        table["photos_after"] <= table["photos_with_azimuth"]
    ).all()


def test_a_photo_attached_by_hand_after_the_run_counts_and_an_unreadable_one_does_not() -> None:
    away = {**shot("a.jpg", azimuth=180.0), "azimuth": 180.0}
    broken = shot("b.jpg", status="refused", notes=(Message("evidence.empty", {"file": "b.jpg"}),))
    photos, parcels = photo_table([ReadPhoto(**away), ReadPhoto(**broken)]), parcels_of(NORTH)
    links = evidence.match_photos(photos, parcels)
    register = evidence.conclude(photos, links, evidence.check(photos, links, parcels))
    assert register["status"].tolist() == ["refused", "refused"]
    by_person = evidence.merge_manual(links, pd.DataFrame([by_hand(away, "320583000"), by_hand(broken, "320583000")]))
    assert evidence.summary(by_person, register, parcels)[["photos", "photos_with_azimuth"]].to_numpy().tolist() == [
        [2, 1]
    ]


def brute_pairs(hashes: list[str], most_bits: int) -> list[tuple[int, int]]:
    """All pairs one by one; those of two pictures that more than 50 others are like are left out."""
    values = [int(text, 16) for text in hashes]
    pairs = [
        (one, other)
        for one in range(len(values))
        for other in range(one + 1, len(values))
        if bin(values[one] ^ values[other]).count("1") <= most_bits
    ]
    alike = Counter(row for pair in pairs for row in pair)
    return [(one, other) for one, other in pairs if alike[one] <= 50 or alike[other] <= 50]


@pytest.mark.parametrize("seed", range(5))
def test_pictures_that_come_many_times_are_paired_as_one_by_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    models = [int(value) for value in random.integers(0, 2**63, size=6)]
    hashes = []
    for _ in range(240):
        value = (
            models[min(int(random.exponential(1.3)), 5)] if random.random() < 0.8 else int(random.integers(0, 2**63))
        )
        for bit in random.integers(0, 64, size=int(random.integers(0, 3))):
            value ^= 1 << int(bit)
        hashes.append(f"{value:016x}")
    first, second, bits = similar_pairs(hashes, 5)
    found = list(zip(first.tolist(), second.tolist()))
    assert found == brute_pairs(hashes, 5)
    assert bits.tolist() == [bin(int(hashes[a], 16) ^ int(hashes[b], 16)).count("1") for a, b in found]


def test_one_picture_in_thousands_of_photos_costs_no_memory() -> None:
    """20,000 photos of eight pictures were 25 million pairs, and 11 GB before they were left out."""
    models = [f"{value:016x}" for value in np.random.default_rng(3).integers(0, 2**63, size=8).tolist()]
    hashes = [models[place % 8] for place in range(20_000)]
    tracemalloc.start()
    try:
        first, _, _ = similar_pairs(hashes, 6)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not len(first) and peak < 50e6


def test_a_photo_attached_by_hand_without_a_purpose_keeps_its_own() -> None:
    """Beside another that was attached with a purpose, the missing one became "not a number", and that is no 整改前."""
    before, other = shot("a.jpg", purpose="整改前", taken_at="2023-02-01T10:00:00+08:00"), shot("b.jpg")
    behind = by_hand(before, "320583001"), by_hand(other, "320583001", purpose="整改中")
    manual = pd.DataFrame([{"purpose": None, **link} for link in behind], dtype=object)
    parcels = parcels_of(NORTH, SOUTH, later_image="2023-03")
    photos = photo_table([ReadPhoto(**row) for row in (before, other)])
    links = evidence.merge_manual(evidence.match_photos(photos, parcels), manual)
    assert "before_later_image" not in set(evidence.check(photos, links, parcels)["code"])
    counted = evidence.summary(links, photos, parcels).set_index("parcel")
    assert counted.loc["320583001", ["before_photos", "during_photos"]].tolist() == [1, 1]
