"""Which role (用途) a layer may have: proposed from its name, columns, values and geometry, with the reason; never decided.

A layer of approvals taken for the wrong one can turn 违法 into 合法, so doubt leaves the choice to a person: a word such as
拟、未、注销 in the name, two roles of about the same weight, or nothing but columns that all approvals have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from ..formats.names import best_column, plain
from ..model.messages import Message
from .role_clues import STRONG, ColumnClue, RoleClues, ValueClue, clues

_SHOWN_COLUMNS = 4
_MOST = 0.5
_LONG_CODE = 5
_FURTHER = 0.8
_DATE = re.compile(r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2])?[-_.月]?(0[1-9]|[12]\d|3[01])?(?!\d)")
_NO_PICTURE = re.compile(r"dem|dsm|坡度|高程|坡向|ndvi|栅格|晕渲", re.IGNORECASE)


class Geometry(Enum):
    """What the features of a layer are."""

    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"
    NONE = "none"
    RASTER = "raster"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class LayerFacts:
    """What is known of a layer before anybody has said what it is.

    ``name``: the layer's own name (of a file: without suffix); ``container``: folder, geodatabase or GeoPackage around it;
    ``samples``: column → some values as text; ``count``: features, -1 where not counted.
    """

    name: str
    container: str = ""
    columns: tuple[str, ...] = ()
    geometry: Geometry = Geometry.UNKNOWN
    samples: Mapping[str, Sequence[str]] = field(default_factory=dict)
    count: int = -1


@dataclass(frozen=True)
class Candidate:
    """A role with the weight of its clues (0 to 1) and what they are."""

    role: str
    weight: float
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class RoleProposal:
    """``role`` is None where a person has to choose; ``candidates`` then lists the likely ones, best first."""

    role: str | None
    confidence: float
    reasons: tuple[Message, ...]
    candidates: tuple[Candidate, ...] = ()


def propose_role(facts: LayerFacts) -> RoleProposal:
    """The likely role of a layer, or none, with the reasons as messages (``intake.role_*``)."""
    known = clues()
    named = _named(facts)
    result = [candidate for role in known.roles for candidate in [_candidate(role, facts, named)] if candidate.weight]
    result = sorted(result, key=lambda one: (-one.weight, one.role))[:4]
    if not result:
        return RoleProposal(None, 0.0, (Message("intake.role_no_clue", {}),))
    best = result[0]
    second = result[1].weight if len(result) > 1 else 0.0
    doubt = _doubt(best, second, facts, named)
    if doubt is not None:
        return RoleProposal(None, round(best.weight, 2), (*best.reasons, doubt), tuple(result))
    confidence = best.weight - max(0.0, second - best.weight / 2) / 2
    return RoleProposal(best.role, round(confidence, 2), best.reasons, tuple(result))


def _doubt(best: Candidate, second: float, facts: LayerFacts, named: _Named) -> Message | None:
    """Why the best candidate is not proposed."""
    known = clues()
    if named.blocked and best.role not in known.without_force:
        return Message("intake.role_not_in_force", {"word": named.blocked})
    requested = next(role.geometry for role in known.roles if role.role == best.role)
    if not _fits(requested, facts.geometry):
        return Message("intake.role_geometry", {"role": best.role, "geometry": facts.geometry.value})
    if best.weight < known.propose_from:
        return Message("intake.role_weak", {})
    if best.weight - second < known.margin:
        return Message("intake.role_close", {})
    if best.role == "villages" and _only_larger_units(facts):
        return Message("intake.role_units_too_large", {})
    return None


def _fits(wanted: str, geometry: Geometry) -> bool:
    if geometry is Geometry.UNKNOWN:
        return wanted != "raster"
    if wanted == "line":
        return geometry in (Geometry.LINE, Geometry.POLYGON)
    return bool(geometry.value == wanted)


def _only_larger_units(facts: LayerFacts) -> bool:
    """Whether the units of a boundary layer are counties or townships: they would name every village wrongly."""
    for key in ("XZQDM", "ZLDWDM", "行政区代码"):
        column = best_column([key], facts.columns)
        codes = [code for code in facts.samples.get(column or "", ()) if code.isdigit()]
        if codes:
            return max(map(len, codes)) < 12 or all(code.rstrip("0") == code[:6].rstrip("0") for code in codes)
    return False


# ---- the name ----


@dataclass(frozen=True)
class _Hit:
    role: str
    text: str
    weight: float


@dataclass(frozen=True)
class _Named:
    """What the name says: the heaviest hit of each role, and a word that says the layer is not in force ("" for none)."""

    hits: Mapping[str, _Hit]
    blocked: str


def _named(facts: LayerFacts) -> _Named:
    own, blocked = _hits(facts.name)
    around, _ = _hits(facts.container)
    share = clues().container_share
    hits = {role: _Hit(role, hit.text, hit.weight * share) for role, hit in around.items()}
    # The container speaks only where the layer's own name does not: everything in 永农.gdb is not 永久基本农田.
    return _Named(own or hits, blocked)


def _hits(name: str) -> tuple[dict[str, _Hit], str]:
    """The words, codes and spelt-out names in a text, the heaviest of each role, and a word that blocks."""
    text = plain(name)
    spans = _words(text)
    latest = max((end for _, end, hit in spans if hit.weight >= STRONG), default=0)
    result: list[_Hit] = [
        hit if end >= latest else _Hit(hit.role, hit.text, hit.weight * clues().earlier_word_share)
        for _, end, hit in spans
    ]
    result.extend(_coded(name))
    best: dict[str, _Hit] = {}
    for hit in result:
        if hit.weight > best.get(hit.role, _Hit("", "", 0.0)).weight:
            best[hit.role] = hit
    return best, _blocking(name, text, spans)


def _words(text: str) -> list[tuple[int, int, _Hit]]:
    """Chinese words with their places; a longer word takes its letters away from shorter ones (设施农用地 is no 农用地)."""
    every = sorted(
        ((word, role.role, weight) for role in clues().roles for word, weight in role.words.items()),
        key=lambda item: (-len(item[0]), item[0]),
    )
    taken: list[tuple[int, int, _Hit]] = []
    for word, role, weight in every:
        for match in re.finditer(re.escape(word), text):
            start, end = match.span()
            if all(end <= one or start >= other for one, other, _ in taken):
                taken.append((start, end, _Hit(role, word, weight)))
    return taken


def _coded(name: str) -> list[_Hit]:
    """Codes (first letters of pinyin) as whole words of the name, long ones anywhere; spelt-out pinyin anywhere."""
    words = {word.lower() for word in re.findall(r"[A-Za-z]+\d?", name)}
    words |= {re.sub(r"\d", "", word) for word in words}
    whole = re.sub(r"[^a-z]", "", name.lower())
    result = []
    longest: dict[str, int] = {}
    for role in clues().roles:
        for code, weight in role.codes.items():
            anywhere = len(code) >= _LONG_CODE and code in whole
            if code in words or whole == code or anywhere:
                result.append(_Hit(role.role, code.upper(), weight))
                longest[code.upper()] = len(code)
        result.extend(_Hit(role.role, text, weight) for text, weight in role.spelt.items() if text in whole)
    # SSNYDLX holds SSNYD, NYD…: a code inside a longer one that was found says nothing.
    return [hit for hit in result if not any(hit.text != one and hit.text in one for one in longest)]


def _blocking(name: str, text: str, spans: Sequence[tuple[int, int, _Hit]]) -> str:
    for word in clues().not_in_force:
        for match in word.finditer(text):
            start, end = match.span()
            if not any(one <= start and end <= other for one, other, _ in spans):
                return str(match.group())
    for code in re.findall(r"[A-Za-z]+", name):
        if code.lower() in clues().not_in_force_codes:
            return str(code).upper()
    return ""


# ---- all clues of a role together ----


def _candidate(role: RoleClues, facts: LayerFacts, named: _Named) -> Candidate:
    weights: list[float] = []
    reasons: list[Message] = []
    hit = named.hits.get(role.role)
    if hit is not None:
        weights.append(hit.weight)
        reasons.append(Message("intake.role_by_name", {"word": hit.text}))
    columns, weight = _columns(role.columns, facts.columns)
    if columns:
        weights.append(weight)
        reasons.append(Message("intake.role_by_columns", {"columns": "、".join(columns[:_SHOWN_COLUMNS])}))
    for clue in role.values:
        seen = _seen(clue, facts)
        if seen is not None:
            weights.append(clue.weight)
            reasons.append(Message("intake.role_by_values", {"column": seen[0], "value": seen[1], "kind": clue.title}))
    together = 1.0 - _product(1.0 - weight for weight in weights)
    return Candidate(role.role, round(together, 3), tuple(reasons))


def _columns(known: Sequence[ColumnClue], columns: Sequence[str]) -> tuple[list[str], float]:
    """The columns that speak for a role, and how much: the heaviest clue, and half of what the others add."""
    result: list[str] = []
    weights: list[float] = []
    for clue in known:
        needed = [best_column([name], columns) for name in clue.needed]
        any_of = [column for name in clue.any_of for column in [best_column([name], columns)] if column]
        if (clue.needed and all(needed)) or any_of:
            result.extend(name for name in (*needed, *any_of) if name and name not in result)
            # Each further column of a list makes coincidence less likely.
            weights.append(1.0 - (1.0 - clue.weight) * _FURTHER ** max(0, len(any_of) - 1))
    if not weights:
        return [], 0.0
    weights.sort(reverse=True)
    return result, 1.0 - (1.0 - weights[0]) * _product(1.0 - weight / 2 for weight in weights[1:])


def _seen(clue: ValueClue, facts: LayerFacts) -> tuple[str, str] | None:
    """Column and value that match a value clue."""
    requested = [best_column([name], facts.columns) for name in clue.columns] if clue.columns else list(facts.samples)
    for column in requested:
        values = [value for value in facts.samples.get(column or "", ()) if value]
        matching = [value for value in values if clue.pattern.search(value)]
        if column and values and len(matching) / len(values) > _MOST:
            return column, matching[0]
    return None


def _product(values: Iterable[float]) -> float:
    result = 1.0
    for value in values:
        result *= value
    return result


# ---- several layers together ----


def propose_roles(layers: Sequence[LayerFacts]) -> list[RoleProposal]:
    """Proposals for layers that came together: of exactly two images the dates in their names say which is earlier."""
    proposals = [propose_role(facts) for facts in layers]
    open_images = [
        index
        for index, facts in enumerate(layers)
        if facts.geometry is Geometry.RASTER and not _NO_PICTURE.search(facts.name) and proposals[index].role is None
    ]
    taken = {proposal.role for proposal in proposals}
    dates = {index: date for index in open_images for date in [_dated(layers[index].name)] if date}
    if len(open_images) == 2 and len(dates) == 2 and not taken & {"imagery_before", "imagery_after"}:
        first, second = sorted(dates, key=lambda index: dates[index])
        length = min(len(dates[first]), len(dates[second]))
        if dates[first][:length] < dates[second][:length]:
            for index, role in ((first, "imagery_before"), (second, "imagery_after")):
                reason = Message("intake.role_images_by_date", {"date": dates[index]})
                proposals[index] = RoleProposal(role, 0.75, (reason,))
    return proposals


def _dated(name: str) -> str:
    """Year, month and day in a name, as far as given; "" for none."""
    match = _DATE.search(name)
    return "".join(part or "" for part in match.groups()) if match else ""
