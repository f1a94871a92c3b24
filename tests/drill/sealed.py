"""Nothing is asked of the network, and nothing that is written or said holds a password or key."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import yaml

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message, render

from . import desk
from .crowd import each
from .outcome import Outcome, timed

REPOSITORY = Path(__file__).resolve().parents[2]
SECRET = "GEHEIM4711"
#: Sources with a login or key in the forms that databases, services and GDAL know. None can be opened: they end in sentences.
SOURCES = (
    f"PG:host=127.0.0.1 port=9 user=wp dbname=gis password={SECRET}",
    f"PG:host=127.0.0.1 port=9 user=wp dbname=gis password='{SECRET} x'",
    f"postgresql://wp:{SECRET}@127.0.0.1:9/gis",
    f"postgresql://wp:{SECRET}@[::bad/x",
    f"postgresql://127.0.0.1:9/gis?user=wp&password={SECRET}",
    f"MSSQL:server=127.0.0.1;database=gis;uid=wp;pwd={SECRET};",
    f"OCI:wp/{SECRET}@127.0.0.1:9/orcl",
    f"MySQL:gis,host=127.0.0.1,port=9,user=wp,password={SECRET}",
    f"ODBC:wp/{SECRET}@quelle",
    f"https://wp:{SECRET}@127.0.0.1:9/a.geojson",
    f"/vsicurl/http://127.0.0.1:9/a.geojson?access_key={SECRET}",
    f"http://127.0.0.1:9/a.geojson?token={SECRET}&x=1",
)
#: Parts of the drill that need QGIS, as tests that assert the same.
WITH_QGIS = (
    ("no network, in QGIS: the export and its maps", "tests/qgis/test_network.py"),
    ("planted secrets, in QGIS: run, packages, tables, checks", "tests/qgis/test_secrets.py"),
    ("two real exports at once, in QGIS", "tests/qgis/test_two_exports.py"),
)


class _Heard(Silent):
    """Keeps what a run says."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def report(self, message: Message, level: str = "info") -> None:
        self.sentences.append(
            render(message, "zh") + render(message, "en") + json.dumps(message.as_record(), ensure_ascii=False)
        )


def drill(plan: desk.Job, folder: Path, qgis: bool) -> list[Outcome]:
    """``qgis``: also what needs QGIS (minutes)."""
    found = [without_network(folder / "无网"), secrets(plan, folder / "密码")]
    return found + [by_test(title, path) for title, path in WITH_QGIS] if qgis else found


def without_network(folder: Path) -> Outcome:
    """The chain in a process whose sockets fail: intake to tables and packages."""
    outcome = Outcome("the whole chain where every socket fails")

    def refuse(*arguments: object, **named: object) -> NoReturn:
        raise OSError("this drill has no network")

    def work(place: int) -> object:
        socket.socket.connect = refuse  # type: ignore[assignment,method-assign]
        socket.getaddrinfo = refuse  # type: ignore[assignment]
        socket.create_connection = refuse
        plan = desk.judged(folder, 6)
        desk.tabulate(plan)
        workspace = Path(str(plan.workspace))
        return len(list(desk.export(workspace, folder / "卷宗", desk.numbers_of(workspace))))

    with timed(outcome):
        (told,) = each(1, work)
        outcome.count(None if told == "6" else told)
    return outcome


def secrets(plan: desk.Job, folder: Path) -> Outcome:
    """Each form in a catalogue of its own; what is written, raised and said is searched for it."""
    outcome = Outcome("planted passwords and keys, twelve forms")
    with timed(outcome):
        plan = desk.copied(plan, folder)
        for number, source in enumerate(SOURCES):
            catalogue = (
                folder.parent / f"{folder.name}-{number}.yaml"
            )  # the person's own file: it may hold what they wrote
            layers = {"version": 1, "layers": [{"role": "farmland_conversion", "source": source}]}
            catalogue.write_text(yaml.safe_dump(layers, allow_unicode=True), encoding="utf-8")
            outcome.count(_leak(replace(plan, catalogue=catalogue), folder, source))
        desk.tabulate(plan)
        written = holding_the_secret(folder)
        outcome.count(f"in {written}" if written else None)
    return outcome


def _leak(plan: desk.Job, folder: Path, source: str) -> str | None:
    heard = _Heard()
    try:
        desk.measure(plan, heard)
        said = ""
    except WeipianError as error:
        said = (
            error.text("zh")
            + error.text("en")
            + repr(error)
            + json.dumps(error.message.as_record(), ensure_ascii=False)
        )
    form = source.replace(SECRET, "…")
    if SECRET in said + "".join(heard.sentences):
        return f"{form}: said"
    written = holding_the_secret(folder)
    return f"{form}: in {written}" if written else None


def holding_the_secret(folder: Path) -> list[str]:
    """Files below ``folder`` that hold the secret in their names, bytes, or members of office files."""
    found = []
    for path in folder.rglob("*"):
        contents = [path.read_bytes()] if path.is_file() else []
        if contents and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                contents += [archive.read(name) for name in archive.namelist()]
        if SECRET in str(path) or any(
            SECRET.encode(code) in one for one in contents for code in ("utf-8", "utf-16-le")
        ):
            found.append(path.relative_to(folder).as_posix())
    return found


def by_test(title: str, path: str) -> Outcome:
    """A drill that is a test of the project, run by pytest: every case counts."""
    outcome = Outcome(title, remark=path)
    command = [sys.executable, "-m", "pytest", path, "-q", "-rf", "-p", "no:cacheprovider", "--tb=line"]
    with timed(outcome):
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=900, env=_offscreen())
        counts: dict[str, int] = {}
        words = done.stdout.replace(",", " ").replace("=", " ").split()
        for number, word in zip(words, words[1:]):
            if number.isdecimal() and word.rstrip("s") in ("passed", "failed", "error", "skipped"):
                counts[word.rstrip("s")] = int(number)
        for _ in range(counts.get("passed", 0)):
            outcome.count(None)
        for line in range(counts.get("failed", 0) + counts.get("error", 0)):
            outcome.count(f"{path}: {done.stdout[-300:] if line == 0 else 'another case'}")
        if not counts:
            outcome.count(f"{path}: {(done.stdout + done.stderr)[-300:]}")
    return outcome


def _offscreen() -> dict[str, Any]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
