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
_COLUMNS = HEAD.count("|") - 1


def table(outcomes: Sequence[Outcome], day: date | None = None, kept: Sequence[str] = ()) -> str:
    """The drills as Markdown, with the machine. What was lost or wrong stands below, one line each.

    ``kept``: rows of an earlier table, for drills that were not run this time; each row says when it was.
    """
    today = (day or date.today()).isoformat()
    own = {one.title: _row(one, today) for one in outcomes}
    earlier = {_cells(row)[0]: row for row in kept}
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
    faults = [f"- {one.title}: {_cell(fault)}" for one in outcomes for fault in one.wrong]
    return "\n".join([*lines, *(["", *faults] if faults else [])])


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
    return "| " + " | ".join(cells) + " |"


def _cells(row: str) -> list[str]:
    """Cells of a row of the table; a bar within one is written ``\\|``."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def rows_in(page: str) -> list[str]:
    """The rows of the table that a page holds; none where it has other columns."""
    _, _, rest = page.partition(BEGIN)
    lines = rest.partition(END)[0].splitlines()
    if HEAD not in lines:
        return []
    return [line for line in lines[lines.index(HEAD) + 2 :] if len(_cells(line)) == _COLUMNS]


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
    PAGE.write_text(renewed(page, table(outcomes, kept=rows_in(page) if only_some else ())), encoding="utf-8")
    return PAGE


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
