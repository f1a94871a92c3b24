"""The areas of the forms add up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.filing.areas import DIVIDING, area_rows, as_mu
from weipian_plugin.filing.case import ParcelCase

from . import cases


def case_of(tmp: Path, measures: dict[str, dict[str, float]], **changes: object) -> ParcelCase:
    return cases.case(tmp, photos=0, measures=measures, **changes)


@pytest.mark.parametrize(
    ("m2", "mu"),
    [(1333.335, "2.00"), (3.3333, "0.00"), (3.34, "0.01"), (10_003.3333, "15.00"), (10_003.34, "15.01"), (None, None)],
)
def test_square_metres_become_mu_half_up(m2: float | None, mu: str | None) -> None:
    assert as_mu(m2) == (None if mu is None else Decimal(mu))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0.0, 90_000.0).map(lambda value: round(value, 2)), min_size=5, max_size=5))
def test_every_row_closes_at_a_hundredth(tmp_path_factory: pytest.TempPathFactory, pieces: list[float]) -> None:
    measures = {"": {"area": sum(pieces), **dict(zip(DIVIDING, pieces))}}
    row = area_rows(ParcelCase(cases.parcel(area_m2=sum(pieces)), cases.coverage(), measures))[0]
    if sum(pieces) > 0:
        assert row["closed"] == "是"
        for unit in ("mu", "m2"):
            assert sum(row[f"{name}_{unit}"] for name in DIVIDING) == row[f"total_{unit}"]
        for name, piece in zip(DIVIDING, pieces):
            assert abs(row[f"{name}_mu"] - as_mu(piece)) <= Decimal("0.01")


def test_groups_that_do_not_fill_the_parcel_are_not_forced_to() -> None:
    measures = {"": {"area": 1000.0, "farmland": 600.0, "construction": 399.0}}
    row = area_rows(ParcelCase(cases.parcel(), cases.coverage(), measures))[0]
    assert row["closed"] == "否"
    assert (row["farmland_mu"], row["construction_mu"]) == (Decimal("0.90"), Decimal("0.60"))


def test_what_was_not_measured_is_blank() -> None:
    row = area_rows(ParcelCase(cases.parcel(), cases.coverage(), {}))[0]
    assert row["total_mu"] == Decimal("2.00")
    assert row["closed"] == "" and row["farmland_mu"] is None and row["uncovered_mu"] is None


def test_parts_add_up_to_the_parcel(tmp_path: Path) -> None:
    rows = area_rows(cases.split(cases.case(tmp_path, photos=0)))
    assert [row["part"] for row in rows] == ["整个图斑", "_1", "_2"]
    assert rows[1]["total_mu"] + rows[2]["total_mu"] == rows[0]["total_mu"]
