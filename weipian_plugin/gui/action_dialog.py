"""The small dialog of an action beside accepting: it asks for what the action needs, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..judgment.profile import Profile
from ..toolbelt.language import tr

LEVELS = ("市级", "省级", "国家级")


class ActionDialog(QDialog):
    """``wanted``: of ``level``, ``category``, ``reason``, ``basis``; the person is always asked for. All but the level must be filled."""

    def __init__(
        self, title: str, text: str, person: str, wanted: Sequence[str], profile: Optional[Profile],
        parent: Optional[QWidget] = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self._profile, self._wanted = profile, wanted
        self.level, self.category, self.subtype = QComboBox(), QComboBox(), QComboBox()
        self.reason, self.basis, self.person = QLineEdit(), QLineEdit(), QLineEdit(person)
        for name in LEVELS:
            self.level.addItem(tr(name), name)
        self.category.addItem(tr("（请选择）"), "")
        for category in profile.categories if profile else ():
            if not category.uncertain:
                self.category.addItem(tr(category.name), category.name)
        self.category.currentIndexChanged.connect(lambda row: self._fill_subtypes())
        self._fill_subtypes()
        self.basis.setPlaceholderText(tr("批文、条款或照片"))
        form = QFormLayout()
        rows = (
            ("level", tr("退回机关"), self.level), ("category", tr("改判为"), self.category),
            ("category", tr("分类"), self.subtype), ("reason", tr("理由"), self.reason), ("basis", tr("依据"), self.basis),
        )  # fmt: skip
        for name, label, widget in rows:
            if name in wanted:
                form.addRow(label, widget)
            else:
                widget.setParent(None)
        form.addRow(tr("操作人"), self.person)
        message = QLabel(text)
        message.setWordWrap(True)
        self.ok_button, cancel = QPushButton(tr("确定")), QPushButton(tr("取消"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.ok_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(message)
        layout.addLayout(form)
        layout.addWidget(buttons)
        for edit in (self.reason, self.basis, self.person):
            edit.textChanged.connect(lambda text: self._check())
        self.category.currentIndexChanged.connect(lambda row: self._check())
        self._check()

    def _fill_subtypes(self) -> None:
        self.subtype.clear()
        self.subtype.addItem("—", "")
        category = self._profile.category(str(self.category.currentData() or "")) if self._profile else None
        for subtype in category.subtypes if category else ():
            self.subtype.addItem(tr(subtype.name), subtype.name)

    def _check(self) -> None:
        needed = [self.person.text()]
        needed += [getattr(self, name).text() for name in ("reason", "basis") if name in self._wanted]
        if "category" in self._wanted:
            needed.append(str(self.category.currentData() or ""))
        self.ok_button.setEnabled(all(text.strip() for text in needed))

    def answer(self) -> dict[str, str]:
        """What was given; fields that were not asked for are blank."""
        return {
            "level": str(self.level.currentData()) if "level" in self._wanted else "",
            "category": str(self.category.currentData() or ""),
            "subtype": str(self.subtype.currentData() or ""),
            "reason": self.reason.text().strip(),
            "basis": self.basis.text().strip(),
            "person": self.person.text().strip(),
        }
