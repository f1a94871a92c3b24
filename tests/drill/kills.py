"""Processes are killed at random moments; afterwards nothing is half done, and what was acknowledged is there."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from weipian_plugin.filing import packages_in, verify
from weipian_plugin.pipeline import chain
from weipian_plugin.workspace import Workspace

from . import desk
from .outcome import Outcome, TimeBox, timed

Work = Callable[[], object]


def in_child(work: Work) -> int:
    """Run ``work`` in a process of its own, which ends without any clean-up; its number."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            work()
        os._exit(0)
    return child


def killed_after(work: Work, seconds: float) -> bool:
    """Start the work and kill it after ``seconds``; False where it was done before."""
    child = in_child(work)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            return False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def how_long(work: Work) -> float:
    """What the whole work takes, in a process of its own as the killed ones."""
    begun = time.monotonic()
    os.waitpid(in_child(work), 0)
    return time.monotonic() - begun


class Kills:
    """One county, and its workspace as it is before each kill."""

    def __init__(self, plan: chain.Plan, folder: Path, seed: int) -> None:
        self.folder, self.generator = folder, random.Random(seed)
        self.plan = desk.copied(plan, folder / "先前")
        self.workspace = Path(str(self.plan.workspace))
        self.numbers = desk.numbers_of(self.workspace)
        with Workspace.open(self.workspace) as store:
            for place, number in enumerate(self.numbers[::3]):
                desk.decide(store, number, "李四", f"先前 {place}")
        self.before = sorted(desk.reasons(self.workspace))

    def fresh(self, name: str) -> Path:
        """A copy of the workspace in an empty folder."""
        return Path(str(desk.copied(self.plan, self.folder / name).workspace))

    def all(self, box: float) -> list[Outcome]:
        """Every kind of work, each within its share of ``box`` seconds."""
        drills = (self.deciding, self.intake, self.running, self.measuring, self.tables, self.export)
        return [drill(TimeBox(box / len(drills))) for drill in drills]

    def _many(self, title: str, box: TimeBox, once: Callable[[float], str | None], whole: float) -> Outcome:
        """Kill ``once`` after ever other moments of ``whole`` seconds while there is time."""
        outcome = Outcome(title)
        with timed(outcome):
            while box.open or not outcome.tried:
                outcome.count(once(self.generator.uniform(0.0, whole)))
        return outcome

    # ---- the kinds of work ----

    def deciding(self, box: TimeBox) -> Outcome:
        acknowledged = 0
        workspace = self.fresh("判定")

        def once(after: float) -> str | None:
            nonlocal acknowledged, workspace
            if len(desk.reasons(workspace)) > 150:
                workspace = self.fresh("判定")
            reading, writing = os.pipe()
            turn = f"{time.monotonic_ns()}"

            def work() -> None:
                with Workspace.open(workspace) as store:
                    for place in range(1000):
                        reason = f"{turn}-{place}"
                        desk.decide(store, self.numbers[place % len(self.numbers)], "张三", reason)
                        os.write(writing, (reason + "\n").encode())

            killed_after(work, after)
            os.close(writing)
            with os.fdopen(reading) as stream:
                given = stream.read().split()
            acknowledged += len(given)
            found = desk.reasons(workspace)
            lost = sorted(set(given) - set(found))
            doubled = len(found) - len(set(found))
            return desk.doubts(workspace) or (f"lost {lost}, doubled {doubled}" if lost or doubled else None)

        outcome = self._many("killed while people decide", box, once, 0.7)
        outcome.remark = f"{acknowledged} acknowledged decisions"
        return outcome

    def intake(self, box: TimeBox) -> Outcome:
        """Into a folder without a workspace: there is none afterwards, or a whole one."""
        workspace = self.folder / "入库" / "工作库.gpkg"
        plan = desk.with_workspace(self.plan, workspace)

        def once(after: float) -> str | None:
            shutil.rmtree(workspace.parent, ignore_errors=True)
            workspace.parent.mkdir(parents=True)
            killed_after(lambda: desk.take_in(plan), after)
            if not workspace.exists():
                return None
            count = len(desk.numbers_of(workspace))
            fault = desk.doubts(workspace)
            desk.take_in(plan)  # the next try goes on as if nothing had been
            again = len(desk.numbers_of(workspace))
            return fault or (
                None
                if count in (0, len(self.numbers)) and again == len(self.numbers)
                else f"{count}, then {again} parcels"
            )

        return self._many("killed during intake into a new workspace", box, once, how_long(lambda: once(1e9)) * 0.5)

    def running(self, box: TimeBox) -> Outcome:
        """The whole run on a workspace with decisions: all of it is there, or nothing, and every decision."""
        workspace = self.fresh("一键处理")
        plan = desk.with_workspace(self.plan, workspace)

        def once(after: float) -> str | None:
            killed_after(lambda: desk.whole_run(plan), after)
            return self._as_before(workspace)

        return self._many("killed during a whole run on a decided workspace", box, once, how_long(lambda: once(1e9)))

    def measuring(self, box: TimeBox) -> Outcome:
        workspace = self.fresh("套合")
        plan = desk.with_workspace(self.plan, workspace)

        def once(after: float) -> str | None:
            killed_after(lambda: desk.measure(plan), after)
            return self._as_before(workspace)

        return self._many("killed during the overlay", box, once, how_long(lambda: once(1e9)))

    def _as_before(self, workspace: Path) -> str | None:
        fault = desk.doubts(workspace)
        with Workspace.open(workspace) as store:
            measured = len({row[0] for row in store.values("measure", ("parcel",))})
            proposed = store.count("proposal")
        if sorted(desk.reasons(workspace)) != self.before:
            return f"decisions {desk.reasons(workspace)} {fault}"
        return fault or (
            None if measured == len(self.numbers) <= proposed else f"{measured} measured, {proposed} proposals"
        )

    def tables(self, box: TimeBox) -> Outcome:
        """Every table is the old or the new one, whole; the next run leaves nothing beside them."""
        workspace = self.fresh("台账")
        plan = desk.with_workspace(self.plan, workspace)
        desk.tabulate(plan)
        names = _names(Path(str(plan.report)))

        def once(after: float) -> str | None:
            killed_after(lambda: desk.tabulate(plan), after)
            report = Path(str(plan.report))
            broken = [
                path.name for path in report.rglob("*.xlsx") if not path.name.startswith(".") and not _whole(path)
            ]
            lost = names - _names(report)
            return f"broken {broken}, lost {sorted(lost)}" if broken or lost else None

        outcome = self._many("killed while tables are written", box, once, how_long(lambda: once(1e9)))
        desk.tabulate(plan)
        left = _names(Path(str(plan.report))) - names
        outcome.count(f"left beside the tables: {sorted(left)}" if left else None)
        return outcome

    def export(self, box: TimeBox) -> Outcome:
        """Packages that are written anew again and again: each is the old or the new one, whole."""
        workspace = self.fresh("卷宗")
        folder = workspace.parent / "卷宗"
        list(desk.export(workspace, folder, self.numbers))
        turn = 0

        def once(after: float) -> str | None:
            nonlocal turn
            turn += 1
            with Workspace.open(workspace) as store:
                for number in self.numbers:
                    store.update("parcel", {"number": number}, {"village": f"{turn}村"}, "张三", "试")
            killed_after(lambda: list(desk.export(workspace, folder, self.numbers)), after)
            standing: list[Any] = packages_in(folder)
            faulty = [path.name for path in standing if verify(path)]
            return (
                None
                if len(standing) == len(self.numbers) and not faulty
                else f"{len(standing)} packages, faulty {faulty}"
            )

        return self._many("killed during the export of packages", box, once, 6.0)


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, OSError):
        return False
