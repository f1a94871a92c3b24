"""How QGIS's toolbox asks for the parameters of a step: named in their metadata, loaded by Processing's dialogs only.

The types of the parameters stay as released; ``qgis_process``, models and batch runs ask for them as QGIS does by itself.
"""

from __future__ import annotations

from typing import Any

from processing.gui.wrappers import DIALOG_STANDARD, WidgetWrapper, dialogTypes
from qgis.core import QgsProcessingParameterDefinition
from qgis.gui import QgsGui
from qgis.PyQt.QtWidgets import QLabel

from ..toolbelt.language import tr
from .parameter_fields import (
    AskedField,
    ChoiceField,
    CrsField,
    DayField,
    DeliveryField,
    FileField,
    FoldersField,
    RulesField,
    TypedChoiceField,
    WorkspaceField,
)

FIELDS: dict[str, type[AskedField]] = {
    "text": AskedField,
    "delivery": DeliveryField,
    "folders": FoldersField,
    "workspace": WorkspaceField,
    "file_or_text": FileField,
    "day": DayField,
    "crs": CrsField,
    "choice": ChoiceField,
    "typed_choice": TypedChoiceField,
    "rules": RulesField,
}


class Asked(WidgetWrapper):
    """``ask``: which of :data:`FIELDS`; ``choices``: [value, title] of a list."""

    def __new__(cls, param: Any, dialog: Any, row: int = 0, col: int = 0, **more: Any) -> Any:
        kind = dialogTypes.get(type(dialog).__name__, DIALOG_STANDARD)
        if kind == DIALOG_STANDARD:
            return super().__new__(cls, param, dialog, row, col, **more)
        registry = QgsGui.processingGuiRegistry()
        if type(dialog).__name__ == "ModelerParametersDialog":
            wrapper = registry.createModelerParameterWidget(dialog.model, dialog.childId, param, dialog.context)
        else:
            wrapper = registry.createParameterWidgetWrapper(param, kind)
        wrapper.setDialog(dialog)
        return wrapper

    def createWidget(self, ask: str = "", choices: Any = ()) -> object:
        self.field = FIELDS[ask]([(str(value), str(title)) for value, title in choices])
        self.field.changed.connect(lambda: self.widgetValueHasChanged.emit(self))
        self.field.setToolTip(self.parameterDefinition().help())
        return self.field

    def createLabel(self) -> object:
        definition = self.parameterDefinition()
        optional = bool(definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional)
        label = QLabel(definition.description() + (tr(" [可选]") if optional else ""))
        label.setWordWrap(True)  # a long one must not widen the dialog
        label.setToolTip(definition.help())
        return label

    def value(self) -> str:
        return self.field.text()

    def setValue(self, value: object) -> None:
        self.field.set_text("" if value is None else str(value))
