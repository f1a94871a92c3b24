"""Locks, damage and read-only folders are said in sentences; a snapshot is one moment; daily copies are kept."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import SCHEMA_VERSION, Workspace, copies, sqlite_backend

OLD = Path(__file__).with_name("data") / "version-1.gpkg"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(OLD, tmp_path_factory.mktemp("w") / "工作库.gpkg"))
    Workspace.open(path).close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "工作库.gpkg"))


def everything(opened: Workspace) -> None:
    """What a window and a run do with a workspace."""
    opened.snapshot()
    opened.records("parcel")
    opened.data_version()
    opened.count("decision")
    opened.setting("catalogue")
    opened.journal_break()
    number = opened.values("parcel", ("number",))[0][0]
    opened.update("parcel", {"number": number}, {"village": "甲村"}, "张三", "试")
    opened.insert("refusal", pd.DataFrame([{"source": "x", "feature": "1", "code": "c"}]), "张三", "试")


def test_a_damaged_page_is_said_and_never_a_raw_error(path: Path) -> None:
    content, rng, said = path.read_bytes(), random.Random(3), Counter()
    for _ in range(60):
        damaged = bytearray(content)
        start = rng.randrange(1, len(content) // 4096) * 4096
        damaged[start : start + 4096] = rng.randbytes(4096)
        path.write_bytes(bytes(damaged))
        try:
            with Workspace.open(path) as opened:
                everything(opened)
            said["unseen"] += 1
        except WeipianError as error:
            assert "‹" not in str(error) and "malformed" not in str(error)
            said[error.code] += 1
    assert said["workspace.damaged"] >= 45, said


def test_damage_that_opening_does_not_look_for_is_said_by_every_call(path: Path) -> None:
    content, rng = path.read_bytes(), random.Random(4)
    for _ in range(40):
        damaged = bytearray(content)
        start = rng.randrange(1, len(content) // 4096) * 4096
        damaged[start : start + 2048] = rng.randbytes(2048)
        path.write_bytes(bytes(damaged))
        try:
            with Workspace.open(path, check=False) as opened:
                everything(opened)
        except WeipianError as error:
            assert error.code.startswith("workspace.")


def test_another_programs_lock_is_said_by_reading_and_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_backend, "_BUSY_MILLISECONDS", 50)
    monkeypatch.setattr(copies, "_PATIENCE_SECONDS", 0.2)
    with Workspace.open(path) as opened:
        other = sqlite3.connect(str(path), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        calls = [
            lambda: opened.read("parcel"),
            lambda: opened.records("parcel"),
            lambda: opened.setting("catalogue"),
            lambda: opened.count("parcel"),
            lambda: opened.snapshot(),
            lambda: opened.journal_break(),
            lambda: opened.set_setting("a", "b", "张三", "试"),
            lambda: Workspace.open(path),
        ]
        for call in calls:
            with pytest.raises(WeipianError) as caught:
                call()
            assert caught.value.code == "workspace.locked"
        other.execute("ROLLBACK")
        other.close()
        everything(opened)


def test_a_snapshot_is_one_moment_while_others_write(path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with Workspace.open(path) as opened:
            turn = 0
            while not stop.is_set():
                turn += 1
                with opened.transaction():
                    opened.set_setting("turn", str(turn), "张三", "试")
                    number = opened.values("parcel", ("number",))[0][0]
                    opened.update("parcel", {"number": number}, {"village": str(turn)}, "张三", "试")
                    row = {"source": "turn", "feature": str(turn), "code": "c"}
                    opened.replace("refusal", pd.DataFrame([row]), "张三", "试", source="turn")

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    with Workspace.open(path) as opened:
        for _ in range(25):
            tables = opened.snapshot()
            settings = dict(zip(tables["setting"]["name"], tables["setting"]["value"]))
            turns = {
                settings.get("turn"),
                *tables["refusal"].loc[tables["refusal"]["source"] == "turn", "feature"],
                tables["parcel"]["village"].iloc[0] if settings.get("turn") else None,
            }
            assert len(turns) == 1, turns
            seen |= turns
    stop.set()
    writer.join()
    assert len(seen) > 1


_AS_NOBODY = """
import os, sys
sys.path.insert(0, os.getcwd())
from pathlib import Path
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import Workspace
os.setuid(65534)
for call in (lambda: Workspace.create(Path(sys.argv[1]) / "new.gpkg"), lambda: Workspace.open(Path(sys.argv[1]) / "工作库.gpkg")):
    try:
        call()
    except WeipianError as error:
        print(error.code)
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs another user to be refused a folder")
def test_a_read_only_folder_is_said_rightly(path: Path) -> None:
    broken_off = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path)], cwd=Path.cwd(), capture_output=True, text=True, timeout=60
    )
    assert path.with_name(path.name + "-journal").exists(), broken_off.stderr
    for folder in (path.parent, *path.parent.parents[:3]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(path.parent)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["run.folder_unwritable", "workspace.unfinished"], done.stderr


_KILLED = """
import os, sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA cache_size = 1")
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE parcel SET village = 'x', delivered = hex(randomblob(9000))")
os._exit(9)
"""


def test_three_daily_copies_are_kept_and_a_damaged_workspace_pushes_none_out(path: Path) -> None:
    first = date(2026, 3, 1)
    for day in range(5):
        assert copies.keep_daily(path, first + timedelta(days=day)) is not None
        assert copies.keep_daily(path, first + timedelta(days=day)) is None, "one a day"
    names = [copy.name for copy in copies.copies_of(path)]
    assert names == ["2026-03-05.gpkg", "2026-03-04.gpkg", "2026-03-03.gpkg"]
    content = bytearray(path.read_bytes())
    content[4096 * 5 : 4096 * 60] = bytes(4096 * 55)
    path.write_bytes(bytes(content))
    assert copies.keep_daily(path, first + timedelta(days=9)) is None
    assert [copy.name for copy in copies.copies_of(path)] == names
    with Workspace.open(copies.copies_of(path)[0]) as opened:
        assert opened.setting("schema_version") == str(SCHEMA_VERSION)
