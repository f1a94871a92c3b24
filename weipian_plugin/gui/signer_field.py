"""The field 「经办人」 of a window that writes: who signs, asked once and kept. The account of the computer never stands in for a person."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtWidgets import QLineEdit, QWidget

from ..toolbelt import settings
from ..toolbelt.language import tr


class SignerField(QLineEdit):
    """Filled with the name that was given last; ``person``: the one in the form of the dock, where there is one."""

    def __init__(self, person: str = "", parent: Optional[QWidget] = None) -> None:
        super().__init__(person or settings.read().person, parent)
        self.setPlaceholderText(tr("经办人姓名"))

    def signed(self) -> str:
        """The name to sign with, kept for the next time; blank where there is none, and the field then has the keyboard."""
        name = str(self.text()).strip()
        if not name:
            self.setFocus()
        elif name != settings.read().person:
            settings.change(person=name)
        return name


def wanted() -> str:
    """What a window says where the name is missing."""
    return tr("请先填写{}姓名，再签署。").format(tr("经办人"))
