"""Text that came from outside, made fit for a cell, a file name or a line: visible, bounded, never executed."""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: what Excel takes in one cell; longer text would be cut silently (facts: openpyxl)
LONGEST_CELL_TEXT = 32_767
CUT_MARK = "…（以下截去 {count} 字）"
#: control characters, lone surrogates and non-characters that XML 1.0 cannot hold
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: marks that turn the reading direction round: a name shown is then not the name stored
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}


def cell_text(value: object) -> str:
    """``value`` as text a cell can hold: forbidden characters become ``\N{REPLACEMENT CHARACTER}``, too long text is cut and says so.

    Nothing is put in front of ``=``, ``+``, ``-`` or ``@``: the cell is written as text, where they are harmless, and an
    apostrophe would change the data.
    """
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= LONGEST_CELL_TEXT:
        return text
    keep = LONGEST_CELL_TEXT - 24
    return text[:keep] + CUT_MARK.format(count=len(text) - keep)


#: what a spreadsheet program takes for the beginning of a formula when it opens a CSV: OWASP's list, signs of full width included
_FORMULA_SIGN = re.compile("'*[\\s\u200b\ufeff]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_DEFUSED = re.compile("'+[\\s\u200b\ufeff]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def csv_text(value: str) -> str:
    """``value`` for a cell of a CSV: numbers and ordinary text as they are; one apostrophe stands before text that a spreadsheet
    program would run as a formula. :func:`text_of_csv` gives the value back exactly.
    """
    return "'" + value if _FORMULA_SIGN.match(value) and not _NUMBER.fullmatch(value) else value


def text_of_csv(cell: str) -> str:
    """The value of a cell that :func:`csv_text` made."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def file_name(text: str, longest: int = 80) -> str:
    """A name safe on Windows and elsewhere; different texts give different names.

    Where something had to be replaced, eight digits of the text's own digest are added, so that ``A/1`` and ``A:1`` stay apart.
    """
    text = str(text)
    name = unicodedata.normalize("NFC", _DIRECTION.sub("", _NOT_XML.sub("", text)))
    name = re.sub(r'[<>:"/\\|?*\t\n\r\x85\u2028\u2029]', "-", name).strip(" .")
    name = name[:longest].rstrip(" .")
    if name.split(".")[0].upper() in _RESERVED or not name:
        name = f"-{name}"
    if name == text:
        return name
    return f"{name}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
