"""The pytest plugin behind `scripts/mutation.py`: tests are collected once, each fault is tried in a process forked off it.

Which tests reach which function is found in one run before; a fault is tried against these only, those that noticed most faults so
far first, and the first that fails ends it. Environment: MUTATION_PLAN (JSON: faults, workers, seconds, cleared) and MUTATION_RESULT
(where each worker writes one line per fault: name, outcome).
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

#: Longest one fault may take (an endless loop is noticed, too), in seconds of processor time.
_LONGEST = 60
KILLED, SURVIVED, TIMEOUT, UNREACHED = "killed", "survived", "timeout", "no test"
_EXIT = {1: KILLED, 0: SURVIVED}


class _Stop(Exception):
    """Ends the run of one fault at the first test that fails."""


class Runner:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._failed = False
        self._hits: dict[str, list[int]] = {}
        self._noticed: Counter[int] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        started = time.process_time()
        self._reach(session)
        print(f"\n{len(session.items)} tests, {time.process_time() - started:.0f} s without faults", flush=True)
        gc.freeze()
        ends = time.monotonic() + self._plan["seconds"]
        workers = []
        for place in range(self._plan["workers"]):
            pid = os.fork()
            if not pid:
                self._work(session, self._plan["faults"][place :: self._plan["workers"]], place, ends)
                os._exit(0)
            workers.append(pid)
        for pid in workers:
            os.waitpid(pid, 0)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def _reach(self, session: pytest.Session) -> None:
        """Run every test once without a fault; note the functions each one reaches."""
        set_mutant_under_test("stats")
        for place in range(len(session.items)):
            state()._stats.clear()
            self._run(session, place)
            if self._failed:
                raise pytest.UsageError(f"fails without a fault: {session.items[place].nodeid}")
            for name in state()._stats:
                self._hits.setdefault(name, []).append(place)
        set_mutant_under_test("")

    def _run(self, session: pytest.Session, place: int) -> None:
        item = session.items[place]
        following = session.items[place + 1] if place + 1 < len(session.items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _work(self, session: pytest.Session, faults: list[str], place: int, ends: float) -> None:
        sink = Path(os.environ["MUTATION_RESULT"] + f".{place}")
        with sink.open("w", encoding="utf-8") as stream:
            for fault in faults:
                if time.monotonic() > ends:
                    break
                print(json.dumps([fault, self._try(session, fault)]), file=stream, flush=True)

    def _tests(self, session: pytest.Session, fault: str) -> list[int]:
        module, _, name = fault.rpartition(".")
        found = list(self._hits.get(f"{module}.{mangled_name_from_mutant_name(name)}", ()))
        if module.rpartition(".")[2] in self._plan["cleared"]:
            # What is read once is reached by the first test only; those of the profiles reach it again.
            found += [
                place
                for place, item in enumerate(session.items)
                if "test_profiles" in item.nodeid and place not in set(found)
            ]
        return sorted(found, key=lambda at: -self._noticed[at])

    def _try(self, session: pytest.Session, fault: str) -> str:
        tests = self._tests(session, fault)
        if not tests:
            return UNREACHED
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(read)
            os._exit(self._alone(session, fault, tests, write))
        os.close(write)
        with os.fdopen(read) as answer:
            noticed = answer.read()
        status = os.waitpid(pid, 0)[1]
        if noticed:
            self._noticed[int(noticed)] += 1
        return TIMEOUT if os.WIFSIGNALED(status) else _EXIT.get(os.WEXITSTATUS(status), KILLED)

    def _alone(self, session: pytest.Session, fault: str, tests: list[int], write: int) -> int:
        """In the forked process: 1 when a test noticed the fault, 0 when none did."""
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        if fault.rpartition(".")[0].rpartition(".")[2] in self._plan["cleared"]:
            _clear_caches()
        set_mutant_under_test(fault)
        for place in tests:
            self._failed = False
            try:
                self._run(session, place)
            except BaseException:  # the fault broke the machinery of the test: noticed
                self._failed = True
            if self._failed:
                os.write(write, str(place).encode())
                return 1
        return 0


def _clear_caches() -> None:
    """What was read or worked out once, with the function as it was, is worked out again."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("weipian_plugin", "tests.")):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    with contextlib.suppress(Exception):
                        value.cache_clear()


def pytest_configure(config: pytest.Config) -> None:
    plan = json.loads(Path(os.environ["MUTATION_PLAN"]).read_text(encoding="utf-8"))
    config.pluginmanager.register(Runner(plan), "mutation-runner")
