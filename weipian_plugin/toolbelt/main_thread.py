"""Calls into the main thread from a background one: layouts may be exported there only."""

from __future__ import annotations

from typing import Any, Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QThread, pyqtSignal


class _Caller(QObject):
    """Carries one call across; lives in the main thread."""

    requested = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.requested.connect(self._run, Qt.ConnectionType.BlockingQueuedConnection)

    def _run(self, call: Callable[[], None]) -> None:
        call()


def run_in_main_thread(work: Callable[[], Any]) -> Any:
    """``work()`` in the main thread, waited for; its exception is raised here."""
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        return work()
    outcome: dict[str, Any] = {}

    def call() -> None:
        try:
            outcome["result"] = work()
        except Exception as error:  # noqa: BLE001 - carried to the calling thread and raised there
            outcome["error"] = error

    caller = _Caller()
    caller.moveToThread(application.thread())
    caller.requested.emit(call)
    caller.deleteLater()
    if "error" in outcome:
        raise outcome["error"]
    return outcome.get("result")
