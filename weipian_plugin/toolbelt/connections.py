"""PostgreSQL connections saved in QGIS: user and password stay in its store, or in its authentication database."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import QgsDataSourceUri, QgsProviderConnectionException, QgsProviderRegistry

_PROVIDER = "postgres"


def names() -> list[str]:
    """Names of the saved connections, sorted."""
    metadata = QgsProviderRegistry.instance().providerMetadata(_PROVIDER)
    return [] if metadata is None else sorted(metadata.connections(False))


def login(name: str) -> Optional[str]:
    """The libpq text of a saved connection, with what the authentication database holds for it; None where there is none. Never shown."""
    found = uri(name)
    return None if found is None else str(found.connectionInfo(True))


def uri(name: str) -> Optional[QgsDataSourceUri]:
    """The address of a saved connection as QGIS keeps it, its login by reference where it is one; None where there is none."""
    metadata = QgsProviderRegistry.instance().providerMetadata(_PROVIDER)
    if metadata is None:
        return None
    try:
        connection: Any = metadata.findConnection(name)
    except QgsProviderConnectionException:
        return None
    return None if connection is None else QgsDataSourceUri(connection.uri())
