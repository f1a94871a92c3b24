"""What intake would make of a delivery, shown before anything is decided: nothing is written and doubts are no errors here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..formats.crs import CrsCandidate, CrsDecision, candidates_for
from ..formats.encoding import EncodingDecision
from ..formats.readers import sample_centres
from ..model.errors import WeipianError
from ..model.messages import Message
from .delivery import county_codes, expected_extent, mapping_of, system_of
from .fields import FieldMapping, map_fields
from .settings import IntakeOptions
from .sources import Scratch, contents_of
from .tables import DeliveredTable, numbers_of, open_delivery

_ROWS = 5


@dataclass(frozen=True)
class TablePreview:
    """One table: first rows as delivered, the mapping with suggestions, and the candidates for encoding and system.

    ``crs`` is None where the user has to choose; ``problem`` then says why.
    """

    name: str
    count: int
    has_geometry: bool
    rows: pd.DataFrame
    mapping: FieldMapping
    encoding: str
    encoding_decision: EncodingDecision | None
    crs: CrsDecision | None
    crs_candidates: tuple[CrsCandidate, ...]
    problem: Message | None
    notes: tuple[Message, ...]


def preview_delivery(path: Path, options: IntakeOptions | None = None) -> list[TablePreview]:
    """Look at a delivery with what the user has chosen so far.

    Raises WeipianError only where a file cannot be opened at all (damaged, cut, hostile archive).
    """
    requested = options or IntakeOptions()
    with Scratch() as scratch:
        opened = open_delivery(contents_of(Path(path), scratch), requested)
        if not opened.tables and opened.aside:
            raise opened.aside[0]
        return [_preview(table, requested) for table in opened.tables]


def _preview(table: DeliveredTable, options: IntakeOptions) -> TablePreview:
    options = options.for_file(table.name)
    problem: Message | None = None
    decision: CrsDecision | None = None
    try:
        mapping = mapping_of(table, options)
    except WeipianError as error:
        mapping, problem = map_fields(table.columns), error.message
    codes: Sequence[str] = []
    if table.geometries is not None:
        codes = county_codes(table, mapping, numbers_of(table, mapping.columns.get("number")), options)
        try:
            decision = system_of(table, mapping, codes, options)
        except WeipianError as error:
            problem = error.message
    return TablePreview(
        table.name,
        table.count,
        table.geometries is not None,
        _rows(table),
        mapping,
        table.encoding,
        table.encoding_decision,
        decision,
        _candidates(table, codes, options),
        problem,
        table.notes,
    )


def _rows(table: DeliveredTable) -> pd.DataFrame:
    records: list[dict[str, Any]] = [table.rows.record(row) for row in range(min(_ROWS, table.count))]
    return pd.DataFrame(records, columns=list(table.columns), dtype=object)


def _candidates(table: DeliveredTable, codes: Sequence[str], options: IntakeOptions) -> tuple[CrsCandidate, ...]:
    if table.geometries is None:
        return ()
    boxes = shapely.bounds(table.geometries)
    centres = sample_centres(np.asarray(boxes, dtype=np.float64))
    return tuple(candidates_for(centres, expected_extent(codes, options)))
