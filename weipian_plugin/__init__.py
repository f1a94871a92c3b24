"""Weipian (卫片): satellite-imagery land enforcement in QGIS."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:
    """The plugin, as QGIS asks for it."""
    from .plugin import WeipianPlugin

    return WeipianPlugin(iface)
