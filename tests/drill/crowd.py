"""Many at once: people who decide, exports into one folder, readers while others write."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from weipian_plugin.filing import packages_in, verify
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Rejection
from weipian_plugin.pipeline import chain
from weipian_plugin.workspace import Workspace

from . import desk
from .outcome import Outcome, TimeBox, timed


def drill(plan: chain.Plan, folder: Path, box: float, processes: int = 8) -> list[Outcome]:
    """Each of three drills gets a third of ``box`` seconds."""
    workspace = Path(str(desk.copied(plan, folder / "库").workspace))
    share = box / 3
    return [
        deciding(workspace, share, processes),
        exports(workspace, folder / "卷宗", share),
        snapshots(workspace, share),
    ]


def each(count: int, work: Callable[[int], object]) -> list[str]:
    """Run ``work`` in ``count`` processes at once; what each gave back, as JSON text."""
    pipes = []
    for place in range(count):
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                told = json.dumps(work(place), ensure_ascii=False)
            except BaseException as error:
                told = json.dumps({"raw": f"{type(error).__name__}: {error}"}, ensure_ascii=False)
            os.write(writing, told.encode("utf-8"))
            os._exit(0)
        os.close(writing)
        pipes.append(reading)
    texts = []
    for pipe in pipes:
        with os.fdopen(pipe, encoding="utf-8") as stream:
            texts.append(stream.read())
    for _ in range(count):
        os.wait()
    return texts


def deciding(workspace: Path, seconds: float, processes: int) -> Outcome:
    """Every process decides any parcel, on what it was shown; an act counts once, or a colleague was faster."""
    numbers = desk.numbers_of(workspace)
    outcome = Outcome(f"{processes} processes decide the same {len(numbers)} parcels")

    def person(place: int) -> object:
        ended, given, box, turn = Counter[str](), [], TimeBox(seconds), 0
        while box.open:
            turn += 1
            reason = f"{place}-{turn}"
            try:
                with Workspace.open(workspace) as store:
                    desk.decide(store, numbers[(place * 7 + turn * 5) % len(numbers)], f"人{place}", reason)
                given.append(reason)
            except WeipianError as error:
                ended[error.code] += 1
        return {"given": given, "ended": dict(ended)}

    with timed(outcome):
        told = [json.loads(text) for text in each(processes, person)]
        given = [reason for one in told for reason in one.get("given", ())]
        found = Counter(desk.reasons(workspace))
        for reason in given:
            outcome.count(None if found[reason] == 1 else f"{reason} is there {found[reason]} times")
        for reason in set(found) - set(given):
            outcome.count(f"{reason} was never acknowledged")
        ended = Counter[str]()
        for one in told:
            ended.update(one.get("ended", {}))
            if "raw" in one:
                outcome.count(one["raw"])
        unknown = {code for code in ended if code not in ("workspace.conflict", "workspace.locked")}
        outcome.count(f"ended with {sorted(unknown)}" if unknown else None)
        outcome.count(desk.doubts(workspace) or None)
        outcome.remark = f"{len(given)} written, {ended['workspace.conflict']} told of a colleague, {ended['workspace.locked']} told to wait"
    return outcome


def exports(workspace: Path, folder: Path, seconds: float) -> Outcome:
    """Three exports write the same packages anew, all at once."""
    outcome = Outcome("3 exports into one folder at once")
    numbers, box, rejected, turn = desk.numbers_of(workspace)[:6], TimeBox(seconds), 0, 0
    with timed(outcome):
        while box.open:
            turn += 1
            with Workspace.open(workspace) as store:
                for number in numbers:
                    store.update("parcel", {"number": number}, {"village": f"{turn}村"}, "张三", "试")

            def export(place: int) -> object:
                done = list(desk.export(workspace, folder, numbers))
                return [item.code for item in done if isinstance(item, Rejection)]

            for text in each(3, export):
                told = json.loads(text)
                if isinstance(told, dict):
                    outcome.count(told["raw"])
                else:
                    rejected += len(told)
            standing = {path.name: path for path in packages_in(folder)}
            for path in standing.values():
                findings = verify(path)
                outcome.count(f"{path.name}: {findings[0].code}" if findings else None)
            if len(standing) != len(numbers):
                outcome.count(f"{len(standing)} packages instead of {len(numbers)}")
        outcome.remark = f"{turn} rounds, {rejected} packages refused with the holder's name"
    return outcome


def snapshots(workspace: Path, seconds: float) -> Outcome:
    """While three processes write pairs of values that belong together, a fourth reads all tables: no pair is torn."""
    outcome = Outcome("all tables are read while 3 processes write")

    def write(place: int) -> object:
        box, turn = TimeBox(seconds), 0
        while box.open:
            turn += 1
            try:
                with Workspace.open(workspace) as store, store.transaction():
                    number = store.values("parcel", ("number",))[place][0]
                    store.update("parcel", {"number": number}, {"village": f"{turn}"}, "张三", "试")
                    store.set_setting(f"pair {number}", f"{turn}", "张三", "试")
            except WeipianError:
                continue
        return turn

    def read() -> object:
        box, faults, tried = TimeBox(seconds), [], 0
        while box.open:
            time.sleep(0.01)
            with Workspace.open(workspace) as store:
                tables = store.snapshot()
            tried += 1
            villages = dict(zip(tables["parcel"]["number"], tables["parcel"]["village"]))
            for name, value in zip(tables["setting"]["name"], tables["setting"]["value"]):
                if name.startswith("pair ") and villages[name[5:]] != value:
                    faults.append(f"{name}: {value} beside {villages[name[5:]]}")
        return {"tried": tried, "faults": faults[:tried]}

    with timed(outcome):
        told = [json.loads(text) for text in each(4, lambda place: write(place) if place < 3 else read())]
        read_back = told[3] if isinstance(told[3], dict) else {}
        for place in range(int(read_back.get("tried", 0))):
            outcome.count(read_back["faults"][place] if place < len(read_back["faults"]) else None)
        if "raw" in read_back:
            outcome.count(read_back["raw"])
    return outcome
