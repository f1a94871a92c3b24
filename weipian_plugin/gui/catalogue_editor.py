"""The layer catalogue as a table: layers are added by mouse, roles proposed, fields checked, saved as the same YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..formats.catalogue import roles
from ..formats.catalogue_file import CatalogueFile, open_catalogue, save
from ..formats.listing import Listed, layers_below, layers_of_database
from ..model.errors import text_of
from ..model.vocabulary import role_title
from ..pipeline.field_check import Level
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import Runner
from .catalogue_fields import COLOURS, FieldPanel
from .catalogue_rows import LayerRow, rows_of, seen
from .catalogue_sources import PickDialog, connections, dropped, project_layers

ROLE, LAYER, SOURCE, FIELDS, COUNT, CRS, STATE = range(7)


class CatalogueEditor(QWidget):
    """``changed``: something was added, removed or chosen; ``ready``: what was being read has been.

    ``path`` is where the catalogue stands, None for a new one.
    """

    changed = pyqtSignal()
    ready = pyqtSignal()

    def __init__(self, runner: Runner, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._file = CatalogueFile()
        self.rows: list[LayerRow] = []
        self.dirty = False
        self._reading, self._adding = 0, 0
        self.setAcceptDrops(True)
        self.add_files, self.add_folder, self.add_database, self.add_project = (
            QPushButton(tr("添加文件…")), QPushButton(tr("添加文件夹…")), QPushButton(tr("添加数据库连接…")),
            QPushButton(tr("从当前工程选取…")),
        )  # fmt: skip
        self.remove_button = QPushButton(tr("移除"))
        self.table = _table()
        self.fields = FieldPanel()
        self.note = QLabel(tr("把文件或文件夹拖到表上，或用上面的按钮添加。图层的用途由软件建议，由你决定。"))
        self.note.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self.add_files, self.add_folder, self.add_database, self.add_project, self.remove_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(self.fields)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([340, 230])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(buttons)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.note)
        self.add_files.clicked.connect(self._ask_files)
        self.add_folder.clicked.connect(self._ask_folder)
        self.add_database.clicked.connect(self._ask_database)
        self.add_project.clicked.connect(self._ask_project)
        self.remove_button.clicked.connect(self.remove_selected)
        self.table.itemSelectionChanged.connect(self._show_fields)
        self.fields.mapped.connect(self._mapped)

    # ---- the file ----

    @property
    def path(self) -> Optional[Path]:
        return self._file.path

    def open(self, path: Path) -> None:
        """Show a catalogue; its layers are looked at beside the window. Raises what reading raises."""
        self._file = open_catalogue(path)
        self.rows = [LayerRow(entry) for entry in self._file.entries]
        self.dirty = False
        self._fill()
        self._read(lambda: seen([LayerRow(entry) for entry in self._file.entries]), self._looked_at, adding=False)

    def clear(self) -> None:
        """An empty catalogue that has no file yet."""
        self._file, self.rows, self.dirty = CatalogueFile(), [], False
        self._fill()

    def save(self, path: Path) -> None:
        """Write the layers that have a role; the others stay in the table. Raises what writing raises."""
        self._file = save(replace(self._file, entries=tuple(row.entry for row in self.rows)), path)
        by_key = {(row.entry.key, row.entry.role): row for row in self.rows}
        self.rows = [replace(by_key[entry.key, entry.role], entry=entry) for entry in self._file.entries]
        self.dirty = False
        self._fill()

    # ---- adding ----

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Every layer of files, containers and folders, with a proposed role."""
        self._read(lambda: rows_of([one for path in paths for one in layers_below(path)]), self._added)

    def add_listed(self, listed: Sequence[Listed]) -> None:
        if listed:
            self._read(lambda: rows_of(listed), self._added)

    def _ask_files(self) -> None:
        kinds = (
            tr("图层") + " (*.shp *.gpkg *.geojson *.kml *.mdb *.tif *.tiff *.img *.jp2);;" + tr("所有文件") + " (*)"
        )
        names, _ = QFileDialog.getOpenFileNames(self, tr("添加文件"), "", kinds)
        if names:
            self.add_paths([Path(name) for name in names])

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("添加文件夹（含 gdb）"))
        if name:
            self.add_paths([Path(name)])

    def _ask_database(self) -> None:
        known = connections()
        if not known:
            self.say(
                tr("QGIS 里没有保存的 PostgreSQL 连接：请先在「图层 > 数据源管理器 > PostgreSQL」中新建。"),
                Level.WARNING,
            )
            return
        name, ok = QInputDialog.getItem(self, tr("添加数据库连接"), tr("连接（密码不写入清单）"), list(known), 0, False)
        if ok:
            self._read(lambda: layers_of_database(known[name]), lambda found: self._pick(name, found))

    def _ask_project(self) -> None:
        offered = project_layers()
        if not offered:
            self.say(tr("当前工程里没有可用的图层。"), Level.WARNING)
            return
        self._pick(tr("从当前工程选取"), [], offered)

    def _pick(self, title: str, found: Sequence[Listed], offered: Sequence[tuple[str, Listed]] = ()) -> None:
        shown = offered or [(one.layer or one.source, one) for one in found]
        dialog = PickDialog(title, tr("勾选要加入清单的图层。"), shown, [row.entry for row in self.rows], self)
        if dialog.exec():
            self.add_listed(dialog.chosen())

    def _read(self, work: Any, done: Any, adding: bool = True) -> None:
        """Read files beside the window; ``adding``: what comes of it belongs to the catalogue."""
        self._reading += 1
        self._adding += adding
        self.say(tr("正在读取图层…"))

        def ended(result: Any, problem: Optional[Exception]) -> None:
            if is_deleted(self):
                return
            self._reading -= 1
            self._adding -= adding
            if problem is None:
                self.say("")
                done(result)
            else:
                message = text_of(problem, language())
                self.say(message, Level.ERROR)
            self.ready.emit()

        self._runner.function(lambda task: work(), ended)

    @property
    def reading(self) -> bool:
        return self._reading > 0

    @property
    def adding(self) -> bool:
        """Whether layers are on their way into the catalogue."""
        return self._adding > 0

    def _looked_at(self, rows: list[LayerRow]) -> None:
        """What was seen goes to the rows that are still there; what a person changed meanwhile stays."""
        inspections = {row.entry.key: row.inspection for row in rows}
        self.rows = [replace(row, inspection=row.inspection or inspections.get(row.entry.key)) for row in self.rows]
        self._fill()

    def _added(self, rows: list[LayerRow]) -> None:
        known = {row.entry.key for row in self.rows}
        new = [row for row in rows if row.entry.key not in known]
        self.rows.extend(new)
        self.dirty = self.dirty or bool(new)
        self._fill(len(self.rows) - len(new) if new else None)
        waiting = sum(1 for row in self.rows if not row.entry.role)
        text = tr("加入 {} 个图层").format(len(new))
        if waiting:
            text += "，" + tr("{} 个请选择用途").format(waiting)
        self.say(text, Level.WARNING if waiting else Level.GOOD)
        self.changed.emit()

    # ---- changing ----

    def set_role(self, index: int, role: str) -> None:
        """Give a layer another role; what was chosen of fields belongs to the old one and goes."""
        row = self.rows[index]
        fields = {} if role != row.entry.role else row.entry.fields
        self._change(index, replace(row, entry=replace(row.entry, role=role, fields=fields)))

    def _mapped(self, key: str, column: str) -> None:
        index = self.table.currentRow()
        if not 0 <= index < len(self.rows):
            return
        row = self.rows[index]
        fields = {name: value for name, value in row.entry.fields.items() if name != key}
        if column:
            fields[key] = column
        self._change(index, replace(row, entry=replace(row.entry, fields=fields)))

    def _change(self, index: int, row: LayerRow) -> None:
        self.rows[index] = row
        self.dirty = True
        self._show(index)
        self.table.selectRow(index)
        self._show_fields()
        self.changed.emit()

    def remove_selected(self) -> None:
        """Take the selected layers out of the list; files stay."""
        gone = {index.row() for index in self.table.selectionModel().selectedRows()}
        if gone:
            self.rows = [row for number, row in enumerate(self.rows) if number not in gone]
            self.dirty = True
            self._fill()
            self.changed.emit()

    # ---- showing ----

    def _fill(self, select: Optional[int] = None) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        self.table.setRowCount(len(self.rows))
        for index in range(len(self.rows)):
            self._show(index)
        self.table.blockSignals(False)
        if self.rows:
            waiting = next((number for number, row in enumerate(self.rows) if not row.entry.role), select or 0)
            self.table.selectRow(waiting)
        self._show_fields()

    def _show(self, index: int) -> None:
        row = self.rows[index]
        self.table.setCellWidget(index, ROLE, self._role_box(index, row))
        level, text = row.state()
        count = row.inspection.facts.count if row.inspection is not None else -1
        values = {
            LAYER: row.name,
            SOURCE: self._shown_source(row.entry.source),
            FIELDS: row.fields_text(),
            COUNT: str(count) if count >= 0 else "",
            CRS: row.entry.crs or (row.inspection.crs if row.inspection is not None else ""),
            STATE: text,
        }
        for column, value in values.items():
            item = QTableWidgetItem(value)
            item.setToolTip(row.explained() if column in (SOURCE, STATE) else value)
            if column == STATE:
                item.setForeground(QColor(COLOURS[level]))
            self.table.setItem(index, column, item)

    def _role_box(self, index: int, row: LayerRow) -> QComboBox:
        box = QComboBox()
        box.addItem(tr("（请选择）"), "")
        likely = [one.role for one in row.proposal.candidates] if row.proposal is not None else []
        for role in dict.fromkeys((*likely, *roles())):
            box.addItem(role_title(role, language()), role)
        box.setCurrentIndex(box.findData(row.entry.role))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel scrolls the table
        box.activated.connect(lambda choice, box=box, index=index: self.set_role(index, str(box.itemData(choice))))
        return box

    def _shown_source(self, source: str) -> str:
        folder = self._file.path.parent if self._file.path is not None else None
        if folder is not None and source.startswith(str(folder)):
            return source[len(str(folder)) + 1 :]
        return source

    def _show_fields(self) -> None:
        index = self.table.currentRow()
        self.fields.show_row(self.rows[index] if 0 <= index < len(self.rows) else None)

    def say(self, text: str, level: Level = Level.NOTE) -> None:
        """Show a sentence below the list, coloured by its level."""
        self.note.setText(text)
        self.note.setStyleSheet(f"color:{COLOURS[level]}")

    # ---- drag and drop ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or any(dropped(event.mimeData())):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths, listed = dropped(event.mimeData())
        event.acceptProposedAction()
        if paths:
            self.add_paths(paths)
        self.add_listed(listed)


def _table() -> QTableWidget:
    table = QTableWidget(0, 7)
    table.setHorizontalHeaderLabels(
        [tr("用途"), tr("图层"), tr("来源"), tr("字段"), tr("要素数"), tr("坐标系"), tr("状态")]
    )
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    for column, width in ((ROLE, 190), (LAYER, 150), (SOURCE, 220), (FIELDS, 50), (COUNT, 60), (CRS, 100)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(column, width)
    return table
