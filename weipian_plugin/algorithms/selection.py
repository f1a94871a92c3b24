"""Which parcels a run is for: a list of numbers, or a QGIS expression on the parcel's columns."""

from __future__ import annotations

from typing import Any, Optional

import pandas as pd
from qgis.core import QgsExpression, QgsExpressionContext, QgsFeature, QgsFeatureRequest, QgsFields

from ..model.errors import WeipianError
from ..pipeline.export_packages import PARCEL_COLUMNS
from ..pipeline.host import choose_numbers, is_number_list
from ..toolbelt.compat import real_field, text_field

_COLUMNS = [*PARCEL_COLUMNS, "category", "subtype", "decided"]
_REALS = ("area_m2", "area_mu")


def choose(parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
    """Numbers of the chosen parcels, in the order stored.

    ``parcels``: the parcel table with ``category``, ``subtype`` (proposed) and ``decided`` (category a person decided).
    Raises ``run.filter_unknown`` for numbers that are not there, ``run.filter_invalid`` for an expression that does not work.
    """
    numbers = parcels["number"].tolist()
    if not text:
        return numbers
    if is_number_list(text):
        return choose_numbers(numbers, text)
    return _by_expression(parcels, text)


def check(text: Optional[str]) -> None:
    """Whether a filter can be read at all, before any work is done. Raises ``run.filter_invalid``."""
    if text and not is_number_list(text):
        expression = QgsExpression(text)
        if expression.hasParserError():
            raise WeipianError(
                "run.filter_invalid", text=text, reason=expression.parserErrorString(), columns="、".join(_COLUMNS)
            )


def _by_expression(parcels: pd.DataFrame, text: str) -> list[str]:
    expression = QgsExpression(text)
    columns = [column for column in _COLUMNS if column in parcels.columns]
    fields = QgsFields()
    for column in columns:
        fields.append(real_field(column) if column in _REALS else text_field(column))
    context = QgsExpressionContext()
    context.setFields(fields)
    if expression.hasParserError() or not expression.prepare(context):
        reason = expression.parserErrorString() or expression.evalErrorString()
        raise WeipianError("run.filter_invalid", text=text, reason=reason, columns="、".join(columns))
    unknown = set(expression.referencedColumns()) - {*columns, QgsFeatureRequest.ALL_ATTRIBUTES}
    if unknown:
        raise WeipianError(
            "run.filter_invalid", text=text, reason="、".join(sorted(unknown)), columns="、".join(columns)
        )
    chosen: list[str] = []
    for row in parcels[columns].itertuples(index=False):
        feature = QgsFeature(fields)
        feature.setAttributes([_plain(value) for value in row])
        context.setFeature(feature)
        result = expression.evaluate(context)
        if expression.hasEvalError():
            raise WeipianError(
                "run.filter_invalid", text=text, reason=expression.evalErrorString(), columns="、".join(columns)
            )
        if result:
            chosen.append(row[columns.index("number")])
    return chosen


def _plain(value: object) -> Any:
    return None if value is None or (isinstance(value, float) and pd.isna(value)) else value
