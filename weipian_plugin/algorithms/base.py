"""What all algorithms share: parameters by their agreed names, one readable sentence for what goes wrong, exit code 1."""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtGui import QIcon

from ..model.causes import cause_of
from ..model.errors import Cancelled, WeipianError
from ..model.messages import Message, render
from ..model.paths import county_data, resource
from ..model.secrets import masked
from ..pipeline.parameters import COUNTY, PARAMETERS, WORKSPACE, Parameter, Widget
from ..toolbelt import connections
from ..toolbelt.compat import FILE, FOLDER
from ..toolbelt.language import language, tr
from ..toolbelt.threads import in_python_thread
from ..workspace import places
from .asking import file_filter, with_help
from .feedback import ProcessingFeedback


def names(*parameters: Parameter) -> tuple[str, ...]:
    """The names of parameters."""
    return tuple(parameter.name for parameter in parameters)


#: Set for the programs that an export starts (参数 JOBS).
STARTED_BY_RUN = "WEIPIAN_STARTED_BY_RUN"
#: Around the sentence as JSON, letters and all in ASCII: what a program writes is in the code page of its machine.
SENTENCE_MARK = "##weipian##"


class WeipianAlgorithm(QgsProcessingAlgorithm):
    """One piece of work. A subclass names its parameters and counts and does the work in :meth:`work`."""

    ID = ""
    TITLE = ""
    HELP = ""
    REQUIRED: tuple[str, ...] = ()
    OPTIONAL: tuple[str, ...] = ()
    COUNTS: tuple[str, ...] = ()
    ICON = "weipian.svg"

    def __init__(self, place: str = "") -> None:
        """``place``: where it stands in the order of the work ("03"), given by the provider; "" outside of the toolbox."""
        super().__init__()
        self.place = place

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        """Do it; ``values`` holds text, paths, or None for what was left blank."""
        raise NotImplementedError

    # ---- what QGIS asks ----

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        """With its place in the order of the work: the toolbox sorts by this name."""
        return f"{self.place} {tr(self.TITLE)}".strip()

    def shortHelpString(self) -> str:
        return tr(self.HELP)

    def icon(self) -> QIcon:
        path = resource("icons", self.ICON)
        return QIcon(str(path if path.exists() else resource("icons", "weipian.svg")))

    def createInstance(self) -> WeipianAlgorithm:
        return type(self)(self.place)

    def initAlgorithm(self, configuration: Optional[dict[str, object]] = None) -> None:
        for parameter in (*self.REQUIRED, *self.OPTIONAL):
            self.addParameter(with_help(self._definition(parameter, parameter in self.OPTIONAL)))
        for count in self.COUNTS:
            self.addOutput(QgsProcessingOutputNumber(count, count.lower()))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        adapter = ProcessingFeedback(feedback, language())
        try:
            values = self._values(parameters, context)
            with county_data(_folder(values)), places.connections(connections.login):
                outputs = in_python_thread(lambda: self.work(values, adapter))
            adapter.hand_over()
            return outputs
        except Cancelled as stopped:
            feedback.pushInfo(stopped.text(language()))
            raise QgsProcessingException(for_caller(stopped.text(language()))) from stopped
        except WeipianError as error:
            raise QgsProcessingException(for_caller(error.text(language()))) from error
        except Exception as error:
            feedback.pushDebugInfo(masked(traceback.format_exc()))
            message = Message("run.failed", {"title": self.TITLE, "reason": cause_of(error)})
            raise QgsProcessingException(for_caller(render(message, language()))) from error

    # ---- inside ----

    def _definition(self, name: str, optional: bool) -> QgsProcessingParameterDefinition:
        parameter = PARAMETERS[name]
        title = tr(parameter.title)
        if parameter.widget is Widget.FLAG:
            return QgsProcessingParameterBoolean(name, title, defaultValue=False, optional=optional)
        if parameter.widget is Widget.TEXT:
            return QgsProcessingParameterString(name, title, optional=optional)
        behaviour = FOLDER if parameter.widget is Widget.FOLDER else FILE
        offered = file_filter(name) if behaviour == FILE else ""
        return QgsProcessingParameterFile(name, title, behavior=behaviour, optional=optional, fileFilter=offered)

    def _values(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in (*self.REQUIRED, *self.OPTIONAL):
            if PARAMETERS[name].widget is Widget.FLAG:
                values[name] = self.parameterAsBoolean(parameters, name, context)
                continue
            text = self.parameterAsString(parameters, name, context).strip()
            if not text and name in self.REQUIRED:
                raise WeipianError("run.parameter_missing", name=name, title=PARAMETERS[name].title)
            values[name] = text or None
        return values


def for_caller(sentence: str) -> str:
    """The sentence an algorithm ends with; where another run started this one, marked, so that it finds it among what libraries write."""
    return f"{SENTENCE_MARK}{json.dumps(sentence)}{SENTENCE_MARK}" if os.environ.get(STARTED_BY_RUN) else sentence


def _folder(values: dict[str, Any]) -> Optional[Path]:
    """The folder 「本县设置」 where one is named. Raises ``run.file_missing``."""
    if not values.get(COUNTY.name):
        return None
    folder = existing(values, COUNTY)
    if not folder.is_dir():
        raise WeipianError("run.file_missing", path=str(folder))
    return folder


def workspace_in(values: dict[str, Any]) -> places.Place:
    """The workspace that was given; a file must exist."""
    place = places.place_of(values[WORKSPACE.name])
    return place if isinstance(place, places.TeamPlace) else existing(values, WORKSPACE)


def existing(values: dict[str, Any], parameter: Parameter) -> Path:
    """The path in a parameter; it must exist. Raises ``run.file_missing``."""
    path = Path(values[parameter.name])
    if not path.exists():
        raise WeipianError("run.file_missing", path=str(path))
    return path
