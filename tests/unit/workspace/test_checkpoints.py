"""A history that was rewritten whole, with every digest computed anew, contradicts what was handed in and kept elsewhere."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.drill import desk
from weipian_plugin import filing
from weipian_plugin.workspace import Workspace, checkpoints, journal
from weipian_plugin.workspace.checkpoints import Checkpoint

_ROW = 'at, who, why, what, "key", action, "before", "after", state'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a judged workspace, its reports and packages, and a kept checkpoint."""
    folder = tmp_path_factory.mktemp("县")
    plan = desk.judged(folder, 2)
    workspace = folder / "工作库.gpkg"
    with Workspace.open(workspace) as store:
        desk.decide(store, desk.numbers_of(workspace)[0], "李四", "占用耕地")
        checkpoints.keep(folder / "留存", checkpoints.of(store))
    desk.tabulate(plan)
    list(desk.export(workspace, folder / "卷宗", desk.numbers_of(workspace)))
    return folder


def rewritten(workspace: Path, target: Path) -> Path:
    """A copy whose journal says that somebody else decided, with every digest behind it computed anew and the triggers in place."""
    target.write_bytes(workspace.read_bytes())
    with closing(sqlite3.connect(str(target))) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
        )
        kept = triggers.fetchall()
        for name, _ in kept:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE journal SET who = '王五' WHERE who = '李四'")
        previous = ""
        for fid, chain, *row in connection.execute(f"SELECT fid, chain, {_ROW} FROM journal ORDER BY fid").fetchall():
            digest = journal.digest((*row, previous), chain)
            connection.execute("UPDATE journal SET previous = ?, digest = ? WHERE fid = ?", (previous, digest, fid))
            previous = digest
        for _, sql in kept:
            connection.execute(sql)
    return target


def words_of(path: Path) -> str:
    """All text of an office file or page."""
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith(".xml")
        )


def test_every_report_names_the_end_of_the_journal(office: Path) -> None:
    with Workspace.open(office / "工作库.gpkg") as store:
        own = checkpoints.of(store)
    written = [path for path in (office / "报表").rglob("*") if path.suffix in (".xlsx", ".docx", ".html")]
    reports = [
        path for path in written if not path.name.startswith("intake-report")
    ]  # made while the parcels are taken in
    assert len(reports) >= 7
    assert [path.name for path in reports if own.digest[:16] not in words_of(path)] == []


def test_work_that_goes_on_contradicts_nothing(office: Path) -> None:
    workspace = office / "工作库.gpkg"
    with Workspace.open(workspace) as store:
        desk.decide(store, desk.numbers_of(workspace)[1], "李四", "占用林地")
        for folder in ("留存", "报表"):
            assert list(checkpoints.contradictions(store, office / folder)) == []
        for package in filing.packages_in(office / "卷宗"):
            ended = filing.journal_end(package)
            assert ended is not None and checkpoints.contradiction(store, *ended, package.name) is None


def test_a_history_rewritten_whole_passes_its_own_chain_and_contradicts_all_that_was_handed_in(
    office: Path, tmp_path: Path
) -> None:
    with Workspace.open(rewritten(office / "工作库.gpkg", tmp_path / "工作库.gpkg")) as store:
        assert store.audit() == [], "nothing in the file itself tells"
        for folder in ("留存", "报表"):
            (found,) = checkpoints.contradictions(store, office / folder)
            assert found.code == "workspace.checkpoint_other"
        for package in filing.packages_in(office / "卷宗"):
            ended = filing.journal_end(package)
            assert ended is not None and checkpoints.contradiction(store, *ended, package.name) is not None


def test_a_history_begun_anew_is_found_by_the_name_of_the_workspace(office: Path, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "工作库.gpkg") as store:
        store.set_setting("a", "b", "张三", "试")
        assert [found.code for found in checkpoints.contradictions(store, office / "留存")] == [
            "workspace.checkpoint_other"
        ]


def test_the_workspace_of_another_county_is_none_of_ours(office: Path, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "别的.gpkg") as store:
        store.set_setting("a", "b", "张三", "试")
        assert list(checkpoints.contradictions(store, office / "留存")) == []


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        store.set_setting("a", "b", "张三", "试")
        yield store


def test_a_checkpoint_is_kept_once_and_a_damaged_one_is_named(fresh: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "留存"
    kept = checkpoints.keep(folder, checkpoints.of(fresh))
    assert kept is not None
    before = kept.read_bytes()
    assert checkpoints.keep(folder, checkpoints.of(fresh)) is None and kept.read_bytes() == before
    kept.write_text('{"format": 1, "row": "x"}', encoding="utf-8")
    assert [found.code for found in checkpoints.contradictions(fresh, folder)] == ["workspace.checkpoint_unreadable"]


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_said(fresh: Workspace, tmp_path: Path) -> None:
    (tmp_path / "留存").write_text("a file, no folder", encoding="utf-8")
    said = checkpoints.keep_where_wanted(fresh, str(tmp_path / "留存"))
    assert said is not None and said.code == "workspace.checkpoint_unwritten"
    assert checkpoints.keep_where_wanted(fresh, "") is None


def test_an_empty_journal_is_no_checkpoint(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "库.gpkg") as store:
        assert checkpoints.of(store) == Checkpoint(0, "", workspace="库.gpkg")
        assert checkpoints.keep(tmp_path / "留存", checkpoints.of(store)) is None
        assert checkpoints.of(store).text == ""
