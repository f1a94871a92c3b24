"""Layers that QGIS knows already: those of the current project, its saved PostgreSQL connections, and what is dropped on a window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from qgis.core import QgsDataSourceUri, QgsMapLayer, QgsMimeDataUtils, QgsProject, QgsProviderRegistry
from qgis.PyQt.QtCore import QMimeData, Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..formats.catalogue_file import Entry
from ..formats.listing import RASTERS, Listed
from ..toolbelt.language import tr


def project_layers() -> list[tuple[str, Listed]]:
    """Name and source of every layer of the current project that a catalogue can hold."""
    result = []
    for layer in QgsProject.instance().mapLayers().values():
        listed = listed_of_layer(layer)
        if listed is not None:
            result.append((layer.name(), listed))
    return sorted(result, key=lambda item: item[0])


def listed_of_layer(layer: QgsMapLayer) -> Optional[Listed]:
    """The source of a layer as a catalogue writes it; None for what lives in memory or with an unknown provider."""
    return listed_of_uri(str(layer.providerType()), layer.source())


def listed_of_uri(provider: str, uri: str) -> Optional[Listed]:
    """The same for a provider and its address."""
    if provider == "postgres":
        return _of_postgres(QgsDataSourceUri(uri))
    if provider == "wms":
        return Listed(uri, raster=True)
    if provider not in ("ogr", "gdal"):
        return None
    parts = QgsProviderRegistry.instance().decodeUri(provider, uri)
    path = str(parts.get("path") or "")
    if not path or not Path(path).exists():
        return None
    return Listed(path, parts.get("layerName") or None, raster=provider == "gdal")


def _of_postgres(uri: QgsDataSourceUri) -> Listed:
    table = f"{uri.schema()}.{uri.table()}" if uri.schema() else uri.table()
    return Listed(connection_text(uri), table or None)


def connection_text(uri: QgsDataSourceUri) -> str:
    """A connection as a catalogue may hold it: without a password, which is for the password file or the service of the system."""
    values = {
        "service": uri.service(), "host": uri.host(), "port": uri.port(), "dbname": uri.database(), "user": uri.username(),
    }  # fmt: skip
    return "PG:" + " ".join(f"{name}={value}" for name, value in values.items() if value)


def connections() -> dict[str, str]:
    """QGIS's saved PostgreSQL connections: name → connection text."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    saved = metadata.connections(False) if metadata is not None else {}
    return {str(name): connection_text(QgsDataSourceUri(one.uri())) for name, one in sorted(saved.items())}


def dropped(data: QMimeData) -> tuple[list[Path], list[Listed]]:
    """What is dropped from a file manager (paths) or from QGIS's browser and layer tree (layers)."""
    if QgsMimeDataUtils.isUriList(data):
        uris = QgsMimeDataUtils.decodeUriList(data)
        listed = [listed_of_uri(uri.providerKey, uri.uri) for uri in uris]
        return [], [one for one in listed if one is not None]
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()], []


def as_raster(path: Path) -> bool:
    """Whether the suffix is that of an image."""
    return path.suffix.lower() in RASTERS


class PickDialog(QDialog):
    """A list with a tick before each name; ``known``: what the catalogue has already is shown without a tick."""

    def __init__(
        self,
        title: str,
        text: str,
        offered: Sequence[tuple[str, Listed]],
        known: Sequence[Entry],
        parent: Optional[QWidget],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(520, 420)
        self._offered = list(offered)
        taken = {entry.key for entry in known}
        self.list = QListWidget()
        for name, listed in self._offered:
            item = QListWidgetItem(name)
            item.setToolTip(listed.source)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            old = Entry("", listed.source, listed.layer).key in taken
            item.setCheckState(Qt.CheckState.Unchecked if old else Qt.CheckState.Checked)
            self.list.addItem(item)
        message = QLabel(text)
        message.setWordWrap(True)
        self.ok_button, cancel = QPushButton(tr("添加")), QPushButton(tr("取消"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.ok_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(message)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self.ok_button.setEnabled(bool(self._offered))

    def chosen(self) -> list[Listed]:
        """The layers with a tick."""
        return [
            listed
            for row, (_, listed) in enumerate(self._offered)
            if self.list.item(row).checkState() == Qt.CheckState.Checked
        ]
