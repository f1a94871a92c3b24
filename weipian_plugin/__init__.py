"""Weipian (卫片): satellite-imagery land enforcement in QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import WeipianPlugin


def classFactory(iface: QgisInterface) -> WeipianPlugin:
    """The plugin, as QGIS asks for it."""
    from .plugin import WeipianPlugin

    return WeipianPlugin(iface)
