"""Values inside the labels of a layout, as text and nothing but text.

QGIS evaluates ``[% … %]`` in labels. An office's own template may use that; what stands in a value never runs: a value with any of
the signs becomes an expression of its own that says this text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from qgis.core import QgsExpression

from ..filing.placeholder import CellText, Value, shown
from ..model.errors import WeipianError

_SIGNS = re.compile(r"[\[\]%]")
_EXPRESSION = re.compile(r"\[%.*?%\]", re.DOTALL)
#: Stands for a placeholder while its surroundings are looked at; no text has it.
_HERE = "\x00"


def filled(text: CellText, fields: Mapping[str, Value], as_html: bool = False) -> str:
    """The text of a label with its values; ``as_html`` for labels that QGIS draws as a page."""
    return "".join(
        piece if isinstance(piece, str) else literal(shown(fields[piece[1]]), as_html) for piece in text.pieces
    )


def literal(value: str, as_html: bool = False) -> str:
    """``value`` written so that a label shows it as it is."""
    value = html.escape(value) if as_html else value
    if not _SIGNS.search(value):
        return value
    quoted = QgsExpression.quotedString(value)
    # The first %] ends an expression, also inside quotes: it is put together from two texts.
    return "[% " + quoted.replace("%]", "%' || ']") + " %]"


def refuse_in_expression(text: CellText, template: str, place: str) -> None:
    """Raises ``filing.template_field_in_expression``: a value there would be part of a program."""
    whole = "".join(piece if isinstance(piece, str) else _HERE for piece in text.pieces)
    if (
        any(_HERE in found[0] for found in _EXPRESSION.finditer(whole))
        or _HERE in _EXPRESSION.sub("", whole).partition("[%")[2]
    ):
        raise WeipianError("filing.template_field_in_expression", template=template, cell=place)
