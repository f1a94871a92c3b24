"""A layer looked at for the proposal of its role: columns, kind of geometry, some values, number of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..formats.catalogue import is_remote, is_service
from ..formats.crs import crs_text, parse_crs
from ..formats.listing import RASTERS, Listed
from ..formats.sampling import Sample, sample
from ..formats.vector import open_table
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.values import is_missing
from .role_guess import Geometry, LayerFacts

#: Features that are looked at: enough for the share of readable dates, few enough for a county's survey at once.
LOOKED_AT = 2000
_SAMPLED_VALUES = 40


@dataclass(frozen=True)
class Inspection:
    """What was seen of a layer. ``rows``: its first features; ``crs``: ``EPSG:n`` or a name as declared; ``encoding`` as found ("" for none).

    ``problem``: why it cannot be opened; the facts then hold the name only.
    """

    facts: LayerFacts
    rows: pd.DataFrame
    crs: str = ""
    encoding: str = ""
    problem: Message | None = None


def inspect_layer(listed: Listed, encoding: str | None = None, most: int = LOOKED_AT) -> Inspection:
    """Open a layer and look at its first features; what cannot be opened comes back with its problem, nothing is raised."""
    name, container = names_of(listed)
    if listed.raster or is_service(listed.source):
        return Inspection(LayerFacts(name, container, geometry=Geometry.RASTER), pd.DataFrame())
    if listed.problem is not None:
        return Inspection(LayerFacts(name, container), pd.DataFrame(), problem=listed.problem)
    try:
        reader = open_table(listed.source, listed.layer, encoding)
        seen: Sample = sample(reader, most)
    except WeipianError as error:
        return Inspection(LayerFacts(name, container), pd.DataFrame(), problem=error.message)
    facts = LayerFacts(
        name,
        container,
        reader.columns,
        Geometry(seen.kind) if len(seen.rows) else Geometry.UNKNOWN,
        samples_of(seen.rows),
        reader.count,
    )
    return Inspection(facts, seen.rows, _short(reader.crs), reader.encoding)


def _short(crs: str | None) -> str:
    """``EPSG:n`` or the name of the declared system; "" for none."""
    if not crs:
        return ""
    try:
        return crs_text(parse_crs(crs))
    except WeipianError:
        return crs.split('"')[1] if '"' in crs else crs[:40]


def names_of(listed: Listed) -> tuple[str, str]:
    """The layer's own name, and that of the folder or container around it."""
    if is_remote(listed.source):
        return listed.layer or "", ""
    path = Path(listed.source)
    if listed.layer:
        return listed.layer, path.stem
    return path.stem, path.parent.name


def samples_of(rows: pd.DataFrame) -> Mapping[str, Sequence[str]]:
    """Some values of each column as text, spread over the rows; blank ones left out."""
    step = max(1, len(rows) // _SAMPLED_VALUES)
    some = rows.iloc[::step].head(_SAMPLED_VALUES)
    return {
        str(column): tuple(text for text in (plain_text(value) for value in some[column]) if text) for column in rows
    }


def plain_text(value: object) -> str:
    """A value as it stands in forms: no trailing ``.0`` of whole numbers that a float column carries."""
    if is_missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def listed_of(source: str, layer: str | None = None) -> Listed:
    """A source of a catalogue as a layer to look at."""
    raster = not is_remote(source) and Path(source).suffix.lower() in RASTERS
    return Listed(source, layer, raster)
