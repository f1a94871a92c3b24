"""How quickly the window answers: the measuring stories of tests/gui in a real QGIS window under Xvfb, at scale 1 and 2.

``python -m tests.bench.bench_workbench`` runs ``scripts/test_gui.sh`` for them and writes their figures into ``docs/benchmarks.md``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.report import table, write_section  # noqa: E402

STORIES = "dragging_redraws or next_keeps or never_blocked"
GOALS = {"redraw": "under 16", "card": "under 100", "map": "under 400", "longest gap": "under 100"}


def goal_of(name: str) -> str:
    return next((goal for word, goal in GOALS.items() if word in name), "–")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        environment = {**os.environ, "WEIPIAN_FIGURES": str(figures)}
        ended = subprocess.run(["scripts/test_gui.sh", "-k", STORIES], cwd=ROOT, env=environment, check=False)
        found = (
            [json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()] if figures.exists() else []
        )
    rows = [[one["name"], one["scale"], f"{one['value']:.1f}", goal_of(one["name"])] for one in found]
    body = (
        "A real QGIS window with the sample county under Xvfb, software drawing. Redraw: a mouse move with the button down until the map is drawn, "
        "best of three rounds of 80; gap: how long the window did not answer while parcels are stepped through and decided, the queue is filtered "
        "and read again, and dialogs are opened, best round.\n\n"
        + table(["figure", "scale", "measured", "goal, ms"], rows)
    )
    print(body)
    if ended.returncode == 0 and rows:
        write_section("workbench", "Workbench", body)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
