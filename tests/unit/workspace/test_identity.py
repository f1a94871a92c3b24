"""A file that is gone, moved or another one is told from one that was only written to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.identity import identity_of


def test_a_workspace_stays_itself_while_it_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "区.gpkg"
    with Workspace.create(path) as store:
        before = identity_of(path)
        store.insert("batch", pd.DataFrame([{"name": "甲"}]), "张三", "图斑入库")
    assert before is not None and identity_of(path) == before


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_a_file_that_is_not_the_opened_one_is_seen(tmp_path: Path, how: str) -> None:
    path = tmp_path / "区.gpkg"
    Workspace.create(path).close()
    before = identity_of(path)
    if how == "deleted":
        path.unlink()
    else:
        path.rename(tmp_path / "别处.gpkg")
    if how == "replaced":
        Workspace.create(path).close()
    assert identity_of(path) != before and (identity_of(path) is None) == (how != "replaced")
