"""What a photo must tell to prove something is asked in one place, by the rules and by the packages."""

from __future__ import annotations

from typing import Any

import pytest

from weipian_plugin.evidence.records import ProofPhoto
from weipian_plugin.model.records import Photo
from weipian_plugin.model.words import PhotoStatus

WHOLE: dict[str, Any] = {
    "file": "a.jpg",
    "lon": 0.0,
    "lat": 0.0,
    "azimuth": 0.0,
    "taken_at": "2023-05-01T10:00:00+08:00",
}


@pytest.mark.parametrize(
    ("without", "tells"),
    [({}, True), *(({name: None}, False) for name in ("lon", "lat", "azimuth", "taken_at")), ({"taken_at": ""}, False)],
)
def test_a_photo_proves_with_position_azimuth_and_time(without: dict[str, Any], tells: bool) -> None:
    values = {**WHOLE, **without}
    assert Photo(**values).tells_its_view is tells, "zero is a value"
    assert ProofPhoto(**values, status=PhotoStatus.READ).proves is tells
    assert not ProofPhoto(**values, status=PhotoStatus.REJECTED).proves
