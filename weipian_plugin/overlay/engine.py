"""The overlay itself: parcels in batches of neighbours, on several threads, to the tables of the contract."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Optional

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..geodesy import zone as zones
from ..geodesy.area import ellipsoidal_area_of_plane
from ..geodesy.extents import Extent
from ..model import vocabulary
from ..model.causes import cause_of
from ..model.errors import Cancelled, WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message
from ..model.records import LayerSource, Rejection, SourceFile
from . import split_proposal, tables
from .batch import Batch
from .boxes import morton_order
from .classes import load_classes
from .context import Context
from .features import SURVEY, gather
from .intersections import intersect
from .measuring import Measured, measure
from .projection import must_be_near
from .settings import OverlayOptions, load_settings
from .shape import Widths
from .sources import Opened, keep, open_layers, remarks, vector_layers
from .stores import Store
from .targets import Floats, Geometries, Integers, Targets, cents
from .timing import day_spans

_SMALLEST_BATCH, _LARGEST_BATCH, _LARGEST_WITH_SHAPES = 32, 600, 200
_BLANK = "（空）"
_STEP = 0.2  # s between two looks at the cancel button


@dataclass(frozen=True)
class OverlayResult:
    """Coverage, measures, regions and proposed parts (tables of ``docs/contracts.md``), the sources with their SHA-256,
    what was set aside, and ``overlaps``: areas that several groups of one role, or several roles, claim in a parcel."""

    coverage: pd.DataFrame
    measures: pd.DataFrame
    regions: geopandas.GeoDataFrame
    parts: geopandas.GeoDataFrame
    sources: list[SourceFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    overlaps: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Parcels:
    """The parcels of a run as arrays: degrees (EPSG:4490), official areas (NaN: not delivered), days of the two images, zone of each."""

    number: Geometries
    geometry: Geometries
    official: Floats
    days: Integers  # (3, n): first day of 前时相, first and last day of 后时相; 0 = not known
    zone: Integers

    def __len__(self) -> int:
        return len(self.number)


def measure_parcels(
    parcels: geopandas.GeoDataFrame,
    layers: Sequence[LayerSource],
    options: Optional[OverlayOptions] = None,
    feedback: Optional[Feedback] = None,
    delivery: Optional[Parcels] = None,
) -> OverlayResult:
    """Measure parcels against the layers of a catalogue (套合).

    ``parcels``: EPSG:4490, at least ``number`` and geometry; ``area_m2`` (official area), ``earlier_image``,
    ``later_image`` where known. ``layers``: entries of the catalogue; imagery is passed over.
    ``delivery``: all parcels, where ``parcels`` are some of them; a layer that lies far from all of these is refused.
    Areas are on the CGCS2000 ellipsoid and close at 0.01 m² to each parcel's official area.

    :raises WeipianError: a layer or a table that cannot be read (``intake.*``, ``overlay.*``); one parcel that fails is
        in ``refused`` instead. :class:`Cancelled` when the user stops.
    """
    options = options or OverlayOptions()
    log = feedback or Silent()
    context = Context(
        roles=tuple(dict.fromkeys(layer.role for layer in vector_layers(layers))),
        legal_bases=vocabulary.legal_bases(),
        settings=load_settings(options.settings),
        classes=load_classes(options.classes),
        options=options,
    )
    taken, rejected = read_parcels(parcels)
    threads = options.threads or min(os.cpu_count() or 1, 4)
    pool = ThreadPoolExecutor(max(threads, 1) + 1)
    try:
        whole = delivery or taken
        opened = open_layers(layers, options.cache, extent_of(whole), pool, log)
        boxes = shapely.bounds(whole.geometry)
        for entry in opened:
            must_be_near(entry.store, boxes, context.settings.layer_elsewhere)
        run = _Run(taken, [entry.store for entry in opened], context, log)
        done = run.all(pool, threads)
        result = _assemble(done, opened, rejected)
        keep(opened, options.cache, log)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after a cancel nobody waits for a hash to be finished
    log.progress(1.0)
    return result


def read_parcels(parcels: geopandas.GeoDataFrame) -> tuple[Parcels, list[Rejection]]:
    """Parcels as arrays; those without a polygon are refused by number."""
    geometry = np.asarray(parcels.geometry.array, object)
    numbers = parcels["number"].to_numpy(object)
    rejected = []
    broken = np.flatnonzero(~shapely.is_valid(geometry) & ~shapely.is_missing(geometry))
    if len(broken):
        geometry = geometry.copy()
        for index in broken:
            geometry[index] = shapely.make_valid(geometry[index], method="structure", keep_collapsed=False)
    usable = np.isin(shapely.get_type_id(geometry), (3, 6)) & ~shapely.is_empty(geometry)
    for index in np.flatnonzero(~usable):
        number = str(numbers[index])
        rejected.append(Rejection("", number, Message("overlay.parcel_without_area", {"parcel": number})))
    keep_ = np.flatnonzero(usable)
    geometry = shapely.force_2d(geometry[keep_])
    official = np.full(len(keep_), np.nan)
    if "area_m2" in parcels:
        official = pd.to_numeric(parcels["area_m2"], errors="coerce").to_numpy(np.float64)[keep_]
    earlier = day_spans(_texts(parcels, "earlier_image", keep_))
    later = day_spans(_texts(parcels, "later_image", keep_))
    return Parcels(
        numbers[keep_], geometry, official, np.array([earlier[0], later[0], later[1]]), zones.zones_of(geometry)
    ), rejected


def _official(parcels: Parcels, rows: Integers, projected: Geometries) -> Floats:
    """Official areas; computed where the delivery has none, of the parcels ``projected`` to the plane of their zone."""
    official = parcels.official[rows]
    unknown = np.flatnonzero(~(official > 0))
    official[unknown] = ellipsoidal_area_of_plane(projected[unknown])
    return official


def _texts(parcels: pd.DataFrame, name: str, rows: Integers) -> list[Any]:
    if name not in parcels:
        return [None] * len(rows)
    values: list[Any] = parcels[name].to_numpy(object)[rows].tolist()
    return values


def extent_of(parcels: Parcels) -> Optional[Extent]:
    """Where a layer must lie to be of use: around the parcels, with room for a prefecture."""
    if not len(parcels):
        return None
    west, south, east, north = shapely.total_bounds(parcels.geometry).tolist()
    return Extent((west - 2, south - 2, east + 2, north + 2), "图斑周边", "given")


@dataclass(frozen=True)
class BatchTables:
    """Result of one batch as tables."""

    coverage: list[tables.Columns]
    measures: list[tables.Columns]
    regions: list[tables.Columns]
    parts: list[tables.Columns]
    overlaps: list[tables.Columns]
    rejected: list[Rejection]


class _Run:
    """One run: its parcels, stores and what all batches share."""

    def __init__(self, parcels: Parcels, stores: Sequence[Store], context: Context, feedback: Feedback) -> None:
        self._parcels, self._stores, self._context, self._feedback = parcels, stores, context, feedback
        self._stop = threading.Event()

    def all(self, pool: ThreadPoolExecutor, threads: int) -> list[BatchTables]:
        """All batches, in any order of work and in a fixed order of results."""
        batches = self._batches(threads)
        done: list[BatchTables] = []
        pending: set[Future[BatchTables]] = set()
        futures: list[Future[BatchTables]] = []
        queue = iter(batches)
        finished = 0
        try:
            while True:
                for rows in islice(queue, threads - len(pending)):
                    futures.append(pool.submit(self._one, rows))
                    pending.add(futures[-1])
                if not pending:
                    break
                ready, pending = wait(pending, timeout=_STEP, return_when=FIRST_COMPLETED)
                for future in ready:
                    future.result()
                finished += len(ready)
                self._feedback.progress(0.05 + 0.9 * finished / max(len(batches), 1))
                stop_if_cancelled(self._feedback)
        except BaseException:
            self._stop.set()
            wait(pending)
            raise
        done = [future.result() for future in futures]
        return done

    def _batches(self, threads: int) -> list[Integers]:
        """Neighbours together, one zone in each batch."""
        result = []
        options = self._context.options
        largest = _LARGEST_WITH_SHAPES if options.shapes or options.parts else _LARGEST_BATCH
        for zone in np.unique(self._parcels.zone):
            rows = np.flatnonzero(self._parcels.zone == zone)
            rows = rows[morton_order(shapely.bounds(self._parcels.geometry[rows]))]
            rounds = max(2, -(-len(rows) // (threads * largest)))  # every thread gets as many batches as the others
            size = options.batch or max(-(-len(rows) // (threads * rounds)), _SMALLEST_BATCH)
            result += [rows[start : start + size] for start in range(0, len(rows), size)]
        return result

    def _one(self, rows: Integers) -> BatchTables:
        """A batch; if it fails, its parcels one by one, so that only the one at fault is lost."""
        try:
            return self._measure(rows)
        except (shapely.errors.ShapelyError, ArithmeticError, ValueError, IndexError, WeipianError) as error:
            if isinstance(error, Cancelled) or getattr(error, "code", "") == "intake.file_unreadable":
                raise  # a layer that is gone is gone for every parcel
            if len(rows) == 1:
                number = str(self._parcels.number[rows[0]])
                reason = Message("overlay.parcel_failed", {"parcel": number, "reason": cause_of(error)})
                return BatchTables([], [], [], [], [], [Rejection("", number, reason)])
            return _joined([self._one(rows[index : index + 1]) for index in range(len(rows))])

    def _go_on(self) -> None:
        """Raise :class:`Cancelled` once the run was stopped: called between the steps of a batch."""
        if self._stop.is_set():
            raise Cancelled

    def _measure(self, rows: Integers) -> BatchTables:
        self._go_on()
        parcels, context = self._parcels, self._context
        settings = context.settings
        zone = int(parcels.zone[rows[0]])
        degrees = parcels.geometry[rows]
        projected = zones.project(degrees, zone)
        official = _official(parcels, rows, projected)
        plane = shapely.transform(projected, lambda xy: np.round(xy, settings.coordinate_decimals))
        _mend(plane)
        targets = Targets.of(
            rows, np.full(len(rows), "", object), plane, official, cents(official), parcels.days[:, rows]
        )
        features, subject, feature, rejected = gather(
            self._stores, context.roles, zone, shapely.bounds(plane), shapely.bounds(degrees), settings
        )
        self._go_on()
        polygonal = features.polygonal[feature]
        intersections = intersect(
            targets, features.geometry, subject[polygonal], feature[polygonal], settings.noise_area
        )
        touches = _touches(targets, features, subject[~polygonal], feature[~polygonal], len(context.roles))
        self._go_on()
        widths = Widths()
        measured = measure(Batch(targets, features, intersections, context), touches, widths)
        self._go_on()
        rejected += _late_surveys(measured, parcels) + self._unknown_classes(measured)
        in_degrees = tables.Degrees(zone)
        batch = self._tables(measured, in_degrees, rejected)
        parts = split_proposal.propose(measured) if context.options.parts else ()
        if isinstance(parts, split_proposal.Parts) and len(parts):
            batch.parts.append(tables.parts_table(parts, measured, parcels.number, in_degrees))
            small = split_proposal.as_targets(parts, measured)
            cut = split_proposal.intersections_of_parts(parts, small, measured)
            inside = measure(Batch(small, features, cut, context), np.zeros(0, np.int64), widths)
            more = self._tables(inside, in_degrees, [])
            batch = _joined([batch, more])
        return batch

    def _unknown_classes(self, measured: Measured) -> list[Rejection]:
        """Land class codes that the class table does not have: their area counts as unsurveyed, never as of some class."""
        sources = [store.source.source for store in self._stores if store.source.role == SURVEY]
        codes = [code.strip() or _BLANK for code in measured.batch.survey.unknown]
        return [Rejection(sources[0], code, Message("overlay.class_unknown", {"code": code})) for code in codes]

    def _tables(self, measured: Measured, in_degrees: tables.Degrees, rejected: list[Rejection]) -> BatchTables:
        numbers = self._parcels.number
        return BatchTables(
            [tables.coverage_table(measured, numbers, in_degrees)],
            [tables.measures_table(measured, numbers)],
            [tables.regions_table(measured, numbers, in_degrees)],
            [],
            [tables.overlaps_table(measured, numbers)],
            rejected,
        )


def _mend(geometry: Geometries) -> None:
    """Rounding to a micrometre may fold a needle: such a parcel is made valid again."""
    for index in np.flatnonzero(~shapely.is_valid(geometry)):
        geometry[index] = shapely.make_valid(geometry[index], method="structure", keep_collapsed=False)


def _touches(targets: Targets, features: Any, subject: Integers, feature: Integers, roles: int) -> Integers:
    """Pairs of a subject and a role of lines or points that meet it, as subject × roles + role."""
    meet = shapely.intersects(targets.geometry[subject], features.geometry[feature])
    pairs: Integers = np.unique(subject[meet] * roles + features.role[feature[meet]])
    return pairs


def _late_surveys(measured: Measured, parcels: Parcels) -> list[Rejection]:
    """Parcels whose land classes come from a survey that may already show what was built."""
    found = []
    late = measured.batch.survey.late_year
    for index in np.flatnonzero(late > 0):
        number = str(parcels.number[measured.targets.index[index]])
        details = {"parcel": number, "year": int(late[index])}
        found.append(Rejection("", number, Message("overlay.no_survey_year", details)))
    return found


def _joined(batches: Sequence[BatchTables]) -> BatchTables:
    def all_of(part: Callable[[BatchTables], list[Any]]) -> list[Any]:
        return [item for batch in batches for item in part(batch)]

    return BatchTables(
        all_of(lambda b: b.coverage),
        all_of(lambda b: b.measures),
        all_of(lambda b: b.regions),
        all_of(lambda b: b.parts),
        all_of(lambda b: b.overlaps),
        all_of(lambda b: b.rejected),
    )


def _assemble(batches: Sequence[BatchTables], opened: Sequence[Opened], rejected: list[Rejection]) -> OverlayResult:
    every = _joined(batches)
    known = set()
    remarked = [rejection for entry in opened for rejection in remarks(entry.store)]
    for rejection in [*remarked, *every.rejected]:  # a feature near two batches is told once
        name = (rejection.source, rejection.feature, rejection.code)
        if name not in known:
            known.add(name)
            rejected.append(rejection)
    return OverlayResult(
        tables.together(every.coverage, tables.COVERAGE, spatial=False),
        tables.together(every.measures, tables.MEASURES, spatial=False),
        tables.together(every.regions, tables.REGIONS, spatial=True),
        tables.together(every.parts, tables.PARTS, spatial=True),
        [entry.source_file() for entry in opened],
        rejected,
        tables.together(every.overlaps, tables.OVERLAPS, spatial=False),
    )
