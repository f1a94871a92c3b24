"""Who may write what is held by the server: a verifier's townships, reviews, readers; whatever program they use."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

from tests import postgres
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import TABLES, Workspace, team_roles
from weipian_plugin.workspace.places import TeamPlace, place_of
from weipian_plugin.workspace.team_roles import Member, Role, read_members
from weipian_plugin.workspace.working_copy import working_on_copy


@dataclass(frozen=True)
class Team:
    """A workspace with two parcels, 甲 in township A and 乙 in B; each login may connect without a password here."""

    server: postgres.Server
    schema: str
    folder: Path
    logins: dict[str, str]

    def open(self, who: str) -> Workspace:
        return Workspace.open(self.server.team_place(self.folder, self.logins[who], self.schema))

    @property
    def place(self) -> TeamPlace:
        place = place_of(self.server.team_place(self.folder, schema=self.schema))
        assert isinstance(place, TeamPlace)
        return place


@pytest.fixture(scope="module")
def team(team_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    mark = uuid.uuid4().hex[:6]
    logins = {who: f"{who} {mark}" for who in ("verifier", "reviewer", "chief", "reader", "stranger")}
    found = Team(team_server, f"卫片{mark}", tmp_path_factory.mktemp("库"), logins)
    team_server.sql(*(f'CREATE ROLE "{login}" LOGIN' for login in logins.values()))
    with Workspace.create(found.place) as store:
        rows = [
            {
                "number": number,
                "township": township,
                "state": "未提报",
                "flags": [],
                "geometry": shapely.box(105, 29, 105.1, 29.1),
            }
            for number, township in (("甲", "A"), ("乙", "B"), ("丙", None))
        ]
        store.insert("parcel", pd.DataFrame(rows, dtype=object), "管理员", "入库")
    members = (
        Member(logins["verifier"], Role.VERIFIER, ("A",)),
        Member(logins["reviewer"], Role.REVIEWER, ("A",)),
        Member(logins["chief"], Role.REVIEWER, ("*",)),
        Member(logins["reader"], Role.READER),
    )
    team_roles.apply(found.place, members)
    team_roles.apply(found.place, members)
    yield found


def decision(parcel: str, **values: Any) -> pd.DataFrame:
    return pd.DataFrame(
        [{"id": uuid.uuid4().hex, "parcel": parcel, "part": "", "action": "accept", "status": "current", **values}]
    )


def refused(store: Workspace, act: Any) -> None:
    """The act is refused with a sentence, and nothing of it is there."""
    before = {table.name: store.count(table.name) for table in TABLES}
    with pytest.raises(WeipianError) as raised:
        act()
    assert raised.value.code == "workspace.not_permitted"
    assert {table.name: store.count(table.name) for table in TABLES} == before
    assert store.audit() == []


def test_a_verifier_works_on_the_parcels_of_the_own_township(team: Team) -> None:
    with team.open("verifier") as store:
        with store.transaction():
            store.insert("decision", decision("甲"), "张三", "判定", each=True)
            store.update("parcel", {"number": "甲"}, {"state": "已判定"}, "张三", "判定")
        store.insert("document", pd.DataFrame([{"id": uuid.uuid4().hex, "parcel": "甲"}]), "张三", "登记", each=True)
        assert store.audit() == []


@pytest.mark.parametrize("parcel", ["乙", "丙", "没有"])
def test_a_verifier_writes_nothing_of_another_township(team: Team, parcel: str) -> None:
    with team.open("verifier") as store:
        refused(store, lambda: store.insert("decision", decision(parcel), "张三", "判定", each=True))
        refused(store, lambda: store.insert("document", pd.DataFrame([{"id": "x", "parcel": parcel}]), "张三", "登记"))
        refused(
            store,
            lambda: store.insert("photo_parcel", pd.DataFrame([{"photo": "x", "parcel": parcel}]), "张三", "挂接"),
        )
        if parcel != "没有":
            refused(store, lambda: store.update("parcel", {"number": parcel}, {"state": "已判定"}, "张三", "判定"))
            refused(store, lambda: store.update("parcel", {"number": parcel}, {"township": "A"}, "张三", "判定"))
            refused(
                store,
                lambda: store.update_rows("parcel", {parcel: {"state": "x"}, "甲": {"state": "x"}}, "张三", "判定"),
            )
            refused(store, lambda: store.delete("parcel", "张三", "删除", number=parcel))


def test_a_parcel_cannot_be_pushed_into_another_township(team: Team) -> None:
    with team.open("verifier") as store:
        refused(store, lambda: store.update("parcel", {"number": "甲"}, {"township": "B"}, "张三", "判定"))


def test_a_verifier_neither_reviews_nor_forges_a_review(team: Team) -> None:
    with team.open("verifier") as store:
        first = decision("甲")
        store.insert("decision", first, "张三", "判定", each=True)
        key = {"id": first["id"][0]}
        for values in ({"action": "review"}, {"action": "reject"}, {"state": "已复核"}, {"reviewed_by": "李四"}):
            refused(
                store,
                lambda values=values: store.insert("decision", decision("甲", **values), "张三", "复核", each=True),
            )
            refused(store, lambda values=values: store.update("decision", key, values, "张三", "复核"))


def test_a_reviewer_reviews_and_a_verifier_goes_on_from_it(team: Team) -> None:
    with team.open("reviewer") as store:
        review = decision("甲", action="review", state="已复核", reviewed_by="李四")
        store.insert("decision", review, "李四", "复核", each=True)
        refused(store, lambda: store.insert("decision", decision("乙", action="review"), "李四", "复核", each=True))
    with team.open("verifier") as store:
        store.update("decision", {"id": review["id"][0]}, {"status": "superseded"}, "张三", "改判")
        store.insert("decision", decision("甲", action="file", reviewed_by="李四"), "张三", "填报", each=True)
        assert store.audit() == []


def test_a_reader_reads_everything_and_writes_nothing(team: Team) -> None:
    with team.open("reader") as store:
        assert store.doubts == ()
        assert set(store.snapshot()["parcel"]["number"]) >= {"甲", "乙"}
        refused(store, lambda: store.update("parcel", {"number": "甲"}, {"state": "x"}, "王五", "判定"))
        refused(store, lambda: store.insert("decision", decision("甲"), "王五", "判定"))
        refused(store, lambda: store.set_setting("catalogue", "x", "王五", "设置"))
        with pytest.raises(Exception, match=r"permission|denied"):
            store.connection.execute("INSERT INTO journal (who, previous) VALUES ('x', 'y')")


@pytest.mark.parametrize("who", ["verifier", "reviewer", "chief"])
def test_nobody_of_the_team_changes_the_journal_or_the_rules(team: Team, who: str) -> None:
    with team.open(who) as store:
        for statement in (
            "UPDATE journal SET who = 'x'",
            "DELETE FROM journal",
            "UPDATE journal_end SET fid = 0",
            "INSERT INTO team_member SELECT session_user, '*'",
            "UPDATE setting SET value = '9' WHERE name = 'schema_version'" if who != "chief" else "DROP TABLE parcel",
            "ALTER TABLE decision DISABLE TRIGGER ALL",
        ):
            before = store.connection.execute("SELECT value FROM setting WHERE name = 'schema_version'").fetchone()
            try:
                store.connection.execute(statement)
            except Exception as error:
                assert getattr(error, "pgcode", "") in ("42501", "WP001"), statement
            assert (
                store.connection.execute("SELECT value FROM setting WHERE name = 'schema_version'").fetchone() == before
            )
        assert store.audit() == []


def test_who_is_not_of_the_team_does_not_get_in(team: Team) -> None:
    with pytest.raises(WeipianError) as raised:
        team.open("stranger")
    assert raised.value.code in ("workspace.not_permitted", "workspace.missing")


def test_a_reviewer_of_all_townships_makes_a_run(team: Team) -> None:
    with team.open("chief") as store:
        with working_on_copy(store) as aside:
            aside.store.insert("batch", pd.DataFrame([{"name": "2026-1"}]), "组长", "入库")
            aside.store.replace(
                "measure", pd.DataFrame([{"parcel": "乙", "measure": "area", "value": "2"}]), "组长", "套合"
            )
            aside.store.update("parcel", {"number": "丙"}, {"township": "B"}, "组长", "再次下发")
            aside.bring_back()
        assert store.audit() == []


def test_every_table_is_under_the_rules() -> None:
    text = team_roles.rules("w")
    for table in TABLES:
        assert f"'{table.name}'" in text or f".{table.name} " in text, table.name


def test_members_are_read_as_they_are_written() -> None:
    assert read_members("zhang=核查:大安街道、朱沱镇; li＝复核；wang=查看:大安街道\nold=无") == (
        Member("zhang", Role.VERIFIER, ("大安街道", "朱沱镇")),
        Member("li", Role.REVIEWER, ("*",)),
        Member("wang", Role.READER),
        Member("old", Role.NONE),
    )
    for text in ("zhang", "zhang=组长", "=核查"):
        with pytest.raises(WeipianError) as raised:
            read_members(text)
        assert raised.value.code == "workspace.member_unreadable"


def test_a_login_that_the_server_does_not_know_is_named(team: Team) -> None:
    with pytest.raises(WeipianError) as raised:
        team_roles.apply(team.place, [Member("没有这个人", Role.READER)])
    assert raised.value.code == "workspace.login_unknown"


def test_a_login_taken_out_of_the_team_writes_no_more(team: Team) -> None:
    team_roles.apply(team.place, [Member(team.logins["reviewer"], Role.NONE)])
    with pytest.raises(WeipianError):
        team.open("reviewer")


@pytest.mark.parametrize("act", ["change", "remove"])
def test_a_run_over_another_township_is_refused_whole(team: Team, act: str) -> None:
    """Rows that a rule keeps back are passed over by the server; the journal must not say that they were written."""
    with team.open("verifier") as store:
        entries = store.count("journal")
        with pytest.raises(WeipianError) as raised, working_on_copy(store) as aside:
            if act == "change":
                aside.store.update_rows("parcel", {"乙": {"state": "已判定"}}, "张三", "合法性判定建议")
            else:
                aside.store.delete("parcel", "张三", "入库", number="乙")
            aside.bring_back()
        assert raised.value.code == "workspace.not_permitted"
        assert store.count("journal") == entries and store.audit() == []
        assert store.values("parcel", ("state",), number="乙")[0][0] == "未提报"
