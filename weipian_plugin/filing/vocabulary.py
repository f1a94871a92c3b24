"""What land classes are in the forms."""

from __future__ import annotations

from functools import lru_cache

from ..overlay.classes import AGRICULTURAL, CONSTRUCTION, FARMLAND, UNUSED, ClassTable, load_classes

#: The role whose groups are land classes.
SURVEY_ROLE = "land_survey"
_KINDS = {FARMLAND: "farmland", AGRICULTURAL: "other_agricultural", CONSTRUCTION: "construction", UNUSED: "unused"}


@lru_cache(maxsize=1)
def _classes() -> ClassTable:
    return load_classes()


def kind_of_class(code: str) -> str:
    """The measure that a land class belongs to: farmland, other_agricultural, construction, unused, or unsurveyed for an unknown code."""
    return _KINDS.get(_classes().group(code), "unsurveyed")
