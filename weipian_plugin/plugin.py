"""What QGIS loads and unloads: the provider always, the workbench where there is a window."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from .model.paths import resource
from .native import keep_native_libraries_apart, stop_keeping_native_libraries_apart
from .toolbelt import packages
from .toolbelt.language import language


class WeipianPlugin:
    """Owns everything the plugin adds to QGIS; :meth:`unload` removes it in reverse order."""

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: Optional[Any] = None
        self.workbench: Optional[Any] = None
        self._translator: Optional[QTranslator] = None

    def initProcessing(self) -> None:
        """The provider alone: all that ``qgis_process`` needs."""
        if packages.missing():
            return
        keep_native_libraries_apart()
        from .algorithms.provider import WeipianProvider

        self.provider = WeipianProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Provider, docks, menu and toolbar; where Python packages are missing, only the note that says which."""
        self._install_translator()
        self.initProcessing()
        from .gui.workbench import Workbench

        self.workbench = Workbench(self.iface, packages.missing())
        self.workbench.load()

    def unload(self) -> None:
        if self.workbench is not None:
            self.workbench.unload()
            self.workbench = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        stop_keeping_native_libraries_apart()

    def _install_translator(self) -> None:
        """Source texts are Chinese; other readers get the English translation."""
        if language() == "zh":
            return
        translator = QTranslator()
        if translator.load(str(resource("i18n", "weipian_en.qm"))):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
