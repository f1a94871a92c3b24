"""From a file to a server and back: every row, every number, the journal and its chain are the same."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import postgres
from weipian_plugin.evidence.change_hints import picture_of
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import TABLES, Workspace, checkpoints, folders
from weipian_plugin.workspace.moving import move
from weipian_plugin.workspace.places import place_of
from weipian_plugin.workspace.schema import Table
from weipian_plugin.workspace.store import exists
from weipian_plugin.workspace.transfer import columns_of

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
NUMBERS = {"integer": st.integers(-(2**62), 2**62), "real": st.floats(allow_nan=False, allow_infinity=False)}
JSON = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
)
KEPT = [table for table in TABLES if table.name not in ("journal", "setting")]


def shapes(table: Table) -> st.SearchStrategy[Any]:
    corner = st.tuples(st.floats(80, 120), st.floats(20, 50))
    if table.geometry == "POINT":
        return st.none() | corner.map(shapely.Point)
    return st.none() | corner.map(lambda at: shapely.box(*at, at[0] + 0.01, at[1] + 0.003))


@st.composite
def written(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """Rows of any table, with anything in their columns; keys are made unique by their place."""
    rows = []
    for place in range(draw(st.integers(1, 5))):
        table = draw(st.sampled_from(KEPT))
        row = {
            column.name: draw(st.none() | NUMBERS.get(column.kind, JSON if column.kind == "json" else TEXTS))
            for column in table.columns
        }
        row.update({name: f"{place}" for name in table.key if table.kinds().get(name) == "text"})
        if table.geometry:
            row["geometry"] = draw(shapes(table))
        rows.append((table.name, row))
    return rows


def stored(store: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    return {table.name: store.values(table.name, columns_of(table)) for table in TABLES}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=written())
def test_there_and_back_nothing_is_lost(
    team_server: postgres.Server,
    laid: Callable[[str], Workspace],
    tmp_path: Path,
    acts: list[tuple[str, dict[str, Any]]],
) -> None:
    shutil.rmtree(tmp_path, ignore_errors=True)
    (tmp_path / "b").mkdir(parents=True)
    first, middle, last = tmp_path / "甲.gpkg", place_of(team_server.team_place(tmp_path)), tmp_path / "b" / "乙.gpkg"
    with laid(str(first)) as store:
        for name, row in acts:
            store.insert(name, pd.DataFrame([row], dtype=object), "张三", "写入", each=True)
        store.delete(acts[-1][0], "张三", "删除")
        before, end = stored(store), checkpoints.of(store)
        assert store.audit() == []
    move(first, middle, "张三")
    with Workspace.open(middle) as store:
        assert stored(store) == before
        assert store.audit() == []
        assert checkpoints.of(store).digest == end.digest
    move(middle, last, "张三")
    with Workspace.open(last) as store:
        assert stored(store) == before
        assert store.audit() == []
        assert checkpoints.of(store).digest == end.digest


def documents(*names: str) -> pd.DataFrame:
    return pd.DataFrame([{"id": name, "parcel": "1", "file": f"库-材料/{name}.pdf"} for name in names])


@pytest.fixture
def file(laid: Callable[[str], Workspace], tmp_path: Path) -> Path:
    path = tmp_path / "库.gpkg"
    with laid(str(path)) as store:
        store.insert("document", documents("a", "b"), "张三", "登记", each=True)
        store.insert(
            "parcel", pd.DataFrame([{"number": "1", "geometry": shapely.box(105, 29, 105.1, 29.1)}]), "张三", "入库"
        )
    return path


def test_work_goes_on_where_the_workspace_went(team_server: postgres.Server, file: Path, tmp_path: Path) -> None:
    place = place_of(team_server.team_place(tmp_path))
    move(file, place, "张三")
    with Workspace.open(place) as store:
        store.insert("document", documents("c"), "李四", "登记", each=True)
        assert store.read("document")["fid"].tolist() == [1, 2, 3]
        assert store.audit() == []
    move(place, tmp_path / "回.gpkg", "张三")
    with Workspace.open(tmp_path / "回.gpkg") as store:
        store.insert("document", documents("d"), "李四", "登记", each=True)
        assert store.read("document")["id"].tolist() == ["a", "b", "c", "d"]
        assert store.audit() == []
    with sqlite3.connect(tmp_path / "回.gpkg") as other:
        assert other.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        bounds = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'parcel'"
        assert other.execute(bounds).fetchone() == (105, 29, 105.1, 29.1)


def test_photos_and_papers_go_along(team_server: postgres.Server, file: Path, tmp_path: Path) -> None:
    (tmp_path / "库-材料").mkdir()
    (tmp_path / "库-材料" / "a.pdf").write_bytes(b"a")
    away = tmp_path / "共享"
    moved = move(file, place_of(team_server.team_place(away)), "张三")
    assert (moved.files, moved.missing) == (1, 1)
    assert (away / "库-材料" / "a.pdf").read_bytes() == b"a"


def pictures(store: Workspace) -> dict[str, bytes]:
    """The pictures of 影像变化提示 as the parcel card finds them."""
    found = {number: picture_of(store.path, number) for (number,) in store.values("parcel", ("number",))}
    return {number: path.read_bytes() for number, path in found.items() if path.is_file()}


@pytest.mark.parametrize("folder", ["", "共享"], ids=["the folder is used on", "another folder"])
def test_pictures_that_are_found_by_the_workspaces_name_go_along_both_ways(
    team_server: postgres.Server, file: Path, tmp_path: Path, folder: str
) -> None:
    with Workspace.open(file) as store:
        picture = picture_of(store.path, "1")
        picture.parent.mkdir()
        picture.write_bytes(b"png")
        wanted = pictures(store)
    away = tmp_path / folder if folder else None
    there, back = place_of(team_server.team_place(away)), tmp_path / "归" / "回.v2.gpkg"
    assert move(file, there, "张三").files == 1
    with Workspace.open(there) as store:
        assert pictures(store) == wanted == {"1": b"png"}
    assert move(there, back, "张三").files == 1
    with Workspace.open(back) as store:
        assert pictures(store) == wanted
    assert picture.read_bytes() == b"png"


def test_every_folder_named_by_a_workspace_is_listed_once() -> None:
    source = Path(folders.__file__).parents[1]
    naming = re.compile(r"""stem \+ ["']-|stem\}-""")
    found = {
        path.name
        for path in source.rglob("*.py")
        if "vendor" not in path.parts and naming.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"folders.py", "repair.py"}  # a repaired workspace is a file, not a folder of one


def test_a_server_without_a_folder_of_its_own_keeps_the_old_one(team_server: postgres.Server, file: Path) -> None:
    place = place_of(team_server.team_place())
    move(file, place, "张三")
    with Workspace.open(place) as store:
        assert store.path.parent == file.parent
        assert store.audit() == []


def test_nothing_is_written_over_and_nothing_doubtful_is_moved(
    team_server: postgres.Server, file: Path, tmp_path: Path
) -> None:
    place = place_of(team_server.team_place(tmp_path))
    with pytest.raises(WeipianError) as raised:
        move(file, file, "张三")
    assert raised.value.code == "workspace.exists"
    with sqlite3.connect(file) as other:
        other.execute("UPDATE document SET parcel = '2'")
    with pytest.raises(WeipianError) as raised:
        move(file, place, "张三")
    assert raised.value.code == "workspace.not_movable"
    with pytest.raises(WeipianError) as raised:
        Workspace.open(place)
    assert raised.value.code == "workspace.missing"


def test_a_move_that_fails_leaves_no_target(
    team_server: postgres.Server, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weipian_plugin.workspace.transfer.difference", lambda *both: "图斑")
    server = place_of(team_server.team_place(tmp_path))
    for target in (server, tmp_path / "新.gpkg"):
        with pytest.raises(WeipianError) as raised:
            move(file, target, "张三")
        assert raised.value.code == "workspace.move_differs"
        with pytest.raises(WeipianError) as raised:
            Workspace.open(target)
        assert raised.value.code == "workspace.missing"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["库.gpkg"]


def test_a_folder_that_takes_no_photos_leaves_no_half_moved_workspace(
    team_server: postgres.Server, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "库-材料").mkdir()
    (tmp_path / "库-材料" / "a.pdf").write_bytes(b"a")
    away = tmp_path / "共享"
    away.mkdir()
    (away / "库-材料").write_bytes(b"a file where a folder should be")
    for target in (place_of(team_server.team_place(away)), away / "新.gpkg"):
        with pytest.raises(WeipianError) as raised:
            move(file, target, "张三")
        assert raised.value.code == "run.folder_unwritable" and not exists(target)
    (away / "库-材料").unlink()
    assert move(file, away / "新.gpkg", "张三").files == 1
