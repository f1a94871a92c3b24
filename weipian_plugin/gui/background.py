"""Work beside the window: algorithms as tasks with progress and cancel, and plain functions on a thread.

A task, its context and its feedback must outlive the run, else QGIS crashes: the :class:`Runner` keeps them.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from contextvars import copy_context
from typing import Any, Callable, Optional

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from ..algorithms.run import WalkAlgorithm
from ..model.errors import Cancelled
from ..model.paths import county_folder
from ..toolbelt.threads import in_python_thread, start_python_thread
from .details_dialog import line_of

Done = Callable[[Any, Optional[Exception]], None]
_AT_ONCE = threading.BoundedSemaphore(4)  # pieces of reading; more of them wait
#: Seconds after which a computing thread gives Python away, while a run is on. The window asks for it again at every call into Qt and SQLite,
#: a hundred times for a card: with the usual 5 ms it would stand still for half a second.
_GIVE_WAY = 0.00005


class Results(dict[str, Any]):
    """Outputs of an algorithm by name; ``record``: what was done, as the step itself gives it (None where there is none)."""

    record: Any = None


class CollectingFeedback(QgsProcessingFeedback):
    """Keeps the messages, so that the window can show them."""

    message = pyqtSignal(str, str)  # level, text
    step_begun = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(False)
        self.errors: list[str] = []
        self.record: Any = None

    def take_result(self, record: object) -> None:
        """What the algorithm has done, as a record."""
        self.record = record

    def setProgressText(self, text: str) -> None:
        self.step_begun.emit(text)

    def pushInfo(self, text: str) -> None:
        self.message.emit("info", text)

    def pushWarning(self, text: str) -> None:
        self.message.emit("warning", text)

    def reportError(self, text: str, fatalError: bool = False) -> None:
        self.errors.append(text)
        self.message.emit("error", text)


class AlgorithmTask(QgsTask):
    """An algorithm beside the window, with a context of its own thread; ``executed(ok, results)`` on the main thread."""

    def __init__(
        self,
        title: str,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        feedback: CollectingFeedback,
        executed: Any,
    ):
        # How it ended is said in our own words; QGIS's 「任务完成」 would lie over them (a QGIS before 3.26 cannot be asked to be silent).
        silent = getattr(QgsTask.Flag, "Silent", QgsTask.Flag.CanCancel)
        super().__init__(title, QgsTask.Flag.CanCancel | silent)
        self._algorithm, self._parameters, self._feedback, self._executed = algorithm, parameters, feedback, executed
        self._answer: tuple[dict[str, Any], bool] = ({}, False)

    def run(self) -> bool:
        def work() -> tuple[dict[str, Any], bool]:
            try:
                results, ok = self._algorithm.run(self._parameters, QgsProcessingContext(), self._feedback, {}, False)
            except QgsProcessingException as error:
                self._feedback.reportError(str(error))
                return {}, False
            return results, ok

        self._answer = in_python_thread(work)
        return bool(self._answer[1])

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, ok: bool) -> None:
        outputs, done = self._answer
        results = Results(outputs)
        results.record = self._feedback.record
        self._executed(bool(ok and done), results)


class FunctionTask(QObject):
    """``work(task)`` on a thread of its own; its result or exception is handed to ``done`` on the main thread.

    Not a QgsTask: those wait for a thread of Qt's pool, and on two cores one long run and one map that is being drawn are all of it. Worse,
    reading a large photo waits for that pool itself (Qt converts images on it): three photos at once stopped each other for good.
    """

    _worked = pyqtSignal()

    def __init__(self, work: Callable[[FunctionTask], Any], done: Done) -> None:
        super().__init__()
        self._work, self._done = work, done
        self._context = copy_context()  # whose settings the window works with goes along
        self._cancelled = threading.Event()
        self.result: Any = None
        self.problem: Optional[Exception] = None
        self._worked.connect(self._finished)

    def start(self) -> None:
        start_python_thread(self._run)

    def cancel(self) -> None:
        """Ask ``work`` to stop; ``done`` is given :class:`Cancelled`."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def _run(self) -> None:
        with _AT_ONCE:
            try:
                if not self.cancelled():
                    self.result = self._context.run(self._work, self)
            except Exception as error:  # noqa: BLE001 - carried to the main thread and shown there
                self.problem = error
        with contextlib.suppress(RuntimeError):  # the window has gone
            self._worked.emit()

    @pyqtSlot()
    def _finished(self) -> None:
        """On the main thread, where this object lives."""
        if self.cancelled() and self.problem is None:
            self.result, self.problem = None, Cancelled()
        self._done(self.result, self.problem)


class TaskFeedback:
    """A piece of reading beside the window as the steps know a feedback: nobody sees how far it is, and it can be stopped."""

    def __init__(self, task: FunctionTask) -> None:
        self._task = task

    def progress(self, fraction: float) -> None:
        """Short work shows no progress."""

    def cancelled(self) -> bool:
        return self._task.cancelled()

    def report(self, message: object, level: str = "info") -> None:
        """What is reported while reading is in the result as well."""


class Runner(QObject):
    """Starts one piece of work at a time, reports how far it is, and can stop it."""

    started = pyqtSignal(str)
    progress = pyqtSignal(float)
    message = pyqtSignal(str, str)
    step_begun = pyqtSignal(str)
    ended = pyqtSignal()

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._task: Any = None
        self._held: tuple[Any, ...] = ()
        self._usual = sys.getswitchinterval()
        self._functions: set[FunctionTask] = set()
        self.lines: list[str] = []  # what the last run said
        self.message.connect(lambda level, text: self.lines.append(line_of(level, text)))

    @property
    def busy(self) -> bool:
        return self._task is not None

    def algorithm(
        self, name: str, title: str, parameters: dict[str, Any], done: Callable[[bool, Results, list[str]], None]
    ) -> bool:
        """Run ``weipian:<name>``; False when something runs already. ``done(ok, results, errors)`` on the main thread."""
        if self.busy:
            return False
        algorithm = QgsApplication.processingRegistry().algorithmById("weipian:" + name)
        if algorithm is None:
            done(False, Results(), ["weipian:" + name])
            return False
        return self._start(algorithm.create(), title, parameters, done)

    def walk(self, title: str, parameters: dict[str, Any], done: Callable[[bool, Results, list[str]], None]) -> bool:
        """The chain of steps, as far as their parameters are given, in one run; else as :meth:`algorithm`."""
        if self.busy:
            return False
        return self._start(WalkAlgorithm().create(), title, parameters, done)

    def _start(self, algorithm: QgsProcessingAlgorithm, title: str, parameters: dict[str, object], done: Any) -> bool:
        own = county_folder()
        if own is not None and own.is_dir() and algorithm.parameterDefinition("COUNTY") is not None:
            parameters = {"COUNTY": str(own), **parameters}
        self.lines = []
        context, feedback = QgsProcessingContext(), CollectingFeedback()
        context.setProject(QgsProject.instance())
        feedback.message.connect(self.message)
        feedback.step_begun.connect(self.step_begun)

        def ended(ok: bool, results: Results) -> None:
            self._finish()
            done(ok, results, feedback.errors)

        def executed(ok: bool, results: Results) -> None:
            QTimer.singleShot(
                0, lambda: ended(ok, results)
            )  # after QGIS has said 「任务完成」, so that ours lies above it

        task = AlgorithmTask(title, algorithm, parameters, feedback, executed)
        feedback.progressChanged.connect(self.progress)
        self._task, self._held = task, (algorithm, context, feedback, executed)
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(_GIVE_WAY)
        self.started.emit(title)
        QgsApplication.taskManager().addTask(task)
        return True

    def function(self, work: Callable[[FunctionTask], object], done: Done) -> FunctionTask:
        """A quiet piece of reading beside the window; several may run."""

        def ended(result: object, problem: Optional[Exception]) -> None:
            self._functions.discard(task)
            done(result, problem)

        task = FunctionTask(work, ended)
        self._functions.add(task)
        task.start()
        return task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._held[2].cancel()

    def cancel_all(self) -> None:
        """Ask every run and every function beside the window to stop; none is waited for."""
        self.cancel()
        for task in list(self._functions):
            task.cancel()

    def _finish(self) -> None:
        self._task = None
        sys.setswitchinterval(self._usual)
        self.ended.emit()
