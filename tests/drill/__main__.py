"""``make drill``: kills, full disks, crowds, damaged files, no network, planted secrets, a long day. Writes docs/reliability.md.

``DRILL='--short'`` is what ``.ci/run`` does (a minute, no page); ``DRILL='--cases 60000 --parcels 20000 --minutes 60'`` goes on longer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from . import crowd, day, desk, full_disk, fuzz, page, sealed, team, waiting
from .checking import fault_of
from .kills import Kills
from .outcome import Outcome, TimeBox, timed
from .writers import GIS, OFFICE, cases, damaged, libreoffice


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="about a minute of everything that needs no QGIS; writes no page"
    )
    parser.add_argument("--cases", type=int, default=20_000, help="damaged files (default: 20000)")
    parser.add_argument(
        "--parcels",
        type=int,
        default=5_000,
        help="parcels and photos of the long day and of the run that colleagues wait for (default: 5000)",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=25.0,
        help="time for the timed drills, and at most as much again for damaged files",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only",
        default="",
        help="drills whose name holds this: kills, crowd, team, waiting, disk, sealed, day, fuzz, writers; only their rows of the page are renewed",
    )
    return parser.parse_args(given)


def by_other_programs(folder: Path, seed: int, count: int, seconds: float) -> list[Outcome]:
    """Deliveries that other programs write; ``seconds``: how long, at most."""
    outcome, box = Outcome("deliveries written by other programs"), TimeBox(seconds)
    with timed(outcome):
        for case in cases(folder / "c", seed, count):
            fault = fault_of(case)
            outcome.count(f"{case.title}: {fault}" if fault else None)
            if not box.open:
                break
        if count > 1000:
            for case in libreoffice(folder):
                fault = fault_of(case)
                outcome.count(f"{case.title}: {fault}" if fault else None)
    outcome.remark = f"seed {seed}, {len((*GIS, *OFFICE, damaged))} writers"
    return [outcome]


def plan_of_drills(given: argparse.Namespace, top: Path) -> dict[str, Callable[[], list[Outcome]]]:
    """Name → drill, each with its share of the time."""
    county = top / "county"
    plan = desk.judged(county, 6 if given.short else 12)
    whole = 30.0 if given.short else given.minutes * 60
    damages = 300 if given.short else given.cases
    rounds = 4 if given.short else 10
    return {
        "kills": lambda: Kills(plan, top / "kills", given.seed).all(whole * 0.3),
        "crowd": lambda: crowd.drill(plan, top / "crowd", whole * 0.12, 4 if given.short else 8),
        "team": lambda: team.drill(top / "team", 6 if given.short else 20, 120 if given.short else 10_000),
        "waiting": lambda: waiting.drill(top / "waiting", 200 if given.short else given.parcels),
        "disk": lambda: full_disk.drill(county, top / "disk", whole * 0.1),
        "sealed": lambda: sealed.drill(plan, top / "sealed", qgis=not given.short),
        "day": lambda: day.drill(top / "day", 200 if given.short else given.parcels, rounds, whole * 0.3),
        "fuzz": lambda: fuzz.drill(top / "fuzz", damages, whole * (0.38 if given.short else 1.0), given.seed),
        "writers": lambda: by_other_programs(top / "writers", given.seed, 40 if given.short else 3200, whole * 0.1),
    }


def main(given: argparse.Namespace) -> int:
    """Run the drills, say what each found, and write the page; 1 where something was lost or wrong."""
    warnings.simplefilter("ignore")
    begun, found = time.monotonic(), list[Outcome]()
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        for name, drill in plan_of_drills(given, Path(folder)).items():
            if given.only and given.only not in name:
                continue
            for outcome in drill():
                found.append(outcome)
                sys.stdout.write(
                    f"{outcome.title}: {outcome.tried} tried, {outcome.survived} survived, {outcome.seconds:.0f} s; {outcome.remark}\n"
                )
                sys.stdout.writelines(f"  WRONG {fault}\n" for fault in outcome.wrong)
                sys.stdout.flush()
    if not given.short:
        page.write(found, only_some=bool(given.only))
    wrong = sum(len(outcome.wrong) for outcome in found)
    sys.stdout.write(f"{wrong} lost or wrong, {time.monotonic() - begun:.0f} s in all\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(arguments(sys.argv[1:])))
