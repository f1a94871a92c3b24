"""Work on one thing after another with a few at once; what comes of each is handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def in_order(
    work: Callable[[Thing], Made], things: Iterable[Thing], at_once: int
) -> Iterator[tuple[Thing, Callable[[], Made]]]:
    """Each thing with a call that gives what ``work`` made of it, or raises what it raised.

    With ``at_once`` of 1 that call does the work, on the caller's thread. Else as many threads work on what comes next; ``things`` are
    always taken on the caller's thread, and no more of them than threads are free. The first is handed on before others begin: what all of
    them need (templates, rules, texts) is read once then, not by each thread, and nothing holds the first up. When the caller stops, work
    that has begun is waited for.
    """
    if at_once <= 1:
        for thing in things:
            yield thing, lambda thing=thing: work(thing)  # type: ignore[misc]
        return
    begun: deque[tuple[Thing, Future[Made]]] = deque()
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="weipian") as pool:
        for place, thing in enumerate(things):
            begun.append((thing, pool.submit(copy_context().run, work, thing)))
            if place == 0 or len(begun) > at_once:
                done, future = begun.popleft()
                yield done, future.result
        while begun:
            done, future = begun.popleft()
            yield done, future.result
