"""The pytest plugin behind `scripts/mutation.py`: tests are collected once, each fault is tried in a process forked off it.

Which tests reach which function is found in one run before; a fault is tried against these only: the one that noticed it in an earlier run
first, then those that noticed most faults so far, then the quick ones; the first that fails ends it. Environment: MUTATION_PLAN (JSON: faults,
workers, seconds, cleared, noticed: fault -> test) and MUTATION_RESULT (where each worker writes one line per fault: name, outcome, test).
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
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import mutmut.mutation.trampoline as trampoline
import pytest
from mutmut.utils.format_utils import mangled_name_from_mutant_name

#: Longest one fault may take (an endless loop is noticed, too), in seconds of processor time.
_LONGEST = 30
#: What takes minutes leaves the machine to what people wait for (nice).
_POLITE = 10
KILLED, SURVIVED, TIMEOUT, UNREACHED = "killed", "survived", "timeout", "no test"
_EXIT = {1: KILLED, 0: SURVIVED}


#: The fault that is tried now: module and name; names of the functions reached.
_active = ["", ""]
_reached: set[str] = set()


def _switch(mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
    """mutmut's switch between a function and its faulty copies, without what it notes for its own runs (which costs most of the time)."""

    def of(function: Any) -> Any:
        module, name = function.__module__, ""

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            nonlocal name
            if not name:
                name = f"{module}.{mangled_name_from_mutant_name(mutants['_mutmut_orig'].__name__)}"
            _reached.add(name)
            found = mutants.get(_active[1]) if _active[0] == module else None
            found = found or mutants["_mutmut_orig"]
            if is_classmethod:
                return getattr(args[0], found.__name__)(*args[1:], **kwargs)
            return found(*args, **kwargs)

        return switched

    return of


trampoline.wrap_in_trampoline = _switch


class Runner:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._failed = False
        self._hits: dict[str, list[int]] = {}
        self._noticed: Counter[int] = Counter()
        self._seconds: dict[int, float] = {}

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
        for place in range(len(session.items)):
            _reached.clear()
            began = time.process_time()
            self._run(session, place, session.items[place + 1] if place + 1 < len(session.items) else None)
            self._seconds[place] = time.process_time() - began
            if self._failed:
                raise pytest.UsageError(f"fails without a fault: {session.items[place].nodeid}")
            for name in _reached:
                self._hits.setdefault(name, []).append(place)
        if self._alone(session, "no.fault", list(range(0, len(session.items), 12))[::-1], sys.stderr.fileno()):
            raise pytest.UsageError("the tests do not pass in another order without a fault")

    def _run(self, session: pytest.Session, place: int, following: Optional[pytest.Item] = None) -> None:
        item = session.items[place]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _work(self, session: pytest.Session, faults: list[str], place: int, ends: float) -> None:
        os.setpriority(os.PRIO_PROCESS, 0, max(_POLITE, os.getpriority(os.PRIO_PROCESS, 0)))
        sink = Path(os.environ["MUTATION_RESULT"] + f".{place}")
        with sink.open("w", encoding="utf-8") as stream:
            for fault in faults:
                if time.monotonic() > ends:
                    break
                outcome, test = self._try(session, fault)
                noticed = "" if test is None else session.items[test].nodeid
                print(json.dumps([fault, outcome, noticed]), file=stream, flush=True)

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
        before = self._plan["noticed"].get(fault)
        return sorted(
            found, key=lambda at: (session.items[at].nodeid != before, -self._noticed[at], self._seconds.get(at, 0.0))
        )

    def _try(self, session: pytest.Session, fault: str) -> tuple[str, Optional[int]]:
        """The outcome of one fault, and the place of the test that noticed it."""
        tests = self._tests(session, fault)
        if not tests:
            return UNREACHED, None
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(read)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, _LONGEST)
            os._exit(self._alone(session, fault, tests, write))
        os.close(write)
        with os.fdopen(read) as answer:
            noticed = answer.read()
        status = os.waitpid(pid, 0)[1]
        if noticed:
            self._noticed[int(noticed)] += 1
        outcome = TIMEOUT if os.WIFSIGNALED(status) else _EXIT.get(os.WEXITSTATUS(status), KILLED)
        return outcome, int(noticed) if noticed else None

    def _alone(self, session: pytest.Session, fault: str, tests: list[int], write: int) -> int:
        """In the forked process: 1 when a test noticed the fault, 0 when none did."""
        if fault.rpartition(".")[0].rpartition(".")[2] in self._plan["cleared"]:
            _clear_caches()
        _active[0], _, _active[1] = fault.rpartition(".")
        for place in tests:
            self._failed = False
            try:
                self._run(session, place)
            except Exception:  # noqa: BLE001 - whatever the fault broke of the test's machinery, it was noticed
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
