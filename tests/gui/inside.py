"""Runs pytest inside a real QGIS window: ``qgis --code tests/gui/inside.py`` (see scripts/test_gui.sh).

The window is up and its event loop turns before the first test; the exit code goes into the file named by WEIPIAN_GUI_RESULT.
"""

import os
import sys
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QTimer

REPOSITORY = Path(os.environ["WEIPIAN_REPOSITORY"])


def run() -> None:
    code = 3
    try:
        for folder in (os.environ["WEIPIAN_SITE_PACKAGES"], str(REPOSITORY)):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        if os.environ.get("WEIPIAN_PLUGINS"):  # the plugin out of the zip, before the checkout
            sys.path.insert(0, os.environ["WEIPIAN_PLUGINS"])
        if os.environ.get("WEIPIAN_TOOLS"):  # the tests' tools behind everything
            sys.path.append(os.environ["WEIPIAN_TOOLS"])
        if not os.environ.get("WEIPIAN_MANAGER"):  # there the plugin manager brings the plugin, which does it itself
            from weipian_plugin.native import keep_native_libraries_apart

            keep_native_libraries_apart()
        os.chdir(REPOSITORY)
        log = Path(os.environ["WEIPIAN_GUI_LOG"]).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open until the process ends
        sys.stdout = sys.stderr = log
        import pytest

        arguments = os.environ.get("WEIPIAN_GUI_ARGUMENTS", "tests/gui").split("\x1f")
        code = int(pytest.main(["-p", "no:cacheprovider", "--color=no", "--capture=no", *arguments]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        Path(os.environ["WEIPIAN_GUI_RESULT"]).write_text(str(code), encoding="utf-8")
        os._exit(code)  # the window's own questions at exit are not part of the tests


QTimer.singleShot(1500, run)
