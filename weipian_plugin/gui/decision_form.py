"""The decision form: fields in the order of the filing form (核查填报), from the keyboard.

Enter in the form (Ctrl+Enter anywhere) accepts the proposal when category and sub-type are the proposed ones; anything else is an override
and asks for reason and basis. A second Enter on what is decided already writes nothing. Nobody signs without a name: it is asked for before
the first decision and kept; the account of the computer never stands in for it. What is typed beside the judgment is stored with the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Optional

from qgis.PyQt import uic
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ..filing.settings import load_rules
from ..filing.typed import delivered_text
from ..geodesy.figures import part_figures
from ..judgment import decisions
from ..judgment.profile import Profile
from ..judgment.profile_files import profile_named
from ..judgment.recording import Act, part_histories
from ..judgment.standing import DECIDING, action_of, acts_in_force, counting_history, current
from ..model.errors import WeipianError
from ..model.office_settings import ReviewRule, review_rule
from ..model.paths import form
from ..model.records import Decision, StoredProposal
from ..model.words import DecisionAction
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .action_dialog import ActionDialog
from .day_dialog import ask_day
from .deciding import OFFICER, REVIEWER, actor, decide
from .drafts import Drafts
from .field_offer import FieldOffer
from .notifier import Notifier
from .required import required_fields
from .rows import DECIDED
from .session import Details, Session
from .text_field import LongText, add_calendar

_Form: Any = uic.loadUiType(str(form("decision.ui")))[0]

#: Form field -> its title in the filing form, under which it is stored.
FIELDS = {
    "use_detail": "用途分类细化",
    "project_name": "项目名称",
    "construction_date": "建设时间",
    "project_owner": "项目主体",
    "field_description": "现场核查描述",
}

#: Form field -> what the filing rules call it.
_FILED = {
    "use_detail": "use_detail",
    "project_name": "project",
    "construction_date": "built",
    "project_owner": "owner",
    "field_description": "description",
}

#: What is kept as a draft until it is signed, with the names a draft has for it.
_TYPED = {**FIELDS, "reason_text": "理由", "basis_text": "依据", "remark_text": "备注"}

#: What of it an act signs; the rest stays a draft.
_SIGNED = {
    DecisionAction.ACCEPT: tuple(_TYPED),
    DecisionAction.OVERRIDE: tuple(_TYPED),
    DecisionAction.REVIEW: (*FIELDS, "remark_text"),
    DecisionAction.REJECT: (*FIELDS, "reason_text"),
    DecisionAction.POSTPONE: ("reason_text",),
}
_REVIEWING = (DecisionAction.REVIEW, DecisionAction.REJECT)


class DecisionForm(QWidget, _Form):
    """Shows and writes the decision on the current parcel or one of its parts."""

    written = pyqtSignal(str, str)  # action, parcel
    field_description: Any  # a line of the form file, then a field of several lines
    next_wanted = pyqtSignal()
    wanted = pyqtSignal(str)  # merge, archive, returned: what concerns more than the current parcel

    def __init__(self, session: Session, notifier: Notifier, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setupUi(self)
        self.button_bar = QWidget()
        self.layout().removeItem(self.buttons)
        self.buttons.setParent(None)
        self.button_bar.setLayout(self.buttons)
        self._long_description()
        self.field_offer = FieldOffer(FIELDS, self)
        self.field_offer.taken.connect(self._take_over)
        add_calendar(self.construction_date)
        self.drafts = Drafts(session)
        session.drafter = lambda: self.drafter
        session.closing.connect(self._keep_last)
        self._labels = {name: getattr(self, name + "_label").text() for name in FIELDS}
        self._session, self._notifier = session, notifier
        self._profile: Optional[Profile] = None
        self._details: Optional[Details] = None
        self.category_choice.currentIndexChanged.connect(self._fill_subtypes)
        self.category_choice.currentIndexChanged.connect(self._mark_required)
        for name in FIELDS:
            getattr(self, name).textChanged.connect(self._mark_required)
        self._shown_part = ""
        self.part_choice.currentIndexChanged.connect(lambda row: self._part_chosen())
        self.submit_button.clicked.connect(self.submit)
        self.postpone_button.clicked.connect(self.postpone)
        self.approve_button.clicked.connect(self.approve)
        self.reject_button.clicked.connect(self.reject)
        self.undo_button.clicked.connect(self.undo)
        menu = QMenu(self)
        self.more = {
            "file": menu.addAction(tr("已填报…")),
            "send_back": menu.addAction(tr("上级退回…")),
            "rejudge": menu.addAction(tr("改判…")),
            "split": menu.addAction(tr("按建议拆分…")),
        }
        for name, entry in self.more.items():
            entry.triggered.connect(lambda on, name=name: self.ask(name))
        self.more["clear"] = menu.addAction(tr("清除草稿"))
        self.more["clear"].triggered.connect(lambda on: self.clear_draft())
        beside = {"merge": tr("并宗…"), "archive": tr("打包归档…"), "returned": tr("接收回传表…")}
        for name, title in beside.items():
            if name == "archive":
                menu.addSeparator()
            self.more[name] = menu.addAction(title)
            self.more[name].triggered.connect(lambda on, name=name: self.wanted.emit(name))
        self.more_button.setMenu(menu)
        self.dialog: Optional[ActionDialog] = None
        self.next_button.clicked.connect(self.next_wanted)
        self.clear()

    # ---- showing ----

    def take_buttons(self) -> QWidget:
        """The row of buttons as a widget of its own, for a place that is always visible."""
        return self.button_bar

    def _long_description(self) -> None:
        """现场核查描述 over the whole width, with several lines; Qt's form files know no such field of ours."""
        grid = self.layout()
        old, label = self.field_description, self.field_description_label
        for widget in (old, label):
            grid.removeWidget(widget)
        self.field_description = LongText(self)
        label.setBuddy(self.field_description)
        grid.addWidget(label, 8, 0)
        grid.addWidget(self.field_description, 8, 1, 1, 3)
        self.setTabOrder(self.project_owner, self.field_description)
        self.setTabOrder(self.field_description, self.reason_text)
        old.deleteLater()

    def _take_over(self, values: dict[str, str]) -> None:
        """What was written in the field stands in the form now, as if it were typed: to be looked at, and signed."""
        for name, text in values.items():
            getattr(self, name).setText(text)
            getattr(self, name).setModified(True)
        self._offer()

    def _offer(self) -> None:
        """What came back from the field and is not in the form; of parts nothing comes back."""
        rows = self._details.field_results if self._details is not None and not self.part else ()
        self.field_offer.show_values(rows, {name: getattr(self, name).text() for name in FIELDS})

    def clear(self) -> None:
        """No parcel: everything is disabled. What is typed is kept as a draft by whoever calls this."""
        self._details = None
        self.setEnabled(False)
        self.button_bar.setEnabled(False)
        self.state_label.clear()

    def show_details(self, details: Details) -> None:
        """The form for a parcel: what was decided is shown. What is being typed for the same parcel is never taken away."""
        same = self._details is not None and self._details.number == details.number
        if not same:
            self.keep_draft()
        unchanged = same and self._details is not None and _ground(self._details) == _ground(details)
        keep = self.part if same else ""
        if unchanged:
            self._details = details
            return
        self._details = details
        self.setEnabled(True)
        self.button_bar.setEnabled(True)
        self.part_choice.blockSignals(True)
        self.part_choice.clear()
        self.part_choice.addItem(tr("整宗"), "")
        for proposal in details.proposals:
            if proposal.part:
                area = format(proposal.area_mu or 0.0, ".2f")
                self.part_choice.addItem(tr("拆分 {}（{} 亩）").format(proposal.part, area), proposal.part)
        self.part_choice.setCurrentIndex(max(self.part_choice.findData(keep), 0))
        self.part_choice.setEnabled(self.part_choice.count() > 1)
        self.part_choice.blockSignals(False)
        self._load_profile()
        self._show_part(keep_typed=same)

    @property
    def part(self) -> str:
        return str(self.part_choice.currentData() or "")

    def _load_profile(self) -> None:
        proposal = self._details.proposal() if self._details else None
        name = (proposal.profile if proposal is not None else "") or settings.read().profile
        if proposal is not None and self._details and self._details.parcel.kind == "mining":
            loaded = profile_named(name)
            profile = loaded.mining or loaded
        else:
            profile = profile_named(name)
        if self._profile is not None and self._profile.sha256 == profile.sha256:
            return
        self._profile = profile
        self.category_choice.blockSignals(True)
        self.category_choice.clear()
        self.category_choice.addItem(tr("（请选择）"), "")
        for category in profile.categories:
            if not category.uncertain:
                self.category_choice.addItem(tr(category.name), category.name)
        self.category_choice.blockSignals(False)

    def _fill_subtypes(self) -> None:
        self.subtype_choice.clear()
        self.subtype_choice.addItem("—", "")
        category = self._profile.category(self.category) if self._profile else None
        for subtype in category.subtypes if category else ():
            self.subtype_choice.addItem(tr(subtype.name), subtype.name)
            self.subtype_choice.setItemData(self.subtype_choice.count() - 1, subtype.source, 3)

    @property
    def category(self) -> str:
        return str(self.category_choice.currentData() or "")

    @property
    def subtype(self) -> str:
        return str(self.subtype_choice.currentData() or "")

    def _part_chosen(self) -> None:
        self.keep_draft()
        self._show_part()

    # ---- drafts ----

    @property
    def drafter(self) -> str:
        """Under whose name drafts are kept."""
        return self.person or settings.read().signer

    def keep_draft(self) -> None:
        """What was typed for the parcel that is left, and not signed, comes back with it. Leaving clears nothing: deciding and the person do."""
        if self._details is None:
            return
        typed = {
            title: getattr(self, name).text() for name, title in _TYPED.items() if getattr(self, name).isModified()
        }
        if not typed:
            return
        number, part = self._details.number, self._shown_part
        try:
            if not self.drafts.add(self.drafter, number, part, typed):
                return
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            return
        self._session.refresh_row(number)

    def _keep_last(self) -> None:
        self.keep_draft()
        try:
            self.drafts.last_chance()
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")

    def clear_draft(self) -> None:
        """By hand: what was typed and not signed is dropped (the journal keeps it), and the form shows what is stored."""
        if self._details is None:
            return
        number, part, who = self._details.number, self._shown_part, self.drafter
        before = {
            title: getattr(self, name).text() for name, title in _TYPED.items() if getattr(self, name).isModified()
        }
        if self._end_draft(tuple(_TYPED)):
            self._session.acts.did(number, lambda: self._draft_again(who, number, part, before))
            self._show_part()
            self._session.refresh(self._details.number)

    def _draft_again(self, who: str, number: str, part: str, typed: dict[str, str]) -> None:
        """The undo of :meth:`clear_draft`."""
        self.drafts.keep(who, number, part, typed)
        if self._details is not None and (self._details.number, self._shown_part) == (number, part):
            self._show_part()

    def _end_draft(self, names: tuple[str, ...]) -> bool:
        """Fields that are signed or dropped: they are no draft any more; what else is being typed stays one."""
        if self._details is None:
            return False
        for name in names:
            getattr(self, name).setModified(False)
        left = {title: getattr(self, name).text() for name, title in _TYPED.items() if getattr(self, name).isModified()}
        try:
            self.drafts.keep(self.drafter, self._details.number, self._shown_part, left)
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            return False
        return True

    def _show_draft(self, number: str) -> bool:
        """Put back what was typed and not signed; whether there was any."""
        try:
            known = self.drafts.of(self.drafter, number, self.part)
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            return False
        for name, title in _TYPED.items():
            if title in known:
                widget = getattr(self, name)
                widget.setText(known[title])
                widget.setModified(True)
        return bool(known)

    # ---- showing a part ----

    def _mark_required(self, *unused: object) -> None:
        """A star on what the chosen category wants; how many of them are empty stands on the button that decides."""
        rules = load_rules()
        requested = required_fields(self.category, rules)
        empty = [name for name in FIELDS if _FILED[name] in requested and not getattr(self, name).text().strip()]
        for name, title in self._labels.items():
            star = ' <span style="color:#c62828">*</span>' if _FILED[name] in requested else ""
            getattr(self, name + "_label").setText(title + star)
            getattr(self, name + "_label").setToolTip(tr("填报必填项") if star else "")
        self.submit_button.setText(tr("确定") + (tr("（缺 {}）").format(len(empty)) if empty else ""))
        if empty:
            names = "、".join(self._labels[name] for name in empty)
            self.submit_button.setToolTip(tr("可以先判定；填报前还须填写：{}").format(names))
        else:
            self.submit_button.setToolTip(tr("采纳建议或改判（在本表单中按 Enter，或任何位置按 Ctrl+Enter）"))

    def _show_part(self, keep_typed: bool = False) -> None:
        details = self._details
        if details is None:
            return
        history = counting_history(details.decisions, self.part)
        proposal, row = details.proposal(self.part), current(history)
        if row is not None and row.category:
            self.choose(row.category, row.subtype)
        else:
            self.choose(proposal.category, proposal.subtype) if proposal is not None else self.choose("", "")
        typed = _stated_fields(acts_in_force(history))
        self._shown_part = self.part
        for name, title in FIELDS.items():
            shown = typed[title] if title in typed else delivered_text(details.parcel, _FILED[name], load_rules())
            _put(getattr(self, name), shown, keep_typed)
        _put(self.reason_text, row.reason if row else "", keep_typed)
        _put(self.basis_text, row.basis if row else "", keep_typed)
        _put(self.remark_text, row.remark if row else "", keep_typed)
        if not (self.person_text.text() and self.reviewer_text.text()):  # reading all settings asks Qt for each of them
            stored = settings.read()
            for widget, name in ((self.person_text, stored.person), (self.reviewer_text, stored.reviewer)):
                if not widget.text():
                    widget.setText(name)
        drafted = not keep_typed and self._show_draft(details.number)
        self._mark_required()
        self._offer()
        self._show_state(details, history, drafted)

    def _show_state(self, details: Details, history: Sequence[Decision], drafted: bool) -> None:
        """Where the parcel or part stands, and which acts may follow."""
        row, state = current(history), decisions.state(history)
        stands = details.standing
        shown = stands.state if stands is not None and stands.stated and not self.part else state
        texts = [tr("状态：{}").format(tr(str(shown)))]
        if row is not None and row.person:
            texts.append(tr("{} 于 {} {}").format(row.person, row.decided_at[:16].replace("T", " "), _action(row)))
        if drafted:
            texts.append(tr("有未签署的填写"))
        self.more["clear"].setEnabled(drafted or any(getattr(self, name).isModified() for name in _TYPED))
        self.state_label.setText("　".join(texts))
        self.approve_button.setEnabled(state == DECIDED)
        self.reject_button.setEnabled(state == DECIDED)
        self.undo_button.setEnabled(row is not None)
        four_eyes = self._review_rule().stops
        for act in (DecisionAction.FILE, DecisionAction.SEND_BACK, DecisionAction.REJUDGE):
            allowed = decisions.ALLOWED[act] + ((DECIDED,) if act == DecisionAction.FILE and not four_eyes else ())
            self.more[act.value].setEnabled(row is not None and state in allowed)
        splittable = (
            not self.part
            and not details.merged
            and len(details.parts) > 1
            and details.parcel.split_state != decisions.PARENT
        )
        self.more["split"].setEnabled(splittable and state in decisions.ALLOWED[DecisionAction.SPLIT])

    def choose(self, category: str, subtype: str) -> None:
        """Set both choices; a doubtful proposal leaves the category open."""
        self.category_choice.setCurrentIndex(max(self.category_choice.findData(category), 0))
        self._fill_subtypes()
        self.subtype_choice.setCurrentIndex(max(self.subtype_choice.findData(subtype), 0))

    # ---- writing ----

    @property
    def person(self) -> str:
        return self.person_text.text().strip()

    @property
    def reviewer(self) -> str:
        return self.reviewer_text.text().strip()

    def _signed(self, widget: QWidget, name: str, title: str) -> bool:
        """Whether there is a name to sign with; it is kept for the next time. Without one the field is pointed at and nothing is written."""
        text = widget.text().strip()
        if not text:
            self._notifier.report(tr("请先填写{}姓名，再签署。").format(title), "warning")
            widget.setFocus()
            return False
        if getattr(settings.read(), name) != text:
            settings.change(**{name: text})
        return True

    def officer(self) -> str:
        """Who signs what the officer does here; blank where the name is missing, and the field then has the keyboard."""
        return self.person if self._officer_signed() else ""

    def _officer_signed(self) -> bool:
        return self._signed(self.person_text, "person", tr("经办人"))

    def _reviewer_signed(self) -> bool:
        return self._signed(self.reviewer_text, "reviewer", tr("复核人"))

    def typed(self) -> dict[str, str]:
        return {title: getattr(self, name).text().strip() for name, title in FIELDS.items()}

    def changed(self) -> dict[str, str]:
        """What the reviewer typed over what the person in charge had stated: it is stored as the review's."""
        widgets = {title: getattr(self, name) for name, title in FIELDS.items()}
        return {title: widget.text().strip() for title, widget in widgets.items() if widget.isModified()}

    def submit(self) -> None:
        """Accept as proposed, or override."""
        details, profile = self._details, self._profile
        if details is None or profile is None:
            return
        stored = details.proposal(self.part)
        if stored is None:
            self._notifier.report(tr("该图斑尚无建议，请先运行「合法性判定建议」。"), "warning")
            return
        if not self.category:
            self._notifier.report(tr("请先选择核实认定意见：存疑的图斑须由人判定。"), "warning")
            self.category_choice.setFocus()
            return
        reason, basis, remark = (
            widget.text().strip() for widget in (self.reason_text, self.basis_text, self.remark_text)
        )
        if self._stands_already(stored, reason, basis, remark):
            self._notifier.report(
                tr("{} 已按此判定，没有改动，未重复签署。").format(details.number + self.part), "info"
            )
            return
        if not self._officer_signed():
            return
        proposal, who = stored.proposal, actor(self.person, OFFICER)
        if (self.category, self.subtype) == (proposal.category, proposal.subtype):
            self._carry_out(
                DecisionAction.ACCEPT,
                lambda history: decisions.accept(history, proposal, who, profile, remark),
                self.typed(),
            )
        else:
            category, subtype = self.category, self.subtype
            if not reason or not basis:
                self._notifier.report(tr("与建议不同：请填写理由和依据（批文、条款或照片）。"), "warning")
                (self.basis_text if reason else self.reason_text).setFocus()
                return
            self._carry_out(
                DecisionAction.OVERRIDE,
                lambda history: decisions.override(
                    history, proposal, who, profile, decisions.Outcome(category, subtype, reason, basis, remark)
                ),
                self.typed(),
            )

    def _stands_already(self, proposal: StoredProposal, reason: str, basis: str, remark: str) -> bool:
        """Whether the decision in force says just this, on the proposal of today."""
        details = self._details
        if details is None:
            return False
        history = counting_history(details.decisions, self.part)
        row = current(history)
        if row is None or decisions.state(history) != DECIDED or action_of(row) not in DECIDING:
            return False
        same_text = all((row.fields.get(title) or "") == self.typed().get(title, "") for title in FIELDS.values())
        message = (row.category, row.subtype, row.reason, row.basis, row.remark)
        return (
            same_text
            and message == (self.category, self.subtype, reason, basis, remark)
            and (row.proposal_digest or "") == proposal.digest
            and not row.stale
        )

    def postpone(self, until: str = "") -> None:
        """Put off until a day the person names."""
        if self._details is None or not self._officer_signed():
            return
        if not isinstance(until, str) or not until:
            until = ask_day(tr("搁置"), tr("搁置到哪一天（年-月-日）"), 7, self)
            if not until:
                return
        number, part, who, reason = (
            self._details.number,
            self.part,
            actor(self.person, OFFICER),
            self.reason_text.text(),
        )
        self._carry_out(
            DecisionAction.POSTPONE, lambda history: decisions.postpone(history, number, part, who, until, reason)
        )

    def _review_rule(self) -> ReviewRule:
        """Whether two persons must judge: as the workspace says (单位设置), and the options of this computer."""
        stated = self._details.four_eyes if self._details is not None else None
        return review_rule(stated, settings.read().four_eyes == "1")

    def approve(self) -> None:
        """复核同意; in four-eyes mode by another person than the one who decided."""
        profile, who, remark = self._profile, actor(self.reviewer, REVIEWER), self.remark_text.text()
        if profile is None or self._details is None or not self._reviewer_signed():
            return
        rule, row = self._review_rule(), current(counting_history(self._details.decisions, self.part))
        rectified = bool(self._details.rectification) and all(row.closed for row in self._details.rectification)
        done = self._carry_out(
            DecisionAction.REVIEW,
            lambda history: decisions.review(history, who, profile, rectified, rule.stops, remark),
            self.changed(),
        )
        if done and rule.undecided and row is not None and decisions.same_person(who.person, row.decided_by or ""):
            self._notifier.report(
                tr("经办与复核为同一人；单位未设置四眼原则，卷宗按须为两人检查（单位设置）。"), "info"
            )

    def reject(self) -> None:
        if not self._reviewer_signed():
            return
        who, reason = actor(self.reviewer, REVIEWER), self.reason_text.text()
        self._carry_out(DecisionAction.REJECT, lambda history: decisions.reject(history, who, reason), self.changed())

    def undo(self) -> None:
        """The last decision back. Where that takes others with it (parts decided since a split), the person is asked first."""
        if self._details is None or not self._officer_signed():
            return
        question = self._undoing_asks(self._details)
        if not question:
            self._undo(with_parts=False)
            return
        self._open(ActionDialog(tr("撤销"), question, self.person, (), self._profile, self), lambda: self._undo(True))

    def _undoing_asks(self, details: Details) -> str:
        """What must be asked before the last act is undone; blank where it takes nothing else with it."""
        row = current(counting_history(details.decisions, self.part))
        if row is None:
            return ""
        number = details.number + self.part
        if action_of(row) == DecisionAction.REOPEN and details.merged:
            return tr("{} 已再次下发，原判定不能恢复；撤销将解除并宗。").format(number)
        if action_of(row) != DecisionAction.SPLIT:
            return ""
        result = {part: current(rows) for part, rows in self._part_histories().items()}
        decided = [part + " " + tr(last.category) for part, last in result.items() if last is not None]
        return (
            tr("{} 拆分后已逐块判定（{}），撤销拆分将一并撤销这些判定。").format(number, "；".join(decided))
            if decided
            else ""
        )

    def _undo(self, with_parts: bool) -> None:
        who, parts = actor(self.person, OFFICER), self._part_histories()
        self._carry_out(
            DecisionAction.UNDO, lambda history: decisions.undo(history, who, parts=parts, with_parts=with_parts)
        )

    # ---- the other actions ----

    def ask(self, name: str) -> None:
        """The small dialog of an action; the action is carried out when it is confirmed."""
        details = self._details
        if details is None:
            return
        title, text, requested = self._question(name, details)
        dialog = ActionDialog(title, text, self.person, requested, self._profile, self)
        self._open(dialog, lambda: self._answered(name, details, dialog.answer()))

    def _open(self, dialog: ActionDialog, then: Callable[[], None]) -> None:
        """Show a small dialog, in place of an earlier one; ``then`` when it is confirmed."""
        if self.dialog is not None and not is_deleted(self.dialog):
            self.dialog.deleteLater()
        self.dialog = dialog
        dialog.accepted.connect(then)
        dialog.open()

    def _question(self, name: str, details: Details) -> tuple[str, str, tuple[str, ...]]:
        number = details.number + self.part
        if name == "file":
            return tr("已填报"), tr("{} 已在填报系统中填报。").format(number), ()
        if name == "send_back":
            return tr("上级退回"), tr("{} 被上级退回，须重新判定。").format(number), ("level", "reason")
        if name == "rejudge":
            return tr("改判"), tr("{} 改为其他结论，须重新判定和复核。").format(number), ("category", "reason", "basis")
        figures = part_figures({row.part: row.area_m2 for row in details.parts}, details.parcel.area_m2)
        parts = "；".join(tr("{} {} 亩").format(part, figure) for part, figure in figures.items())
        return tr("按建议拆分"), tr("{} 拆分为：{}。拆分后逐块判定。").format(number, parts), ()

    def _answered(self, name: str, details: Details, answer: dict[str, str]) -> None:
        if self._details is None or self._details.number != details.number:
            return
        profile, who = self._profile, actor(answer["person"], OFFICER)
        if profile is None:
            return
        four_eyes = self._review_rule().stops
        parts = {row.part: row.area_m2 for row in details.parts}
        area, split_state = round(details.parcel.area_m2 or 0.0, 2), str(details.parcel.split_state or "")
        make = {
            "file": lambda history: decisions.file(history, who, four_eyes),
            "send_back": lambda history: decisions.send_back(history, who, answer["reason"], answer["level"]),
            "rejudge": lambda history: decisions.rejudge(
                history,
                who,
                profile,
                decisions.Outcome(answer["category"], answer["subtype"], answer["reason"], answer["basis"]),
            ),
            "split": lambda history: decisions.split(
                history,
                details.number,
                decisions.Division(
                    parts, area, split_state=split_state, tolerance_m2=0.02, decided=self._part_histories()
                ),
                who,
            ),
        }
        self._carry_out(DecisionAction(name), make[name], person=answer["person"])

    def _part_histories(self) -> dict[str, list[Decision]]:
        store, details = self._session.store, self._details
        return {} if store is None or details is None or self.part else part_histories(store, details.number)

    def _carry_out(
        self, action: DecisionAction, make: Any, typed: Optional[dict[str, str]] = None, person: str = ""
    ) -> bool:
        """Whether the act was written; why not is reported."""
        store, details = self._session.store, self._details
        if store is None or details is None:
            return False
        try:
            person = person or (self.reviewer if action in _REVIEWING else self.person)
            decide(store, details, Act(details.number, self.part, action, person, make, form=typed or {}))
        except WeipianError as error:
            self._notifier.report(error.text(language()), "warning")
            if error.code == "workspace.conflict":
                self._session.refresh(details.number)
            return False
        if action in _SIGNED:
            self._end_draft(_SIGNED[action])
        self._session.refresh(details.number)
        self.written.emit(action.value, details.number)
        return True


def _stated_fields(acts: Sequence[Decision]) -> dict[str, object]:
    """What was typed with the acts in force: a review has no fields of its own and hides none."""
    result: dict[str, Any] = {}
    for row in acts:
        result.update({title: value for title, value in row.fields.items() if title in FIELDS.values()})
    return result


def _put(widget: QWidget, value: object, keep_typed: bool) -> None:
    """Show a stored text; one that a person is changing stays when ``keep_typed``."""
    if not (keep_typed and widget.isModified()):
        widget.setText(str(value or ""))


def _ground(details: Details) -> tuple[object, ...]:
    """What the form rests on: decisions, proposals, state, whether two persons must judge."""
    decisions_made = tuple((row.id, row.status) for row in details.decisions)
    proposed = tuple((proposal.part, proposal.digest) for proposal in details.proposals)
    return decisions_made, proposed, details.parcel.state, len(details.field_results), details.four_eyes


def _action(row: Decision) -> str:
    return action_of(row).title(language())
