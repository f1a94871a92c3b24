"""All tables of 20,000 parcels: ``python -m tests.bench.bench_tables [parcels]`` prints the seconds of each step."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.unit.oversight import county
from weipian_plugin import oversight
from weipian_plugin.oversight import acceptance, reports, units, workbook

AS_OF = date(2024, 2, 20)
LIMIT_SECONDS = 10.0


def main(count: int = 20_000) -> int:
    """0 when the tables are computed within the limit (writing files is shown apart)."""
    snapshot = county.snapshot(count, counties=12, measures=40)
    print(f"{len(snapshot['parcel'])} parcels, {len(snapshot['measure'])} measures, {len(snapshot['decision'])} decisions")
    calendar = oversight.deadlines.load_calendar()
    start = (time.perf_counter(), time.process_time())
    prepared = oversight.prepare(snapshot, AS_OF)
    said("prepare", start)
    statistics = oversight.tables.prepared_tables(prepared)
    said("seven statistics", start)
    judged = reports.oversight_tables(snapshot, prepared, calendar)
    seconds = said("deadlines, rectification, error rates, assessment, ranking", start)
    checked = acceptance.tables(snapshot, prepared)
    said("the acceptance list", start)
    tasks = units.assign(snapshot, prepared)
    lists = units.task_tables(prepared, tasks)
    said("the tasks of units", start)
    with tempfile.TemporaryDirectory() as folder:
        for name, tables in (("statistics", statistics), ("judged", judged), ("acceptance", checked), ("tasks", lists)):
            begin = time.perf_counter()
            path = workbook.write(tables, Path(folder) / f"{name}.xlsx")
            print(f"  {name}.xlsx {path.stat().st_size / 1e6:.1f} MB {time.perf_counter() - begin:.1f} s")
        begin = time.perf_counter()
        made = oversight.overview.collect(snapshot, prepared, calendar, (*statistics, *judged))
        oversight.summary.write_overview(made, None, Path(folder) / "summary.docx")
        oversight.summary.write_html(made, Path(folder) / "overview.html")
        print(f"  summary and overview {time.perf_counter() - begin:.1f} s")
    print(f"all tables {seconds:.1f} s, limit {LIMIT_SECONDS:.0f} s")
    return 0 if seconds < LIMIT_SECONDS else 1


def said(step: str, start: tuple[float, float]) -> float:
    """Wall time since ``start``; the processor time beside it tells a busy machine from a slow program."""
    seconds = time.perf_counter() - start[0]
    print(f"  {seconds:6.2f} s ({time.process_time() - start[1]:.2f} s of processor) after {step}")
    return seconds


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:2])))
