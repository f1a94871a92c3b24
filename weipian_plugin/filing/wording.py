"""What papers print in place of codes and empty boxes: titles of rules, of the profile and of evidence, 不涉及, 未提供, 无.

Forms only: the tables that are handed in keep what is stored, and what a person has to fill in by hand stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Optional

from ..judgment.lacking import is_answered
from ..judgment.profile import Profile
from ..judgment.profile_files import profile_if_known
from ..model.records import Missing
from .case import AttachedDocument
from .placeholder import Value, Values
from .settings import FilingRules

#: What does not concern a parcel, and what nobody asked for.
NOT_CONCERNED, NOTHING = "不涉及", "无"
_RULE_ID = re.compile(r"\b[A-Z]{1,3}\d{2,3}_[A-Z0-9_]+\b")
#: Grounds of 合法性确认: a number and the share it covers.
_GROUNDS = ("approval", "supply", "registration", "temporary", "facility")
#: Figures of the two ways of rectification, by the word of its method.
_BY_METHOD = {"拆": ("removed_mu", "removed_farmland_mu"), "补办": ("regularised_mu", "regularised_farmland_mu")}
_ACCEPTED = "采纳建议"
#: Lists that say 无 where nothing is in them, and in which column.
_NEVER_EMPTY = {"grounds": "role", "documents": "kind", "photos": "file", "standpoints": "note", "missing": "text"}


def still_missing(
    missing: Iterable[Missing], profile: Optional[Profile], documents: Iterable[AttachedDocument]
) -> tuple[Missing, ...]:
    """Of what a proposal lacked: what no paper registered since answers. Evidence that papers alone do not answer stays."""
    papers = [f"{document.kind} {document.title}" for document in documents]
    return tuple(entry for entry in missing if not is_answered(entry.evidence, profile, papers))


def in_words(values: Values, rules: FilingRules) -> Values:
    """The values of a form without codes and without boxes that say nothing."""
    profile = profile_if_known(str(values.fields.get("profile") or ""))
    titles = profile.rule_titles if profile is not None else {}
    fields = {name: _without_ids(value, titles) for name, value in values.fields.items()}
    if profile is not None:
        fields["profile"] = f"{profile.title}（{profile.version}）"
    _fill(fields)
    last = next((row for row in reversed(values.tables["decisions"]) if row.get("role") != "复核"), None)
    if last is not None and last.get("action") == _ACCEPTED:
        for name in ("decision_basis", "decision_reason"):
            fields[name] = fields.get(name) or "采纳建议，见「二、建议」"
    tables = {
        name: [{column: _without_ids(value, titles) for column, value in row.items()} for row in rows]
        for name, rows in values.tables.items()
    }
    for name, column in _NEVER_EMPTY.items():
        blank: dict[str, Value] = dict.fromkeys(rules.tables[name]["columns"])
        tables[name] = tables[name] or [{**blank, column: NOTHING}]
    return Values(fields, tables)


def _without_ids(value: Value, titles: Mapping[str, str]) -> Value:
    if not isinstance(value, str) or not titles:
        return value
    if value in titles:
        return titles[value]
    return _RULE_ID.sub(lambda found: f"「{titles[found[0]]}」" if found[0] in titles else found[0], value)


def _fill(fields: dict[str, Value]) -> None:
    """Boxes that say nothing: no ground of a kind, no rectification of the other kind, nothing lacking."""
    for kind in _GROUNDS:
        if fields.get(f"{kind}_number") is None and not fields.get(f"{kind}_share"):
            fields[f"{kind}_number"] = NOT_CONCERNED if fields.get(f"{kind}_share") is not None else "未提供"
            fields[f"{kind}_share"] = "—"
    method = str(fields.get("rectification_method") or "")
    for word, names in _BY_METHOD.items():
        for name in names if method and word not in method else ():
            if fields.get(name) is None:
                fields[name] = NOT_CONCERNED
    for name in ("missing_text", "proposal_missing", "proposal_would_change"):
        fields[name] = fields.get(name) or NOTHING
