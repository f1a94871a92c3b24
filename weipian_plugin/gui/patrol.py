"""巡查登记: records of patrols by village and grid, with the place on the map and photos; a finding can become a parcel (自查图斑)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsCsException, QgsGeometry
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..model.patrol import PatrolRecord
from ..pipeline.patrols import make_parcel, read_patrols, save_patrol
from ..toolbelt.language import language, tr
from .background import Runner
from .copying import Copies, Copying
from .session import Session
from .shapes import from_map
from .signer_field import SignerField, wanted
from .text_field import add_calendar

_TEXTS = ("day", "person", "village", "grid", "place", "finding", "handled")
_FOLDER = "巡查"


class PatrolDialog(QDialog):
    """``canvas``: the map whose centre can be taken as the place."""

    def __init__(
        self,
        session: Session,
        runner: Runner,
        person: str,
        canvas: Optional[QgsMapCanvas] = None,
        parent: Optional[QWidget] = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._canvas = session, runner, canvas
        self.signer = SignerField(person)
        self._shown = PatrolRecord()
        self.setWindowTitle(tr("巡查登记"))
        self.resize(820, 600)
        self.list = QTreeWidget()
        titles = (tr("日期"), tr("村（居）"), tr("网格"), tr("巡查人"), tr("发现情况"), tr("照片"), tr("自查图斑"))
        self.list.setHeaderLabels(list(titles))
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemSelectionChanged.connect(self._selected)
        self.message = QLabel()
        self.message.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._form_part())
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.refresh()

    def _form_part(self) -> QWidget:
        for name in (*_TEXTS, "lon", "lat", "area"):
            setattr(self, name, QLineEdit())
        self.day.setPlaceholderText(tr("年-月-日"))
        add_calendar(self.day)
        self.area.setPlaceholderText(tr("亩"))
        self.centre_button, self.photo_button = QPushButton(tr("取地图中心")), QPushButton(tr("添加照片…"))
        self.save_button, self.new_button = QPushButton(tr("保存")), QPushButton(tr("新记录"))
        self.parcel_button = QPushButton(tr("转为自查图斑"))
        self.centre_button.setEnabled(self._canvas is not None)
        for button, act in (
            (self.centre_button, self.take_centre), (self.photo_button, self.choose_photos), (self.save_button, self.save),
            (self.new_button, lambda: self.show_record(self._blank())), (self.parcel_button, self.to_parcel),
        ):  # fmt: skip
            button.clicked.connect(act)
        group = QGroupBox(tr("记录"))
        beside, left, right = QHBoxLayout(group), QFormLayout(), QFormLayout()
        beside.addLayout(left, 1)
        beside.addLayout(right, 1)
        place = _row(self.lon, self.lat, self.centre_button)
        for title, widget in (
            (tr("日期"), self.day), (tr("巡查人"), self.person), (tr("村（居）"), self.village), (tr("网格"), self.grid), (tr("地点"), self.place),
            (tr("经办人"), self.signer),
        ):  # fmt: skip
            left.addRow(title, widget)
        for title, widget in (
            (tr("经度、纬度"), place), (tr("发现情况"), self.finding), (tr("处置"), self.handled),
            (tr("面积（亩）"), _row(self.area, self.parcel_button)), ("", _row(self.photo_button, self.new_button, self.save_button)),
        ):  # fmt: skip
            right.addRow(title, widget)
        return group

    def _blank(self) -> PatrolRecord:
        """A new record: today, this person, the village of the parcel that is shown."""
        details = self._session.details
        village = str(details.parcel.village or "") if details is not None else ""
        return PatrolRecord(day=date.today().isoformat(), person=self.signer.text().strip(), village=village)

    def refresh(self, keep: str = "") -> None:
        """Read the records again; ``keep``: the one to show."""
        store = self._session.store
        records = () if store is None else read_patrols(store)
        self.list.clear()
        for record in records:
            texts = (
                record.day,
                record.village,
                record.grid,
                record.person,
                record.finding,
                str(len(record.photos)),
                record.parcel,
            )
            item = QTreeWidgetItem(list(texts))
            item.setData(0, Qt.ItemDataRole.UserRole, record)
            self.list.addTopLevelItem(item)
        for column in range(self.list.columnCount()):
            self.list.resizeColumnToContents(column)
        self.show_record(next((record for record in records if record.id == keep), self._blank()))

    def _selected(self) -> None:
        items = self.list.selectedItems()
        if items:
            self.show_record(items[0].data(0, Qt.ItemDataRole.UserRole))

    def show_record(self, record: PatrolRecord) -> None:
        """Fill the dialog with a record; coordinates in degrees with seven places."""
        self._shown = record
        for name in _TEXTS:
            getattr(self, name).setText(getattr(record, name))
        for name in ("lon", "lat"):
            value = getattr(record, name)
            getattr(self, name).setText("" if value is None else format(value, ".7f"))
        self.parcel_button.setEnabled(bool(record.id) and not record.parcel)
        self.photo_button.setEnabled(bool(record.id))

    def take_centre(self) -> None:
        """The middle of the map as the place."""
        geometry = QgsGeometry.fromPointXY(self._canvas.center())
        try:
            point = from_map(geometry, self._canvas.mapSettings().destinationCrs()).asPoint()
        except QgsCsException:
            self.message.setText(tr("地图中心无法换算为经纬度。"))
            return
        self.lon.setText(format(point.x(), ".7f"))
        self.lat.setText(format(point.y(), ".7f"))

    def _typed(self) -> Optional[PatrolRecord]:
        texts = {name: getattr(self, name).text().strip() for name in _TEXTS}
        try:
            lon, lat = (float(edit.text()) if edit.text().strip() else None for edit in (self.lon, self.lat))
        except ValueError:
            self.message.setText(tr("经度、纬度须为数字（度）。"))
            return None
        return replace(self._shown, lon=lon, lat=lat, **texts)

    def save(self) -> None:
        """Store what is typed under the person's name; a record that is not complete is not stored, and the dialog says why."""
        record = self._typed()
        if record is not None:
            self._write(lambda store: save_patrol(store, record, self.signer.signed()))

    def to_parcel(self) -> None:
        """The finding becomes a parcel, measured and judged with the next run."""
        record = self._typed()
        try:
            area = float(self.area.text())
        except ValueError:
            area = 0.0
        if record is not None:
            self._write(lambda store: make_parcel(store, record, area, self.signer.signed()))
            self._session.reload()

    def choose_photos(self) -> None:
        """Ask for photos to copy beside the workspace."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("添加照片…"), "")
        if names:
            self.add_photos([Path(name) for name in names])

    def add_photos(self, files: list[Path]) -> None:
        """Copied beside the workspace in the background, then kept with the record."""
        record = self._typed()
        if record is None:
            return

        def then(copies: Copies) -> None:
            photos = tuple(dict.fromkeys((*record.photos, *(copy.file for copy in copies))))
            self._write(lambda store: save_patrol(store, replace(record, photos=photos), self.signer.signed()))

        Copying(self, self._session, self._runner, self.message, self.photo_button).start(_FOLDER, files, then)

    def _write(self, work: Any) -> None:
        store = self._session.store
        if store is None:
            return
        if not self.signer.signed():
            self.message.setText(wanted())
            return
        try:
            record = work(store)
        except WeipianError as error:
            self.message.setText(error.text(language()))
            return
        self.refresh(record.id)
        self.message.setText(
            tr("已保存。") if not record.parcel else tr("自查图斑 {}，请补画范围并套合。").format(record.parcel)
        )


def _row(*widgets: QWidget) -> QWidget:
    """Widgets beside each other."""
    whole = QWidget()
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return whole
