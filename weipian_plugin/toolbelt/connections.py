"""PostgreSQL connections saved in QGIS: user and password stay in its store, or in its authentication database."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsDataSourceUri,
    QgsProviderConnectionException,
    QgsProviderRegistry,
)

from ..model.errors import WeipianError

_PROVIDER = "postgres"
#: The method of the authentication database that keeps user and password; the others (certificates, tokens) do not reach libpq.
_BASIC = "Basic"


def names() -> list[str]:
    """Names of the saved connections, sorted."""
    metadata = QgsProviderRegistry.instance().providerMetadata(_PROVIDER)
    return [] if metadata is None else sorted(metadata.connections(False))


def login(name: str) -> Optional[str]:
    """The libpq text of a saved connection, with what the authentication database holds for it; None where there is none. Never shown.

    Raises ``workspace.login_missing``, ``.login_method``, ``.login_locked`` where the database does not give user and password.
    """
    result = uri(name)
    if result is None:
        return None
    if result.authConfigId():
        _check_login(name, result.authConfigId())
    return str(result.connectionInfo(True))


def _check_login(name: str, authcfg: str) -> None:
    """QGIS leaves out without a word what it cannot read of a login, and the server would refuse it for another reason."""
    manager = QgsApplication.authManager()
    if manager.isDisabled() or authcfg not in manager.configIds():
        raise WeipianError("workspace.login_missing", name=name, login=authcfg)
    method = str(manager.configAuthMethodKey(authcfg))
    if method != _BASIC:
        raise WeipianError("workspace.login_method", name=name, method=method)
    read: Any = manager.loadAuthenticationConfig(authcfg, QgsAuthMethodConfig(), True)
    if not (read[0] if isinstance(read, tuple) else read):
        raise WeipianError("workspace.login_locked", name=name)


def uri(name: str) -> Optional[QgsDataSourceUri]:
    """The address of a saved connection as QGIS keeps it, its login by reference where it is one; None where there is none."""
    metadata = QgsProviderRegistry.instance().providerMetadata(_PROVIDER)
    if metadata is None:
        return None
    try:
        connection: Any = metadata.findConnection(name, False)  # as it is saved now, not as it was when last asked
    except QgsProviderConnectionException:
        return None
    return None if connection is None else QgsDataSourceUri(connection.uri())
