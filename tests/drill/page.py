"""``docs/reliability.md``: the table of the drills between its two marks is written here, the rest of the page by hand."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from weipian_plugin.model.version import plugin_version

from .outcome import Outcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- make drill: begin -->", "<!-- make drill: end -->"


HEAD = "| drill | tried | survived | lost or wrong | remark | s | day |"


def table(outcomes: Sequence[Outcome], day: date | None = None, page: str = "") -> str:
    """The drills as Markdown, with the machine. What was lost or wrong stands below, one line each.

    ``page``: an earlier page, whose rows stay for the drills that were not run this time; each row says when it was.
    """
    today = (day or date.today()).isoformat()
    own = {_drill(one.title): _row(one, today) for one in outcomes}
    earlier = {_drill(_cells(row)[0]): row for row in rows_in(page)}
    rows = list({**earlier, **own}.values())
    counts = [[int(cell.replace(",", "")) for cell in (_cells(row)[1], _cells(row)[3], _cells(row)[5])] for row in rows]
    tried, wrong, seconds = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    lines = [
        f"Version {plugin_version()}, {machine()}: {tried:,} tries, {wrong} lost or wrong, {seconds / 60:.0f} minutes.",
        "",
        HEAD,
        "| --- | ---: | ---: | ---: | --- | ---: | --- |",
        *rows,
    ]
    kept = [line for line in _faults_in(page) if _drill(line[2:].partition(": ")[0]) not in own]
    faults = [*kept, *(f"- {one.title}: {_cell(fault)}" for one in outcomes for fault in one.wrong)]
    return "\n".join([*lines, *(["", *faults] if faults else [])])


def _drill(title: str) -> str:
    """Which drill a row is of: its title without numbers, which say how large it was this time."""
    return re.sub(r"\d[\d,]*", "#", title)


def _row(one: Outcome, day: str) -> str:
    cells = (
        one.title,
        f"{one.tried:,}",
        f"{one.survived:,}",
        str(len(one.wrong)),
        _cell(one.remark),
        f"{one.seconds:.0f}",
        day,
    )
    return _line(cells)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(row: str) -> list[str]:
    """Cells of a row of the table; a bar within one is written ``\\|``."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def _body(page: str) -> list[str]:
    return page.partition(BEGIN)[2].partition(END)[0].splitlines()


def rows_in(page: str) -> list[str]:
    """The rows of the table that a page holds, in today's columns. An earlier page said the day once, above its table."""
    lines = _body(page)
    heads = [place for place, line in enumerate(lines) if line.startswith("| drill |")]
    if not heads:
        return []
    names, stated = _cells(lines[heads[0]]), re.search(r"\d{4}-\d\d-\d\d", "\n".join(lines[: heads[0]]))
    blank = {"remark": "", "s": "0", "day": stated.group() if stated else "—"}
    rows = [dict(zip(names, _cells(line))) for line in lines[heads[0] + 2 :] if len(_cells(line)) == len(names)]
    columns = _cells(HEAD)
    whole = ({**blank, **row} for row in rows)
    return [_line([row[name] for name in columns]) for row in whole if set(columns) <= set(row)]


def _faults_in(page: str) -> list[str]:
    return [line for line in _body(page) if line.startswith("- ")]


def machine() -> str:
    """What the drills ran on; not whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def renewed(page: str, body: str) -> str:
    """The page with another table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{body}\n\n{END}{after}"


def write(outcomes: Sequence[Outcome], only_some: bool = False) -> Path:
    """Put the table into the page; ``only_some``: the rows of drills that were not run stay as they are."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(renewed(page, table(outcomes, page=page if only_some else "")), encoding="utf-8")
    return PAGE


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
