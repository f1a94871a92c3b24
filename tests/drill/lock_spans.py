"""How long one process keeps others from writing, by what it does meanwhile: wall time, and processor time, which other programs do not stretch."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weipian_plugin.workspace import copies
from weipian_plugin.workspace.postgres import PostgresBackend
from weipian_plugin.workspace.sqlite_backend import SqliteBackend

#: Files that begin a transaction for somebody else: the name of a span is who called them.
_BETWEEN = frozenset({"store.py", "contextlib.py", "lock_spans.py", "postgres.py", "sqlite_backend.py", "beside.py"})


@dataclass(frozen=True)
class Span:
    """``name``: who held it; seconds of the lock, of processor time under it, and of its commit, when a file's readers wait, too."""

    name: str
    seconds: float
    processor: float
    commit: float

    def __str__(self) -> str:
        return f"{self.name} {self.seconds:.2f} s (processor {self.processor:.2f}, commit {self.commit:.2f})"


@dataclass
class Spans:
    """What was held so far."""

    found: list[Span] = field(default_factory=list)

    def longest(self, count: int) -> list[Span]:
        """The longest of each name, the longest first."""
        best: dict[str, Span] = {}
        for span in self.found:
            best[span.name] = max(best.get(span.name, span), span, key=lambda one: one.seconds)
        return sorted(best.values(), key=lambda one: -one.seconds)[:count]


@contextmanager
def recorded() -> Iterator[Spans]:
    """The write locks that this process takes from now on, on files and on servers, and the copies and checks it makes of files."""
    spans, before = Spans(), list[tuple[Any, str, Any]]()
    for kind in (SqliteBackend, PostgresBackend):
        for name, wrapped in (("begin_writing", _begun), ("commit", _committed), ("rollback", _let_go)):
            before.append((kind, name, getattr(kind, name)))
            setattr(kind, name, wrapped(getattr(kind, name), spans))
    for place, name in ((copies, "copy_into"), (SqliteBackend, "check_quickly")):
        before.append((place, name, getattr(place, name)))
        setattr(place, name, _reading(getattr(place, name), spans))
    try:
        yield spans
    finally:
        for kind, name, method in before:
            setattr(kind, name, method)


def _begun(method: Callable[..., Any], spans: Spans) -> Callable[..., Any]:
    def begin_writing(self: Any) -> None:
        method(self)
        self._held = _caller(self), time.monotonic(), time.thread_time()

    return begin_writing


def _committed(method: Callable[..., Any], spans: Spans) -> Callable[..., Any]:
    def commit(self: Any) -> None:
        begun = time.monotonic()
        method(self)
        _note(self, spans, time.monotonic() - begun)

    return commit


def _let_go(method: Callable[..., Any], spans: Spans) -> Callable[..., Any]:
    def rollback(self: Any) -> None:
        method(self)
        _note(self, spans, 0.0)

    return rollback


def _reading(method: Callable[..., Any], spans: Spans) -> Callable[..., Any]:
    """Reading a whole file in one go: whoever wants to write to it waits for the end."""

    def reads(*arguments: Any) -> None:
        name, begun, processor = _caller(None), time.monotonic(), time.thread_time()
        method(*arguments)
        title = f"{method.__name__.strip('_')} for {name}"
        spans.found.append(Span(title, time.monotonic() - begun, time.thread_time() - processor, 0.0))

    return reads


def _note(backend: Any, spans: Spans, commit: float) -> None:
    held = backend.__dict__.pop("_held", None)
    if held is not None and held[0]:
        name, begun, processor = held
        spans.found.append(Span(name, time.monotonic() - begun, time.thread_time() - processor, commit))


def _caller(backend: Any) -> str:
    """Who asks; blank for a copy of a run's own, which nobody else sees."""
    path = getattr(backend, "path", None)
    if path is not None and Path(path).name == "work.gpkg":
        return ""
    frame = sys._getframe(2)
    while frame.f_back is not None and Path(frame.f_code.co_filename).name in _BETWEEN:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name.strip('_')}"
