"""``docs/reliability.md``: the table of the drills between its two marks is written here, the rest of the page by hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from weipian_plugin.model.version import plugin_version

from .outcome import Outcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- make drill: begin -->", "<!-- make drill: end -->"


def table(outcomes: Sequence[Outcome], day: date | None = None) -> str:
    """The drills as Markdown, with machine and date. What was lost or wrong stands below, one line each."""
    tried, wrong = sum(outcome.tried for outcome in outcomes), sum(len(outcome.wrong) for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    lines = [
        f"{(day or date.today()).isoformat()}, version {plugin_version()}, {machine()}: {tried:,} tries, {wrong} lost or wrong, "
        f"{seconds / 60:.0f} minutes.",
        "",
        "| drill | tried | survived | lost or wrong | remark | s |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
    ]
    for one in outcomes:
        lines.append(
            f"| {one.title} | {one.tried:,} | {one.survived:,} | {len(one.wrong)} | {_cell(one.remark)} | {one.seconds:.0f} |"
        )
    faults = [f"- {one.title}: {_cell(fault)}" for one in outcomes for fault in one.wrong]
    return "\n".join([*lines, *(["", *faults] if faults else [])])


def machine() -> str:
    """What the drills ran on; not whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def renewed(page: str, body: str) -> str:
    """The page with another table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{body}\n\n{END}{after}"


def write(outcomes: Sequence[Outcome]) -> Path:
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), table(outcomes)), encoding="utf-8")
    return PAGE


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
