"""The static half of being ready for Qt 6: what PyQt6 no longer has must not stand in the source."""

from __future__ import annotations

import ast
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
GONE = {"QRegExp", "QRegExpValidator", "QDesktopWidget", "QMatrix", "QTextCodec", "QStringRef", "QSignalMapper"}
MOVED = {"QAction", "QActionGroup", "QShortcut", "QUndoCommand", "QUndoStack"}


def enumeration_of(class_name: str, attribute: str) -> str | None:
    """Name of the enumeration whose value `Class.attribute` is, when it is reached past its enumeration."""
    for module in MODULES:
        value = getattr(getattr(module, class_name, None), attribute, None)
        if isinstance(value, int) and not isinstance(value, bool) and type(value) is not int:
            return type(value).__name__
    return None


def faults(source: str, name: str = "x.py") -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute):
            if node.attr == "exec_":
                yield f"{where} exec_() is gone: exec()"
            if isinstance(node.value, ast.Name) and re.match(r"Q(t$|[A-Z]|gs|gis$)", node.value.id):
                enumeration = None if node.value.id in KEPT_BY_QGIS else enumeration_of(node.value.id, node.attr)
                if enumeration:
                    yield f"{where} {node.value.id}.{node.attr}: write {node.value.id}.{enumeration}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            for alias in node.names:
                if alias.name in GONE and module.startswith("qgis.PyQt"):
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
    ],
)
def test_the_check_itself_finds_a_fault(source: str, fault: str) -> None:
    assert any(fault in found for found in faults(source))


@pytest.mark.parametrize(
    "source", ["Qt.AlignmentFlag.AlignLeft", "QVariant.Int", "dialog.exec()", "QgsProject.instance()"]
)
def test_the_check_itself_lets_sound_code_pass(source: str) -> None:
    assert list(faults(source)) == []
