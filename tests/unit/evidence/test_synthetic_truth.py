"""10,000 photos around 2,000 parcels with known answers."""
from __future__ import annotations

import numpy as np
import pytest

from weipian_plugin import evidence

from .countryside import Countryside, make


@pytest.fixture(scope="module")
def countryside() -> Countryside:
    return make()


def test_no_photo_is_attached_to_a_wrong_parcel_and_those_a_person_can_tell_are_attached(countryside: Countryside) -> None:
    ties = evidence.tie(countryside.photos, countryside.parcels)
    attached = ties[ties["status"] == "attached"].set_index("file")["parcel"].to_dict()
    files = countryside.photos["file"].tolist()
    chosen = np.array([attached.get(file, "") for file in files])
    wrong = (chosen != "") & (chosen != countryside.truth)
    assert countryside.plain.sum() > 7_000
    share = (chosen == countryside.truth)[countryside.plain].mean()
    assert (int(wrong.sum()), share >= 0.98) == (0, True), f"{wrong.sum()} wrong, {share:.4f} of the plain ones attached"
