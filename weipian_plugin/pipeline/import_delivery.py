"""图斑入库: a delivery becomes parcels of the workspace. One that comes again is updated where it changed; one that is withdrawn stays, flagged."""

from __future__ import annotations

import getpass
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Optional

import geopandas
import pandas as pd

from .. import intake
from ..formats.catalogue import read_catalogue, resolve_fields
from ..intake.corrections import corrected
from ..intake.delivery import Intake
from ..intake.differences import Differences
from ..intake.layers import describe, read_layer
from ..model.feedback import Feedback, stop_if_cancelled
from ..model.messages import Message
from ..model.records import STORED_CRS, Batch, LayerSource
from ..model.secrets import masked
from ..workspace import Workspace
from ..workspace.journal import now
from ..workspace.places import Place
from ..workspace.repository import Repository
from ..workspace.store import exists
from . import redelivery, renewal, report
from .command import Result, Step, count, given, optional
from .parameters import CATALOGUE, COUNTY, CRS, DELIVERY, ENCODING, FIELDS, KIND, REPORT, REUSED, UNIT, WORKSPACE
from .parcel_rows import REDELIVERED_COLUMNS, dated, delivered_again, parcel_rows
from .rejections import rejection_rows
from .settling import Making, settle
from .stored import flag_parcels

_WHY = "图斑入库"


@dataclass(frozen=True)
class ImportResult(Result):
    """Counts of an import: accepted, rejected, new, changed and withdrawn parcels."""

    parcels: int = count("PARCELS")
    rejected: int = count("REFUSED")
    new: int = count("NEW")
    changed: int = count("CHANGED")
    withdrawn: int = count("WITHDRAWN")


@dataclass(frozen=True)
class _ReadDelivery:
    """What a delivery comes to, held against the parcels that are there (``earlier``)."""

    intake: Intake
    parcels: geopandas.GeoDataFrame
    earlier: pd.DataFrame
    differences: Differences

    @property
    def changed(self) -> list[str]:
        return [*self.differences.changed_geometry, *self.differences.changed_attributes]


def reused_numbers(taken: intake.Intake, workspace: Path) -> tuple[str, ...]:
    """Numbers of a delivery that a run would find in the workspace on other land (parameter REUSED); none where there is none yet.

    Raises ``workspace.*`` for one that cannot be read.
    """
    if not exists(workspace):
        return ()
    with Workspace.open(workspace, check=False) as store:
        earlier = store.read("parcel")
    return renewal.reused_numbers(replace(taken, parcels=_with_known_places(taken.parcels, earlier)), earlier)


@dataclass(frozen=True)
class ImportDelivery(Step):
    """图斑入库: a delivery becomes parcels of the workspace."""

    ID: ClassVar[str] = "intake"
    TITLE: ClassVar[str] = "图斑入库"
    RESULT: ClassVar[type[Result]] = ImportResult
    SHARE: ClassVar[float] = 0.1
    ASIDE: ClassVar[bool] = True
    CREATES: ClassVar[bool] = True

    delivery: Path = given(DELIVERY)
    workspace: Place = given(WORKSPACE)
    report: Optional[Path] = optional(REPORT)
    encoding: Optional[str] = optional(ENCODING)
    crs: Optional[str] = optional(CRS)
    unit: Optional[str] = optional(UNIT)
    fields: Optional[str] = optional(FIELDS)
    kind: Optional[str] = optional(KIND)
    catalogue: Optional[Path] = optional(CATALOGUE)
    county: Optional[Path] = optional(COUNTY)
    reused: Optional[str] = optional(
        REUSED
    )  # what becomes of numbers that stand for other land: renewal.RENAME, None = refused
    who: str = field(default_factory=getpass.getuser)

    def run(self, store: Workspace, feedback: Feedback) -> ImportResult:
        """Raises ``intake.*`` for a delivery that cannot be taken as a whole."""
        making: Making[_ReadDelivery] = Making(
            lambda: _basis(store),
            lambda outdated: self._take(store, feedback),
            lambda target, made: self._write(target, made, feedback),
            lambda made: len(made.differences.new) + len(made.changed),
        )
        taken = settle(store, feedback, making).result
        rejected = len(taken.intake.rejected)
        feedback.report(Message("run.summary_intake", {"accepted": len(taken.parcels), "refused": rejected}))
        if self.report:
            intake.report.write_reports(taken.intake, self.report, taken.differences)
            report.write(store, self.report, ["parcels", "refused"])
        feedback.progress(1.0)
        return ImportResult(
            parcels=len(taken.parcels),
            rejected=rejected,
            new=int(taken.parcels["number"].isin(taken.differences.new).sum()),
            changed=len(set(taken.changed)),
            withdrawn=len(taken.differences.withdrawn),
        )

    def _take(self, store: Workspace, feedback: Feedback) -> _ReadDelivery:
        earlier = store.read("parcel")
        around = _surroundings(self.catalogue, earlier)
        options = intake.IntakeOptions(encoding=self.encoding, crs=self.crs, unit=self.unit, **around)
        read = intake.read_delivery(self.delivery, corrected(options, self.fields, self.kind), feedback)
        read = replace(read, parcels=_with_known_places(read.parcels, earlier))
        if self.reused == renewal.RENAME:
            read = renewal.with_reused_numbers_renamed(read, earlier)
        read = renewal.without_reused_numbers(read, earlier)
        return _ReadDelivery(read, dated(read.parcels), earlier, intake.compare_with_earlier(read, earlier))

    def _write(self, store: Workspace, taken: _ReadDelivery, feedback: Feedback) -> None:
        stop_if_cancelled(feedback)
        differences, who = taken.differences, self.who
        name = _store_batch(store, taken.intake, who)
        parcels = taken.parcels.assign(batch=name)
        store.insert("parcel", parcel_rows(parcels[parcels["number"].isin(differences.new)]), who, _WHY)
        anew = redelivery.other_questions(parcels, taken.earlier, differences)
        for row in parcels[parcels["number"].isin(taken.changed)].to_dict("records"):
            store.update("parcel", {"number": row["number"]}, delivered_again(row), who, "再次下发")
        redelivery.start_anew(store, anew, who)
        flag_parcels(store, renewal.truly_withdrawn(differences.withdrawn, taken.intake), "withdrawn", who)
        rejected = rejection_rows(taken.intake.rejected, "intake", name)
        store.replace("refusal", rejected, who, _WHY, step="intake", batch=name)


def _basis(store: Workspace) -> Any:
    """What a delivery is held against: the parcels as delivered. What people decide about them does not matter."""
    delivered = [column for column in REDELIVERED_COLUMNS if column not in ("geometry", "delivered", "repair")]
    return store.values("parcel", ["number", "geometry_digest", *delivered])


def _surroundings(catalogue: Optional[Path], earlier: pd.DataFrame) -> dict[str, Any]:
    """What a delivery is held against: the county's outline and the parcels of earlier batches, from catalogue and workspace."""
    layers = read_catalogue(catalogue) if catalogue else ()
    known = [earlier[["number", "geometry"]]]
    for layer in layers:
        if layer.role == "previous_batch":
            known.append(_numbered_shapes(layer))
    together = pd.concat([frame for frame in known if len(frame)], ignore_index=True) if any(map(len, known)) else None
    return {
        "county": intake.county_outline(layers) if layers else None,
        "earlier": None if together is None else geopandas.GeoDataFrame(together, geometry="geometry", crs=STORED_CRS),
    }


def _numbered_shapes(layer: LayerSource) -> pd.DataFrame:
    """Number and shape (EPSG:4490) of an earlier batch."""
    columns = resolve_fields(layer, describe(layer).columns)
    number = columns.get("number")
    frame = read_layer(layer, [number] if number else []).to_crs(STORED_CRS)
    frame = frame[frame.geometry.notna() & frame.geometry.is_valid]
    names = frame[number].astype(str) if number else pd.Series([f"{layer.title}#{index}" for index in frame.index])
    return pd.DataFrame({"number": names.to_numpy(), "geometry": frame.geometry.to_numpy()})


def _with_known_places(parcels: geopandas.GeoDataFrame, earlier: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Village and township that the boundary layer gave earlier, where the delivery is silent: silence is no change."""
    known = earlier.set_index("number")
    filled = {}
    for column in ("township", "village"):
        before = parcels["number"].map(known[column])
        blank = parcels[column].isna() | (parcels[column] == "")
        filled[column] = parcels[column].mask(blank & before.notna(), before)
    return parcels.assign(**filled)


def _store_batch(store: Workspace, taken: Intake, who: str) -> str:
    """The batch row; the same file again keeps its name, another file of the same name gets a running number."""
    delivered, stored = taken.batch, Repository(store)
    known = stored.batches()
    same = next((batch.name for batch in known if batch.sha256 == delivered.sha256), None)
    name = same or _free_name(delivered.name, {batch.name for batch in known})
    batch = Batch(
        name,
        delivered.kind,
        masked(delivered.source),
        delivered.sha256,
        delivered.encoding,
        delivered.crs,
        delivered.unit,
        delivered.family,
        received_at=now(),
        accepted=len(taken.parcels),
        refused=len(taken.rejected),
        report={"counts": asdict(delivered.counts), "notes": [note.as_record() for note in taken.notes]},
    )
    stored.replace(Batch, [batch], who, _WHY, name=name)
    return name


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
