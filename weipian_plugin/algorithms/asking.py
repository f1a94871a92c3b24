"""How QGIS's dialogs ask for the parameters: a sentence of help each, and the kind of field. Types and names stay as released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingParameterDefinition

from ..toolbelt.language import tr

_WRAPPER = __name__.split(".", maxsplit=1)[0] + ".gui.parameter_widgets.Asked"
_AUTOMATIC = ("", "（自动识别）")


@dataclass(frozen=True)
class Asking:
    """``field``: a kind of ``gui.parameter_fields``, blank for QGIS's own; ``choices``: value and title; ``files``: what is offered."""

    help: str
    field: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    files: str = ""


#: By the name of the parameter.
ASKED: Mapping[str, Asking] = {
    "DELIVERY": Asking("上级下发的图斑：压缩包、shp、gpkg、gdb、坐标文本，或放着它们的文件夹。", "delivery"),
    "CATALOGUE": Asking(
        "图层清单：审批和调查图层在哪里、字段叫什么。在「卫片」菜单「图层清单…」里编辑。留空则用工作库记住的清单。",
        files="图层清单 (*.yaml *.yml)",
    ),
    "PHOTOS": Asking("现场照片所在的文件夹，可以有多个，用 ; 分隔；子文件夹也会读取。", "folders"),
    "PROFILE": Asking("判定规则：选一套，或指向自己的 yaml 文件。留空则用设置中的规则。", "rules"),
    "WORKSPACE": Asking(
        "工作库文件（gpkg）；入库时可以是还不存在的文件。多人工作库写 postgresql:连接名/模式。", "workspace"
    ),
    "PACKAGES": Asking("卷宗写到这个文件夹，每个图斑一个子文件夹。"),
    "REPORT": Asking("报表和明细表（csv、xlsx）写到这个文件夹；留空则不写。"),
    "FILTER": Asking(
        "只处理一部分：图斑编号用逗号或空格分隔，或 QGIS 表达式，例如 \"township\" = '大安街道'。", "text"
    ),
    "AS_OF": Asking("逾期和统计按这一天计算；留空为今天。", "day"),
    "YEAR": Asking("统计的年度，例如 2023；留空为截止日期所在的工作年度。", "text"),
    "FOLDER": Asking("结果写到（或从中读取）这个文件夹。"),
    "ENCODING": Asking(
        "属性表乱码时指定；一般留空，自动识别。",
        "typed_choice",
        (_AUTOMATIC, ("GBK", "GBK"), ("UTF-8", "UTF-8"), ("GB18030", "GB18030"), ("BIG5", "BIG5")),
    ),
    "CRS": Asking("数据没有坐标系或坐标系写错时指定；一般留空，自动识别。", "crs"),
    "UNIT": Asking(
        "监测面积一列的单位；一般留空，自动识别。",
        "choice",
        (_AUTOMATIC, ("mu", "亩"), ("m2", "平方米"), ("ha", "公顷")),
    ),
    "FIELDS": Asking(
        "自动识别不到的字段在这里指出，例如 编号=TBBH; 监测面积=MJ，或指向写好的 yaml 文件。", "file_or_text"
    ),
    "KIND": Asking(
        "土地图斑或矿产图斑；一般留空，自动识别。", "choice", (_AUTOMATIC, ("land", "土地"), ("mining", "矿产"))
    ),
    "RETURNED": Asking("上级系统导出的回传表，用来核对报表。", files="回传表 (*.xlsx *.csv)"),
    "ARCHIVE": Asking(
        "导出后再打成压缩包，便于报送。",
        "choice",
        (
            ("", "（不打包）"),
            ("parcel", "逐图斑"),
            ("township", "逐乡镇"),
            ("parcel+draft", "逐图斑，草稿另打包"),
            ("township+draft", "逐乡镇，草稿另打包"),
        ),
    ),
    "COUNTY": Asking("本县自己的规则、表样和对照所在的文件夹；留空则用随插件的数据。"),
    "REUSED": Asking(
        "下发的编号已用在另一处土地上时怎么办。", "choice", (("", "（不接收并提示）"), ("rename", "按批次改编号"))
    ),
    "FAMILY": Asking(
        "回传表是哪一种；一般留空，按列名识别。",
        "choice",
        (("", "（按列名识别）"), ("A", "A 卫片检索明细表"), ("B", "B 图斑列表")),
    ),
    "PROBLEMS": Asking(
        "区级核查、督导或验收反馈给的问题图斑清单，任何版式；须有图斑编号和问题两列。", files="问题清单 (*.xlsx *.csv)"
    ),
    "COLUMNS": Asking(
        "认不出的列在这里指出，例如 编号=线索号; 问题=说明；对照按版式记在工作库里，下次不用再写。", "text"
    ),
    "TARGET": Asking("新工作库的位置：还不存在的 gpkg 文件，或服务器上的 postgresql:连接名/模式。", "text"),
    "MEMBERS": Asking(
        "谁是什么角色、可写哪些乡镇，例如 zhangsan=核查:大安街道、朱沱镇; lisi=复核; wangwu=查看。留空只建立角色。",
        "text",
    ),
    "SOURCE": Asking("清单从哪里来，记入退回原因和台账；留空为区级核查。", "text"),
    "HISTORY": Asking("给每个图斑附上各期影像的对比图；凭影像证明的图斑总是附上。"),
    "COPY": Asking("恢复所用的副本；留空则用「…-备份」文件夹中最新的完好副本。"),
    "FULL": Asking("逐页核对整个文件，并核对操作记录与各表；文件大时较慢。"),
    "PREVIEW": Asking("只比较和报告，不改动工作库。"),
    "JOBS": Asking("图斑很多时用几个进程同时导出；留空为一个，auto 为每个处理器核心一个。", "text"),
}


def file_filter(name: str) -> str:
    """What a dialog for the file offers first; all others after it."""
    files = ASKED.get(name, Asking("")).files
    return f"{tr(files)};;{tr('所有文件')} (*)" if files else ""


def with_help(definition: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """The parameter with its help, and with its field where it has one of its own."""
    asked = ASKED.get(definition.name(), Asking(""))
    definition.setHelp(tr(asked.help))
    if asked.field:
        wrapper: dict[str, Any] = {"class": _WRAPPER, "ask": asked.field}
        definition.setMetadata({"widget_wrapper": {**wrapper, "choices": [list(pair) for pair in asked.choices]}})
    return definition
