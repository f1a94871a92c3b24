"""单位设置: who fills in, makes and checks, whom the summary goes to and who signs it, and whether two persons must judge.

Written into the workspace, so that every colleague's papers say the same; what stays blank is a line to fill by hand.
"""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..model.errors import WeipianError
from ..model.office_settings import OfficeSettings
from ..toolbelt.language import language, tr
from ..workspace import office_settings
from .session import Session
from .signer_field import SignerField, wanted

_TEXTS = ("unit", "maker", "checker", "addressee", "signed_by")


class OfficeDialog(QDialog):
    def __init__(self, session: Session, person: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianOffice")
        self.setWindowTitle(tr("单位设置"))
        self.resize(520, 0)
        self._session, self._shown = session, OfficeSettings()
        for name in _TEXTS:
            setattr(self, name, QLineEdit())
        self.unit.setPlaceholderText(tr("印在各表下方，加盖公章"))
        self.maker.setPlaceholderText(tr("空为手填"))
        self.checker.setPlaceholderText(tr("空为手填"))
        self.addressee.setPlaceholderText(tr("年度总结的主送单位"))
        self.signed_by.setPlaceholderText(tr("年度总结的落款，空为填报单位"))
        self.four_eyes = QComboBox()
        for title, stated in ((tr("未设置"), None), (tr("是：经办与复核须为两人"), True), (tr("否：一人即可"), False)):
            self.four_eyes.addItem(title, stated)
        self.signer = SignerField(person)
        self.message = QLabel()
        self.message.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close)
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save_button.setText(tr("保存"))
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        self.save_button.clicked.connect(self.save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        for title, widget in (
            (tr("填报单位"), self.unit), (tr("制表人"), self.maker), (tr("审核人"), self.checker), (tr("主送单位"), self.addressee),
            (tr("落款"), self.signed_by), (tr("四眼原则"), self.four_eyes), (tr("经办人"), self.signer),
        ):  # fmt: skip
            form.addRow(title, widget)
        note = QLabel(
            tr("写入工作库，所有表册、统计表和总结共用；没有填写的，纸上留空手填。未设置四眼原则时，卷宗按须两人检查。")
        )
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        for part in (note, self.message, buttons):
            layout.addWidget(part)
        layout.insertLayout(1, form)
        self.show_stored()

    def show_stored(self) -> None:
        """What the workspace says now."""
        if self._session.store is None:
            return
        self._shown = office_settings.read(self._session.store)
        for name in _TEXTS:
            getattr(self, name).setText(getattr(self._shown, name))
        self.four_eyes.setCurrentIndex(self.four_eyes.findData(self._shown.four_eyes))

    def save(self) -> None:
        """Signed and journaled; only what was changed here is written."""
        who, store = self.signer.signed(), self._session.store
        if not who:
            self.message.setText(wanted())
            return
        if store is None:
            self.message.setText(tr("请先打开工作库。"))
            return
        texts = {name: getattr(self, name).text().strip() for name in _TEXTS}
        typed = OfficeSettings(**texts, four_eyes=self.four_eyes.currentData())
        try:
            changed = office_settings.save(store, self._shown, typed, who)
            self.show_stored()
        except WeipianError as error:
            self.message.setText(error.text(language()))
            return
        self.message.setText(tr("已保存：{}。").format("、".join(changed)) if changed else tr("没有改动。"))
        self._session.refresh_details()
