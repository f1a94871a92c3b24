"""The one place that knows QGIS and Qt versions: names that moved between QGIS 3.22 and 4."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsFeatureSink,
    QgsField,
    QgsProcessingAlgorithm,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProject,
)
from qgis.PyQt.QtCore import QVariant

try:  # Qt 6 moved QAction to QtGui
    from qgis.PyQt.QtGui import QAction, QShortcut
except ImportError:
    from qgis.PyQt.QtWidgets import QAction, QShortcut

__all__ = [
    "FAST_INSERT",
    "FILE",
    "FOLDER",
    "INTEGER",
    "MESSAGE_LEVELS",
    "NO_THREADING",
    "QAction",
    "QShortcut",
    "empty_project",
    "is_deleted",
    "is_null",
    "real_field",
    "text_field",
    "version",
]

FILE = QgsProcessingParameterFile.Behavior.File
FOLDER = QgsProcessingParameterFile.Behavior.Folder
INTEGER = QgsProcessingParameterNumber.Type.Integer
FAST_INSERT = QgsFeatureSink.Flag.FastInsert


def _no_threading() -> object:
    """``FlagNoThreading`` of an algorithm; from 3.36 on the flag lives in ``Qgis``."""
    moved = getattr(Qgis, "ProcessingAlgorithmFlag", None)
    return moved.NoThreading if moved is not None else QgsProcessingAlgorithm.Flag.FlagNoThreading


NO_THREADING = _no_threading()

MESSAGE_LEVELS = {
    "info": Qgis.MessageLevel.Info,
    "success": Qgis.MessageLevel.Success,
    "warning": Qgis.MessageLevel.Warning,
    "error": Qgis.MessageLevel.Critical,
}


def empty_project() -> QgsProject:
    """A project of its own, on the main thread; without a library of styles where QGIS can leave it out (3.26), which takes 50 ms to make."""
    capabilities = getattr(Qgis, "ProjectCapabilities", None)
    return QgsProject() if capabilities is None else QgsProject(None, capabilities())


def _field_type(name: str) -> object:
    """The type of a field: ``QMetaType`` where QgsField takes it (from 3.38 on), ``QVariant`` before."""
    if int(Qgis.QGIS_VERSION_INT) >= 33800:
        from qgis.PyQt.QtCore import QMetaType

        return getattr(QMetaType.Type, {"text": "QString", "real": "Double"}[name])
    return getattr(QVariant.Type, {"text": "String", "real": "Double"}[name])


def text_field(name: str) -> QgsField:
    """A field of text of any length, in each release of QGIS."""
    return QgsField(name, _field_type("text"))


def real_field(name: str) -> QgsField:
    """A field of floating point numbers, in each release of QGIS."""
    return QgsField(name, _field_type("real"))


def is_null(value: object) -> bool:
    """Whether an attribute is NULL, which PyQt gives as None or as an invalid QVariant."""
    return value is None or (isinstance(value, QVariant) and value.isNull())


def version() -> int:
    """QGIS's version as a number, e.g. 32216."""
    return int(Qgis.QGIS_VERSION_INT)


def is_deleted(thing: object) -> bool:
    """Whether Qt has deleted the object behind a Python one."""
    from qgis.PyQt import sip

    return bool(sip.isdeleted(thing))


def composition() -> object:
    """The strength of a relation whose children belong to the parent; from 3.28 on it lives in ``Qgis``."""
    moved = getattr(Qgis, "RelationshipStrength", None)
    if moved is not None:
        return moved.Composition
    from qgis.core import QgsRelation

    return QgsRelation.RelationStrength.Composition


def tab_layout() -> object:
    """The layout of a form designed by drag and drop; from 3.32 on it lives in ``Qgis``."""
    moved = getattr(Qgis, "AttributeFormLayout", None)
    if moved is not None:
        return moved.DragAndDrop
    from qgis.core import QgsEditFormConfig

    return QgsEditFormConfig.EditorLayout.TabLayout
