"""One page for all measurements: every bench script owns a section of ``docs/benchmarks.md`` between its two markers."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
_HEAD = "# Benchmarks\n\nMeasured by `make bench`; each section is written by its own script under `tests/bench/`.\n"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [
        " | ".join(head),
        " | ".join("---" for _ in head),
        *(" | ".join(str(cell) for cell in row) for row in rows),
    ]
    return "\n".join(f"| {line} |" for line in lines)


def machine() -> str:
    """What the figures were measured on, without names."""
    return (
        f"{date.today().isoformat()}, {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


def load() -> str:
    """How busy the machine was at the end, and what that means for the figures."""
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    beside = "other work ran beside: ratios of processor time tell more than seconds of the clock"
    return f"Load of the machine at the end: {busy:.1f} on {cores} cores" + (f" ({beside})." if busy > cores else ".")


def write_section(name: str, title: str, body: str, page: Path = PAGE) -> None:
    """Replace (or append) the section ``name``; the rest of the page stays as it is."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    text = page.read_text(encoding="utf-8") if page.exists() else _HEAD
    section = f"{begin}\n## {title}\n\n{machine()}\n\n{body.strip()}\n{end}"
    if begin in text and end in text:
        head, _, rest = text.partition(begin)
        text = head + section + rest.partition(end)[2]
    else:
        text = text.rstrip() + "\n\n" + section + "\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
