"""What every engine is asked for, and how it hands in its answer. Standard library and numpy only.

From three shapefiles (parcels, approvals, dltb): A, per parcel, the area that the union of all approvals covers, and the
geometry of the rest; B, per parcel and class (first two digits of DLBM), the area covered, union within the class. Areas are
planar, so that engines without an ellipsoid compare. The clock starts after the imports and stops when everything is in memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import numpy as np

CLASSES = [f"{code:02d}" for code in range(1, 13)]
CLASS = {code: place for place, code in enumerate(CLASSES)}


class Clock:
    """Seconds by phase since it was made."""

    def __init__(self) -> None:
        self.begun = self.last = time.perf_counter()
        self.processor = time.process_time()
        self.phases: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.phases[name] = self.phases.get(name, 0.0) + now - self.last
        self.last = now
        self.worked = time.process_time() - self.processor  # of this process, all threads

    @property
    def total(self) -> float:
        return self.last - self.begun


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", default="")
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def hand_in(out: str, clock: Clock, approved, rest, classes, **more: object) -> None:  # type: ignore[no-untyped-def]
    """Areas by parcel: ``approved`` (n,), ``rest`` (n,), ``classes`` (n, 12); None for what an engine did not do."""
    known = {
        name: value
        for name, value in (("approved", approved), ("rest", rest), ("classes", classes))
        if value is not None
    }
    np.savez(out, **known)
    sys.stdout.write(json.dumps({"seconds": clock.total, "cpu": clock.worked, "phases": clock.phases, **more}) + "\n")
