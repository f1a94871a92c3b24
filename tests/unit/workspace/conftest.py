"""The same workspace on both databases: a file, and a schema of a real PostgreSQL server with PostGIS."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postgres
from weipian_plugin.workspace import Workspace


@pytest.fixture(scope="session")
def team_server() -> Iterator[postgres.Server]:
    """One server for all tests; they are skipped where there is none."""
    with postgres.team_server_or_skip() as found:
        yield found


@pytest.fixture(params=["geopackage", "postgis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a workspace of its own may be made."""
    if request.param == "geopackage":
        return str(tmp_path / "大安 街道.gpkg")
    server: postgres.Server = request.getfixturevalue("team_server")
    return server.team_place(tmp_path)


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """A new workspace at a place; an empty file is made once and copied, since making one takes its time."""
    blank = tmp_path_factory.mktemp("空") / "空.gpkg"
    Workspace.create(blank).close()

    def lay(place: str) -> Workspace:
        if place.endswith(".gpkg"):
            shutil.copyfile(blank, place)
            return Workspace.open(place)
        return Workspace.create(place)

    return lay


@pytest.fixture
def store(place: str, laid: Callable[[str], Workspace]) -> Iterator[Workspace]:
    """A new workspace at ``place``."""
    with laid(place) as opened:
        yield opened


@pytest.fixture(scope="module", params=["geopackage", "postgis"])
def wide(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, laid: Callable[[str], Workspace]
) -> Iterator[Workspace]:
    """One workspace for the tests of a module that each use a table of their own."""
    folder = tmp_path_factory.mktemp("库")
    if request.param == "geopackage":
        place = str(folder / "库.gpkg")
    else:
        server: postgres.Server = request.getfixturevalue("team_server")
        place = server.team_place(folder)
    with laid(place) as opened:
        yield opened
