"""An enforcement case (查处案件): which parcels it is about, and its steps from 立案 to 结案, each with its document.

Source of the steps: notice 五(三) (依法查处、移送、查处到位后完善用地手续); 自然资源行政处罚办法; names of papers as offices use them
(``resources/enforcement.yaml``). One project is one case, whatever number of parcels it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional

from .messages import Message
from .values import is_blank, text_of, to_python
from .words import EnforcementStep, TransferTarget

_STEPS = {step.value: step for step in EnforcementStep}
_ORDER = {step: position for position, step in enumerate(EnforcementStep)}
_TARGETS = {target.value: target for target in TransferTarget}


@dataclass(frozen=True)
class CaseMember:
    """A parcel of a case, or one of its parts (``part`` "" = the whole parcel)."""

    parcel: str
    part: str = ""


@dataclass(frozen=True)
class CaseStep:
    """One step. ``day``: ISO date, "" while nobody knows it; ``document``: id of a row of table ``document``, "" without one.

    ``fine`` is in yuan; ``confiscated`` and ``demolished`` say in words what a penalty takes away or has removed.
    """

    step: EnforcementStep
    day: str = ""
    number: str = ""
    authority: str = ""
    document: str = ""
    fine: Optional[float] = None
    confiscated: str = ""
    demolished: str = ""
    target: Optional[TransferTarget] = None
    receipt: str = ""
    reason: str = ""


@dataclass(frozen=True)
class EnforcementCase:
    """``members``: the leading parcel first. ``steps`` in the order of :class:`EnforcementStep`, then by day."""

    id: str
    members: tuple[CaseMember, ...]
    name: str = ""
    party: str = ""
    unit: str = ""
    steps: tuple[CaseStep, ...] = ()
    note: str = ""
    version: int = 0

    def covers(self, parcel: str, part: str = "") -> bool:
        """Whether the case is about this parcel or part; a case about a whole parcel is about its parts, too."""
        return any(member.parcel == parcel and member.part in ("", part) for member in self.members)

    def done(self, step: EnforcementStep, by: Optional[date] = None) -> bool:
        """Whether a step is recorded with a day that is not after ``by``."""
        return any(entry.step is step and _in_time(entry.day, by) for entry in self.steps)

    def last(self, step: EnforcementStep) -> Optional[CaseStep]:
        """The latest entry of a step, or None."""
        return next((entry for entry in reversed(self.steps) if entry.step is step), None)

    def penalty_carried_out(self, by: Optional[date] = None) -> bool:
        """Whether the penalty was decided and carried out (查处到位): what notice 五(三) asks for before procedures are completed.

        A case can be closed with enforcement only applied for, so 结案 alone does not say it.
        """
        return self.done(EnforcementStep.PENALISED, by) and self.done(EnforcementStep.EXECUTED, by)

    def stage(self, by: Optional[date] = None) -> str:
        """The last step that was taken by a day, in words; "" before any."""
        taken = [step for step in EnforcementStep if self.done(step, by)]
        return taken[-1].title() if taken else ""


def _in_time(day: str, by: Optional[date]) -> bool:
    try:
        known = date.fromisoformat(day[:10])
    except ValueError:
        return False
    return by is None or known <= by


def ordered(steps: Iterable[CaseStep]) -> tuple[CaseStep, ...]:
    """Steps in the order of the work, those of one kind by their day."""
    return tuple(sorted(steps, key=lambda entry: (_ORDER[entry.step], entry.day or "9999", entry.number)))


def case_of_row(row: Mapping[str, Any]) -> EnforcementCase:
    """A row of table ``enforcement_case`` (JSON decoded). A step of an unknown kind is left out; a blank parcel is no member."""
    members = [entry for entry in row.get("members") or () if isinstance(entry, Mapping)]
    steps = [entry for entry in row.get("steps") or () if isinstance(entry, Mapping)]
    return EnforcementCase(
        id=text_of(row.get("id")),
        members=tuple(
            CaseMember(text_of(entry.get("parcel")), text_of(entry.get("part")))
            for entry in members
            if not is_blank(entry.get("parcel"))
        ),
        name=text_of(row.get("name")),
        party=text_of(row.get("party")),
        unit=text_of(row.get("unit")),
        steps=ordered(_step_of(entry) for entry in steps if text_of(entry.get("step")) in _STEPS),
        note=text_of(row.get("note")),
        version=int(to_python(row.get("version")) or 0),
    )


_STEP_TEXTS = ("day", "number", "authority", "document", "confiscated", "demolished", "receipt", "reason")


def _step_of(entry: Mapping[str, object]) -> CaseStep:
    fine = to_python(entry.get("fine"))
    texts = {name: text_of(entry.get(name)) for name in _STEP_TEXTS}
    return CaseStep(
        _STEPS[text_of(entry.get("step"))],
        fine=None if fine is None else float(fine),
        target=_TARGETS.get(text_of(entry.get("target"))),
        **texts,
    )


def row_of_case(case: EnforcementCase) -> dict[str, object]:
    """The columns of table ``enforcement_case``; blank values of a step are left out."""
    return {
        "id": case.id,
        "parcel": case.members[0].parcel if case.members else "",
        "members": [{"parcel": member.parcel, "part": member.part} for member in case.members],
        "name": case.name,
        "party": case.party,
        "unit": case.unit,
        "steps": [_step_row(entry) for entry in ordered(case.steps)],
        "note": case.note,
    }


def _step_row(entry: CaseStep) -> dict[str, object]:
    result: dict[str, Any] = {"step": entry.step.value, **{name: getattr(entry, name) for name in _STEP_TEXTS}}
    result["target"] = entry.target.value if entry.target is not None else ""
    return {
        **{name: text for name, text in result.items() if text},
        **({} if entry.fine is None else {"fine": entry.fine}),
    }


def cases_by_parcel(rows: Iterable[Mapping[str, object]]) -> dict[str, tuple[EnforcementCase, ...]]:
    """Rows of table ``enforcement_case`` as cases, by each parcel that they are about."""
    result: dict[str, list[EnforcementCase]] = {}
    for case in map(case_of_row, rows):
        for number in dict.fromkeys(member.parcel for member in case.members):
            result.setdefault(number, []).append(case)
    return {number: tuple(cases) for number, cases in result.items()}


def problems(case: EnforcementCase, today: date) -> tuple[Message, ...]:
    """What does not hold together in a case: said to the person who records it and in the papers, never corrected."""
    result: list[Message] = []

    def say(code: str, **details: object) -> None:
        message = Message(f"model.case_{code}", details)
        if message not in result:
            result.append(message)

    for entry in case.steps:
        title = entry.step.title()
        if not _in_time(entry.day, None):
            say("day_missing", step=title)
        elif not _in_time(entry.day, today):
            say("day_ahead", step=title, day=entry.day)
        if not entry.document:
            say("document_missing", step=title)
        if entry.step in (EnforcementStep.OPENED, EnforcementStep.PENALISED) and not entry.number:
            say("number_missing", step=title)
        if entry.step is EnforcementStep.TRANSFERRED and entry.target is None:
            say("target_missing")
        if entry.step is EnforcementStep.WITHOUT_CASE and not entry.reason:
            say("reason_missing")
    if case.last(EnforcementStep.WITHOUT_CASE) and case.last(EnforcementStep.OPENED):
        say("both_ways")
    for earlier, later in _FOLLOWS:
        first, second = case.last(earlier), case.last(later)
        if second is not None and first is None:
            say("step_missing", step=later.title(), earlier=earlier.title())
        elif first is not None and second is not None and first.day and second.day and second.day < first.day:
            say("step_before", step=later.title(), day=second.day, earlier=earlier.title(), earlier_day=first.day)
    return tuple(result)


#: Steps that need an earlier one.
_FOLLOWS = (
    (EnforcementStep.OPENED, EnforcementStep.PENALISED),
    (EnforcementStep.PENALISED, EnforcementStep.COURT),
    (EnforcementStep.PENALISED, EnforcementStep.EXECUTED),
    (EnforcementStep.OPENED, EnforcementStep.CLOSED),
)
