"""Measuring again only what a change touches.

For every parcel the state keeps a digest of itself and, per layer, one of the features whose boxes meet it. A parcel is
measured again when one of these differs; a layer whose SHA-256 is the same is not even looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..geodesy import zone as zones
from ..model.feedback import Feedback, Share, Silent, stop_if_cancelled
from ..model.paths import resource
from ..model.records import LayerSource
from . import tables
from .boxes import near
from .cache import key_of
from .engine import OverlayResult, Parcels, extent_of, measure_parcels, read_parcels
from .settings import OverlayOptions
from .sources import Opened, keep, open_layers
from .stores import Store

_WORDS = np.uint64


@dataclass(frozen=True)
class State:
    """What a result was made of. ``rules``: settings and tables; ``sources``: SHA-256 by layer; ``own``: digest of each
    parcel; ``near``: per layer the digest of what lies near each parcel. All plain values: it can be kept as JSON."""

    rules: str
    sources: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> State:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Update:
    """The complete result, the state to keep beside it, and the numbers of the parcels that were measured."""

    result: OverlayResult
    state: State
    measured: tuple[str, ...]


def measure_changes(
    parcels: geopandas.GeoDataFrame,
    layers: Sequence[LayerSource],
    options: Optional[OverlayOptions] = None,
    feedback: Optional[Feedback] = None,
    result: Optional[OverlayResult] = None,
    state: Optional[State] = None,
) -> Update:
    """The result for ``parcels``, taking over from ``result`` every parcel that no change touches.

    Without an earlier ``result`` and its ``state`` everything is measured. Raises what :func:`measure_parcels` raises.
    """
    options = options or OverlayOptions()
    said = feedback or Silent()
    taken, _ = read_parcels(parcels)
    with ThreadPoolExecutor(2) as pool:
        opened = open_layers(layers, options.cache, extent_of(taken), pool, said)
        new = _state(taken, opened, options, state)
        keep(opened, options.cache, said)
    stop_if_cancelled(said)
    said.progress(0.2)
    if result is None or state is None or state.rules != new.rules or set(state.sources) != set(new.sources):
        changed = set(map(str, parcels["number"]))
    else:
        changed = {
            number for number in map(str, parcels["number"]) if _signature(new, number) != _signature(state, number)
        }
    some = parcels[parcels["number"].astype(str).isin(changed)]
    fresh = measure_parcels(some, layers, options, Share(said, 0.2, 1.0), taken)
    merged = fresh if result is None or len(changed) == len(parcels) else _merged(result, fresh, parcels, changed)
    return Update(merged, new, tuple(str(number) for number in some["number"]))


def _signature(state: State, number: str) -> tuple[Any, ...]:
    return (state.own.get(number), *((layer, state.near[layer].get(number)) for layer in sorted(state.near)))


def _state(parcels: Parcels, opened: Sequence[Opened], options: OverlayOptions, before: Optional[State]) -> State:
    own = {
        str(number): hashlib.sha256(shapely.to_wkb(shape) + repr((float(area), days)).encode()).hexdigest()[:16]
        for number, shape, area, days in zip(
            parcels.number, parcels.geometry, parcels.official, parcels.days.T.tolist()
        )
    }
    sources, beside = {}, {}
    for entry in opened:
        layer = key_of(entry.store.source)
        sources[layer] = entry.sha256.result()
        same = before is not None and sources[layer] and before.sources.get(layer) == sources[layer]
        known = before.near.get(layer, {}) if before is not None and same else {}
        # A parcel that moved lies near other features, though the layer is the same.
        new = [
            k
            for k, number in enumerate(parcels.number)
            if str(number) not in known or before is None or before.own.get(str(number)) != own[str(number)]
        ]
        digests = {str(number): known[str(number)] for number in parcels.number if str(number) in known}
        digests.update(_near_digests(parcels, entry.store, np.array(new, np.int64)))
        beside[layer] = digests
    return State(_rules(options), sources, own, beside)


def _near_digests(parcels: Parcels, store: Store, rows: Any) -> dict[str, str]:
    """Digest of the features near each parcel: the sum of the features' own digests, so that their order is no matter."""
    sums = np.zeros(len(rows), _WORDS)
    for zone in np.unique(parcels.zone[rows]):
        mine = np.flatnonzero(parcels.zone[rows] == zone)
        degrees = parcels.geometry[rows[mine]]
        boxes = store.frame.boxes(shapely.bounds(degrees), shapely.bounds(zones.project(degrees, int(zone))), int(zone))
        parcel, position = near(boxes, store.blocks, store.boxes)
        wanted, which = np.unique(position, return_inverse=True)
        np.add.at(sums, mine[parcel], _feature_digests(store, wanted)[which])
    return {str(parcels.number[row]): f"{int(value):016x}" for row, value in zip(rows, sums)}


def _feature_digests(store: Store, positions: Any) -> Any:
    text = store.texts(positions)
    texts = [text(key).tolist() for key in sorted(store.keys)]
    blobs = shapely.to_wkb(store.content.geometries(positions)).tolist()
    return np.array(
        [
            int.from_bytes(hashlib.sha256((blob or b"") + "\x1f".join(row).encode()).digest()[:8], "little")
            for blob, *row in zip(blobs, *texts)
        ],
        _WORDS,
    )


def _rules(options: OverlayOptions) -> str:
    """Digest of everything but parcels and layers that a result depends on."""
    choice = replace(options, cache=None, threads=0, batch=0)
    digest = hashlib.sha256(repr(choice).encode())
    for file in (
        options.settings or resource("overlay.yaml"),
        options.classes or resource("land_classes.yaml"),
        resource("measures.yaml"),
        resource("area.yaml"),
    ):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _merged(
    old: OverlayResult, new: OverlayResult, parcels: geopandas.GeoDataFrame, changed: set[str]
) -> OverlayResult:
    """Rows of the new result for what changed, of the old one for the rest, in the order of ``parcels``."""
    place = {str(number): index for index, number in enumerate(parcels["number"])}

    def both(before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str], spatial: bool) -> Any:
        stays = [str(number) in place and str(number) not in changed for number in before["parcel"]]
        kept = before[np.array(stays, bool)]
        batches = []
        for table in (kept, after):
            batch = {
                name: table[name].to_numpy(object if table[name].dtype.kind not in "fb" else None) for name in columns
            }
            batch["_parcel"] = np.array([place[str(number)] for number in table["parcel"]], np.int64)
            batches.append(batch)
        return tables.together(batches, columns, spatial)

    gone = {(refusal.source, refusal.feature, refusal.code) for refusal in new.refused}
    refused = [
        refusal
        for refusal in old.refused
        if (refusal.source, refusal.feature, refusal.code) not in gone
        and not (refusal.source == "" and (refusal.feature in changed or refusal.feature not in place))
    ]
    return OverlayResult(
        both(old.coverage, new.coverage, tables.COVERAGE, False),
        both(old.measures, new.measures, tables.MEASURES, False),
        both(old.regions, new.regions, tables.REGIONS, True),
        both(old.parts, new.parts, tables.PARTS, True),
        new.sources,
        [*refused, *new.refused],
        both(old.overlaps, new.overlaps, tables.OVERLAPS, False),
    )
