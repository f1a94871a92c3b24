"""The values a template can ask for, taken from a case. Suggestion (建议) and decision (判定) never fill each other's fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Optional

import shapely

from ..geodesy.figures import closed
from ..geodesy.figures import figure as as_mu
from ..geodesy.units import half_up
from ..judgment.profile_files import profile_if_known
from ..judgment.standing import UNDONE
from ..model.columns import Use, names_for
from ..model.messages import Message, render
from ..model.office_settings import NAMES
from ..model.records import Coverage, Parcel, Proposal, Rectification
from ..model.values import to_python
from ..model.vocabulary import Measure, measures, role_title
from ..model.words import ParcelKind
from ..overlay.features import SURVEY
from . import standpoints
from .areas import Figures, area_rows, two_decimals, with_not_given
from .case import Conclusion, ParcelCase
from .completeness import Check
from .enforcement import enforcement_rows, enforcement_values
from .judged import (
    decision_values,
    divided,
    joined,
    legal_bases,
    project_rows,
    project_values,
    typed_values,
    violation_use,
    violations,
)
from .licence import LICENCE_FIELDS, licence_of
from .paper import boundary_rows, sentence
from .placeholder import Value, Values
from .settings import FilingRules
from .wording import still_missing

#: how many decimals a stored length or angle is shown with
_TENTH = 1
_DEGREE = 7
#: Photos of a stage of the rectification, by the stage.
_STAGE_PHOTOS = {"before": "before_photos", "during": "during_photos", "after": "after_photos"}
#: who makes the papers, by the names of table `setting`
_OFFICE = {"filing_unit": NAMES["unit"], "maker": NAMES["maker"], "checker": NAMES["checker"]}


@dataclass(frozen=True)
class FiledFile:
    """A file of the package as the forms list it."""

    path: str
    title: str
    kind: str
    bytes: Optional[int] = None
    sha256: str = ""
    original: str = ""
    note: str = ""
    author: str = ""  # 责任者
    date: str = ""


@dataclass(frozen=True)
class PackageFacts:
    """What is known of the package while its forms are filled."""

    photos: tuple[Optional[FiledFile], ...] = ()  # one per photo of the case; None = could not be filed
    documents: tuple[Optional[FiledFile], ...] = ()
    files: tuple[FiledFile, ...] = ()
    checks: tuple[Check, ...] = ()
    complete: bool = False
    made_at: str = ""
    compared: Optional[standpoints.Comparison] = None  # the photos before and after; None = to be compared


def values_of(case: ParcelCase, rules: FilingRules, package: PackageFacts) -> Values:
    """All fields and tables of ``resources/filing.yaml`` for one parcel; unknown is blank, never zero."""
    areas = area_rows(case)
    figures = Figures(case, areas)
    fields: dict[str, Value] = dict.fromkeys(rules.fields)
    fields.update(_identity(case, rules))
    fields.update(with_not_given(case, _areas(case, areas[0], figures)))
    fields.update(legal_bases(case))
    fields.update(_proposal(case, rules))
    fields.update(_judged(case, rules, areas))
    fields.update(project_values(case))
    fields.update(_licence(case))
    fields.update(enforcement_values(case))
    fields.update({name: text(case.office.get(title)) for name, title in _OFFICE.items()})
    fields.update(rectification_values(case.rectification))
    fields.update(_package(case, package))
    compared = package.compared or standpoints.compare(case.photos, rules)
    fields.update(_stage_photos(case, rules, fields), unmatched_photos=standpoints.unmatched_text(compared))
    tables: dict[str, list[dict[str, Value]]] = {
        "areas": [with_not_given(case, row) for row in areas],
        "coverage": _coverage(case, rules, figures),
        "grounds": _legal_basis_rows(case, rules, figures),
        "facts": _facts(case, rules, figures),
        "proposals": [_proposal_row(proposal, rules, figures) for proposal in case.proposals],
        "reasons": _reasons(case),
        "missing": _missing(package.checks, rules),
        "decisions": _history(case, rules) if case.history else _decisions(case.decisions),
        "photos": _photos(case, rules, package),
        "documents": _documents(case, package),
        "journal": _journal(case, rules),
        "merged": project_rows(case),
        "standpoints": standpoints.rows_of(compared, rules),
        "boundary": boundary_rows(case),
        "enforcement": enforcement_rows(case, rules),
        "rectification": [_rectification_row(row) for row in case.rectification],
        "files": [],
        "sources": _sources(case),
    }
    for name, rows in tables.items():
        blank: dict[str, Value] = dict.fromkeys(rules.tables[name]["columns"])
        tables[name] = [{**blank, **row} for row in rows]
    return Values(fields, tables)


def _stage_photos(case: ParcelCase, rules: FilingRules, typed: Mapping[str, Value]) -> dict[str, Value]:
    """Photos of each stage of the rectification that are there, over a number somebody typed."""
    stages = [rules.phase_of(photo.phase) for photo in case.photos]
    return {name: stages.count(stage) or typed[name] for stage, name in _STAGE_PHOTOS.items()}


def _sources(case: ParcelCase) -> list[dict[str, Value]]:
    return [
        {
            "sequence": position,
            "role": role_title(source.role),
            "file": source.name,
            "sha256": source.sha256,
        }
        for position, source in enumerate(case.sources, start=1)
    ]


def with_files(values: Values, files: Iterable[FiledFile], rules: FilingRules) -> Values:
    """``values`` for the forms that list the package's files (cover, index)."""
    listed = tuple(files)
    blank: dict[str, Value] = dict.fromkeys(rules.tables["files"]["columns"])
    rows = [{**blank, **row} for row in _files(listed)]
    return Values({**values.fields, "file_count": len(listed)}, {**values.tables, "files": rows})


def text(value: object) -> Optional[str]:
    """Text as stored; None for what is absent. Numbers that arrive as 101.0 lose the point."""
    value = to_python(value)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _identity(case: ParcelCase, rules: FilingRules) -> dict[str, Value]:
    parcel = case.parcel
    result: dict[str, Value] = {name: text(getattr(parcel, name)) or None for name in names_for(Parcel, Use.FORM)}
    result["kind"] = rules.word("kind", parcel.kind)
    result["delivered_unit"] = rules.word("unit", parcel.delivered_unit)
    result["delivered_area"] = two_decimals(parcel.delivered_area)
    result["projected_area_m2"] = two_decimals(parcel.projected_area_m2)
    result["zone"] = parcel.zone
    if case.geometry is not None and not case.geometry.is_empty:
        centre = shapely.centroid(case.geometry)
        result["centre_lon"], result["centre_lat"] = (half_up(value, _DEGREE) for value in (centre.x, centre.y))
    return result


def _judged(case: ParcelCase, rules: FilingRules, areas: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """What was decided and typed. Of a parcel that is its parts: what they have in common, else each with its part's name."""
    by_part = dict(zip(["", *(part.part for part in case.parts)], areas))
    parts = divided(case)
    if parts:
        of_parts = {part: {**typed_values(case, rules, part), **decision_values(case, part)} for part in parts}
        result = joined(of_parts, dict.fromkeys(name for own in of_parts.values() for name in own))
        conclusions = {part: own.get("decision_category") or "未判定" for part, own in of_parts.items()}
        result["part_conclusions"] = "；".join(f"{part}：{category}" for part, category in conclusions.items())
    else:
        result = {**typed_values(case, rules), **decision_values(case)}
    result.update(violations(case, by_part, parts or ("",)))
    illegal = result.get("violation_mu") is not None
    if not parts or not result.get("violation_use"):
        result["violation_use"] = violation_use(result, illegal)
    claims = case.parcel.claims
    result["claimed_category"] = text(claims.get("category") or claims.get("核实认定意见"))
    return result


def _areas(case: ParcelCase, row: Mapping[str, Value], figures: Figures) -> dict[str, Value]:
    result: dict[str, Value] = {
        name: row.get(name)
        for name in (
            "farmland_mu",
            "basic_farmland_mu",
            "other_agricultural_mu",
            "construction_mu",
            "unused_mu",
            "unsurveyed_mu",
            "redline_mu",
            "approved_mu",
            "uncovered_mu",
            "approved_in_time_mu",
            "uncovered_in_time_mu",
        )
    }
    result["area_mu"], result["area_m2"], result["areas_closed"] = row["total_mu"], row["total_m2"], row["closed"]
    result["uncovered_farmland_mu"] = figures.mu(case.measure("uncovered_farmland"))
    result["uncovered_basic_farmland_mu"] = figures.mu(case.measure("uncovered_basic_farmland"))
    result["approved_share"] = two_decimals(case.measure("approved_share"))
    result["main_class"] = text(case.measures.get("", {}).get("main_class"))
    return result


def _proposal(case: ParcelCase, rules: FilingRules) -> dict[str, Value]:
    proposal = case.proposal
    if proposal is None:
        return {}
    lacking = still_missing(proposal.missing, profile_if_known(case.profile), case.documents)
    return {
        "proposal_category": proposal.category,
        "proposal_subtype": proposal.subtype,
        "proposal_rule": proposal.rule,
        "proposal_confidence": rules.word("confidence", proposal.confidence),
        "proposal_reasons": _lines(proposal.reasons),
        "proposal_missing": _lines(entry.reason for entry in lacking),
        "proposal_would_change": _lines(proposal.would_change),
        "verdict": proposal.verdict,
    }


def _lines(messages: Iterable[Message]) -> Optional[str]:
    return "\n".join(render(message) for message in messages) or None


def rectification_values(rows: Sequence[Rectification]) -> dict[str, Value]:
    """整改 of a parcel, or of one part where only its rows are given: the whole's own row, else the sum of the parts'."""
    if not rows:
        return {}
    whole = [row for row in rows if not row.part] or list(rows)

    def total(name: str) -> Optional[Decimal]:
        known: list[Optional[float]] = [getattr(row, name) for row in whole]
        return None if None in known else as_mu(sum(value for value in known if value is not None))

    return {
        "rectification_method": "、".join(dict.fromkeys(row.method for row in whole if row.method)) or None,
        "removed_mu": total("removed_m2"),
        "removed_farmland_mu": total("removed_farmland_m2"),
        "regularised_mu": total("regularised_m2"),
        "regularised_farmland_mu": total("regularised_farmland_m2"),
        "remaining_mu": total("remaining_m2"),
        **{name: _count(whole, name) for name in _STAGE_PHOTOS.values()},
        "rectification_unit": "、".join(dict.fromkeys(row.unit for row in whole if row.unit)) or None,
        "acceptance_area_mu": total("accepted_area_m2"),
        "closed_on": text(whole[0].closed_on),
        "removed_on": text(whole[0].removed_on),
        "acceptance_person": text(whole[0].accepted_by),
        "acceptance_date": text(whole[0].accepted_on),
    }


def _count(rows: Sequence[Rectification], name: str) -> Optional[int]:
    known: list[int] = [value for row in rows if (value := getattr(row, name)) is not None]
    return sum(known) if known else None


def _rectification_row(row: Rectification) -> dict[str, Value]:
    result: dict[str, Value] = {
        name: text(getattr(row, name)) or None
        for name in ("method", "unit", "removed_on", "accepted_by", "accepted_on", "closed_on", "note")
    }
    for name in ("area", "removed_farmland", "regularised_farmland"):
        result[f"{name}_mu"] = as_mu(getattr(row, f"{name}_m2"))
    ways = {name: getattr(row, f"{name}_m2") for name in ("removed", "regularised", "remaining")}
    result.update({f"{name}_mu": figure for name, figure in closed(ways, row.area_m2, as_mu(row.area_m2)).items()})
    result["part"] = row.part or "整个图斑"
    return result


def _package(case: ParcelCase, package: PackageFacts) -> dict[str, Value]:
    errors = [check for check in package.checks if check.level == "error"]
    return {
        "photo_count": len(case.photos),
        "photo_with_azimuth_count": sum(1 for photo in case.photos if photo.azimuth is not None),
        "document_count": len(case.documents),
        "profile": case.profile,
        "profile_sha256": case.profile_sha256,
        "plugin_version": case.plugin_version,
        "made_at": package.made_at[:16].replace("T", " ") or None,
        "completeness": "完整" if package.complete else "草稿",
        "draft_mark": "" if package.complete else "草稿",
        "missing_text": "；".join(_of_this_parcel(check, case.number) for check in errors) or None,
    }


def _of_this_parcel(check: Check, number: str) -> str:
    """The sentence of a check without the number that stands above it anyway."""
    text = render(check.message).rstrip("。")
    for named in (f"图斑 {number} 的", f"图斑 {number} ", f"图斑 {number}"):
        text = text.replace(named, "")
    return text


def _coverage_row(row: Coverage, rules: FilingRules, figures: Figures) -> dict[str, Value]:
    names = ("group", "document", "date", "until", "authority", "project", "use", "unit")
    result: dict[str, Value] = {name: text(getattr(row, name)) or None for name in names}
    result["part"] = row.part or "整个图斑"
    result["role"] = role_title(row.role)
    result["timing"] = rules.word("timing", row.timing)
    result["area_m2"] = two_decimals(row.area_m2)
    is_class = row.role == SURVEY and bool(row.group)
    area_mu = figures.of_class(row.group, row.area_m2, row.part) if is_class else figures.mu(row.area_m2, row.part)
    result["area_mu"], result["share"] = area_mu, two_decimals(row.share)  # coverage holds percent
    return result


def _coverage(case: ParcelCase, rules: FilingRules, figures: Figures) -> list[dict[str, Value]]:
    """What the parcel touches: rows with area, the union of a role first."""
    rows = [row for row in case.coverage if (row.area_m2 or 0.0) > 0.0]
    return [{**_coverage_row(row, rules, figures), "sequence": position} for position, row in enumerate(rows, start=1)]


def _legal_basis_rows(case: ParcelCase, rules: FilingRules, figures: Figures) -> list[dict[str, Value]]:
    rows = [
        row
        for role in rules.legal_basis_roles
        for row in case.coverage
        if row.role == role and row.group and not row.part
    ]
    return [{**_coverage_row(row, rules, figures), "sequence": position} for position, row in enumerate(rows, start=1)]


def _facts(case: ParcelCase, rules: FilingRules, figures: Figures) -> list[dict[str, Value]]:
    """The facts the rule looked at; without a proposal, the measures themselves."""
    proposal = case.proposal
    facts = dict(proposal.facts) if proposal is not None and proposal.facts else dict(case.measures.get("", {}))
    if isinstance(facts.get("values"), Mapping):
        return _explained(facts, rules, figures)
    rows: list[dict[str, Value]] = []
    for position, (name, value) in enumerate(facts.items(), start=1):
        known = measures().get(name, Measure(name))
        title, unit = known.title, known.unit
        rows.append({"sequence": position, "name": title, "value": _fact(value), "unit": rules.word("unit", unit)})
    return rows


def _explained(facts: Mapping[str, Any], rules: FilingRules, figures: Figures) -> list[dict[str, Value]]:
    """The engine's own account: measured values, then the thresholds they were held against; areas in 亩."""
    entries = [(entry, "") for entry in facts["values"].values()]
    entries += [(entry, "（阈值）") for entry in (facts.get("thresholds") or {}).values()]
    rows: list[dict[str, Value]] = []
    for position, (entry, kind) in enumerate(entries, start=1):
        area = entry.get("mu")
        value, unit = (area, "mu") if area is not None else (entry.get("value"), entry.get("unit") or "")
        if area is not None and not kind:
            value = _area_fact(entry, figures)
        title = f"{entry.get('title') or ''}{kind}"
        rows.append({"sequence": position, "name": title, "value": _fact(value), "unit": rules.word("unit", unit)})
    return rows


def _area_fact(entry: Mapping[str, Any], figures: Figures) -> Value:
    """A measured area in 亩 as the other papers have it; one that would be 0.00 and is not keeps its digits."""
    try:
        exact, square_metres = Decimal(str(entry["mu"])), float(entry["value"])
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return _fact(entry["mu"])
    figure = figures.mu(square_metres)
    return exact if exact and not figure else figure


def _fact(value: object) -> Value:
    value = to_python(value)
    if isinstance(value, float):
        return half_up(value, 4) if abs(value) < 1e12 else str(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, (str, int, Decimal)):
        return value
    if isinstance(value, (list, tuple)):
        return "、".join(str(entry) for entry in value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _proposal_row(proposal: Proposal, rules: FilingRules, figures: Figures) -> dict[str, Value]:
    return {
        "part": proposal.part or "整个图斑",
        "category": proposal.category,
        "subtype": proposal.subtype,
        "rule": proposal.rule,
        "area_mu": figures.mu(proposal.area_m2, proposal.part),
        "confidence": rules.word("confidence", proposal.confidence),
        "reasons": _lines(proposal.reasons),
        "verdict": proposal.verdict,
    }


def _reasons(case: ParcelCase) -> list[dict[str, Value]]:
    lines = [
        (proposal.part or "整个图斑", render(reason)) for proposal in case.proposals for reason in proposal.reasons
    ]
    return [{"sequence": position, "part": part, "text": line} for position, (part, line) in enumerate(lines, start=1)]


def _missing(checks: Iterable[Check], rules: FilingRules) -> list[dict[str, Value]]:
    return [
        {
            "sequence": position,
            "level": rules.word("level", check.level),
            "text": render(check.message),
            "remedy": render(check.remedy),
        }
        for position, check in enumerate(checks, start=1)
    ]


def _history(case: ParcelCase, rules: FilingRules) -> list[dict[str, Value]]:
    """Every step of judging, those taken back included."""
    rows: list[dict[str, Value]] = []
    for position, row in enumerate(case.history, start=1):
        reason = row.reason or row.remark
        rows.append(
            {
                "sequence": position,
                "part": row.part or "整个图斑",
                "role": row.role,
                "action": rules.word("step", row.action.value if row.action else None),
                "category": row.category,
                "subtype": row.subtype,
                "basis": row.basis,
                "reason": f"（已撤销）{reason}" if row.status == UNDONE else reason,
                "person": row.person,
                "date": row.decided_at[:10],
            }
        )
    return rows


def _decisions(decisions: Iterable[Conclusion]) -> list[dict[str, Value]]:
    return [
        {
            "sequence": position,
            "part": decision.part or "整个图斑",
            "role": decision.role,
            "action": "判定" if decision.role == "经办" else decision.role,
            "category": decision.category,
            "subtype": decision.subtype,
            "basis": decision.basis,
            "reason": decision.reason,
            "person": decision.person,
            "date": decision.decided_at[:10],
        }
        for position, decision in enumerate(decisions, start=1)
    ]


def _photos(case: ParcelCase, rules: FilingRules, package: PackageFacts) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    filed = package.photos or (None,) * len(case.photos)
    for position, (photo, file) in enumerate(zip(case.photos, filed), start=1):
        lon, lat = photo.position or (None, None)
        rows.append(
            {
                "sequence": position,
                "file": file.path if file else None,
                "original": photo.record.file or photo.path.name,
                "taken_at": photo.taken_at or None,
                "lon": half_up(lon, _DEGREE),
                "lat": half_up(lat, _DEGREE),
                "azimuth": half_up(photo.azimuth, _TENTH),
                "reference": rules.word("reference", photo.record.reference),
                "distance": half_up(photo.distance_m, _TENTH),
                "bearing_difference": half_up(photo.bearing_difference, _TENTH),
                "phase": rules.word("phase", rules.phase_of(photo.phase)) or photo.phase,
                "device": photo.record.device,
                "sha256": file.sha256 if file else photo.sha256,
                "bytes": file.bytes if file else None,
                "note": file.note if file else "未归入卷宗",
            }
        )
    return rows


def _documents(case: ParcelCase, package: PackageFacts) -> list[dict[str, Value]]:
    filed = package.documents or (None,) * len(case.documents)
    return [
        {
            "sequence": position,
            "kind": document.kind,
            "title": document.title or document.path.stem,
            "number": document.number,
            "date": document.date,
            "authority": document.authority,
            "file": file.path if file else None,
            "original": document.path.name,
            "bytes": file.bytes if file else None,
            "sha256": file.sha256 if file else document.sha256,
            "note": file.note if file else "未归入卷宗",
        }
        for position, (document, file) in enumerate(zip(case.documents, filed), start=1)
    ]


def _journal(case: ParcelCase, rules: FilingRules) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for position, row in enumerate(case.journal, start=1):
        result: dict[str, Value] = {name: text(row.get(name)) for name in ("at", "who", "why", "what")}
        result["action"] = rules.word("action", row.get("action"))
        result["change"] = sentence(row, rules)
        result["sequence"] = position
        rows.append(result)
    return rows


def _licence(case: ParcelCase) -> dict[str, Value]:
    """Of a mining parcel: its licence, mineral, method and term."""
    if case.parcel.kind != ParcelKind.MINING:
        return {}
    rights = [row for row in case.coverage if row.role == "mining_right" and not row.part]
    result = licence_of(case.decided_fields, rights, case.parcel.delivered)
    return {name: getattr(result, name) or None for name in LICENCE_FIELDS}


def _files(files: Iterable[FiledFile]) -> list[dict[str, Value]]:
    return [
        {
            "sequence": position,
            "title": file.title,
            "kind": file.kind,
            "path": file.path,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "author": file.author or None,
            "date": file.date or None,
        }
        for position, file in enumerate(files, start=1)
    ]
