"""The manual (F1) and the About box."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Any, Optional

from qgis.core import Qgis
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout

from ..model.paths import PACKAGE, metadata, resource
from ..toolbelt.language import language, tr


def manual() -> Optional[Path]:
    """The manual beside the plugin (a checkout) or inside it (the zip)."""
    places = (PACKAGE / "docs" / "manual.md", PACKAGE.parent / "docs" / "manual.md", resource("manual", "manual.md"))
    return next((path for path in places if path.is_file()), None)


def facts() -> dict[str, str]:
    """Name, version and texts of metadata.txt."""
    reader = configparser.ConfigParser(interpolation=None)
    reader.read(metadata(), encoding="utf-8")
    return dict(reader["general"])


class Manual(QDialog):
    """The manual in a window of its own; pictures are those beside the text."""

    def __init__(self, path: Path, parent: Any = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianManual")
        self.setWindowTitle(tr("卫片手册"))
        self.resize(980, 800)
        self.text = QTextBrowser()
        self.text.setSearchPaths([str(path.parent)])
        self.text.setOpenExternalLinks(False)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._clicked)
        self.text.document().setMarkdown(path.read_text(encoding="utf-8"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)

    def _clicked(self, url: QUrl) -> None:
        if url.hasFragment():
            self.text.scrollToAnchor(url.fragment())
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)


class About(QDialog):
    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianAbout")
        self.setWindowTitle(tr("关于卫片"))
        self.resize(520, 300)
        known = facts()
        about = known.get("about[zh]" if language() == "zh" else "about", "")
        icon = QLabel()
        icon.setPixmap(QIcon(str(resource("icons", "weipian.svg"))).pixmap(64, 64))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        version = tr("版本 {}　QGIS {}　许可证 {}").format(
            known.get("version", ""), Qgis.QGIS_VERSION, known.get("license", "")
        )
        said = tr("软件只提出判定建议，不作认定。")
        name = known.get("name", "")
        text = QLabel("<h3>" + name + "</h3><p>" + version + "</p><p>" + about + "</p><p><b>" + said + "</b></p>")
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout()
        row.addWidget(icon)
        row.addWidget(text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(row, 1)
        layout.addWidget(buttons)
