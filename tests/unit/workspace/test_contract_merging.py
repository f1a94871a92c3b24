"""A run's results beside what colleagues did meanwhile, row by row, on both databases: contents, states and the journal."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import shapely

from tests import postgres
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import Workspace, journal, local_merge, remote_merge
from weipian_plugin.workspace.backend import Connection
from weipian_plugin.workspace.changes import TableChanges
from weipian_plugin.workspace.working_copy import Brought, working_on_copy

SHAPE = shapely.MultiPolygon([shapely.box(105, 29, 105.1, 29.1)])


def parcels(*numbers: str) -> pd.DataFrame:
    return pd.DataFrame([{"number": number, "state": "未提报", "geometry": SHAPE} for number in numbers])


def measures(value: str, *numbers: str) -> pd.DataFrame:
    return pd.DataFrame([{"parcel": number, "measure": "area", "value": value} for number in numbers])


def links(*photos: str, status: str = "attached") -> pd.DataFrame:
    return pd.DataFrame([{"photo": photo, "parcel": "1", "status": status, "manual": 0} for photo in photos])


def brought(
    store: Workspace, place: str, run: Callable[[Workspace], object], colleague: Callable[[Workspace], object]
) -> Brought:
    """A run on a copy, a colleague who writes before it ends."""
    with working_on_copy(store) as aside:
        run(aside.store)
        with Workspace.open(place, check=False) as other:
            colleague(other)
        return aside.bring_back()


def test_a_table_that_a_run_looked_at_and_a_colleague_wrote_to_keeps_its_state(store: Workspace, place: str) -> None:
    """A delivery without anything new journals its parcels all the same: their state is the one the colleague's act left."""
    store.insert("parcel", parcels("1"), "张三", "入库")
    found = brought(
        store, place,
        lambda aside: aside.insert("parcel", parcels("1").iloc[:0], "张三", "入库"),
        lambda other: other.update("parcel", {"number": "1"}, {"state": "已判定"}, "李四", "判定"),
    )  # fmt: skip
    assert found.touched == {"parcel"} and found.last == found.begun + 1
    assert store.records("parcel")[0]["state"] == "已判定" and store.audit() == []


def test_a_run_that_a_colleague_wrote_during_for_long_sets_no_clock_back(
    store: Workspace, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun_long_ago(aside: Workspace) -> None:
        then = (datetime.now().astimezone() - timedelta(hours=1)).isoformat(timespec="seconds")
        with monkeypatch.context() as earlier:
            earlier.setattr(journal, "now", lambda: then)
            aside.replace("measure", measures("1", "1"), "张三", "套合")

    brought(store, place, begun_long_ago, lambda other: other.insert("parcel", parcels("1"), "李四", "补录"))
    assert [(row["who"], row["what"]) for row in store.records("journal")] == [("李四", "parcel"), ("张三", "measure")]
    assert store.audit() == []


@pytest.mark.parametrize("act", ["changed", "removed", "another"])
def test_a_row_that_a_run_removed_stays_where_a_colleague_changed_it(store: Workspace, place: str, act: str) -> None:
    store.insert("photo_parcel", links("a", "b", "c"), "张三", "挂接")
    acts: dict[str, Callable[[Workspace], object]] = {
        "changed": lambda other: other.update("photo_parcel", {"photo": "a", "parcel": "1"}, {"status": "detached"}, "李四", "解挂"),
        "removed": lambda other: other.delete("photo_parcel", "李四", "解挂", photo="a"),
        "another": lambda other: other.insert("photo_parcel", links("z"), "李四", "挂接"),
    }  # fmt: skip
    brought(store, place, lambda aside: aside.delete("photo_parcel", "张三", "挂接", photo=["a", "b"]), acts[act])
    left = {"changed": ["a", "c"], "removed": ["c"], "another": ["c", "z"]}[act]
    assert [row["photo"] for row in store.records("photo_parcel")] == left and store.audit() == []


def test_a_row_that_a_run_changed_and_a_colleague_removed_stays_away(store: Workspace, place: str) -> None:
    store.insert("photo_parcel", links("a", "b"), "张三", "挂接")

    def run(aside: Workspace) -> None:
        for photo in ("a", "b"):
            aside.update("photo_parcel", {"photo": photo, "parcel": "1"}, {"score": 0.5}, "张三", "挂接")

    found = brought(store, place, run, lambda other: other.delete("photo_parcel", "李四", "解挂", photo="a"))
    assert [(row["photo"], row["score"]) for row in store.records("photo_parcel")] == [("b", 0.5)]
    assert found.kept == () and store.audit() == []


def test_of_a_row_that_both_added_the_colleagues_counts(store: Workspace, place: str) -> None:
    store.insert("photo_parcel", links("a"), "张三", "挂接")
    brought(
        store, place,
        lambda aside: aside.insert("photo_parcel", links("b", "c"), "张三", "挂接"),
        lambda other: other.insert("photo_parcel", links("b", status="ambiguous"), "李四", "挂接"),
    )  # fmt: skip
    rows = {row["photo"]: row["status"] for row in store.records("photo_parcel")}
    assert rows == {"a": "attached", "b": "ambiguous", "c": "attached"} and store.audit() == []


def test_what_a_colleague_began_in_an_empty_table_stays_beside_the_first_run(store: Workspace, place: str) -> None:
    """Into a table without rows SQLite puts all at once: not where somebody was faster."""
    brought(
        store, place,
        lambda aside: aside.insert("parcel", parcels("1", "2"), "张三", "入库"),
        lambda other: other.insert("parcel", parcels("9"), "李四", "补录"),
    )  # fmt: skip
    assert [row["number"] for row in store.records("parcel")] == ["9", "1", "2"] and store.audit() == []


def test_results_that_all_come_out_otherwise_are_put_in_place_in_their_order(store: Workspace, place: str) -> None:
    numbers = [str(number) for number in range(50)]
    store.replace("measure", measures("1", *numbers), "张三", "套合")
    store.insert("decision", pd.DataFrame([{"id": "d", "parcel": "1"}]), "李四", "判定", each=True)
    with working_on_copy(store) as aside:
        aside.store.replace("measure", measures("2", *reversed(numbers)), "张三", "套合")
        aside.bring_back()
    rows = store.records("measure")
    assert [(row["parcel"], row["value"]) for row in rows] == [(number, "2") for number in reversed(numbers)]
    assert len({row["fid"] for row in rows}) == 50 and store.audit() == []
    store.insert("measure", measures("3", "neu"), "张三", "套合")
    assert store.records("measure")[-1]["parcel"] == "neu" and store.audit() == []


def test_a_file_of_another_build_is_not_put_in_place_as_a_whole(
    tmp_path: Path, laid: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague's plugin that is newer has added a column meanwhile: rows are written by the names of their columns."""
    place = str(tmp_path / "库.gpkg")
    monkeypatch.setattr(local_merge, "_put_whole", lambda *_: pytest.fail("as a whole"))
    with laid(place) as store:
        with working_on_copy(store) as aside:
            aside.store.replace("measure", measures("1", "1", "2"), "张三", "套合")
            store.connection.execute("ALTER TABLE measure ADD COLUMN later TEXT")
            aside.bring_back()
        assert [row["value"] for row in store.records("measure")] == ["1", "1"] and store.audit() == []


def test_on_a_server_new_results_are_written_unseen_before_anybody_has_to_wait(
    tmp_path: Path, team_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, written = team_server.team_place(tmp_path), remote_merge.write_beforehand

    def watched(connection: Connection, changes: Sequence[TableChanges]) -> None:
        written(connection, changes)
        assert connection.execute("SELECT count(*) FROM measure").fetchone()[0] == 3
        with Workspace.open(place) as other:
            assert other.read("measure")["value"].tolist() == ["1"]
            other.insert("document", pd.DataFrame([{"id": "d", "parcel": "9", "kind": "批文"}]), "李四", "材料")

    monkeypatch.setattr(remote_merge, "write_beforehand", watched)
    with Workspace.create(place) as store:
        store.insert("measure", measures("1", "9"), "张三", "套合")
        with working_on_copy(store) as aside:
            aside.store.replace("measure", measures("2", "1", "2", "9"), "张三", "套合")
            assert aside.bring_back().touched == {"document"}
        assert store.read("measure")["parcel"].tolist() == ["1", "2", "9"]
        assert store.read("measure")["value"].tolist() == ["2"] * 3 and store.audit() == []


def test_a_run_whose_rows_a_colleague_is_writing_waits_and_then_keeps_the_colleagues(
    tmp_path: Path, team_server: postgres.Server
) -> None:
    """On a server what is new is written before the lock is taken, and there the two wait for each other: the server ends one of them."""
    place = team_server.team_place(tmp_path)
    photos = pd.DataFrame([{"file": f"{name}.jpg", "sha256": name} for name in ("a", "b")])
    ended, holds = list[str](), threading.Event()

    def colleague() -> None:
        try:
            with Workspace.open(place) as other, other.transaction():
                holds.set()
                _until_somebody_waits(team_server)
                other.insert("photo", photos.iloc[1:].assign(status="removed"), "李四", "照片挂接")
        except WeipianError as error:
            ended.append(error.code)

    with Workspace.create(place) as store, working_on_copy(store) as aside:
        aside.store.insert("photo", photos, "张三", "照片挂接")
        writing = threading.Thread(target=colleague)
        writing.start()
        assert holds.wait(20)
        aside.bring_back()
        writing.join()
        rows = {row["file"]: row["status"] for row in store.records("photo")}
        assert set(rows) == {"a.jpg", "b.jpg"} and store.count("photo") == 2
        assert ended in ([], ["workspace.locked"])
        assert rows["b.jpg"] == (None if ended else "removed")
        assert store.audit() == []


def _until_somebody_waits(server: postgres.Server) -> None:
    """For the lock of a workspace."""
    import psycopg2

    connection = psycopg2.connect(server.dsn)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
