"""Photos of the current parcel: thumbnails, how far and in which direction, attach and detach, a large view."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QImage, QImageReader, QPixmap
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..toolbelt.language import language, tr
from .background import Runner
from .notifier import Notifier
from .recording import SeenLink, attach, put_back_photo, set_purpose
from .session import Details, Session

_THUMBNAIL = QSize(104, 78)
REMOVED = "removed"  # the status of a photo that a person took out
PURPOSES = ("核查", "现状", "整改前", "整改中", "整改后")


def number_of(value: Any) -> Optional[float]:
    """A stored figure; NULL and NaN are None, zero is a value."""
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else float(value)


def caption(photo: dict[str, Any]) -> str:
    """距图斑 12 m，朝向偏差 23°."""
    link = photo["tie"]
    distance, difference = number_of(link["distance_m"]), number_of(link["bearing_difference"])
    parts = [
        tr("距图斑 {} m").format(format(distance, ".0f")) if distance is not None else tr("位置不明"),
        tr("朝向偏差 {}°").format(format(difference, ".0f")) if difference is not None else tr("无方位角"),
    ]
    return ("，" if language() == "zh" else ", ").join(parts)


def purpose_of(photo: dict[str, Any]) -> str:
    """What the photo shows, by a person's word at this parcel, else as it came."""
    return str(photo["tie"].get("purpose") or photo.get("purpose") or "")


def status_text(status: str) -> str:
    return {"attached": tr("已挂接"), "ambiguous": tr("待确认"), "detached": tr("已解除"), "refused": tr("未挂接")}.get(
        status, status
    )


def read_image(path: Path, size: Optional[QSize] = None) -> QImage:
    """An image upright by its EXIF orientation; with ``size`` only as large as needed. Null where it cannot be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    full = reader.size()
    if size is not None and full.isValid():
        reader.setScaledSize(full.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class PhotoStrip(QWidget):
    """``shown`` carries the photo that is looked at (a row with ``tie``), or None. ``officer``: who signs; blank writes nothing."""

    shown = pyqtSignal(object)
    viewer_wanted = pyqtSignal()

    def __init__(
        self, session: Session, runner: Runner, notifier: Notifier, officer: Callable[[], str], parent: Any = None
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._notifier, self._officer = session, runner, notifier, officer
        self.photos: list[dict[str, Any]] = []
        self._asked = 0
        self._icons: dict[str, QIcon] = {}
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(_THUMBNAIL)
        self.list.setSpacing(2)
        self.list.setFixedHeight(_THUMBNAIL.height() + self.fontMetrics().height() + 22)
        self.list.currentRowChanged.connect(self._row_changed)
        self.list.itemDoubleClicked.connect(lambda item: self.open_viewer())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.caption = QLabel()
        self.attach_button = QToolButton()
        self.attach_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.attach_button.clicked.connect(self.toggle)
        self.view_button = QToolButton()
        self.view_button.setText(tr("看大图 V"))
        self.view_button.clicked.connect(self.open_viewer)
        below = QHBoxLayout()
        below.addWidget(self.caption, 1)
        self.purpose_choice = QComboBox()
        self.purpose_choice.setToolTip(tr("照片用途；整改的前、中、后照片按它计数"))
        self.purpose_choice.addItem(tr("（无用途）"), "")
        for purpose in PURPOSES:
            self.purpose_choice.addItem(tr(purpose), purpose)
        self.purpose_choice.activated.connect(self._purpose_chosen)
        below.addWidget(self.purpose_choice)
        below.addWidget(self.attach_button)
        below.addWidget(self.view_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.list)
        layout.addLayout(below)
        self.clear()

    @property
    def current(self) -> Optional[dict[str, Any]]:
        row = self.list.currentRow()
        return self.photos[row] if 0 <= row < len(self.photos) else None

    def path_of(self, photo: dict[str, Any]) -> Optional[Path]:
        """The stored original beside the workspace."""
        folder = self._session.path.parent if self._session.path else None
        return folder / photo["stored"] if folder and photo["stored"] else None

    def read(self, photo: dict[str, Any], done: Callable[[QImage], None]) -> None:
        """The whole picture, read beside the window; one that cannot be read is null."""
        path = self.path_of(photo)

        def ended(image: Any, problem: Optional[Exception]) -> None:
            done(image if problem is None and image is not None else QImage())

        self._runner.function(lambda task: read_image(path) if path is not None else QImage(), ended)

    def clear(self) -> None:
        self.photos = []
        self._icons = {}
        self.list.clear()
        self.list.setVisible(False)
        self._row_changed(-1)

    def show_details(self, details: Details) -> None:
        before = self.current
        order = {"attached": 0, "ambiguous": 1}
        self.photos = sorted(
            details.photos, key=lambda row: (order.get(row["tie"]["status"], 2), row["taken_at"] or "")
        )
        self.list.blockSignals(True)
        self.list.clear()
        for photo in self.photos:
            gone = photo["status"] == REMOVED
            message = (tr("已移除") if gone else status_text(photo["tie"]["status"]), tr(purpose_of(photo)))
            item = QListWidgetItem(" · ".join(text for text in message if text))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setToolTip(photo["file"] + "\n" + (photo["taken_at"] or "") + "\n" + caption(photo))
            item.setSizeHint(QSize(_THUMBNAIL.width() + 8, _THUMBNAIL.height() + self.fontMetrics().height() + 12))
            icon = self._icons.get(photo["sha256"])
            if icon is not None:
                item.setIcon(icon)
            self.list.addItem(item)
        self.list.setVisible(bool(self.photos))
        self.list.blockSignals(False)
        keys = [photo["sha256"] for photo in self.photos]
        chosen = keys.index(before["sha256"]) if before is not None and before["sha256"] in keys else 0
        self.list.setCurrentRow(chosen if self.photos else -1)
        self._row_changed(self.list.currentRow())
        self._load_thumbnails()

    def _load_thumbnails(self) -> None:
        wanted = [(photo["sha256"], self.path_of(photo)) for photo in self.photos if photo["sha256"] not in self._icons]
        if not wanted:
            return
        self._asked += 1
        asked, scale = self._asked, self.devicePixelRatioF()
        size = QSize(int(_THUMBNAIL.width() * scale), int(_THUMBNAIL.height() * scale))

        def work(task: Any) -> list[tuple[str, QImage]]:
            return [(key, read_image(path, size)) for key, path in wanted if path is not None and not task.cancelled()]

        def done(images: Any, problem: Optional[Exception]) -> None:
            if problem is None and asked == self._asked:
                self._show_thumbnails(images, scale)

        self._runner.function(work, done)

    def _show_thumbnails(self, images: list[tuple[str, QImage]], scale: float) -> None:
        for key, image in images:
            if not image.isNull():
                image.setDevicePixelRatio(scale)
                self._icons[key] = QIcon(QPixmap.fromImage(image))
        for row, photo in enumerate(self.photos):
            if photo["sha256"] in self._icons and self.list.item(row) is not None:
                self.list.item(row).setIcon(self._icons[photo["sha256"]])

    def _row_changed(self, row: int) -> None:
        photo = self.current
        self.attach_button.setVisible(photo is not None)
        self.purpose_choice.setVisible(photo is not None)
        self.view_button.setVisible(photo is not None)
        if photo is None:
            self.caption.setText(tr("没有照片"))
        else:
            attached = photo["tie"]["status"] == "attached"
            self._show_purpose(purpose_of(photo))
            self.attach_button.setText(tr("解除 A") if attached else tr("挂接 A"))
            self.caption.setText(tr("{}/{}　").format(self.list.currentRow() + 1, len(self.photos)) + caption(photo))
        self.shown.emit(photo)

    # ---- what keys do ----

    def next(self) -> None:
        if self.photos:
            self.list.setCurrentRow((self.list.currentRow() + 1) % len(self.photos))

    def previous(self) -> None:
        if self.photos:
            self.list.setCurrentRow((self.list.currentRow() - 1) % len(self.photos))

    def open_viewer(self) -> None:
        if self.current is not None:
            self.viewer_wanted.emit()

    def toggle(self) -> None:
        """Attach a photo that is not, detach one that is; the journal keeps who did."""
        photo = self.current
        if photo is None:
            return
        if photo["status"] == REMOVED:
            self._notifier.report(tr("照片已移除，请先恢复（右键）。"), "warning")
            return
        attached = photo["tie"]["status"] == "attached"
        seen = SeenLink(photo["tie"])
        self._say(photo, lambda store, key, number, who: attach(store, key, number, not attached, who, seen))

    def _say(self, photo: dict[str, Any], act: Callable[..., Any]) -> bool:
        """A person's word on a photo at this parcel, under a name; U takes it back. Whether it was written."""
        store, number, key = self._session.store, self._session.current, photo["sha256"]
        who = self._officer() if store is not None and number is not None else ""
        if store is None or number is None or not who:
            return False
        try:
            before = act(store, key, number, who)
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            if error.code == "workspace.photo_conflict":
                self._session.refresh(number)  # the strip shows what the colleague did; pressing again is a choice
            return False
        self._session.acts.did(number, partial(put_back_photo, store, key, number, before, who))
        self._session.refresh(number)
        return True

    def menu(self) -> QMenu:
        """What can be done with the chosen photo: take it out of the workspace, bring it back."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        photo = self.current
        if photo is not None:
            gone = photo["status"] == REMOVED
            menu.addAction(tr("看大图 V"), self.open_viewer)
            menu.addAction(tr("恢复照片") if gone else tr("移除照片"), self.restore if gone else self.remove)
        return menu

    def _show_menu(self, place: Any) -> None:
        if self.current is not None:
            self.menu().popup(self.list.viewport().mapToGlobal(place))

    def remove(self) -> None:
        """Take the photo out: it is matched to no parcel and stands in no paper until somebody brings it back; the file stays."""
        from ..pipeline import photos

        self._take(photos.remove, photos.restore)

    def restore(self) -> None:
        from ..pipeline import photos

        self._take(photos.restore, photos.remove)

    def _take(self, act: Callable[..., None], back: Callable[..., None]) -> None:
        photo, store, number = self.current, self._session.store, self._session.current
        if photo is None or store is None or number is None:
            return
        who, file = self._officer(), photo["file"]
        if not who:
            return
        try:
            act(store, file, who)
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            return
        self._session.acts.did(number, partial(back, store, file, who))
        for other in store.values("photo_parcel", ("parcel",), photo=photo["sha256"]):
            if other[0] and other[0] != number:
                self._session.refresh_row(str(other[0]))
        self._session.refresh(number)

    def _show_purpose(self, purpose: str) -> None:
        """A purpose that no list knows is shown as it is."""
        if self.purpose_choice.findData(purpose) < 0:
            self.purpose_choice.addItem(purpose, purpose)
        self.purpose_choice.setCurrentIndex(self.purpose_choice.findData(purpose))

    def _purpose_chosen(self, row: int) -> None:
        photo = self.current
        if photo is None:
            return
        before, wanted = purpose_of(photo), str(self.purpose_choice.itemData(row) or "")
        if before == wanted:
            return
        seen = SeenLink(photo["tie"])
        if not self._say(photo, lambda store, key, number, who: set_purpose(store, key, number, wanted, who, seen)):
            self._show_purpose(before)
