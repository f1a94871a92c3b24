"""What all algorithms share: parameters by their agreed names, one readable sentence for what goes wrong, exit code 1."""

from __future__ import annotations

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
from ..toolbelt import settings
from ..toolbelt.compat import FILE, FOLDER
from ..toolbelt.language import language, tr
from ..toolbelt.threads import in_python_thread
from .asking import file_filter, with_help
from .feedback import ProcessingFeedback

DELIVERY, CATALOGUE, PHOTOS, PROFILE, WORKSPACE = "DELIVERY", "CATALOGUE", "PHOTOS", "PROFILE", "WORKSPACE"
PACKAGES, REPORT, FILTER, AS_OF, TARGET = "PACKAGES", "REPORT", "FILTER", "AS_OF", "FOLDER"
YEAR = "YEAR"
ENCODING, CRS, UNIT = "ENCODING", "CRS", "UNIT"
FIELDS, KIND, COUNTY = "FIELDS", "KIND", "COUNTY"
RETURNED, ARCHIVE, PREVIEW = "RETURNED", "ARCHIVE", "PREVIEW"
HISTORY = "HISTORY"
REUSED, FAMILY = "REUSED", "FAMILY"
COPY, FULL = "COPY", "FULL"

_DESCRIPTIONS = {
    DELIVERY: "下发数据（文件夹、shp、zip、gdb、gpkg、txt）",
    CATALOGUE: "图层清单（yaml）",
    PHOTOS: "照片文件夹（多个以 ; 分隔）",
    PROFILE: "判定规则（名称或 yaml 文件）",
    WORKSPACE: "工作库（gpkg）",
    PACKAGES: "卷宗输出文件夹",
    REPORT: "报表输出文件夹",
    FILTER: "图斑筛选（编号列表或 QGIS 表达式，空为全部）",
    AS_OF: "统计截止日期（年-月-日，空为今天）",
    YEAR: "年度（按下发时间；空为统计截止日期所在的工作年度）",
    TARGET: "输出文件夹",
    ENCODING: "指定编码（如 GBK、UTF-8；空为自动识别）",
    CRS: "指定坐标系（如 EPSG:4490；空为自动识别）",
    RETURNED: "上级系统回传表（xlsx、csv）",
    ARCHIVE: "打包归档（parcel 逐图斑，township 逐乡镇；空为不打包）",
    FIELDS: "字段对照（yaml 文件，或 编号=TBBH; 监测面积=MJ；空为自动识别）",
    KIND: "图斑类别（land 土地、mining 矿产；空为自动识别）",
    COUNTY: "本县设置文件夹（空为随插件的数据）",
    PREVIEW: "只预览，不写入",
    HISTORY: "每个图斑附历史影像对比图（图层清单中各期影像）",
    REUSED: "编号已用于另一处土地时（rename 按批次改编号；空为不接收并提示）",
    FAMILY: "回传表类别（A 卫片检索明细表、B 图斑列表；空为按列名识别）",
    COPY: "恢复所用的副本（gpkg，空为最新的完好副本）",
    FULL: "完整检查（逐页核对，较慢）",
    UNIT: "指定监测面积单位（mu、m2、ha；空为自动识别）",
}
_FLAGS = frozenset({PREVIEW, HISTORY, FULL})
_FOLDERS = frozenset({PACKAGES, REPORT, TARGET, COUNTY})
_TEXTS = frozenset(
    {PROFILE, FILTER, AS_OF, YEAR, DELIVERY, PHOTOS, ENCODING, CRS, UNIT, ARCHIVE, FIELDS, KIND, REUSED, FAMILY}
)


class WeipianAlgorithm(QgsProcessingAlgorithm):
    """One piece of work. A subclass names its parameters and counts and does the work in :meth:`work`."""

    ID = ""
    TITLE = ""
    HELP = ""
    REQUIRED: tuple[str, ...] = ()
    OPTIONAL: tuple[str, ...] = ()
    COUNTS: tuple[str, ...] = ()
    ICON = "weipian.svg"

    def work(self, values: dict[str, Any], feedback: ProcessingFeedback) -> dict[str, Any]:
        """Do it; ``values`` holds text, paths, or None for what was left blank."""
        raise NotImplementedError

    # ---- what QGIS asks ----

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        """With its place in the order of the work: the toolbox sorts by this name."""
        from .provider import place_of

        return place_of(type(self)) + " " + tr(self.TITLE)

    def shortHelpString(self) -> str:
        return tr(self.HELP)

    def icon(self) -> QIcon:
        path = resource("icons", self.ICON)
        return QIcon(str(path if path.exists() else resource("icons", "weipian.svg")))

    def createInstance(self) -> WeipianAlgorithm:
        return type(self)()

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
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
            with county_data(_folder(values)):
                return in_python_thread(lambda: self.work(values, adapter))
        except Cancelled as stopped:
            feedback.pushInfo(stopped.text(language()))
            raise QgsProcessingException(stopped.text(language())) from stopped
        except WeipianError as error:
            raise QgsProcessingException(error.text(language())) from error
        except Exception as error:
            feedback.pushDebugInfo(masked(traceback.format_exc()))
            message = Message("run.failed", {"title": self.TITLE, "reason": cause_of(error)})
            raise QgsProcessingException(render(message, language())) from error

    # ---- inside ----

    def _definition(self, name: str, optional: bool) -> QgsProcessingParameterDefinition:
        title = tr(_DESCRIPTIONS[name])
        if name in _FLAGS:
            return QgsProcessingParameterBoolean(name, title, defaultValue=False, optional=optional)
        if name in _TEXTS:
            return QgsProcessingParameterString(name, title, optional=optional)
        behaviour = FOLDER if name in _FOLDERS else FILE
        offered = file_filter(name) if behaviour == FILE else ""
        return QgsProcessingParameterFile(name, title, behavior=behaviour, optional=optional, fileFilter=offered)

    def _values(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in (*self.REQUIRED, *self.OPTIONAL):
            if name in _FLAGS:
                values[name] = self.parameterAsBoolean(parameters, name, context)
                continue
            text = self.parameterAsString(parameters, name, context).strip()
            if not text and name in self.REQUIRED:
                raise WeipianError("run.parameter_missing", name=name, title=_DESCRIPTIONS[name])
            values[name] = text or None
        return values


def _folder(values: dict[str, Any]) -> Optional[Path]:
    """The folder 「本县设置」 where one is named. Raises ``run.file_missing``."""
    if not values.get(COUNTY):
        return None
    folder = existing(values, COUNTY)
    if not folder.is_dir():
        raise WeipianError("run.file_missing", path=str(folder))
    return folder


def existing(values: dict[str, Any], name: str) -> Path:
    """The path in a parameter; it must exist."""
    path = Path(values[name])
    if not path.exists():
        raise WeipianError("run.file_missing", path=str(path))
    return path


def signer() -> str:
    """Who the journal will name."""
    return settings.read().signer
