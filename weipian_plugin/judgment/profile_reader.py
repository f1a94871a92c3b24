"""A profile's YAML becomes records; everything wrong with it is found in one reading, with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional, TypeVar, Union

from ..model.errors import WeipianError
from ..model.messages import catalogue
from ..model.vocabulary import legal_bases
from .claims import Alias, ClaimColumns, VerdictRules, normalised
from .conditions import (
    FLAG_OPERATORS,
    LIST_OPERATORS,
    NUMBER_OPERATORS,
    OPERATORS,
    All,
    Always,
    AnyOf,
    Condition,
    Not,
    Test,
    operators_for,
)
from .profile import (
    COVER_TOLERANCE,
    LARGEST_COVER_TOLERANCE,
    NEVER_HARMLESS,
    PROPOSAL_CONFIDENCE,
    SCOPES,
    SOURCE_CONFIDENCE,
    Category,
    Evidence,
    Note,
    Profile,
    Reason,
    Rule,
    Subtype,
    Threshold,
)
from .safeguards import fits_legal_basis, holds_of_bare_land, is_favourable
from .sentences import unknown_placeholders
from .vocabulary import APPROVALS, CLAIM_FACTS, vocabulary
from .yaml_lines import Node, Problem, Problems, read

_REQUIRED = (
    "profile",
    "title",
    "version",
    "date",
    "source",
    "confidence",
    "categories",
    "thresholds",
    "evidence",
    "rules",
)
_OPTIONAL = ("mining_profile", "guard_subtype", "lists", "harmless_flags", "notes", "claims")
_CATEGORY = ("name", "legal", "uncertain", "official", "after_rectification", "evidence", "subtypes")
_THRESHOLD = ("value", "unit", "zh", "source", "confidence")
_RULE_REQUIRED = ("id", "zh", "when", "category", "confidence", "source", "source_confidence", "reasons")
_RULE_OPTIONAL = ("scope", "subtype", "subtype_claim", "ground", "would_change")
_CLAIMS = ("columns", "aliases", "confirm", "unverifiable")
_THRESHOLD_UNITS = ("m2", "mu", "m", "percent", "count", "ratio", "days", "date")
T = TypeVar("T")


def read_profile(
    content: bytes, path: Path, sha256: str, load_nested: Optional[Callable[[Union[str, Path]], Profile]]
) -> tuple[Optional[Profile], tuple[Problem, ...]]:
    """The profile and its mistakes in the order of their lines; no profile when a part of it could not be read.

    ``load_nested`` reads the mining profile that it names; None where it may name none.
    """
    problems = Problems()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(Node(None, line, ""), "judgment.profile_not_utf8")
        return None, tuple(problems.found)
    root = read(text, problems)
    profile = None if problems.found else _Reader(problems, path, load_nested).profile(root, sha256)
    result = tuple(sorted(problems.found, key=lambda problem: (problem.line, problem.key)))
    return (None if result else profile), result


class _Reader:
    """Reads nodes into records. A mistake is noted and a harmless value put in its place, so that reading goes on."""

    def __init__(
        self, problems: Problems, path: Path, load_nested: Optional[Callable[[Union[str, Path]], Profile]]
    ) -> None:
        self._problems, self._path, self._load_nested = problems, path, load_nested
        self._lists: dict[str, tuple[str, ...]] = {}
        self._thresholds: dict[str, Threshold] = {}
        self._evidence: dict[str, Evidence] = {}
        self._categories: dict[str, Category] = {}

    def profile(self, root: Node, sha256: str) -> Optional[Profile]:
        top = self._mapping(root, _REQUIRED, _OPTIONAL)
        if any(name not in top for name in _REQUIRED):
            return None
        self._lists = {name: self._texts(node) for name, node in self._members(top.get("lists"))}
        self._thresholds = {name: self._threshold(name, node) for name, node in self._members(top["thresholds"])}
        self._evidence = {name: self._evidence_kind(name, node) for name, node in self._members(top["evidence"])}
        categories = tuple(self._category(node) for node in self._items(top["categories"]))
        self._categories = {category.name: category for category in categories}
        self._check_categories(top["categories"], categories)
        rules = tuple(self._rule(node) for node in self._items(top["rules"]))
        self._check_rules(top["rules"], rules)
        claims = self._mapping(top["claims"], (), _CLAIMS) if "claims" in top else {}
        return Profile(
            name=self._text(top["profile"]),
            title=self._text(top["title"]),
            version=self._text(top["version"]),
            date=self._date(top["date"]),
            source=self._text(top["source"]),
            confidence=self._one_of(top["confidence"], SOURCE_CONFIDENCE),
            path=self._path,
            sha256=sha256,
            categories=categories,
            thresholds=self._thresholds,
            evidence=self._evidence,
            rules=rules,
            notes=tuple(self._note(node) for node in self._items(top.get("notes"))),
            harmless_flags=self._harmless(top.get("harmless_flags")),
            guard_subtype=self._guard_subtype(top.get("guard_subtype"), categories),
            columns=self._columns(claims.get("columns")),
            aliases=tuple(self._alias(node) for node in self._items(claims.get("aliases"))),
            verdicts=VerdictRules(self._confirm(claims.get("confirm")), self._texts(claims.get("unverifiable"))),
            mining=self._mining(top.get("mining_profile")),
        )

    # -- parts of a profile

    def _harmless(self, node: Optional[Node]) -> tuple[str, ...]:
        """Flags that do not stand against 合法; some always do."""
        flags = self._texts(node)
        for item, flag in zip(self._items(node), flags):
            if flag in NEVER_HARMLESS:
                self._problems.add(item, "judgment.profile_never_harmless", flag=flag)
        return flags

    def _mining(self, node: Optional[Node]) -> Optional[Profile]:
        """The profile for mining parcels, shipped or beside this file; it cannot name a third."""
        if node is None:
            return None
        if self._load_nested is None:
            self._problems.add(node, "judgment.profile_nested")
            return None
        name = self._text(node)
        beside = self._path.with_name(name)
        try:
            return self._load_nested(beside if beside.is_file() else name)
        except WeipianError as error:
            self._problems.add(node, "judgment.profile_mining_broken", reason=error.text())
            return None

    def _guard_subtype(self, node: Optional[Node], categories: tuple[Category, ...]) -> str:
        name = self._text(node, "")
        for category in categories:
            if node and category.uncertain and category.subtype(name) is None:
                self._problems.add(node, "judgment.profile_unknown_subtype", category=category.name)
        return name

    def _threshold(self, name: str, node: Node) -> Threshold:
        entry = self._mapping(node, _THRESHOLD, ())
        unit = self._one_of(entry.get("unit"), _THRESHOLD_UNITS)
        value = entry.get("value", Node(None, node.line, node.key))
        limit: Any = self._date(value) if unit == "date" else self._number(value)
        if name == COVER_TOLERANCE and (unit != "mu" or limit > LARGEST_COVER_TOLERANCE):
            self._problems.add(value, "judgment.profile_tolerance_large", largest=str(LARGEST_COVER_TOLERANCE))
        elif isinstance(limit, Decimal) and limit < 0:
            self._problems.add(value, "judgment.profile_negative", threshold=name)
        return Threshold(
            name,
            limit,
            unit,
            self._text(entry.get("zh")),
            self._text(entry.get("source")),
            self._one_of(entry.get("confidence"), SOURCE_CONFIDENCE),
        )

    def _evidence_kind(self, name: str, node: Node) -> Evidence:
        entry = self._mapping(node, ("zh", "met"), ("source",))
        return Evidence(
            name,
            self._text(entry.get("zh")),
            self._condition(entry.get("met", node)),
            self._text(entry.get("source"), ""),
        )

    def _category(self, node: Node) -> Category:
        entry = self._mapping(node, ("name",), _CATEGORY[1:])
        flags = {
            name: self._flag(entry.get(name), default)
            for name, default in (
                ("legal", False),
                ("uncertain", False),
                ("official", True),
                ("after_rectification", False),
            )
        }
        return Category(
            name=self._text(entry.get("name")),
            evidence=self._evidence_names(entry.get("evidence")),
            subtypes=tuple(self._subtype(item) for item in self._items(entry.get("subtypes"))),
            **flags,
        )

    def _subtype(self, node: Node) -> Subtype:
        entry = self._mapping(node, ("name", "source", "confidence"), ("evidence", "automatic", "group"))
        return Subtype(
            self._text(entry.get("name")),
            self._evidence_names(entry.get("evidence")),
            self._flag(entry.get("automatic"), True),
            self._text(entry.get("source")),
            self._one_of(entry.get("confidence"), SOURCE_CONFIDENCE),
            self._text(entry.get("group"), ""),
        )

    def _rule(self, node: Node) -> Rule:
        entry = self._mapping(node, _RULE_REQUIRED, _RULE_OPTIONAL)
        category = self._categories.get(self._text(entry.get("category")))
        if category is None:
            self._problems.add(
                entry.get("category", node), "judgment.profile_unknown_category", known="、".join(self._categories)
            )
        subtype = self._text(entry.get("subtype"), "")
        if category and subtype:
            known = category.subtype(subtype)
            if known is None:
                self._problems.add(entry["subtype"], "judgment.profile_unknown_subtype", category=category.name)
            elif not known.automatic:
                self._problems.add(entry["subtype"], "judgment.profile_manual_subtype", subtype=subtype)
        legal_basis = self._text(entry.get("ground"), "")
        if legal_basis and legal_basis not in (APPROVALS, *legal_bases().legal):
            self._problems.add(
                entry["ground"],
                "judgment.profile_unknown_ground",
                known="、".join((APPROVALS, *legal_bases().legal)),
            )
        adverse = category is not None and not is_favourable(category)
        if category and ((category.legal and not legal_basis) or (adverse and legal_basis)):
            self._problems.add(entry.get("ground", node), "judgment.profile_legal_without_ground")
        if category and category.legal and legal_basis and not fits_legal_basis(subtype, legal_basis):
            self._problems.add(
                entry.get("ground", node),
                "judgment.profile_ground_of_subtype",
                subtype=subtype,
                legal_basis=legal_basis,
            )
        claim = self._text(entry.get("subtype_claim"), "")
        if claim and claim not in CLAIM_FACTS:
            self._problems.add(entry["subtype_claim"], "judgment.profile_unknown_claim", known="、".join(CLAIM_FACTS))
        return Rule(
            id=self._text(entry.get("id")),
            title=self._text(entry.get("zh")),
            scope=self._one_of(entry.get("scope"), SCOPES, "all"),
            when=self._condition(entry.get("when", node)),
            category=category.name if category else "",
            subtype=subtype,
            confidence=self._one_of(entry.get("confidence"), PROPOSAL_CONFIDENCE),
            source=self._text(entry.get("source")),
            source_confidence=self._one_of(entry.get("source_confidence"), SOURCE_CONFIDENCE),
            legal_basis=legal_basis,
            subtype_claim=claim,
            reasons=self._reasons(entry.get("reasons")),
            would_change=self._reasons(entry.get("would_change")),
        )

    def _note(self, node: Node) -> Note:
        entry = self._mapping(node, ("id", "when", "reason"), ("lowers_confidence",))
        return Note(
            self._text(entry.get("id")),
            self._condition(entry.get("when", node)),
            self._reason(entry.get("reason", node)),
            self._flag(entry.get("lowers_confidence"), False),
        )

    def _columns(self, node: Optional[Node]) -> ClaimColumns:
        names = {}
        for key, item in self._members(node):
            if key not in CLAIM_FACTS:
                self._problems.add(item, "judgment.profile_unknown_claim", known="、".join(CLAIM_FACTS))
            names[key] = tuple(map(normalised, self._texts(item)))
        return ClaimColumns(names)

    def _alias(self, node: Node) -> Alias:
        entry = self._mapping(node, ("written", "category"), ("subtype",))
        alias = Alias(
            self._text(entry.get("written")), self._text(entry.get("category")), self._text(entry.get("subtype"), "")
        )
        category = self._categories.get(alias.category)
        if category is None:
            self._problems.add(node, "judgment.profile_unknown_category", known="、".join(self._categories))
        elif alias.subtype and category.subtype(alias.subtype) is None:
            self._problems.add(node, "judgment.profile_unknown_subtype", category=category.name)
        return alias

    def _confirm(self, node: Optional[Node]) -> Mapping[str, tuple[str, ...]]:
        confirm = {}
        for name, item in self._members(node):
            if name not in self._categories:
                self._problems.add(item, "judgment.profile_unknown_category", known="、".join(self._categories))
            confirm[name] = self._texts(item)
            for key in confirm[name]:
                if key not in CLAIM_FACTS:
                    self._problems.add(item, "judgment.profile_unknown_claim", known="、".join(CLAIM_FACTS))
        return confirm

    # -- rules about the whole

    def _check_categories(self, node: Node, categories: tuple[Category, ...]) -> None:
        self._unique(node, "name")
        if sum(category.uncertain for category in categories) != 1:
            self._problems.add(node, "judgment.profile_one_uncertain")
        for category, place in zip(categories, self._items(node)):
            if category.name == "合法" and not category.legal:
                self._problems.add(place, "judgment.profile_legal_unmarked")
            if category.legal and COVER_TOLERANCE not in self._thresholds:
                self._problems.add(place, "judgment.profile_no_tolerance", threshold=COVER_TOLERANCE)

    def _check_rules(self, node: Node, rules: tuple[Rule, ...]) -> None:
        self._unique(node, "id")
        fallbacks = [isinstance(rule.when, Always) and rule.scope == "all" for rule in rules]
        for rule, place in zip(rules, self._items(node)):
            category = self._categories.get(rule.category)
            if category and is_favourable(category) and holds_of_bare_land(rule.when):
                self._problems.add(place, "judgment.profile_favours_nothing", category=category.name)
        if not rules or not fallbacks[-1] or any(isinstance(rule.when, Always) for rule in rules[:-1]):
            self._problems.add(node, "judgment.profile_no_fallback")

    def _unique(self, node: Node, key: str) -> None:
        seen: set[str] = set()
        for item in self._items(node):
            value = item.value.get(key) if isinstance(item.value, Mapping) else None
            if value and value.text in seen:
                self._problems.add(value, "judgment.profile_twice", value=value.text)
            if value:
                seen.add(value.text)

    # -- conditions and sentences

    def _condition(self, node: Node) -> Condition:
        if node.text == "always":
            return Always()
        if not isinstance(node.value, Mapping) or not node.value:
            self._problems.add(node, "judgment.profile_no_condition")
            return Always()
        if "fact" in node.value:
            return self._test(node)
        if len(node.value) != 1 or next(iter(node.value)) not in ("all", "any", "not"):
            self._problems.add(node, "judgment.profile_no_condition")
            return Always()
        word, inner = next(iter(node.value.items()))
        if word == "not":
            return Not(self._condition(inner))
        parts = tuple(self._condition(item) for item in self._items(inner))
        if not parts:
            self._problems.add(inner, "judgment.profile_no_condition")
        return All(parts) if word == "all" else AnyOf(parts)

    def _test(self, node: Node) -> Condition:
        members = self._mapping(node, ("fact",), OPERATORS)
        fact = vocabulary().get(self._text(members["fact"]))
        names = [name for name in members if name in OPERATORS]
        if fact is None:
            self._problems.add(members["fact"], "judgment.profile_unknown_fact", fact=members["fact"].text)
            return Always()
        if len(names) != 1 or names[0] not in operators_for(fact.unit):
            self._problems.add(
                node,
                "judgment.profile_operator",
                fact=fact.name,
                unit=fact.unit,
                known="、".join(operators_for(fact.unit)),
            )
            return Always()
        operator, operand = names[0], members[names[0]]
        if operator == "known" or operator in FLAG_OPERATORS:
            return Test(fact.name, operator, self._flag(operand, True))
        if operator == "in":
            return Test(fact.name, operator, self._class_list(operand))
        if operator in LIST_OPERATORS or fact.unit == "text":
            return Test(fact.name, operator, self._text(operand))
        return self._limit(fact.name, fact.unit, operator, operand)

    def _limit(self, fact: str, unit: str, operator: str, operand: Node) -> Condition:
        """A named threshold; zero is the only number that may stand for itself, because it needs no source."""
        if operator in NUMBER_OPERATORS and isinstance(operand.value, Decimal):
            if operand.value != 0 and unit != "count":
                self._problems.add(operand, "judgment.profile_bare_number")
            return Test(fact, operator, operand.value)
        threshold = self._thresholds.get(operand.text)
        if threshold is None:
            self._problems.add(operand, "judgment.profile_unknown_threshold", threshold=operand.text)
            return Always()
        if threshold.unit != unit and (unit, threshold.unit) != ("m2", "mu"):
            self._problems.add(
                operand,
                "judgment.profile_unit",
                fact=fact,
                unit=unit,
                threshold=threshold.name,
                threshold_unit=threshold.unit,
            )
        return Test(
            fact,
            operator,
            threshold.value,
            threshold.unit if (unit, threshold.unit) == ("m2", "mu") else "",
            threshold.name,
        )

    def _class_list(self, node: Node) -> tuple[str, ...]:
        if isinstance(node.value, tuple):
            return self._texts(node)
        if node.text not in self._lists:
            self._problems.add(node, "judgment.profile_unknown_list", name=node.text)
        return self._lists.get(node.text, ())

    def _reasons(self, node: Optional[Node]) -> tuple[Reason, ...]:
        return tuple(self._reason(item) for item in self._items(node))

    def _reason(self, node: Node) -> Reason:
        if isinstance(node.value, Mapping):
            return Reason("judgment.profile_reason", self._text(self._mapping(node, ("text",), ()).get("text")))
        code = self._text(node)
        if code not in catalogue():
            self._problems.add(node, "judgment.profile_unknown_message", sentence=code)
        for name in unknown_placeholders(code):
            self._problems.add(node, "judgment.profile_unknown_fact", fact=name)
        return Reason(code)

    def _evidence_names(self, node: Optional[Node]) -> tuple[str, ...]:
        names = self._texts(node)
        for name in names:
            if name not in self._evidence and node:
                self._problems.add(node, "judgment.profile_unknown_evidence", evidence=name)
        return names

    # -- plain values

    def _mapping(self, node: Node, required: Iterable[str], optional: Iterable[str]) -> Mapping[str, Node]:
        if not isinstance(node.value, Mapping):
            self._problems.add(node, "judgment.profile_kind", wanted="mapping")
            return {}
        for name in required:
            if name not in node.value:
                self._problems.add(node, "judgment.profile_key_missing", name=name)
        known = (*required, *optional)
        for name, item in node.value.items():
            if name not in known:
                self._problems.add(item, "judgment.profile_key_unknown", name=name, known="、".join(known))
        return node.value

    def _members(self, node: Optional[Node]) -> Iterable[tuple[str, Node]]:
        if node is None:
            return ()
        if not isinstance(node.value, Mapping):
            self._problems.add(node, "judgment.profile_kind", wanted="mapping")
            return ()
        return tuple(node.value.items())

    def _items(self, node: Optional[Node]) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self._problems.add(node, "judgment.profile_kind", wanted="list")
            return ()
        return node.value

    def _text(self, node: Optional[Node], default: Optional[str] = None) -> str:
        if node is None:
            return default or ""
        if isinstance(node.value, str):
            return node.value
        # An unquoted 0102 is an octal number for YAML and would lose its zero: codes are always quoted.
        self._problems.add(node, "judgment.profile_quote", value=node.text)
        return node.text

    def _texts(self, node: Optional[Node]) -> tuple[str, ...]:
        return tuple(self._text(item) for item in self._items(node))

    def _one_of(self, node: Optional[Node], allowed: tuple[str, ...], default: str = "") -> str:
        if node is None:
            return default or allowed[-1]
        if node.text not in allowed:
            self._problems.add(node, "judgment.profile_value", value=node.text, known="、".join(allowed))
        return node.text

    def _flag(self, node: Optional[Node], default: bool) -> bool:
        return default if node is None else self._value(node, bool, "true / false", default)

    def _number(self, node: Node) -> Decimal:
        return self._value(node, Decimal, "number", Decimal(0))

    def _date(self, node: Node) -> date:
        return self._value(node, date, "YYYY-MM-DD", date(1, 1, 1))

    def _value(self, node: Node, kind: type[T], wanted: str, default: T) -> T:
        if isinstance(node.value, kind):
            return node.value
        self._problems.add(node, "judgment.profile_kind", wanted=wanted)
        return default
