"""The text of a page of the manual, with pictures as wide as the page at most."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QImage, QResizeEvent, QTextDocument
from qgis.PyQt.QtWidgets import QTextBrowser, QWidget

_MARGIN, _LEAST = 24, 200
_SETTLE_MILLISECONDS = 150


class ManualText(QTextBrowser):
    """Markdown; a picture wider than the page is drawn smaller, and anew when the window has another width. Links are left to the caller."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setOpenExternalLinks(False)
        self.setOpenLinks(False)
        self._markdown = ""
        self._width = 0  # of the page that the pictures were drawn for
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self._draw_again)

    def show_markdown(self, text: str) -> None:
        """Show a page; its pictures are as wide as the window allows."""
        self._markdown, self._width = text, self._page()
        self.document().setMarkdown(text)

    def loadResource(self, kind: int, name: QUrl) -> object:
        """A picture at most as wide as the page, in the pixels of the screen."""
        result = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource or not result:
            return result
        image = QImage.fromData(result) if not isinstance(result, QImage) else result
        ratio = self.devicePixelRatioF()
        if image.width() > self._page():
            image = image.scaledToWidth(
                min(image.width(), int(self._page() * ratio)), Qt.TransformationMode.SmoothTransformation
            )
            image.setDevicePixelRatio(image.width() / self._page())
        return image

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._markdown and self._page() != self._width:
            self._settle.start()

    def _draw_again(self) -> None:
        """The same place of the text, with pictures for the new width."""
        place, bar = self.textCursor().position(), self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self.show_markdown(self._markdown)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        bar.setValue(round(share * bar.maximum()))

    def _page(self) -> int:
        return max(_LEAST, self.viewport().width() - _MARGIN)
