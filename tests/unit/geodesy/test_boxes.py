"""What a map shows first: all parcels, without the one that lies far from the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.geodesy.boxes import box_of_most

COUNTY = [
    (105.8 + i * 0.01, 29.3 + j * 0.01, 105.801 + i * 0.01, 29.301 + j * 0.01) for i in range(8) for j in range(8)
]
WHOLE = (105.8, 29.3, 105.871, 29.371)


@pytest.mark.parametrize(
    ("far", "shown"),
    [
        ([], WHOLE),
        ([(105.2, 29.6, 105.201, 29.601)], WHOLE),  # another corner of the county
        ([(0.0, 0.0, 0.001, 0.001), (121.0, 31.0, 121.001, 31.001)], WHOLE),  # placed wrongly
        ([(105.88, 29.3, 105.881, 29.301)], (105.8, 29.3, 105.881, 29.371)),  # beside the others
    ],
)
def test_a_few_parcels_far_away_do_not_make_dots_of_the_others(far: list, shown: tuple) -> None:
    assert box_of_most([*far, *COUNTY]) == pytest.approx(shown)


def test_few_parcels_are_all_shown_however_far_apart_they_lie() -> None:
    assert box_of_most([(105.0, 29.0, 105.001, 29.001), (106.0, 30.0, 106.001, 30.001)]) == (
        105.0,
        29.0,
        106.001,
        30.001,
    )
    assert box_of_most([]) is None


@given(
    st.lists(
        st.tuples(st.floats(75, 135), st.floats(18, 53), st.floats(0, 0.1), st.floats(0, 0.1)), min_size=1, max_size=80
    )
)
def test_at_most_one_in_twenty_is_left_out(given_boxes: list) -> None:
    boxes = [(west, south, west + wide, south + high) for west, south, wide, high in given_boxes]
    west, south, east, north = box_of_most(boxes) or (0, 0, 0, 0)
    outside = [box for box in boxes if box[0] < west or box[1] < south or box[2] > east or box[3] > north]
    assert len(outside) <= len(boxes) // 20
