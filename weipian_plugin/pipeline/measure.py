"""套合分析: every parcel is measured against the whole catalogue."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Optional

import pandas as pd

from .. import overlay
from ..formats.catalogue import read_catalogue
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.fingerprints import joined, layers_fingerprint
from ..model.messages import Message
from ..model.records import LayerSource
from ..model.secrets import masked
from ..overlay import OverlayResult
from ..overlay.engine import read_parcels
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.places import Place
from . import redelivery, renewal, report
from .command import Result, Step, count, given, optional
from .parameters import CATALOGUE, COUNTY, REPORT, WORKSPACE
from .rejections import rejection_rows
from .remembered import CATALOGUE as MEASURED_WITH
from .remembered import remember
from .settling import Making, settle
from .stored import cache_folder, flag_parcels, known_columns, parcels_of

_WHY = "套合分析"
#: Sentences about single features in the log of a run; the table has all of them.
_MOST_REPORTED = 10


@dataclass(frozen=True)
class MeasureResult(Result):
    """Counts of parcels measured, rows and layers, and features set aside."""

    parcels: int = count("PARCELS")
    rows: int = count("ROWS")
    layers: int = count("LAYERS")
    rejected: int = count("REFUSED", in_run="SET_ASIDE")


@dataclass(frozen=True)
class _Measured:
    """``parcels``: number → what the parcel was when it was measured; ``layers``: the same of the layers."""

    result: OverlayResult
    parcels: Mapping[str, str]

    @property
    def layers(self) -> str:
        return layers_fingerprint((source.role, source.sha256) for source in self.result.sources)

    def fingerprints(self) -> dict[str, str]:
        """Number → what rows of the parcel were measured from; once for all of them, a county has half a million."""
        layers = self.layers
        return {number: joined(parcel, layers) for number, parcel in self.parcels.items()}


@dataclass(frozen=True)
class MeasureParcels(Step):
    """套合分析: parcels are measured against the layers of a catalogue."""

    ID: ClassVar[str] = "overlay"
    TITLE: ClassVar[str] = "套合分析"
    RESULT: ClassVar[type[Result]] = MeasureResult
    SHARE: ClassVar[float] = 0.2
    NEEDS: ClassVar[tuple[Any, ...]] = (CATALOGUE,)
    ASIDE: ClassVar[bool] = True

    workspace: Place = given(WORKSPACE)
    catalogue: Path = given(CATALOGUE)
    report: Optional[Path] = optional(REPORT)
    county: Optional[Path] = optional(COUNTY)
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> MeasureResult:
        """Raises ``run.no_parcels`` and what a layer that cannot be measured raises; what was measured before stays then."""
        layers = read_catalogue(self.catalogue)
        making: Making[_Measured] = Making(
            lambda: renewal.fingerprints(parcels_of(store)),
            lambda outdated: self._measure(store, layers, outdated, feedback),
            lambda target, made: self._write(target, layers, made),
            lambda made: len(made.result.measures),
        )
        measured = settle(store, feedback, making).result
        result = measured.result
        done = MeasureResult(len(measured.parcels), len(result.coverage), len(layers), len(result.rejected))
        for rejection in result.rejected[:_MOST_REPORTED]:
            feedback.report(rejection.reason, "warning")
        if done.rejected > _MOST_REPORTED:
            feedback.report(Message("run.more_set_aside", {"count": done.rejected - _MOST_REPORTED}), "warning")
        summary = {"parcels": done.parcels, "layers": done.layers, "rows": done.rows, "refused": done.rejected}
        feedback.report(Message("run.summary_overlay", summary))
        if self.report:
            report.write(store, self.report, ["parcels", "coverage", "measures", "refused"])
        feedback.progress(1.0)
        return done

    def _measure(
        self, store: Workspace, layers: tuple[LayerSource, ...], outdated: Optional[_Measured], feedback: Feedback
    ) -> _Measured:
        """Measure; of what was measured a moment ago only the parcels that are other ones now."""
        parcels = parcels_of(store)
        made_of = renewal.fingerprints(parcels)
        known = outdated.parcels if outdated else {}
        other = parcels["number"].map(lambda number: known.get(number) != made_of[number])
        kept = frozenset(parcels.loc[~other, "number"])
        if outdated and not other.any():
            return _Measured(_completed(None, outdated.result, kept), made_of)
        options = overlay.OverlayOptions(cache=cache_folder(store))
        whole, _ = read_parcels(parcels)
        measured = _Measured(overlay.measure_parcels(parcels[other], layers, options, feedback, whole), made_of)
        stop_if_cancelled(feedback)
        if outdated is None:
            return measured
        if outdated.layers != measured.layers:
            return self._measure(store, layers, None, feedback)
        return _Measured(_completed(measured.result, outdated.result, kept), made_of)

    def _write(self, store: Workspace, layers: tuple[LayerSource, ...], measured: _Measured) -> None:
        result, who, fingerprints = measured.result, self.who, measured.fingerprints()
        for name, frame in (
            ("coverage", result.coverage),
            ("measure", result.measures),
            ("region", result.regions),
            ("part", result.parts),
        ):
            marked = frame.assign(fingerprint=frame["parcel"].map(fingerprints))
            store.replace(name, known_columns(name, marked), who, _WHY)
        redelivery.reopen_divided_otherwise(store, who)
        store.replace("layer", _layer_rows(layers, result), who, _WHY)
        store.replace("refusal", rejection_rows(result.rejected, "overlay"), who, _WHY, step="overlay")
        remember(store, MEASURED_WITH, self.catalogue, who, _WHY)
        _name_villages(store, result.coverage, who)
        _flag_outside(store, result.coverage, who)


def _completed(fresh: Optional[OverlayResult], earlier: OverlayResult, kept: frozenset[str]) -> OverlayResult:
    """The fresh results and, of the earlier ones, those of parcels that are ``kept``."""

    def together(name: str) -> Any:
        before: pd.DataFrame = getattr(earlier, name)
        still = before[before["parcel"].isin(kept)] if len(before) else before
        return still if fresh is None else pd.concat([still, getattr(fresh, name)], ignore_index=True)

    rejected = [one for one in earlier.rejected if one.source or one.feature in kept]
    rejected += [one for one in (fresh.rejected if fresh else ()) if one not in rejected]
    tables = {name: together(name) for name in ("coverage", "measures", "regions", "parts", "overlaps")}
    return replace(fresh or earlier, rejected=rejected, **tables)


def _layer_rows(layers: tuple[LayerSource, ...], result: OverlayResult) -> pd.DataFrame:
    hashes = {source.role + "\n" + str(source.path): source.sha256 for source in result.sources}
    rows = [
        {
            "role": layer.role,
            "source": masked(layer.source),  # the catalogue, read again, has the real one
            "layer": layer.layer,
            "title": layer.title,
            "sha256": hashes.get(layer.role + "\n" + str(layer.source)),
            "crs": layer.crs,
            "encoding": layer.encoding,
            "fields": dict(layer.fields),
            "used_at": now(),
        }
        for layer in layers
    ]
    frame = pd.DataFrame(
        rows, columns=["role", "source", "layer", "title", "sha256", "crs", "encoding", "fields", "used_at"]
    )
    return frame.drop_duplicates(["role", "source"], keep="last")


def _name_villages(store: Workspace, coverage: pd.DataFrame, who: str) -> None:
    """Village and township from the boundary layer, where the delivery left them blank."""
    inside = coverage[
        (coverage["role"] == "villages") & (coverage["part"].fillna("") == "") & (coverage["group"] != "")
    ]
    largest = inside[inside["area_m2"] > 0].sort_values("area_m2", ascending=False).drop_duplicates("parcel")
    found = {row["parcel"]: row for row in largest.to_dict("records")}
    changes: dict[str, dict[str, Any]] = {}
    for parcel in store.columns("parcel", ["number", "township", "village"]).to_dict("records"):
        place = found.get(parcel["number"])
        named = {"village": place["group"], "township": place["unit"]} if place else {}
        new = {column: name for column, name in named.items() if name and not parcel[column]}
        if new:
            changes[str(parcel["number"])] = new
    store.update_rows("parcel", changes, who, "按村界补充")


def _flag_outside(store: Workspace, coverage: pd.DataFrame, who: str) -> None:
    """A parcel that no village of the boundary layer touches lies outside the county's own boundary."""
    whole = coverage[(coverage["role"] == "villages") & (coverage["part"].fillna("") == "") & (coverage["group"] == "")]
    flag_parcels(store, whole.loc[whole["area_m2"] == 0, "parcel"].tolist(), "outside_county", who)
