"""What the menu of a queue row does: copy, open folders, write the shown rows to Excel, decide for many."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional

from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QWidget

from ..model.errors import WeipianError
from ..office.sheet import SheetTable, write_sheets
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from .background import Runner
from .many import ManyDialog
from .notifier import Notifier
from .queue import COLUMNS, evidence_text, titles
from .rows import QueueRow
from .session import Session
from .shapes import as_qgs, metric_crs, on_map

_AT_ONCE = 1000  # rows


class RowMenu:
    """``dock``: whose rows are meant; ``parent``: the window that dialogs belong to."""

    def __init__(
        self, session: Session, runner: Runner, dock: Any, notifier: Notifier, parent: Optional[QWidget]
    ) -> None:
        self._session, self._runner = session, runner
        self._dock, self._notifier, self._parent = dock, notifier, parent
        self.many: Optional[ManyDialog] = None

    def do(self, name: str) -> None:
        """Carry out the entry ``name`` of the menu."""
        if self._session.details is None:
            return
        actions: dict[str, Callable[[], None]] = {
            "many": self.decide_many,
            "copy_number": self._copy_number,
            "copy_degrees": lambda: self._copy_place(metres=False),
            "copy_metres": lambda: self._copy_place(metres=True),
            "open_package": self._open_package,
            "open_photos": self._open_photos,
            "rows_to_excel": self.rows_to_excel,
        }
        actions[name]()

    def decide_many(self) -> None:
        """The summary of the marked rows; nothing is written before it is signed."""
        self.close()
        self.many = ManyDialog(self._session, self._dock.marked_numbers(), self._parent)
        self.many.decided.connect(self._decided)
        self.many.open()

    def _decided(self, count: int) -> None:
        self._session.reload()
        if count:
            self._notifier.report(tr("已签署 {} 个。").format(count), "success")

    def close(self) -> None:
        """End the window of many, if there is one."""
        if self.many is not None and not is_deleted(self.many):
            self.many.close()
            self.many.deleteLater()
        self.many = None

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._notifier.report(tr("已复制：{}").format(text))

    def _copy_number(self) -> None:
        self._copy("\n".join(self._dock.marked_numbers()) or self._session.current or "")

    def _copy_place(self, metres: bool) -> None:
        """A point inside the parcel: degrees of CGCS2000, or metres of its zone (east, north)."""
        details = self._session.details
        geometry = as_qgs(details.parcel.geometry) if details is not None else as_qgs(None)
        if details is None or geometry.isEmpty():
            return
        crs = metric_crs(details.parcel.zone) if metres else None
        point = geometry.pointOnSurface()
        if crs is not None:
            point = on_map(point, crs)
        place = point.asPoint()
        digits = ".2f" if metres else ".7f"
        self._copy(format(place.x(), digits) + ", " + format(place.y(), digits))

    def _open_package(self) -> None:
        details, path = self._session.details, self._session.path
        stored = details.package.path if details is not None and details.package is not None else ""
        folder = Path(stored) if (stored and Path(stored).is_absolute()) or path is None else path.parent / stored
        if stored and folder.exists():
            self._notifier.open_folder(folder if folder.is_dir() else folder.parent)
        else:
            self._notifier.report(tr("该图斑还没有导出卷宗。"), "warning")

    def _open_photos(self) -> None:
        photo = self._dock.photos.current
        stored = self._dock.photos.path_of(photo) if photo is not None else None
        if stored is not None and stored.parent.is_dir():
            self._notifier.open_folder(stored.parent)
        else:
            self._notifier.report(tr("没有照片"), "warning")

    def rows_to_excel(self, file: str = "") -> None:
        """The rows that are shown, as shown; one sheet."""
        path = self._session.path
        if not file and path is not None:
            start = str(path.parent / tr("图斑队列.xlsx"))
            file, _ = QFileDialog.getSaveFileName(self._parent, tr("队列另存为 Excel…"), start, "Excel (*.xlsx)")
        if not file:
            return
        rows = [self._session.rows[number] for number in self._dock.shown_numbers()]
        columns = [name for place, name in enumerate(COLUMNS) if not self._dock.table.isColumnHidden(place)]

        def done(result: object, problem: Optional[Exception]) -> None:
            if problem is None:
                message = tr("已写入 {} 行：{}").format(len(rows), file)
                self._notifier.report(message, "success", folder=Path(file).parent)
            else:
                self._notifier.error(problem)

        if len(rows) > _AT_ONCE:  # the window does not wait for a large sheet
            self._runner.function(lambda task: _write(Path(file), columns, rows), done)
            return
        try:
            _write(Path(file), columns, rows)
        except WeipianError as error:
            done(None, error)
        else:
            done(None, None)


def _write(file: Path, columns: list[str], rows: list[QueueRow]) -> None:
    head = [titles()[name] for name in columns]
    cells = [[_shown(row, name) for name in columns] for row in rows]
    write_sheets(file, [SheetTable(tr("图斑"), head, cells, with_filter=True)])


def _shown(row: QueueRow, name: str) -> object:
    if name in ("area", "change"):
        return row.area_mu if name == "area" else row.change
    if name == "evidence":
        return evidence_text(row)
    value = str(getattr(row, name) or "")
    return tr(value) if name in ("proposal", "decision", "state") else value
