"""Mutation testing of judgment: small faults are put into its modules, and the tests must notice them.

    python scripts/mutation.py [--seconds 1200] [--workers 2] [--share 1.0] [--seed 17] [--only engine,guard] [--survivors]

Works on a copy under `.build`, so that the checkout is never changed. With `--share` below 1 a part of the faults is drawn,
the same of every module, by the seed that is printed. Ends with the share of faults that were noticed, for each module and for
all; the exit code is 1 below 95 %. A fault that no test reaches, and one whose tests all pass, was not noticed; faults not tried within
the time are told apart. Faults that a person has reviewed as no faults (`mutation_equivalents.yaml`, each with its reason) are left out and
counted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from mutation_faults import Fault, equivalents, made

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".build" / "mutation-made"
REMEMBERED = KEPT / "noticed.json"
PACKAGE = "weipian_plugin/judgment"
#: Modules of the proposals: what is proposed, by which rules, and what the guard holds against it.
MUTATED = ("claims", "conditions", "engine", "facts", "guard", "numbers", "safeguards", "uses", "vocabulary")
#: Modules whose results are kept for the run (`lru_cache`): the caches are emptied before a fault of theirs is tried.
CLEARED = ("safeguards", "uses", "vocabulary")
TESTS = (
    "test_conditions", "test_guard", "test_engine", "test_engine_explains", "test_claims", "test_practice_cases", "test_against_legal",
    "test_county_entries", "test_profiles", "test_noticed", "test_told_exactly",
)  # fmt: skip
COPIED = (
    "weipian_plugin", "resources", "tests/__init__.py", "tests/conftest.py", "tests/unit/__init__.py", "tests/unit/conftest.py",
    "tests/unit/judgment", "pyproject.toml",
)  # fmt: skip
LEAST = 0.95
#: Tests of speed say nothing of faults.
SLOW = "not (test_5000_parcels_take_less_than_two_seconds or test_the_cost_of_a_parcel_does_not_grow)"
NOTICED, MISSED = ("killed", "timeout"), ("survived", "no test")


def prepare(work: Path, only: Sequence[str]) -> dict[str, Fault]:
    """A copy of what the tests need with the faults written into it; the faults by name, ``module.function__mutmut_n``."""
    shutil.rmtree(work, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)
    shutil.copy2(ROOT / "scripts" / "mutation_runner.py", work)
    (work / "setup.cfg").write_text("[mutmut]\nsource_paths =\n    weipian_plugin\n", encoding="utf-8")
    os.chdir(work)  # where mutmut looks for its settings
    faults = {}
    for name in only:
        path = work / PACKAGE / f"{name}.py"
        found = made(name, path, KEPT)
        path.write_text(found.code, encoding="utf-8")
        faults.update({f"{PACKAGE.replace('/', '.')}.{name}.{fault.name}": fault for fault in found.faults})
    return faults


def without_equivalents(faults: Mapping[str, Fault], only: Sequence[str]) -> dict[str, Fault]:
    """The faults without those reviewed as none; ends the run where the list names one that is not there any more."""
    reviewed = {key for key in equivalents() if key[0] in only}
    stale = reviewed - {fault.key for fault in faults.values()}
    if stale:
        raise SystemExit("reviewed as equivalent, and no fault any more:\n" + "\n".join(map(str, sorted(stale))))
    return {name: fault for name, fault in faults.items() if fault.key not in reviewed}


def drawn(faults: Mapping[str, Fault], share: float, seed: int) -> list[str]:
    """The faults to try: a share of each module, in an order that mixes them."""
    dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    chosen = []
    for module in sorted({fault.module for fault in faults.values()}):
        own = [name for name, fault in faults.items() if fault.module == module]
        chosen += dice.sample(own, max(1, round(len(own) * share)))
    dice.shuffle(chosen)
    return chosen


def run(work: Path, faults: list[str], seconds: int, workers: int) -> dict[str, str]:
    """Outcome by fault; those not tried within the time are missing. Which test noticed each is kept for the next run."""
    plan, result = work / "plan.json", work / "result"
    plan.write_text(
        json.dumps(
            {"faults": faults, "seconds": seconds, "workers": workers, "cleared": CLEARED, "noticed": _remembered()}
        ),
        encoding="utf-8",
    )
    tests = [f"tests/unit/judgment/{name}.py" for name in TESTS if (work / f"tests/unit/judgment/{name}.py").exists()]
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "mutation_runner", "-p", "no:cacheprovider", "--tb=no", "-k", SLOW, *tests,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(work), "MUTATION_PLAN": str(plan), "MUTATION_RESULT": str(result)}
    with (work / "log.txt").open("w", encoding="utf-8") as log:
        subprocess.run([*command, "--timeout=0"], cwd=work, env=environment, check=False, stdout=log, stderr=log)
    rows = [
        json.loads(line)
        for part in work.glob("result.*")
        for line in part.read_text(encoding="utf-8").splitlines()
        if line.endswith("]")
    ]
    noticed = {**_remembered(), **{fault: test for fault, _, test in rows if test}}
    REMEMBERED.write_text(json.dumps(noticed, indent=0), encoding="utf-8")
    return {fault: outcome for fault, outcome, _ in rows}


def _remembered() -> dict[str, str]:
    """The test that noticed each fault the last time: tried first, because it most likely will again."""
    found: dict[str, str] = json.loads(REMEMBERED.read_text(encoding="utf-8")) if REMEMBERED.exists() else {}
    return found


def report(known: Mapping[str, Fault], faults: list[str], outcomes: dict[str, str], survivors: bool) -> float:
    """Print a line for each module and one for all; the share noticed of those tried."""
    for module in sorted({known[fault].module for fault in faults}):
        _line(module, [outcomes.get(fault, "not tried") for fault in faults if known[fault].module == module])
    for name in sorted(faults) if survivors else ():
        if outcomes.get(name) in MISSED:
            fault = known[name]
            print(
                f"{outcomes[name]}: {fault.module}.{fault.function}\n  was:     {fault.was}\n  becomes: {fault.becomes}"
            )
    return _line("judgment", [outcomes.get(fault, "not tried") for fault in faults])


def _line(title: str, outcomes: list[str]) -> float:
    counts = Counter(outcomes)
    noticed, missed = sum(counts[name] for name in NOTICED), sum(counts[name] for name in MISSED)
    share = noticed / (noticed + missed) if noticed + missed else 0.0
    print(
        f"{title}: noticed {noticed} ({counts['timeout']} by the time), missed {missed} ({counts['no test']} without a test), "
        f"not tried {counts['not tried']}: {share:.1%} of those tried"
    )
    return share


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=1200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--only", default=",".join(MUTATED))
    parser.add_argument("--survivors", action="store_true", help="name the faults that were not noticed")
    parser.add_argument("--keep", action="store_true", help="keep the copy with the faults in it")
    options = parser.parse_args()
    only = tuple(options.only.split(","))
    work = ROOT / ".build" / ("mutation" if only == MUTATED else f"mutation-{'-'.join(only)}")
    every = prepare(work, only)
    known = without_equivalents(every, only)
    faults = drawn(known, options.share, options.seed)
    print(
        f"{len(faults)} of {len(known)} faults, seed {options.seed}; "
        f"{len(every) - len(known)} more are reviewed as equivalent and left out",
        flush=True,
    )
    share = report(known, faults, run(work, faults, options.seconds, options.workers), options.survivors)
    if not options.keep:
        shutil.rmtree(work, ignore_errors=True)
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
