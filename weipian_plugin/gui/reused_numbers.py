"""What a person is asked where delivered numbers stand in the working area for other land: leave such parcels out, or rename them by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QGroupBox, QLabel, QRadioButton, QVBoxLayout, QWidget

from ..pipeline.renewal import RENAME
from ..toolbelt.language import tr

_NAMED = 3  # numbers that the question names


class ReusedNumbers(QGroupBox):
    """Hidden while no number is reused. Neither answer is given beforehand, because neither is harmless; ``changed`` when one is."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setTitle(tr("编号已用于另一处土地"))
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.reject_button = QRadioButton(tr("不接收这些图斑，列入未接收清单，核实编号后再导入"))
        self.rename_button = QRadioButton(tr("确为不同的图斑：按批次改编号后接收（编号-批次）"))
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.question)
        for button in (self.reject_button, self.rename_button):
            self._group.addButton(button)
            layout.addWidget(button)
        self._group.buttonClicked.connect(lambda button: self.changed.emit())
        self._numbers: tuple[str, ...] = ()
        self.hide()

    def ask(self, numbers: Sequence[str]) -> None:
        """Ask about these numbers; an answer given for the same ones stays."""
        if tuple(numbers) != self._numbers:
            self._group.setExclusive(False)
            for button in self._group.buttons():
                button.setChecked(False)
            self._group.setExclusive(True)
        self._numbers = tuple(numbers)
        named = "、".join(numbers[:_NAMED])
        self.question.setText(
            tr("有 {} 个图斑的编号在成果文件夹的工作库中已用于另一处土地（{}），不能承接那里的判定。怎么办？").format(
                len(numbers), named
            )
        )
        self.setVisible(bool(numbers))

    @property
    def answered(self) -> bool:
        return not self._numbers or self._group.checkedButton() is not None

    @property
    def choice(self) -> str:
        """The parameter REUSED."""
        return RENAME if self._numbers and self.rename_button.isChecked() else ""
