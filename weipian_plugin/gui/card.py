"""The parcel card: facts, proposal with reasons, missing evidence, documents, rectification, history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Optional

from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QTextBrowser, QVBoxLayout, QWidget

from ..evidence.change_hints import is_striking, speaks_against
from ..geodesy.units import mu, mu_text, percent_text
from ..judgment.lacking import is_answered
from ..judgment.profile_files import profile_if_known
from ..judgment.returns import returns
from ..judgment.standing import action_of
from ..judgment.vocabulary import vocabulary
from ..model.messages import Message, render
from ..model.records import Coverage, StoredProposal
from ..model.vocabulary import role_title, roles
from ..model.words import DecisionAction
from ..oversight.deadlines import answer_due, load_calendar
from ..toolbelt.language import language, tr
from .bars import Segment, StackedBar
from .fact_names import fact_name
from .queue import COLOURS
from .session import Details

LAND = (
    ("farmland", "耕地", "#e0a800"),
    ("other_agricultural", "非耕农用地", "#8bc34a"),
    ("construction", "建设用地", "#d84315"),
    ("unused", "未利用地", "#9e9e9e"),
    ("unsurveyed", "无地类", "#455a64"),
)
_SIGNIFICANT = 0.005  # 亩: below it a bar is no area


def sentence(message: Message) -> str:
    """A stored message in the reader's language: in Chinese the text as it was written."""
    if language() == "zh" and message.text:
        return message.text
    return render(Message(message.code, in_language(message.details)), language())


def in_language(details: Mapping[str, object]) -> dict[str, object]:
    """Details of a stored message with the names that shipped rules give to things in the reader's language."""
    return {name: _translated(value) if isinstance(value, str) else value for name, value in details.items()}


def _translated(text: str) -> str:
    """A name as a whole, else the names in it (「_1 其他·设施农用地 4.15 亩」)."""
    whole = _name(text) if language() != "zh" else text
    if whole != text or language() == "zh":
        return whole
    return _NAMES.sub(lambda found: _name(found.group()), text).replace("；", "; ")


def _name(text: str) -> str:
    """A name of the rules, else one of a fact."""
    known = tr(text)
    return known if known != text else fact_name(text)


_NAMES = re.compile(r"[\u3400-\u9fff\uff08\uff09\u3001/]+")  # runs of Chinese


class Card(QWidget):
    """Shows :class:`Details`. ``pointed`` carries what a clicked line is about: ``role:…``, ``region:…``, ``parcel``."""

    pointed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.RichText)
        self.heading.setWordWrap(True)
        self.heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.land, self.cover = StackedBar(), StackedBar()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._clicked)
        self.text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.heading, self.land, self.cover):
            layout.addWidget(widget)
        layout.addWidget(self.text, 1)

    def _clicked(self, url: QUrl) -> None:
        self.pointed.emit(url.toString())

    def clear(self) -> None:
        """Empty, as before a workspace is open."""
        self.heading.clear()
        self.text.clear()
        self.land.show_segments((), "")
        self.cover.show_segments((), "")

    def show_details(self, details: Details) -> None:
        """Show a parcel; figures in 亩 as the measures have them."""
        self.heading.setText(_heading(details))
        whole = details.measures.get("", {})
        unit = tr("亩")
        self.land.show_segments(
            [Segment(tr(title), _mu(whole.get(name)), colour) for name, title, colour in LAND], unit
        )
        self.cover.show_segments(
            [
                Segment(tr("按时已批"), _mu(whole.get("approved_in_time")), "#2e7d32"),
                Segment(tr("按时未批"), _mu(whole.get("uncovered_in_time")), "#c62828"),
            ],
            unit,
        )
        self.text.setHtml(_body(details))


def _mu(value: Any) -> float:
    try:
        result = mu(float(value))
    except (TypeError, ValueError):
        return 0.0
    return result if result >= _SIGNIFICANT else 0.0


def _heading(details: Details) -> str:
    parcel = details.parcel
    area = parcel.area_mu
    first = (
        '<span style="font-size:large"><b>'
        + escape(details.number)
        + "</b></span>&nbsp;&nbsp;"
        + tr("{} 亩").format(format(area or 0.0, ".2f"))
    )
    place = " ".join(escape(name) for name in (parcel.county, parcel.township, parcel.village) if name)
    images = tr("前时相 {}　后时相 {}").format(parcel.earlier_image or "—", parcel.later_image or "—")
    more = [escape(text) for text in (parcel.type, parcel.level) if text]
    more.append(tr("下发 {}　期限 {}").format(parcel.issued or "—", parcel.due or "—"))
    return first + "<br>" + place + "<br>" + escape(images) + "<br>" + "　".join(more)


def _body(details: Details) -> str:
    sections = [
        _proposals(details),
        _decision(details),
        _returns(details),
        _drafts(details),
        _coverage(details),
        _evidence(details),
        _change(details),
        _rectification(details),
        _history(details),
    ]
    return (
        "<style>h4{margin:8px 0 2px 0} p,ul{margin:0 0 3px 0} li{margin-bottom:2px} td{padding:1px 8px 1px 0}"
        " a{text-decoration:none}</style>" + "".join(section for section in sections if section)
    )


def _title(text: str) -> str:
    return "<h4>" + escape(text) + "</h4>"


def _coloured(category: str, subtype: Optional[str]) -> str:
    text = " · ".join(part for part in (tr(category), tr(subtype or "")) if part)
    return '<b style="color:' + COLOURS.get(category, "#444") + '">' + escape(text) + "</b>"


def _list(items: Iterable[str]) -> str:
    items = list(items)
    return (
        "<ul style='-qt-list-indent:0;margin-left:14px'>" + "".join("<li>" + item + "</li>" for item in items) + "</ul>"
        if items
        else ""
    )


def target_of(message: Message) -> str:
    """What a reason is about, by the names of its details: a role's layer, a region, else the parcel itself."""
    names = [*message.details, message.code.split(".")[-1]]
    known = sorted(roles(), key=len, reverse=True)
    for name in names:
        if name.startswith(("uncovered_farmland", "uncovered_basic_farmland")):
            return "region:" + ("uncovered_basic_farmland" if "basic" in name else "uncovered_farmland")
        if name.startswith("uncovered"):
            return "region:uncovered_in_time" if "in_time" in name else "region:uncovered"
        if name.startswith("approved"):
            return "region:approved_in_time" if "in_time" in name else "region:approved"
        role = next((role for role in known if name.startswith(role)), None)
        if role:
            return "role:" + role
    return "parcel"


def _link(target: str, text: str) -> str:
    return '<a href="' + escape(target, quote=True) + '">' + escape(text) + "</a>"


def _proposals(details: Details) -> str:
    if not details.proposals:
        return (
            _title(tr("判定建议")) + "<p>" + escape(tr("尚无建议：请先运行「套合分析」和「合法性判定建议」。")) + "</p>"
        )
    result = []
    confidence = {"high": tr("把握高"), "medium": tr("把握中"), "low": tr("把握低")}
    documents = [f"{document.kind} {document.title}" for document in details.documents]
    for proposal in details.proposals:
        part = proposal.part
        name = tr("判定建议") if not part else tr("拟拆分地块 {}").format(part)
        result.append(_title(name))
        result.append("<p>" + _coloured(proposal.category, proposal.subtype) + "　")
        result.append(escape(confidence.get(proposal.confidence, "")) + "　" + _clause(proposal))
        result.append("</p>")
        result.append(_list(_link(target_of(reason), sentence(reason)) for reason in proposal.reasons))
        profile = profile_if_known(proposal.profile)
        lacking = [entry for entry in proposal.missing if not is_answered(entry.evidence, profile, documents)]
        missing = [escape(sentence(entry.reason)) for entry in lacking]
        if missing:
            result.append('<div style="color:#b26a00">' + _list(missing) + "</div>")
        if not part:
            would = [escape(text) for text in _would_change(proposal)]
            if would:
                result.append("<p style='color:#666'>" + escape(tr("什么会改变结论：")) + "</p>" + _list(would))
    return "".join(result)


def _clause(proposal: StoredProposal) -> str:
    """What the rule says, in words; its id and its source appear when the mouse rests on it."""
    rule = proposal.facts.get("rule") or {}
    title, name = tr(str(rule.get("title") or "")), proposal.rule
    tip = " · ".join(text for text in (name, str(rule.get("source") or "")) if text)
    return (
        '<a href="parcel" style="color:#555" title="' + escape(tip, quote=True) + '">' + escape(title or name) + "</a>"
    )


#: What the form and the delivery can state; other claims are asked of nobody here.
_STATABLE = frozenset({"claim_construction_date", "claim_project", "claim_holder", "claim_use"})


def _would_change(proposal: StoredProposal) -> list[str]:
    """What would change the outcome, with the titles of rules for their ids, without what no field of the form can say."""
    unaskable = tuple(
        fact.title for name, fact in vocabulary().items() if name.startswith("claim_") and name not in _STATABLE
    )
    profile = profile_if_known(proposal.profile)
    titles = profile.rule_titles if profile is not None else {}
    result = []
    for message in proposal.would_change:
        rule = str(message.details.get("rule") or "")
        if str(message.details.get("condition", "")).startswith(unaskable):
            continue
        if rule in titles:
            stated = {**in_language(message.details), "rule": tr("「{}」").format(tr(titles[rule]))}
            result.append(render(Message(message.code, stated), language()))
        else:
            result.append(sentence(message))
    return result


def _decision(details: Details) -> str:
    stands = details.standing
    units = [] if stands is None else [stands.whole, *stands.parts.values()]
    rows = [unit.last for unit in units if unit.last is not None]
    if not rows and not details.merged:
        return ""
    result = [_title(tr("人工判定"))]
    if details.merged:
        members = "、".join(details.merged[1:])
        result.append("<p>" + escape(tr("并宗：以 {} 为主，成员 {}").format(details.merged[0], members)) + "</p>")
    for row in rows:
        steps = {DecisionAction.SPLIT: tr("拆分"), DecisionAction.MERGE: tr("并宗")}
        step = steps.get(action_of(row), tr("搁置"))
        lines = [_coloured(row.category or step, row.subtype)]
        if row.part:
            lines.insert(0, escape(row.part))
        lines.append(escape(row.person + "（" + tr(row.role) + "） " + row.decided_at[:16].replace("T", " ")))
        texts = ((tr("理由"), row.reason), (tr("依据"), row.basis), (tr("备注"), row.remark))
        lines.extend(escape(title + "：" + text) for title, text in texts if text)
        if row.stale:
            lines.append('<b style="color:#c62828">' + escape(tr("依据已变，请重新核对")) + "</b>")
        result.append("<p>" + "<br>".join(lines) + "</p>")
    return "".join(result)


def _returns(details: Details) -> str:
    """Every return with its reason, the day by which it is to be answered, and how it was answered."""
    lines = []
    for result in returns(details.decisions):
        by = result.level or tr(_RETURNED_BY.get(result.action, "上级退回"))
        limit = answer_due(result.day, details.parcel.due, load_calendar())
        texts = [" ".join(text for text in (result.part, result.day, by, result.person) if text), result.reason]
        if result.answer is not None:
            answer = result.answer
            texts.append(tr("已答复：{} {} {}").format(tr(answer.category), answer.person, answer.decided_at[:10]))
        elif limit is not None:
            texts.append(tr("待答复，期限 {}").format(limit.isoformat()))
        lines.append("<br>".join(escape(text) for text in texts if text))
    return _title(tr("退回与答复")) + _list(lines) if lines else ""


_RETURNED_BY = {DecisionAction.REJECT: "复核退回", DecisionAction.REOPEN: "再次下发"}


def _drafts(details: Details) -> str:
    """What anybody has typed on this parcel and not signed: whose, since when, which fields."""
    lines = []
    for draft in details.drafts:
        message = tr("{} 于 {} 填写，未签署：{}").format(
            draft.part + " " + draft.person if draft.part else draft.person,
            draft.updated_at[:16].replace("T", " "),
            "、".join(tr(title) for title in draft.fields),
        )
        lines.append('<span style="color:#b26a00">✎ ' + escape(message) + "</span>")
    return _title(tr("草稿")) + _list(lines) if lines else ""


def _coverage(details: Details) -> str:
    rows = [row for row in details.coverage if not row.part and (row.area_mu or 0) > 0]
    summed = [row for row in rows if not row.group]
    lines = []
    for row in summed:
        lines.append(
            "<tr><td>"
            + _link("role:" + row.role, role_title(row.role, language()))
            + "</td><td align=right>"
            + format(row.area_mu, ".2f")
            + "</td><td align=right>"
            + percent_text(row.share)
            + "</td><td>"
            + escape(_documents_of(row.role, rows))
            + "</td></tr>"
        )
    message = _not_touched(details, {row.role for row in summed})
    if not lines and not message:
        return ""
    return _title(tr("套合（亩）")) + "<table cellspacing=0>" + "".join(lines) + "</table>" + message


_NO_LEGAL_BASIS = frozenset(
    {"imagery", "imagery_before", "imagery_after", "villages"}
)  # nothing that a parcel could lie on


def _not_touched(details: Details, touched: set[str]) -> str:
    """Of the other layers: looked at and not touched, or never given. The two are not the same."""
    if not details.layers:
        return ""
    others = [role for role in roles() if role not in touched and role not in _NO_LEGAL_BASIS]
    clear = [role_title(role, language()) for role in others if role in details.layers]
    absent = [role_title(role, language()) for role in others if role not in details.layers]
    result = ""
    if clear:
        result += "<p>" + escape(tr("不涉及：{}").format("、".join(clear))) + "</p>"
    if absent:
        result += '<p style="color:#b26a00">' + escape(tr("未提供图层：{}").format("、".join(absent))) + "</p>"
    return result


def _documents_of(role: str, rows: Sequence[Coverage]) -> str:
    """Document numbers (or class names) under a role, with their timing."""
    result = []
    for row in rows:
        if row.role == role and row.group:
            timing = row.timing.title(language()) if row.timing else ""
            text = " ".join(part for part in (row.group, row.date, timing) if part)
            if text not in result:
                result.append(text)
    return "；".join(result[:4]) + ("…" if len(result) > 4 else "")


def _evidence(details: Details) -> str:
    attached = [shown.photo for shown in details.photos if shown.attached]
    aimed = sum(1 for photo in attached if photo.azimuth is not None)
    lines = [escape(tr("照片 {} 张，其中带方位角 {} 张").format(len(attached), aimed))]
    for row in details.documents:
        lines.append(escape(" ".join(text for text in (row.kind, row.title, row.number, row.date) if text)))
    if details.package:
        complete = tr("完整") if details.package.complete else tr("草稿（材料不全）")
        lines.append(escape(tr("卷宗：{}").format(complete)))
    return _title(tr("证据")) + _list(lines)


def _change(details: Details) -> str:
    """影像变化提示: the score, its picture, and a warning where it speaks against the proposal; never more than a hint."""
    row = details.change
    if row is None:
        return ""
    score = row.score
    if score is None or score != score:
        message = tr("无法比较影像") + ("：" + row.note if row.note and language() == "zh" else "")
        return _title(tr("影像变化提示")) + "<p>" + escape(message) + "</p>"
    strength = tr("变化明显") if is_striking(score) else tr("变化不明显")
    result = "<p>" + escape(f"{score:.2f}　{strength}　" + tr("仅用于排序和提醒，不作为判定依据")) + "</p>"
    proposal = details.proposal()
    if proposal is not None and speaks_against(proposal.subtype, score):
        warning = tr("建议实地未变化，但影像变化明显")
        result = '<p style="color:#b26a00"><b>⚠ ' + escape(warning) + "</b></p>" + result
    if details.change_picture is not None:
        source = escape(QUrl.fromLocalFile(str(details.change_picture)).toString(), quote=True)
        title = escape(tr("前时相、后时相、差异（越红差异越大）"))
        result += f'<p><img src="{source}" height="110"></p><p style="color:#666">{title}</p>'
    return _title(tr("影像变化提示")) + result


def _rectification(details: Details) -> str:
    lines = []
    for row in details.rectification:
        closed = tr("已销号") if row.closed else tr("未销号")
        removed = tr("拆除 {} 亩").format(mu_text(row.removed_m2 or 0.0))
        lines.append(escape(" ".join(text for text in (row.method, removed, closed) if text)))
    return _title(tr("整改")) + _list(lines) if lines else ""


def _history(details: Details) -> str:
    lines = []
    for row in reversed(details.journal):
        lines.append(escape(row.at[:16].replace("T", " ") + "　" + row.who + "　" + row.why))
    shown = list(dict.fromkeys(lines))[:12]
    return _title(tr("操作记录")) + _list(shown) if shown else ""
