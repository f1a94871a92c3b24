"""Steps that read while the file is still checked make nothing of a damaged workspace, and say first what speaks against the journal."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.unit.histories import ON_WHOLE, histories
from tests.unit.test_one_truth import snapshot
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.pipeline.export_packages import ExportPackages
from weipian_plugin.pipeline.match_photos import MatchPhotos
from weipian_plugin.workspace import Workspace, copies
from weipian_plugin.workspace.beside import start_beside

#: A table that neither an export nor the photos read.
_UNREAD = "field_result"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    path = tmp_path / "库" / "库.gpkg"
    tables = snapshot(histories(ON_WHOLE, 1))
    with Workspace.create(path) as store:
        for name in ("parcel", "measure", "decision"):
            store.insert(name, tables[name], "甲", name, each=name == "decision")
    return path


def damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (_UNREAD,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x55" * size)


class Heard(Silent):
    """What was said, each with the packages that were there then."""

    def __init__(self, packages: Path) -> None:
        self.packages = packages
        self.said: list[tuple[str, int]] = []

    def report(self, message: Message, level: str = "info") -> None:
        self.said.append((message.code, len(list(self.packages.glob("[!.]*/manifest.json")))))


def test_no_package_is_made_of_a_damaged_workspace(workspace: Path, tmp_path: Path) -> None:
    damage(workspace)
    with pytest.raises(WeipianError) as refused:
        ExportPackages(workspace, tmp_path / "卷宗").start(Silent())
    assert refused.value.code == "workspace.damaged"
    assert not list((tmp_path / "卷宗").rglob("manifest.json"))


def test_photos_write_nothing_into_a_damaged_workspace(workspace: Path, tmp_path: Path) -> None:
    damage(workspace)
    before = workspace.read_bytes()
    (tmp_path / "照片").mkdir()
    with pytest.raises(WeipianError) as refused:
        MatchPhotos(workspace, (str(tmp_path / "照片"),)).start(Silent())
    assert refused.value.code == "workspace.damaged" and workspace.read_bytes() == before


def test_a_broken_journal_is_said_before_the_first_package_and_once(workspace: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(workspace)) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET who = '乙' WHERE fid = 2")
    heard = Heard(tmp_path / "卷宗")
    ExportPackages(workspace, heard.packages).start(heard)
    assert [entry for entry in heard.said if entry[0] == "workspace.journal_broken"] == [
        ("workspace.journal_broken", 0)
    ]
    assert list(heard.packages.glob("*/manifest.json"))


def test_a_table_changed_past_the_journal_is_said_behind_the_packages(workspace: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(workspace)) as connection, connection:
        connection.execute("UPDATE parcel SET village = '别村'")
    heard = Heard(tmp_path / "卷宗")
    done = ExportPackages(workspace, heard.packages).start(heard)
    assert ("workspace.table_changed", done.outputs()["WRITTEN"]) in heard.said


def test_no_write_begins_while_something_runs_beside(workspace: Path) -> None:
    free, ended = threading.Event(), []
    with Workspace.open(workspace) as store:
        store.beside(lambda: (free.wait(20), ended.append(True)))
        threading.Timer(0.1, free.set).start()
        store.set_setting("甲", "乙", "张三", "试")
        assert ended == [True]


def test_todays_copy_is_that_of_before_the_run(workspace: Path, tmp_path: Path) -> None:
    before = Workspace.open(workspace)
    rows = before.count("journal")
    before.close()
    ExportPackages(workspace, tmp_path / "卷宗").start(Silent())
    kept = copies.folder_of(workspace) / f"{date.today().isoformat()}.gpkg"
    with Workspace.open(kept) as copy, Workspace.open(workspace) as now:
        assert copy.count("journal") == rows < now.count("journal")


def test_what_fails_beside_is_raised_each_time_it_is_waited_for() -> None:
    def work() -> None:
        raise WeipianError("workspace.damaged", path="库")

    ended = start_beside(work)
    for _ in range(2):
        with pytest.raises(WeipianError):
            ended()


def test_a_list_of_numbers_and_no_filter_ask_for_the_numbers_alone(workspace: Path, tmp_path: Path) -> None:
    with Workspace.open(workspace) as store:
        numbers = store.columns("parcel", ["number"])["number"].tolist()
        store.insert("proposal", pd.DataFrame([{"parcel": numbers[0], "part": "", "category": "合法"}]), "甲", "判定")
        for text, wanted in ((None, len(numbers)), (numbers[1], 1)):
            done = ExportPackages(workspace, tmp_path / "卷宗", filter=text).run(store, Silent())
            assert done.parcels == wanted
