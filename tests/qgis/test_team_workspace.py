"""The whole work on a team's workspace: every step takes it, and every table is what it is on a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProcessingException

from tests import postgres
from tests.drill import desk
from tests.qgis.running import run
from tests.unit.pipeline import small_county
from weipian_plugin.gui.background import CollectingFeedback
from weipian_plugin.toolbelt import connections
from weipian_plugin.workspace import Workspace, places

#: Where and when a file was written, and the digest of what says where and when: never the same twice.
PASSING = {"path", "manifest_sha256", "bytes", "made_at"}


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.team_server_or_skip() as found:
        yield found


@pytest.fixture
def saved(qgis_app: Any, server: postgres.Server) -> Iterator[str]:
    """A connection saved in QGIS."""
    with postgres.saved_in_qgis("国土内网", server, **postgres.KEPT):
        yield "国土内网"


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        found[path.name] = [{name: text for name, text in row.items() if name not in PASSING} for row in rows]
    return found


def work(workspace: str, asked: dict[str, str], top: Path) -> dict[str, Any]:
    """From the delivery to the tables, with a decision between."""
    reports, packages = {name: top / name for name in ("入库", "套合", "判定", "卷宗表", "校验", "统计")}, top / "卷宗"
    counts = [
        run(
            "intake",
            DELIVERY=asked["DELIVERY"],
            WORKSPACE=workspace,
            CATALOGUE=asked["CATALOGUE"],
            REPORT=reports["入库"],
        ),
        run("overlay", WORKSPACE=workspace, CATALOGUE=asked["CATALOGUE"], REPORT=reports["套合"]),
        run("judge", WORKSPACE=workspace, REPORT=reports["判定"]),
    ]
    with places.connections(connections.login), Workspace.open(workspace) as store:
        for number in small_county.NUMBERS[:2]:
            desk.decide(store, number, "张三", "现场核实")
    counts += [
        run("file", WORKSPACE=workspace, PACKAGES=packages, REPORT=reports["卷宗表"]),
        run("verify", PACKAGES=packages, WORKSPACE=workspace, REPORT=reports["校验"]),
        run("tables", WORKSPACE=workspace, REPORT=reports["统计"], AS_OF="2026-11-27"),
    ]
    return {"counts": counts, **{name: tables(folder) for name, folder in reports.items()}}


def test_every_step_gives_on_a_server_what_it_gives_on_a_file(
    qgis_app: Any, server: postgres.Server, saved: str, tmp_path: Path
) -> None:
    asked = small_county.write(tmp_path / "县")
    wanted = work(asked["WORKSPACE"], asked, tmp_path / "文件")
    found = work(server.team_place(tmp_path / "服务器"), asked, tmp_path / "服务器")
    assert found.keys() == wanted.keys()
    for name in wanted:
        assert found[name] == wanted[name], name
    assert wanted["统计"]


def test_a_whole_run_makes_the_workspace_under_a_saved_connection(
    qgis_app: Any, server: postgres.Server, saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    asked = small_county.write(tmp_path / "县")
    place = f"postgresql:{saved}/卫片2026"
    counts = run("run", **{**asked, "WORKSPACE": place}, PACKAGES=tmp_path / "卷宗", REPORT=tmp_path / "报表")
    assert (counts["PARCELS"], counts["JUDGED"], counts["FAILED"]) == (3, 3, 0)
    again = run("run", **{**asked, "WORKSPACE": place}, PACKAGES=tmp_path / "卷宗", REPORT=tmp_path / "报表")
    assert again["FAILED"] == 0
    with places.connections(connections.login), Workspace.open(place) as store:
        assert store.audit() == []
        assert store.name == place
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"GEHEIM123" not in written
    assert str(server.place).encode() not in written


def test_a_workspace_moves_there_and_back(qgis_app: Any, server: postgres.Server, saved: str, tmp_path: Path) -> None:
    asked = small_county.write(tmp_path / "县")
    run("intake", DELIVERY=asked["DELIVERY"], WORKSPACE=asked["WORKSPACE"])
    place, back = server.team_place(tmp_path), tmp_path / "回.gpkg"
    there = run("moveworkspace", WORKSPACE=asked["WORKSPACE"], TARGET=place)
    again = run("moveworkspace", WORKSPACE=place, TARGET=back)
    assert there["ROWS"] == again["ROWS"] > 3
    with Workspace.open(asked["WORKSPACE"]) as first, Workspace.open(back) as last:
        assert first.read("journal").equals(last.read("journal"))
    with pytest.raises(QgsProcessingException, match="已经存在"):
        run("moveworkspace", WORKSPACE=asked["WORKSPACE"], TARGET=place)


def test_a_password_in_a_place_is_refused_and_not_repeated(qgis_app: Any) -> None:
    with pytest.raises(QgsProcessingException) as raised:
        run("overlay", WORKSPACE="postgresql:host=h user=u password=GEHEIM123 schema=w", CATALOGUE="x.yaml")
    assert "密码" in str(raised.value)
    assert "GEHEIM123" not in str(raised.value)


def test_a_connection_that_is_not_saved_is_named(qgis_app: Any) -> None:
    with pytest.raises(QgsProcessingException, match="没有名为「无此连接」"):
        run("judge", WORKSPACE="postgresql:无此连接/卫片")


def test_an_administrator_sees_the_rules_before_they_are_made(
    qgis_app: Any, server: postgres.Server, tmp_path: Path
) -> None:
    place = server.team_place(tmp_path)
    Workspace.create(place).close()
    feedback = CollectingFeedback()
    members = "weipian=核查:大安街道、朱沱镇"
    assert run("teamroles", feedback, WORKSPACE=place, MEMBERS=members, PREVIEW=True)["MEMBERS"] == 1
    assert "CREATE POLICY" in feedback.textLog() and "朱沱镇" in feedback.textLog()
    with Workspace.open(place) as store, pytest.raises(Exception, match="team_member"):
        store.connection.execute("SELECT * FROM team_member")
    with pytest.raises(QgsProcessingException, match="没有登录名 niemand"):
        run("teamroles", WORKSPACE=place, MEMBERS="niemand=查看")
    run("teamroles", WORKSPACE=place, MEMBERS=members)
    with Workspace.open(place) as store:
        rows = store.connection.execute("SELECT township FROM team_member ORDER BY 1").fetchall()
        assert [row[0] for row in rows] == ["大安街道", "朱沱镇"]
