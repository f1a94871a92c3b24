"""The photos of the sample county against the truth that was written with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from weipian_plugin import evidence
from weipian_plugin.sample.frame import lon_lat
from weipian_plugin.sample.photos import photo_truth, plan_photos, write_photos
from weipian_plugin.sample.plots import plant

SEED = 2023
#: The check that finds a flaw of the sample's photos, by the name the truth gives it.
FOUND_BY = {
    "no_position": "no_position", "zero_position": "no_position", "no_azimuth": "no_azimuth", "away": "parcel_outside_view", "too_far": "too_far",
    "too_early": "before_later_image", "truncated": "unreadable", "truncated_header": "unreadable", "duplicate": "same_bytes_twice",
    "near_duplicate": "look_alike", "not_a_photo": "screenshot", "png_named_jpg": "no_position",
}  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The concluded register with all findings, and the truth."""
    folder: Path = tmp_path_factory.mktemp("示例 照片")
    plots = plant(SEED)
    shots = plan_photos(plots, SEED)
    write_photos(folder, shots, SEED, lambda: None)
    shapes = {plot.number: plot for plot in plots}
    polygons = [
        shapely.transform(plot.valid, lambda corners: np.array([lon_lat(x, y) for x, y in corners]))
        for plot in shapes.values()
    ]
    parcels = geopandas.GeoDataFrame(
        {"number": list(shapes), "later_image": "2023-03"}, geometry=polygons, crs="EPSG:4490"
    )
    photos = evidence.read_photos([folder]).photos
    links = evidence.match_photos(photos, parcels)
    findings = evidence.check(photos, links, parcels)
    register = evidence.conclude(photos, links, findings).set_index("file")
    register["codes"] = [set(findings.loc[findings["file"] == file, "code"]) for file in register.index]
    register["errors"] = [
        set(findings.loc[(findings["file"] == file) & (findings["level"] == "error"), "code"])
        for file in register.index
    ]
    return register, photo_truth(shots)


def test_every_good_photo_is_attached_to_its_parcel_and_raises_no_error(
    county: tuple[pd.DataFrame, dict[str, Any]],
) -> None:
    register, truth = county
    good = [file for file, entry in truth.items() if entry["reason"] is None]
    assert len(good) > 100
    wrong = {
        file: register.loc[file, "parcel"] for file in good if register.loc[file, "parcel"] != truth[file]["parcel"]
    }
    assert wrong == {} and set(register.loc[good, "status"]) == {"attached"} and not any(register.loc[good, "errors"])


def test_no_flawed_photo_is_attached_to_a_parcel_it_does_not_show(county: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    register, truth = county
    attached = register[register["status"] == "attached"]["parcel"]
    assert {
        file: parcel
        for file, parcel in attached.items()
        if parcel not in (truth[file]["parcel"], truth[file]["may_attach"])
    } == {}


def test_every_flaw_is_found(county: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    register, truth = county
    assert set(register.index) == set(truth)
    missed = {
        file: (entry["reason"], register.loc[file, "codes"])
        for file, entry in truth.items()
        if entry["reason"] is not None and FOUND_BY[entry["reason"]] not in register.loc[file, "codes"]
    }
    assert missed == {}


def test_positions_and_azimuths_are_those_of_the_truth(county: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    register, truth = county
    for file, entry in truth.items():
        row = register.loc[file]
        if entry["azimuth_true"] is not None and entry["lon"] is not None and entry["reason"] is None:
            assert abs(row["lon"] - entry["lon"]) < 2e-6 and abs(row["lat"] - entry["lat"]) < 2e-6
            assert abs((row["azimuth"] - entry["azimuth_true"] + 180) % 360 - 180) < (
                0.5 if entry["reference"] == "M" else 0.05
            ), file
