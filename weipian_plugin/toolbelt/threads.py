"""Between threads: calls into the main thread, and work on threads that Python made."""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import Any, Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QThread, QThreadPool, pyqtSignal, pyqtSlot

_OURS = "weipian"


class _Caller(QObject):
    """Carries one call across; lives in the main thread."""

    requested = pyqtSignal(object)

    @pyqtSlot(object)
    def run(self, call: Callable[[], None]) -> None:
        call()


def in_main_thread() -> bool:
    """Whether this is the thread of the window; true as well where no application runs."""
    application = QCoreApplication.instance()
    return application is None or QThread.currentThread() == application.thread()


def run_in_main_thread(work: Callable[[], object]) -> Any:
    """``work()`` in the main thread, waited for; its exception is raised here. Layouts may be exported there only."""
    if in_main_thread():
        return work()
    call, outcome = _carried(work)
    caller = _Caller()
    # Moved first: the connection is made to a slot of the thread the object lives in.
    caller.moveToThread(QCoreApplication.instance().thread())
    caller.requested.connect(caller.run, Qt.ConnectionType.BlockingQueuedConnection)
    caller.requested.emit(call)
    caller.deleteLater()
    return outcome()


def in_python_thread(work: Callable[[], object]) -> Any:
    """``work()`` on a thread that Python made, waited for; its exception is raised here.

    The threads of Qt's pool outlive what Python knows of them, and pyproj then uses a context of a thread that is gone: the
    second task on the same thread of the pool ends QGIS with a segmentation fault (pyproj 3.7).
    The main thread, and a thread made here, do the work themselves.

    A thread of the pool that waits here gives its place away: Qt converts large images on the same pool and waits for it, so that on two
    cores two waiting threads would stop each other, every map and every other task for good.
    """
    if in_main_thread() or threading.current_thread().name == _OURS:
        return work()
    call, outcome = _carried(work)
    thread = threading.Thread(target=call, name=_OURS)
    pool = QThreadPool.globalInstance()
    pool.releaseThread()
    try:
        thread.start()
        thread.join()
    finally:
        pool.reserveThread()
    return outcome()


def start_python_thread(work: Callable[[], None]) -> None:
    """``work()`` on a thread that Python made, not waited for, neither by the caller nor by the end of the program."""
    threading.Thread(target=work, name=_OURS, daemon=True).start()


def _carried(work: Callable[[], object]) -> tuple[Callable[[], None], Callable[[], Any]]:
    """A call for another thread, and what gives its result or raises its exception in this one."""
    kept: dict[str, Any] = {}
    context = copy_context()  # which county's data the work is for goes along

    def call() -> None:
        try:
            kept["result"] = context.run(work)
        except BaseException as error:  # noqa: BLE001 - carried to the calling thread and raised there
            kept["error"] = error

    def outcome() -> Any:
        if "error" in kept:
            raise kept["error"]
        return kept.get("result")

    return call, outcome
