"""Work beside the window: algorithms as tasks with progress and cancel, and plain functions on a thread.

A task, its context and its feedback must outlive the run, else QGIS crashes: the :class:`Runner` keeps them.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import Any, Callable, Optional

from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..model.errors import Cancelled
from ..model.paths import county_folder
from ..toolbelt.threads import in_python_thread

Results = dict[str, Any]


class CollectingFeedback(QgsProcessingFeedback):
    """Keeps the messages, so that the window can show them."""

    message = pyqtSignal(str, str)  # level, text

    def __init__(self) -> None:
        super().__init__(False)
        self.errors: list[str] = []

    def pushInfo(self, text: str) -> None:
        self.message.emit("info", text)

    def pushWarning(self, text: str) -> None:
        self.message.emit("warning", text)

    def reportError(self, text: str, fatalError: bool = False) -> None:
        self.errors.append(text)
        self.message.emit("error", text)


class AlgorithmTask(QgsTask):
    """An algorithm beside the window, with a context of its own thread; ``executed(ok, results)`` on the main thread."""

    def __init__(self, title: str, algorithm: Any, parameters: Results, feedback: CollectingFeedback, executed: Any):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._algorithm, self._parameters, self._feedback, self._executed = algorithm, parameters, feedback, executed
        self._answer: tuple[Results, bool] = ({}, False)

    def run(self) -> bool:
        def work() -> tuple[Results, bool]:
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
        results, done = self._answer
        self._executed(bool(ok and done), results)


class FunctionTask(QgsTask):
    """``work(task)`` on a thread; its result or exception is handed to ``done`` on the main thread."""

    def __init__(self, title: str, work: Callable[[QgsTask], Any], done: Callable[[Any, Optional[Exception]], None]):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._work, self._done = work, done
        self._context = copy_context()  # whose settings the window works with goes along
        self.result: Any = None
        self.problem: Optional[Exception] = None

    def run(self) -> bool:
        try:
            self.result = self._context.run(in_python_thread, lambda: self._work(self))
        except Exception as error:  # noqa: BLE001 - carried to the main thread and shown there
            self.problem = error
        return self.problem is None

    def finished(self, ok: bool) -> None:
        if not ok and self.problem is None:
            self.problem = Cancelled()
        self._done(self.result, self.problem)


class TaskFeedback:
    """A QgsTask as the steps know a feedback."""

    def __init__(self, task: QgsTask) -> None:
        self._task = task

    def progress(self, fraction: float) -> None:
        self._task.setProgress(100.0 * min(1.0, max(0.0, fraction)))

    def cancelled(self) -> bool:
        return bool(self._task.isCanceled())

    def report(self, message: Any, level: str = "info") -> None:
        """What is reported while reading is in the result as well."""


class Runner(QObject):
    """Starts one piece of work at a time, tells how far it is, and can stop it."""

    started = pyqtSignal(str)
    progress = pyqtSignal(float)
    message = pyqtSignal(str, str)
    ended = pyqtSignal()

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._task: Any = None
        self._held: tuple[Any, ...] = ()
        self._functions: set[FunctionTask] = set()

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
            done(False, {}, ["weipian:" + name])
            return False
        own = county_folder()
        if own is not None and own.is_dir() and algorithm.parameterDefinition("COUNTY") is not None:
            parameters = {"COUNTY": str(own), **parameters}
        context, feedback = QgsProcessingContext(), CollectingFeedback()
        context.setProject(QgsProject.instance())
        feedback.message.connect(self.message)

        def executed(ok: bool, results: Results) -> None:
            self._finish()
            done(ok, results, feedback.errors)

        task = AlgorithmTask(title, algorithm.create(), parameters, feedback, executed)
        feedback.progressChanged.connect(self.progress)
        self._task, self._held = task, (algorithm, context, feedback, executed)
        self.started.emit(title)
        QgsApplication.taskManager().addTask(task)
        return True

    def function(
        self, title: str, work: Callable[[QgsTask], Any], done: Callable[[Any, Optional[Exception]], None]
    ) -> FunctionTask:
        """A quiet piece of reading beside the window; several may run."""

        def ended(result: Any, problem: Optional[Exception]) -> None:
            self._functions.discard(task)
            done(result, problem)

        task = FunctionTask(title, work, ended)
        self._functions.add(task)
        QgsApplication.taskManager().addTask(task)
        return task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._held[2].cancel()

    def cancel_all(self) -> None:
        self.cancel()
        for task in list(self._functions):
            task.cancel()

    def _finish(self) -> None:
        self._task = None
        self.ended.emit()
