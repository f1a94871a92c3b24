"""What a person has typed for a parcel and not signed yet: the drafts of the workspace, and those that wait until it can be written.

The workspace alone holds them (:mod:`judgment.drafts`), per person. While another program locks it, or where it cannot be written, a draft
stays here and is shown from here; each later write tries again.
"""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QTimer

from ..judgment import drafts
from ..model.errors import WeipianError
from ..workspace import Workspace
from .session import Session

Typed = dict[str, str]

_RETRY_MILLISECONDS = 1000
_LAST_PATIENCE_MILLISECONDS = 3000  # when the workspace is closed there is no later


class Drafts:
    """Those of the open workspace."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[tuple[str, str, str], Typed] = {}  # by person, parcel, part
        session.closed.connect(self._waiting.clear)

    def of(self, person: str, parcel: str, part: str = "") -> Typed:
        """The draft of a person; empty where there is none. Raises ``workspace.*``."""
        waiting = self._waiting.get((person, parcel, part))
        if waiting is not None or self._session.store is None:
            return dict(waiting or {})
        return drafts.read(self._session.store, person, parcel, part)

    def add(self, person: str, parcel: str, part: str, typed: Typed) -> bool:
        """:meth:`keep`, with what the draft already has of other fields; whether there was anything new."""
        try:
            known = self.of(person, parcel, part)
        except WeipianError:
            known = {}
        if {**known, **typed} == known:
            return False
        self.keep(person, parcel, part, {**known, **typed})
        return True

    def keep(self, person: str, parcel: str, part: str, typed: Typed) -> None:
        """Store what is typed; nothing typed takes the draft away. Raises ``workspace.*``: it waits here then, and is tried again."""
        self._waiting[(person, parcel, part)] = dict(typed)
        try:
            self._write(self._session.store)
        except WeipianError:
            QTimer.singleShot(_RETRY_MILLISECONDS, self._again)
            raise

    def last_chance(self) -> None:
        """The workspace is about to be closed. Raises ``workspace.*`` where what waits cannot be written even now."""
        store = self._session.store
        if store is not None and self._waiting:
            store.set_patience(_LAST_PATIENCE_MILLISECONDS)
            self._write(store)

    def _write(self, store: Optional[Workspace]) -> None:
        if store is None:
            return
        for key in list(self._waiting):
            person, parcel, part = key
            drafts.save(store, person, parcel, part, self._waiting[key])
            del self._waiting[key]

    def _again(self) -> None:
        try:
            self._write(self._session.store)
        except WeipianError as error:
            if error.code == "workspace.locked":
                QTimer.singleShot(_RETRY_MILLISECONDS, self._again)
