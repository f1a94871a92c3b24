"""What a run can be asked: every parameter once, with its name, title, kind of widget, how its text is read and what it is held against.

The fields of the commands (:mod:`.command`) point here; the Processing algorithms make their parameters from those fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ..filing.archive import GROUPINGS, WITH_DRAFTS
from ..filing.returned_table import family_choice
from ..formats.catalogue import read_catalogue
from ..formats.encoding import codec_name
from ..formats.systems import parse_crs
from ..intake import IntakeOptions
from ..intake.corrections import corrected
from ..intake.units import TITLES
from ..judgment import load_profile
from ..model.errors import WeipianError
from ..workspace.places import place_of
from . import renewal, report


class Widget(Enum):
    """How a parameter is asked for."""

    FILE = "file"
    FOLDER = "folder"
    TEXT = "text"
    FLAG = "flag"


def _accept(value: object) -> None:
    """Nothing can be wrong with it before the work begins."""


@dataclass(frozen=True)
class Parameter:
    """``read`` makes a value of the text given; ``check`` raises a coded error for a value that cannot be used, before any work.

    ``prepared``: a folder for results, made and tried once everything that is given has been checked.
    """

    name: str
    title: str
    widget: Widget = Widget.FILE
    read: Callable[[str], Any] = Path
    check: Callable[[Any], object] = _accept
    prepared: bool = False


def _photo_paths(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _delivery_there(path: Path) -> None:
    if not path.exists():
        raise WeipianError("run.file_missing", path=str(path))


def _photos_there(paths: tuple[str, ...]) -> None:
    for path in paths:
        if not Path(path).exists():
            raise WeipianError("evidence.path_missing", path=path)


def _encoding_known(name: str) -> None:
    if codec_name(name) is None:
        raise WeipianError("intake.encoding_unknown", encoding=name)


def _unit_known(unit: str) -> None:
    if unit not in TITLES:
        raise WeipianError("run.unit_unknown", unit=unit, known="、".join(TITLES))


def _grouping_known(grouping: str) -> None:
    if grouping.removesuffix(WITH_DRAFTS) not in GROUPINGS:
        raise WeipianError("filing.grouping_unknown", grouping=grouping, known="、".join(GROUPINGS))


def _jobs_known(text: str) -> None:
    if not (text.strip().isdecimal() or text.strip().lower() == "auto"):
        raise WeipianError("run.jobs_unknown", text=text)


_TEXT = Widget.TEXT
DELIVERY = Parameter("DELIVERY", "下发数据（文件夹、shp、zip、gdb、gpkg、txt）", _TEXT, check=_delivery_there)
CATALOGUE = Parameter("CATALOGUE", "图层清单（yaml）", check=read_catalogue)
PHOTOS = Parameter("PHOTOS", "照片文件夹（多个以 ; 分隔）", _TEXT, _photo_paths, _photos_there)
PROFILE = Parameter("PROFILE", "判定规则（名称或 yaml 文件）", _TEXT, str, load_profile)
WORKSPACE = Parameter("WORKSPACE", "工作库（gpkg）", read=place_of)
MOVE_TARGET = Parameter("TARGET", "迁到（gpkg 文件，或 postgresql:连接名/模式）", _TEXT, place_of)
MEMBERS = Parameter("MEMBERS", "成员（登录名=角色:乡镇、乡镇; …）", _TEXT, str)
PACKAGES = Parameter("PACKAGES", "卷宗输出文件夹", Widget.FOLDER, prepared=True)
REPORT = Parameter("REPORT", "报表输出文件夹", Widget.FOLDER, prepared=True)
FILTER = Parameter("FILTER", "图斑筛选（编号列表或 QGIS 表达式，空为全部）", _TEXT, str)
AS_OF = Parameter("AS_OF", "统计截止日期（年-月-日，空为今天）", _TEXT, report.today_or)
YEAR = Parameter("YEAR", "年度（按下发时间；空为统计截止日期所在的工作年度）", _TEXT, report.year_of)
TARGET = Parameter("FOLDER", "输出文件夹", Widget.FOLDER)
ENCODING = Parameter("ENCODING", "指定编码（如 GBK、UTF-8；空为自动识别）", _TEXT, str, _encoding_known)
CRS = Parameter("CRS", "指定坐标系（如 EPSG:4490；空为自动识别）", _TEXT, str, parse_crs)
UNIT = Parameter("UNIT", "指定监测面积单位（mu、m2、ha；空为自动识别）", _TEXT, str, _unit_known)
FIELDS = Parameter(
    "FIELDS", "字段对照（yaml 文件，或 编号=TBBH; 监测面积=MJ；空为自动识别）", _TEXT, str,
    lambda text: corrected(IntakeOptions(), text, None),
)  # fmt: skip
KIND = Parameter(
    "KIND", "图斑类别（land 土地、mining 矿产；空为自动识别）", _TEXT, str,
    lambda text: corrected(IntakeOptions(), None, text),
)  # fmt: skip
RETURNED = Parameter("RETURNED", "上级系统回传表（xlsx、csv）")
ARCHIVE = Parameter(
    "ARCHIVE",
    "打包归档（parcel 逐图斑，township 逐乡镇；加 +draft 另打包草稿；空为不打包）",
    _TEXT,
    str,
    _grouping_known,
)
COUNTY = Parameter("COUNTY", "本县设置文件夹（空为随插件的数据）", Widget.FOLDER)
REUSED = Parameter(
    "REUSED", "编号已用于另一处土地时（rename 按批次改编号；空为不接收并提示）", _TEXT, renewal.reused_choice
)
FAMILY = Parameter("FAMILY", "回传表类别（A 卫片检索明细表、B 图斑列表；空为按列名识别）", _TEXT, family_choice)
PREVIEW = Parameter("PREVIEW", "只预览，不写入", Widget.FLAG, bool)
COPY = Parameter("COPY", "恢复所用的副本（gpkg，空为最新的完好副本）")
FULL = Parameter("FULL", "完整检查（逐页核对，较慢）", Widget.FLAG, bool)
HISTORY = Parameter("HISTORY", "每个图斑附历史影像对比图（图层清单中各期影像）", Widget.FLAG, bool)
JOBS = Parameter("JOBS", "并行进程数（auto 为每个处理器核心一个；空为 1）", _TEXT, str, _jobs_known)
PROBLEMS = Parameter("PROBLEMS", "问题图斑清单（xlsx、csv，任何版式）", check=_delivery_there)
COLUMNS = Parameter("COLUMNS", "列对照（编号=…; 问题=…; 意见=…; 期限=…；空为自动识别）", _TEXT, str)
SOURCE = Parameter("SOURCE", "清单来源（区级核查、重点督导、验收反馈；空为区级核查）", _TEXT, str)

#: By name.
PARAMETERS: Mapping[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        DELIVERY, CATALOGUE, PHOTOS, PROFILE, WORKSPACE, PACKAGES, REPORT, FILTER, AS_OF, YEAR, TARGET, ENCODING, CRS, UNIT, FIELDS,
        KIND, RETURNED, ARCHIVE, COUNTY, PREVIEW, HISTORY, JOBS, COPY, FULL, REUSED, FAMILY, PROBLEMS, COLUMNS, SOURCE, MOVE_TARGET, MEMBERS,
    )
}  # fmt: skip
