"""Every dialog, every page of the options and every algorithm's dialog opens, on each version of QGIS and of Qt."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gui.conftest import iface, wait

if iface is not None:
    from qgis.core import QgsApplication
    from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
    from qgis.PyQt.QtWidgets import QDialog, QWidget

    from weipian_plugin import gui


def classes(kind: Any) -> list[type]:
    """Classes of a kind in the modules of the window; those that another one is made from are not shown themselves."""
    found = {
        item
        for module in pkgutil.iter_modules(gui.__path__, "weipian_plugin.gui.")
        for item in vars(importlib.import_module(module.name)).values()
        if isinstance(item, type) and issubclass(item, kind) and item.__module__.startswith("weipian_plugin.gui")
    }
    bases = {base for item in found for base in item.__mro__[1:]}
    return sorted(found - bases, key=lambda item: item.__name__)


DIALOGS = [] if iface is None else classes(QDialog)
PAGES = [] if iface is None else classes(QgsOptionsWidgetFactory)


@pytest.fixture
def arguments(bench: Any, tmp_path: Path) -> dict[str, Any]:
    """What dialogs are made with, by the names of their parameters."""
    from weipian_plugin.model.paths import resource

    parts, numbers = bench.parts, list(bench.parts.session.rows)[:2]
    return {
        "session": parts.session, "runner": parts.runner, "person": "张三", "parent": iface.mainWindow(), "parts": parts,
        "numbers": numbers, "shown": numbers, "strip": bench.dock.photos, "path": resource().parent / "docs" / "manual.md",
        "opened": lambda path: None, "title": "标题", "text": "说明", "wanted": (), "profile": None, "notifier": bench.notifier,
        "folder": tmp_path, "iface": iface,
    }  # fmt: skip


def stand_in(parameter: inspect.Parameter, folder: Path) -> Any:
    """Something empty of the kind that a parameter says it takes."""
    kind = str(parameter.annotation)
    for begins, value in (
        ("Sequence", ()), ("list", []), ("tuple", ()), ("dict", {}), ("Mapping", {}), ("Callable", lambda *values: None),
        ("str", ""), ("bool", False), ("int", 0), ("Path", folder), ("Optional", None),
    ):  # fmt: skip
        if kind.startswith(begins):
            return value
    raise AssertionError(f"made with {parameter}: name it in this test's arguments")


def shown_and_closed(widget: QWidget) -> None:
    widget.show()
    wait(0.2)
    assert widget.isVisible()
    assert not widget.grab().isNull()
    widget.close()
    widget.deleteLater()
    wait(0.05)


@pytest.mark.parametrize("kind", DIALOGS, ids=lambda kind: kind.__name__)
def test_every_dialog_opens(kind: Any, arguments: dict[str, Any]) -> None:
    given = {}
    for name, parameter in list(inspect.signature(kind.__init__).parameters.items())[1:]:
        if parameter.default is parameter.empty or name == "parent":
            given[name] = arguments[name] if name in arguments else stand_in(parameter, arguments["folder"])
    shown_and_closed(kind(**given))


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_every_page_of_the_options_opens(kind: Any, plugin: Any) -> None:
    holder = QDialog(iface.mainWindow())
    page = kind().createWidget(holder)
    assert isinstance(page, QgsOptionsPageWidget)
    page.setParent(holder)
    holder.resize(800, 600)
    shown_and_closed(holder)


@pytest.fixture(scope="module")
def processing_gui() -> Iterator[Any]:
    """QGIS's own Processing plugin, which makes the dialogs; the window of these tests starts without plugins."""
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    yield processing


def test_the_dialogs_ask_with_lists_buttons_and_the_open_workspace(
    bench: Any, processing_gui: Any, workspace: Path, tmp_path: Path, picture: Any
) -> None:
    dialog = processing_gui.createAlgorithmDialog("weipian:intake", {"UNIT": "m2"})
    dialog.show()
    wait(0.2)
    wrappers = dialog.mainWidget().wrappers
    fields = {name: wrapper.field for name, wrapper in wrappers.items() if hasattr(wrapper, "field")}
    assert {"DELIVERY", "WORKSPACE", "ENCODING", "CRS", "UNIT", "KIND", "FIELDS"} <= set(fields)
    assert fields["WORKSPACE"].text() == str(workspace), "the open one is filled in"
    assert fields["UNIT"].text() == "m2" and "平方米" in fields["UNIT"].list.currentText()
    fields["ENCODING"].set_text("BIG5-HKSCS")
    assert wrappers["ENCODING"].value() == "BIG5-HKSCS", "what is in no list may be typed"
    fields["DELIVERY"].set_text(str(tmp_path))
    given = dialog.createProcessingParameters()
    assert (given["DELIVERY"], given["UNIT"], given["WORKSPACE"]) == (str(tmp_path), "m2", str(workspace))
    assert not given.get("KIND")
    picture("algorithm_intake", dialog)
    dialog.close()
    dialog = processing_gui.createAlgorithmDialog("weipian:run", {})
    dialog.show()
    fields = {name: w.field for name, w in dialog.mainWidget().wrappers.items() if hasattr(w, "field")}
    fields["PHOTOS"].add("/one")
    fields["PHOTOS"].add("/two")
    assert fields["PHOTOS"].text() == "/one;/two"
    assert fields["PROFILE"].list.findData("hebei-2026") > 0 and fields["PROFILE"].text() == ""
    fields["AS_OF"].set_text("2023-06-30")
    assert dialog.mainWidget().wrappers["AS_OF"].value() == "2023-06-30"
    wait(0.2)
    picture("algorithm_run", dialog)
    dialog.close()


def test_the_dialog_of_every_algorithm_opens(plugin: Any, processing_gui: Any) -> None:
    provider = QgsApplication.processingRegistry().providerById("weipian")
    names = [algorithm.name() for algorithm in provider.algorithms()]
    assert len(names) >= 12
    for name in names:
        dialog = processing_gui.createAlgorithmDialog(f"weipian:{name}", {})
        assert dialog is not None, name
        fields = [child for child in dialog.findChildren(QWidget) if type(child).__name__ != "QWidget"]
        assert len(fields) > 10, name
        shown_and_closed(dialog)
