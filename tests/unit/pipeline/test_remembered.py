"""A workspace finds its catalogue again after the folder has moved."""

from __future__ import annotations

import shutil
from pathlib import Path

from weipian_plugin.pipeline.remembered import CATALOGUE, remember, remembered
from weipian_plugin.workspace import Workspace


def test_a_moved_folder_keeps_its_catalogue(tmp_path: Path) -> None:
    catalogue = tmp_path / "大安" / "图层清单.yaml"
    (tmp_path / "大安" / "成果").mkdir(parents=True)
    catalogue.write_text("version: 1\nlayers: []\n", encoding="utf-8")
    store = Workspace.create(tmp_path / "大安" / "成果" / "工作库.gpkg")
    assert remembered(store, CATALOGUE) is None
    remember(store, CATALOGUE, catalogue, "张三", "套合分析")
    rows = store.count("journal")
    remember(store, CATALOGUE, catalogue, "张三", "套合分析")
    assert store.count("journal") == rows, "the same again is no change"
    store.close()
    shutil.move(str(tmp_path / "大安"), str(tmp_path / "移到别处"))
    store = Workspace.open(tmp_path / "移到别处" / "成果" / "工作库.gpkg")
    assert remembered(store, CATALOGUE) == tmp_path / "移到别处" / "图层清单.yaml"
    store.close()


def test_a_workspace_that_moves_alone_still_finds_the_catalogue(tmp_path: Path) -> None:
    catalogue = tmp_path / "清单" / "图层清单.yaml"
    catalogue.parent.mkdir()
    catalogue.write_text("version: 1\nlayers: []\n", encoding="utf-8")
    store = Workspace.create(tmp_path / "工作库.gpkg")
    remember(store, CATALOGUE, catalogue, "张三", "套合分析")
    store.close()
    (tmp_path / "深" / "处").mkdir(parents=True)
    shutil.move(str(tmp_path / "工作库.gpkg"), str(tmp_path / "深" / "处" / "工作库.gpkg"))
    store = Workspace.open(tmp_path / "深" / "处" / "工作库.gpkg")
    assert remembered(store, CATALOGUE) == catalogue
    store.close()


def test_a_path_kept_by_an_earlier_version_is_still_found(tmp_path: Path) -> None:
    store = Workspace.create(tmp_path / "工作库.gpkg")
    store.set_setting(CATALOGUE, str(tmp_path / "清单" / "a.yaml"), "张三", "套合分析")
    assert remembered(store, CATALOGUE) == tmp_path / "清单" / "a.yaml"
    store.close()
