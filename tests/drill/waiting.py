"""Colleagues at work while one runs the whole chain over a large workspace: how long the longest of them waits, on a file and on a server."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests import postgres
from tests.unit.evidence.pictures import exif, gps, jpeg, scene
from tests.unit.intake import builder as b
from weipian_plugin.gui.rows import read_rows
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline.command import Step
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.match_photos import MatchPhotos
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.pipeline.steps import Walk
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.moving import move
from weipian_plugin.workspace.places import place_of

from . import desk, lock_spans
from .crowd import each
from .outcome import Outcome, timed

#: What nobody may wait for longer, in seconds: to read a parcel's card, to decide it.
MOST_READ, MOST_WRITE = 1.0, 2.0
#: How long colleagues work before the run begins, between two of their acts, and how long they would wait (ms).
_ALONE_SECONDS, _BETWEEN_SECONDS, _PATIENCE = 3.0, 0.05, 60_000
#: So many names of what the run held the workspace for are told.
_SPANS_SHOWN = 4
_BEFORE: tuple[type[Step], ...] = (ImportDelivery, MeasureParcels, ProposeJudgments)
_WHOLE: tuple[type[Step], ...] = (ImportDelivery, MeasureParcels, MatchPhotos, ProposeJudgments)


@dataclass(frozen=True)
class Office:
    """A county whose parcels are judged, and a folder of photos that its workspace has not seen."""

    plan: desk.Job
    photos: Path

    def run(self, workspace: str, steps: tuple[type[Step], ...] = _WHOLE) -> None:
        """What ``weipian:run`` does until the proposals."""
        asked = {
            "DELIVERY": str(self.plan.delivery), "CATALOGUE": str(self.plan.catalogue), "PHOTOS": str(self.photos), "WORKSPACE": workspace,
        }  # fmt: skip
        Walk.of(asked, steps, who="张三").run(Silent())


def drill(folder: Path, count: int) -> list[Outcome]:
    """An outcome for a file, and one for a server where PostgreSQL is installed."""
    office = county(folder / "county", count)
    each(1, lambda _: office.run(str(office.plan.workspace), _BEFORE))
    on_file = folder / "文件" / "工作库.gpkg"
    on_file.parent.mkdir()
    shutil.copyfile(office.plan.workspace, on_file)
    found = [working(office, str(on_file), f"colleagues work in a file while a run takes {count:,} parcels and photos")]
    with postgres.team_server(fsync="on") as server:
        if not isinstance(server, str):
            place = server.team_place(folder / "服务器")
            each(1, lambda _: move(office.plan.workspace, place_of(place), "管理员").rows)
            title = f"colleagues work on a server while a run takes {count:,} parcels and photos"
            found.append(working(office, place, title))
    return found


def county(folder: Path, count: int) -> Office:
    """A delivery of ``count`` parcels in a square, survey below all of them, an approval over every second one, a small photo at each."""
    columns = int(np.ceil(np.sqrt(count)))
    shapes = [b.square(place % columns, place // columns) for place in range(count)]
    rows = [b.parcel(1, shape, JCBH=f"{b.COUNTY}SJBG23{place:06d}") for place, shape in enumerate(shapes)]
    plan = desk.Job(
        b.write_shapefile(folder / "下发" / "图斑.shp", rows),
        desk.catalogue_over(folder, shapes, shapes[::2]),
        folder / "工作库.gpkg",
        folder / "报表",
    )
    return Office(plan, _photos(folder / "照片", shapes))


def _photos(folder: Path, shapes: Sequence[Any]) -> Path:
    folder.mkdir(parents=True)
    for place, shape in enumerate(shapes):
        at = shape.centroid
        block = exif(gps(at.x, at.y, float(place % 360)))
        segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
        body = jpeg(None, scene(place, 96, 72))
        (folder / f"IMG_{place:06d}.jpg").write_bytes(body[:2] + segment + body[2:])
    return folder


def working(office: Office, workspace: str, title: str) -> Outcome:
    """One person reads cards and one decides, first alone and then during a run. An act is wrong where it failed; one that took longer than
    the goal is told in the remark, because a machine with other work makes everybody wait and nothing is lost by it."""
    outcome = Outcome(title)
    flags = Path(str(office.plan.workspace)).parent / "flags"
    shutil.rmtree(flags, ignore_errors=True)
    flags.mkdir()

    def take_part(who: int) -> dict[str, Any]:
        if who == 0:
            time.sleep(_ALONE_SECONDS)
            (flags / "begun").touch()
            begun = time.monotonic()
            try:
                with lock_spans.recorded() as spans:
                    office.run(workspace)
            finally:
                (flags / "ended").touch()
            return {"run": time.monotonic() - begun, "held": [str(span) for span in spans.longest(_SPANS_SHOWN)]}
        return _colleague(workspace, flags, _read if who == 1 else _decide)

    with timed(outcome):
        run, reader, writer = (json.loads(text) for text in each(3, take_part))
        for one in (run, reader, writer):
            if "raw" in one:
                outcome.count(one["raw"])
        if outcome.wrong:
            return outcome
        for name, told in (("read", reader), ("decide", writer)):
            for _ in told["during"]:
                outcome.count(None)
            outcome.count(f"{name}: {told['ended']}" if told["ended"] else None)
        with Workspace.open(workspace) as store:
            doubts = store.audit()
            outcome.count(json.dumps([doubt.as_record() for doubt in doubts], ensure_ascii=False) if doubts else None)
        busy = f"load {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores"  # of all programs: others' work makes everybody wait
        outcome.remark = (
            f"the run takes {run['run']:.0f} s ({busy}); {_said('read', reader, MOST_READ)}; {_said('decided', writer, MOST_WRITE)}; "
            f"held longest by {', '.join(run['held'])}"
        )
    return outcome


def _said(verb: str, told: dict[str, Any], most: float) -> str:
    during, alone = np.array(told["during"]), np.array(told["alone"])
    return (
        f"{len(during):,} cards {verb}, longest {during.max():.2f} s, {(during > most).sum()} over the goal of {most:.0f} s, "
        f"half of them below {np.median(during):.2f} s "
        f"(without the run longest {alone.max():.2f} s)"
    )


def _colleague(workspace: str, flags: Path, act: Callable[[Workspace, str, str], None]) -> dict[str, Any]:
    """Acts one after the other, as a window does them, until the run has ended: how long each took."""
    alone, during, ended = list[float](), list[float](), list[str]()
    with Workspace.open(workspace, check=False) as store:
        store.set_patience(_PATIENCE)
        numbers = [str(number) for (number,) in store.values("parcel", ("number",))]
        turn = 0
        while not (flags / "ended").exists():
            turn += 1
            taken = during if (flags / "begun").exists() else alone
            begun = time.monotonic()
            try:
                act(store, numbers[turn * 7 % len(numbers)], f"{turn}")
            except WeipianError as error:
                ended.append(error.code)
            taken.append(time.monotonic() - begun)
            time.sleep(_BETWEEN_SECONDS)
    return {"alone": alone, "during": during, "ended": sorted(set(ended))}


def _read(store: Workspace, number: str, turn: str) -> None:
    read_rows(store, number)


def _decide(store: Workspace, number: str, turn: str) -> None:
    desk.decide(store, number, "李四", turn)
