"""The change hint: a new building stands out, season, light, noise and small shifts do not; what cannot be compared is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from weipian_plugin.evidence.change import change_hint

from .change_scores import area_under_curve, county_scores

SIZE = 120
INSIDE = np.zeros((SIZE, SIZE), bool)
INSIDE[45:75, 45:75] = True


def countryside(seed: int) -> NDArray[np.float32]:
    """Smooth fields with furrows, three bands."""
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    fields = 90 + 25 * np.sin(rows / 17.0 + seed) + 20 * np.cos(columns / 23.0)
    texture = 6 * np.sin(columns / 2.3) + generator.normal(0, 3, (SIZE, SIZE))
    return np.stack([fields + texture, 1.1 * fields + texture, 0.8 * fields + texture], axis=2).astype(np.float32)


def built(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """A hall with a dark yard on the parcel."""
    changed = image.copy()
    changed[48:72, 48:72] = 60
    changed[52:66, 50:70] = 215
    return changed


def noisy(image: NDArray[np.float32], seed: int = 7) -> NDArray[np.float32]:
    return image + np.random.default_rng(seed).normal(0, 3, image.shape).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_a_new_building_stands_out_and_quiet_ground_does_not(seed: int) -> None:
    before = countryside(seed)
    assert (change_hint(before, noisy(built(before)), INSIDE).score or 0) > 0.8
    assert (change_hint(before, noisy(before), INSIDE).score or 0) < 0.3


@pytest.mark.parametrize(
    "other_light",
    [lambda image: 0.6 * image + 30, lambda image: image**1.3 / 3, lambda image: image[..., ::1] * [0.8, 1.1, 1.0]],
    ids=["darker", "other curve", "other colours"],
)
def test_light_season_and_colour_of_the_whole_image_do_not_count(other_light: object) -> None:
    before = countryside(1)
    assert callable(other_light)
    quiet = change_hint(before, np.asarray(other_light(noisy(before)), np.float32), INSIDE)
    loud = change_hint(before, np.asarray(other_light(noisy(built(before))), np.float32), INSIDE)
    assert quiet.score is not None and loud.score is not None and quiet.score < 0.35 < 0.75 < loud.score


@pytest.mark.parametrize("moved", [(0, 0), (2, -3), (-4, 1), (5, 5)])
def test_a_displaced_image_is_put_back_first(moved: tuple[int, int]) -> None:
    generator = np.random.default_rng(3)
    before = countryside(2) + 30 * (generator.random((SIZE, SIZE, 1)) > 0.98)  # trees and corners to hold on to
    after = np.roll(noisy(np.asarray(before, np.float32)), (-moved[0], -moved[1]), (0, 1))
    hint = change_hint(np.asarray(before, np.float32), after, INSIDE)
    assert hint.shift == moved and hint.score is not None and hint.score < 0.35


def test_one_band_and_sixteen_bits_are_compared_as_well() -> None:
    before = countryside(4)[..., 0] * 250
    assert (change_hint(before, built(before[..., None])[..., 0] * 1.0, INSIDE).score or 0) > 0.7


def test_a_parcel_without_pixels_or_without_surroundings_has_no_score_but_a_reason() -> None:
    before = countryside(5)
    tiny = np.zeros_like(INSIDE)
    tiny[50:53, 50:53] = True
    assert change_hint(before, before, tiny).reason is not None
    black = np.ones_like(INSIDE)
    black[40:80, 40:80] = False
    hidden = change_hint(before, before, INSIDE, black)
    assert hidden.score is None and hidden.reason is not None and hidden.reason.code == "evidence.change_unseen"


def test_nodata_beside_the_parcel_is_no_change() -> None:
    before = countryside(6)
    valid = np.ones_like(INSIDE)
    valid[:, :30] = False
    after = noisy(before)
    after[:, :30] = 0
    hint = change_hint(before, after, INSIDE, valid)
    assert hint.score is not None and hint.score < 0.3
    assert hint.heat is not None and np.isnan(hint.heat[60, 5]) and not np.isnan(hint.heat[60, 60])


def test_the_sample_county_is_told_apart_from_quiet_places(tmp_path: Path) -> None:
    """Area under the ROC curve of its parcels against places of the same shapes where nothing was built (another season, other light)."""
    changed, quiet = county_scores(tmp_path / "县")
    assert area_under_curve(changed, quiet) > 0.93  # three parcels of the county are unchanged on purpose
