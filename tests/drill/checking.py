"""What is wrong with the way a case ended: the parcels, or the sentence."""

from __future__ import annotations

import re
from typing import Optional

from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import Message, render

from ..unit.intake import builder as b
from .writers import Case

#: Three words of Latin letters in a row are a sentence of a library, not a name or a format.
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,.:'’-]+[A-Za-z]+){2,}")
_KNOWN = re.compile(
    r"(CGCS2000 / |China Geodetic Coordinate System 2000|Gauss-Kruger[\w ]*|WGS 84[\w /-]*|\+proj=\S+|\+\w+=\S*)"
)


def english_in(message: Message) -> str:
    """Words of a library in the Chinese sentence ("" for none); what the case itself put there (paths, names, values) does not count."""
    text = render(message, "zh")
    for value in message.details.values():
        if not isinstance(value, str) or "/" in value or "." in value or len(value) < 60:
            text = text.replace(str(value), "…") if _is_name(value) else text
    found = _ENGLISH.search(_KNOWN.sub("", text))
    return found.group(0) if found else ""


def _is_name(value: object) -> bool:
    """A path, a layer or a column may be of any language."""
    return isinstance(value, str) and (
        "/" in value or "\\" in value or re.search(r"\.\w{2,8}(:|$)", value) is not None or "、" in value
    )


def fault_of(case: Case) -> Optional[str]:
    """None where the case ended as it should, else what is wrong."""
    try:
        taken = intake.read_delivery(case.path, intake.IntakeOptions(county_code=b.COUNTY))
    except WeipianError as error:
        wrong = english_in(error.message)
        if wrong:
            return f"{error.code}: English in it: {wrong}"
        return None if "*" in case.codes or error.code in case.codes else f"{error.code}: {error}"
    except Exception as error:  # the fault that is looked for
        return f"raw {type(error).__name__}: {error}"
    messages = [*taken.notes, *(rejection.reason for rejection in taken.rejected)]
    for message in messages:
        wrong = english_in(message)
        if wrong:
            return f"{message.code}: English in it: {wrong}"
    return None if "*" in case.codes else _wrong_parcels(case, taken)


def _wrong_parcels(case: Case, taken: intake.Intake) -> Optional[str]:
    if case.codes:
        return f"parcels where {case.codes} was expected: {taken.parcels['number'].tolist()}"
    if sorted(taken.parcels["number"]) != sorted(case.numbers):
        return f"numbers {taken.parcels['number'].tolist()} refused {[rejection.code for rejection in taken.rejected]}"
    for number, area, claims in zip(taken.parcels["number"], taken.parcels["area_m2"], taken.parcels["claims"]):
        right = b.square_metres(b.square(int(number[-4:])))
        if abs(area - right) > case.area * right + 0.02:
            return f"{number}: {area} m² instead of {right}"
        if number in case.claims and claims.get("project") != case.claims[number]:
            return f"{number}: claims {claims}"
    return None
