"""A team on one server: many clients decide at once, and the server is killed and started again while they do."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from tests import postgres
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.workspace import Workspace

from . import desk
from .crowd import each
from .outcome import Outcome, timed

#: Sentences that ask a person to try again, or to look first.
_AGAIN = ("workspace.locked", "workspace.server_lost")
_DOWN_SECONDS, _MOST_SECONDS = 2.0, 7200.0


def drill(folder: Path, clients: int, parcels: int) -> list[Outcome]:
    """One outcome; where PostgreSQL is not installed none."""
    with postgres.team_server(fsync="on") as server:
        if isinstance(server, str):
            return []
        place = server.team_place(folder)
        with Workspace.create(place) as store:
            store.insert("parcel", _rows(parcels), "管理员", "入库")
        return [deciding(server, place, clients, parcels)]


def deciding(server: postgres.Server, place: str, clients: int, parcels: int) -> Outcome:
    """Every client decides its share, and some parcels of a colleague's; nothing is lost, nothing is there twice."""
    outcome = Outcome(f"{clients} clients decide {parcels:,} parcels on one server, which is killed on the way")
    with timed(outcome):

        def take_part(who: int) -> dict[str, Any]:
            return _client(place, who, clients, parcels) if who < clients else _kill_midway(server, place, parcels)

        told = [json.loads(text) for text in each(clients + 1, take_part)]
        for one in told:
            if "raw" in one:
                outcome.count(one["raw"])
        people = told[:clients]
        given = [reason for one in people for reason in one.get("given", ())]
        unsure = {reason for one in people for reason in one.get("unsure", ())}
        ended = Counter[str]()
        for one in people:
            ended.update(one.get("ended", {}))
        _compare(outcome, place, given, unsure, parcels)
        strange = set(ended) - {*_AGAIN, "workspace.conflict", "workspace.server_unsure"}
        outcome.count(f"ended with {sorted(strange)}" if strange else None)
        slowest = max((one.get("slowest", 0.0) for one in people), default=0.0)
        outcome.remark = (
            f"{len(given):,} written, {ended['workspace.conflict']} told of a colleague, {ended['workspace.server_lost']} told that the "
            f"server is gone, {ended['workspace.locked']} told to wait, {len(unsure)} told to look first; slowest act {slowest:.1f} s"
        )
    return outcome


def _compare(outcome: Outcome, place: str, given: list[str], unsure: set[str], parcels: int) -> None:
    with Workspace.open(place) as store:
        rows = [row for row in store.records("decision") if row["action"] == "override"]
        found = Counter(str(row["reason"]) for row in rows)
        for reason in given:
            outcome.count(None if found[reason] == 1 else f"{reason} is there {found[reason]} times")
        for reason in set(found) - set(given) - unsure:
            outcome.count(f"{reason} was never acknowledged")
        decided = {str(row["parcel"]) for row in rows}
        outcome.count(None if len(decided) == parcels else f"{parcels - len(decided)} parcels are not decided")
        numbered = sorted(int(row["sequence"]) for row in store.records("decision"))
        outcome.count(None if numbered == list(range(1, len(numbered) + 1)) else "the order of the decisions has gaps")
        broken, doubts = store.journal_break(), store.audit()
        outcome.count(f"the journal is broken at {broken}" if broken is not None else None)
        outcome.count(json.dumps([doubt.as_record() for doubt in doubts], ensure_ascii=False) if doubts else None)


def _client(place: str, who: int, clients: int, parcels: int) -> dict[str, Any]:
    """One person at work; an act that was not written is done again, as the sentence asks."""
    own = list(range(who, parcels, clients))
    shared = [number + 1 for number in own[::20] if number + 1 < parcels]  # a colleague's as well
    ended, given, unsure, slowest = Counter[str](), [], [], 0.0
    store = Workspace.open(place, check=False)
    store.set_patience(30_000)
    for number in [*own, *shared]:
        reason = f"{who}-{number}"
        while True:
            begun = time.monotonic()
            try:
                desk.decide(store, _number(number), f"人{who}", reason)
                given.append(reason)
                slowest = max(slowest, time.monotonic() - begun)
                break
            except WeipianError as error:
                ended[error.code] += 1
                if error.code == "workspace.server_unsure":
                    unsure.append(reason)
                if error.code not in (*_AGAIN, "workspace.conflict"):
                    break
                time.sleep(0.2 if error.code == "workspace.server_lost" else 0.0)
    store.close()
    return {"given": given, "unsure": unsure, "ended": dict(ended), "slowest": slowest}


def _kill_midway(server: postgres.Server, place: str, parcels: int) -> dict[str, Any]:
    """End every process of the server when half is done, however long that takes, then start it again."""
    with Workspace.open(place, check=False) as store:
        until = time.monotonic() + _MOST_SECONDS
        while store.count("decision") < parcels // 2 and time.monotonic() < until:
            time.sleep(0.1)
    server.stop("immediate")
    time.sleep(_DOWN_SECONDS)
    server.start()
    return {}


def _rows(parcels: int) -> pd.DataFrame:
    shapes = [shapely.box(105 + place * 1e-4, 29, 105 + place * 1e-4 + 5e-5, 29.0005) for place in range(parcels)]
    numbers = [_number(place) for place in range(parcels)]
    return pd.DataFrame(
        {"number": numbers, "township": "镇", "state": "未提报", "flags": [[]] * parcels, "geometry": shapes}
    )


def _number(place: int) -> str:
    return f"500118SJBG23{place:06d}"
