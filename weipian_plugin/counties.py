"""Many counties on many machines, without a desktop: ``python -m weipian_plugin.counties FOLDER RESULT``.

``FOLDER`` holds a folder per county (parcels and 图层清单.yaml) or GeoParquet partitions, see :mod:`.overlay.counties`. ``RESULT`` gets
``coverage.csv``, ``measures.csv`` and ``parts.csv`` of all counties (UTF-8 with BOM, ``county`` first, full precision) and ``failed.csv``
with a sentence for each county that could not be measured. The exit code is 0, 1 where a county failed, 2 where nothing could be done.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from .model.errors import WeipianError
from .model.messages import Message, render
from .office.files import write_bytes_atomic
from .office.text import csv_text
from .overlay.counties import CountiesResult, counties_in, measure_counties

_LOG = logging.getLogger("weipian.counties")


class _LogFeedback:
    """Progress and messages of the batch as lines of the log."""

    def progress(self, fraction: float) -> None:
        _LOG.info("%d %%", round(100 * fraction))

    def cancelled(self) -> bool:
        return False

    def report(self, message: Message, level: str = "info") -> None:
        _LOG.log(logging.WARNING if level in ("warning", "error") else logging.INFO, render(message))


def write_tables(result: CountiesResult, folder: Path) -> None:
    """Write the tables of a result; geometry stays out. Raises what :func:`.office.files.write_bytes_atomic` raises."""
    tables = {
        "coverage": result.coverage,
        "measures": result.measures,
        "parts": pd.DataFrame(result.parts.drop(columns="geometry")),
        "failed": pd.DataFrame(
            [(county, message.code, render(message)) for county, message in result.failed.items()],
            columns=["county", "code", "reason"],
        ),
    }
    for name, table in tables.items():
        texts = table.select_dtypes(["object", "string"]).columns
        defused = table.assign(**{name: table[name].map(_defused) for name in texts})
        content = defused.to_csv(index=False)
        write_bytes_atomic(folder / f"{name}.csv", content.encode("utf-8-sig"))


def _defused(value: object) -> object:
    return csv_text(value) if isinstance(value, str) else value


def main(arguments: Sequence[str] | None = None) -> int:
    """Entrance of the command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m weipian_plugin.counties", description="套合分析：多县批量")
    parser.add_argument("folder", type=Path, help="a folder per county, or GeoParquet partitions")
    parser.add_argument("result", type=Path, help="folder for the tables")
    parser.add_argument("--scheduler", default="", help="address of a Dask scheduler, such as tcp://10.0.0.5:8786")
    parser.add_argument("--workers", type=int, default=0, help="processes on this computer; 0: one per core")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    try:
        result = measure_counties(counties_in(chosen.folder), None, chosen.scheduler, chosen.workers, _LogFeedback())
        write_tables(result, chosen.result)
    except (WeipianError, OSError) as error:
        _LOG.error("%s", error)
        return 2
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())
