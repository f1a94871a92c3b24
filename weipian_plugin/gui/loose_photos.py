"""未挂接照片: photos that lie at no parcel, with reason, place and picture; a person looks at them and attaches them by hand."""

from __future__ import annotations

from functools import partial
from typing import Any, Optional

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPixmap
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..model.messages import retold
from ..model.records import Photo, PhotoLink
from ..model.words import PhotoStatus
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from ..workspace import Workspace
from ..workspace.repository import Repository
from .background import Runner
from .photo_strip import read_image
from .recording import SeenLink, attach, put_back_photo
from .session import Session
from .shown_photo import loose
from .signer_field import SignerField, wanted

_PICTURE = QSize(360, 270)


def loose_photos(store: Workspace) -> list[Photo]:
    """The photos that are attached to no parcel, by file name."""
    attached = {row[0] for row in store.values("photo_parcel", ["photo"], status=PhotoStatus.ATTACHED.value)}
    return sorted(
        (photo for photo in Repository(store).all(Photo) if photo.key not in attached), key=lambda photo: photo.file
    )


class LoosePhotos(QDialog):
    """``shown`` carries the photo that is looked at, as a :class:`ShownPhoto`, for the marker on the map; None when closed."""

    shown = pyqtSignal(object)

    def __init__(self, session: Session, runner: Runner, person: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianLoosePhotos")
        self.setWindowTitle(tr("未挂接照片"))
        self.resize(900, 480)
        self._session, self._runner = session, runner
        self.person = SignerField(person)
        self.photos: list[Photo] = []
        self._links: dict[str, PhotoLink] = {}  # of the photo that is looked at, by parcel
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([tr("文件"), tr("原因"), tr("位置"), tr("方位角")])
        self.list.currentItemChanged.connect(lambda *unused: self._look())
        self.picture = QLabel(tr("选择一张照片"))
        self.picture.setFixedSize(_PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        self.attach_button = self.buttons.addButton(tr("挂接"), QDialogButtonBox.ButtonRole.ActionRole)
        for button in self.buttons.buttons():
            button.setAutoDefault(False)
        self.attach_button.clicked.connect(self.attach)
        self.buttons.rejected.connect(self.reject)
        middle = QHBoxLayout()
        middle.addWidget(self.list, 1)
        middle.addWidget(self.picture)
        layout = QVBoxLayout(self)
        layout.addLayout(middle, 1)
        layout.addWidget(self.message)
        below = QHBoxLayout()
        below.addWidget(QLabel(tr("经办人")))
        below.addWidget(self.person)
        below.addWidget(self.buttons, 1)
        layout.addLayout(below)
        session.current_changed.connect(self._name_button)
        self.finished.connect(lambda result: self.shown.emit(None))
        self.refresh()

    def refresh(self) -> None:
        """Read the list again; the place in it is kept."""
        store, row = self._session.store, max(self.list.indexOfTopLevelItem(self.list.currentItem()), 0)
        try:
            self.photos = loose_photos(store) if store is not None else []
        except WeipianError as error:
            self.message.setText(error.text(language()))
            return
        self.list.clear()
        self.list.addTopLevelItems([_item(photo) for photo in self.photos])
        for column in range(self.list.columnCount()):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, min(self.list.columnWidth(column), 170))
        if self.photos:
            self.list.setCurrentItem(self.list.topLevelItem(min(row, len(self.photos) - 1)))
        self.setWindowTitle(tr("未挂接照片") + " · " + str(len(self.photos)))
        self._name_button()

    @property
    def current(self) -> Optional[Photo]:
        """The photo whose line is chosen."""
        row = self.list.indexOfTopLevelItem(self.list.currentItem())
        return self.photos[row] if 0 <= row < len(self.photos) else None

    def _name_button(self, *unused: object) -> None:
        number = self._session.current or ""
        self.attach_button.setText(tr("挂接到 {}").format(number) if number else tr("挂接"))
        self.attach_button.setEnabled(bool(number) and self.current is not None)

    def _look(self) -> None:
        """The picture, read on a thread, and the place on the map."""
        photo, path = self.current, self._session.path
        self._links = self._links_of(photo)
        self._name_button()
        self.picture.clear()
        self.message.setText(_reason(photo) if photo is not None else "")  # whole: the column cuts it
        if photo is None or path is None:
            self.shown.emit(None)
            return
        self.shown.emit(loose(photo))
        file, key = path.parent / (photo.stored or ""), photo.key

        def done(image: Any, problem: Optional[Exception]) -> None:
            current = None if is_deleted(self) else self.current
            if current is None or current.key != key:
                return  # another one is looked at meanwhile
            if problem is None and not image.isNull():
                self.picture.setPixmap(QPixmap.fromImage(image))
            else:
                self.picture.setText(tr("无法显示：{}").format(file.name))

        self._runner.function(lambda task: read_image(file, _PICTURE), done)

    def _links_of(self, photo: Optional[Photo]) -> dict[str, PhotoLink]:
        """What the workspace says of the photo now, by parcel; nothing where it cannot be read for a moment."""
        store = self._session.store
        if photo is None or store is None:
            return {}
        try:
            return {link.parcel: link for link in Repository(store).all(PhotoLink, photo=photo.key)}
        except WeipianError as error:
            self._session.failed.emit(error)
            return {}

    def attach(self) -> None:
        """The photo belongs to the current parcel: a person says so, under a name."""
        photo, store, number = self.current, self._session.store, self._session.current
        if photo is None or store is None or number is None:
            return
        person = self.person.signed()
        if not person:
            self.message.setText(wanted())
            return
        seen, key = SeenLink(self._links.get(number), loose=True), photo.key
        try:
            before = attach(store, key, number, True, person, seen)
        except WeipianError as error:
            self.message.setText(error.text(language()))
            if error.code == "workspace.photo_conflict":
                self.refresh()  # what a colleague has attached leaves the list
            return
        back = partial(put_back_photo, store, key, number, before, person)
        self._session.acts.did(number, back)
        self._session.refresh(number)
        self.refresh()
        self.message.setText(tr("{} 已挂接到 {}。").format(photo.file, number))


def _item(photo: Photo) -> QTreeWidgetItem:
    """A line of the list; what a column cuts is in its tooltip."""
    item = QTreeWidgetItem(_texts(photo))
    item.setToolTip(0, photo.file)
    item.setToolTip(1, _reason(photo))
    return item


def _reason(photo: Photo) -> str:
    return retold(photo.reason, language(), "evidence")


def _texts(photo: Photo) -> list[str]:
    lon, lat, azimuth = photo.lon, photo.lat, photo.azimuth
    place = format(lon, ".6f") + ", " + format(lat, ".6f") if lon is not None and lat is not None else "—"
    return [
        photo.file.rsplit("/", maxsplit=1)[-1],
        _reason(photo) or "—",
        place,
        "—" if azimuth is None else format(azimuth, ".0f") + "°",
    ]
