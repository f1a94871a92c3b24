"""A workspace of version 1 (made by the release before schema 2: `data/version-1.gpkg`) opens without loss."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from weipian_plugin.filing import gather_cases
from weipian_plugin.judgment.recording import standings
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import SCHEMA_VERSION, Workspace
from weipian_plugin.workspace.migrations import DECISION_COLUMNS

OLD = Path(__file__).with_name("data") / "version-1.gpkg"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "工作库.gpkg"))


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(str(path))
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY fid")]
    connection.close()
    return found


TABLES = [
    *("batch", "parcel", "coverage", "measure", "region", "part", "proposal", "photo", "photo_parcel", "document"),
    *("rectification", "package", "refusal", "layer", "journal"),
]


def test_nothing_is_lost(path: Path) -> None:
    before = {name: rows(path, name) for name in TABLES}
    with Workspace.open(path) as store:
        assert store.setting("schema_version") == str(SCHEMA_VERSION)
        assert store.journal_break() is None
    for name in TABLES:
        after = rows(path, name)[: len(before[name])]
        assert [{key: row[key] for key in old} for row, old in zip(after, before[name])] == before[name], name
        assert len(after) == len(before[name]) > 0 or name == "refusal"


def test_decisions_keep_every_word_and_get_their_order(path: Path) -> None:
    before = rows(path, "decision")
    with Workspace.open(path) as store:
        after = store.records("decision")
    assert [row["sequence"] for row in after] == list(range(1, len(before) + 1))
    for old, new in zip(before, after):
        fields = json.loads(old["fields"])
        assert {name: new[name] for name in DECISION_COLUMNS} == {name: fields.get(name) for name in DECISION_COLUMNS}
        assert new["fields"] == {key: value for key, value in fields.items() if key not in DECISION_COLUMNS}
        same = set(old) - {"fields", "stale"}
        assert {key: new[key] for key in same} == {key: old[key] for key in same}


def test_what_counts_is_the_last_decision_and_not_the_row_that_was_marked(path: Path) -> None:
    with Workspace.open(path) as store:
        marked = next(row["parcel"] for row in store.records("decision") if row["stale"])
        (case,) = gather_cases(store.snapshot(), [marked], workspace_folder=path.parent)
        known = standings(store)
    assert case.decision is not None and (case.decision.category, case.decision.person) == ("合法", "李四")
    assert sorted(known.of(number).state for number in known.merges) == ["已判定", "已判定"]
    divided = [stands for stands in map(known.of, {row["parcel"] for row in rows(path, "decision")}) if stands.divided]
    assert [(unit.part, unit.category) for unit in divided[0].units][:2] == [("_1", "违法"), ("_2", "合法")]


def test_the_old_file_stays_beside_it_and_opening_again_changes_nothing(path: Path) -> None:
    Workspace.open(path).close()
    copy = path.with_name("工作库.v1.gpkg")
    assert rows(copy, "decision") == rows(OLD, "decision")
    once = path.read_bytes()
    Workspace.open(path).close()
    assert path.read_bytes() == once


def test_a_workspace_that_cannot_be_migrated_is_left_as_it_was(path: Path) -> None:
    other = sqlite3.connect(str(path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(WeipianError) as caught:
        Workspace.open(path)
    other.execute("ROLLBACK")
    other.close()
    assert caught.value.code in ("workspace.locked", "workspace.not_migrated")
    assert path.read_bytes() == OLD.read_bytes()


def test_a_workspace_of_today_has_the_same_columns_as_a_migrated_one(path: Path, tmp_path: Path) -> None:
    Workspace.open(path).close()
    Workspace.create(tmp_path / "new.gpkg").close()
    for name in (*TABLES, "decision", "setting"):
        old, new = (
            {row["name"]: row["type"] for row in rows_of_pragma(file, name)} for file in (path, tmp_path / "new.gpkg")
        )
        assert old == new, name


def rows_of_pragma(path: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(str(path))
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return found
