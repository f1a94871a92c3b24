"""影像时间轴: a thumbnail of the current parcel for each dated image, in order; shown in either half of the compare tool, and marked first seen."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QSize, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QIcon, QImage, QPainter, QPixmap, QShowEvent
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..algorithms.image_pictures import Heat, Pixels, Thumbnail, heat_of, thumbnail
from ..evidence.first_seen import current_mark, mark, marked, take_back
from ..evidence.timeline import DatedImage, Timeline
from ..formats.catalogue import is_service
from ..model.dates import span_text
from ..model.errors import WeipianError
from ..model.messages import render
from ..toolbelt import settings
from ..toolbelt.language import language, tr
from .background import Runner
from .compare import CompareController
from .notifier import Notifier
from .session import Session

_SIDE = 76
_SETTLE_MILLISECONDS = 150
#: Below it an image does not show the parcel, and says nothing of what stood there.
_SHOWN = 0.6
_KEPT = 400  # thumbnails


def as_image(pixels: Pixels) -> QImage:
    """A picture as Qt has it; the bytes are its own."""
    rows, columns = pixels.shape[:2]
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


class TimelineStrip(QWidget):
    """Reads thumbnails on other threads while it is visible; a click or ←/→ puts an image into the chosen half."""

    def __init__(self, session: Session, compare: CompareController, runner: Runner, notifier: Notifier) -> None:
        super().__init__()
        self._session, self._compare, self._runner, self._notifier = session, compare, runner, notifier
        self.line = Timeline()
        self._thumbnails: dict[tuple[str, str], Thumbnail] = {}
        self._asked: set[tuple[str, str]] = set()
        self.heat_window: Optional[HeatWindow] = None
        self._make_list()
        self._make_buttons()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self.refresh)
        session.current_changed.connect(lambda number: self._settle.start())
        session.closed.connect(self.clear)
        compare.changed.connect(lambda mode: self._label_items())

    def _make_list(self) -> None:
        self.list = QListWidget()
        self.list.setObjectName("WeipianTimeline")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(QSize(_SIDE, _SIDE))
        self.list.setSpacing(2)
        self.list.setFixedHeight(_SIDE + 2 * self.fontMetrics().height() + 26)
        self.list.itemClicked.connect(lambda item: self.show_current())
        self.list.currentRowChanged.connect(lambda row: self.show_current() if self.list.hasFocus() else None)

    def _make_buttons(self) -> None:
        self.halves = QButtonGroup(self)
        row = QHBoxLayout()
        for number, title in enumerate((tr("放到左半"), tr("放到右半"))):
            button = _tool(title, tr("点击缩略图或按 ←→ 时，影像显示在对比的这一半"))
            button.setCheckable(True)
            self.halves.addButton(button, number)
            row.addWidget(button)
        self.halves.button(1).setChecked(True)
        self.mark_button = _tool(
            tr("标记首见"), tr("所选影像上首次见到建设；前一期影像上未见。动工区间用于建设时间和判定")
        )
        self.back_button = _tool(tr("撤销首见"), tr("撤销最近一次影像首见标记"))
        self.heat_button = _tool(tr("差异图"), tr("左右两半影像的差异（仅供参考，不作为判定依据）"))
        self.mark_button.clicked.connect(self.mark_first_seen)
        self.back_button.clicked.connect(self.take_back)
        self.heat_button.clicked.connect(self.show_heat)
        for button in (self.mark_button, self.back_button, self.heat_button):
            row.addWidget(button)
        self.caption = QLabel()
        row.addWidget(self.caption, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.list)
        self.setMaximumHeight(self.sizeHint().height())  # the map keeps the rest

    # ---- showing ----

    @property
    def side(self) -> str:
        return "before" if self.halves.checkedId() == 0 else "after"

    @property
    def current(self) -> Optional[DatedImage]:
        """The image whose thumbnail is chosen."""
        row = self.list.currentRow()
        return self.line.images[row] if 0 <= row < len(self.line.images) else None

    def clear(self) -> None:
        """No parcel, no images."""
        self.line = Timeline()
        self._thumbnails, self._asked = {}, set()
        self.list.clear()
        self.caption.clear()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle.start()

    def refresh(self) -> None:
        """The images of the current parcel; what is not read yet is read beside the window."""
        if not self.isVisible() or self._session.details is None:
            return
        before = self.current
        self.line = self._compare.timeline()
        self.list.blockSignals(True)
        self.list.clear()
        for image in self.line.images:
            item = QListWidgetItem(QIcon(_empty(image)), "")
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.list.addItem(item)
        if before in self.line.images:
            self.list.setCurrentRow(self.line.images.index(before))
        self.list.blockSignals(False)
        self._label_items()
        for row, image in enumerate(self.line.images):
            self._ask(row, image)

    def _label_items(self) -> None:
        """Dates, which half shows what, and the mark."""
        store, number = self._session.store, self._session.current
        chosen = self._compare.chosen() if self._session.details is not None else {}
        row = current_mark(store, number) if store is not None and number else None
        words = {"before": tr("左"), "after": tr("右")}
        for place, image in enumerate(self.line.images[: self.list.count()]):
            notes = [words[side] for side, shown in chosen.items() if image.key == shown.key]
            if row is not None and image.key == row["seen_image"]:
                notes.append(tr("首见"))
            if row is not None and image.key == row["absent_image"]:
                notes.append(tr("未见"))
            date = tr("日期不明") if image.span is None else image.date_text
            item = self.list.item(place)
            item.setText(date + "\n" + " · ".join(notes))
            item.setToolTip(date + "\n" + image.title)
        span = marked(store, number) if store is not None and number else None
        self.caption.setText("" if span is None else tr("影像首见：动工区间 {}").format(span_text(span)))
        self.back_button.setEnabled(row is not None)

    def _ask(self, row: int, image: DatedImage) -> None:
        """Show the thumbnail of an image, or read it first."""
        details = self._session.details
        if details is None:
            return
        key = (details.number, image.key)
        if key in self._thumbnails:
            self._show(row, self._thumbnails[key])
            return
        if key in self._asked or is_service(image.sources[0].source):
            return
        self._asked.add(key)
        geometry, sources = details.parcel.geometry, image.sources

        def work(task: object) -> Optional[Thumbnail]:
            return thumbnail(geometry, sources, 2 * _SIDE) if self._session.current == key[0] else None

        def done(found: Optional[Thumbnail], problem: Optional[Exception]) -> None:
            self._asked.discard(key)
            if problem is not None:
                self._notifier.log(f"{image.title}: {type(problem).__name__} {problem}")
            if found is None:
                return
            if len(self._thumbnails) > _KEPT:
                self._thumbnails.clear()
            self._thumbnails[key] = found
            if self._session.current == key[0] and image in self.line.images:
                self._show(self.line.images.index(image), found)

        self._runner.function(work, done)

    def _show(self, row: int, found: Thumbnail) -> None:
        item = self.list.item(row)
        if item is not None and found.pixels is not None:
            item.setIcon(QIcon(QPixmap.fromImage(as_image(found.pixels))))

    # ---- what a person does ----

    def show_current(self) -> None:
        """Put the chosen image into the chosen half."""
        image = self.current
        if image is not None:
            self._compare.put(self.side, image)
            self._label_items()

    def mark_first_seen(self) -> None:
        """The chosen image is the first that shows it; the one before it that shows the parcel does not."""
        seen, store, number = self.current, self._session.store, self._session.current
        if seen is None or store is None or number is None:
            self._notifier.report(tr("请先选择首次见到建设的影像。"), "warning")
            return
        absent = self._one_before(number, seen)
        try:
            span = mark(store, number, absent, seen, settings.read().signer)
        except WeipianError as error:
            self._notifier.error(error)
            return
        without = tr("更早的影像都没有") if absent is None else absent.date_text + " " + tr("未见")
        text = tr("已标记影像首见：{}，{} 已见；动工区间 {}。请重新运行判定建议。")
        self._notifier.report(text.format(without, seen.date_text, span_text(span)), "success")
        self._written(number)

    def _one_before(self, number: str, seen: DatedImage) -> Optional[DatedImage]:
        """The last image that is surely earlier and shows the parcel."""
        if seen.span is None:
            return None
        first = seen.span.first
        earlier = [
            image
            for image in self.line.images
            if image.span is not None
            and image.span.last < first
            and self._thumbnails.get((number, image.key), Thumbnail(None)).seen >= _SHOWN
        ]
        return earlier[-1] if earlier else None

    def take_back(self) -> None:
        """Withdraw the mark of 影像首见 under the person's name; the one it replaced counts again."""
        store, number = self._session.store, self._session.current
        if store is None or number is None:
            return
        try:
            take_back(store, number, settings.read().signer)
        except WeipianError as error:
            self._notifier.error(error)
            return
        self._notifier.report(tr("已撤销影像首见标记。请重新运行判定建议。"), "success")
        self._written(number)

    def _written(self, number: str) -> None:
        self._session.refresh(number)
        self._label_items()

    def show_heat(self) -> None:
        """Where the images of both halves differ, read and computed beside the window."""
        details, chosen = self._session.details, self._compare.chosen()
        if details is None or len(chosen) < 2:
            self._notifier.report(tr("请先在左右两半各放一期影像。"), "warning")
            return
        geometry, before, after = details.parcel.geometry, chosen["before"], chosen["after"]
        title = details.number + "　" + before.date_text + " → " + after.date_text

        def done(heat: Optional[Heat], problem: Optional[Exception]) -> None:
            if problem is not None or heat is None:
                self._notifier.error(problem or WeipianError("evidence.change_no_images"))
                return
            self.heat_window = self.heat_window or HeatWindow(self.window())
            self.heat_window.show_heat(title, heat)

        self._runner.function(lambda task: heat_of(geometry, before.sources, after.sources), done)


class HeatWindow(QDialog):
    """The pair of images and where they differ, with the score and its limits."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.picture, self.text = QLabel(), QLabel()
        self.text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.picture)
        layout.addWidget(self.text)

    def show_heat(self, title: str, heat: Heat) -> None:
        """Show the differences as a picture of at most 70 % of the screen, or why there are none."""
        self.setWindowTitle(title)
        self.picture.setVisible(heat.pixels is not None)
        if heat.pixels is not None:
            room = self.screen().availableGeometry().size() * 0.7
            self.picture.setPixmap(
                QPixmap.fromImage(as_image(heat.pixels)).scaled(
                    room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
        limits = tr(
            "依次为左半影像、右半影像、差异（红色为明显）。作物收割、阴影、云和影像错位会使数值偏高；仅供参考，不作为判定依据。"
        )
        if heat.hint.score is None:
            self.text.setText(render(heat.hint.reason, language()) if heat.hint.reason else "")
        else:
            self.text.setText(tr("变化提示 {}（0–1）。").format(format(heat.hint.score, ".2f")) + limits)
        self.adjustSize()
        self.show()
        self.raise_()


class TimelineDock(QDockWidget):
    """The strip below the map; it opens with the compare tool where there are more images than the pair."""

    def __init__(self, strip: TimelineStrip, compare: CompareController, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("影像时间轴"), parent)
        self.setObjectName("WeipianTimelineDock")
        self.strip = strip
        self.setWidget(strip)
        self._compare = compare
        self._opened = False
        compare.changed.connect(self._compared)

    def _compared(self, mode: str) -> None:
        if mode and not self.isVisible() and len(self._compare.timeline().images) > 2:
            self._opened = True
            self.show()
        elif not mode and self._opened:
            self._opened = False
            self.hide()


def _tool(title: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(title)
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button


def _empty(image: DatedImage) -> QPixmap:
    """Until there is a picture, and for a service, which is drawn on the map only."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(QColor("#404040"))
    painter = QPainter(pixmap)
    painter.setPen(QColor("#e0e0e0"))
    text = tr("在线影像") if is_service(image.sources[0].source) else "…"
    painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap
