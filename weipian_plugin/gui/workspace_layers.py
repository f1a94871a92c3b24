"""The layers of a workspace in the map: of a file, or of a schema of a server, where QGIS finds the login by itself."""

from __future__ import annotations

from qgis.core import QgsDataSourceUri, QgsVectorLayer

from ..toolbelt import connections
from ..workspace import Workspace
from ..workspace.places import TeamPlace
from ..workspace.schema import table as table_named


def layer_of(store: Workspace, table: str, title: str) -> QgsVectorLayer:
    """One table as a layer; nothing secret is in its source, so a saved project holds nothing secret."""
    place = store.place
    if not isinstance(place, TeamPlace):
        return QgsVectorLayer(f"{store.path}|layername={table}", title, "ogr")
    uri = connections.uri(place.connection) if place.connection else QgsDataSourceUri(place.login)
    if uri is None:
        return QgsVectorLayer("", title, "postgres")
    geometry = "geom" if table_named(table).geometry else ""
    uri.setDataSource(place.schema, table, geometry, "", "fid")
    if place.connection and not uri.authConfigId():
        uri.setPassword("")  # a login kept in the settings as plain text stays there: QGIS asks or finds it
    return QgsVectorLayer(uri.uri(False), title, "postgres")
