"""A workspace on a server in the window: opened by a saved connection, others' decisions seen at once, a lost server said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.drill import desk
from tests.gui.conftest import until
from tests.gui.test_reviewing import settled
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.moving import move
from weipian_plugin.workspace.places import place_of

CONNECTION = "国土内网"


@pytest.fixture
def server(plugin: Any) -> Iterator[postgres.Server]:
    """A server with its connection saved in QGIS, as a person saves it."""
    with postgres.team_server_or_skip() as found, postgres.saved_in_qgis(CONNECTION, found, **postgres.KEPT):
        yield found
        plugin.workbench.parts.close_workspace()


@pytest.fixture
def place(server: postgres.Server, workspace: Path) -> str:
    """The county moved to the server; a colleague's way to it."""
    found = server.team_place(schema="卫片2023")
    move(workspace, place_of(found), "管理员")
    return found


def test_a_team_works_in_one_workspace(
    plugin: Any, server: postgres.Server, place: str, picture: Any, figure: Any
) -> None:
    from qgis.core import QgsProject

    bench = plugin.workbench
    session = bench.parts.session
    bench.dock.start_page.team_button.click()
    dialog = bench.team_dialog
    dialog.connection.setCurrentText(CONNECTION)
    until(lambda: dialog.schema.currentText() == "卫片2023", 20, "the workspaces of the server are listed")
    picture("team-open", dialog)
    dialog.buttons.accepted.emit()
    until(lambda: session.rows and session.details, 60, "the queue is read")
    assert str(session.place) == f"postgresql:{CONNECTION}/卫片2023"
    layers = QgsProject.instance().mapLayers().values()
    parcels = [layer for layer in layers if layer.providerType() == "postgres" and layer.name() == "图斑"]
    assert parcels and parcels[0].featureCount() == len(session.rows)
    assert not [layer.source() for layer in layers if "GEHEIM123" in layer.source()]

    mine, theirs, later = settled(bench)[:3]
    session.select(mine)
    bench.dock.form.submit()
    assert session.rows[mine].person == "张三", bench.notifier.last
    with Workspace.open(place) as colleague:
        begun = time.monotonic()
        desk.decide(colleague, theirs, "李四", "现场核实")
        until(lambda: session.rows[theirs].person == "李四", 20, "the queue shows what the colleague decided")
        figure("team_seen_ms", (time.monotonic() - begun) * 1000)
        picture("team-seen")
        assert "另一窗口" in bench.notifier.last[1]

        server.stop()
        until(lambda: "失去连接" in bench.notifier.last[1], 20, "the window says that the server is gone")
        server.start()
        until(lambda: "重新连接" in bench.notifier.last[1], 40, "and that it is back")
        desk.decide(colleague, later, "李四", "现场核实")
        until(lambda: session.rows[later].person == "李四", 20, "news go on")
    assert session.rows[mine].person == "张三"
    with Workspace.open(place) as store:
        assert store.audit() == []
