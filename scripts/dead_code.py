"""Code that nothing uses (part of `make lint`): vulture over the plugin, its tests and its scripts.

What Qt, QGIS or a template calls by name stands in LIVE, each with who calls it; an entry that is no longer needed is reported too.
Fields of the records in RECORDS are columns: of the workspace, which ``workspace/mapping.py`` reads and writes by name, or of the tables
of oversight, which ``resources/oversight/tables.yaml`` asks for by name.
"""

from __future__ import annotations

import subprocess
import sys

from house import PACKAGE, REPOSITORY

LIVE = REPOSITORY / "scripts" / "live_names.txt"
RECORDS = (
    *(f"{PACKAGE}/model/{name}.py:" for name in ("parcels", "decisions", "photos", "case_files", "registers")),
    *(
        f"{PACKAGE}/oversight/{name}.py:"
        for name in ("assessment", "conditions", "enforcement", "item_columns", "records", "rectification", "returned")
    ),
)


def found() -> list[str]:
    command = [
        sys.executable,
        "-m",
        "vulture",
        PACKAGE,
        "tests",
        "scripts",
        "--min-confidence",
        "60",
        "--exclude",
        "*/vendor/*",
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return [line for line in done.stdout.splitlines() if line.startswith(f"{PACKAGE}/") and not _is_column(line)]


def _is_column(line: str) -> bool:
    return line.startswith(RECORDS) and ": unused variable " in line


def main() -> int:
    live = {line.split("#")[0].strip() for line in LIVE.read_text(encoding="utf-8").splitlines()} - {""}
    seen, dead = set(), []
    for line in found():
        name = line.split("'")[1]
        seen.add(name)
        if name not in live:
            dead.append(line)
    stale = sorted(live - seen)
    print(
        "\n".join([*dead, *(f"(scripts/{LIVE.name}: {name} is used now or gone; take it out)" for name in stale)])
        or "no dead code"
    )
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
