"""A second QGIS window on the same workspace (``qgis --code``), led by files in the folder WEIPIAN_SECOND.

``order.json`` {"number", "action"} → the form of this window is used as a person would → ``answer.json``. ``seen.json`` follows what
its queue shows, so that the first window's test knows when this one has noticed something. ``stop`` ends it.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QTimer

FOLDER = Path(os.environ["WEIPIAN_SECOND"])
for place in (os.environ["WEIPIAN_SITE_PACKAGES"], os.environ["WEIPIAN_REPOSITORY"]):
    if place not in sys.path:
        sys.path.insert(0, place)


def write(name: str, content: object) -> None:
    aside = FOLDER / (name + ".part")
    aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    aside.replace(FOLDER / name)


class Window:
    """The plugin in this QGIS, and a timer that looks for orders."""

    def __init__(self) -> None:
        from weipian_plugin.native import keep_native_libraries_apart

        keep_native_libraries_apart()
        from qgis.utils import iface

        from weipian_plugin.plugin import WeipianPlugin
        from weipian_plugin.toolbelt import settings

        settings.change(workspace="", person="李四")
        self.plugin = WeipianPlugin(iface)
        self.plugin.initGui()
        self.bench = self.plugin.workbench
        self.bench.open_workspace(Path(os.environ["WEIPIAN_SECOND_WORKSPACE"]))
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        self.timer.start(50)

    def look(self) -> None:
        if (FOLDER / "stop").exists():
            self.plugin.unload()
            os._exit(0)  # the window's own questions at exit are not part of the tests
        session = self.bench.parts.session
        if session.rows and session.details:
            write("seen.json", {number: row.person for number, row in session.rows.items() if row.person})
        order = FOLDER / "order.json"
        if order.exists() and session.rows:
            told = json.loads(order.read_text(encoding="utf-8"))
            order.unlink()
            session.select(told["number"])
            form = self.bench.dock.form
            getattr(form, told["action"])()
            write("answer.json", {"level": self.bench.notifier.last[0], "text": self.bench.notifier.last[1]})


def start() -> None:
    try:
        globals()["window"] = Window()
    except BaseException:
        write("failed.json", traceback.format_exc())
        os._exit(3)


QTimer.singleShot(500, start)
