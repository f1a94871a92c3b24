"""Foreign files of every kind with bytes lost, changed or added: parcels, layers, rules or photos come out, or one coded sentence.

Cases are seeded: ``kind:seed:serial`` plays one again. Worker processes play them, so that a hang or too much memory is seen and named.
"""

from __future__ import annotations

import logging
import multiprocessing
import random
import re
import shutil
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import openpyxl

from tests.unit.evidence.test_mutations import in_memory, originals
from tests.unit.intake import builder as b
from tests.unit.intake.test_fuzz import MUTATIONS, corpus, other_formats, write_case
from weipian_plugin import intake
from weipian_plugin.evidence.fieldwork import read_return, write_package
from weipian_plugin.evidence.fieldwork.container import FILE
from weipian_plugin.evidence.options import PhotoOptions
from weipian_plugin.evidence.photo_file import Archives
from weipian_plugin.evidence.reading import read_photo
from weipian_plugin.filing.returned_table import returned_table
from weipian_plugin.formats.catalogue import read_catalogue
from weipian_plugin.intake.layers import read_layer
from weipian_plugin.judgment import load_profile
from weipian_plugin.judgment.profile_files import profile_path
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import LayerSource
from weipian_plugin.model.words import PhotoStatus
from weipian_plugin.workspace import Workspace

from . import desk
from .checking import english_in
from .day import peak_of_this_process
from .outcome import Outcome, TimeBox, timed

#: What no file may cost: seconds, and megabytes of a worker's memory.
MOST_SECONDS, MOST_MEGABYTES = 60.0, 1024.0
#: Shares of the kinds of files in all cases; the quick ones first, so that the slow ones get the time those leave.
SHARES = {
    "photos": 5, "catalogues": 2, "returned tables": 2, "field returns": 1, "profiles": 1, "layers": 3, "deliveries": 6,
}  # fmt: skip
Play = Callable[[random.Random, Path], object]


def damaged(generator: random.Random, content: bytes) -> bytes:
    """One to three of the mutations of deliveries."""
    raw = bytearray(content)
    for _ in range(generator.choice([1, 1, 1, 2, 3])):
        if len(raw) > 16:
            generator.choice(MUTATIONS)(generator, raw)
    return bytes(raw)


# ---- what is played, a kind each ----


def deliveries(folder: Path) -> Play:
    folder.mkdir(parents=True)
    sets = corpus(folder)
    extra = folder / "others"
    extra.mkdir()
    others = other_formats(extra)

    def play(generator: random.Random, place: Path) -> None:
        if generator.random() < 0.6:
            path = write_case(generator, sets, place)
        else:
            name = generator.choice(sorted(others))
            path = place / name
            path.write_bytes(damaged(generator, others[name]))
        intake.read_delivery(path, intake.IntakeOptions(county_code=b.COUNTY))

    return play


def layers(folder: Path) -> Play:
    folder.mkdir(parents=True)
    contents = other_formats(folder)
    names = [name for name in contents if name.endswith((".gpkg", ".geojson", ".kml"))]
    shapefile = b.write_shapefile(folder / "s" / "a.shp", b.parcels(4))
    sets = {path.name: path.read_bytes() for path in shapefile.parent.iterdir()}

    def play(generator: random.Random, place: Path) -> None:
        if generator.random() < 0.6:
            victim = generator.choice(sorted(sets))
            for name, content in sets.items():
                (place / name).write_bytes(damaged(generator, content) if name == victim else content)
            path = place / "a.shp"
        else:
            path = place / generator.choice(names)
            path.write_bytes(damaged(generator, contents[path.name]))
        read_layer(LayerSource("farmland_conversion", str(path)))

    return play


def catalogues(folder: Path) -> Play:
    text = desk.catalogue(folder, 4).read_text(encoding="utf-8")
    text += "- {role: basic_farmland, source: 图层/基本农田.shp, encoding: GBK, fields: {document: PZWH, date: PZRQ}, title: 基本农田}\n"

    def play(generator: random.Random, place: Path) -> None:
        path = place / "图层清单.yaml"
        path.write_bytes(_yaml(generator, text))
        read_catalogue(path)

    return play


def profiles(folder: Path) -> Play:
    texts = [profile_path(name).read_text(encoding="utf-8") for name in ("national-2023", "hebei-2026", "mineral-2023")]

    def play(generator: random.Random, place: Path) -> None:
        path = place / "规则.yaml"
        path.write_bytes(_yaml(generator, generator.choice(texts)))
        load_profile(path)

    return play


def photos(folder: Path) -> Play:
    sources, options, archives = originals(), PhotoOptions(), Archives()

    def play(generator: random.Random, place: Path) -> None:
        name, content = generator.choice(sources)
        photo = read_photo(in_memory(damaged(generator, content), name), options, options.settings, archives)
        if photo.status is not PhotoStatus.READ and not (photo.reason and photo.notes):
            raise AssertionError(f"no reason: {photo}")

    return play


def returned_tables(folder: Path) -> Play:
    folder.mkdir(parents=True)
    rows = [["线索编号", "图斑状态", "拆分状态", "核实认定意见", "审核阶段（系统）"]]
    rows += [[b.number(serial), "已上报", "未拆分", "违法", "县级审核"] for serial in range(1, 6)]
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / "a.xlsx")
    csv = "\r\n".join(",".join(row) for row in rows).encode("gbk")
    contents = {"a.xlsx": (folder / "a.xlsx").read_bytes(), "a.csv": csv}

    def play(generator: random.Random, place: Path) -> None:
        path = place / generator.choice(sorted(contents))
        path.write_bytes(damaged(generator, contents[path.name]))
        returned_table(path, [])

    return play


def field_returns(folder: Path) -> Play:
    plan = desk.plan_of(folder, 3)
    desk.take_in(plan)
    workspace = Path(str(plan.workspace))
    store = Workspace.open(workspace)
    write_package(store, desk.numbers_of(workspace), folder / "外业")
    content = (folder / "外业" / FILE).read_bytes()

    def play(generator: random.Random, place: Path) -> None:
        (place / FILE).write_bytes(damaged(generator, content))
        read_return(store, place)

    return play


_PIECES = (
    "&a ",
    "*a ",
    "<<: *a",
    "[" * 300,
    "{" * 40,
    "- " * 60,
    "? ",
    "!!python/object:os.system ",
    "\t",
    "2023-13-45",
    "1e999",
    "~",
    "\x00",
    "：",
    "'",
)


def _yaml(generator: random.Random, text: str) -> bytes:
    """Bytes damaged, lines exchanged, or pieces put in that mean something to YAML."""
    if generator.random() < 0.3:
        return damaged(generator, text.encode("utf-8"))
    lines = text.split("\n")
    for _ in range(generator.randint(1, 4)):
        place = generator.randrange(len(lines))
        how = generator.randrange(5)
        if how == 0:
            lines.insert(place, lines[generator.randrange(len(lines))])
        elif how == 1 and len(lines) > 2:
            del lines[place]
        elif how == 2:
            lines[place] = " " * generator.randrange(9) + lines[place]
        else:
            at = generator.randrange(len(lines[place]) + 1)
            lines[place] = lines[place][:at] + generator.choice(_PIECES) + lines[place][at:]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


KINDS: dict[str, Callable[[Path], Play]] = {
    "deliveries": deliveries, "layers": layers, "catalogues": catalogues, "profiles": profiles, "photos": photos,
    "returned tables": returned_tables, "field returns": field_returns,
}  # fmt: skip


def ended(play: Play, generator: random.Random, place: Path) -> str | None:
    """None where a case ended as it should, else what is wrong."""
    try:
        play(generator, place)
    except WeipianError as error:
        english = english_in(error.message)
        return f"{error.code}: English in it: {english}" if english else None
    except Exception as error:  # the fault that is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"raw {type(error).__name__}: {str(error)[:120]} ({Path(where.filename).name}:{where.lineno})"
    return None


# ---- workers ----


@dataclass(frozen=True)
class Span:
    """Cases ``first`` … ``last`` (without) of a kind."""

    kind: str
    seed: int
    first: int
    last: int


def worker(span: Span, folder: Path, told: Connection) -> None:
    """Play a span: ``("begin", serial)`` and ``("end", serial, fault, megabytes)`` of each case."""
    warnings.simplefilter("ignore")
    logging.disable()
    folder.mkdir(parents=True, exist_ok=True)
    play = KINDS[span.kind](folder / "models")
    place = folder / "case"
    for serial in range(span.first, span.last):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        told.send(("begin", serial))
        fault = ended(play, random.Random(f"{span.kind}:{span.seed}:{serial}"), place)
        told.send(("end", serial, fault, peak_of_this_process()))
    told.close()


def _nothing() -> None:
    """The work of the process that only starts the server."""


def _start_server() -> None:
    """Workers are forked from one process that has everything imported: a new one after a hang costs nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.drill.fuzz"])
    process = context.Process(target=_nothing)
    process.start()
    process.join()


@contextmanager
def running(span: Span, folder: Path) -> Iterator[tuple[multiprocessing.process.BaseProcess, Connection]]:
    context = multiprocessing.get_context("forkserver")
    hear, report = context.Pipe(duplex=False)
    process = context.Process(target=worker, args=(span, folder, report), daemon=True)
    process.start()
    report.close()
    try:
        yield process, hear
    finally:
        process.kill()
        process.join()
        shutil.rmtree(folder, ignore_errors=True)


def play_span(span: Span, folder: Path, outcome: Outcome, box: TimeBox) -> int:
    """Play until the end of the span, a case that must not be, or the end of the time; where to go on."""
    serial, since = span.first, None
    with running(span, folder) as (process, hear):
        while True:
            if not hear.poll(1.0):
                if since is not None and time.monotonic() - since > MOST_SECONDS:
                    outcome.count(f"{span.kind}:{span.seed}:{serial}: over {MOST_SECONDS:.0f} s")
                    return serial + 1
                continue
            try:
                message = hear.recv()
            except EOFError:
                process.join()
                if serial < span.last:
                    outcome.count(f"{span.kind}:{span.seed}:{serial}: the process ended ({process.exitcode})")
                    return serial + 1
                return serial
            if message[0] == "begin":
                serial, since = message[1], time.monotonic()
                continue
            _, serial, fault, megabytes = message
            heavy = f"{megabytes:.0f} MB" if megabytes > MOST_MEGABYTES else None
            found = fault or heavy
            outcome.count(f"{span.kind}:{span.seed}:{serial}: {found}" if found else None)
            serial, since = serial + 1, None
            if heavy or not box.open:
                return serial


def drill(folder: Path, count: int, seconds: float, seed: int = 1) -> list[Outcome]:
    """``count`` cases in all, each kind its share, within ``seconds``."""
    outcomes, whole, left = [], TimeBox(seconds), sum(SHARES.values())
    _start_server()
    for kind, share in SHARES.items():
        outcome = Outcome(f"damaged {kind}")
        box = TimeBox(max(0.0, seconds - whole.spent) * share / left)
        left -= share
        last = max(1, count * share // sum(SHARES.values()))
        with timed(outcome):
            serial = 0
            while serial < last and (box.open or not serial):
                after = play_span(Span(kind, seed, serial, last), folder / re.sub(r"\W", "-", kind), outcome, box)
                serial = max(after, serial + 1)
        outcome.remark = f"seed {seed}" + ("" if serial >= last else f"; the time was over after {serial} of {last}")
        outcomes.append(outcome)
    return outcomes
