"""How the plugin's layers look and read: colours that colour-blind people distinguish, Chinese columns, words for codes, map tips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsFillSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

from ..judgment import standing
from ..model.paths import resource
from ..model.typed_yaml import key as key_
from ..model.typed_yaml import read
from ..toolbelt.language import language, tr
from .rows import DOUBT, ILLEGAL, LEGAL, OTHER

#: The palette of Okabe and Ito, which is safe for the common kinds of colour blindness; the outline says the same again.
_COLOURS: Mapping[str, tuple[str, str]] = {
    ILLEGAL: ("213,94,0", "solid"), LEGAL: ("0,158,115", "solid"), OTHER: ("0,114,178", "solid"), DOUBT: ("230,159,0", "dash"),
    standing.NOT_DECIDED: ("119,119,119", "dot"), standing.DECIDED: ("230,159,0", "solid"), standing.REVIEWED: ("86,180,233", "solid"),
    standing.FILED: ("0,158,115", "solid"), standing.RETURNED: ("213,94,0", "dash"), standing.REJUDGED: ("204,121,167", "dash"),
}  # fmt: skip
_MORE = ("204,121,167", "86,180,233", "240,228,66")  # categories of other profiles
_NONE = ("119,119,119", "dot")
_ORDER = tuple(_COLOURS)


@dataclass(frozen=True)
class _ColumnFile:
    """Titles of columns, words of stored values, columns for programs only, suffixes of legal bases."""

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    hidden: frozenset[str]
    legal_basis: Mapping[str, str] = key_("ground")


def _columns() -> _ColumnFile:
    return read(resource("columns.yaml"), _ColumnFile)


def category_renderer(column: str, values: Iterable[str]) -> QgsCategorizedSymbolRenderer:
    """Parcels by the values of ``column``, in the order of the work; what has none is dotted grey."""
    present = sorted({value for value in values if value}, key=lambda value: (_rank(value), value))
    more = iter(_MORE * (1 + len(present) // len(_MORE)))
    result = []
    for value in present:
        colour, line = _COLOURS[value] if value in _COLOURS else (next(more), "solid")
        result.append(QgsRendererCategory(value, _symbol(colour, line), tr(value)))
    nothing = {"row_proposal": tr("没有建议"), "row_decision": tr("尚未判定")}.get(column, tr("其他"))
    result.append(QgsRendererCategory("", _symbol(*_NONE), nothing))
    return QgsCategorizedSymbolRenderer(column, result)


def _rank(value: str) -> int:
    return _ORDER.index(value) if value in _ORDER else len(_ORDER)


def _symbol(colour: str, line: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {"color": colour + ",50", "outline_color": colour + ",255", "outline_width": "0.7", "outline_style": line}
    )


def reference_symbol(position: int) -> QgsFillSymbol:
    """An outline for a layer of the catalogue; neighbours in the list differ."""
    colours = tuple(colour for colour, _ in _COLOURS.values()) + _MORE
    colour = colours[position % len(colours)]
    return QgsFillSymbol.createSimple(
        {"color": colour + ",25", "outline_color": colour + ",220", "outline_width": "0.4", "outline_style": "dash dot"}
    )


def label_by(layer: QgsVectorLayer, column: str) -> None:
    """Labels as the style has them, with the text of ``column``."""
    labeling = layer.labeling()
    if labeling is not None:
        settings = labeling.settings()
        settings.fieldName, settings.isExpression = column, False
        layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))


def name_columns(layer: QgsVectorLayer) -> None:
    """Chinese aliases, words for codes, and columns for programs out of sight; an English window keeps the names as they are."""
    known = _columns()
    columns, values, hidden = known.columns, known.values, known.hidden
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    for index, field in enumerate(layer.fields()):
        name = field.name()
        if name in hidden:
            config.setColumnHidden(index, True)
            layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("Hidden", {}))
        elif language() == "zh":
            layer.setFieldAlias(index, columns.get(name, ""))
            if name in values:
                entries = {title: code for code, title in values[name].items()}
                layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("ValueMap", {"map": entries}))
    layer.setAttributeTableConfig(config)


def name_reference_columns(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
    """Aliases of a catalogue layer: ``fields`` are field key → its column."""
    if language() != "zh":
        return
    titles = _columns().legal_basis
    for key, column in fields.items():
        index = layer.fields().lookupField(column)
        if index >= 0:
            layer.setFieldAlias(index, titles.get(key, "") + "（" + column + "）")


def _cell(column: str) -> str:
    return '[% replace(replace(coalesce("' + column + "\",''),'&','&amp;'),'<','&lt;') %]"


def map_tip(table: str) -> str:
    """What appears when the mouse rests on a feature; delivered text is text, never markup."""
    if table == "parcel":
        return (
            "<b>" + _cell("number") + "</b>　[% round(\"area_mu\",2) %] " + tr("亩") + "<br>" + _cell("township") + " " + _cell("village")
            + "<br>" + tr("建议") + " " + _cell("row_proposal") + "　" + tr("判定") + " " + _cell("row_decision")
            + "<br>" + tr("状态") + " " + _cell("row_state") + "　" + tr("期限") + " " + _cell("due")
        )  # fmt: skip
    if table == "photo":
        return "<b>" + _cell("file") + "</b><br>" + _cell("taken_at") + "<br>" + _cell("reason")
    return "<b>" + _cell("parcel") + "</b> " + _cell("part")
