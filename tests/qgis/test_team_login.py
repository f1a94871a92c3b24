"""The way to a team's server through the authentication database of QGIS: user and password are there, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsProcessingException

from tests import postgres
from tests.qgis.running import run
from tests.unit.pipeline import small_county
from weipian_plugin.gui.background import CollectingFeedback
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.toolbelt import connections
from weipian_plugin.workspace import Workspace, places
from weipian_plugin.workspace import postgres as team
from weipian_plugin.workspace.schema import TABLES

SECRET, MASTER, USER, NAME = "GEHEIM-8f3a", "Meister-2026", "zhangsan", "国土内网（认证）"
Saved = Callable[[str], None]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A server that lets ``USER`` in with the password only."""
    with postgres.team_server_or_skip() as found:
        rules = found.place / "data" / "pg_hba.conf"
        with rules.open("r+", encoding="utf-8") as stream:
            kept = stream.read()
            stream.seek(0)
            stream.write(f"local all {USER} scram-sha-256\n{kept}")
        login = f"CREATE ROLE {USER} LOGIN PASSWORD '{SECRET}'"
        found.sql(login, f"GRANT CREATE ON DATABASE postgres TO {USER}", "SELECT pg_reload_conf()")
        yield found


@pytest.fixture
def saved(qgis_app: Any, server: postgres.Server) -> Iterator[Saved]:
    """Saves the connection ``NAME`` with an authentication configuration and without user and password of its own."""
    with ExitStack() as stack:
        yield lambda authcfg: stack.enter_context(postgres.saved_in_qgis(NAME, server, authcfg=authcfg))


def stored(method: str, **values: str) -> str:
    """The id of a new configuration in the real authentication database, which is opened with the master password."""
    manager = QgsApplication.authManager()
    assert not manager.isDisabled(), manager.disabledMessage()
    assert manager.setMasterPassword(MASTER, True)
    config = QgsAuthMethodConfig(method)
    config.setName(f"国土 {method}")
    for name, value in values.items():
        config.setConfig(name, value)
    done = manager.storeAuthenticationConfig(config)
    assert done[0] if isinstance(done, tuple) else done
    return str(config.id())


def everything_in(place: str) -> str:
    """What the workspace holds, as text."""
    with places.connections(connections.login), Workspace.open(place) as store:
        assert store.audit() == []
        return json.dumps([store.records(table.name) for table in TABLES], ensure_ascii=False, default=str)


def test_work_goes_through_a_login_that_only_the_authentication_database_knows(
    qgis_app: Any, server: postgres.Server, saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    saved(stored("Basic", username=USER, password=SECRET))
    asked, place, logged = small_county.write(tmp_path / "县"), f"postgresql:{NAME}/卫片认证", []
    QgsApplication.messageLog().messageReceived[str, str, "Qgis::MessageLevel"].connect(
        lambda text, tag, level: logged.append(text)
    )
    feedback = CollectingFeedback()
    counts = run("run", feedback, **{**asked, "WORKSPACE": place}, PACKAGES=tmp_path / "卷宗", REPORT=tmp_path / "报表")
    assert (counts["PARCELS"], counts["JUDGED"], counts["FAILED"]) == (3, 3, 0)
    with places.connections(connections.login), Workspace.open(place) as store:
        who = store.connection.execute("SELECT session_user").fetchone()[0]
        assert who == USER, "another login than the one of the authentication database"
        assert SECRET not in repr(store.place) and SECRET not in store.name
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said = feedback.textLog() + "".join(logged) + everything_in(place)
    for secret in (SECRET, MASTER):
        assert secret.encode() not in written
        assert secret not in said


def test_a_wrong_password_in_the_authentication_database_is_said_without_it(
    qgis_app: Any, server: postgres.Server, saved: Saved
) -> None:
    saved(stored("Basic", username=USER, password="FALSCH-77"))
    with pytest.raises(QgsProcessingException) as raised:
        run("judge", WORKSPACE=f"postgresql:{NAME}/卫片认证")
    assert "拒绝" in str(raised.value) and "FALSCH-77" not in str(raised.value)


@pytest.mark.parametrize(
    ("method", "values"), [("PKI-Paths", {"certpath": "/x/a.pem"}), ("EsriToken", {"token": SECRET})]
)
def test_another_method_than_user_and_password_is_one_clear_sentence(
    qgis_app: Any, server: postgres.Server, saved: Saved, method: str, values: dict[str, str]
) -> None:
    saved(stored(method, **values))
    with pytest.raises(QgsProcessingException) as raised:
        run("judge", WORKSPACE=f"postgresql:{NAME}/卫片")
    assert method in str(raised.value) and "基本认证" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_login_that_is_gone_and_a_store_that_stays_closed_are_said(
    qgis_app: Any, server: postgres.Server, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved("abc1234")
    with pytest.raises(WeipianError) as raised:
        connections.login(NAME)
    assert raised.value.code == "workspace.login_missing"
    saved(stored("Basic", username=USER, password=SECRET))
    manager = QgsApplication.authManager()
    monkeypatch.setattr(type(manager), "loadAuthenticationConfig", lambda *_: (False, QgsAuthMethodConfig()))
    with pytest.raises(WeipianError) as raised:
        connections.login(NAME)
    assert raised.value.code == "workspace.login_locked"
    assert SECRET not in str(raised.value)


def test_the_workspaces_of_a_database_are_listed_through_it(
    qgis_app: Any, server: postgres.Server, saved: Saved
) -> None:
    saved(stored("Basic", username=USER, password=SECRET))
    place = f"postgresql:{NAME}/卫片列表"
    with places.connections(connections.login):
        Workspace.create(place).close()
    login = connections.login(NAME)
    assert login is not None and "卫片列表" in team.workspaces(login, NAME)
