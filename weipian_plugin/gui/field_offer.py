"""外业填写: what came back from the field for a parcel, beside the form. A person takes it over, value by value or all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QWidget

from ..model.registers import FieldResult
from ..toolbelt.language import tr

_ALL = "*"


def latest(rows: Iterable[FieldResult]) -> dict[str, FieldResult]:
    """The newest value of each field, by the names of the form; values that a person emptied are none. ``rows`` as they were stored."""
    result = {row.name: row for row in sorted(rows, key=lambda row: row.returned_at)}
    return {name: row for name, row in result.items() if row.value.strip()}


class FieldOffer(QLabel):
    """``taken`` carries field → text. Values that the form says already are not offered."""

    taken = pyqtSignal(dict)

    def __init__(self, titles: Mapping[str, str], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self.offered: dict[str, str] = {}
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.linkActivated.connect(self._take)
        self.hide()

    def show_values(self, rows: Iterable[FieldResult], shown: Mapping[str, str]) -> None:
        """``shown``: what the form says now, field by field."""
        lines, self.offered = [], {}
        for name, row in latest(rows).items():
            text = row.value.strip()
            if name not in self._titles or shown.get(name, "").strip() == text:
                continue
            self.offered[name] = text
            who = " ".join(text for text in (row.verifier, row.visited_at) if text)
            line = escape(tr(self._titles[name]) + "：" + text + (f"（{who}）" if who else ""))
            if row.status == "conflict":
                line = '<span style="color:#b26a00">' + line + escape(tr("，与导出后的填写不同")) + "</span>"
            lines.append(line + f' <a href="{name}">' + escape(tr("填入")) + "</a>")
        if len(lines) > 1:
            lines.append(f'<a href="{_ALL}">' + escape(tr("全部填入")) + "</a>")
        self.setText("<b>" + escape(tr("外业填写")) + "</b><br>" + "<br>".join(lines) if lines else "")
        self.setVisible(bool(lines))

    def _take(self, name: str) -> None:
        self.taken.emit(dict(self.offered) if name == _ALL else {name: self.offered[name]})
