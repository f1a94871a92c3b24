"""Where a team's workspace is: a text without a secret; and what is said where its server is not there, refuses or goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests import postgres
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import SCHEMA_VERSION, Workspace, server_faults
from weipian_plugin.workspace.migrations import DECISION_COLUMNS
from weipian_plugin.workspace.places import TeamPlace, connections, is_team, place_of
from weipian_plugin.workspace.postgres_connection import PostgresConnection
from weipian_plugin.workspace.store import exists, remove


def code_of(place: str) -> str:
    with pytest.raises(WeipianError) as raised:
        place_of(place)
    return str(raised.value.code)


def test_a_path_is_a_path() -> None:
    assert place_of("/甲/工作库.gpkg") == Path("/甲/工作库.gpkg")
    assert not is_team(Path("postgresql.gpkg"))


@pytest.mark.parametrize(
    ("text", "schema", "login", "folder"),
    [
        ("postgresql:service=land schema=weipian", "weipian", "service='land'", None),
        ("postgresql:service=land weipian", "weipian", "service='land'", None),
        (
            "postgresql: host=10.0.0.8 dbname='国 土' user=zhang schema='卫片 2026'",
            "卫片 2026",
            "host='10.0.0.8' dbname='国 土' user='zhang'",
            None,
        ),
        ("postgresql:service=land schema=w folder='/共享/卫片'", "w", "service='land'", Path("/共享/卫片")),
        ("postgresql:service=land schema=w folder='//服务器/卫片'", "w", "service='land'", Path("//服务器/卫片")),
        ("postgresql:schema=w", "w", "", None),
    ],
)
def test_words_of_libpq_name_a_place(text: str, schema: str, login: str, folder: Path | None) -> None:
    place = place_of(text)
    assert isinstance(place, TeamPlace)
    assert (place.schema, place.login, place.folder) == (schema, login, folder)
    wrapped = place_of(Path(text))  # a path makes one of two slashes, and says the same otherwise
    assert isinstance(wrapped, TeamPlace)
    assert (wrapped.schema, wrapped.login) == (schema, login)
    assert wrapped.folder == (folder and Path(str(folder).replace("//", "/")))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql:host=h user=u password=GEHEIM123 schema=w",
        "postgresql:host=h user=u PassWord='GEHEIM123' schema=w",
        "postgresql:host=h sslpassword=GEHEIM123 schema=w",
        "postgresql://u:GEHEIM123@host/db",
        "postgresql:u:GEHEIM123@host/db?password=GEHEIM123",
    ],
)
def test_a_place_with_a_password_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(WeipianError) as raised:
        place_of(text)
    assert raised.value.code in ("workspace.place_secret", "workspace.connection_unknown")
    for language in ("zh", "en"):
        assert "GEHEIM123" not in raised.value.text(language)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql:",
        "postgresql:land",
        "postgresql:service=x",
        "postgresql:options=-c schema=w",
        "postgresql:service=x a b",
    ],
)
def test_what_names_no_place_is_said(text: str) -> None:
    assert code_of(text) == "workspace.place_unreadable"


def test_a_saved_connection_gives_the_login_and_shows_only_its_name() -> None:
    with connections({"国土/内网": "host=h user=u password=GEHEIM123"}.get):
        place = place_of("postgresql:国土/内网/weipian")
    assert isinstance(place, TeamPlace)
    assert (place.connection, place.schema) == ("国土/内网", "weipian")
    assert "GEHEIM123" in place.login
    assert "GEHEIM123" not in f"{place} {place!r} {place.file_name}"
    assert code_of("postgresql:国土/内网/weipian") == "workspace.connection_unknown"


def test_a_server_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as raised:
        Workspace.open(f"postgresql:host={tmp_path} user=u dbname=d schema=w")
    assert raised.value.code == "workspace.server_lost"


def test_a_service_that_is_not_there_and_a_user_that_is_not_known(team_server: postgres.Server) -> None:
    for place in ("postgresql:service=没有这个服务 schema=w", team_server.team_place(user="niemand")):
        with pytest.raises(WeipianError) as raised:
            Workspace.open(place)
        assert raised.value.code == "workspace.server_refused"


@pytest.fixture(scope="module")
def mortal() -> Iterator[postgres.Server]:
    """A server that a test may kill."""
    with postgres.team_server_or_skip() as found:
        yield found


def row(name: str) -> pd.DataFrame:
    return pd.DataFrame([{"id": name, "parcel": "1"}])


def test_a_killed_server_is_said_and_nothing_is_lost(mortal: postgres.Server, tmp_path: Path) -> None:
    with Workspace.create(mortal.team_place(tmp_path)) as store:
        store.insert("document", row("a"), "张三", "登记", each=True)
        with pytest.raises(WeipianError) as raised, store.transaction():
            store.insert("document", row("half"), "张三", "登记", each=True)
            mortal.stop()
            store.insert("document", row("half 2"), "张三", "登记", each=True)
        assert raised.value.code == "workspace.server_lost"
        with pytest.raises(WeipianError) as raised:
            store.count("document")
        assert raised.value.code == "workspace.server_lost"
        mortal.start()
        assert store.read("document")["id"].tolist() == ["a"]
        store.insert("document", row("b"), "张三", "登记", each=True)
        assert store.read("document")["id"].tolist() == ["a", "b"]
        assert store.audit() == []


def test_a_connection_lost_unnoticed_is_made_anew_by_the_next_write(mortal: postgres.Server, tmp_path: Path) -> None:
    with Workspace.create(mortal.team_place(tmp_path)) as store:
        store.insert("document", row("a"), "张三", "登记", each=True)
        seen = store.data_version()
        lost = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'weipian'"
        mortal.sql(lost)
        assert store.count("document") == 1, "a question is asked again"
        assert store.heard(), "what was told meanwhile is not missed"
        mortal.sql(lost)
        store.insert("document", row("b"), "张三", "登记", each=True)
        assert store.data_version() == seen
        assert store.read("document")["id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_commit_whose_end_was_not_heard_is_looked_up(mortal: postgres.Server, tmp_path: Path, arrived: bool) -> None:
    """The server is gone before it answers; it comes back while the write still asks."""
    psycopg2 = pytest.importorskip("psycopg2")
    with Workspace.create(mortal.team_place(tmp_path)) as store:
        real = store.connection.execute

        def cut(statement: str, *values: object) -> object:
            if statement != "COMMIT":
                return real(statement, *values)
            if arrived:
                real(statement)
            mortal.stop()
            threading.Thread(target=lambda: (time.sleep(0.5), mortal.start())).start()
            raise psycopg2.OperationalError("server closed the connection unexpectedly")

        store.connection.execute = cut  # type: ignore[method-assign]
        if arrived:
            store.insert("document", row("a"), "张三", "登记", each=True)
        else:
            with pytest.raises(WeipianError) as raised:
                store.insert("document", row("a"), "张三", "登记", each=True)
            assert raised.value.code == "workspace.server_lost"
        assert store.count("document") == int(arrived)
        assert store.audit() == []


def test_a_network_that_is_not_there_is_no_wrong_password() -> None:
    words = 'could not translate host name "gtzx-db" to address: Name or service not known'
    assert server_faults.login_fault(Exception(words), "库").code == "workspace.server_lost"
    assert (
        server_faults.login_fault(Exception('definition of service "x" not found'), "库").code
        == "workspace.server_refused"
    )


def test_a_workspace_that_a_colleague_has_written_to_is_not_taken_away(
    team_server: postgres.Server, tmp_path: Path
) -> None:
    place = team_server.team_place(tmp_path)
    Workspace.create(place).close()
    with Workspace.open(place) as colleague:
        colleague.insert("document", row("a"), "李四", "登记", each=True)
    remove(place)
    assert exists(place)
    empty = team_server.team_place(tmp_path)
    Workspace.create(empty).close()
    remove(empty)
    assert not exists(empty)


def earlier(server: postgres.Server, tmp_path: Path, login: str) -> tuple[str, str]:
    """A workspace as schema 1 would have it on a server, decisions in one JSON column; its place for its owner, and for ``login``."""
    place = server.team_place(tmp_path)
    schema = str(place_of(place).schema)  # type: ignore[union-attr]
    with Workspace.create(place) as store:
        rows = [{"id": f"d{number}", "parcel": "1", "part": "", "fields": {"action": "accept"}} for number in (1, 2)]
        store.insert("decision", pd.DataFrame(rows), "张三", "判定", each=True)
    dropped = ", ".join(f"DROP COLUMN {name}" for name in ("sequence", *DECISION_COLUMNS))
    server.sql(
        f'ALTER TABLE "{schema}".decision {dropped}',
        f"UPDATE \"{schema}\".setting SET value = '1' WHERE name = 'schema_version'",
        f"DO $$ BEGIN CREATE ROLE {login} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f'GRANT USAGE ON SCHEMA "{schema}" TO {login}',
        f'GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA "{schema}" TO {login}',
    )
    return place, server.team_place(tmp_path, user=login, schema=schema)


def test_an_earlier_schema_on_a_server_is_brought_to_todays_by_its_owner_and_said_to_others(
    team_server: postgres.Server, tmp_path: Path
) -> None:
    place, of_another = earlier(team_server, tmp_path, "nutzer")
    with pytest.raises(WeipianError) as raised:
        Workspace.open(of_another)
    assert raised.value.code == "workspace.server_not_migrated"
    assert "属主" in str(raised.value) and "升级插件" not in str(raised.value)
    with Workspace.open(place) as store:
        assert store.setting("schema_version") == str(SCHEMA_VERSION)
        rows = store.records("decision")
        assert [(row["id"], row["sequence"], row["action"], row["fields"]) for row in rows] == [
            ("d1", 1, "accept", {}),
            ("d2", 2, "accept", {}),
        ]
        assert store.audit() == []
    with Workspace.open(of_another) as store:
        assert len(store.records("decision")) == 2


def test_a_later_schema_on_a_server_asks_for_a_newer_plugin(team_server: postgres.Server, tmp_path: Path) -> None:
    place = team_server.team_place(tmp_path)
    with Workspace.create(place) as store:
        store.set_setting("schema_version", str(SCHEMA_VERSION + 1), "张三", "试")
    with pytest.raises(WeipianError) as raised:
        Workspace.open(place)
    assert raised.value.code == "workspace.newer"


@pytest.mark.parametrize("there", [True, False], ids=["is there", "is made"])
def test_a_workspace_is_opened_or_made_over_one_connection(
    team_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    place = team_server.team_place(tmp_path)
    if there:
        Workspace.create(place).close()
    asked, connect = list[str](), PostgresConnection.connect
    monkeypatch.setattr(
        PostgresConnection, "connect", lambda login, schema: (asked.append(schema), connect(login, schema))[1]
    )
    store, made = Workspace.open_or_create(place)
    with store:
        assert (made, store.count("parcel"), len(asked)) == (not there, 0, 1)
