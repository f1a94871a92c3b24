"""Decide for many: marked rows with one proposal and complete evidence, each signed and journaled by itself. Never a doubtful one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from ..judgment import decisions
from ..judgment.profile import Profile
from ..judgment.profile_files import profile_named
from ..judgment.recording import Act
from ..model.errors import WeipianError
from ..model.records import Decision, StoredProposal
from ..model.words import DecisionAction
from ..toolbelt import settings
from ..toolbelt.language import language, tr
from .deciding import OFFICER, actor, decide
from .rows import DOUBT, QueueRow
from .session import Details, Session, read_details
from .signer_field import SignerField, wanted


@dataclass(frozen=True)
class Choice:
    """What of the marked rows may be decided at once, and why the others are left to be looked at one by one."""

    category: str
    subtype: str
    numbers: tuple[str, ...]
    left: tuple[tuple[str, str], ...]  # number, reason


def choose(rows: Iterable[QueueRow], merges: Iterable[str] = ()) -> Choice:
    """The largest group of one proposal among ``rows``; each other row is named with its reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    left: list[tuple[str, str]] = []
    merged = frozenset(merges)
    for row in rows:
        reason = tr("并宗图斑须在主图斑上判定") if row.number in merged else _reason(row)
        if reason:
            left.append((row.number, reason))
        else:
            groups.setdefault((row.proposal, row.proposal_subtype), []).append(row.number)
    if not groups:
        return Choice("", "", (), tuple(left))
    best = max(groups, key=lambda key: len(groups[key]))
    for key, numbers in groups.items():
        if key != best:
            left += [(number, tr("建议不同：{}").format(tr(key[0]))) for number in numbers]
    return Choice(*best, tuple(groups[best]), tuple(left))


def _reason(row: QueueRow) -> str:
    """Why a row is not decided together with others; blank when it may be."""
    if row.done:
        return tr("已经判定")
    if not row.proposal or row.proposal == DOUBT:
        return tr("存疑或没有建议，须由人逐个判定")
    if row.parts:
        return tr("建议拆分，须逐块判定")
    if row.missing:
        return tr("缺 {} 项材料或必填项").format(row.missing)
    return "" if row.photos_with_azimuth else tr("没有带方位角的照片")


class ManyDialog(QDialog):
    """The summary that is signed. One parcel is written per turn of the event loop, so that the window goes on and can be stopped."""

    decided = pyqtSignal(int)

    def __init__(self, session: Session, numbers: list[str], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianMany")
        self.setWindowTitle(tr("按建议判定选中的图斑"))
        self.resize(560, 420)
        self._session = session
        self.choice = choose((session.rows[number] for number in numbers if number in session.rows), session.merges)
        self.done_numbers: list[str] = []
        self.failed: list[str] = []
        self._queue: list[str] = []
        self.text = QLabel(self._summary())
        self.text.setWordWrap(True)
        self.list = QPlainTextEdit(self._listing())
        self.list.setReadOnly(True)
        self.person = SignerField()
        self.progress = QProgressBar()
        self.progress.setRange(0, max(len(self.choice.numbers), 1))
        self.progress.hide()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("关闭"))
        self.sign_button = self.buttons.addButton(
            tr("签署 {} 个").format(len(self.choice.numbers)), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.sign_button.setEnabled(bool(self.choice.numbers))
        for button in self.buttons.buttons():
            button.setAutoDefault(False)
        self.sign_button.clicked.connect(self.sign)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (
            self.text,
            self.list,
            QLabel(tr("经办人")),
            self.person,
            self.progress,
            self.message,
            self.buttons,
        ):
            layout.addWidget(widget)

    def _summary(self) -> str:
        choice = self.choice
        if not choice.numbers:
            return tr("选中的图斑都须逐个判定，原因见下。")
        name = " · ".join(tr(text) for text in (choice.category, choice.subtype) if text)
        return tr("{} 个图斑的建议都是「{}」，材料齐全。签署后逐个写入判定和操作记录，可逐个撤销。").format(
            len(choice.numbers), name
        )

    def _listing(self) -> str:
        left = [number + "　" + reason for number, reason in self.choice.left]
        if left:
            left = ["", tr("不在其中（{} 个）：").format(len(left)), *left]
        return "\n".join([*self.choice.numbers, *left])

    def sign(self) -> None:
        """Write the decisions under the name that is given; without one nothing is written."""
        if not self.person.signed():
            self.message.setText(wanted())
            return
        self.sign_button.setEnabled(False)
        self.person.setEnabled(False)
        self.progress.show()
        self._queue = list(self.choice.numbers)
        QTimer.singleShot(0, self._next)

    def reject(self) -> None:
        """Closing stops after the parcel that is being written."""
        self._queue = []
        super().reject()

    def _next(self) -> None:
        if not self._queue or self._session.store is None:
            self._ended()
            return
        number = self._queue.pop(0)
        try:
            self._decide(number)
            self.done_numbers.append(number)
        except WeipianError as error:
            self.failed.append(number + "：" + error.text(language()))
        self.progress.setValue(len(self.done_numbers) + len(self.failed))
        QTimer.singleShot(0, self._next)

    def _decide(self, number: str) -> None:
        """Accept the proposal as it stands now; one that has changed since the summary was shown is left alone."""
        store = self._session.store
        details: Optional[Details] = read_details(store, number) if store is not None else None
        stored = details.proposal() if details is not None else None
        if store is None or details is None or stored is None:
            raise WeipianError("workspace.conflict", table=tr("判定建议"), key=number)
        if (stored.category, stored.subtype) != (self.choice.category, self.choice.subtype):
            raise WeipianError("workspace.conflict", table=tr("判定建议"), key=number)
        profile, proposal = _rules(stored, details), stored.proposal
        who = actor(self.person.text().strip(), OFFICER)

        def make(history: list[Decision]) -> decisions.Change:
            return decisions.accept(history, proposal, who, profile)

        decide(store, details, Act(number, "", DecisionAction.ACCEPT, who.person, make))

    def _ended(self) -> None:
        self.message.setText(
            tr("已签署 {} 个。").format(len(self.done_numbers)) + ("\n" + "\n".join(self.failed) if self.failed else "")
        )
        self.decided.emit(len(self.done_numbers))


def _rules(stored: StoredProposal, details: Details) -> Profile:
    loaded = profile_named(stored.profile or settings.read().profile)
    return (loaded.mining or loaded) if details.parcel.kind == "mining" else loaded
