"""A run works on a copy: nobody waits meanwhile, what colleagues write stays, and a broken run leaves no trace."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.working_copy import working_on_copy

NUMBERS = [f"SJBG{index}" for index in range(6)]


def parcel(number: str, **values: Any) -> dict[str, Any]:
    return {"number": number, "township": "镇", "state": "未提报", "flags": [], "version": 0, "geometry": shapely.box(105, 29, 105.1, 29.1),
            **values}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        store.insert("parcel", pd.DataFrame([parcel(number) for number in NUMBERS]), "甲", "入库")
        store.insert("measure", pd.DataFrame([{"parcel": "SJBG0", "measure": "area", "value": "1"}]), "甲", "套合")
    return tmp_path / "库.gpkg"


def run_of(store: Workspace) -> None:
    """What a run does: new and changed parcels, results put in place of others."""
    store.insert("parcel", pd.DataFrame([parcel("SJBG9")]), "甲", "再次下发")
    store.update("parcel", {"number": "SJBG1"}, {"township": "新镇", "village": "新村"}, "甲", "再次下发")
    store.replace("measure", pd.DataFrame([{"parcel": "SJBG9", "measure": "area", "value": "2"}]), "甲", "套合")


def rows(store: Workspace, name: str) -> list[dict[str, Any]]:
    return store.read(name).drop(columns=["fid"]).astype(object).to_dict("records")


def test_what_a_run_did_aside_is_what_it_would_have_done_in_place(path: Path, tmp_path: Path) -> None:
    with Workspace.open(path) as store:
        store.backup(tmp_path / "同.gpkg")
        with working_on_copy(store) as aside:
            run_of(aside.store)
            assert store.count("parcel") == len(NUMBERS), "nothing is written before the end"
            brought = aside.bring_back()
        assert brought.kept == () and brought.touched == frozenset()
        with Workspace.open(tmp_path / "同.gpkg") as same:
            run_of(same)
            for name in ("parcel", "measure", "setting"):
                mine, theirs = (
                    pd.DataFrame(rows(one, name)).drop(columns=["geometry"], errors="ignore") for one in (store, same)
                )
                assert mine.equals(theirs), name
            told = ["who", "why", "what", "key", "action", "before", "after"]
            assert store.read("journal")[told].equals(same.read("journal")[told])
        assert store.journal_break() is None
        assert store.audit() == []


def test_a_run_that_fails_leaves_the_workspace_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    with Workspace.open(path) as store, pytest.raises(RuntimeError), working_on_copy(store) as aside:
        run_of(aside.store)
        raise RuntimeError
    assert path.read_bytes() == before


def test_what_colleagues_wrote_meanwhile_stays(path: Path) -> None:
    with Workspace.open(path) as store, Workspace.open(path) as colleague:
        with working_on_copy(store) as aside:
            run_of(aside.store)
            colleague.update("parcel", {"number": "SJBG1"}, {"state": "已核实", "village": "同事村"}, "乙", "判定")
            colleague.insert("parcel", pd.DataFrame([parcel("SJBG9", township="同事镇")]), "乙", "入库")
            colleague.insert("document", pd.DataFrame([{"id": "1", "parcel": "SJBG1", "kind": "批文"}]), "乙", "材料")
            brought = aside.bring_back()
        found = {row["number"]: row for row in rows(store, "parcel")}
        assert (found["SJBG1"]["state"], found["SJBG1"]["village"], found["SJBG1"]["township"]) == (
            "已核实",
            "同事村",
            "新镇",
        )
        assert found["SJBG9"]["township"] == "同事镇"
        assert len(found) == len(NUMBERS) + 1
        assert store.count("document") == 1
        assert brought.kept == ("SJBG1",)
        assert brought.touched == {"parcel", "document"}
        assert store.journal_break() is None
        assert store.audit() == []


def test_results_of_two_runs_are_never_mixed(path: Path) -> None:
    with Workspace.open(path) as store, Workspace.open(path) as colleague:
        with working_on_copy(store) as aside:
            run_of(aside.store)
            colleague.replace(
                "measure", pd.DataFrame([{"parcel": "SJBG2", "measure": "area", "value": "3"}]), "乙", "套合"
            )
            with pytest.raises(WeipianError) as caught:
                aside.bring_back()
        assert caught.value.code == "run.changed_meanwhile"
        assert "乙" in caught.value.text()
        assert [row["value"] for row in rows(store, "measure")] == ["3"]
        assert store.count("parcel") == len(NUMBERS)


def test_others_read_and_write_while_a_run_works(path: Path) -> None:
    """Held against a run in one transaction, which keeps everybody out until its end."""
    longest = 0.0
    working = threading.Event()

    def colleague() -> None:
        nonlocal longest
        with Workspace.open(path) as other:
            while not working.is_set():
                begun = time.monotonic()
                other.set_setting("stand", str(begun), "乙", "写")
                other.read("parcel")
                longest = max(longest, time.monotonic() - begun)

    with Workspace.open(path) as store:
        thread = threading.Thread(target=colleague)
        thread.start()
        with working_on_copy(store) as aside:
            aside.store.insert(
                "measure",
                pd.DataFrame({"parcel": [f"P{i}" for i in range(20000)], "measure": "m", "value": "1"}),
                "甲",
                "套合",
            )
            time.sleep(1.5)
            aside.bring_back()
        working.set()
        thread.join()
        assert store.count("measure") == 20001
    assert longest < 5.0, "the patience of an operation: nobody was refused"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ours=st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(["township", "village", "state"]), st.text("ab", max_size=2)), max_size=4),
    theirs=st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(["township", "village", "state"]), st.text("cd", max_size=2)), max_size=4),
)  # fmt: skip
def test_a_value_a_colleague_changed_is_never_overwritten(
    tmp_path: Path, ours: list[tuple[str, str, str]], theirs: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "库.gpkg"
    path.unlink(missing_ok=True)
    with Workspace.create(path) as store, Workspace.open(path) as colleague:
        store.insert("parcel", pd.DataFrame([parcel(number) for number in NUMBERS]), "甲", "入库")
        before = {row["number"]: row for row in rows(store, "parcel")}
        with working_on_copy(store) as aside:
            for number, column, value in ours:
                aside.store.update("parcel", {"number": number}, {column: value}, "甲", "x")
            for number, column, value in theirs:
                colleague.update("parcel", {"number": number}, {column: value}, "乙", "x")
            last_ours = {row["number"]: row for row in rows(aside.store, "parcel")}
            last_theirs = {row["number"]: row for row in rows(colleague, "parcel")}
            aside.bring_back()
        for row in rows(store, "parcel"):
            number = row["number"]
            for column in ("township", "village", "state"):
                was, mine, other = before[number][column], last_ours[number][column], last_theirs[number][column]
                assert row[column] == (other if other != was else mine), (number, column)
        assert store.journal_break() is None
        assert store.audit() == []


def test_the_file_stays_an_ordinary_geopackage(path: Path) -> None:
    with Workspace.open(path) as store, working_on_copy(store) as aside:
        run_of(aside.store)
        aside.bring_back()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'weipian%'").fetchone() == (0,)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is ended in its middle by way of fork")
def test_a_run_that_is_killed_while_it_writes_has_written_all_or_nothing(path: Path, tmp_path: Path) -> None:
    """At one statement of the writing after the other, also where results are put in place as a whole."""
    whole = Path(shutil.copy(path, tmp_path / "whole.gpkg"))
    assert not killed_at(whole, 10**6)
    before, after, seen = contents(path), contents(whole), list[bool]()
    for statement in itertools.count(0, 3):
        killed = Path(shutil.copy(path, tmp_path / "killed.gpkg"))
        if not killed_at(killed, statement):
            break
        with Workspace.open(killed) as store:
            store.check()
            assert store.audit() == []
        found = contents(killed)
        assert found in (before, after), statement
        seen.append(found == after)
    assert len(seen) > 6 and not seen[0] and seen == sorted(seen)


def killed_at(path: Path, statement: int) -> bool:
    """Whether a run on the workspace was killed at this statement of its writing; it was not where it has fewer."""
    child = os.fork()
    if child == 0:
        try:
            with Workspace.open(path) as store, working_on_copy(store) as aside:
                run_of(aside.store)
                statements = itertools.count()
                kill = lambda _: os.kill(os.getpid(), signal.SIGKILL) if next(statements) == statement else None  # noqa: E731
                store.connection.set_trace_callback(kill)  # type: ignore[attr-defined]
                aside.bring_back()
            os._exit(0)
        except BaseException:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def contents(path: Path) -> list[Any]:
    with Workspace.open(path) as store:
        return [
            sorted(map(repr, store.values(name, ("fid", column))))
            for name, column in (("parcel", "village"), ("measure", "value"))
        ]
