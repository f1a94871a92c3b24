"""Mutation testing of judgment: small faults are put into its modules, and the tests must notice them.

    python scripts/mutation.py [--seconds 1200] [--workers 2] [--share 1.0] [--seed 17] [--only engine,guard] [--survivors]

Works on a copy under `.build/mutation`, so that the checkout is never changed. With `--share` below 1 a part of the faults is drawn,
the same of every module, by the seed that is printed. Ends with the share of faults that were noticed, for each module and for
all; the exit code is 1 below 95 %. A fault that no test reaches, and one whose tests all pass, was not noticed; faults not tried within
the time are told apart.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".build" / "mutation"
PACKAGE = "weipian_plugin/judgment"
#: Modules of the proposals: what is proposed, by which rules, and what the guard holds against it.
MUTATED = ("claims", "conditions", "engine", "facts", "guard", "numbers", "safeguards", "uses", "vocabulary")
#: Modules whose results are kept for the run (`lru_cache`): the caches are emptied before a fault of theirs is tried.
CLEARED = ("safeguards", "uses", "vocabulary")
TESTS = (
    "test_conditions", "test_guard", "test_engine", "test_engine_explains", "test_claims", "test_practice_cases", "test_against_legal",
    "test_county_entries", "test_profiles", "test_noticed",
)  # fmt: skip
COPIED = (
    "weipian_plugin", "resources", "tests/__init__.py", "tests/conftest.py", "tests/unit/__init__.py", "tests/unit/conftest.py",
    "tests/unit/judgment", "pyproject.toml",
)  # fmt: skip
LEAST = 0.95
#: Tests of speed say nothing of faults.
SLOW = "not (test_5000_parcels_take_less_than_two_seconds or test_the_cost_of_a_parcel_does_not_grow)"
NOTICED, MISSED = ("killed", "timeout"), ("survived", "no test")


def prepare(only: tuple[str, ...]) -> list[str]:
    """A copy of what the tests need with the faults written into it; the names of the faults, ``module.function__mutmut_n``."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    shutil.rmtree(WORK, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, WORK / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)
    shutil.copy2(ROOT / "scripts" / "mutation_runner.py", WORK)
    (WORK / "setup.cfg").write_text("[mutmut]\nsource_paths =\n    weipian_plugin\n", encoding="utf-8")
    os.chdir(WORK)  # where mutmut looks for its settings
    faults = []
    for name in only:
        path = WORK / PACKAGE / f"{name}.py"
        made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(made.code, encoding="utf-8")
        module = f"{PACKAGE.replace('/', '.')}.{name}"
        faults += [f"{module}.{mutant}" for mutant in made.mutant_names]
    return faults


def drawn(faults: list[str], share: float, seed: int) -> list[str]:
    """The faults to try: a share of each module, in an order that mixes them."""
    dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    chosen = []
    for module in sorted({module_of(fault) for fault in faults}):
        own = [fault for fault in faults if module_of(fault) == module]
        chosen += dice.sample(own, max(1, round(len(own) * share)))
    dice.shuffle(chosen)
    return chosen


def module_of(fault: str) -> str:
    return fault.rpartition(".")[0].rpartition(".")[2]


def run(faults: list[str], seconds: int, workers: int) -> dict[str, str]:
    """Outcome by fault; those not tried within the time are missing."""
    plan, result = WORK / "plan.json", WORK / "result"
    plan.write_text(
        json.dumps({"faults": faults, "seconds": seconds, "workers": workers, "cleared": CLEARED}), encoding="utf-8"
    )
    tests = [f"tests/unit/judgment/{name}.py" for name in TESTS if (WORK / f"tests/unit/judgment/{name}.py").exists()]
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "mutation_runner", "-p", "no:cacheprovider", "--tb=no", "-k", SLOW, *tests,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(WORK), "MUTATION_PLAN": str(plan), "MUTATION_RESULT": str(result)}
    with (WORK / "log.txt").open("w", encoding="utf-8") as log:
        subprocess.run([*command, "--timeout=0"], cwd=WORK, env=environment, check=False, stdout=log, stderr=log)
    found = {}
    for part in WORK.glob("result.*"):
        found.update(json.loads(line) for line in part.read_text(encoding="utf-8").splitlines() if line.endswith("]"))
    return found


def report(faults: list[str], outcomes: dict[str, str], survivors: bool) -> float:
    """Print a line for each module and one for all; the share noticed of those tried."""
    for module in sorted({module_of(fault) for fault in faults}):
        _line(module, [outcomes.get(fault, "not tried") for fault in faults if module_of(fault) == module])
    if survivors:
        print("\n".join(f"{outcomes[fault]}: {fault}" for fault in sorted(faults) if outcomes.get(fault) in MISSED))
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
    every = prepare(tuple(options.only.split(",")))
    faults = drawn(every, options.share, options.seed)
    print(f"{len(faults)} of {len(every)} faults, seed {options.seed}", flush=True)
    share = report(faults, run(faults, options.seconds, options.workers), options.survivors)
    if not options.keep:
        shutil.rmtree(WORK, ignore_errors=True)
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
