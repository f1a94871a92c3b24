"""What QGIS loads and unloads: the provider always, the workbench where there is a window."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from .model.packages import Lack
from .model.paths import resource
from .native import keep_native_libraries_apart, stop_keeping_native_libraries_apart
from .toolbelt import packages
from .toolbelt.language import language


class WeipianPlugin:
    """Owns everything the plugin adds to QGIS; :meth:`unload` removes it in reverse order.

    Whatever Python packages this QGIS lacks, loading succeeds: where the core is not there, a note says so and nothing else is loaded.
    """

    def __init__(self, iface: object) -> None:
        self.iface = iface
        self.provider: Optional[Any] = None
        self.workbench: Optional[Any] = None
        self.stopped_by: tuple[Lack, ...] = ()
        self._translator: Optional[QTranslator] = None

    def initProcessing(self) -> None:
        """The provider alone: all that ``qgis_process`` needs."""
        packages.use_own()
        keep_native_libraries_apart()
        self.stopped_by = packages.stopping()
        if self.stopped_by:
            _log(packages.sentence(self.stopped_by), Qgis.MessageLevel.Warning)
            return
        from .algorithms.provider import WeipianProvider

        for lack in packages.switched_off():
            _log(packages.switched_off_sentence(lack), Qgis.MessageLevel.Info)
        self.provider = WeipianProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Provider, docks, menu and toolbar; where core packages are lacking, only the note that says which."""
        self._install_translator()
        self.initProcessing()
        if self.stopped_by:
            from .gui.packages_note import PackagesDock

            self.workbench = PackagesDock(self.iface, self.stopped_by)
        else:
            from .gui.workbench import Workbench

            self.workbench = Workbench(self.iface)
        self.workbench.load()

    def unload(self) -> None:
        """Take away all that was added to QGIS; a second call does nothing."""
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
        packages.stop_using_own()

    def _install_translator(self) -> None:
        """Source texts are Chinese; other readers get the English translation."""
        if language() == "zh":
            return
        translator = QTranslator()
        if translator.load(str(resource("i18n", "weipian_en.qm"))):
            QCoreApplication.installTranslator(translator)
            self._translator = translator


def _log(text: str, level: object) -> None:
    QgsMessageLog.logMessage(text, "卫片", level, False)
