"""A step of the work as a Processing algorithm: id, title, parameters and counts come from the step's command."""

from __future__ import annotations

from typing import Any, ClassVar

from .. import filing
from ..pipeline.command import Step
from ..toolbelt import settings
from .base import WeipianAlgorithm
from .feedback import ProcessingFeedback
from .qgis_host import QgisHost


def own_fields() -> dict[str, Any]:
    """What the program adds to what was asked, by field name: the options of the user, and QGIS itself."""
    stored = settings.read()
    return {
        "photo_range": stored.photo_reach,
        "options": filing.PackageOptions(vector_encoding=stored.vector_encoding, short_names=stored.short_names == "1"),
        "signer": stored.signer,
        "who": stored.signer,
        "checkpoints": stored.checkpoints,
        "host": QgisHost(stored),
    }


class StepAlgorithm(WeipianAlgorithm):
    """One step; a subclass names its ``COMMAND`` and explains it in ``HELP``."""

    COMMAND: ClassVar[type[Step]]

    def __init_subclass__(cls) -> None:
        command = cls.COMMAND
        cls.ID, cls.TITLE, cls.COUNTS = command.ID, command.TITLE, command.RESULT.names()
        asked = list(command.parameters())
        cls.REQUIRED = tuple(parameter.name for parameter, blank in asked if not blank)
        cls.OPTIONAL = tuple(parameter.name for parameter, blank in asked if blank)

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        result = self.COMMAND.of(values, **own_fields()).start(feedback)
        feedback.result = result
        return result.outputs()
