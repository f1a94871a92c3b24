"""A share of the drill (`make drill`): deliveries by other programs end in the right parcels or one sentence without a library's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.checking import english_in, fault_of
from tests.drill.writers import GIS, OFFICE, cases, damaged
from weipian_plugin.model.messages import Message

SEEDS = (11, 12)


@pytest.mark.parametrize("seed", SEEDS)
def test_deliveries_by_other_hands_are_read_or_named(seed: int, tmp_path: Path) -> None:
    count = 2 * len((*GIS, *OFFICE, damaged))
    faults = {case.title: fault for case in cases(tmp_path, seed, count) if (fault := fault_of(case))}
    assert not faults


def test_the_words_of_a_library_are_found_in_a_sentence() -> None:
    told = Message("intake.catalogue_unreadable", {"path": "a.yaml", "reason": "while scanning a simple key"})
    assert english_in(told) == "while scanning a simple key"
    assert not english_in(Message("intake.file_missing", {"path": "my own folder name/a b c.shp"}))
