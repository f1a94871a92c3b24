"""A delivery becomes parcels: files are opened, understood, checked and measured; nothing is written.

One damaged parcel is refused by number and the rest go on; one damaged file refuses the whole delivery, because half a
batch taken in as a whole one is the loss nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..formats.crs import CrsDecision, decide_crs, to_stored
from ..formats.names import best_column
from ..formats.readers import fingerprint, sample_centres
from ..geodesy.extents import Extent, county_name, extent_of, joint_extent
from ..model.cells import is_null_date, is_rounded, number_text
from ..model.columns import Use, names_for
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Share, Silent, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS, DateSpan, Parcel, Rejection
from . import geometry, relations
from .delivered import DeliveredBatch, DeliveryCounts
from .fields import FieldMapping, map_fields, schema
from .joining import REGISTER_CODES, Joined, join_registers
from .records import ClaimRows, RecordArray
from .settings import IntakeOptions
from .sources import FORMATS, Scratch, contents_of
from .tables import DeliveredTable, Opened, numbers_of, open_delivery
from .units import UnitDecision, decide_unit, in_square_metres, mismatched

#: Columns of the parcels of a delivery: those of the record that a delivery fills.
COLUMNS = names_for(Parcel, Use.DELIVERED)
#: Attributes that are worked out from more than their own column; the others are taken as they stand there.
_WORKED_OUT = ("parent", "county_code", "county", "level")
_TEXT_KEYS = tuple(name for name in names_for(Parcel, Use.ATTRIBUTE) if name not in _WORKED_OUT)


Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class FileFacts:
    """What was found out about one table, for the preview and the report."""

    name: str
    features: int
    accepted: int
    encoding: str
    crs: str
    crs_certain: bool
    unit: str
    profile: str
    family: str
    kind: str
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True)
class Intake:
    """What a delivery holds. ``parcels`` as in docs/contracts.md.

    ``rejected_bounds`` stands beside ``rejected``: where a rejected feature lies (degrees), None where nobody knows.
    """

    parcels: geopandas.GeoDataFrame
    rejected: list[Rejection]
    batch: DeliveredBatch
    notes: list[Message]
    files: list[FileFacts] = field(default_factory=list)
    rejected_bounds: list[Bounds | None] = field(default_factory=list)


def read_delivery(path: Path, options: IntakeOptions | None = None, feedback: Feedback | None = None) -> Intake:
    """Read a delivery (folder, shp, zip, gdb, gpkg, GeoJSON, KML, TXT, register) without writing anything.

    Raises WeipianError (``intake.*``) for a delivery that cannot be taken as a whole, ``run.cancelled`` on request.
    """
    requested, log = options or IntakeOptions(), feedback or Silent()
    path = Path(path)
    with Scratch() as scratch:
        opened = _opened(path, scratch, requested, Share(log, 0.0, 0.3))
        return _understand(path, opened, requested, Share(log, 0.3, 1.0))


def _opened(path: Path, scratch: Scratch, options: IntakeOptions, log: Feedback) -> Opened:
    def progress(share: float) -> None:
        stop_if_cancelled(log)
        log.progress(share)

    stop_if_cancelled(log)
    opened = open_delivery(contents_of(path, scratch), options, progress, log.cancelled)
    if not opened.tables:
        if opened.aside:
            raise opened.aside[0]
        raise WeipianError("intake.delivery_empty", path=str(path), formats=" ".join(FORMATS))
    return opened


def _understand(path: Path, opened: Opened, options: IntakeOptions, log: Feedback) -> Intake:
    mapped = [(table, mapping_of(table, options)) for table in opened.tables]
    shaped = [(table, mapping) for table, mapping in mapped if table.geometries is not None and mapping.recognised]
    registers = [(table, mapping) for table, mapping in mapped if table.geometries is None and mapping.recognised]
    if not shaped and not registers:
        raise _unknown_schema(mapped)
    notes = [
        Message(
            "intake.file_set_aside",
            {"path": table.name, "count": table.count, "columns": "、".join(table.columns[:12])},
        )
        for table, mapping in mapped
        if not mapping.recognised
    ]
    notes = [*notes, *opened.notes_beside()]
    taken = []
    for position, (table, mapping) in enumerate(shaped):
        stop_if_cancelled(log)
        taken.append(_take(table, mapping, options))
        log.progress(0.7 * (position + 1) / len(shaped))
    if not shaped:
        taken = [_known_parcels(path, registers, options)]
    related = _related(taken, options if shaped else replace(options, earlier=None))
    stop_if_cancelled(log)
    log.progress(0.9)
    parcels, join = join_registers(related.parcels, registers)
    log.progress(1.0)
    return _finish(path, taken, replace(related, parcels=parcels), join, notes, options)


def _known_parcels(
    path: Path, registers: Sequence[tuple[DeliveredTable, FieldMapping]], options: IntakeOptions
) -> ReadTable:
    """The parcels that a register alone speaks of, as they were taken in before; it changes attributes only."""
    earlier = options.earlier
    numbers = {number for table, mapping in registers for number in numbers_of(table, mapping.columns["number"])}
    known = None if earlier is None else earlier[earlier["number"].astype(str).isin(numbers)].reset_index(drop=True)
    if known is None or not len(known):
        raise WeipianError("intake.register_only", path=str(path), count=sum(table.count for table, _ in registers))
    blank: dict[str, Any] = {"delivered": {}, "claims": {}, "flags": (), "repair": None}
    columns = {
        name: known[name] if name in known.columns else pd.Series([blank.get(name)] * len(known), dtype=object)
        for name in COLUMNS
    }
    for name in ("delivered", "claims"):
        columns[name] = RecordArray.from_records(
            [value if isinstance(value, Mapping) else {} for value in columns[name]]
        )
    columns["flags"] = pd.Series([tuple(value or ()) for value in columns["flags"]], dtype=object)
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(columns), geometry=np.asarray(known["geometry"], dtype=object), crs=STORED_CRS
    )
    facts = FileFacts("工作库", len(frame), len(frame), "utf-8", STORED_CRS, True, "", "register", "", "", {}, (), ())
    return ReadTable(frame, [], len(frame), facts)


#: A parcel number as the ministry writes it: the county, letters of the campaign, figures, and the suffix of a part.
_NUMBER = re.compile(r"[1-8]\d{5}[A-Za-z]{1,8}\d{4,}(_\d+)?")
_NAME_COLUMNS = ("Name", "名称", "NAME", "id", "ID")


def mapping_of(table: DeliveredTable, options: IntakeOptions) -> FieldMapping:
    """What the columns of a table mean: as chosen, as known, or by the name of the placemark (or the id of the feature) where it is
    a parcel number.

    奥维 and Google Earth keep the number as the name of a placemark, with no column for it.
    """
    chosen = choice_of(table, options.for_file(table.name))
    mapping = map_fields(table.columns, chosen)
    if mapping.recognised or "number" in mapping.columns or table.geometries is None:
        return mapping
    for column in _NAME_COLUMNS:
        if column in table.columns:
            values = [value for value in numbers_of(table, column) if value]
            if values and sum(bool(_NUMBER.fullmatch(value)) for value in values) >= 0.9 * len(values):
                return map_fields(table.columns, {**chosen, "number": column})
    return mapping


def choice_of(table: DeliveredTable, options: IntakeOptions) -> Mapping[str, str]:
    """The user's mapping, as far as the table has those columns (a delivery may hold several schemas).

    Raises ``intake.field_column_missing``.
    """
    have = {key: column for key, column in options.fields.items() if best_column([column], table.columns)}
    if options.fields and not have and table.geometries is not None:
        key, column = next(iter(options.fields.items()))
        raise WeipianError("intake.field_column_missing", field=key, column=column, columns="、".join(table.columns))
    return have


def _unknown_schema(mapped: Sequence[tuple[DeliveredTable, FieldMapping]]) -> WeipianError:
    table, mapping = mapped[0]
    likely = "、".join(f"{one.column}→{schema().fields[one.key].title}" for one in mapping.suggestions[:6])
    return WeipianError(
        "intake.fields_unknown", path=table.name, columns="、".join(table.columns[:40]), suggestions=likely or "—"
    )


RejectedRow = tuple[Rejection, Optional[Bounds]]


def _bounds(shape: object) -> Bounds | None:
    if shape is None or not isinstance(shape, shapely.Geometry):
        return None
    box = shapely.bounds(shape)
    return (box[0], box[1], box[2], box[3]) if np.isfinite(box).all() else None


@dataclass(frozen=True)
class ReadTable:
    """The parcels of one table before they are compared with each other; ``refused`` with the place of each."""

    frame: geopandas.GeoDataFrame
    rejected: list[RejectedRow]
    features: int
    facts: FileFacts


@dataclass(frozen=True)
class _Sizes:
    """The rows of a table that have a shape, with the areas the table states (as delivered) and the measured ones."""

    rows: NDArray[np.intp]
    stated: NDArray[np.float64]
    measured: geometry.Measured
    unit: UnitDecision

    def of(self, good: NDArray[np.bool_]) -> _Sizes:
        return _Sizes(self.rows[good], self.stated[good], self.measured.of(good), self.unit)


def _take(table: DeliveredTable, mapping: FieldMapping, options: IntakeOptions) -> ReadTable:
    """The parcels of one table: system of coordinates, shapes, areas, then the columns of :data:`COLUMNS`."""
    options = options.for_file(table.name)
    numbers = numbers_of(table, mapping.columns["number"])
    codes = county_codes(table, mapping, numbers, options)
    decision = system_of(table, mapping, codes, options)
    shapes = table.geometries if table.geometries is not None else np.full(table.count, None)
    stored = to_stored(shapes, decision.crs, decision.swapped, options.shift)
    checked = geometry.check(stored, _problems(table, numbers), table.unclosed, anywhere=options.crs is not None)
    sizes = _sizes(table, mapping, checked, options)
    reasons = {**checked.rejected, **_unfit(checked, sizes, options)}
    names = [number or f"第{row + 1}条" for row, number in enumerate(numbers)]
    rejected = [
        (Rejection(table.name, names[row], reason), _bounds(stored[row])) for row, reason in sorted(reasons.items())
    ]
    good = sizes.of(~np.isin(sizes.rows, list(reasons)))
    texts = _texts(table, mapping, good.rows, options)
    kinds, unsure = _kinds(table, texts["type"], options)
    damaged = table.damaged()
    flags = _Flags(len(good.rows))
    flags.put("outside_county", _outside(good.measured.centre, [codes[row] for row in good.rows], options))
    flags.put("repaired", np.isin(good.rows, list(checked.repairs)))
    flags.put("area_mismatch", mismatched(good.stated, good.measured.area_m2, good.unit.unit, options.tolerances))
    if "delivered_area" in mapping.columns:
        flags.put("area_missing", ~((good.stated > 0) | np.isinf(good.stated)))
    flags.put("text_damaged", np.isin(good.rows, sorted({row for rows in damaged.values() for row in rows})))
    flags.put("kind_unsure", unsure)
    filled = {
        **texts,
        **_area_columns(good),
        "number": [numbers[row] for row in good.rows],
        "kind": kinds,
        "parent": relations.parents([numbers[row] for row in good.rows]),
        "county_code": [codes[row] for row in good.rows],
        "county": _counties(table, mapping, codes, good.rows),
        "level": _levels(_column(table, mapping, "level", good.rows)),
        "delivered": RecordArray.of(table.rows, good.rows),
        "claims": RecordArray.of(ClaimRows(table.rows, mapping.claims), good.rows),
        "flags": flags.tuples(),
        "repair": pd.Series([checked.repairs.get(int(row)) for row in good.rows], dtype=object),
        "source": table.name,
        "feature": [str(row + 1) for row in good.rows],
    }
    frame = pd.DataFrame({name: filled[name] for name in COLUMNS})
    parcels = geopandas.GeoDataFrame(frame, geometry=checked.geometries[good.rows], crs=STORED_CRS)
    notes = (*_kind_notes(table, kinds, unsure), *_damage_notes(table, damaged))
    facts = _facts(table, mapping, decision, good, kinds, notes)
    return ReadTable(parcels, rejected, table.count, facts)


def _facts(
    table: DeliveredTable,
    mapping: FieldMapping,
    decision: CrsDecision,
    good: _Sizes,
    kinds: Sequence[str],
    notes: Sequence[Message],
) -> FileFacts:
    """What the report says of a file: how it was read, and what of it was understood."""
    everything = (*table.notes, *_named(table, mapping), decision.reason, good.unit.reason, *notes)
    return FileFacts(
        table.name, table.count, len(good.rows), table.encoding, decision.name, decision.certain, good.unit.unit,
        mapping.profile, mapping.family, "+".join(sorted(set(kinds))), dict(mapping.columns), mapping.unused, everything,
    )  # fmt: skip


def _problems(table: DeliveredTable, numbers: Sequence[str]) -> dict[int, Message]:
    """What is wrong with rows before their shapes are looked at: damage, no number, a rounded one, a deleted record."""
    problems = dict(table.problems)
    for row, number in enumerate(numbers):
        if not number:
            problems[row] = Message("intake.number_missing", {"row": row + 1})
        elif is_rounded(number):
            problems[row] = Message("intake.number_rounded", {"number": number})
    for row in np.flatnonzero(table.deleted).tolist() if table.deleted is not None else ():
        problems[row] = Message("intake.record_deleted", {"row": row + 1})
    return problems


def _sizes(table: DeliveredTable, mapping: FieldMapping, checked: geometry.Checked, options: IntakeOptions) -> _Sizes:
    rows = np.flatnonzero(shapely.get_type_id(checked.geometries) >= 0)
    measured = geometry.measure(checked.geometries[rows])
    stated = _numbers(table, mapping, rows)
    return _Sizes(rows, stated, measured, decide_unit(stated, measured.area_m2, mapping.area_unit, options.unit))


def _unfit(checked: geometry.Checked, sizes: _Sizes, options: IntakeOptions) -> dict[int, Message]:
    """Shapes without area, and repairs that change too much."""
    unfit = {int(row): Message("intake.area_zero", {}) for row in sizes.rows[~(sizes.measured.area_m2 > 0)]}
    stated = dict(zip(sizes.rows.tolist(), in_square_metres(sizes.stated, sizes.unit.unit).tolist()))
    return {**unfit, **geometry.excessive(checked.repairs, stated, options.tolerances)}


def _area_columns(sizes: _Sizes) -> dict[str, Any]:
    return {
        "delivered_area": np.where(np.isinf(sizes.stated), np.nan, sizes.stated),
        "delivered_unit": sizes.unit.unit,
        "area_m2": sizes.measured.area_m2,
        "projected_area_m2": sizes.measured.projected_m2,
        "zone": sizes.measured.zone,
    }


def _texts(
    table: DeliveredTable, mapping: FieldMapping, rows: NDArray[np.intp], options: IntakeOptions
) -> dict[str, list[str]]:
    """The text columns of the kept rows, dates as ISO text; a date of issue given for the whole file fills the blanks."""
    texts = {key: _column(table, mapping, key, rows) for key in _TEXT_KEYS}
    for key in ("earlier_image", "later_image", "issued"):
        texts[key] = _dates(texts[key])
    if options.issued:
        texts["issued"] = [issued or options.issued for issued in texts["issued"]]
    return texts


def _column(table: DeliveredTable, mapping: FieldMapping, key: str, rows: NDArray[np.intp]) -> list[str]:
    if key not in mapping.columns:
        return [""] * len(rows)
    values = table.text_of(mapping.columns[key])[0]
    return [values[row] for row in rows]


def _numbers(table: DeliveredTable, mapping: FieldMapping, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Delivered areas as numbers; NaN where blank, infinite where there is something that is no number (「约 3 亩」)."""
    texts = _column(table, mapping, "delivered_area", rows)
    figures = pd.Series([number_text(text) for text in texts], dtype=object)
    values = np.asarray(pd.to_numeric(figures, errors="coerce"), dtype=np.float64)
    filled = np.array([bool(text.strip()) for text in texts], dtype=bool)
    return np.where(filled & np.isnan(values), np.inf, values) if len(texts) else values


def county_codes(
    table: DeliveredTable, mapping: FieldMapping, numbers: Sequence[str], options: IntakeOptions
) -> list[str]:
    """Six-digit county code of each row: its own column, else the head of the number, else the user's."""
    given = options.county_code or ""
    stated = (
        numbers_of(table, mapping.columns["county_code"]) if "county_code" in mapping.columns else [""] * len(numbers)
    )
    return [
        code[:6] if re.match(r"[1-8]\d{5}", code) else (number[:6] if re.match(r"[1-8]\d{5}[A-Z]", number) else given)
        for code, number in zip(stated, numbers)
    ]


def expected_extent(codes: Sequence[str], options: IntakeOptions) -> Extent | None:
    """Where the parcels should lie: the county's outline or box as given, else the boxes of the codes."""
    if options.county is not None:
        return Extent(tuple(shapely.bounds(options.county).tolist()), "本县", "given")
    if options.extent is not None:
        return Extent(options.extent, "本县", "given")
    return joint_extent([*codes, options.county_code or ""])


def system_of(
    table: DeliveredTable, mapping: FieldMapping, codes: Sequence[str], options: IntakeOptions
) -> CrsDecision:
    """The system of a table by what it declares, the county, and centre points in the attributes; raises ``intake.crs_*``."""
    shapes = table.geometries if table.geometries is not None else np.zeros(0, dtype=object)
    boxes = shapely.bounds(shapes)
    rows = np.flatnonzero(np.isfinite(boxes).all(axis=1))
    rows = rows[:: max(1, len(rows) // 500)]
    places = None
    if "lon" in mapping.columns and "lat" in mapping.columns:
        pair = [
            pd.to_numeric(pd.Series(_column(table, mapping, key, rows), dtype=object), errors="coerce")
            for key in ("lon", "lat")
        ]
        stated = np.column_stack(pair).astype(np.float64)
        plausible = (stated[:, 0] > 70) & (stated[:, 0] < 140) & (stated[:, 1] > 0) & (stated[:, 1] < 60)
        places = stated if len(stated) and plausible.mean() > 0.5 else None
    return decide_crs(
        table.crs, sample_centres(boxes[rows]), expected_extent(codes, options), options.crs, places, table.swapped
    )


def _outside(place: NDArray[np.float64], codes: Sequence[str], options: IntakeOptions) -> NDArray[np.bool_]:
    """Parcels whose middle lies outside their county, as far as its outline or box is known."""
    if options.county is not None:
        shapely.prepare(options.county)
        inside: NDArray[np.bool_] = shapely.intersects_xy(options.county, place[:, 0], place[:, 1])
        return ~inside
    margin = options.tolerances.county_degrees
    outside = np.zeros(len(place), dtype=bool)
    known = np.array(codes, dtype=object)
    for code in set(codes):
        extent = Extent(options.extent, "本县", "given") if options.extent else extent_of(code)
        if extent is None:
            continue
        west, south, east, north = extent.box
        rows = np.flatnonzero(known == code)
        lon, lat = place[rows].T
        outside[rows] = (lon < west - margin) | (lon > east + margin) | (lat < south - margin) | (lat > north + margin)
    return outside


def _dates(texts: Sequence[str]) -> list[str]:
    """ISO text where a date can be read, nothing for the zeros of null dates, else the text as delivered."""
    read: dict[str, str] = {}
    for text in set(texts):
        span = DateSpan.parse(text)
        read[text] = span.isoformat() if span else "" if is_null_date(text) else text
    return [read[text] for text in texts]


def _kinds(table: DeliveredTable, types: Sequence[str], options: IntakeOptions) -> tuple[list[str], NDArray[np.bool_]]:
    """Kind of each parcel and where it is not certain: said by the user, or by a file name that speaks of one kind only.

    A name that holds both words (土地矿产) or none leaves it to the type, which is a guess: such a mining parcel is flagged, and where
    the name holds both, every parcel is.
    """
    sure = np.zeros(len(types), dtype=bool)
    if options.kind:
        return [options.kind] * len(types), sure
    words = schema().kinds
    name = re.split(r"[/\\]", table.name)[-1].lower()
    log = [kind for kind in ("mining", "land") if any(word.lower() in name for word in words.file_words[kind])]
    if len(log) == 1:
        return log * len(types), sure
    mining = np.array([any(word in text for word in words.type_words["mining"]) for text in types], dtype=bool)
    unsure = mining | bool(log)
    return ["mining" if guess else "land" for guess in mining], unsure


def _kind_notes(table: DeliveredTable, kinds: Sequence[str], unsure: NDArray[np.bool_]) -> list[Message]:
    """The question which kind the parcels are, where neither the user nor the file's name says it."""
    if not unsure.any():
        return []
    guessed = sorted({_KIND_TITLES[kinds[row]] for row in np.flatnonzero(unsure)})
    details = {"path": table.name, "count": int(unsure.sum()), "kind": "、".join(guessed)}
    return [Message("intake.kind_unsure", details)]


_KIND_TITLES = {"land": "土地", "mining": "矿产"}


def _levels(texts: Sequence[str]) -> list[str]:
    known = schema().levels
    return [str(known.get(text, "")) for text in texts]


def _counties(table: DeliveredTable, mapping: FieldMapping, codes: Sequence[str], rows: NDArray[np.intp]) -> list[str]:
    """County names: the mapped column, else 行政区名称 (县级行政区名称 is often blank in table B), else that of the code."""
    stated = _column(table, mapping, "county", rows)
    other = best_column(["行政区名称"], [column for column in table.columns if column != mapping.columns.get("county")])
    if other is not None and not all(stated):
        values = table.text_of(other)[0]
        stated = [name or values[row] for name, row in zip(stated, rows)]
    return [name or county_name(codes[row]) for name, row in zip(stated, rows)]


def _named(table: DeliveredTable, mapping: FieldMapping) -> list[Message]:
    column = mapping.columns["number"]
    if column not in _NAME_COLUMNS:
        return []
    return [Message("intake.number_from_name", {"path": table.name, "column": column})]


def _damage_notes(table: DeliveredTable, damaged: Mapping[str, Sequence[int]]) -> list[Message]:
    notes = []
    for column, rows in damaged.items():
        some = "、".join(str(row + 1) for row in rows[:10])
        notes.append(
            Message("intake.text_damaged", {"path": table.name, "column": column, "count": len(rows), "rows": some})
        )
    return notes


class _Flags:
    """Flags of many parcels at once; most have none and share one empty tuple."""

    def __init__(self, count: int) -> None:
        self._values: list[tuple[str, ...]] = [()] * count

    def put(self, code: str, mask: NDArray[np.bool_]) -> None:
        for row in np.flatnonzero(mask):
            self._values[row] = (*self._values[row], code)

    def tuples(self) -> pd.Series:
        values = np.empty(len(self._values), dtype=object)
        for row, value in enumerate(self._values):
            values[row] = value
        return pd.Series(values, dtype=object)


@dataclass(frozen=True)
class _Related:
    """The parcels of all tables after they were compared with each other, and what was rejected so far."""

    parcels: geopandas.GeoDataFrame
    rejected: list[RejectedRow]


def _related(taken: Sequence[ReadTable], options: IntakeOptions) -> _Related:
    """All tables as one batch: repeated numbers refused, overlaps and missing parents flagged."""
    frame = pd.concat([one.frame for one in taken], ignore_index=True)
    rejected = [rejection for one in taken for rejection in one.rejected]
    numbers = frame["number"].tolist()
    repeated, kept = relations.repeated(numbers, np.asarray(frame.geometry, dtype=object), options.tolerances)
    for row, reason in sorted(repeated.items()):
        one = Rejection(str(frame["source"].iloc[row]), numbers[row], reason)
        rejected.append((one, _bounds(frame.geometry.iloc[row])))
    flags = _Flags(len(frame))
    flags.put("duplicate_kept", np.isin(np.arange(len(frame)), kept))
    frame = _with_flags(frame, flags)
    if repeated:
        frame = frame.drop(index=list(repeated)).reset_index(drop=True)
    return _Related(_with_overlaps(frame, options), rejected)


def _with_flags(frame: geopandas.GeoDataFrame, more: _Flags) -> geopandas.GeoDataFrame:
    added = more.tuples()
    if not any(added):
        return frame
    return frame.assign(
        flags=pd.Series([(*old, *new) for old, new in zip(frame["flags"], added)], index=frame.index, dtype=object)
    )


def _with_overlaps(frame: geopandas.GeoDataFrame, options: IntakeOptions) -> geopandas.GeoDataFrame:
    shapes = np.asarray(frame.geometry, dtype=object)
    numbers, parent = frame["number"].tolist(), frame["parent"].tolist()
    flags = _Flags(len(frame))
    inside = [
        pair
        for pair in relations.overlaps(shapes, None, options.tolerances)
        if parent[pair.first] != numbers[pair.second] and parent[pair.second] != numbers[pair.first]
    ]
    flags.put("overlap_in_batch", _mask(len(frame), [row for pair in inside for row in (pair.first, pair.second)]))
    known = set(numbers)
    if options.earlier is not None and len(options.earlier):
        earlier = options.earlier
        others = earlier["number"].astype(str).tolist()
        known |= set(others)
        result = [
            pair
            for pair in relations.overlaps(shapes, np.asarray(earlier["geometry"], dtype=object), options.tolerances)
            if others[pair.second] not in (numbers[pair.first], parent[pair.first])
        ]
        flags.put("overlap_earlier", _mask(len(frame), [pair.first for pair in result]))
    orphans = [row for row, number in enumerate(parent) if number and number not in known]
    flags.put("parent_missing", _mask(len(frame), orphans))
    return _with_flags(frame, flags)


def _mask(count: int, rows: Sequence[int]) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=bool)
    mask[list(rows)] = True
    return mask


def _finish(
    path: Path,
    taken: Sequence[ReadTable],
    related: _Related,
    join: Joined,
    notes: list[Message],
    options: IntakeOptions,
) -> Intake:
    """The delivery as a whole. Raises ``intake.counts_open`` where a feature is neither accepted nor rejected."""
    parcels = related.parcels
    rejected = [*related.rejected, *((one, None) for one in join.rejected)]
    features = sum(one.features for one in taken)
    lost = sum(1 for rejection, _ in rejected if rejection.code not in REGISTER_CODES)
    counts = DeliveryCounts(features, len(parcels), lost, join.rows, join.joined, len(join.rejected))
    if not counts.close:
        raise WeipianError("intake.counts_open", **asdict(counts))
    files = [one.facts for one in taken]
    batch = DeliveredBatch(
        name=options.batch or path.stem,
        kind=_distinct(parcels["kind"]),
        source=str(path),
        sha256=fingerprint(str(path)),
        encoding=_distinct(one.encoding for one in files),
        crs=_distinct(one.crs for one in files),
        crs_certain=all(one.crs_certain for one in files),
        unit=_distinct(one.unit for one in files),
        family=_distinct([*(one.family for one in files), *join.families]),
        counts=counts,
        compared_with_earlier=options.earlier is not None,
        register_only=not any(one.profile != "register" or one.columns for one in files),
    )
    result = [note for one in files for note in one.notes]
    reasons, places = [rejection for rejection, _ in rejected], [place for _, place in rejected]
    return Intake(parcels, reasons, batch, [*result, *join.notes, *notes], files, places)


def _distinct(values: Iterable[str]) -> str:
    return "+".join(sorted({value for value in values if value}))
