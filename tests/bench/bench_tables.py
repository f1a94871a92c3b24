"""All tables of 20,000 parcels: ``python -m tests.bench.bench_tables [parcels]`` prints the seconds of each step.

The full size writes its section of ``docs/benchmarks.md``. 1 is returned where the limit is missed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.report import table, write_section  # noqa: E402
from tests.unit.oversight import county  # noqa: E402
from weipian_plugin import oversight  # noqa: E402
from weipian_plugin.oversight import acceptance, reports, units, workbook  # noqa: E402

AS_OF = date(2024, 2, 20)
PARCELS = 20_000
LIMIT_SECONDS = 10.0


def main(count: int = PARCELS) -> int:
    """0 when the tables are computed within the limit (writing files is shown apart)."""
    snapshot = county.snapshot(count, counties=12, measures=40)
    size = f"{len(snapshot['parcel']):,} parcels, {len(snapshot['measure']):,} measures, {len(snapshot['decision']):,} decisions"
    print(size)
    rows: list[tuple[str, str, str]] = []

    def said(step: str, begun: tuple[float, float]) -> float:
        """Wall time since ``begun``; the processor time beside it tells a busy machine from a slow program."""
        seconds, worked = time.perf_counter() - begun[0], time.process_time() - begun[1]
        rows.append((step, f"{seconds:.2f}", f"{worked:.2f}"))
        print(f"  {seconds:6.2f} s ({worked:.2f} s of processor) after {step}")
        return seconds

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
            begin = (time.perf_counter(), time.process_time())
            path = workbook.write(tables, Path(folder) / f"{name}.xlsx")
            said(f"writing {name}.xlsx, {path.stat().st_size / 1e6:.1f} MB (by itself)", begin)
        begin = (time.perf_counter(), time.process_time())
        made = oversight.overview.collect(snapshot, prepared, calendar, (*statistics, *judged))
        oversight.summary.write_overview(made, None, Path(folder) / "summary.docx")
        oversight.summary.write_html(made, Path(folder) / "overview.html")
        said("summary and overview (by itself)", begin)
    print(f"all tables {seconds:.1f} s, limit {LIMIT_SECONDS:.0f} s")
    if count >= PARCELS:
        verdict = "met" if seconds < LIMIT_SECONDS else "**missed**"
        write_section(
            "tables",
            "Tables of the oversight",
            (
                f"{size}. Seconds since the start, computing only, unless said.\n\n"
                + table(["after", "seconds", "of processor"], rows)
                + f"\n\nGoal: statistics, deadlines, rectification, error rates and ranking in {LIMIT_SECONDS:.0f} s: {seconds:.1f} s ({verdict})."
            ),
        )
    return 0 if seconds < LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:2])))
