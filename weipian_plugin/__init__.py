"""Weipian (卫片): satellite-imagery land enforcement in QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


def classFactory(iface: QgisInterface) -> Any:
    """The plugin, as QGIS asks for it."""
    from .plugin import WeipianPlugin

    return WeipianPlugin(iface)
