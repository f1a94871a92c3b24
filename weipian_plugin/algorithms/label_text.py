"""Values inside the labels of a layout, as text and nothing but text.

QGIS evaluates ``[% … %]`` in labels. An office's own template may use that; what stands in a value never runs: a value with any of
the signs becomes an expression of its own that says this text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Optional

from qgis.core import QgsExpression

from ..filing import FilingRules
from ..filing.placeholder import CellText, KnownFields, Value, parse, shown
from ..model.errors import WeipianError

_SIGNS = re.compile(r"[\[\]%]")
_EXPRESSION = re.compile(r"\[%.*?%\]", re.DOTALL)
#: Stands for a placeholder while its surroundings are looked at; no text has it.
_HERE = "\x00"


#: fields of the map besides those of the forms: name -> the spelling in templates
OWN_FIELDS = {
    "map_scale": "比例尺",
    "map_crs": "坐标系",
    "imagery_before": "前时相影像来源",
    "imagery_after": "后时相影像来源",
}


def read_label(text: str, place: str, template: str, rules: FilingRules) -> Optional[CellText]:
    """The placeholders of a label called ``place``; None where it has none.

    Raises ``filing.template_field_unknown`` and ``filing.template_field_in_expression``.
    """
    known = rules.known_fields()
    own = {**{name: name for name in OWN_FIELDS}, **{title: name for name, title in OWN_FIELDS.items()}}
    result = parse(text, KnownFields({**known.names, **own}, {}, {}), template, place)
    if result is not None:
        refuse_in_expression(result, template, place)
    return result


def filled(text: CellText, fields: Mapping[str, Value], as_html: bool = False) -> str:
    """The text of a label with its values; ``as_html`` for labels that QGIS draws as a page."""
    return "".join(
        piece if isinstance(piece, str) else literal(shown(fields[piece[1]]), as_html) for piece in text.pieces
    )


def plain_text(text: CellText, fields: Mapping[str, Value]) -> str:
    """The same for a writer that evaluates nothing."""
    return "".join(piece if isinstance(piece, str) else shown(fields[piece[1]]) for piece in text.pieces)


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
        any(_HERE in result[0] for result in _EXPRESSION.finditer(whole))
        or _HERE in _EXPRESSION.sub("", whole).partition("[%")[2]
    ):
        raise WeipianError("filing.template_field_in_expression", template=template, cell=place)
