"""``weipian:teamroles``: for the administrator, who may do what in a team's workspace."""

from __future__ import annotations

from typing import Any

from ..model.errors import WeipianError
from ..model.messages import Message
from ..pipeline.parameters import MEMBERS, PREVIEW, WORKSPACE
from ..workspace import team_roles
from ..workspace.places import TeamPlace, place_of
from .base import WeipianAlgorithm, names
from .feedback import ProcessingFeedback


class TeamRoles(WeipianAlgorithm):
    ID = "teamroles"
    TITLE = "多人工作库角色"
    HELP = (
        "由管理员运行：在服务器上建立核查、复核、查看三种角色，并规定每个登录名可写的乡镇。登录名和密码由管理员事先在数据库中建立，"
        "这里不出现密码。勾选「只预览」时只列出将执行的 SQL，可交数据库管理员执行。可重复运行。"
    )
    REQUIRED = names(WORKSPACE)
    OPTIONAL = names(MEMBERS, PREVIEW)
    COUNTS = ("MEMBERS",)

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        """Raises ``workspace.place_unreadable`` for a file, and what :func:`team_roles.apply` raises."""
        place = place_of(values[WORKSPACE.name])
        if not isinstance(place, TeamPlace):
            raise WeipianError("workspace.place_unreadable", place=str(place))
        members = team_roles.read_members(values[MEMBERS.name] or "")
        if values[PREVIEW.name]:
            feedback.command(";\n".join(team_roles.script(place.schema, members)) + ";")
        else:
            team_roles.apply(place, members)
            feedback.report(Message("workspace.roles_set", {"path": place.text, "count": len(members)}))
        return {"MEMBERS": len(members)}
