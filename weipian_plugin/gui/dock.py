"""The dock of the workbench: queue above, the current parcel below, the decision at the bottom."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Callable, Optional

from qgis.PyQt.QtCore import QModelIndex, QPoint, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..toolbelt import settings
from ..toolbelt.compat import QShortcut
from ..toolbelt.language import language, tr
from .background import Runner
from .card import Card
from .decision_form import DecisionForm
from .notifier import Notifier
from .photo_strip import PhotoStrip
from .queue import COLUMNS, FILTERS, QueueFilter, QueueModel, forget_filter, save_filter, saved_filters, titles
from .rows import DECIDED, DOUBT, FILED, ILLEGAL, LEGAL, NOT_DECIDED, OTHER, REJUDGED, RETURNED, REVIEWED
from .session import Session
from .start_page import StartPage

DOCK_WIDTH = 672
_CARD_LINES = 14  # of the card, so that the reasons have eight
_WIDTHS = {
    "number": 148,
    "township": 60,
    "area": 72,
    "proposal": 58,
    "decision": 52,
    "state": 56,
    "evidence": 78,
    "due": 74,
    "change": 52,
}
#: The longest texts of a column, in whatever language.
_TEXTS = {
    "proposal": (LEGAL, ILLEGAL, OTHER, DOUBT), "decision": (LEGAL, ILLEGAL, OTHER),
    "state": (NOT_DECIDED, DECIDED, REVIEWED, FILED, RETURNED, REJUDGED),
}  # fmt: skip
_SAVE, _FORGET = "\0save", "\0forget"


class _Content(QWidget):
    """As wide as the columns of the queue wish, also where QGIS gives the dock its place before the window is shown."""

    def sizeHint(self) -> QSize:
        return QSize(DOCK_WIDTH, super().sizeHint().height())


class WorkbenchDock(QDockWidget):
    """Emits what the person wants; the workbench does it."""

    zoom_wanted = pyqtSignal()
    file_dropped = pyqtSignal(str)
    photos_dropped = pyqtSignal(list)
    wanted = pyqtSignal(str)  # what the menu of a row asks for: many, copy_number, …
    colours_chosen = pyqtSignal(str)
    enforcement_wanted = pyqtSignal()

    def __init__(self, session: Session, runner: Runner, notifier: Notifier, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("卫片核查"), parent)
        self.setObjectName("WeipianDock")
        self.setAcceptDrops(True)
        self._session, self._runner, self._notifier = session, runner, notifier
        self.model = QueueModel(self)
        self.filter = QueueFilter(self)
        self.filter.setSourceModel(self.model)
        self.start_page = StartPage()
        self.card, self.form = Card(), DecisionForm(session, notifier)
        self.filter.person = settings.read().person
        self.form.person_text.textChanged.connect(self._person_changed)
        self.photos = PhotoStrip(session, runner, notifier, self.form.officer)
        self._build()
        self._connect()
        self._add_shortcuts()

    # ---- building ----

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self._queue_part())
        self.splitter.addWidget(self._parcel_part())
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 5)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([300, 700])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start_page)
        self.stack.addWidget(self.splitter)
        whole = _Content()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(6, 4, 6, 4)
        outer.addWidget(self.stack, 1)
        outer.addWidget(self._work_part())
        whole.setMinimumWidth(480)
        self.setWidget(whole)

    def _queue_part(self) -> QWidget:
        """Filter, search and table; the table folds away, so that a small screen keeps its room for the parcel."""
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("查找编号、乡镇、类型…"))
        self.search.setClearButtonEnabled(True)
        self.choice = QComboBox()
        self.choice.setToolTip(tr("筛选队列"))
        self.choice.setMinimumWidth(110)
        self._fill_choice()
        self.pick_button = QToolButton()
        self.pick_button.setVisible(False)
        self.pick_button.setToolTip(tr("取消统计图上的筛选"))
        self.fold_button = QToolButton()
        self.fold_button.setCheckable(True)
        self.fold_button.setArrowType(Qt.ArrowType.DownArrow)
        self.fold_button.setToolTip(tr("收起或展开队列"))
        self.fold_button.toggled.connect(self._fold_queue)
        self._prepare_table()
        self.progress = QProgressBar()
        self.progress.setTextVisible(True)
        self.counts = QLabel()
        top = QHBoxLayout()
        top.addWidget(self.fold_button)
        top.addWidget(self.choice)
        top.addWidget(self.search, 1)
        top.addWidget(self.pick_button)
        middle = QHBoxLayout()
        middle.addWidget(self.progress, 1)
        middle.addWidget(self.counts)
        for switch in self._switches():
            middle.addWidget(switch)
        queue = QWidget()
        layout = QVBoxLayout(queue)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addLayout(middle)
        return queue

    def _switches(self) -> tuple[QWidget, ...]:
        """自动下一个, 跟随缩放, and what the parcels on the map are coloured by; all three are remembered."""
        stored = settings.read()
        self.auto_next, self.follow_zoom = QToolButton(), QToolButton()
        for button, name, title, tip in (
            (self.auto_next, "auto_next", tr("自动下一个"), tr("判定后自动到下一个图斑")),
            (self.follow_zoom, "follow_zoom", tr("跟随缩放"), tr("换图斑时地图缩放到该图斑")),
        ):
            button.setText(title)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(getattr(stored, name) == "1")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.toggled.connect(lambda on, name=name: settings.change(**{name: "1" if on else "0"}))
        self.colour_choice = QComboBox()
        self.colour_choice.setToolTip(tr("地图上图斑的着色"))
        self.colour_choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for name, title in (("proposal", tr("按建议")), ("decision", tr("按判定")), ("state", tr("按状态"))):
            self.colour_choice.addItem(title, name)
        self.colour_choice.setCurrentIndex(max(self.colour_choice.findData(stored.map_colours), 0))
        self.colour_choice.activated.connect(self._colour_chosen)
        return self.auto_next, self.follow_zoom, self.colour_choice

    def _person_changed(self, text: str) -> None:
        """「我的」 is what the person who is named in the form has decided."""
        self.filter.person = text.strip()
        if self.filter.name == "我的":
            self._filter()

    def _colour_chosen(self, row: int) -> None:
        name = str(self.colour_choice.itemData(row))
        settings.change(map_colours=name)
        self.colours_chosen.emit(name)

    def _prepare_table(self) -> None:
        self.table = QTableView()
        self.table.setModel(self.filter)
        self.table.setMinimumHeight(48)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        # Several rows may be marked for a merge; the card follows the one with the keyboard.
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        scale = max(1.0, self.fontMetrics().horizontalAdvance("0123456789") / 80.0)
        for position, name in enumerate(COLUMNS):
            texts = [titles()[name], *(tr(text) for text in _TEXTS.get(name, ()))]
            title = max(self.fontMetrics().horizontalAdvance(text + "MM") for text in texts)
            self.table.setColumnWidth(position, max(int(_WIDTHS[name] * scale), title))

    def _fold_queue(self, folded: bool) -> None:
        self.fold_button.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        self.table.setVisible(not folded)
        if folded:
            self.splitter.setSizes([1, sum(self.splitter.sizes())])
        settings.change(queue_folded="1" if folded else "0")

    def _parcel_part(self) -> QWidget:
        """Card, photos and form scroll together; the buttons that decide stay below them, whatever the height."""
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self.card.setMinimumHeight(_CARD_LINES * self.fontMetrics().height())
        layout.addWidget(self.card, 1)
        records = QHBoxLayout()
        self.documents_button, self.rectification_button = QPushButton(tr("证明材料…")), QPushButton(tr("整改…"))
        for button in (self.documents_button, self.rectification_button):
            button.setAutoDefault(False)
            records.addWidget(button)
        records.addStretch(1)
        layout.addLayout(records)
        layout.addWidget(self.photos)
        layout.addWidget(self.form.field_offer)
        layout.addWidget(self.form)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setMinimumHeight(90)
        self.scroll.setWidget(inside)
        part = QWidget()
        below = QVBoxLayout(part)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(3)
        below.addWidget(self.scroll, 1)
        below.addWidget(self.form.take_buttons())
        return part

    def _work_part(self) -> QWidget:
        self.work_bar = QWidget()
        work = QHBoxLayout(self.work_bar)
        work.setContentsMargins(0, 0, 0, 0)
        self.work_title = QLabel()
        self.work_progress = QProgressBar()
        self.work_cancel = QToolButton()
        self.work_cancel.setText(tr("取消"))
        self.work_cancel.clicked.connect(self._runner.cancel)
        work.addWidget(self.work_title)
        work.addWidget(self.work_progress, 1)
        work.addWidget(self.work_cancel)
        self.work_bar.hide()
        return self.work_bar

    def _connect(self) -> None:
        session = self._session
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)
        session.loaded.connect(self._loaded)
        session.rows_changed.connect(self._rows_changed)
        session.current_changed.connect(self._show_current)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.model.modelReset.connect(self._mark_current)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.doubleClicked.connect(lambda index: self.zoom_wanted.emit())
        self.search.textChanged.connect(lambda text: self._filter(text=text))
        self.choice.activated.connect(self._choice_made)
        self.pick_button.clicked.connect(lambda: self.set_pick("", "", ""))
        self.form.next_wanted.connect(self.next_parcel)
        self.form.written.connect(self._decided)
        self._runner.started.connect(self._work_started)
        self._runner.progress.connect(lambda value: self.work_progress.setValue(int(value)))
        self._runner.ended.connect(self.work_bar.hide)

    def _add_shortcuts(self) -> None:
        """One hand on the keyboard; letters typed into a field stay letters."""
        keys = {
            "J": self.next_parcel,
            "N": self.next_parcel,
            "K": self.previous_parcel,
            "U": self.undo,
            "Ctrl+Return": self.form.submit,
            "Ctrl+Enter": self.form.submit,
            "Z": self.zoom_wanted.emit,
            "A": self.photos.toggle,
            "V": self.photos.open_viewer,
            "[": self.photos.previous,
            "]": self.photos.next,
            "/": self.search.setFocus,
        }
        self._shortcuts = [self._shortcut(self, key, action) for key, action in keys.items()]
        # A decision is signed from the form only: Enter in the search box, on a filter or in the queue must never be one.
        for owner in (self.form, self.form.button_bar):
            self._shortcuts += [self._shortcut(owner, key, self._enter_in_form) for key in ("Return", "Enter")]
        self.search.returnPressed.connect(self._enter_in_search)

    def _shortcut(self, owner: QWidget, key: str, action: Callable[[], object]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), owner)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)
        return shortcut

    def _enter_in_form(self) -> None:
        """Enter presses the button that has the focus; in the fields it decides."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton) and focus is not self.form.submit_button:
            focus.click()
        else:
            self.form.submit()

    def _enter_in_search(self) -> None:
        """To the first parcel that was found; nothing is written."""
        if self.filter.rowCount():
            self.table.setFocus()
            self.table.selectRow(0)

    def _fill_choice(self) -> None:
        self.choice.clear()
        for name in FILTERS:
            self.choice.addItem(tr(name), name)
        saved = saved_filters()
        if saved:
            self.choice.insertSeparator(self.choice.count())
            for name in saved:
                self.choice.addItem("★ " + name, "\0" + name)
        self.choice.insertSeparator(self.choice.count())
        self.choice.addItem(tr("保存当前筛选…"), _SAVE)
        if saved:
            self.choice.addItem(tr("删除已存筛选…"), _FORGET)

    # ---- session ----

    def _opened(self) -> None:
        self.stack.setCurrentWidget(self.splitter)
        self.fold_button.setChecked(settings.read().queue_folded == "1")
        store = self._session.store
        self.setWindowTitle(tr("卫片核查") + " · " + (store.title if store else ""))

    def _closed(self) -> None:
        self.model.set_rows(())
        self.card.clear()
        self.form.clear()
        self.photos.clear()
        self.stack.setCurrentWidget(self.start_page)
        self.setWindowTitle(tr("卫片核查"))

    def _loaded(self) -> None:
        self.model.set_rows(self._session.rows.values())
        # a column without a figure is no use on a small screen
        self.table.setColumnHidden(
            COLUMNS.index("change"), all(row.change is None for row in self._session.rows.values())
        )
        self.filter.invalidate()
        self._count()
        self._mark_current()

    def _rows_changed(self, numbers: list[str]) -> None:
        for number in numbers:
            self.model.update_row(self._session.rows[number])
        self._count()

    def _show_current(self, number: str) -> None:
        details = self._session.details
        if details is None:
            return
        self.card.show_details(details)
        self.form.show_details(details)
        self.photos.show_details(details)
        self._mark_current()

    def _mark_current(self) -> None:
        index = self.filter.mapFromSource(self.model.index(self.model.position(self._session.current or ""), 0))
        if index.isValid() and self.table.currentIndex().row() != index.row():
            self.table.selectRow(index.row())
            self.table.scrollTo(index)

    def _count(self) -> None:
        every, done = self.model.rowCount(), self.model.done
        self.progress.setRange(0, max(every, 1))
        self.progress.setValue(done)
        self.progress.setFormat(tr("已审 {}/{}").format(done, every))
        self.counts.setText(tr("显示 {}　逾期 {}").format(self.filter.rowCount(), self.model.overdue))

    # ---- moving ----

    def _row_chosen(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self._session.select(self.model.row(self.filter.mapToSource(current).row()).number)

    def step(self, by: int) -> None:
        """The next or previous row of what is shown; at the end it stays."""
        index = self.filter.mapFromSource(self.model.index(self.model.position(self._session.current or ""), 0))
        row = index.row() + by if index.isValid() else 0
        if 0 <= row < self.filter.rowCount():
            self.table.selectRow(row)
            self.table.scrollTo(self.filter.index(row, 0))

    def shown_numbers(self) -> list[str]:
        """Numbers of what the filters let through, in the order shown."""
        positions = (self.filter.mapToSource(self.filter.index(row, 0)).row() for row in range(self.filter.rowCount()))
        return [self.model.row(position).number for position in positions]

    def marked_numbers(self) -> list[str]:
        """Numbers of the marked rows, in the order shown."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.row(self.filter.mapToSource(self.filter.index(row, 0)).row()).number for row in rows]

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("缩放到图斑"), self.zoom_wanted.emit)
        marked = len(self.marked_numbers())
        many = menu.addAction(tr("按建议判定选中的 {} 个…").format(marked), lambda: self.wanted.emit("many"))
        many.setEnabled(marked > 1)
        merge = menu.addAction(tr("并宗…"), lambda: self.form.wanted.emit("merge"))
        merge.setEnabled(marked > 1)
        menu.addAction(tr("查处…"), self.enforcement_wanted.emit)
        menu.addSeparator()
        for name, title in (
            ("copy_number", tr("复制编号")),
            ("copy_degrees", tr("复制坐标（经纬度）")),
            ("copy_metres", tr("复制坐标（平面，米）")),
            ("print_map", tr("打印位置图…")),
            ("open_package", tr("打开卷宗文件夹")),
            ("open_photos", tr("打开照片文件夹")),
            ("rows_to_excel", tr("队列另存为 Excel…")),
        ):
            menu.addAction(title, lambda name=name: self.wanted.emit(name))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _decided(self, action: str, number: str) -> None:
        if action != "undo":
            self._session.acts.did(number)
        if action in ("accept", "override") and self.auto_next.isChecked() and not self.form.part:
            self.next_parcel()

    def undo(self) -> None:
        """The last thing done to the parcel: an act on a photo, a document, the rectification or a draft, else the last decision."""
        number = self._session.current
        back = self._session.acts.last(number) if number is not None else None
        if back is None or number is None:
            self.form.undo()
            return
        try:
            back()
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
        self._session.refresh(number)

    def next_parcel(self) -> None:
        self.step(1)

    def previous_parcel(self) -> None:
        self.step(-1)

    # ---- filters ----

    def _filter(self, **what: Any) -> None:
        self.filter.set(**what)
        self._count()

    def set_filter(self, name: str) -> None:
        """Choose one of the queue's filters by its name; an unknown one shows all."""
        self.choice.setCurrentIndex(max(self.choice.findData(name), 0))
        self._filter(name=name)

    def set_pick(self, kind: str, value: str, title: str) -> None:
        """From the overview: only what this bar counts."""
        self.pick_button.setText(title + " ✕")
        self.pick_button.setVisible(bool(kind))
        self._filter(pick=(kind, value))

    def _choice_made(self, position: int) -> None:
        data = self.choice.itemData(position)
        if data == _SAVE:
            name, ok = QInputDialog.getText(self, tr("保存筛选"), tr("名称"))
            if ok and name.strip():
                save_filter(name.strip(), {"name": self.filter.name, "text": self.search.text()})
                self._fill_choice()
            self.choice.setCurrentIndex(max(self.choice.findData(self.filter.name), 0))
        elif data == _FORGET:
            name, ok = QInputDialog.getItem(self, tr("删除筛选"), tr("名称"), list(saved_filters()), 0, False)
            if ok:
                forget_filter(name)
                self._fill_choice()
            self.choice.setCurrentIndex(max(self.choice.findData(self.filter.name), 0))
        elif isinstance(data, str) and data.startswith("\0"):
            saved = saved_filters().get(data[1:], {})
            self.search.setText(saved.get("text", ""))
            self._filter(name=saved.get("name", "全部"))
        elif data:
            self._filter(name=data)

    # ---- work in the background ----

    def _work_started(self, title: str) -> None:
        self.work_title.setText(title)
        self.work_progress.setRange(0, 100)
        self.work_progress.setValue(0)
        self.work_bar.show()

    # ---- drag and drop ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None or (self._session.store is not None and dropped_photos(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        photos = dropped_photos(event) if self._session.store is not None else []
        path = dropped_file(event)
        if photos:
            event.acceptProposedAction()
            self.photos_dropped.emit(photos)
        elif path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(str(path))


_DELIVERIES = frozenset({".zip", ".shp", ".gpkg", ".gdb", ".txt", ".geojson", ".json", ".kml", ".kmz", ".rar", ".7z"})


def dropped_file(event: Any) -> Optional[Path]:
    """The one delivery that is being dragged: an archive, a data file or a folder."""
    data = event.mimeData()
    urls = [url for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    if len(urls) != 1:
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in _DELIVERIES or path.is_dir() else None


_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".avif"})


def dropped_photos(event: Any) -> list[str]:
    """Photos, or folders with photos and no delivery in them, that are being dragged; else nothing."""
    data = event.mimeData()
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    good = all(path.suffix.lower() in _PICTURES if path.is_file() else _holds_photos(path) for path in paths)
    return [str(path) for path in paths] if paths and good else []


def _holds_photos(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    suffixes = {path.suffix.lower() for path in islice(folder.iterdir(), 500)}
    return bool(suffixes & _PICTURES) and not suffixes & _DELIVERIES
