"""Loading, unloading, first start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtWidgets import QDockWidget, QMenu, QToolBar, QWidget
from qgis.utils import iface

from tests.gui.conftest import until, wait
from weipian_plugin.gui.packages_note import PackagesDock
from weipian_plugin.model.packages import PACKAGES, Lack
from weipian_plugin.plugin import WeipianPlugin
from weipian_plugin.toolbelt import package_zip, packages


def belongings() -> dict[str, Any]:
    """What the window holds that a plugin could leave behind."""
    window = iface.mainWindow()
    return {
        "docks": sorted(dock.objectName() for dock in window.findChildren(QDockWidget)),
        "toolbars": sorted(bar.objectName() for bar in window.findChildren(QToolBar)),
        "menus": len([menu for menu in window.findChildren(QMenu) if "eipian" in menu.objectName()]),
        "actions": len(window.menuBar().actions()),
        "ours": sorted(child.objectName() for child in window.findChildren(QWidget) if "eipian" in child.objectName()),
        "providers": sorted(provider.id() for provider in QgsApplication.processingRegistry().providers()),
        "layers": len(QgsProject.instance().mapLayers()),
        "groups": [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups()],
        "canvas items": len(iface.mapCanvas().scene().items()),
    }


def test_load_and_unload_twice_leaves_nothing(workspace: Any) -> None:
    QgsProject.instance().clear()
    wait(0.5)  # what an earlier story left to be deleted later is gone
    before = belongings()
    for _ in range(2):
        plugin = WeipianPlugin(iface)
        plugin.initGui()
        plugin.workbench.open_workspace(workspace)
        until(lambda plugin=plugin: plugin.workbench.parts.session.details, what="the card is read")
        wait(0.3)
        assert belongings() != before
        plugin.unload()
        wait(0.5)
        assert belongings() == before


def test_the_first_start_says_what_to_do(plugin: Any, picture: Any) -> None:
    dock = plugin.workbench.dock
    assert dock.stack.currentWidget() is dock.start_page
    assert dock.start_page.sample_button.isVisible()
    picture("first_start")


def test_missing_packages_are_named_with_the_way_to_install_them_offline(
    picture: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(Lack, "in_use", False)  # shapely is loaded here, which it is not where it is lacking
    shapely, geopandas = (package for package in PACKAGES if package.module in ("shapely", "geopandas"))
    note = PackagesDock(iface, (Lack(shapely, "2.0.6"), Lack(geopandas, None)))
    note.load()
    try:
        picture("missing_packages", note.dock)
        texts = " ".join(label.text() for label in note.dock.findChildren(QWidget) if hasattr(label, "text"))
        assert all(part in texts for part in ("shapely", "2.0.6", "2.1", "geopandas", "3.44.8", package_zip.system()))
        assert "pip install" not in texts
        assert "3.44.8" in iface.messageBar().currentItem().text()
        (tmp_path / "组件包.zip").write_bytes(b"not a zip")
        note.dock.widget().install(tmp_path / "组件包.zip")
        assert "组件包.zip" in note.dock.widget().answer.text() and "没有安装" in note.dock.widget().answer.text()
    finally:
        note.unload()
        iface.messageBar().clearWidgets()
    wait(0.1)


def test_a_qgis_that_lacks_a_core_package_loads_the_note_and_nothing_else(monkeypatch: Any) -> None:
    before = belongings()
    monkeypatch.setattr(packages, "stopping", lambda: (Lack(PACKAGES[0], None),))
    plugin = WeipianPlugin(iface)
    plugin.initGui()
    try:
        assert plugin.provider is None
        assert isinstance(plugin.workbench, PackagesDock)
    finally:
        plugin.unload()
        iface.messageBar().clearWidgets()
    wait(0.5)
    assert belongings() == before


def test_the_workbench_shows_the_county(bench: Any, picture: Any) -> None:
    assert bench.dock.model.rowCount() == len(bench.parts.session.rows) > 60
    wait(1.5)
    picture("workbench_first")
