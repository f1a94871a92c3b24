"""Mutation testing of judgment: small faults are put into engine, conditions and guard, and the tests must notice them.

    python scripts/mutation.py [--seconds 1800] [--workers 2] [--keep]

Works on a copy under `.build/mutation`, so that the checkout is never changed. Ends with the share of faults that were
noticed; the exit code is 1 below 95 %. Faults that were not reached within the time are told apart.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".build" / "mutation"
MUTATED = ("engine", "conditions", "guard")
TESTS = (
    "test_conditions", "test_guard", "test_engine", "test_engine_explains", "test_practice_cases", "test_against_legal",
    "test_county_entries",
)  # fmt: skip
COPIED = (
    "weipian_plugin", "resources", "tests/__init__.py", "tests/conftest.py", "tests/unit/__init__.py", "tests/unit/conftest.py",
    "tests/unit/judgment", "pyproject.toml",
)  # fmt: skip
LEAST = 0.95


def prepare() -> None:
    """A copy of what the tests need, with mutmut's settings beside it."""
    shutil.rmtree(WORK, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, WORK / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)
    tests = "\n    ".join(f"tests/unit/judgment/{name}.py" for name in TESTS)
    mutated = "\n    ".join(f"weipian_plugin/judgment/{name}.py" for name in MUTATED)
    settings = f"""[mutmut]
source_paths =
    weipian_plugin
only_mutate =
    {mutated}
pytest_add_cli_args_test_selection =
    {tests}
pytest_add_cli_args =
    --deselect=tests/unit/judgment/test_engine_explains.py::test_5000_parcels_take_less_than_two_seconds_of_the_processor
    -p
    no:cacheprovider
also_copy =
    resources
"""
    (WORK / "setup.cfg").write_text(settings, encoding="utf-8")


def run(seconds: int, workers: int) -> bool:
    """Whether mutmut came to its end within the time."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers)]
    try:
        return subprocess.run(command, cwd=WORK, timeout=seconds, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def outcomes() -> Counter[str]:
    """How the faults ended, from mutmut's records beside the mutated files: exit code 0 = not noticed, none = not reached."""
    counts: Counter[str] = Counter()
    for record in sorted((WORK / "mutants").rglob("*.py.meta")):
        for code in json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"].values():
            counts["not reached" if code is None else "survived" if code in (0, 33) else "killed"] += 1
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="keep the copy for `mutmut results` and `mutmut show`")
    options = parser.parse_args()
    prepare()
    ended = run(options.seconds, options.workers)
    counts = outcomes()
    reached = counts["killed"] + counts["survived"]
    share = counts["killed"] / reached if reached else 0.0
    print(
        f"killed {counts['killed']}, survived {counts['survived']}, not reached {counts['not reached']}: {share:.1%} of those reached"
    )
    if not ended:
        print("mutmut did not come to its end; the figure is that of the faults reached")
    if not options.keep:
        shutil.rmtree(WORK, ignore_errors=True)
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
