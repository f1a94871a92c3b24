"""Numbers and measures belong to the parcel they were given to: another piece of land never takes them over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas
import pandas as pd
import pytest
from shapely.affinity import translate
from shapely.geometry import box

from weipian_plugin.intake import Intake, read_delivery
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.fingerprints import is_of, joined, layers_fingerprint, parcel_fingerprint
from weipian_plugin.pipeline.renewal import (
    fingerprints,
    measured_otherwise,
    reused_choice,
    truly_withdrawn,
    with_reused_numbers_renamed,
    without_reused_numbers,
)

SHAPE = box(105.90, 29.30, 105.901, 29.301)


def delivery(folder: Path, rows: list[dict[str, object]], name: str = "土地图斑.geojson") -> Path:
    table = geopandas.GeoDataFrame(
        [{"QSX": "20220918", "HSX": "20230426", "XZQDM": "500118", **row} for row in rows],
        geometry="geometry",
        crs="EPSG:4490",
    )
    path = folder / name
    table.to_file(path, driver="GeoJSON", engine="pyogrio")
    return path


def earlier(**row: object) -> pd.DataFrame:
    return pd.DataFrame([{"number": "1", "batch": "七月一批", "county_code": "500118", "geometry": SHAPE, **row}])


@pytest.mark.parametrize(
    ("shape", "code", "taken_in"),
    [
        (SHAPE, "500118", True),
        (box(105.90, 29.30, 105.902, 29.301), "500118", True),  # twice as large: the same parcel, changed
        (translate(SHAPE, 0.0005, 0), "500118", True),
        (translate(SHAPE, 0.001, 0), "500118", False),  # touches only
        (translate(SHAPE, 0.5, 0.1), "500118", False),
        (SHAPE, "500119", False),  # another county
        (SHAPE, None, True),  # of one that says no county nothing is known
    ],
)
def test_a_number_on_other_land_or_of_another_county_is_asked_about(
    tmp_path: Path, shape: object, code: str | None, taken_in: bool
) -> None:
    rows = [{"JCBH": "1", "geometry": shape, "XZQDM": code}, {"JCBH": "2", "geometry": translate(SHAPE, 0.01, 0)}]
    taken = without_reused_numbers(read_delivery(delivery(tmp_path, rows)), earlier())
    assert ("1" in taken.parcels["number"].tolist()) is taken_in
    assert "2" in taken.parcels["number"].tolist()
    assert [rejection.code for rejection in taken.rejected] == ([] if taken_in else ["intake.number_reused"])
    counts = taken.batch.counts
    assert counts.features == counts.accepted + counts.refused == 2
    assert truly_withdrawn(["1", "9"], taken) == (["1", "9"] if taken_in else ["9"])


def renamed(folder: Path, rows: list[dict[str, object]], before: pd.DataFrame, batch: str = "八月 一批") -> Intake:
    taken = read_delivery(delivery(folder, rows))
    return with_reused_numbers_renamed(replace(taken, batch=replace(taken.batch, name=batch)), before)


def test_numbers_on_other_land_are_renamed_by_batch_where_a_person_says_so(tmp_path: Path) -> None:
    away = translate(SHAPE, 0.5, 0.1)
    rows = [{"JCBH": "1", "geometry": away}, {"JCBH": "2", "geometry": translate(SHAPE, 0.01, 0)}]
    taken = renamed(tmp_path, rows, earlier())
    assert taken.parcels["number"].tolist() == ["1-八月一批", "2"]
    assert [note.details for note in taken.notes if note.code == "intake.number_renamed"] == [
        {"count": 1, "number": "1", "renamed": "1-八月一批"}
    ]
    assert truly_withdrawn(["1", "9"], taken) == ["9"]  # the delivery says nothing of the earlier parcel
    assert without_reused_numbers(taken, earlier()) is taken
    assert str(taken.parcels["delivered"].iloc[0]["JCBH"]) == "1"  # as delivered
    again = pd.concat([earlier(), earlier(number="1-八月一批", geometry=away)])
    assert renamed(tmp_path, rows, again).parcels["number"].tolist() == ["1-八月一批", "2"]  # the same parcel once more
    occupied = pd.concat([earlier(), earlier(number="1-八月一批")])
    assert renamed(tmp_path, rows, occupied).parcels["number"].tolist() == ["1-八月一批-2", "2"]


def test_the_same_land_keeps_its_number_and_another_county_does_not(tmp_path: Path) -> None:
    assert renamed(tmp_path, [{"JCBH": "1", "geometry": SHAPE}], earlier()).parcels["number"].tolist() == ["1"]
    other = [{"JCBH": "1", "geometry": SHAPE, "XZQDM": "500119"}]
    assert renamed(tmp_path, other, earlier(), "/").parcels["number"].tolist() == ["1-批次"]


@pytest.mark.parametrize(("text", "choice"), [(None, None), ("", None), (" Rename ", "rename"), ("改编号", "rename")])
def test_what_to_do_with_reused_numbers_is_a_choice(text: str | None, choice: str | None) -> None:
    assert reused_choice(text) == choice
    with pytest.raises(WeipianError) as raised:
        reused_choice("overwrite")
    assert raised.value.code == "intake.reused_choice" and "overwrite" in raised.value.text()


def test_without_earlier_parcels_nothing_is_asked(tmp_path: Path) -> None:
    taken = read_delivery(delivery(tmp_path, [{"JCBH": "1", "geometry": SHAPE}]))
    assert without_reused_numbers(taken, earlier().iloc[:0]) is taken
    assert without_reused_numbers(taken, earlier()) is taken


ROW = {"number": "1", "kind": "land", "earlier_image": "2022-09-18", "later_image": "2023-04-26", "geometry": SHAPE}


@pytest.mark.parametrize(
    "change",
    [
        {"geometry": box(105.90, 29.30, 105.902, 29.301)},
        {"geometry": translate(SHAPE, 1e-7, 0)},
        {"earlier_image": "2022-09-19"},
        {"later_image": "2023-04"},
        {"later_image": None},
        {"kind": "mining"},
    ],
)
def test_a_measure_is_of_the_parcel_it_was_made_from(change: dict[str, object]) -> None:
    before = fingerprints(pd.DataFrame([ROW]))
    measures = pd.DataFrame([{"parcel": "1", "fingerprint": joined(before["1"], "a" * 16)}] * 2)
    assert measured_otherwise(measures, before) == frozenset()
    assert measured_otherwise(measures, fingerprints(pd.DataFrame([{**ROW, **change}]))) == {"1"}


def test_a_measure_without_a_fingerprint_is_of_no_parcel_that_is_known() -> None:
    now = fingerprints(pd.DataFrame([ROW]))
    assert measured_otherwise(pd.DataFrame([{"parcel": "1", "fingerprint": None}]), now) == {"1"}
    assert measured_otherwise(pd.DataFrame([{"parcel": "1"}]), now) == {"1"}
    mixed = [{"parcel": "1", "fingerprint": joined(now["1"], "x")}, {"parcel": "1", "fingerprint": None}]
    assert measured_otherwise(pd.DataFrame(mixed), now) == {"1"}


def test_the_layers_are_part_of_a_fingerprint_in_any_order() -> None:
    layers = [("land_supply", "aa"), ("farmland_conversion", "bb")]
    assert layers_fingerprint(layers) == layers_fingerprint(reversed(layers)) != layers_fingerprint(layers[:1])
    assert layers_fingerprint([("land_supply", "bb"), ("farmland_conversion", "aa")]) != layers_fingerprint(layers)
    one = parcel_fingerprint("digest", ["land", None])
    assert is_of(joined(one, "x"), one) and not is_of("", one) and not is_of(None, one)


@pytest.mark.parametrize(
    ("name", "types", "kinds", "flagged"),
    [
        ("土地图斑.geojson", ("采矿用地", "建筑物"), ["land", "land"], [False, False]),
        ("矿产图斑.geojson", ("建筑物", ""), ["mining", "mining"], [False, False]),
        ("土地矿产卫片图斑.geojson", ("采矿", "建筑物"), ["mining", "land"], [True, True]),
        ("下发.geojson", ("采矿", "建筑物"), ["mining", "land"], [True, False]),
    ],
)
def test_land_or_mining_is_flagged_where_the_name_does_not_say_it(
    tmp_path: Path, name: str, types: tuple[str, str], kinds: list[str], flagged: list[bool]
) -> None:
    rows = [
        {"JCBH": str(index), "geometry": translate(SHAPE, index * 0.01, 0), "TBLX": text}
        for index, text in enumerate(types)
    ]
    taken = read_delivery(delivery(tmp_path, rows, name))
    assert taken.parcels["kind"].tolist() == kinds
    assert ["kind_unsure" in flags for flags in taken.parcels["flags"]] == flagged
    assert any(note.code == "intake.kind_unsure" for note in taken.notes) is any(flagged)


@pytest.mark.parametrize(
    ("areas", "flagged"),
    [
        (("30",), [True]),  # one parcel, no unit fits
        (("30", "31"), [True, True]),  # all are off
        (("-3", ""), [True, False]),
        (("约三亩", ""), [True, False]),
    ],
)
def test_a_stated_area_that_contradicts_the_shape_flags_the_parcel(
    tmp_path: Path, areas: tuple[str, ...], flagged: list[bool]
) -> None:
    rows = [{"JCBH": str(i), "JCMJ": area, "geometry": translate(SHAPE, i * 0.01, 0)} for i, area in enumerate(areas)]
    taken = read_delivery(delivery(tmp_path, rows))
    assert ["area_mismatch" in flags for flags in taken.parcels["flags"]] == flagged


def test_a_blank_county_name_is_taken_from_the_other_column(tmp_path: Path) -> None:
    names = [("", "永川区"), ("大足区", "永川区")]
    rows = [
        {"JCBH": str(i), "县级行政区名称": own, "行政区名称": other, "geometry": translate(SHAPE, i * 0.01, 0)}
        for i, (own, other) in enumerate(names)
    ]
    assert read_delivery(delivery(tmp_path, rows)).parcels["county"].tolist() == ["永川区", "大足区"]
