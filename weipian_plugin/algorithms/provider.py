"""The provider ``weipian``: the algorithms in the order of the work."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..model.paths import resource
from ..toolbelt.language import tr
from .change import Change
from .check import Check
from .fieldpackage import FieldPackages
from .fieldreturn import FieldReturns
from .file import FilePackages
from .intake import Intake
from .judge import Judge
from .moveworkspace import MoveWorkspace
from .overlay import Overlay
from .overviews import Overviews
from .photos import Photos
from .problems import Problems
from .repair import Repair
from .run import Run
from .sample import Sample
from .tables import Tables
from .teamroles import TeamRoles
from .verify import Verify

#: In the order of the work: what it needs, its steps one after the other, all of them at once.
ALGORITHMS = (
    Sample,
    Check,
    Overviews,
    Intake,
    Overlay,
    Photos,
    Judge,
    Change,
    FieldPackages,
    FieldReturns,
    FilePackages,
    Verify,
    Problems,
    Tables,
    Run,
    Repair,
    MoveWorkspace,
    TeamRoles,
)


class WeipianProvider(QgsProcessingProvider):
    """Registered by the plugin, by ``qgis_process`` and by the tests alike."""

    def id(self) -> str:
        return "weipian"

    def name(self) -> str:
        return tr("卫片执法")

    def longName(self) -> str:
        return tr("卫片执法图斑核查")

    def icon(self) -> QIcon:
        return QIcon(str(resource("icons", "weipian.svg")))

    def loadAlgorithms(self) -> None:
        """Each with two digits before its name, so that names in the order of the alphabet are in the order of the work."""
        for place, algorithm in enumerate(ALGORITHMS):
            self.addAlgorithm(algorithm(format(place, "02d")))
