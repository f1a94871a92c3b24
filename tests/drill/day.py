"""A long day in an office with many parcels and photos: memory stays flat."""

from __future__ import annotations

import gc
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from weipian_plugin.gui.rows import read_rows
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.geometry import geometry_digest

from . import desk
from .crowd import each
from .outcome import Outcome, TimeBox, timed

#: What a day must keep: growth per round after the third, and the highest point, in MB.
SLOPE, PEAK = 1.0, 1024.0
_EXPORTED, _DECIDED, _SETTLING = 10, 20, 3


def drill(folder: Path, parcels: int, rounds: int, seconds: float) -> list[Outcome]:
    """Rounds of reading the queue, deciding, exporting ten packages and looking for doubts, in one process; each third writes all tables.

    ``seconds``: no further round begins after them, once there are enough for a slope.
    """
    outcome = Outcome(f"a day with {parcels:,} parcels and photos")
    with timed(outcome):
        workspace = many(folder, parcels)
        (text,) = each(1, lambda _: _day(workspace, rounds, TimeBox(seconds)))
        told = json.loads(text)
        if isinstance(told, dict) and "raw" in told:
            outcome.count(told["raw"])
            return [outcome]
        ends, peak, seconds = told["ends"], told["peak"], told["seconds"]
        later = ends[_SETTLING:]
        slope = float(np.polyfit(range(len(later)), later, 1)[0]) if len(later) > 1 else 0.0
        for _ in ends:
            outcome.count(None)
        outcome.count(None if slope < SLOPE else f"memory grows by {slope:.1f} MB a round")
        outcome.count(None if peak < PEAK else f"peak {peak:.0f} MB")
        outcome.remark = (
            f"peak {peak:.0f} MB, {slope:+.2f} MB a round after the third; ends of rounds {' '.join(f'{end:.0f}' for end in ends)} MB; "
            f"a round takes {np.median(seconds):.0f} s, with all tables {max(seconds):.0f} s"
        )
    return [outcome]


def many(folder: Path, count: int) -> Path:
    """A workspace with ``count`` judged parcels and a photo each."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = int(np.ceil(np.sqrt(count)))
    shapes = [shapely.box(x, y, x + 0.0004, y + 0.0004) for x, y in _places(count, columns)]
    numbers = [f"500118SJBG23{serial:07d}" for serial in range(count)]
    tables: dict[str, Any] = {
        "parcel": {
            "number": numbers, "kind": "land", "county": "永川区", "township": [f"{place % 23}镇" for place in range(count)],
            "village": "某村", "level": "一级", "issued": "2026-01-05", "due": "2026-04-05", "area_m2": 1700.0, "area_mu": 2.55,
            "state": "未提报", "flags": [[] for _ in numbers], "claims": [{} for _ in numbers],
            "delivered": [{"JCBH": number, "BZ": "疑似新增建设用地"} for number in numbers], "version": 0, "geometry": shapes,
            "geometry_digest": [geometry_digest(shape) for shape in shapes],
        },
        "measure": {"parcel": numbers, "part": "", "measure": "uncovered", "value": "1700.0", "unit": "m2"},
        "coverage": {"parcel": numbers, "part": "", "role": "land_survey", "group": "0103", "area_m2": 1700.0, "area_mu": 2.55,
                     "share": 1.0, "geometry": shapes},
        "proposal": {"parcel": numbers, "part": "", "category": "违法", "subtype": "", "rule": "N1", "profile": "national-2023",
                     "area_m2": 1700.0, "area_mu": 2.55, "confidence": "high", "reasons": [[] for _ in numbers],
                     "missing": [[] for _ in numbers], "facts": [{} for _ in numbers], "digest": numbers},
        "photo": {"file": [f"{number}.jpg" for number in numbers], "sha256": numbers, "lon": 105.9, "lat": 29.3, "azimuth": 45.0,
                  "status": "read", "purpose": "现状"},
        "photo_parcel": {"photo": numbers, "parcel": numbers, "status": "attached", "score": 1.0},
    }  # fmt: skip
    with Workspace.create(folder / "工作库.gpkg") as store:
        for name, values in tables.items():
            store.insert(name, pd.DataFrame(values), "张三", "一天")
    return folder / "工作库.gpkg"


def _places(count: int, columns: int) -> list[tuple[float, float]]:
    return [(105.7 + serial % columns * 0.0008, 29.2 + serial // columns * 0.0008) for serial in range(count)]


def _day(workspace: Path, rounds: int, box: TimeBox) -> dict[str, Any]:
    ends, seconds = [], []
    numbers = desk.numbers_of(workspace)
    with Workspace.open(workspace) as store:
        for turn in range(rounds):
            if not box.open and turn >= _SETTLING + 3:
                break
            begun = time.monotonic()
            rows = read_rows(store)
            for place in range(_DECIDED):
                desk.decide(store, rows[(turn * _DECIDED + place) % len(rows)].number, "张三", f"{turn}-{place}")
            chosen = numbers[turn * _EXPORTED : (turn + 1) * _EXPORTED]
            list(desk.export(workspace, workspace.parent / "卷宗", chosen))
            store.audit()
            if turn % 3 == 2:
                desk.tables(store, workspace, workspace.parent / "报表")
            del rows
            gc.collect()
            ends.append(_resident())
            seconds.append(time.monotonic() - begun)
    return {"ends": ends, "peak": peak_of_this_process(), "seconds": seconds}


def _resident() -> float:
    """Memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_of_this_process() -> float:
    """The highest memory of this process, in MB. Not ``ru_maxrss``, which a forked process inherits."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
