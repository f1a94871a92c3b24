"""打印位置图: the location map of the current parcel as a PDF, as it lies in the package; read beside the window."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog, QWidget

from ..algorithms.map_pictures import map_maker
from ..model.errors import Cancelled
from ..office.files import write_atomic
from ..pipeline.cases import read_cases
from ..toolbelt import settings
from ..toolbelt.language import tr
from ..workspace import Workspace
from ..workspace.places import Place
from .background import Runner
from .map_view import catalogue_layers
from .notifier import Notifier
from .session import Session


def draw(workspace: Place, number: str, file: Path, stored: settings.Settings) -> None:
    """Write the map of a parcel to ``file``; on a thread, its drawing goes to the main one. Raises ``filing.map_*``, ``run.*``."""
    with Workspace.open(workspace, check=False) as store, map_maker(catalogue_layers(store), stored) as maps:
        case = next(iter(read_cases(store, [number], maps.inputs)))
        with tempfile.TemporaryDirectory() as folder:
            drawn = next(entry.path for entry in maps.render(case, Path(folder)) if entry.path.suffix == ".pdf")
            write_atomic(file, lambda aside: shutil.copyfile(drawn, aside))


class LocationMap:
    """``parent``: the window that the question for the file belongs to."""

    def __init__(self, session: Session, runner: Runner, notifier: Notifier, parent: Optional[QWidget]) -> None:
        self._session, self._runner, self._notifier, self._parent = session, runner, notifier, parent

    def print(self, file: str = "", show: bool = True) -> None:
        """Ask for the file, draw, and open it in whatever shows PDFs here."""
        path, number = self._session.path, self._session.current
        if path is None or number is None:
            self._notifier.report(tr("请先打开工作库并选择图斑。"), "warning")
            return
        if not file:
            start = str(Path(settings.read().packages or path.parent) / (number + "_" + tr("位置图") + ".pdf"))
            file, _ = QFileDialog.getSaveFileName(self._parent, tr("打印位置图…"), start, "PDF (*.pdf)")
        if not file:
            return
        target, stored = Path(file), settings.read()
        self._notifier.report(tr("正在绘制位置图：{}").format(number))

        def done(result: object, problem: Optional[Exception]) -> None:
            if problem is None:
                self._notifier.report(tr("位置图已写入 {}").format(target), "success", target.parent)
                if show:
                    QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
            elif not isinstance(problem, Cancelled):
                self._notifier.error(problem)

        self._runner.function(lambda task: draw(path, number, target, stored), done)
