"""Map services that must first be asked what they have (WMS, WMTS): asked in the background, so that one that is silent holds nobody.

QGIS reads such a description in the thread that makes the layer and waits for it, up to a minute. Here it is fetched beforehand without
waiting; QGIS then finds it in its network cache, or at least meets a server that is known to answer.
"""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import urlsplit

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QDateTime, QObject, QTimer, QUrl, QUrlQuery, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..formats.catalogue import is_service

_PATIENCE_MILLISECONDS = 10_000
READY, ASKED, SILENT = "ready", "asked", "silent"


class Services(QObject):
    """What is known of each service; ``answered`` carries a source and whether its server gave an answer of any kind."""

    answered = pyqtSignal(str, bool)

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._known: dict[str, bool] = {}
        self._replies: dict[str, Any] = {}

    def state(self, source: str) -> str:
        """Whether ``source`` can be opened without waiting (files and XYZ tiles always can). An unknown service is asked now."""
        if not describes_itself(source) or self._known.get(source):
            return READY
        if source in self._known:
            return SILENT
        if source not in self._replies:
            self._ask(source)
        return ASKED

    def forget_silent(self) -> None:
        """Ask those again that gave no answer, the next time they are wanted."""
        self._known = {source: True for source, answered in self._known.items() if answered}

    def close(self) -> None:
        """Nobody waits any more."""
        replies, self._replies = self._replies, {}
        for reply in replies.values():
            reply.abort()

    def _ask(self, source: str) -> None:
        request = QNetworkRequest(QUrl(description_address(source)))
        request.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, True)
        request.setAttribute(
            QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.PreferCache
        )
        reply = QgsNetworkAccessManager.instance().get(request)
        self._replies[source] = reply
        reply.finished.connect(lambda: self._finished(source, reply))
        QTimer.singleShot(_PATIENCE_MILLISECONDS, lambda: self._out_of_time(source, reply))

    def _out_of_time(self, source: str, reply: QNetworkReply) -> None:
        if self._replies.get(source) is reply:
            reply.abort()

    def _finished(self, source: str, reply: QNetworkReply) -> None:
        if self._replies.pop(source, None) is not None:
            _keep_in_cache(reply)
            # any status is an answer: what is wrong with it, QGIS itself will find
            self._known[source] = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) is not None
            self.answered.emit(source, self._known[source])
        reply.deleteLater()


def _keep_in_cache(reply: QNetworkReply) -> None:
    """Let QGIS take a description without an expiry date from the cache, as it does with those it has read itself."""
    cache = QgsNetworkAccessManager.instance().cache()
    result = cache.metaData(reply.request().url()) if cache is not None else None
    if result is not None and result.isValid() and result.expirationDate().isNull():
        result.setRawHeaders(
            [(name, value) for name, value in result.rawHeaders() if bytes(name).lower() != b"cache-control"]
        )
        result.setExpirationDate(QDateTime.currentDateTime().addDays(1))
        cache.updateMetaData(result)


def describes_itself(source: str) -> bool:
    """Whether QGIS has to read a description from the server before it can show ``source``."""
    return is_service(source) and "type=xyz" not in source and bool(_parameter(source, "url"))


def description_address(source: str) -> str:
    """Where QGIS asks for the description (as its provider does, so that the answer is found in the cache)."""
    address = _parameter(source, "url")
    if "SERVICE=WMTS" in address or "/WMTSCapabilities.xml" in address:
        return address
    join = "" if address.endswith(("?", "&")) else "&" if urlsplit(address).query else "?"
    return address + join + "SERVICE=WMS&REQUEST=GetCapabilities"


def _parameter(source: str, name: str) -> str:
    return str(QUrlQuery(source).queryItemValue(name, QUrl.ComponentFormattingOption.FullyDecoded))
