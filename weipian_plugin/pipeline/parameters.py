"""Every parameter of a run is looked at before any work: a mistyped folder must not cost the steps before it."""

from __future__ import annotations

from pathlib import Path

from ..filing.archive import GROUPINGS
from ..formats.catalogue import read_catalogue
from ..formats.encoding import codec_name
from ..formats.systems import parse_crs
from ..intake import IntakeOptions
from ..intake.corrections import corrected
from ..intake.units import TITLES
from ..model.errors import WeipianError
from . import report
from .chain import Plan


def check_parameters(plan: Plan) -> None:
    """Raises the coded error of the first parameter that cannot be used. Folders for results are made and tried."""
    if plan.delivery and not Path(plan.delivery).exists():
        raise WeipianError("run.file_missing", path=plan.delivery)
    for photos in plan.photos:
        if not Path(photos).exists():
            raise WeipianError("evidence.path_missing", path=photos)
    if plan.catalogue:
        read_catalogue(plan.catalogue)
    if plan.encoding and codec_name(plan.encoding) is None:
        raise WeipianError("intake.encoding_unknown", encoding=plan.encoding)
    if plan.crs:
        parse_crs(plan.crs)
    if plan.unit and plan.unit not in TITLES:
        raise WeipianError("run.unit_unknown", unit=plan.unit, known="、".join(TITLES))
    corrected(IntakeOptions(), plan.fields, plan.kind)
    if plan.archive and plan.archive not in GROUPINGS:
        raise WeipianError("filing.grouping_unknown", grouping=plan.archive, known="、".join(GROUPINGS))
    for folder in (plan.report, plan.packages):
        if folder:
            report.prepare_folder(folder)
