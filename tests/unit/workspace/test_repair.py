"""A copy and the journal of the damaged file give back what people did since; drafts are kept per person."""

from __future__ import annotations

import random
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.judgment import decisions as judge
from weipian_plugin.judgment import drafts
from weipian_plugin.judgment.recording import Act, record
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import Workspace, copies, repair
from weipian_plugin.workspace.repair import restore

OLD = Path(__file__).with_name("data") / "version-1.gpkg"
ZHANG = judge.Actor("张三", "经办", "2026-03-01T08:00:00+08:00")


def undo(store: Workspace, number: str) -> None:
    record(store, Act(number, "", "undo", "张三", lambda history: judge.undo(history, ZHANG)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = Path(shutil.copy(OLD, tmp_path / "工作库.gpkg"))
    Workspace.open(found).close()
    return found


def people_work(store: Workspace) -> None:
    numbers = [number for (number,) in store.values("parcel", ("number",))]
    undo(store, next(row["parcel"] for row in store.records("decision") if row["stale"]))
    row = {"id": "n1", "parcel": numbers[0], "kind": "批文", "title": "新批文"}
    store.insert("document", pd.DataFrame([row]), "李四", "登记证明材料", each=True)
    store.delete("document", "李四", "移除证明材料", id="d1")
    drafts.save(store, "王五", numbers[1], "", {"项目名称": "园区", "备注": ""})


def shown(path: Path) -> dict[str, list[object]]:
    with Workspace.open(path) as store:
        keep = {"decision": ("id", "status", "fields"), "document": ("id", "title"), "draft": ("person", "fields")}
        return {name: sorted(map(repr, store.values(name, columns))) for name, columns in keep.items()}


def test_what_people_did_since_the_copy_is_replayed(path: Path, tmp_path: Path) -> None:
    copy = copies.keep_daily(path, date(2026, 3, 1))
    assert copy is not None
    with Workspace.open(path) as store:
        people_work(store)
        store.replace("refusal", pd.DataFrame([{"source": "x", "feature": "1", "code": "c"}]), "张三", "套合分析")
    wanted, target = shown(path), tmp_path / "恢复.gpkg"
    connection = sqlite3.connect(str(path))
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'decision'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = random.Random(1).randbytes(size)
    path.write_bytes(bytes(content))
    with pytest.raises(WeipianError, match="已损坏"):
        Workspace.open(path)
    found = restore(path, copy, target, "张三")
    assert found.unreadable == 0 and found.replayed > 4 and found.to_run_again == ("套合分析",)
    assert shown(target) == wanted
    with Workspace.open(target) as store:
        assert store.audit() == []


def test_a_copy_of_another_workspace_is_refused(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "别的.gpkg"
    with Workspace.create(other) as store:
        store.set_setting("a", "b", "张三", "试")
    with pytest.raises(WeipianError) as caught:
        restore(path, other, tmp_path / "恢复.gpkg", "张三")
    assert caught.value.code == "workspace.other_history"


def test_drafts_are_each_persons_own_and_go_with_the_decision(path: Path) -> None:
    with Workspace.open(path) as store:
        number = next(row["parcel"] for row in store.records("decision") if row["stale"])
        drafts.save(store, "张三", number, "", {"项目名称": "园区", "备注": ""})
        drafts.save(store, "李四", number, "", {"项目名称": "别的"})
        before = store.count("journal")
        drafts.save(store, "李四", number, "", {"项目名称": "别的"})
        assert store.count("journal") == before, "the same again is no change"
        assert drafts.read(store, "张三", number) == {"项目名称": "园区", "备注": ""}
        assert drafts.waiting(store, "李四") == ((number, ""),)
        undo(store, number)
        assert drafts.read(store, "张三", number), "undoing decides nothing"
        profile_free = judge.Change(parcels={})
        record(store, Act(number, "", "override", "张三", lambda history: profile_free, form={}))
        assert drafts.read(store, "张三", number) == {} and drafts.read(store, "李四", number)
        drafts.save(store, "李四", number, "", {})
        assert drafts.waiting(store, "李四") == ()
        assert store.audit() == []


def destroy(path: Path, table: str) -> None:
    """Write noise over the first page of a table."""
    connection = sqlite3.connect(str(path))
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = random.Random(1).randbytes(size)
    path.write_bytes(bytes(content))


def test_the_newest_copy_that_is_sound_is_taken_and_nothing_that_was_there_changes(path: Path) -> None:
    older, newer = (copies.keep_daily(path, date(2026, 3, day)) for day in (1, 2))
    assert older is not None and newer is not None
    with Workspace.open(path) as store:
        people_work(store)
    wanted = shown(path)
    destroy(path, "decision")
    destroy(newer, "parcel")
    assert repair.examine(older, full=True).damage is None
    found = repair.examine(path, full=False)
    assert found.damage is not None and found.damage.code == "workspace.damaged"
    before = {file: file.read_bytes() for file in (path, older, newer)}
    made = repair.repair(path, "张三")
    assert (made.target.name, made.copy) == ("工作库-已恢复.gpkg", older)
    assert shown(made.target) == wanted
    assert {file: file.read_bytes() for file in before} == before
    assert repair.examine(made.target, full=True) == repair.Examination(None)
    assert repair.repair(path, "张三").target.name == "工作库-已恢复2.gpkg"


def test_a_file_whose_journal_is_gone_gives_the_state_of_the_copy_and_says_so(path: Path) -> None:
    assert copies.keep_daily(path) is not None
    wanted = shown(path)
    path.write_bytes(b"\0" * 100_000)
    found = repair.examine(path, full=True)
    assert found.damage is not None and found.damage.code == "workspace.foreign"
    made = repair.repair(path, "张三")
    assert not made.restored.journal_read
    assert shown(made.target) == wanted


def test_without_a_sound_copy_nothing_is_made(path: Path) -> None:
    copy = copies.keep_daily(path)
    assert copy is not None
    for file in (path, copy):
        destroy(file, "decision")
    before = sorted(path.parent.iterdir())
    with pytest.raises(WeipianError) as caught:
        repair.repair(path, "张三")
    assert caught.value.code == "workspace.no_copy"
    assert sorted(path.parent.iterdir()) == before


def test_what_is_no_damage_is_no_reason_to_repair(path: Path) -> None:
    assert repair.examine(path, full=True) == repair.Examination(None)
    with pytest.raises(WeipianError) as caught:
        repair.examine(path.with_name("没有.gpkg"), full=False)
    assert caught.value.code == "workspace.missing"
