"""The open workspace: its queue, the current parcel, and the eye on what other windows commit."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Optional, Union

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..evidence.change_hints import picture_of
from ..formats.catalogue import roles
from ..judgment.profile_files import profile_named
from ..judgment.recording import standings
from ..judgment.standing import ParcelStanding
from ..model.errors import WeipianError
from ..model.records import (
    Coverage,
    Decision,
    Document,
    Draft,
    Measure,
    Package,
    Parcel,
    Part,
    PhotoLink,
    Rectification,
    Region,
    StoredProposal,
)
from ..model.registers import ChangeHint, FieldResult, JournalRow
from ..toolbelt import settings
from ..workspace import Workspace, copies, office_settings
from ..workspace.identity import Identity, identity_of
from ..workspace.mapping import record_of, records_of
from ..workspace.news import News, newest, news_after
from ..workspace.places import Place, TeamPlace
from ..workspace.repository import Repository
from .acts import Acts
from .background import Runner
from .rows import QueueRow, read_rows
from .shown_photo import ShownPhoto

_POLL_MILLISECONDS = 1500
_PATIENCE_MILLISECONDS = 40  # what the window waits for a locked file before it goes on
_LISTEN_MILLISECONDS = 300  # a server notifies of commits: looking whether it has costs nothing
_RECONNECT_MILLISECONDS = 1500
_RETRY_MILLISECONDS = 400
_FEW = 200  # changed parcels that are read one by one
_SURE_AFTER = 3  # looks that do not find the file before the window says that it is gone


@dataclass(frozen=True)
class Details:
    """Everything the card shows of one parcel, as read from the workspace."""

    number: str
    parcel: Parcel
    proposals: list[StoredProposal] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)  # of what covers anything
    measures: dict[str, dict[str, Optional[str]]] = field(default_factory=dict)  # part -> measure -> value
    regions: list[Region] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    photos: list[ShownPhoto] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    rectification: list[Rectification] = field(default_factory=list)
    package: Optional[Package] = None
    journal: list[JournalRow] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)  # of every person
    standing: Optional[ParcelStanding] = None
    layers: frozenset[str] = frozenset()  # roles that the parcels were measured against
    field_results: list[FieldResult] = field(default_factory=list)  # what came back from the field
    change: Optional[ChangeHint] = None  # 影像变化提示
    change_picture: Optional[Path] = None  # where there is one
    four_eyes: Optional[bool] = None  # what the workspace says (单位设置); None = nothing

    @property
    def merged(self) -> tuple[str, ...]:
        """并宗: all its parcels, the leading one first."""
        return self.standing.merged if self.standing else ()

    def proposal(self, part: str = "") -> Optional[StoredProposal]:
        """What is proposed for the whole parcel ("") or a part; None where nothing is."""
        return next((proposal for proposal in self.proposals if proposal.part == part), None)

    def history(self, part: str = "") -> list[Decision]:
        """Every act on the whole parcel ("") or a part, in the order written."""
        return [decision for decision in self.decisions if decision.part == part]


def read_details(store: Workspace, number: str) -> Optional[Details]:
    """One parcel with all that hangs on it, as of one moment; None when it is no longer there."""
    with store.reading():
        return _read_details(store, number)


def _read_details(store: Workspace, number: str) -> Optional[Details]:
    rows = store.records
    parcels = rows("parcel", number=number)
    if not parcels:
        return None
    measures: dict[str, dict[str, Optional[str]]] = {}
    for row in records_of(Measure, rows("measure", parcel=number)):
        measures.setdefault(row.part, {})[row.measure] = row.value
    links = records_of(PhotoLink, rows("photo_parcel", parcel=number))
    known = Repository(store).photos_by_key([link.photo for link in links])
    decisions = Repository(store).decisions(number)
    documents = records_of(Document, rows("document", parcel=number))
    rectification = records_of(Rectification, rows("rectification", parcel=number))
    keys = [number, *(decision.id for decision in decisions), *(link.photo + "/" + number for link in links)]
    keys += [document.id for document in documents]
    keys += [number + "/" + row.part for row in rectification if row.part]
    return Details(
        number=number,
        parcel=record_of(Parcel, parcels[0]),
        proposals=records_of(StoredProposal, rows("proposal", parcel=number)),
        decisions=decisions,
        coverage=[row for row in records_of(Coverage, rows("coverage", parcel=number)) if (row.area_m2 or 0) > 0],
        measures=measures,
        regions=records_of(Region, rows("region", parcel=number)),
        parts=records_of(Part, rows("part", parcel=number)),
        photos=[ShownPhoto(known[link.photo], link) for link in links if link.photo in known],
        documents=documents,
        rectification=rectification,
        package=next(iter(records_of(Package, rows("package", parcel=number))), None),
        journal=records_of(JournalRow, rows("journal", key=keys)),
        drafts=records_of(Draft, rows("draft", parcel=number)),
        standing=standings(store, number).of(number),
        layers=frozenset(str(row[0]) for row in store.values("layer", ["role"])),
        field_results=records_of(FieldResult, rows("field_result", parcel=number)),
        change=next(iter(records_of(ChangeHint, rows("change_hint", parcel=number))), None),
        change_picture=picture if (picture := picture_of(store.path, number)).is_file() else None,
        four_eyes=office_settings.read(store).four_eyes,
    )


def _warm_up(store: Workspace) -> None:
    """Read what the first card needs and keeps: rules and the titles of roles."""
    names = set(store.read("proposal")["profile"].dropna()) or {settings.read().profile}
    for name in names:
        with contextlib.suppress(WeipianError):  # said when the profile is needed
            profile_named(str(name))
    roles()


class Session(QObject):
    """At most one workspace is open in a window. Signals are the only way the parts of the workbench learn of changes."""

    opened = pyqtSignal()
    closing = pyqtSignal()  # while all is still there
    closed = pyqtSignal()
    loaded = pyqtSignal()  # all rows read
    rows_changed = pyqtSignal(list)  # numbers
    current_changed = pyqtSignal(str)
    outside_change = pyqtSignal()
    reconnected = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, runner: Runner, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.store: Optional[Workspace] = None
        self.rows: dict[str, QueueRow] = {}
        self.current: Optional[str] = None
        self.details: Optional[Details] = None
        self.merges: dict[str, tuple[str, ...]] = {}
        self.drafter: Callable[[], str] = lambda: settings.read().signer  # whose drafts the queue marks
        self.acts = Acts()
        self._version = 0
        self._entry = 0  # of the journal: what came before it is shown
        self._touched: set[str] = set()  # written here while rows were being read: what was read of them may be older
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MILLISECONDS)
        self._timer.timeout.connect(self.poll)
        self._loading = False
        self._again = False
        self._busy_reported = False  # that another program holds the workspace
        self._own_change = False
        self._file: Optional[Identity] = None  # of the workspace that is open
        self._team, self._lost = False, False  # on a server; without a connection to it
        self._missed = 0  # looks in a row that did not find it

    @property
    def path(self) -> Optional[Path]:
        """The file of the workspace, or what stands for it in the folder of its photos and pictures."""
        return self.store.path if self.store else None

    @property
    def place(self) -> Optional[Place]:
        """What opens the workspace again, elsewhere or as ``WORKSPACE``."""
        return self.store.place if self.store else None

    def open(self, place: Union[str, Place]) -> None:
        """Open a workspace; rows arrive a moment later (:attr:`loaded`). Raises WeipianError ``workspace.*``."""
        store = Workspace.open(place)
        self.close()
        store.set_patience(_PATIENCE_MILLISECONDS)
        self.store = store
        self._team, self._lost = isinstance(store.place, TeamPlace), False
        self._version = store.data_version()
        self._file, self._missed = None, 0
        if not self._team:
            with contextlib.suppress(OSError):  # a share that does not answer for a moment: what it finds first counts
                self._file = identity_of(store.path)
        self._timer.setInterval(_LISTEN_MILLISECONDS if self._team else _POLL_MILLISECONDS)
        self.opened.emit()
        for doubt in store.doubts:
            self.failed.emit(WeipianError(doubt.code, **doubt.details))
        self._timer.start()
        self.reload()

    def close(self) -> None:
        """Close the workspace; those who listen hear it before and after. Without one nothing happens."""
        self._timer.stop()
        if self.store is None:
            return
        self.closing.emit()
        self.store.close()
        self.store, self.rows, self.details, self.merges = None, {}, None, {}
        self.acts.clear()
        self.current = None
        self.closed.emit()

    def reload(self) -> None:
        """Read all rows again, on a thread with a connection of its own."""
        place = self.place
        if place is None:
            return
        if self._loading:
            self._again = True  # what is being read may be older than what was just written
            return
        self._loading = True
        self._touched = set()
        person = self.drafter()

        def work(task: object) -> tuple[int, list[QueueRow], dict[str, tuple[str, ...]]]:
            with Workspace.open(place, check=False) as store:  # it was looked at when the window opened it
                if isinstance(place, Path):
                    copies.keep_daily(place)
                entry = newest(store)
                known = standings(store)
                rows, found = read_rows(store, standing=known, person=person), known.merges
                _warm_up(store)
            return entry, rows, found

        def done(found: Any, problem: Optional[Exception]) -> None:
            self._loading = False
            if self._again or self.place != place:
                self._again = False
                self.reload()
            elif problem is not None:
                self.failed.emit(problem)
            else:
                self._entry, rows, self.merges = found
                self.rows = {row.number: row for row in rows}
                self.loaded.emit()
                self._renew_touched()
                if self.current in self.rows:
                    self.refresh_details()
                elif rows:
                    self.select(rows[0].number)

        self._runner.function(work, done)

    def select(self, number: str) -> None:
        """Make ``number`` the current parcel and read its card."""
        if self.store is None or number not in self.rows or number == self.current:
            return
        self.current = number
        self.refresh_details()

    def refresh_details(self) -> None:
        """The card of the current parcel. While another program holds the workspace it is tried again, and the window goes on."""
        if self.store is None or self.current is None:
            return
        try:
            self.details = read_details(self.store, self.current)
        except WeipianError as error:
            self._wait_for_workspace(error, self.refresh_details)
            return
        self._busy_reported = False
        self.current_changed.emit(self.current)

    def _wait_for_workspace(self, error: WeipianError, again: Callable[[], None]) -> None:
        """``again`` a little later where the workspace is locked, said once; every other error goes to whoever listens."""
        if error.code == "workspace.locked":
            QTimer.singleShot(_RETRY_MILLISECONDS, again)
            if self._busy_reported:
                return
            self._busy_reported = True
        self.failed.emit(error)

    def refresh(self, number: str) -> None:
        """After a write of our own: that parcel's row and card again."""
        self.refresh_row(number)
        if number == self.current:
            self.refresh_details()

    def refresh_row(self, number: str) -> None:
        """That parcel's row of the queue again."""
        if self.store is None:
            return
        try:
            rows = read_rows(self.store, number, person=self.drafter())
        except WeipianError as error:
            self._wait_for_workspace(error, lambda: self.refresh(number))
            return
        self._touched.add(number)
        for row in rows:
            self.rows[number] = row
        if rows:
            self.rows_changed.emit([number])

    def _renew_touched(self) -> None:
        """Rows that were written here while all were being read."""
        for number in sorted(self._touched):
            self.refresh_row(number)
        self._touched = set()

    def expect_own_change(self) -> None:
        """A run of this window has ended: what it wrote is no news from another window."""
        self._own_change = True

    def poll(self) -> None:
        """Another window has committed: read again, say so. The file is gone: say that, once."""
        if self.store is None or self._lost or (not self._team and self._is_gone(self.store.path)):
            return
        self.store.set_patience(0)  # held by another program: the next look is a moment away
        try:
            version = self.store.data_version() if self.store.heard() else self._version
        except WeipianError as error:
            if self._team and error.code == "workspace.server_lost":
                self._wait_for_server(error)
            return
        finally:
            self.store.set_patience(_PATIENCE_MILLISECONDS)
        if version != self._version:
            self._version = version
            if not (self._own_change or self._runner.busy):
                self.outside_change.emit()
            self._read_news()
        self._own_change = self._own_change and self._runner.busy

    def _wait_for_server(self, error: WeipianError) -> None:
        """Say that the connection is gone, once; try beside the window until the server is there again, then read all anew."""
        self._lost = True
        self.failed.emit(error)
        place = self.place

        def work(task: object) -> None:
            if place is not None:
                Workspace.open(place, check=False).close()

        def done(found: object, problem: Optional[Exception]) -> None:
            if self.place != place or self.store is None:
                return
            if isinstance(problem, WeipianError) and problem.code != "workspace.server_lost":
                self.failed.emit(problem)  # no waiting helps: the login is refused, the workspace is gone
                return
            if problem is not None:
                QTimer.singleShot(_RECONNECT_MILLISECONDS, lambda: self._runner.function(work, done))
                return
            self._lost = False
            self.reconnected.emit()
            self.reload()

        QTimer.singleShot(_RECONNECT_MILLISECONDS, lambda: self._runner.function(work, done))

    def _is_gone(self, path: Path) -> bool:
        """Whether the file was moved, deleted or replaced under the window. SQLite would go on reading what was there, silently."""
        try:
            found = identity_of(path)
        except OSError:
            return False  # a share that does not answer: the next look is a moment away
        self._file = self._file or found
        self._missed = 0 if found == self._file and found is not None else self._missed + 1
        if self._missed == _SURE_AFTER:
            self._timer.stop()
            self.failed.emit(WeipianError("workspace.gone", path=str(path)))
        return self._missed > 0

    def _read_news(self) -> None:
        """Read what others have changed since the last look, all again where that is much or is not recorded in the journal."""
        place, entry, person = self.place, self._entry, self.drafter()
        if place is None or self._loading:
            self.reload()
            return
        self._loading = True
        self._touched = set()

        def work(task: object) -> tuple[News, list[QueueRow]]:
            with Workspace.open(place, check=False) as store:
                news = news_after(store, entry)
                few = news.numbers is not None and len(news.numbers) <= _FEW
                numbers = news.numbers or () if few else ()
                return news, [row for number in numbers for row in read_rows(store, number, person=person)]

        def done(found: Any, problem: Optional[Exception]) -> None:
            self._loading = False
            if self._again or self.place != place or problem is not None:
                self._again = False
                self.reload()
                return
            news, rows = found
            if news.numbers is None or not {*news.numbers} == {row.number for row in rows} <= self.rows.keys():
                self.reload()
                return
            self._entry = news.last
            self.rows.update((row.number, row) for row in rows)
            self.rows_changed.emit([row.number for row in rows])
            self._renew_touched()
            self.refresh_details()

        self._runner.function(work, done)
