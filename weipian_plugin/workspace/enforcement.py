"""Enforcement cases (查处案件) in and out of a workspace. Every change is a journal row with the steps before and after."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Optional

import pandas as pd

from ..model.enforcement import EnforcementCase, case_of_row, row_of_case
from ..model.errors import WeipianError
from . import journal
from .store import Workspace

_TABLE = "enforcement_case"


def read_cases(store: Workspace, parcel: Optional[str] = None) -> tuple[EnforcementCase, ...]:
    """All cases in the order they were opened here; with ``parcel`` those about it or one of its parts."""
    cases = [case_of_row(row) for row in store.records(_TABLE)]
    return tuple(case for case in cases if parcel is None or any(member.parcel == parcel for member in case.members))


def save_case(store: Workspace, case: EnforcementCase, who: str) -> EnforcementCase:
    """Write a case; one without an id is new. Returns it as stored.

    Raises ``workspace.case_without_parcel``, ``workspace.conflict`` when a colleague has changed it since it was read.
    """
    if not case.members:
        raise WeipianError("workspace.case_without_parcel")
    values = {**row_of_case(case), "updated_by": who, "updated_at": journal.now()}
    with store.transaction():
        if case.id:
            store.update(_TABLE, {"id": case.id}, values, who, "修改查处案件", version=case.version)
            return replace(case, version=case.version + 1)
        made = replace(case, id=uuid.uuid4().hex, version=1)
        row = {**values, "id": made.id, "version": made.version}
        store.insert(_TABLE, pd.DataFrame([row]), who, "登记查处案件", each=True)
        return made


def remove_case(store: Workspace, case: str, who: str) -> None:
    """Take a case away (the journal keeps its values); the documents stay with their parcels."""
    store.delete(_TABLE, who, "移除查处案件", id=case)
