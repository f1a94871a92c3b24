"""The main job on the sample county, through the real qgis_process, with a short summary at the end (`make demo`).

weipian:sample → weipian:run → a scripted office that decides half of it (demo_office.py) → weipian:file of what it decided →
weipian:tables → weipian:verify, all in .build/demo. Exit code 1 when a step fails, when a package does not verify, or when the
results of the run differ from what the sample planted (truth.json).
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
import shutil
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import demo_office
from house import BUILD, PACKAGE, REPOSITORY, checkout_environment, run_algorithm

DEMO = BUILD / "demo"
COUNTY = DEMO / "示例县"
RESULTS = DEMO / "卫片成果"
WORKSPACE = RESULTS / "工作库.gpkg"
PACKAGES = RESULTS / "卷宗"
REPORT = RESULTS / "报表"
#: The tables after people have decided; those of the run alone are held against what was planted.
DECIDED = RESULTS / "报表-判定后"
#: A day between the sample's delivery and its deadlines, so that the tables show a county at work.
AS_OF = "2023-08-20"


class StepFailed(Exception):
    """A step of the demo did not do its work; the text is for the person who runs it."""


def step(algorithm: str, environment: dict[str, str], **parameters: Path | str) -> dict[str, Any]:
    """Run one algorithm and return its results."""
    began = time.perf_counter()
    print(f"   {algorithm:<16}", end="", flush=True)
    texts = {name: str(value) for name, value in parameters.items()}
    done = run_algorithm(algorithm, texts, json=True, environment=environment)
    print(f"{time.perf_counter() - began:6.1f} s", flush=True)
    try:
        answer = json.loads(done.stdout[done.stdout.index("{") :])
    except ValueError:
        answer = {}
    if done.returncode or "results" not in answer:
        log = answer.get("log", {})
        said = [*map(str, log.get("errors", [])), *done.stderr.strip().splitlines()[-12:]]
        raise StepFailed(f"{algorithm} ended with code {done.returncode}\n" + "\n".join(said))
    return dict(answer["results"])


def table(name: str) -> list[dict[str, str]]:
    """One of the plain tables of the report folder (UTF-8 with BOM)."""
    with (REPORT / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def make_sample(environment: dict[str, str]) -> dict[str, Any]:
    """The sample county; one that the present generator made before is kept, since the same seed gives the same bytes."""
    made_by = hashlib.sha256()
    for file in sorted((REPOSITORY / PACKAGE / "sample").rglob("*.py")):
        made_by.update(file.read_bytes())
    kept, fingerprint = DEMO / "sample.json", made_by.hexdigest()
    if kept.is_file():
        before = json.loads(kept.read_text(encoding="utf-8"))
        if before["made_by"] == fingerprint and all(
            Path(before["results"][name]).exists() for name in ("DELIVERY", "TRUTH")
        ):
            print("   weipian:sample    kept from before")
            return dict(before["results"])
    results = step("weipian:sample", environment, FOLDER=COUNTY)
    kept.write_text(json.dumps({"made_by": fingerprint, "results": results}, ensure_ascii=False), encoding="utf-8")
    return results


def make_results(environment: dict[str, str], sample: dict[str, Any]) -> dict[str, Any]:
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    demo_office.name_office(WORKSPACE)
    return step(
        "weipian:run", environment, DELIVERY=Path(sample["DELIVERY"]), CATALOGUE=Path(sample["CATALOGUE"]),
        PHOTOS=Path(sample["PHOTOS"]), WORKSPACE=WORKSPACE, PACKAGES=PACKAGES, REPORT=REPORT, AS_OF=AS_OF,
    )  # fmt: skip


def decide_half(environment: dict[str, str], sample: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """People decide half of the county; their packages and tables are made again. What was done, and the counts of the export."""
    began = time.perf_counter()
    office = demo_office.work(WORKSPACE)
    print(f"   scripted office {time.perf_counter() - began:6.1f} s", flush=True)
    filed = step(
        "weipian:file", environment, WORKSPACE=WORKSPACE, PACKAGES=PACKAGES, CATALOGUE=Path(sample["CATALOGUE"]), REPORT=DECIDED,
        FILTER=",".join(office.decided),
    )  # fmt: skip
    step(
        "weipian:tables",
        environment,
        WORKSPACE=WORKSPACE,
        REPORT=DECIDED,
        PACKAGES=PACKAGES,
        AS_OF=f"{date.today():%Y-%m-%d}",
    )
    return demo_office.summary(office), filed


def make_everything_once() -> Path:
    """The working area of the sample county, made if it is not there yet."""
    if not WORKSPACE.exists():
        environment = checkout_environment()
        make_results(environment, make_sample(environment))
    return WORKSPACE


def of_the_tests(name: str) -> Any:
    """A module of the tests that checks results; None where this checkout has no tests."""
    source = REPOSITORY / "tests" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, source) if source.is_file() else None
    if spec is None or spec.loader is None:
        return None
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def differences_from_truth(truth: Path) -> list[str] | None:
    """What the shared comparer of the tests finds, or None while there is no comparer."""
    comparer = of_the_tests("comparer")
    return None if comparer is None else [str(difference) for difference in comparer.compare(truth, REPORT)]


def differences_from_recount() -> list[str]:
    """What pandas counts otherwise than the workbooks of the decided half say."""
    recount = of_the_tests("recount")
    return [] if recount is None else list(recount.differences(recount.Folder(DECIDED, WORKSPACE, f"{date.today()}")))


def in_general(reason: str) -> str:
    """The first thing said of a photo, without its name and figures, so that photos with the same fault count as one line."""
    first = re.sub(r"(照片\s*)?\S+\.(jpe?g|png|heic|tiff?)\s*", "", reason.split("；")[0], flags=re.IGNORECASE)
    return re.sub(r"-?\d+(\.\d+)?", "…", first) or reason


def count_lines(title: str, counts: Counter[str]) -> list[str]:
    return [f"   {title}", *(f"      {number:5}  {name}" for name, number in counts.most_common())]


def summary(run: dict[str, Any], verified: dict[str, Any]) -> list[str]:
    """The lines that a person reads."""
    parcels, proposals, photos, packages = table("parcels"), table("proposals"), table("photos"), table("packages")
    rejected = table("refused")
    kinds = Counter(row.get("kind", "") for row in parcels)
    whole = Counter(row["category"] for row in proposals if not row["part"])
    parts = [row for row in proposals if row["part"]]
    states = Counter(row["status"] for row in photos)
    reasons = Counter(in_general(row["reason"]) for row in photos if row["status"] != "attached" and row["reason"])
    complete = sum(row["complete"] in ("1", "true", "True") for row in packages)
    size = sum(int(row["bytes"] or 0) for row in packages) / 1e6
    lines = [
        f"   parcels in          {len(parcels)}  (" + ", ".join(f"{n} {k}" for k, n in sorted(kinds.items())) + ")",
        f"   set aside at intake {len(rejected)}" + (f"  ({REPORT / 'refused.csv'})" if rejected else ""),
        *count_lines("proposals (the software proposes, a person decides)", whole),
    ]
    if parts:
        split = len({row["parcel"] for row in parts})
        lines.append(f"             and {len(parts)} parts of {split} parcels that should be split")
    lines += count_lines(f"photos given in: {len(photos)}", states)
    if reasons:
        lines += count_lines("photos not attached, by reason", reasons)
    lines += [
        f"   packages written    {len(packages)}  ({complete} complete, the others are drafts; {size:.1f} MB)",
        f"   packages verified   {verified.get('PACKAGES_CHECKED', 0)}  ({verified.get('FAULTY', 0)} faulty)",
        f"   packages            {PACKAGES}",
        f"   tables              {REPORT}",
        f"   working area        {WORKSPACE}",
    ]
    if int(run.get("FAILED", 0)):
        lines.append(f"   parcels that failed {run['FAILED']}")
    return lines


def main() -> int:
    began = time.perf_counter()
    DEMO.mkdir(parents=True, exist_ok=True)
    environment = checkout_environment()
    print("== demo: the sample county, from delivery to packages", flush=True)
    try:
        sample = make_sample(environment)
        run = make_results(environment, sample)
        decided, filed = decide_half(environment, sample)
        verified = step("weipian:verify", environment, PACKAGES=PACKAGES, WORKSPACE=WORKSPACE)
        lines = summary(run, verified)
        lines += [
            f"   a scripted office   {decided}",
            f"   its packages        {filed.get('WRITTEN', 0)}  ({filed.get('COMPLETE', 0)} complete; tables {DECIDED})",
        ]
        differences = differences_from_truth(Path(sample["TRUTH"]))
        recounted = differences_from_recount()
    except (StepFailed, OSError, KeyError) as problem:
        print(f"\n== demo failed: {problem}", file=sys.stderr)
        return 1
    print("== summary")
    print("\n".join(lines))
    if differences is not None:
        print(f"   against what was planted: {len(differences) or 'no'} differences")
        print("\n".join(f"      {difference}" for difference in differences[:20]))
    print(f"   counted again from the plain tables: {len(recounted) or 'no'} differences")
    print("\n".join(f"      {difference}" for difference in recounted[:20]))
    print(f"== {time.perf_counter() - began:.0f} s")
    return 1 if differences or recounted or int(verified.get("FAULTY", 0)) or int(run.get("FAILED", 0)) else 0


if __name__ == "__main__":
    sys.exit(main())
