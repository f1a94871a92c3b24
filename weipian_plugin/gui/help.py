"""The manual (F1) and the About box."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from pathlib import Path
from typing import Callable, Optional

from qgis.core import Qgis
from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon, QTextCursor
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ..model.paths import PACKAGE, metadata, resource
from ..toolbelt.language import language, tr
from .manual_text import ManualText


def manual() -> Optional[Path]:
    """The manual beside the plugin (a checkout) or inside it (the zip)."""
    places = (PACKAGE / "docs" / "manual.md", PACKAGE.parent / "docs" / "manual.md", resource("manual", "manual.md"))
    return next((path for path in places if path.is_file()), None)


def pages(beside: Path) -> list[tuple[str, Path]]:
    """Title and file of the pages for people that lie beside the manual, the manual first."""
    named = (
        ("manual", tr("手册")), ("first-hour", tr("头一小时")), ("troubleshooting", tr("疑难解答")), ("errors", tr("提示与处理")),
        ("team", tr("多人协作")), ("field", tr("外业")), ("administrators", tr("安装与本县设置")), ("rules", tr("判定规则")),
        ("reliability", tr("可靠性")),
    )  # fmt: skip
    return [(title, path) for name, title in named if (path := beside.with_name(f"{name}.md")).is_file()]


def facts() -> dict[str, str]:
    """Name, version and texts of metadata.txt."""
    reader = configparser.ConfigParser(interpolation=None)
    reader.read(metadata(), encoding="utf-8")
    return dict(reader["general"])


class HelpKey(QObject):
    """F1 in our docks. QGIS's own help has the same key as a shortcut, and Qt gives an ambiguous one to nobody: the key is taken before."""

    def __init__(self, wanted: Callable[[], None], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._wanted = wanted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or event.key() != Qt.Key.Key_F1:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._wanted()
        return True


class Manual(QDialog):
    """The manual in a window of its own, with contents and search; pictures are those beside the text."""

    def __init__(self, path: Path, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianManual")
        self.setWindowTitle(tr("卫片手册"))
        room = self.screen().availableGeometry().size() * 0.9
        self.resize(QSize(980, 800).boundedTo(room))
        self.text = ManualText()
        self.text.setSearchPaths([str(path.parent)])
        self.text.anchorClicked.connect(self._clicked)
        self.contents = QListWidget()
        self.contents.setObjectName("WeipianManualContents")
        self.contents.currentRowChanged.connect(self._go_to)
        self.pages = QComboBox()
        self.pages.setObjectName("WeipianManualPages")
        for title, file in pages(path):
            self.pages.addItem(title, str(file))
        self.pages.currentIndexChanged.connect(lambda _: self._load())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("在手册中查找，Enter 到下一处"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self.find_next)
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.pages)
        side.addWidget(self.search)
        side.addWidget(self.contents, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(self.text)
        parts.setStretchFactor(1, 1)
        parts.setSizes([240, 740])
        layout = QVBoxLayout(self)
        layout.addWidget(parts)
        self._load()

    def _load(self) -> None:
        """Show the chosen page from its beginning."""
        self.text.show_markdown(Path(self.pages.currentData()).read_text(encoding="utf-8"))
        self._headings = list(self._read_headings())
        self.contents.blockSignals(True)
        self.contents.clear()
        for _, level, title in self._headings:
            self.contents.addItem("　" * (level - 1) + title)
        self.contents.blockSignals(False)
        self.show_chapter("")

    def show_page(self, name: str) -> bool:
        """The page in the file ``name``; False where there is none."""
        at = next((row for row in range(self.pages.count()) if Path(self.pages.itemData(row)).name == name), -1)
        if at >= 0:
            self.pages.setCurrentIndex(at)
        return at >= 0

    def show_code(self, code: str) -> bool:
        """What the page of messages says of a code."""
        if not self.show_page("errors.md"):
            return False
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        return bool(self.text.find(code))

    def _read_headings(self) -> Iterator[tuple[int, int, str]]:
        """Position, level and title of every heading of the text."""
        block = self.text.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if 0 < level <= 3:
                yield block.position(), level, block.text()
            block = block.next()

    def _go_to(self, row: int) -> None:
        if 0 <= row < len(self._headings):
            cursor = self.text.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.End)  # so that the heading comes to the top
            self.text.setTextCursor(cursor)
            cursor.setPosition(self._headings[row][0])
            self.text.setTextCursor(cursor)

    def show_chapter(self, chapter: str) -> None:
        """The first heading that holds ``chapter``; the beginning where there is none or nothing is asked for."""
        rows = [row for row, (_, _, title) in enumerate(self._headings) if chapter and chapter in title]
        if rows:
            self.contents.setCurrentRow(rows[0])
        else:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def find_next(self) -> bool:
        """The next place of the text that is searched for, from the start again after the last one."""
        requested = self.search.text().strip()
        if not requested:
            return False
        if self.text.find(requested):
            return True
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        return bool(self.text.find(requested))

    def _clicked(self, url: QUrl) -> None:
        if url.isRelative() and self.show_page(url.fileName()):
            return
        if url.hasFragment():
            self.text.scrollToAnchor(url.fragment())
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)


class About(QDialog):
    def __init__(self, parent: Optional[QWidget] = None) -> None:
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
        message = tr("软件只提出判定建议，不作认定。")
        name = known.get("name", "")
        text = QLabel("<h3>" + name + "</h3><p>" + version + "</p><p>" + about + "</p><p><b>" + message + "</b></p>")
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
