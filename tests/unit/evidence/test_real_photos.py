"""Photographs of real devices (scripts/photo_corpus.sh fetches some): nothing but what is really missing is held against them."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas
import pytest
import shapely
from PIL import Image

from weipian_plugin import evidence

CORPUS = Path(os.environ.get("WEIPIAN_PHOTO_CORPUS", Path(__file__).resolve().parents[3] / ".build" / "photo-corpus"))
#: What the notice asks of every photo; all other tags are optional.
ASKED = {"no_position", "no_azimuth", "no_time"}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no photographs of real devices: scripts/photo_corpus.sh fetches them")
@pytest.mark.filterwarnings("ignore")
def test_no_error_is_raised_for_missing_optional_tags() -> None:
    photos = evidence.read_photos([CORPUS]).photos
    parcels = geopandas.GeoDataFrame(
        {"number": ["1"]}, geometry=[shapely.box(105.8, 29.3, 105.81, 29.31)], crs="EPSG:4490"
    )
    findings = evidence.check(photos, evidence.match_photos(photos, parcels), parcels)
    taken = photos[photos["device"].fillna("") != ""]
    assert taken["device"].nunique() > 10, "a corpus of many makes"
    errors = findings[
        (findings["level"] == "error") & findings["file"].isin(taken["file"]) & ~findings["code"].isin(ASKED)
    ]
    assert set(errors["code"]) <= {"unreadable"}
    for file in errors["file"]:
        with (
            pytest.raises((OSError, SyntaxError, ValueError)),
            Image.open(CORPUS.parent / file if "/" in file else CORPUS / file) as picture,
        ):
            picture.load()  # nobody can open it
    present = findings[findings["code"].isin(ASKED)]
    for code, column in (("no_position", "lon"), ("no_azimuth", "azimuth"), ("no_time", "taken_at")):
        named, absent = set(present.loc[present["code"] == code, "file"]), photos[column].isna()
        assert (
            set(photos.loc[absent & (photos["status"] == "read"), "file"]) <= named <= set(photos.loc[absent, "file"])
        ), code
