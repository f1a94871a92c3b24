"""Parts add up to the whole at the rounding unit, whatever they were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.geodesy.closure import close, close_groups, units_half_up
from weipian_plugin.model.errors import WeipianError


def cents(values: np.ndarray) -> int:
    return int(np.rint(values * 100).sum())


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        ([1 / 3, 1 / 3, 1 / 3], 1.0, [0.34, 0.33, 0.33]),
        ([50.0, 50.0], 100.01, [50.01, 50.00]),
        ([10.0, 0.0, 5.0], 15.0, [10.0, 0.0, 5.0]),
        ([99.996, 0.004], 100.0, [100.0, 0.0]),
        ([2.0], 3.005, [3.01]),
        ([], 0.0, []),
        ([0.0, 0.0], 0.0, [0.0, 0.0]),
    ],
)
def test_small_cases(parts: list[float], total: float, expected: list[float]) -> None:
    assert close(parts, total).tolist() == pytest.approx(expected)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.floats(0.9999, 1.0001))
def test_the_sum_is_exact_and_no_part_moves_by_more_than_a_unit(parts: list[float], off: float) -> None:
    values = np.array(parts)
    total = float(values.sum() * off)
    if total < 0.01:
        return
    closed = close(values, total)
    assert cents(closed) == int(units_half_up(np.array([total]))[0])
    scaled = values * (cents(closed) / 100 / values.sum())
    assert np.abs(closed - scaled).max() <= 0.01 + 1e-7
    assert (closed >= 0).all()
    assert (closed[values == 0] == 0).all()


def test_many_wholes_close_as_each_alone() -> None:
    rng = np.random.default_rng(3)
    whole = np.sort(rng.integers(0, 200, 2000))
    values = rng.exponential(1000, 2000)
    totals = np.bincount(whole, values, 200) * rng.uniform(0.9999, 1.0001, 200)
    together = close_groups(values, whole, totals)
    for index in range(200):
        mine = whole == index
        if mine.any():
            assert together.values[mine].tolist() == close(values[mine], totals[index]).tolist()
    assert together.residue == pytest.approx(totals - np.bincount(whole, values, 200))


def test_a_whole_without_parts_keeps_its_total_as_residue() -> None:
    closed = close_groups(np.array([1.0]), np.array([1]), np.array([5.0, 1.0]))
    assert closed.values.tolist() == [1.0] and closed.residue.tolist() == [5.0, 0.0]


def test_nothing_cannot_be_adjusted_to_something() -> None:
    with pytest.raises(WeipianError) as rejected:
        close([0.0, 0.0], 12.0)
    assert rejected.value.code == "geodesy.nothing_to_close" and "12" in str(rejected.value)
