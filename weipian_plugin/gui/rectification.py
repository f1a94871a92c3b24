"""Rectification (整改) of a parcel or one of its parts: what was removed or regularised, acceptance, closing (销号)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Optional

from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..filing.settings import load_rules
from ..geodesy.units import MU_PER_M2
from ..model.errors import WeipianError
from ..model.records import Rectification
from ..model.words import Purpose
from ..toolbelt.language import language, tr
from .documents import is_day
from .recording import put_back_rectification, record_rectification
from .session import Details, Session
from .shown_photo import ShownPhoto
from .signer_field import SignerField, wanted
from .text_field import add_calendar

#: Way -> what is stored: the checks of filing and oversight look for the words 拆除 and 补办, so that both must stand there.
METHODS = {"拆除复耕": "拆除复耕", "补办手续": "补办手续", "两者": "拆除复耕、补办手续", "其他": "其他"}
LAND = ("", "farmland_", "basic_farmland_")
AREAS = (
    "area_m2", "farmland_m2", "basic_farmland_m2",
    "removed_m2", "removed_farmland_m2", "removed_basic_farmland_m2",
    "regularised_m2", "regularised_farmland_m2", "regularised_basic_farmland_m2",
    "remaining_m2",
)  # fmt: skip
MU = float(MU_PER_M2)
PHASES = tuple(purpose.value for purpose in Purpose)


def _shown(value: Optional[float]) -> str:
    """m² as 亩 without trailing zeros; blank stays blank."""
    return "" if value is None else format(value * MU, ".4f").rstrip("0").rstrip(".")


class AreaEdit(QLineEdit):
    """An area in 亩, kept in m²; a figure nobody touched keeps all its digits."""

    def set_m2(self, value: Optional[float]) -> None:
        """Show m² as 亩 with two decimals; the exact figure is kept until the text is changed. None: blank."""
        self._exact, text = value, _shown(value)
        self.setText(text)
        self._text = text

    def m2(self) -> Optional[float]:
        """None where blank; ValueError where it is no area."""
        text = self.text().strip()
        if text == self._text:
            return self._exact
        if not text:
            return None
        value = float(text)
        if not 0.0 <= value < 1e7:
            raise ValueError(text)
        return value / MU


class RectificationDialog(QDialog):
    def __init__(self, session: Session, person: str, part: str = "", parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seen: Optional[Rectification] = None
        details = session.details
        self.number = details.number if details else ""
        self.setWindowTitle(tr("整改") + " · " + self.number)
        self.resize(620, 560)
        self.message = QLabel()
        self.message.setWordWrap(True)
        top, areas, below = self._head(details), self._area_box(), self._dates(person)
        self.save_button, cancel = QPushButton(tr("保存")), QPushButton(tr("取消"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(areas)
        layout.addLayout(below)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.part.setCurrentIndex(max(self.part.findData(part), 0))
        self.show_part()
        self.part.currentIndexChanged.connect(lambda row: self.show_part())
        for name, edit in self.areas.items():
            edit.textEdited.connect(lambda text, name=name: self._edited(name))

    def _head(self, details: Optional[Details]) -> QFormLayout:
        self.part = QComboBox()
        self.part.addItem(tr("整宗"), "")
        for row in details.parts if details else ():
            self.part.addItem(row.part, row.part)
        self.method = QComboBox()
        self.method.addItem(tr("（请选择）"), "")
        for title, stored in METHODS.items():
            self.method.addItem(tr(title), stored)
        self.method.currentIndexChanged.connect(lambda row: self.message.clear())
        self.unit = QLineEdit()
        top = QFormLayout()
        top.addRow(tr("地块"), self.part)
        top.addRow(tr("整改方式"), self.method)
        top.addRow(tr("责任单位"), self.unit)
        return top

    def _area_box(self) -> QGroupBox:
        self.areas = {name: AreaEdit() for name in AREAS}
        grid_box = QGroupBox(tr("面积（亩）"))
        grid = QGridLayout(grid_box)
        for column, text in enumerate((tr("总面积"), tr("耕地"), tr("永久基本农田")), 1):
            grid.addWidget(QLabel(text), 0, column)
        for line, (text, prefix) in enumerate(
            ((tr("应整改"), ""), (tr("已拆除"), "removed_"), (tr("已补办"), "regularised_")), 1
        ):
            grid.addWidget(QLabel(text), line, 0)
            for column, land in enumerate(LAND, 1):
                grid.addWidget(self.areas[(prefix + land + "m2") if prefix + land else "area_m2"], line, column)
        grid.addWidget(QLabel(tr("剩余")), 4, 0)
        grid.addWidget(self.areas["remaining_m2"], 4, 1)
        self.identities = QLabel()
        self.identities.setWordWrap(True)
        grid.addWidget(self.identities, 5, 0, 1, 4)
        return grid_box

    def _dates(self, person: str) -> QFormLayout:
        """Who removed, accepted and closed, and when."""
        self.photos = QLabel()
        self.removed_on, self.accepted_by, self.accepted_on, self.closed_on, self.note = (QLineEdit() for _ in range(5))
        for day in (self.removed_on, self.accepted_on, self.closed_on):
            day.setPlaceholderText(tr("年-月-日"))
            add_calendar(day)
        self.person = SignerField(person)
        self.accepted_area = AreaEdit()
        self.closed = QCheckBox(tr("已销号"))
        below = QFormLayout()
        below.addRow(tr("照片"), self.photos)
        below.addRow(tr("拆除日期"), self.removed_on)
        below.addRow(tr("验收人"), self.accepted_by)
        below.addRow(tr("验收日期"), self.accepted_on)
        below.addRow(tr("验收面积（亩）"), self.accepted_area)
        below.addRow(tr("销号"), self.closed)
        below.addRow(tr("销号日期"), self.closed_on)
        below.addRow(tr("备注"), self.note)
        below.addRow(tr("经办人"), self.person)
        return below

    def show_part(self) -> None:
        """The stored row, or the areas of the parcel or part as a start."""
        details, part = self._session.details, str(self.part.currentData() or "")
        if details is None:
            return
        self._seen = next((row for row in details.rectification if row.part == part), None)
        row = self._seen or Rectification(self.number, part)
        start = dict.fromkeys(AREAS)
        if self._seen is None:
            measures = details.measures.get(part, {})
            own = next((entry.area_m2 for entry in details.parts if entry.part == part), None)
            start["area_m2"] = own if part else details.parcel.area_m2
            for name in ("farmland", "basic_farmland"):
                value = measures.get(name)
                start[name + "_m2"] = None if value in (None, "") else float(value)
        for name, edit in self.areas.items():
            edit.set_m2(getattr(row, name) if self._seen is not None else start[name])
        self.accepted_area.set_m2(row.accepted_area_m2)
        self.method.setCurrentIndex(max(self.method.findData(row.method), 0))
        for name in ("unit", "removed_on", "accepted_by", "accepted_on", "closed_on", "note"):
            getattr(self, name).setText(getattr(row, name) or "")
        self.closed.setChecked(bool(row.closed))
        self._remaining_typed = False
        if self._seen is None:
            self._compute()
        self.counts = photo_counts(details.photos)
        self.photos.setText(tr("整改前 {} 张，整改中 {} 张，整改后 {} 张").format(*self.counts.values()))
        self._show_identities()

    def _edited(self, name: str) -> None:
        if name == "remaining_m2":
            self._remaining_typed = True
        elif name in ("area_m2", "removed_m2", "regularised_m2") and not self._remaining_typed:
            self._compute()
        self._show_identities()

    def _figure(self, name: str) -> Optional[float]:
        try:
            return self.areas[name].m2()
        except ValueError:
            return None

    def _compute(self) -> None:
        area = self._figure("area_m2")
        done = (self._figure("removed_m2") or 0.0) + (self._figure("regularised_m2") or 0.0)
        self.areas["remaining_m2"].set_m2(None if area is None else max(area - done, 0.0))

    def _show_identities(self) -> None:
        """Shown, never corrected: 应整改 = 拆除 + 补办 + 剩余; of each kind of land no more done than there is."""
        names = ("area_m2", "removed_m2", "regularised_m2", "remaining_m2")
        area, removed, regularised, remaining = ((self._figure(name) or 0.0) for name in names)
        difference = (area - removed - regularised - remaining) * MU
        fits = abs(difference) <= 0.0001
        verdict = tr("相符") if fits else tr("相差 {} 亩").format(format(difference, ".4f"))
        lines = [tr("应整改 = 拆除 + 补办 + 剩余：{}").format(verdict)]
        for title, land in ((tr("耕地"), "farmland_"), (tr("永久基本农田"), "basic_farmland_")):
            done = (self._figure("removed_" + land + "m2") or 0.0) + (self._figure("regularised_" + land + "m2") or 0.0)
            there = self._figure(land + "m2")
            if there is not None and (done - there) * MU > 0.0001:
                lines.append(tr("{}：拆除与补办之和大于应整改").format(title))
                fits = False
        self.identities.setText("\n".join(lines))
        self.identities.setStyleSheet("" if fits else "color:#b26a00")

    def save(self) -> None:
        """Store what is typed under the person's name and close; what is wrong, or a colleague's change, is said in the dialog."""
        store = self._session.store
        if store is None:
            return
        days = tuple(edit.text().strip() for edit in (self.accepted_on, self.closed_on, self.removed_on))
        try:
            values: dict[str, Any] = {name: edit.m2() for name, edit in self.areas.items()}
            values["accepted_area_m2"] = self.accepted_area.m2()
        except ValueError as error:
            self.message.setText(tr("面积须为不小于 0 的数：{}").format(str(error)))
            return
        problem = (
            tr("请选择整改方式。") if not self.method.currentData()
            else tr("日期须为 年-月-日，例如 2023-05-01。") if not all(is_day(day) for day in days)
            else tr("销号须填销号日期。") if self.closed.isChecked() and not days[1]
            else wanted() if not self.person.signed()
            else ""
        )  # fmt: skip
        if problem:
            self.message.setText(problem)
            return
        values.update(method=self.method.currentData(), accepted_on=days[0], closed_on=days[1], removed_on=days[2])
        values.update({name: getattr(self, name).text().strip() for name in ("unit", "accepted_by", "note")})
        values.update({phase + "_photos": count for phase, count in self.counts.items()})
        values["closed"] = int(self.closed.isChecked())
        part, person = str(self.part.currentData() or ""), self.person.signed()
        try:
            before = record_rectification(store, self.number, part, values, person, self._seen)
        except WeipianError as error:
            self.message.setText(error.text(language()))
            self._session.refresh(self.number)
            return
        back = partial(put_back_rectification, store, self.number, part, before, person)
        self._session.acts.did(self.number, back)
        self._session.refresh(self.number)
        self.accept()


def photo_counts(photos: Iterable[ShownPhoto]) -> dict[str, int]:
    """Attached photos before, during and after, by the purpose at the parcel, else of the photo."""
    rules = load_rules()
    phases = [rules.phase_of(photo.purpose) for photo in photos if photo.attached]
    return {phase: phases.count(phase) for phase in PHASES}
