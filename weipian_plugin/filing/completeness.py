"""What the district's desk would send back, said before: checks by category, with level, remedy and a link to the place.

The rules (which requirement for which category, levels, accepted kinds of documents) are data in ``resources/filing.yaml``;
here is only how each requirement is looked at. Errors block 「完整」, never the export of a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ..judgment.decisions import same_person
from ..judgment.meaning import is_illegal
from ..judgment.profile_files import profile_if_known
from ..model.dates import DateSpan
from ..model.messages import Message
from ..model.office_settings import of_stored, review_rule
from ..model.values import text_of
from ..model.words import EnforcementStep, Purpose, SplitState
from .areas import area_rows
from .case import ParcelCase
from .enforcement import not_enforced, step_of_paper
from .judged import decided_parts, decision_values, divided
from .settings import FilingRules, Requirement, load_rules
from .standpoints import compare
from .typed import typed
from .wording import still_missing


@dataclass(frozen=True)
class Check:
    """One thing that is not as the desk wants it. ``link`` names the place in the workspace: ``table`` or ``table/key``."""

    level: str
    code: str
    message: Message
    remedy: Message
    link: str

    def as_record(self) -> dict[str, Any]:
        """For JSON columns and the manifest: level, code, link, and both sentences as they stood."""
        sentences = {"message": self.message.as_record(), "remedy": self.remedy.as_record()}
        return {"level": self.level, "code": self.code, "link": self.link, **sentences}

    @classmethod
    def of_record(cls, entry: Mapping[str, Any]) -> Check:
        """From a JSON column or a manifest. Raises KeyError where something of it is missing."""
        sentences = (Message.of_record(entry["message"]), Message.of_record(entry["remedy"]))
        return cls(str(entry["level"]), str(entry["code"]), *sentences, str(entry["link"]))


_Lacks = Iterator[tuple[Mapping[str, Any], str]]  # details of the sentence, and the link
_Look = Callable[[ParcelCase, FilingRules, Requirement], _Lacks]


def completeness(case: ParcelCase, rules: Optional[FilingRules] = None, *, with_map: bool = True) -> list[Check]:
    """All checks that a package of ``case`` does not pass, errors first.

    ``with_map``: whether the map is part of the export; a check made before rendering passes False.
    Each requirement's sentence is ``filing.lacks_<requirement>``, its remedy ``filing.remedy_<requirement>``.
    """
    rules = rules or load_rules()
    checks: list[Check] = []
    for name in required(case, rules):
        if name == "map" and not with_map:
            continue
        requirement = rules.requirements[name]
        for details, link in _LOOKS[name](case, rules, requirement):
            level = str(details.get("level") or requirement.level)
            shown = {"parcel": case.number, **{key: value for key, value in details.items() if key != "level"}}
            code = str(details.get("code") or name)
            checks.append(
                Check(
                    level, code, Message(f"filing.lacks_{code}", shown), Message(f"filing.remedy_{code}", shown), link
                )
            )
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(checks, key=lambda check: order[check.level])


def required(case: ParcelCase, rules: FilingRules) -> list[str]:
    """Names of the requirements for this parcel: always, by decided category (of the parcel and its parts), by rectification."""
    names = list(rules.always)
    for category, subtype in _categories(case):
        special = next((requested for word, requested in rules.subtypes.items() if word in subtype), None)
        names.extend(of_category(category, rules) if special is None else special)
    methods = "".join(row.method for row in case.rectification)
    for word, requested in rules.rectification.items():
        if word in methods:
            names.extend(requested)
    return list(dict.fromkeys(names))


def _categories(case: ParcelCase) -> list[tuple[str, str]]:
    """Category and subtype as decided; while nobody has, as proposed, so that the evidence can be collected meanwhile."""
    last: dict[str, tuple[str, str]] = {}
    for decision in case.decisions:
        if decision.role == "经办":
            last[decision.part] = (decision.category, decision.subtype)
    if last:
        return list(dict.fromkeys(last.values()))
    return [("", "") if case.proposal is None else (case.proposal.category, case.proposal.subtype)]


def of_category(category: str, rules: FilingRules) -> tuple[str, ...]:
    """Exact category first, then the longest listed word it contains (values such as 「…非农违法…」 carry more text)."""
    if category in rules.categories:
        return rules.categories[category]
    contained = [word for word in rules.categories if word in category]
    return rules.categories[max(contained, key=len)] if contained else rules.otherwise


def _is_split(case: ParcelCase) -> bool:
    """Whether somebody split the parcel: it says so, or one of its parts was decided."""
    return case.parcel.split_state == SplitState.PARENT or bool(divided(case))


def _decision(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    if _is_split(case):
        return  # its parts are decided one by one
    if case.decision is None:
        yield {}, "decision"
    elif not case.decision.person.strip():
        yield {"code": "decision_person"}, "decision"
    elif case.decision.category in ("", "存疑"):
        yield {"code": "decision_open", "category": case.decision.category or "空"}, "decision"


def _review(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    rule = review_rule(of_stored(case.office).four_eyes)
    one_person = False
    for part in divided(case) or ("",):
        own = decision_values(case, part)
        if not own.get("decision_person"):
            continue
        if not own.get("review_person"):
            one_person = True
            yield {"level": rule.level}, "decision"
        elif same_person(str(own["review_person"]), str(own["decision_person"])):
            one_person = True
            yield {"level": rule.level, "code": "review_same_person", "person": own["review_person"]}, "decision"
        elif own["review_category"] != own["decision_category"]:
            details = {"decided": own["decision_category"], "reviewed": own["review_category"]}
            yield {"level": "error", "code": "review_differs", **details}, "decision"
    if one_person and rule.undecided:
        yield {"level": "warning", "code": "four_eyes_unset"}, "decision"


def _split_decided(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    if _is_split(case):
        decided = {decision.part for decision in case.decisions if decision.role == "经办" and decision.category}
        for part in divided(case) or [part.part for part in case.parts if not part.sliver]:
            if part not in decided:
                yield {"part": part}, "decision"


def _overlay(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    if case.measure("area") is None:
        yield {}, "coverage"
    if case.layers_changed:
        yield {"code": "layers_changed", "layers": case.layers_changed}, "coverage"


def _areas_close(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    for row in area_rows(case):
        if row["closed"] == "否":
            yield {"part": row["part"]}, "coverage"


def _map(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    if not any(file.path.suffix.lower() == ".pdf" for file in case.maps):
        yield {}, "parcel"
    lacking = dict.fromkeys(name for file in case.maps for name in file.lacks)
    if lacking:
        yield {"level": "warning", "code": "map_imagery", "imagery": "、".join(lacking)}, "layer"


def _azimuth_photo(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """A photo counts only with position, azimuth and time."""
    whole = [photo for photo in case.photos if photo.record.tells_its_view]
    minimum = requirement.minimum or 0
    if len(whole) < minimum:
        yield {"found": len(whole), "wanted": minimum, "photos": len(case.photos)}, "photo"


def _any_document(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    words = requirement.documents or ()
    if not any(word in f"{document.kind} {document.title}" for document in case.documents for word in words):
        yield {"kinds": "、".join(words)}, "document"


def _violation_fields(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """Of the parcel, or of each part that was decided as illegal."""
    illegal = [part for part, entry in decided_parts(case).items() if is_illegal(entry.category, entry.subtype)]
    for part in illegal if divided(case) else [""]:
        for name in requirement.fields or ():
            if typed(case, name, rules, part) is None:
                yield {"field": rules.fields[name] + (f"（地块 {part}）" if part else "")}, "decision"


def _rectification_stated(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    if not any(row.method.strip() for row in case.rectification):
        yield {}, "rectification"


def _before_during_after(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    present = {rules.phase_of(photo.phase) for photo in case.photos}
    for phase in (Purpose.BEFORE.value, Purpose.DURING.value, Purpose.AFTER.value):
        if phase not in present:
            yield {"phase": rules.word("phase", phase)}, "photo"


def _same_standpoint(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """Before and after from one standpoint; where a stage is missing altogether before_during_after says so."""
    present = {rules.phase_of(photo.phase) for photo in case.photos}
    if {Purpose.BEFORE.value, Purpose.AFTER.value} <= present and not compare(case.photos, rules).before_and_after:
        limit = rules.same_standpoint
        yield {"distance": f"{limit.distance_m:g}", "turn": f"{limit.azimuth_deg:g}"}, "photo"


def _case_papers(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """A case that was opened or dealt with otherwise; where none is recorded, one of its papers."""
    words = requirement.documents or ()
    if any(word in f"{document.kind} {document.title}" for document in case.documents for word in words):
        return
    for part in not_enforced(case):
        yield (
            {"kinds": "、".join(words), **({"code": "case_papers_part", "part": part} if part else {})},
            "enforcement_case",
        )


def _penalty_first(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """补办 only after the penalty was carried out: of a recorded case its steps say so, else a paper does."""
    if case.enforcement:
        done = any(own.penalty_carried_out() for own in case.enforcement)
    else:
        shown = [step_of_paper(f"{document.kind}{document.title}", rules.enforcement) for document in case.documents]
        done = EnforcementStep.EXECUTED.value in shown or EnforcementStep.CLOSED.value in shown
    if not done:
        yield {}, "enforcement_case"


def _after_photo(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """A photo after the demolition with position and azimuth, taken no earlier than the day of the demolition (整改 拆除日期)."""
    after = [photo for photo in case.photos if rules.phase_of(photo.phase) == "after"]
    if not after:
        return  # said by before_during_after
    whole = [photo for photo in after if photo.record.tells_its_view]
    days = [text_of(row.removed_on)[:10] for row in case.rectification if "拆" in row.method]
    if not whole:
        yield {"found": len(after)}, "photo"
    elif days and not all(days):
        yield {"code": "demolition_day"}, "rectification"
    elif days and not any(photo.taken_at[:10] >= max(days) for photo in whole):
        yield (
            {"code": "after_photo_early", "day": max(days), "last": max(photo.taken_at for photo in whole)[:10]},
            "photo",
        )


def _dated_imagery(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """Both images dated, and shown on the map (where it was made already)."""
    for date, title in ((case.parcel.earlier_image, "前时相"), (case.parcel.later_image, "后时相")):
        if DateSpan.parse(text_of(date)) is None:
            yield {"image": title}, "parcel"
    lacking = dict.fromkeys(name for file in case.maps for name in file.lacks)
    if lacking:
        yield {"code": "imagery_shown", "imagery": "、".join(lacking)}, "layer"


def _nothing_remains(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    for row in case.rectification:
        remaining = row.remaining_m2
        if remaining is None or remaining > 0.0:
            yield {"remaining": "未填" if remaining is None else f"{remaining:.2f} 平方米"}, "rectification"


def _platform_limits(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    limits = rules.platform
    files: list[tuple[Path, str]] = [(photo.path, "photo") for photo in case.photos]
    files += [(document.path, "document") for document in case.documents]
    for path, link in files:
        size = _size(path)
        if size is not None and size > limits.bytes:
            limit = f"{limits.bytes / 1048576:g} MB"
            details = {"file": path.name, "size": f"{size / 1048576:.1f} MB", "limit": limit}
            yield {"level": limits.bytes_level, "code": "platform_bytes", **details}, link
        if path.suffix.lower().lstrip(".") not in limits.types:
            yield (
                {
                    "level": limits.types_level,
                    "code": "platform_type",
                    "file": path.name,
                    "types": "、".join(limits.types),
                },
                link,
            )
    for document in case.documents:
        if len(document.title or document.path.stem) > limits.name:
            stated: dict[str, object] = {"file": document.title or document.path.stem, "limit": limits.name}
            yield {"level": limits.name_level, "code": "platform_name", **stated}, "document"


def _size(path: Path) -> Optional[int]:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _evidence_unchanged(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    """Here only whether the files are there; their digests are compared while they are copied into the package."""
    for path, link in [(photo.path, "photo") for photo in case.photos] + [
        (entry.path, "document") for entry in case.documents
    ]:
        if _size(path) is None:
            yield {"code": "evidence_file", "file": path.name}, link


def _proposal_missing(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    proposal = case.proposal
    if proposal is not None and case.decision is not None and proposal.category == case.decision.category:
        for entry in still_missing(proposal.missing, profile_if_known(case.profile), case.documents):
            yield {"evidence": entry.reason.details.get("evidence", entry.evidence)}, "proposal"


def _decision_follows_proposal(case: ParcelCase, rules: FilingRules, requirement: Requirement) -> _Lacks:
    proposal, decision = case.proposal, case.decision
    if proposal is None or decision is None or proposal.category == decision.category:
        return
    if not decision.reason.strip():
        yield {"proposed": proposal.category, "decided": decision.category}, "decision"


_LOOKS: Mapping[str, _Look] = {
    "decision": _decision,
    "review": _review,
    "split_decided": _split_decided,
    "overlay": _overlay,
    "areas_close": _areas_close,
    "map": _map,
    "azimuth_photo": _azimuth_photo,
    "approval_paper": _any_document,
    "facility_paper": _any_document,
    "road_statement": _any_document,
    "acceptance_opinion": _any_document,
    "late_approval_paper": _any_document,
    "violation_fields": _violation_fields,
    "rectification_stated": _rectification_stated,
    "case_papers": _case_papers,
    "penalty_first": _penalty_first,
    "after_photo": _after_photo,
    "dated_imagery": _dated_imagery,
    "before_during_after": _before_during_after,
    "same_standpoint": _same_standpoint,
    "nothing_remains": _nothing_remains,
    "platform_limits": _platform_limits,
    "evidence_unchanged": _evidence_unchanged,
    "proposal_missing": _proposal_missing,
    "decision_follows_proposal": _decision_follows_proposal,
}
