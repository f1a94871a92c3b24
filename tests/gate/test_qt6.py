"""The static half of being ready for Qt 6: what PyQt6 no longer has must not stand in the source."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis import analysis, core, gui
from qgis.PyQt import QtCore, QtGui, QtNetwork, QtWidgets

PACKAGE = Path(__file__).resolve().parents[2] / "weipian_plugin"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "vendor")

MODULES = (QtCore, QtGui, QtWidgets, QtNetwork, core, gui, analysis)
#: PyQt6 has no QVariant.Type, but QGIS adds it there, and QgsField of 3.22 takes nothing else.
KEPT_BY_QGIS = {"QVariant"}
#: The one place where the two Qt versions may be told apart.
COMPATIBILITY = "compat.py"
#: Classes of Qt 5 and QGIS 3 that their successors do not have, and modules no QGIS 4 brings.
GONE = {
    "QRegExp", "QRegExpValidator", "QDesktopWidget", "QMatrix", "QTextCodec", "QStringRef", "QSignalMapper", "QGLWidget", "qApp",
    "QgsMapLayerRegistry", "QgsComposition", "QgsComposerMap", "QgsMapCanvasLayer", "QgsGenericProjectionSelector",
}  # fmt: skip
GONE_MODULES = {"QtWebKit", "QtWebKitWidgets", "QtScript", "QtXmlPatterns", "QtMultimediaWidgets"}
MOVED = {"QAction", "QActionGroup", "QShortcut", "QUndoCommand", "QUndoStack"}
#: Methods that went with Qt 5, whatever object they are called on, and what stands there now.
GONE_METHODS = {
    "exec_": "exec()", "globalPos": "globalPosition().toPoint()", "setTabStopWidth": "setTabStopDistance()", "setCodec": "setEncoding()",
    "desktop": "screen()", "setResizeMode": "setSectionResizeMode()", "setClickable": "setSectionsClickable()",
    "setMovable": "setSectionsMovable()", "toTime_t": "toSecsSinceEpoch()", "setTime_t": "setSecsSinceEpoch()", "toAscii": "toLatin1()",
    "countryToString": "territoryToString()",
}  # fmt: skip
#: Events whose x(), y() and pos() PyQt6 took away from drops and wheels.
EVENT_METHODS = {"x", "y", "globalX", "globalY", "delta"}


def enumeration_of(class_name: str, attribute: str) -> str | None:
    """Name of the enumeration whose value `Class.attribute` is, when it is reached past its enumeration."""
    for module in MODULES:
        value = getattr(getattr(module, class_name, None), attribute, None)
        if isinstance(value, int) and not isinstance(value, bool) and type(value) is not int:
            return type(value).__name__
        for name, scope in vars(getattr(module, class_name, object)).items():
            if isinstance(scope, enum.EnumMeta) and attribute in scope.__members__:
                return name  # on Qt 6, where only the enumeration has it
    return None


def _is_signal(node: ast.Subscript) -> bool:
    """``combo.activated[str]``: a signal chosen by the type of its argument."""
    chosen = getattr(node.slice, "id", "")
    return node.value.attr in ("activated", "currentIndexChanged", "valueChanged", "buttonClicked", "highlighted") and chosen in (
        "str", "int", "float", "bool",
    )  # fmt: skip


def faults(source: str, name: str = "x.py") -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute):
            if node.attr in GONE_METHODS:
                yield f"{where} {node.attr}() is gone: {GONE_METHODS[node.attr]}"
            if isinstance(node.value, ast.Name) and node.value.id == "event" and node.attr in EVENT_METHODS:
                yield f"{where} event.{node.attr}() is gone: position(), globalPosition(), angleDelta()"
            if isinstance(node.value, ast.Name) and node.value.id == "QVariant" and not name.endswith(COMPATIBILITY):
                yield f"{where} QVariant.{node.attr}: PyQt6 has no types of variants; use toolbelt/{COMPATIBILITY}"
            if isinstance(node.value, ast.Name) and re.match(r"Q(t$|[A-Z]|gs|gis$)", node.value.id):
                enumeration = None if node.value.id in KEPT_BY_QGIS else enumeration_of(node.value.id, node.attr)
                if enumeration:
                    yield f"{where} {node.value.id}.{node.attr}: write {node.value.id}.{enumeration}.{node.attr}"
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "QVariant"
            and not name.endswith(COMPATIBILITY)
        ):
            yield f"{where} QVariant(): PyQt6 gives None or NULL; use toolbelt/{COMPATIBILITY}"
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and _is_signal(node):
            yield f"{where} {node.value.attr}[...]: Qt 6 has one signal of each name"
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.startswith("qgis.PyQt.") and module.split(".")[2] in GONE_MODULES:
                yield f"{where} {module} is in no QGIS 4"
            for alias in node.names:
                if alias.name in GONE and module.startswith("qgis."):
                    yield f"{where} {alias.name} is gone"
                if alias.name in MOVED and module.startswith("qgis.PyQt") and not name.endswith(COMPATIBILITY):
                    yield f"{where} {alias.name} moved between Qt modules: take it from toolbelt/{COMPATIBILITY}"
            if module.split(".")[0] in ("PyQt5", "PyQt6", "sip"):
                yield f"{where} imports {module}: use qgis.PyQt"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in ("PyQt5", "PyQt6", "sip", "imp", "distutils", "pkg_resources"):
                    yield f"{where} imports {alias.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_source_is_ready_for_qt6(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    assert list(faults(path.read_text(encoding="utf-8"), name)) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("Qt.AlignLeft", "Qt.AlignmentFlag.AlignLeft"),
        ("QMessageBox.Yes", "QMessageBox.StandardButton.Yes"),
        ("QgsTask.CanCancel", "QgsTask.Flag.CanCancel"),
        ("dialog.exec_()", "exec()"),
        ("from PyQt5.QtCore import Qt", "qgis.PyQt"),
        ("from qgis.PyQt.QtWidgets import QAction", "compat.py"),
        ("from qgis.PyQt.QtCore import QRegExp", "gone"),
        ("from qgis.core import QgsMapLayerRegistry", "gone"),
        ("from qgis.PyQt.QtWebKit import QWebView", "no QGIS 4"),
        ("QgsField('a', QVariant.Int)", "compat.py"),
        ("value == QVariant()", "compat.py"),
        ("combo.activated[str].connect(f)", "one signal"),
        ("def dropEvent(self, event): event.x()", "position()"),
        ("point = mouse.globalPos()", "globalPosition"),
        ("import sip", "imports sip"),
    ],
)
def test_the_check_itself_finds_a_fault(source: str, fault: str) -> None:
    assert any(fault in found for found in faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "Qt.AlignmentFlag.AlignLeft",
        "dialog.exec()",
        "QgsProject.instance()",
        "combo.activated.connect(f)",
        "rows['activated'][0]",
    ],
)
def test_the_check_itself_lets_sound_code_pass(source: str) -> None:
    assert list(faults(source)) == []
