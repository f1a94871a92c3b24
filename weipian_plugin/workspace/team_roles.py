"""Roles of a team's workspace: who verifies (核查), reviews (复核) or reads (查看), and in which townships.

The rules are the server's: grants and row-level rules of ``resources/team/roles.sql``. Logins with their passwords are made by the
administrator beforehand; nothing here knows a password.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from ..model.errors import WeipianError
from ..model.paths import shipped
from . import postgres
from .places import TeamPlace
from .schema import literal, quoted

EVERYWHERE = "*"


class Role(Enum):
    """``NONE`` takes a login out of the team."""

    VERIFIER = "核查"
    REVIEWER = "复核"
    READER = "查看"
    NONE = "无"

    def group(self, schema: str) -> str:
        """The group of the server that holds the rights."""
        return f"{schema}_{self.name.lower()}"


GROUPS = (Role.VERIFIER, Role.REVIEWER, Role.READER)


@dataclass(frozen=True)
class Member:
    """``townships``: where the login may write; ``*`` for everywhere, none for a reader."""

    login: str
    role: Role
    townships: tuple[str, ...] = ()


def read_members(text: str) -> tuple[Member, ...]:
    """``登录名=角色:乡镇、乡镇`` with ``;`` between members; no township means all. Raises ``workspace.member_unreadable``."""
    return tuple(_member(entry.strip()) for entry in re.split(r"[;；\n]", text) if entry.strip())


def _member(entry: str) -> Member:
    login, mark, rest = entry.replace("＝", "=").partition("=")
    word, _, places = rest.replace("：", ":").partition(":")
    known = {role.value: role for role in Role}
    if not mark or not login.strip() or word.strip() not in known:
        raise WeipianError("workspace.member_unreadable", entry=entry, known="、".join(known))
    role = known[word.strip()]
    townships = tuple(name.strip() for name in re.split(r"[、,，]", places) if name.strip())
    writes = role in (Role.VERIFIER, Role.REVIEWER)
    return Member(login.strip(), role, (townships or (EVERYWHERE,)) if writes else ())


def script(schema: str, members: Sequence[Member] = ()) -> Iterator[str]:
    """The statements in their order, as an administrator may run them by hand."""
    for group in (role.group(schema) for role in GROUPS):
        condition = " ".join(["IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname =", literal(group), ") THEN"])
        yield " ".join(["DO $$ BEGIN", condition, "CREATE ROLE", quoted(group), "NOLOGIN; END IF; END $$"])
    yield rules(schema)
    table = quoted(schema) + ".team_member"
    for member in members:
        yield " ".join(["DELETE FROM", table, "WHERE login =", literal(member.login)])
        for role in GROUPS:
            verb, towards = ("GRANT", "TO") if role is member.role else ("REVOKE", "FROM")
            yield " ".join([verb, quoted(role.group(schema)), towards, quoted(member.login)])
        for township in member.townships:
            yield " ".join(["INSERT INTO", table, "VALUES (", literal(member.login), ",", literal(township), ")"])


def rules(schema: str) -> str:
    """The file of rules with its names put in, as psql does."""
    names = {"schema": schema, **{role.name.lower(): role.group(schema) for role in GROUPS}}
    text = shipped("team", "roles.sql").read_text(encoding="utf-8")
    text = re.sub(r':"(\w+)"', lambda found: quoted(names[found[1]]), text)
    return re.sub(r":'(\w+)'", lambda found: literal(names[found[1]]), text)


def apply(place: TeamPlace, members: Sequence[Member]) -> None:
    """Set up the roles, all or nothing. Raises ``workspace.missing``, ``workspace.login_unknown``, ``workspace.not_permitted``."""
    with contextlib.closing(postgres.connect(place)) as connection, postgres.coded(place):
        if not postgres.is_there(connection, place):
            raise WeipianError("workspace.missing", path=place.text)
        rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")
        known = {str(row[0]) for row in rows}
        unknown = [member.login for member in members if member.login not in known]
        if unknown:
            raise WeipianError("workspace.login_unknown", logins="、".join(unknown))
        connection.execute("BEGIN")
        for statement in script(place.schema, members):
            connection.execute(statement)
        connection.execute("COMMIT")
