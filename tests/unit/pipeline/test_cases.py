"""Cases read a few parcels at a time are those of a snapshot of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.histories import ON_PARTS, ON_WHOLE, histories
from tests.unit.test_one_truth import snapshot
from weipian_plugin.filing import gather_cases
from weipian_plugin.filing.ledger import Ledger
from weipian_plugin.model.version import plugin_version
from weipian_plugin.pipeline import case_journal
from weipian_plugin.pipeline.cases import read_cases
from weipian_plugin.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parcels after all histories of two acts, photos tied to some of them by a run and by a person, documents and a batch."""
    path = tmp_path_factory.mktemp("库") / "库.gpkg"
    tables = snapshot([*histories(ON_WHOLE, 2), *histories((*ON_WHOLE, *ON_PARTS), 2, "Q")])
    numbers = tables["parcel"]["number"].tolist()
    with Workspace.create(path) as store:
        store.insert("batch", pd.DataFrame([{"name": "一", "received_at": "2026-01-01", "report": {}}]), "甲", "入库")
        for name in ("parcel", "part", "measure", "decision"):
            frame = tables[name].assign(batch="一") if name == "parcel" else tables[name]
            store.insert(name, frame, "甲", name, each=name == "decision")
        shots = pd.DataFrame([{"file": f"{i}.jpg", "sha256": f"s{i}" if i % 3 else None} for i in range(len(numbers))])
        store.insert("photo", shots, "甲", "照片")
        keys = shots["sha256"].where(shots["sha256"].notna(), shots["file"])
        links = pd.DataFrame(
            {"photo": keys, "parcel": numbers, "status": "attached", "manual": 0, "reasons": [[]] * len(keys)}
        )
        store.insert("photo_parcel", links.iloc[::2], "甲", "照片挂接")
        store.insert(
            "photo_parcel", links.iloc[1::4].assign(manual=1, by="乙", at="2026-02-01"), "乙", "挂接", each=True
        )
        papers = pd.DataFrame(
            [
                {"id": str(i), "parcel": number, "kind": "批文", "file": f"{i}.pdf"}
                for i, number in enumerate(numbers[::5])
            ]
        )
        store.insert("document", papers, "乙", "登记", each=True)
        store.update("parcel", {"number": numbers[3]}, {"village": "新村"}, "乙", "再次下发")
    return path


def test_a_handful_at_a_time_gives_the_same_cases_as_everything_at_once(workspace: Path) -> None:
    with Workspace.open(workspace) as store:
        numbers = store.columns("parcel", ["number"])["number"].tolist()
        whole = list(
            gather_cases(
                store.snapshot(),
                numbers,
                workspace_folder=workspace.parent,
                plugin_version=plugin_version(),
                map_inputs={"a": 1},
            )
        )
        few = list(read_cases(store, numbers, {"a": 1}))
        backwards = list(read_cases(store, numbers[::-7], {"a": 1}))
    assert len(few) == len(numbers) > 60
    assert sum(bool(case.photos) for case in few) > 30
    assert sum(len(case.merged) > 1 for case in few) > 3
    by_number = {case.number: case for case in whole}
    for case in (*few, *backwards):
        other = by_number[case.number]
        assert case.digest() == other.digest(), case.number
        for name in ("ledger", "journal_end", "journal", "decisions", "merged", "project", "photos", "documents"):
            assert getattr(case, name) == getattr(other, name), (case.number, name)


def test_what_is_decided_while_packages_are_made_is_read_on(workspace: Path) -> None:
    with Workspace.open(workspace) as store, Workspace.open(workspace) as colleague:
        numbers = store.columns("parcel", ["number"])["number"].tolist()
        cases = read_cases(store, numbers, {})
        first = next(cases)
        colleague.update("parcel", {"number": numbers[-1]}, {"village": "后来的村"}, "丙", "再次下发")
        last = list(cases)[-1]
    assert last.parcel.village == "后来的村"
    assert last.journal_end[0] == first.journal_end[0] + 1
    assert any(row.get("who") == "丙" for row in last.journal)


NUMBERS = ["320500SJBG0001", '带"引号', "带\\反斜杠", "带\n换行", "1"]
_VALUES = st.recursive(
    st.sampled_from([*NUMBERS, "别的", 1, None, True]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["parcel", "members", "findings", "x"]), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(
    st.one_of(st.none(), st.dictionaries(st.sampled_from(["parcel", "members", "findings"]), _VALUES, max_size=3)),
    st.booleans(),
    st.sampled_from([None, (",", ":")]),
)
def test_no_row_that_speaks_of_a_parcel_is_overlooked(values: Any, ascii: bool, separators: Any) -> None:
    """Rows are found without taking their JSON apart: those found hold all that speak of the parcel."""
    text = None if values is None else json.dumps(values, ensure_ascii=ascii, separators=separators)
    if isinstance((values or {}).get("members"), (str, int)):
        return  # no list of members, in no release
    row: list[Any] = [None] * len(case_journal.COLUMNS)
    row[case_journal.COLUMNS.index("key")], row[case_journal.COLUMNS.index("after")] = "a/1", values
    spoken = case_journal.spoken_of(tuple(row)) & set(NUMBERS)
    assert spoken <= case_journal.words_of("a/1") | case_journal.named_in(text)


def test_the_account_of_a_few_parcels_is_that_of_all(workspace: Path) -> None:
    """Every parcel by itself: acts, acts taken back, splits, merges and what a bulk write hides."""
    with Workspace.open(workspace) as store:
        numbers = store.columns("parcel", ["number"])["number"].tolist()
        rows = [case_journal.decoded(row) for row in store.values("journal", case_journal.COLUMNS)]
        whole = Ledger(dict(zip(case_journal.COLUMNS, row)) for row in rows)
        journal = case_journal.CaseJournal(store, frozenset(numbers))
        journal.read_on()
        for number in numbers:
            few = journal.ledger([number])
            assert few is not None and few.complete == whole.complete
            assert few.entries(number) == whole.entries(number), number
        bulk = pd.DataFrame([{"id": "x", "parcel": numbers[0], "part": "", "role": "经办", "status": "current"}])
        store.insert("decision", bulk, "丙", "导入")
        journal.read_on()
        few = journal.ledger(numbers[-1:])
        assert few is not None and not few.complete
