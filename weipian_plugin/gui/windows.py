"""Windows of ours that are opened, kept and ended by the workbench."""

from __future__ import annotations

from typing import Any

from ..toolbelt.compat import is_deleted


def end_window(window: Any) -> None:
    """Close a window of ours and let go of it, if there is one."""
    if window is not None and not is_deleted(window):
        window.close()
        window.deleteLater()
