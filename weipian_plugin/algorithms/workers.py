"""Exports of many parcels dealt to several qgis_process programs (参数 JOBS): each draws its maps on a main thread of its own.

Every worker is an ordinary ``weipian:file`` with a list of numbers: it takes turns with the others package by package, records what it
wrote in the workspace, and can be stopped like any other. Only Qt starts them, as QGIS starts its own helpers.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QProcess, QProcessEnvironment

from ..model.errors import Cancelled, WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message, render
from ..pipeline.host import Beside, is_number_list
from ..toolbelt.language import language
from .base import SENTENCE_MARK, STARTED_BY_RUN

#: Numbers of one command: a line of Windows holds 32,767 characters.
_MOST_NUMBERS = 500
#: Fewer parcels than this a worker are not worth its start (assumed: it takes as long as some packages).
_LEAST_EACH = 10
_POLL_MILLISECONDS = 200


def workers_for(asked: Beside, numbers: Sequence[str]) -> int:
    """How many workers these parcels get; 1 where the export does it itself."""
    jobs = jobs_of(asked.jobs, len(numbers))
    return jobs if jobs > 1 and is_number_list(",".join(numbers)) and worker_program() is not None else 1


def jobs_of(text: Optional[str], parcels: int) -> int:
    """How many workers: 1 for blank, ``auto`` or 0 for one a core; never so many that one has hardly anything to do."""
    plain = (text or "1").strip().lower()
    requested = int(plain) if plain.isdecimal() else 0
    return max(1, min(requested or os.cpu_count() or 1, parcels // _LEAST_EACH, os.cpu_count() or 1))


def worker_program() -> Optional[str]:
    """The qgis_process beside the running program; None where there is none."""
    own = Path(QCoreApplication.applicationFilePath())
    names = ("qgis_process", "qgis_process.exe", "qgis_process-qgis.bat", "qgis_process-qgis-ltr.bat")
    folders = (own.parent, Path(QgsApplication.prefixPath()) / "bin", Path(QgsApplication.libexecPath()))
    result = (folder / name for folder in folders for name in names)
    return str(own) if own.stem == "qgis_process" else next((str(path) for path in result if path.is_file()), None)


def dealt(numbers: Sequence[str], jobs: int) -> list[list[str]]:
    """The numbers in commands of equal size, neighbours together so that a worker stays on its part of the imagery."""
    commands = max(jobs, -(-len(numbers) // _MOST_NUMBERS))
    size = -(-len(numbers) // commands)
    return [list(numbers[start : start + size]) for start in range(0, len(numbers), size)]


def run_workers(asked: Beside, numbers: Sequence[str], feedback: Feedback) -> dict[str, int]:
    """Export ``numbers``; the counts of all workers together. On any thread but the main one, or in a program without a window.

    Raises ``run.worker_failed`` with what the worker said, and :class:`Cancelled`; the workers are ended then.
    """
    jobs = workers_for(asked, numbers)
    waiting = dealt(numbers, jobs)
    running: list[QProcess] = []
    total = len(waiting)
    counts: dict[str, int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_started(asked, waiting.pop(0)))
            for process in running:  # without an event loop a process is looked at only here
                process.waitForFinished(_POLL_MILLISECONDS // len(running))
            for process in [one for one in running if one.state() == QProcess.ProcessState.NotRunning]:
                running.remove(process)
                for name, count in _results(process).items():
                    counts[name] = counts.get(name, 0) + count
            if feedback.cancelled():
                raise Cancelled()
            feedback.progress((total - len(waiting) - len(running)) / total)
    finally:
        for process in running:
            process.kill()
            process.waitForFinished()
    return counts


def _started(asked: Beside, numbers: Sequence[str]) -> QProcess:
    process = QProcess()
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert(STARTED_BY_RUN, "1")
    process.setProcessEnvironment(environment)
    chosen = "FILTER=" + ",".join(numbers)
    process.start(worker_program() or "", ["run", "weipian:file", "--json", "--", *asked.parameters, chosen])
    return process


def _results(process: QProcess) -> dict[str, int]:
    """The numbers among the results of a worker that has ended."""
    process.waitForFinished()
    stated = bytes(process.readAllStandardOutput()).decode("utf-8", "replace")
    try:
        results = json.loads(stated[stated.index("{") :])["results"]
    except (ValueError, KeyError) as error:
        failed = bytes(process.readAllStandardError()).decode("utf-8", "replace") + stated
        raise WeipianError("run.worker_failed", reason=_sentence(failed)) from error
    return {name: int(count) for name, count in results.items() if isinstance(count, (int, float))}


def _sentence(written: str) -> str:
    """The plugin's own sentence among all that a program wrote; that it ended without one, where there is none."""
    for part in written.split(SENTENCE_MARK)[1::2]:
        with contextlib.suppress(ValueError):  # cut short
            return str(json.loads(part))
    return render(Message("run.cause_ended"), language())
