"""What another program does to a workspace is found: in the journal, at its end, in the tables; a clock set back is said."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.workspace import Workspace, audit, journal

OLD = Path(__file__).with_name("data") / "version-1.gpkg"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = Path(shutil.copy(OLD, tmp_path / "工作库.gpkg"))
    with Workspace.open(found) as store:
        numbers = [number for (number,) in store.values("parcel", ("number",))]
        store.update("parcel", {"number": numbers[0]}, {"village": "甲村"}, "张三", "试")
        store.update_rows("parcel", {numbers[1]: {"village": ""}, numbers[2]: {"village": None}}, "张三", "试")
        store.insert("document", pd.DataFrame([{"id": "d2", "parcel": numbers[0]}]), "张三", "试", each=True)
        store.replace("measure", store.read("measure").drop(columns=["fid"]), "张三", "套合分析")
        store.replace(
            "package", pd.DataFrame([{"parcel": numbers[3], "complete": 1}]), "张三", "导出", parcel=[numbers[3]]
        )
        store.delete("document", "张三", "移除", id="d2")
    return found


def sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(str(path))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def doubts(path: Path) -> set[str]:
    with Workspace.open(path) as store:
        return {doubt.code for doubt in store.audit()}


def test_a_workspace_that_only_this_program_wrote_has_no_doubts(path: Path) -> None:
    assert doubts(path) == set()
    with Workspace.open(path) as store:
        assert store.doubts == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET category = '合法' WHERE fid = (SELECT MIN(fid) FROM decision WHERE category = '违法')",
        "UPDATE decision SET fields = '{}' WHERE fid = 3",
        "DELETE FROM decision WHERE fid = 2",
        "UPDATE proposal SET category = '合法' WHERE category = '违法'",
        "UPDATE parcel SET area_m2 = area_m2 + 0.001 WHERE fid = 1",
        "UPDATE parcel SET geom = (SELECT geom FROM parcel WHERE fid = 2) WHERE fid = 1",
        "UPDATE measure SET value = '0' WHERE measure = 'uncovered' AND fid % 3 = 0",
        "UPDATE package SET complete = 0 WHERE complete = 1",
        "INSERT INTO document (id, parcel, kind) VALUES ('x', 'y', '批文')",
        "UPDATE photo SET azimuth = 0 WHERE fid = 1",
    ],
)
def test_a_row_changed_past_the_journal_is_found(path: Path, statement: str) -> None:
    sql(path, statement)
    assert doubts(path) == {"workspace.table_changed"}


def test_a_row_changed_past_the_journal_stays_found_after_honest_writes(path: Path) -> None:
    sql(path, "UPDATE decision SET category = '合法' WHERE category = '违法'")
    with Workspace.open(path) as store:
        number = store.values("parcel", ("number",))[0][0]
        store.update("parcel", {"number": number}, {"village": "乙村"}, "张三", "试")
        store.update("decision", {"id": store.values("decision", ("id",))[0][0]}, {"stale": None}, "张三", "试")
    assert doubts(path) == {"workspace.table_changed"}


def test_the_state_carried_on_is_not_believed_by_itself(path: Path) -> None:
    sql(path, "UPDATE setting SET value = '" + "0" * 64 + "' WHERE name = 'state:decision'")
    with Workspace.open(path) as store:
        store.update("decision", {"id": store.values("decision", ("id",))[0][0]}, {"remark": "x"}, "张三", "试")
    assert doubts(path) == {"workspace.table_changed"}


@pytest.mark.parametrize("statement", ["UPDATE journal SET who = 'x'", "DELETE FROM journal WHERE fid = 3"])
def test_the_journal_is_append_only(path: Path, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sql(path, statement)


def test_insert_or_replace_does_not_pass_the_triggers(path: Path, tmp_path: Path) -> None:
    Workspace.create(tmp_path / "新.gpkg").close()
    with Workspace.open(tmp_path / "新.gpkg") as store:
        store.set_setting("a", "b", "张三", "试")
    for file, fid in ((path, 5), (tmp_path / "新.gpkg", 1)):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            sql(file, f"INSERT OR REPLACE INTO journal (fid, at, who) VALUES ({fid}, 'x', 'y')")


UNGUARDED = ("DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE journal SET who = '王五' WHERE fid = 5", "workspace.journal_broken"),
        ("DELETE FROM journal WHERE fid = 7", "workspace.journal_broken"),
        ("DELETE FROM journal WHERE fid > (SELECT MAX(fid) - 2 FROM journal)", "workspace.journal_cut"),
        ("DELETE FROM journal", "workspace.journal_cut"),
    ],
)
def test_a_changed_or_cut_journal_is_found_at_opening(path: Path, statement: str, code: str) -> None:
    sql(path, *UNGUARDED, statement)
    with Workspace.open(path) as store:
        assert code in {doubt.code for doubt in store.doubts}
        assert code in {doubt.code for doubt in store.audit()}


def test_null_and_blank_are_told_apart(path: Path) -> None:
    sql(
        path,
        UNGUARDED[0],
        'UPDATE journal SET "before" = \'\' WHERE fid = (SELECT MAX(fid) FROM journal WHERE "before" IS NULL)',
    )
    assert doubts(path) == {"workspace.journal_broken"}


def test_rows_of_an_earlier_release_keep_their_digest_and_cannot_follow_newer_ones(path: Path) -> None:
    with Workspace.open(path) as store:
        chains = [chain for (chain,) in store.values("journal", ("chain",))]
    assert None in chains and chains == sorted(chains, key=lambda chain: chain or 0)
    connection = sqlite3.connect(str(path))
    at = ("2026-11-27T00:00:00+08:00", "x", "y", "decision", "k", "update", None, None, None)
    (last,) = connection.execute("SELECT digest FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
    row = (*at, last)
    connection.execute(
        'INSERT INTO journal (at, who, why, what, "key", action, "before", "after", state, previous, digest) VALUES (?,?,?,?,?,?,?,?,?,?,?)',
        (*row, journal.digest(row, None)),
    )
    connection.commit()
    connection.close()
    assert "workspace.journal_broken" in doubts(path)


def test_a_clock_set_back_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Workspace.open(path) as store:
        monkeypatch.setattr(journal, "now", lambda: "2001-01-01T00:00:00+08:00")
        store.set_setting("a", "b", "张三", "试")
    with Workspace.open(path) as store:
        assert {doubt.code for doubt in store.doubts} == {"workspace.clock_back"}


def test_the_check_at_opening_goes_on_behind_its_mark(path: Path) -> None:
    with Workspace.open(path) as store:
        for turn in range(520):
            store.set_setting("turn", str(turn), "张三", "试")
    with Workspace.open(path) as store:
        assert store.doubts == ()
        assert store.setting("journal_checked")
        store.set_setting("turn", "x", "张三", "试")
    sql(path, UNGUARDED[0], "UPDATE journal SET who = 'x' WHERE fid = (SELECT MAX(fid) FROM journal)")
    with Workspace.open(path) as store:
        assert {doubt.code for doubt in store.doubts} == {"workspace.journal_broken"}


def test_what_a_colleague_writes_during_the_check_is_not_missing(tmp_path: Path) -> None:
    path = tmp_path / "库.gpkg"
    Workspace.create(path).close()
    with Workspace.open(path) as mine, Workspace.open(path) as colleague:
        given = mine.backend.journal_given

        def and_then() -> int:
            colleague.insert("batch", pd.DataFrame([{"name": "后来"}]), "李四", "图斑入库")
            return given()

        mine.backend.journal_given = and_then  # type: ignore[method-assign]
        assert [doubt.code for doubt in audit.at_opening(mine.backend)] == []
