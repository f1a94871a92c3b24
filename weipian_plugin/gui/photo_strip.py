"""Photos of the current parcel: thumbnails, how far and in which direction, attach and detach, a large view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import QPoint, QSize, Qt, pyqtSignal
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
from ..model.words import PhotoStatus
from ..toolbelt.language import language, tr
from .background import Runner
from .notifier import Notifier
from .recording import SeenLink, attach, put_back_photo, set_purpose
from .session import Details, Session
from .shown_photo import ShownPhoto

_THUMBNAIL = QSize(104, 78)
_ORDER: Mapping[Optional[PhotoStatus], int] = {PhotoStatus.ATTACHED: 0, PhotoStatus.AMBIGUOUS: 1}
PURPOSES = ("核查", "现状", "整改前", "整改中", "整改后")


def caption(photo: ShownPhoto) -> str:
    """距图斑 12 m，朝向偏差 23°."""
    distance, difference = photo.link.distance_m, photo.link.bearing_difference
    parts = [
        tr("距图斑 {} m").format(format(distance, ".0f")) if distance is not None else tr("位置不明"),
        tr("朝向偏差 {}°").format(format(difference, ".0f")) if difference is not None else tr("无方位角"),
    ]
    return ("，" if language() == "zh" else ", ").join(parts)


def status_text(status: Optional[PhotoStatus]) -> str:
    """The status of a link in the reader's language; "" where it has none."""
    titles = {
        PhotoStatus.ATTACHED: tr("已挂接"),
        PhotoStatus.AMBIGUOUS: tr("待确认"),
        PhotoStatus.DETACHED: tr("已解除"),
        PhotoStatus.REJECTED: tr("未挂接"),
    }
    return "" if status is None else titles.get(status, status.value)


def read_image(path: Path, size: Optional[QSize] = None) -> QImage:
    """An image upright by its EXIF orientation; with ``size`` only as large as needed. Null where it cannot be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    full = reader.size()
    if size is not None and full.isValid():
        reader.setScaledSize(full.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class PhotoStrip(QWidget):
    """``shown`` carries the :class:`ShownPhoto` that is looked at, or None. ``officer``: who signs; blank writes nothing."""

    shown = pyqtSignal(object)
    viewer_wanted = pyqtSignal()

    def __init__(
        self,
        session: Session,
        runner: Runner,
        notifier: Notifier,
        officer: Callable[[], str],
        parent: Optional[QWidget] = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._notifier, self._officer = session, runner, notifier, officer
        self.photos: list[ShownPhoto] = []
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
    def current(self) -> Optional[ShownPhoto]:
        """The photo that is looked at."""
        row = self.list.currentRow()
        return self.photos[row] if 0 <= row < len(self.photos) else None

    def path_of(self, photo: ShownPhoto) -> Optional[Path]:
        """The stored original beside the workspace."""
        folder = self._session.path.parent if self._session.path else None
        return folder / photo.photo.stored if folder and photo.photo.stored else None

    def read(self, photo: ShownPhoto, done: Callable[[QImage], None]) -> None:
        """The whole picture, read beside the window; one that cannot be read is null."""
        path = self.path_of(photo)

        def ended(image: object, problem: Optional[Exception]) -> None:
            done(image if problem is None and image is not None else QImage())

        self._runner.function(lambda task: read_image(path) if path is not None else QImage(), ended)

    def clear(self) -> None:
        """No parcel, no photos; pictures that are still being read are dropped."""
        self.photos = []
        self._icons = {}
        self.list.clear()
        self.list.setVisible(False)
        self._row_changed(-1)

    def show_details(self, details: Details) -> None:
        """The photos of a parcel, attached ones first, by time; the one looked at stays current."""
        before = self.current
        self.photos = sorted(
            details.photos, key=lambda shown: (_ORDER.get(shown.link.status, 2), shown.photo.taken_at or "")
        )
        self.list.blockSignals(True)
        self.list.clear()
        for photo in self.photos:
            message = (tr("已移除") if photo.removed else status_text(photo.link.status), tr(photo.purpose))
            item = QListWidgetItem(" · ".join(text for text in message if text))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setToolTip(photo.photo.file + "\n" + (photo.photo.taken_at or "") + "\n" + caption(photo))
            item.setSizeHint(QSize(_THUMBNAIL.width() + 8, _THUMBNAIL.height() + self.fontMetrics().height() + 12))
            icon = self._icons.get(photo.key)
            if icon is not None:
                item.setIcon(icon)
            self.list.addItem(item)
        self.list.setVisible(bool(self.photos))
        self.list.blockSignals(False)
        keys = [photo.key for photo in self.photos]
        chosen = keys.index(before.key) if before is not None and before.key in keys else 0
        self.list.setCurrentRow(chosen if self.photos else -1)
        self._row_changed(self.list.currentRow())
        self._load_thumbnails()

    def _load_thumbnails(self) -> None:
        requested = [(photo.key, self.path_of(photo)) for photo in self.photos if photo.key not in self._icons]
        if not requested:
            return
        self._asked += 1
        asked, scale = self._asked, self.devicePixelRatioF()
        size = QSize(int(_THUMBNAIL.width() * scale), int(_THUMBNAIL.height() * scale))

        def work(task: Any) -> list[tuple[str, QImage]]:
            return [
                (key, read_image(path, size)) for key, path in requested if path is not None and not task.cancelled()
            ]

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
            if photo.key in self._icons and self.list.item(row) is not None:
                self.list.item(row).setIcon(self._icons[photo.key])

    def _row_changed(self, row: int) -> None:
        photo = self.current
        self.attach_button.setVisible(photo is not None)
        self.purpose_choice.setVisible(photo is not None)
        self.view_button.setVisible(photo is not None)
        if photo is None:
            self.caption.setText(tr("没有照片"))
        else:
            self._show_purpose(photo.purpose)
            self.attach_button.setText(tr("解除 A") if photo.attached else tr("挂接 A"))
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
        if photo.removed:
            self._notifier.report(tr("照片已移除，请先恢复（右键）。"), "warning")
            return
        attached, seen = photo.attached, SeenLink(photo.link)
        self._say(photo, lambda store, key, number, who: attach(store, key, number, not attached, who, seen))

    def _say(self, photo: ShownPhoto, act: Callable[..., Any]) -> bool:
        """A person's word on a photo at this parcel, under a name; U takes it back. Whether it was written."""
        store, number, key = self._session.store, self._session.current, photo.key
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
            menu.addAction(tr("看大图 V"), self.open_viewer)
            act = self.restore if photo.removed else self.remove
            menu.addAction(tr("恢复照片") if photo.removed else tr("移除照片"), act)
        return menu

    def _show_menu(self, place: QPoint) -> None:
        if self.current is not None:
            self.menu().popup(self.list.viewport().mapToGlobal(place))

    def remove(self) -> None:
        """Take the photo out: it is matched to no parcel and stands in no paper until somebody brings it back; the file stays."""
        from ..pipeline import photos

        self._take(photos.remove, photos.restore)

    def restore(self) -> None:
        """Bring a removed photo back: links are as they were before it was taken out."""
        from ..pipeline import photos

        self._take(photos.restore, photos.remove)

    def _take(self, act: Callable[..., None], back: Callable[..., None]) -> None:
        photo, store, number = self.current, self._session.store, self._session.current
        if photo is None or store is None or number is None:
            return
        who, file = self._officer(), photo.photo.file
        if not who:
            return
        try:
            act(store, file, who)
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            return
        self._session.acts.did(number, partial(back, store, file, who))
        for other in store.values("photo_parcel", ("parcel",), photo=photo.key):
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
        before, requested = photo.purpose, str(self.purpose_choice.itemData(row) or "")
        if before == requested:
            return
        seen = SeenLink(photo.link)
        if not self._say(photo, lambda store, key, number, who: set_purpose(store, key, number, requested, who, seen)):
            self._show_purpose(before)
