"""10,000 photos around 2,000 parcels with known answers, in several countrysides."""

from __future__ import annotations

import os

import numpy as np

from weipian_plugin import evidence
from weipian_plugin.evidence.settings import load_settings

from .countryside import make

#: More countrysides, for a change of the tying: WEIPIAN_COUNTRYSIDES=201-230.
_FIRST, _LAST = (int(text) for text in os.environ.get("WEIPIAN_COUNTRYSIDES", "7-7").split("-"))
SEEDS = sorted({*range(_FIRST, _LAST + 1), 102, 107})


def test_no_photo_is_attached_to_a_wrong_parcel_and_those_a_person_can_tell_are_attached() -> None:
    """Wrong is any parcel but the one that is alone in the picture of somebody who meant it; and for all other photos one that the true
    picture misses by more than a device's usual error: nearer, nobody can tell from the data. Of several in a picture each is right."""
    tolerance = load_settings().limit("position_tolerance_m")
    misled, far, plain, right = 0, 0, 0, 0
    for seed in SEEDS:
        countryside = make(seed=seed)
        links = evidence.match_photos(countryside.photos, countryside.parcels)
        attached = links[links["status"] == "attached"].set_index("file")["parcel"].to_dict()
        chosen = np.array([attached.get(file, "") for file in countryside.photos["file"].tolist()])
        misled += int((countryside.plain & (chosen != "") & (chosen != countryside.truth)).sum())
        far += int((countryside.missed(chosen) > tolerance).sum())
        plain += int(countryside.plain.sum())
        right += int((countryside.plain & (chosen == countryside.truth)).sum())
    assert plain > 7_000 * len(SEEDS)
    assert (misled, far, right / plain >= 0.98) == (0, 0, True), (
        f"{misled} misled, {far} far off, {right / plain:.4f} of {plain} attached"
    )
