"""A change recomputes what it touches and nothing else; the merged result is the one a full run gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from weipian_plugin.overlay import OverlayOptions, OverlayResult, incremental, measure_parcels

from .county import layer, parcels

SHAPES: dict[str, Any] = {f"P{k}": (k * 200, 0, k * 200 + 100, 100) for k in range(6)}
APPROVALS = [((k * 200, 0, k * 200 + 40, 100), {"PZWH": f"批{k}", "PZRQ": "20220101"}) for k in range(0, 6, 2)]
SURVEY = [((-500, -500, 3000, 500), {"DLBM": "0101", "SJNF": 2022})]


def same(one: OverlayResult, other: OverlayResult) -> None:
    for name in ("coverage", "measures", "regions", "parts", "overlaps"):
        left, right = getattr(one, name), getattr(other, name)
        assert list(left.columns) == list(right.columns)
        plain = [column for column in left.columns if column != "geometry"]
        assert left[plain].to_csv() == right[plain].to_csv(), name
        if "geometry" in left:
            assert [str(shape) for shape in left["geometry"]] == [str(shape) for shape in right["geometry"]]


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Any, list[Any], OverlayOptions, incremental.Update]:
    layers = [layer(tmp_path, "land_survey", SURVEY), layer(tmp_path, "farmland_conversion", APPROVALS)]
    options = OverlayOptions(cache=tmp_path / "cache", threads=1)
    table = parcels(SHAPES)
    return table, layers, options, incremental.measure_changes(table, layers, options)


def test_the_first_time_everything_is_measured(begun: Any) -> None:
    table, layers, options, first = begun
    assert first.measured == tuple(SHAPES)
    same(first.result, measure_parcels(table, layers, options))


def test_without_a_change_nothing_is_measured(begun: Any) -> None:
    table, layers, options, first = begun
    state = incremental.State.from_json(first.state.to_json())
    again = incremental.measure_changes(table, layers, options, result=first.result, state=state)
    assert again.measured == () and again.state == first.state
    same(again.result, first.result)


@pytest.mark.parametrize(
    ("rows", "touched"),
    [
        ([*APPROVALS, ((600, 0, 620, 100), {"PZWH": "新", "PZRQ": "20230101"})], ("P3",)),  # a new one
        (APPROVALS[1:], ("P0",)),  # one is gone
        ([(APPROVALS[0][0], {"PZWH": "批0", "PZRQ": "20250101"}), *APPROVALS[1:]], ("P0",)),  # another date
        ([*APPROVALS, ((5000, 0, 5020, 100), {"PZWH": "远", "PZRQ": "20230101"})], ()),  # far from every parcel
        (APPROVALS[::-1], ()),  # another order only
    ],
)
def test_a_changed_layer_recomputes_only_the_parcels_it_touches(
    begun: Any, tmp_path: Path, rows: Any, touched: tuple[str, ...]
) -> None:
    table, layers, options, first = begun
    layer(tmp_path, "farmland_conversion", rows)
    update = incremental.measure_changes(table, layers, options, result=first.result, state=first.state)
    assert update.measured == touched
    same(update.result, measure_parcels(table, layers, options))
    assert update.result.sources[1].sha256 != first.result.sources[1].sha256


def test_changed_new_and_removed_parcels(begun: Any) -> None:
    _, layers, options, first = begun
    changed = parcels({**SHAPES, "P1": (200, 0, 290, 100), "P9": (900, 0, 950, 50)})
    changed = changed[changed["number"] != "P4"].reset_index(drop=True)
    changed.loc[changed["number"] == "P2", "later_image"] = "2021-01-01"  # now every approval is late
    update = incremental.measure_changes(changed, layers, options, result=first.result, state=first.state)
    assert update.measured == ("P1", "P2", "P9")
    same(update.result, measure_parcels(changed, layers, options))
    found = update.result.measures
    late = found[(found["parcel"] == "P2") & (found["measure"] == "approved_late")]["value"].iloc[0]
    assert late > 0 and not (found["parcel"] == "P4").any()


def test_other_options_or_layers_measure_everything_again(begun: Any, tmp_path: Path) -> None:
    table, layers, options, first = begun
    ridges = OverlayOptions(cache=options.cache, threads=1, deduct_ridges=True)
    update = incremental.measure_changes(table, layers, ridges, result=first.result, state=first.state)
    assert update.measured == tuple(SHAPES)
    update = incremental.measure_changes(table, layers[:1], options, result=first.result, state=first.state)
    assert update.measured == tuple(SHAPES)
    assert isinstance(update.result.coverage, pd.DataFrame)


def test_a_layer_near_some_parcels_is_not_of_another_place_for_the_changed_ones(tmp_path: Path) -> None:
    shapes = {"near": (0, 0, 100, 100), "away": (160_000, 0, 160_100, 100)}
    layers, options = [layer(tmp_path, "land_survey", SURVEY)], OverlayOptions(cache=tmp_path / "cache", threads=1)
    first = incremental.measure_changes(parcels(shapes), layers, options)
    changed = parcels({**shapes, "away": (160_000, 0, 160_050, 100)})
    update = incremental.measure_changes(changed, layers, options, result=first.result, state=first.state)
    assert update.measured == ("away",)
    same(update.result, measure_parcels(changed, layers, options))
