"""Working aside: a long run works on a copy, and what it changed goes into the workspace in one short transaction.

Nobody waits while the run reads, decodes and computes. What colleagues wrote meanwhile stays: rows they changed keep their values, rows
they added stay beside those of the run. Results of another run of the same steps in between cannot be mixed with these: nothing is
written then, and the error says who was faster.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..office.scratch import scratch_folder
from . import journal, local_merge, remote_merge, table_states
from .backend import Backend, Connection
from .changes import DERIVED, Settled, TableChanges, note_changes
from .copies import scratch_copy
from .sqlite_backend import SqliteBackend, connect, guard_of_copy
from .store import Workspace

Changes = Sequence[TableChanges]
Entries = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Brought:
    """What became of a run: ``kept`` names rows whose values of a colleague stayed, ``touched`` tables colleagues wrote to meanwhile.

    ``begun``, ``last``: the last rows of the journal before the copy was made, and of the colleagues.
    """

    kept: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()
    begun: int = 0
    last: int = 0


@dataclass(frozen=True)
class _Others:
    """``touched``: tables that others wrote to since the copy was made; ``last``: the last of their rows in the journal."""

    touched: set[str]
    last: int


def _always() -> bool:
    """For a run: what it was made from is looked at afterwards."""
    return True


class WorkingCopy:
    """A workspace to work on, ``store``, and its way back. See :func:`working_on_copy`."""

    def __init__(self, original: Workspace, folder: Path) -> None:
        self._original = original
        self._base, self._work = folder / "base.gpkg", folder / "work.gpkg"
        guard = guard_of_copy(original.backend, self._base)
        with original.backend.coded(), guard, contextlib.closing(scratch_copy(self._base)) as base:
            original.backend.copy_into(base)
            self._journal_end = _journal_end(base)
        shutil.copyfile(self._base, self._work)
        self._connection = connect(self._work)
        self.store = Workspace(original.place, SqliteBackend(self._work, self._connection), original.path)
        self.store.alone = True
        self._still = _always

    def bring_back(self, still: Callable[[], bool] = _always) -> Brought:
        """Write what changed into the workspace, where that is ``still`` to be done when nobody else can write any more.

        Raises ``run.changed_meanwhile`` and what writing raises; nothing is written then.
        """
        self._still = still
        with self._original.backend.coded(), guard_of_copy(self._original.backend, self._work):
            entries = _entries(self._connection, self._journal_end)
            changes = note_changes(self._connection, self._base, {str(entry[3]) for entry in entries})
            backend = self._original.backend
            if isinstance(backend, SqliteBackend):
                return self._bring_to_file(backend.connection, changes, entries)
            return self._bring_to_server(backend, changes, entries)

    def _bring_to_file(self, connection: sqlite3.Connection, changes: Changes, entries: Entries) -> Brought:
        connection.execute("ATTACH ? AS work", (str(self._work),))
        connection.execute("ATTACH ? AS base", (str(self._base),))
        try:
            with _held_in_memory(connection), self._original.transaction():
                others = self._others(connection)
                settled = local_merge.merge(connection, changes, others.touched)
                return self._journaled(connection, changes, entries, others, settled)
        finally:
            connection.execute("DETACH work")
            connection.execute("DETACH base")

    def _bring_to_server(self, backend: Backend, changes: Changes, entries: Entries) -> Brought:
        self._connection.execute("ATTACH ? AS base", (str(self._base),))
        remote_merge.stage(backend.connection, self._connection, changes)
        try:
            backend.prepare(lambda: remote_merge.write_beforehand(backend.connection, changes))
            return self._merge_on_server(backend, changes, entries)
        except WeipianError as error:
            if error.code != "workspace.locked":
                raise
        return self._merge_on_server(
            backend, changes, entries
        )  # who writes the same was waited for, and has ended by now

    def _merge_on_server(self, backend: Backend, changes: Changes, entries: Entries) -> Brought:
        try:
            with self._original.transaction():
                server = backend.connection
                others = self._others(server)
                settled = remote_merge.merge(server, changes, others.touched)
                return self._journaled(server, changes, entries, others, settled)
        except remote_merge.KeptBackError as error:
            raise WeipianError("workspace.not_permitted", path=self._original.name) from error

    def _journaled(
        self, target: Connection, changes: Changes, entries: Entries, others: _Others, settled: Settled
    ) -> Brought:
        """The run's entries behind those of the colleagues, chained anew; person and values as they were, states as they are now.

        Behind a colleague's entry their time is that of the writing: it is when they came into the workspace, and the clock never goes back.
        """
        states = _states(target, changes, others.touched, settled)
        written_at = journal.now() if others.touched else None
        rows = ((written_at or at, *row, states.get(str(row[2]), state)) for at, *row, state in entries)
        journal.append_rows(target, rows)
        return Brought(tuple(settled.kept), frozenset(others.touched), self._journal_end, others.last)

    def close(self) -> None:
        self.store.close()

    def _others(self, connection: Connection) -> _Others:
        """What others wrote since the copy was made. Raises ``run.changed_meanwhile`` where it cannot be mixed with this run."""
        rows = connection.execute(
            "SELECT fid, what, who FROM journal WHERE fid > ? ORDER BY fid", (self._journal_end,)
        ).fetchall()
        again = [who for _, what, who in rows if what in DERIVED]
        if again or (rows and not self._still()):
            raise WeipianError("run.changed_meanwhile", path=self._original.name, who=(again or [rows[-1][2]])[-1])
        return _Others({str(what) for _, what, _ in rows}, int(rows[-1][0]) if rows else self._journal_end)


@contextmanager
def working_on_copy(store: Workspace) -> Iterator[WorkingCopy]:
    """A copy of ``store`` to work on; without :meth:`WorkingCopy.bring_back` the workspace stays as it was."""
    with scratch_folder() as folder:
        copy = WorkingCopy(store, folder)
        try:
            yield copy
        finally:
            copy.close()


def _states(target: Connection, changes: Changes, touched: set[str], settled: Settled) -> dict[str, str]:
    """Carry the states (:mod:`.table_states`) of the tables on; those to be put into the run's journal rows about a table that others
    wrote to, whether or not the run changed anything in it."""
    shifts = {change.table.name: change.shift for change in changes}
    states = {}
    for table in table_states.TRACKED:
        if table.name in shifts:
            by = shifts[table.name] + settled.corrections.get(table.name, 0)
            table_states.note(target, table, table_states.moved(table_states.noted(target, table), 0, by))
        if table.name in touched:
            states[table.name] = table_states.noted(target, table)
    return states


def _entries(work: Connection, after: int) -> Entries:
    """What the run journaled in its copy."""
    return work.execute(
        'SELECT at, who, why, what, "key", action, "before", "after", state FROM journal WHERE fid > ? ORDER BY fid',
        (after,),
    ).fetchall()


def _journal_end(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COALESCE(MAX(fid), 0) FROM journal").fetchone()[0])


@contextmanager
def _held_in_memory(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep changed pages in memory until the commit: written earlier, they would lock out those who read."""
    connection.execute("PRAGMA cache_spill = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA cache_spill = ON")
