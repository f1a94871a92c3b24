"""Many counties: the same overlay, one task a county, on Dask's scheduler or on this computer's cores.

A parcel meets the layers of its own county, so nothing is exchanged between tasks. A worker that dies has its counties
done by another; a county that fails is reported and the rest finish.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import geopandas
import pandas as pd

from ..formats.catalogue import read_catalogue, roles
from ..model import packages
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..model.feedback import Feedback, Silent, stop_if_cancelled
from ..model.messages import Message, render
from ..model.records import LayerSource, Rejection, SourceFile
from . import tables
from .engine import OverlayResult, measure_parcels
from .settings import OverlayOptions

CATALOGUES = ("图层清单.yaml", "catalogue.yaml")
PARCELS = ("parcels.parquet", "parcels.gpkg", "parcels.shp", "图斑.parquet", "图斑.gpkg", "图斑.shp")
_STEP = 0.2  # s between two looks at the cancel button
_RETRIES = 2


@dataclass(frozen=True)
class County:
    """A unit of work: its name, the files of its parcels (columns as the contract names them), its layers or catalogue.

    ``lacks``: what its folder does not have; such a county fails by itself when it is measured."""

    name: str
    parcels: tuple[str, ...]
    layers: tuple[LayerSource, ...] = ()
    catalogue: str = ""
    folder: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class CountiesResult:
    """Tables of all counties as one (with a column ``county`` first), what was set aside, sources, failed counties by
    name, and the seconds each county took on its worker."""

    coverage: pd.DataFrame
    measures: pd.DataFrame
    regions: geopandas.GeoDataFrame
    parts: geopandas.GeoDataFrame
    sources: list[SourceFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    failed: Mapping[str, Message] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def counties_in(folder: Path) -> tuple[County, ...]:
    """Counties as folders, each with a catalogue and its parcels; or GeoParquet partitions.

    Folders: ``<county>/图层清单.yaml`` (or ``catalogue.yaml``) and ``<county>/parcels.parquet|gpkg|shp``.
    Partitions: ``parcels/county=<code>/*.parquet`` and ``<role>/county=<code>/*.parquet``.
    A folder that lacks one of both becomes a county that fails (``overlay.county_incomplete``) when it is measured.
    """
    partitions = sorted((folder / "parcels").glob("county=*"))
    if partitions:
        return tuple(_partition(folder, part) for part in partitions)
    return tuple(
        _county(entry) for entry in sorted(folder.iterdir()) if entry.is_dir() and not entry.name.startswith(".")
    )


def _county(folder: Path) -> County:
    catalogue = next((folder / name for name in CATALOGUES if (folder / name).is_file()), None)
    parcels = next((folder / name for name in PARCELS if (folder / name).is_file()), None)
    if catalogue is None or parcels is None:
        lacks = CATALOGUES[0] if catalogue is None else "parcels.parquet / .gpkg / .shp"
        return County(folder.name, (), folder=str(folder), lacks=lacks)
    return County(folder.name, (str(parcels),), catalogue=str(catalogue), folder=str(folder))


def _partition(folder: Path, part: Path) -> County:
    layers = [
        LayerSource(role, str(file))
        for role in roles()
        for file in sorted((folder / role / part.name).glob("*.parquet"))
    ]
    files = sorted(part.glob("*.parquet"))
    lacks = "*.parquet" if not files else f"<role>/{part.name}" if not layers else ""
    return County(part.name[len("county=") :], tuple(map(str, files)), tuple(layers), folder=str(part), lacks=lacks)


def measure_county(county: County, options: OverlayOptions) -> tuple[OverlayResult, float]:
    """The task: one county, measured as on a single machine. Returns the result and its seconds.

    Raises ``overlay.county_incomplete``.
    """
    begin = time.perf_counter()
    if county.lacks:
        raise WeipianError("overlay.county_incomplete", path=county.folder, missing=county.lacks)
    parcels = pd.concat([_read_parcels(Path(file)) for file in county.parcels], ignore_index=True)
    layers = county.layers or read_catalogue(Path(county.catalogue))
    result = measure_parcels(geopandas.GeoDataFrame(parcels, geometry="geometry", crs="EPSG:4490"), layers, options)
    return result, time.perf_counter() - begin


def _read_parcels(file: Path) -> geopandas.GeoDataFrame:
    if file.suffix.lower() == ".parquet":
        return geopandas.read_parquet(file).to_crs("EPSG:4490")
    return geopandas.read_file(file, engine="pyogrio").to_crs("EPSG:4490")


def measure_counties(
    counties: Sequence[County],
    options: Optional[OverlayOptions] = None,
    scheduler: str = "",
    workers: int = 0,
    feedback: Optional[Feedback] = None,
    client: object = None,
) -> CountiesResult:
    """Measure many counties.

    ``scheduler``: address of a running Dask scheduler (``tcp://…``), else a cluster of ``workers`` processes on this
    computer (0 = its cores). ``client``: a Dask client that is already there. Rows come in the order of ``counties``,
    the same as from one machine.

    :raises WeipianError: ``run.package_missing`` without dask and distributed, ``overlay.scheduler_unreachable``.
    """
    log = feedback or Silent()
    # Threads inside a task would compete with the other tasks of the same computer.
    choice = replace(options or OverlayOptions(), threads=(options.threads if options and options.threads else 1))
    results: dict[str, OverlayResult] = {}
    failed: dict[str, Message] = {}
    seconds: dict[str, float] = {}
    with _client(scheduler, workers, client) as connected:
        pending = {
            connected.submit(
                measure_county,
                county,
                choice,
                key=f"weipian-{county.name}-{time.time_ns()}",
                retries=_RETRIES,
                pure=False,
            ): county
            for county in counties
        }
        try:
            while pending:
                for future in [future for future in pending if future.done()]:
                    county = pending.pop(future)
                    _take(future, county, results, failed, seconds)
                    log.progress(1 - len(pending) / max(len(counties), 1))
                stop_if_cancelled(log)
                _wait(list(pending))
        finally:
            if pending:
                connected.cancel(list(pending))
    return _gathered(counties, results, failed, seconds)


def _wait(futures: list[Any]) -> None:
    """Until one of the futures is done, but no longer than a look at the cancel button may take."""
    import distributed

    if futures:
        with suppress(TimeoutError, asyncio.TimeoutError):  # two classes before Python 3.11
            distributed.wait(futures, timeout=_STEP, return_when="FIRST_COMPLETED")


def _take(
    future: Any,
    county: County,
    results: dict[str, OverlayResult],
    failed: dict[str, Message],
    seconds: dict[str, float],
) -> None:
    """The result of a finished task, or why there is none; whatever a county throws concerns only that county."""
    error = future.exception()
    if error is None:
        results[county.name], seconds[county.name] = future.result()
    else:
        reason = error.text() if isinstance(error, WeipianError) else render(cause_of(error))
        failed[county.name] = Message("overlay.county_failed", {"county": county.name, "reason": reason[:300]})
    future.release()


@contextmanager
def _client(scheduler: str, workers: int, client: object) -> Iterator[Any]:
    if client is not None:
        yield client
        return
    packages.load("distributed")
    from distributed import Client, LocalCluster

    if scheduler:
        try:
            connection = Client(scheduler, timeout=10)
        except (OSError, TimeoutError, ValueError) as error:
            raise WeipianError("overlay.scheduler_unreachable", address=scheduler, reason=error) from error
        with connection:
            yield connection
        return
    _use_plain_python()
    with (
        LocalCluster(
            n_workers=workers or None, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as connection,
    ):
        yield connection


def _use_plain_python() -> None:
    """Inside QGIS on Windows the running program is QGIS itself: worker processes must be started with its Python.

    Raises ``overlay.no_python`` where it is not found: a worker started with the program would open a second QGIS.
    """
    if Path(sys.executable).stem.lower().startswith("python"):
        return
    for name in ("python3.exe", "python.exe", "bin/python3"):
        candidate = Path(sys.exec_prefix) / name
        if candidate.is_file():
            multiprocessing.set_executable(str(candidate))
            return
    raise WeipianError("overlay.no_python", folder=sys.exec_prefix)


def _gathered(
    counties: Sequence[County],
    results: Mapping[str, OverlayResult],
    failed: Mapping[str, Message],
    seconds: Mapping[str, float],
) -> CountiesResult:
    """One report of all counties in their order."""
    done = [(county.name, results[county.name]) for county in counties if county.name in results]

    def all_of(table: str, columns: Sequence[str], spatial: bool) -> Any:
        batches = []
        for place, (name, result) in enumerate(done):
            rows = getattr(result, table)
            batch = {column: rows[column].to_numpy() for column in columns}
            batch["county"] = pd.Series([name] * len(rows), dtype=object).to_numpy()
            batch["_parcel"] = pd.Series([place] * len(rows), dtype="int64").to_numpy()
            batches.append(batch)
        return tables.together(batches, ("county", *columns), spatial)

    return CountiesResult(
        all_of("coverage", tables.COVERAGE, False),
        all_of("measures", tables.MEASURES, False),
        all_of("regions", tables.REGIONS, True),
        all_of("parts", tables.PARTS, True),
        [source for _, result in done for source in result.sources],
        [rejection for _, result in done for rejection in result.rejected],
        dict(failed),
        dict(seconds),
    )
