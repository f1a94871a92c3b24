"""What the columns of a delivery mean: by field code and Chinese name, by known profiles, or as the user maps them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..formats.names import best_column, plain, without_unit
from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.typed_yaml import read

_SUGGESTED_FROM = 0.6


@dataclass(frozen=True)
class DeliveredField:
    """A field key: its title and the usual names of its column, best first."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class DeliverySchema:
    """A delivery is recognised by it when the columns ``needs`` are all there; ``family``: A or B of the export families."""

    title: str
    needs: tuple[str, ...]
    family: str = ""


@dataclass(frozen=True)
class KindWords:
    """Words that distinguish a mining parcel from a land parcel: in the file's name, then in the type."""

    file_words: Mapping[str, tuple[str, ...]]
    type_words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ParcelSchema:
    """``parcel_fields.yaml``. ``claims``: claim key → columns; ``levels``: value → level; ``child``: pattern of the number of a part."""

    profiles: Mapping[str, DeliverySchema]
    fields: Mapping[str, DeliveredField]
    claims: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str]
    kinds: KindWords
    child: str


@lru_cache(maxsize=1)
def schema() -> ParcelSchema:
    """The data of ``resources/intake/parcel_fields.yaml``."""
    return read(resource("intake", "parcel_fields.yaml"), ParcelSchema)


def claim_columns() -> Mapping[str, tuple[str, ...]]:
    """The delivered columns in which a county fills in each claim (project, holder, use …), by the claim's key."""
    return schema().claims


@dataclass(frozen=True)
class Suggestion:
    """A column that might be meant by a field key; ``likeness`` 0–1."""

    key: str
    column: str
    likeness: float


@dataclass(frozen=True)
class FieldMapping:
    """Field key → column, claim key → column, what recognised the table, and what is left to a person.

    ``area_unit`` is the unit that stands in the name of the area column, if any. ``profile`` is "" for an unknown schema.
    """

    columns: Mapping[str, str]
    claims: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""
    family: str = ""
    area_unit: str | None = None
    unused: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def recognised(self) -> bool:
        return bool(self.profile) and "number" in self.columns


def map_fields(columns: Sequence[str], chosen: Mapping[str, str] | None = None) -> FieldMapping:
    """The mapping of a table's ``columns``; ``chosen`` (field key → column) goes before everything that is known.

    Raises ``intake.field_key_unknown`` and ``intake.field_column_missing`` for a wrong choice; an unknown schema raises
    nothing: it comes back without profile and with suggestions.
    """
    fields, claims = schema().fields, schema().claims
    taken = _chosen(columns, chosen or {})
    profile, family = _profile(columns)
    if chosen and "number" in taken:
        profile = profile or "chosen"
    for key, entry in fields.items():
        if key not in taken:
            column = best_column(entry.names, columns)
            if column is not None:
                taken[key] = column
    claimed = {}
    for key, names in claims.items():
        column = best_column(names, columns)
        if column is not None:
            claimed[key] = column
    used = {*taken.values(), *claimed.values()}
    area = taken.get("delivered_area")
    return FieldMapping(
        taken,
        claimed,
        profile,
        family,
        without_unit(area)[1] if area else None,
        tuple(column for column in columns if column not in used),
        suggest(columns, taken),
    )


def _chosen(columns: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    result = {}
    for key, name in chosen.items():
        if key not in schema().fields:
            raise WeipianError("intake.field_key_unknown", field=key, fields="、".join(schema().fields))
        column = best_column([name], columns)
        if column is None:
            raise WeipianError("intake.field_column_missing", field=key, column=name, columns="、".join(columns))
        result[key] = column
    return result


def _profile(columns: Sequence[str]) -> tuple[str, str]:
    for name, entry in schema().profiles.items():
        if all(best_column([needed], columns) for needed in entry.needs):
            return name, entry.family
    return "", ""


def suggest(columns: Sequence[str], taken: Mapping[str, str]) -> tuple[Suggestion, ...]:
    """For every field without a column, the most alike of the columns nobody uses."""
    free = [column for column in columns if column not in taken.values()]
    result: list[Suggestion] = []
    for key, entry in schema().fields.items():
        if key in taken:
            continue
        names = [plain(name) for name in (*entry.names, entry.title)]
        scored = [
            (max(difflib.SequenceMatcher(None, plain(column), name).ratio() for name in names), column)
            for column in free
        ]
        result.extend(
            Suggestion(key, column, round(score, 2))
            for score, column in sorted(scored, reverse=True)[:3]
            if score >= _SUGGESTED_FROM
        )
    return tuple(result)
