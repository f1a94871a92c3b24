"""Paper measured: workbooks and letters turned into pdf by LibreOffice, and what poppler tells of the pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
#: points; poppler tells the size of a font rounded down
SMALLEST = 8
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
_FORMATS = {"0": "{:.0f}", "0.0": "{:.1f}", "0.00": "{:.2f}", "0.000": "{:.3f}"}


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def shared(self, other: Word) -> float:
        """The part of the smaller of the two that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        smaller = min(self.area, other.area)
        return 0.0 if across <= 0 or down <= 0 or not smaller else across * down / smaller


@dataclass(frozen=True)
class Paper:
    """A file and its pdf."""

    source: Path
    pdf: Path

    def smallest_font(self) -> float:
        told = _run("pdftohtml", "-xml", "-i", "-stdout", "-zoom", "1", self.pdf)
        sizes = {found[1]: float(found[2]) for found in re.finditer(r'<fontspec id="(\d+)" size="([\d.]+)"', told)}
        used = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(?:<[^>]*>)*([^<]*\S)', told)
        return min(sizes[font] for font, _ in used)

    def text(self) -> str:
        """All text in the order it was written, without white space: the lines of a cell follow each other."""
        return flat(_run("pdftotext", "-raw", self.pdf, "-"))

    def pages(self) -> list[str]:
        return [flat(page) for page in _run("pdftotext", "-layout", self.pdf, "-").split("\f")[:-1]]

    def words(self) -> list[list[Word]]:
        told = _run("pdftotext", "-bbox", self.pdf, "-")
        return [
            [Word(*map(float, found[:4]), unescape(found[4])) for found in _WORD.findall(page)]
            for page in told.split("<page ")[1:]
        ]

    def sizes(self) -> set[tuple[int, int]]:
        """Formats of the pages in millimetres, the shorter side first."""
        told = _run("pdfinfo", "-f", "1", "-l", "999", self.pdf)
        found = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+) pts", told)
        return {tuple(sorted(round(float(side) * 25.4 / 72) for side in pair)) for pair in found}  # type: ignore[misc]

    def overlaps(self, share: float = 0.3) -> list[str]:
        """Words that lie on one another: text that its box does not hold runs into the next."""
        return [
            f"page {number}: {one.text!r} and {other.text!r}"
            for number, words in enumerate(self.words(), start=1)
            for at, one in enumerate(words)
            for other in words[at + 1 :]
            if one.shared(other) > share
        ]

    def cut(self) -> list[str]:
        """Cells of the visible sheets whose text is not complete on paper."""
        text = self.text()
        return [f"{place}: {shown}" for place, shown in cells(self.source) if flat(shown) not in text]


def cells(path: Path) -> Iterator[tuple[str, str]]:
    """Every non-empty cell of the visible sheets, as its format shows it; numbers of other formats are left out."""
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            for cell in row:
                shown = _shown(cell.value, cell.number_format)
                if shown:
                    yield f"{sheet.title}!{cell.coordinate}", shown


def _shown(value: Any, form: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if form == "0.00%":
        return f"{Decimal(str(value)) * 100:.2f}%"
    return _FORMATS[form].format(Decimal(str(value))) if form in _FORMATS else ""


def flat(text: str) -> str:
    return "".join(text.split())


def printed(files: Sequence[Path], folder: Path, seconds: float = 420) -> list[Paper]:
    """All files as pdf, by one run of LibreOffice with a profile of its own."""
    target = folder / "pdf"
    command = [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(target), *map(str, files)]
    subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    papers = [Paper(file, target / f"{file.stem}.pdf") for file in files]
    for paper in papers:
        assert paper.pdf.is_file(), f"LibreOffice could not open {paper.source.name}"
    return papers


def _run(*command: Any) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8", "replace")
