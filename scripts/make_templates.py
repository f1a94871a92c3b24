"""Draw the shipped form templates (resources/templates/*.xlsx, *.docx). Run again after a change: equal input, equal bytes.

An office replaces a template by putting a file of the same name into its own folder, with `{{字段}}` where values belong.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from weipian_plugin.office.container import office_parts, office_zip  # noqa: E402

FOLDER = REPOSITORY / "resources" / "templates"
SONG, HEI = "宋体", "微软雅黑"
LINE = Border(*[Side("thin", color="404040")] * 4)
LABEL = PatternFill("solid", fgColor="DCE6F1")
SECTION = PatternFill("solid", fgColor="B8CCE4")
SUGGESTION = PatternFill("solid", fgColor="F2F2F2")
NOTE = "「建议」由软件按规则方案生成，仅供参考，不是认定结论；「经办人判定」「复核」由具名人员作出并对其负责。"


class Page:
    """A sheet that is drawn from top to bottom."""

    def __init__(self, book: Workbook, title: str, widths: list[float], landscape: bool = False) -> None:
        self.sheet = book.create_sheet(title)
        self.columns, self.row = len(widths), 1
        for position, width in enumerate(widths):
            self.sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[position]].width = width
        setup = self.sheet.page_setup
        setup.paperSize, setup.orientation = 9, "landscape" if landscape else "portrait"
        setup.fitToWidth, setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.print_options.horizontalCentered = True
        margins = self.sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom = 0.5, 0.65
        margins.header = margins.footer = 0.3  # a footer needs room between its margin and the page's
        self.sheet.oddFooter.left.text = "图斑编号：{{图斑编号}}"
        self.sheet.oddFooter.right.text = "第 &P 页　共 &N 页"
        self.sheet.oddFooter.left.size = self.sheet.oddFooter.right.size = 9
        self.sheet.sheet_view.showGridLines = False

    def put(self, row: int, first: int, last: int, text: str, **style: object) -> None:
        """Text over the columns `first` to `last`, merged and framed."""
        frame, fill = style.get("frame", True), style.get("fill")
        for column in range(first, last + 1):
            cell = self.sheet.cell(row, column)
            if frame:
                cell.border = LINE
            if fill:
                cell.fill = fill
        if last > first:
            self.sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
        cell = self.sheet.cell(row, first)
        cell.value, cell.data_type = text, "s"
        cell.font = Font(
            name=style.get("font", SONG),
            size=style.get("size", 10.5),
            bold=bool(style.get("bold")),
            color=style.get("color"),
        )
        cell.alignment = Alignment(
            horizontal=style.get("align", "left"), vertical="center", wrap_text=style.get("wrap", True)
        )
        cell.number_format = style.get("format", "@")

    def height(self, points: float) -> None:
        self.sheet.row_dimensions[self.row].height = points

    def title(self, text: str) -> None:
        self.put(self.row, 1, self.columns, text, frame=False, font=HEI, size=18, bold=True, align="center", wrap=False)
        self.height(34)
        self.row += 1
        half = self.columns // 2
        self.put(self.row, 1, half, "图斑编号：{{图斑编号}}", frame=False, wrap=False)
        mark = {"frame": False, "align": "right", "color": "C00000", "bold": True, "wrap": False}
        self.put(self.row, half + 1, self.columns, "{{草稿标记}}", **mark)
        self.height(20)
        self.sheet.print_title_rows = f"1:{self.row}"
        self.row += 1

    def section(self, text: str, fill: PatternFill = SECTION) -> None:
        self.put(self.row, 1, self.columns, text, font=HEI, bold=True, fill=fill, wrap=False)
        self.height(17.5)
        self.row += 1

    def pairs(self, *pairs: tuple[str, str], numbers: bool = False, fill: PatternFill | None = None) -> None:
        """Label and value side by side, two pairs a row (a lone pair takes the whole row)."""
        step = self.columns // 2
        for position in range(0, len(pairs), 2):
            couple = pairs[position : position + 2]
            for place, (label, value) in enumerate(couple):
                first = 1 + place * step
                last = self.columns if len(couple) == 1 else first + step - 1
                self.put(self.row, first, first, label, fill=LABEL, font=HEI, size=9.5)
                form = {"format": "0.00", "align": "right"} if numbers else {}
                self.put(self.row, first + 1, last, f"{{{{{value}}}}}", fill=fill, **form)
            self.height(17.5)
            self.row += 1

    def table(self, name: str, columns: list[tuple[str, str, int, str]], repeat_head: bool = False) -> None:
        """A head and one repeating row; each column: (title, field, columns it spans, number format or "")."""
        first = 1
        for title, field, span, form in columns:
            head = {"fill": LABEL, "font": HEI, "size": 9.5, "align": "center"}
            self.put(self.row, first, first + span - 1, title, **head)
            style = {"size": 9.5, "format": form or "@", "align": "right" if form else "left"}
            self.put(self.row + 1, first, first + span - 1, f"{{{{{name}.{field}}}}}", **style)
            first += span
        self.height(
            32 if any(len(title) * 2.2 > self.room(columns, at) for at, (title, *_) in enumerate(columns)) else 21
        )
        if repeat_head:
            self.sheet.print_title_rows = f"1:{self.row}"
        self.row += 2

    def room(self, columns: list[tuple[str, str, int, str]], at: int) -> float:
        """Characters that the head of a column has."""
        first = 1 + sum(span for _, _, span, _ in columns[:at])
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[first - 1 : first - 1 + columns[at][2]]
        return sum(self.sheet.column_dimensions[letter].width for letter in letters)

    def note(self, text: str) -> None:
        self.put(self.row, 1, self.columns, text, frame=False, size=9.5, color="606060")
        self.height(28)
        self.row += 1

    def office(self) -> None:
        """填报单位 with its seal, 制表人, 审核人, 日期: from the settings of the workspace, else lines to fill."""
        self.row += 1
        half = self.columns // 2
        for left, right in (("填报单位（盖章）：{{填报单位}}", "日期："), ("制表人：{{制表人}}", "审核人：{{审核人}}")):
            self.put(self.row, 1, half, left, frame=False)
            self.put(self.row, half + 1, self.columns, right, frame=False)
            self.height(30)
            self.row += 1

    def signatures(self, *names: str) -> None:
        self.row += 1
        step = self.columns // len(names)
        for position, name in enumerate(names):
            first = 1 + position * step
            self.put(self.row, first, first + step - 1, f"{name}（签字）：", frame=False, wrap=False)
        self.height(30)
        self.row += 1

    def finish(self) -> None:
        self.sheet.print_area = f"A1:{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.columns - 1]}{self.row - 1}"


def book() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.active)
    return workbook


def save(workbook: Workbook, name: str) -> None:
    buffer = io.BytesIO()
    workbook.save(buffer)
    (FOLDER / name).write_bytes(office_zip(office_parts(buffer.getvalue())))


def cover() -> None:
    workbook = book()
    page = Page(workbook, "封面", [14, 26, 14, 26])
    for _ in range(3):
        page.height(26)
        page.row += 1
    for text, size, color in (
        ("卫片执法图斑核查卷宗", 26, None),
        ("{{图斑编号}}", 20, None),
        ("{{草稿标记}}", 20, "C00000"),
    ):
        style = {"frame": False, "font": HEI, "size": size, "bold": True, "align": "center", "color": color}
        page.put(page.row, 1, 4, text, **style)
        page.height(46)
        page.row += 1
    page.row += 2
    page.pairs(("监测批次", "监测批次"), ("图斑类型", "图斑类型"), ("县级行政区", "县级行政区"), ("乡镇", "乡镇"))
    page.pairs(("村", "村"), ("监测级别", "监测级别"), ("前时相", "前时相"), ("后时相", "后时相"))
    page.pairs(("地块面积（亩）", "地块面积"), ("占耕地（亩）", "占耕地面积"), numbers=True)
    page.pairs(("核实认定意见", "核实认定意见"), ("分类", "分类"), ("经办人", "经办人"), ("判定日期", "判定日期"))
    page.pairs(("复核人", "复核人"), ("复核日期", "复核日期"), ("卷宗状态", "卷宗状态"), ("文件数", "文件数"))
    page.pairs(("缺失", "缺失清单"))
    page.pairs(("规则方案", "规则方案"))
    page.pairs(("插件版本", "插件版本"), ("导出时间", "导出时间"))
    page.pairs(("填报单位", "填报单位"))
    page.finish()
    index = Page(workbook, "目录", [6, 22, 9, 34, 14, 22, 6], landscape=True)
    index.title("卷内目录")
    columns = [("序号", "序号", 1, "0"), ("题名", "名称", 1, ""), ("类别", "类别", 1, ""), ("文件", "文件", 1, "")]
    columns += [("责任者", "责任者", 1, ""), ("日期", "日期", 1, ""), ("页号", "页号", 1, "")]
    index.table("目录", columns, repeat_head=True)
    index.finish()
    save(workbook, "00封面与目录.xlsx")


def verification() -> None:
    workbook = book()
    page = Page(workbook, "核查登记表", [14, 12, 14, 14, 12, 14])
    page.title("卫片执法图斑核查登记表")
    page.section("一、基本情况")
    page.pairs(("监测批次", "监测批次"), ("图斑种类", "图斑种类"), ("县级行政区", "县级行政区"), ("乡镇", "乡镇"))
    page.pairs(("村", "村"), ("监测级别", "监测级别"), ("前时相", "前时相"), ("后时相", "后时相"))
    page.pairs(("下发日期", "下发日期"), ("填报期限", "填报期限"), ("中心经度", "中心经度"), ("中心纬度", "中心纬度"))
    page.section("二、核查填报（经办人判定）")
    page.pairs(
        ("核实认定意见", "核实认定意见"), ("分类", "分类"), ("用途分类细化", "用途分类细化"), ("项目名称", "项目名称")
    )
    page.pairs(("建设时间", "建设时间"), ("项目主体", "项目主体"))
    page.pairs(("现场核查描述", "现场核查描述"))
    page.section("三、面积（亩）")
    page.pairs(("地块面积", "地块面积"), ("占耕地面积", "占耕地面积"), numbers=True)
    page.pairs(("占基本农田面积", "占基本农田面积"), ("占非耕农用地面积", "占非耕农用地面积"), numbers=True)
    page.pairs(("占未利用地面积", "占未利用地面积"), ("占生态红线面积", "占生态红线面积"), numbers=True)
    page.pairs(("建设用地面积", "建设用地面积"), ("无地类面积", "无地类面积"), numbers=True)
    page.section("四、批文信息（套合所得）")
    ground = [("类型", "类型", 1, ""), ("文号", "文号", 2, ""), ("批准日期", "日期", 1, "")]
    page.table("批文", [*ground, ("套合面积（亩）", "面积", 1, "0.00"), ("占比（%）", "占比", 1, "0.00")])
    page.section("五、合法性确认")
    for kind, number, share in (
        ("用地审批", "用地审批批准文号", "用地审批占比"),
        ("土地供应", "土地供应批准文号", "土地供应占比"),
        ("不动产登记", "不动产权证号", "不动产登记占比"),
        ("临时用地", "临时用地批准文号", "临时用地占比"),
        ("设施农用地", "设施农用地上图入库号", "设施农用地占比"),
    ):
        page.put(page.row, 1, 1, f"{kind}文号", fill=LABEL, font=HEI, size=9.5)
        page.put(page.row, 2, 4, f"{{{{{number}}}}}")
        page.put(page.row, 5, 5, "占比（%）", fill=LABEL, font=HEI, size=9.5)
        page.put(page.row, 6, 6, f"{{{{{share}}}}}", format="0.00", align="right")
        page.height(17.5)
        page.row += 1
    page.section("六、整改情况")
    page.pairs(("整改情况", "整改情况"))
    page.pairs(("拆除面积（亩）", "拆除面积"), ("拆除耕地面积（亩）", "拆除耕地面积"), numbers=True)
    page.pairs(("补办面积（亩）", "补办面积"), ("补办耕地面积（亩）", "补办耕地面积"), numbers=True)
    page.pairs(("剩余未整改（亩）", "剩余未整改面积"), numbers=True)
    page.section("七、材料")
    page.pairs(
        ("照片数", "照片数"), ("带方位角照片数", "带方位角照片数"), ("材料数", "材料数"), ("卷宗状态", "卷宗状态")
    )
    page.pairs(("缺失", "缺失清单"))
    page.pairs(("备注", "备注"))
    page.pairs(("经办人", "经办人"), ("判定日期", "判定日期"), ("复核人", "复核人"), ("复核日期", "复核日期"))
    page.signatures("经办人", "复核人", "负责人")
    page.finish()
    save(workbook, "01核查登记表.xlsx")


def judgment() -> None:
    workbook = book()
    page = Page(workbook, "合法性判定表", [14, 12, 14, 14, 12, 14])
    page.title("图斑合法性判定表")
    page.section("一、套合事实")
    page.pairs(("地块面积（亩）", "地块面积"), ("占生态红线（亩）", "占生态红线面积"), numbers=True)
    page.pairs(("按时已批（亩）", "按时已批面积"), ("按时未批（亩）", "按时未批面积"), numbers=True)
    page.pairs(("未批耕地（亩）", "未批耕地面积"), ("未批永农（亩）", "未批永久基本农田面积"), numbers=True)
    page.pairs(("前时相", "前时相"), ("后时相", "后时相"))
    columns = [("依据", "类型", 1, ""), ("文号", "文号", 2, ""), ("时间关系", "时间关系", 1, "")]
    page.table("批文", [*columns, ("面积（亩）", "面积", 1, "0.00"), ("占比（%）", "占比", 1, "0.00")])
    page.section("二、建议（软件按规则方案生成，不是认定结论）", SUGGESTION)
    page.pairs(("建议意见", "建议意见"), ("建议分类", "建议分类"), fill=SUGGESTION)
    page.pairs(("规则方案", "规则方案"), fill=SUGGESTION)
    page.pairs(("规则", "建议规则"), fill=SUGGESTION)
    page.pairs(("把握程度", "建议把握程度"), ("与填报比对", "与填报比对"), fill=SUGGESTION)
    page.pairs(("理由", "建议理由"), fill=SUGGESTION)
    page.pairs(("缺失材料", "建议缺失材料"), fill=SUGGESTION)
    page.pairs(("改变建议的条件", "改变建议的条件"), fill=SUGGESTION)
    columns = [("地块", "地块", 1, ""), ("建议意见", "意见", 1, ""), ("分类", "分类", 1, ""), ("规则", "规则", 1, "")]
    page.table("建议", [*columns, ("面积（亩）", "面积", 1, "0.00"), ("把握", "把握程度", 1, "")])
    page.section("三、规则所依据的事实值")
    columns = [("序号", "序号", 1, "0"), ("事实", "名称", 3, ""), ("值", "值", 1, "General"), ("单位", "单位", 1, "")]
    page.table("事实", columns)
    page.section("四、经办人判定")
    page.pairs(("核实认定意见", "核实认定意见"), ("分类", "分类"))
    page.pairs(("判定依据", "判定依据"))
    page.pairs(("判定理由", "判定理由"))
    page.pairs(("经办人", "经办人"), ("判定日期", "判定日期"))
    page.section("五、复核")
    page.pairs(("复核意见", "复核意见"), ("复核人", "复核人"))
    page.pairs(("复核说明", "复核说明"), ("复核日期", "复核日期"))
    page.section("六、判定记录")
    columns = [("日期", "日期", 1, ""), ("操作", "操作", 1, ""), ("地块", "地块", 1, ""), ("意见", "意见", 1, "")]
    page.table("判定", [*columns, ("人员", "人员", 1, ""), ("理由", "理由", 1, "")])
    page.note(NOTE)
    page.signatures("经办人", "复核人", "负责人")
    page.finish()
    save(workbook, "02合法性判定表.xlsx")


def areas() -> None:
    workbook = book()
    page = Page(workbook, "套合面积审核表", [12, *[9.6] * 11], landscape=True)
    page.title("套合面积审核表（亩）")
    mu = [("地块总面积", "总面积"), ("耕地", "耕地"), ("永久基本农田", "永久基本农田"), ("非耕农用地", "非耕农用地")]
    mu += [("建设用地", "建设用地"), ("未利用地", "未利用地"), ("无地类", "无地类"), ("生态红线", "生态红线")]
    mu += [("按时已批", "按时已批"), ("按时未批", "按时未批")]
    form = [(title, field, 1, "0.00") for title, field in mu]
    page.table("面积", [("图斑标识", "地块", 1, ""), *form, ("平差通过", "平差通过", 1, "")])
    page.note(
        "耕地、非耕农用地、建设用地、未利用地、无地类之和等于地块总面积（0.01 亩）；永久基本农田、生态红线、按时已批、按时未批为叠加统计，"
        "按时指不晚于后时相批准。"
    )
    page.section("平方米")
    m2 = [("总面积", 2), ("耕地", 2), ("非耕农用地", 2), ("建设用地", 2), ("未利用地", 2), ("无地类", 1)]
    form = [(title, f"{title}平方米", span, "0.00") for title, span in m2]
    page.table("面积", [("图斑标识", "地块", 1, ""), *form])
    page.section("套合明细")
    columns = [
        ("地块", "地块", 1, ""),
        ("图层", "图层", 2, ""),
        ("分组 / 文号", "分组", 3, ""),
        ("日期", "日期", 2, ""),
    ]
    columns += [("时间关系", "时间关系", 1, ""), ("面积（平方米）", "面积平方米", 1, "0.00")]
    page.table("套合", [*columns, ("面积（亩）", "面积", 1, "0.00"), ("占比（%）", "占比", 1, "0.00")])
    page.finish()
    origin = Page(
        workbook, "数据来源", [26, 34, 64], landscape=True
    )  # a sheet of its own: its head stands on each of its pages
    origin.title("套合数据来源")
    columns = [("图层", "图层", 1, ""), ("文件", "文件", 1, ""), ("SHA-256", "校验值", 1, "")]
    origin.table("数据来源", columns, repeat_head=True)
    origin.finish()
    save(workbook, "03套合面积表.xlsx")


def photos() -> None:
    workbook = book()
    page = Page(workbook, "照片登记表", [5, 29, 14, 12, 11, 9, 6, 8, 8, 7, 15], landscape=True)
    page.title("现场照片登记表")
    columns = [("序号", "序号", 1, "0"), ("文件", "文件", 1, ""), ("拍摄时间", "拍摄时间", 1, "")]
    columns += [("经度", "经度", 1, "0.0000000"), ("纬度", "纬度", 1, "0.0000000"), ("方位角（°）", "方位角", 1, "0.0")]
    columns += [("基准", "方位基准", 1, ""), ("距离（米）", "距离", 1, "0.0"), ("偏差（°）", "方位偏差", 1, "0.0")]
    page.table("照片", [*columns, ("阶段", "阶段", 1, ""), ("SHA-256", "校验值", 1, "")], repeat_head=True)
    page.section("原文件")
    page.table(
        "照片",
        [("序号", "序号", 1, "0"), ("原文件名", "原文件名", 5, ""), ("设备", "设备", 3, ""), ("说明", "说明", 2, "")],
    )
    page.finish()
    save(workbook, "04照片登记表.xlsx")


def documents() -> None:
    workbook = book()
    page = Page(workbook, "证明材料目录", [5, 11, 18, 16, 12, 12, 27, 8, 15], landscape=True)
    page.title("证明材料目录")
    columns = [("序号", "序号", 1, "0"), ("类别", "类别", 1, ""), ("名称", "名称", 1, ""), ("文号", "文号", 1, "")]
    columns += [
        ("日期", "日期", 1, ""),
        ("机关", "机关", 1, ""),
        ("文件", "文件", 1, ""),
        ("字节数", "字节数", 1, "#,##0"),
    ]
    page.table("材料", [*columns, ("SHA-256", "校验值", 1, "")], repeat_head=True)
    page.section("检查结果（缺失与提示）")
    page.table(
        "缺失", [("序号", "序号", 1, "0"), ("级别", "级别", 1, ""), ("内容", "内容", 3, ""), ("办法", "办法", 4, "")]
    )
    page.finish()
    save(workbook, "05证明材料目录.xlsx")


def journal() -> None:
    workbook = book()
    page = Page(workbook, "操作记录", [6, 20, 12, 20, 60], landscape=True)
    page.title("操作记录")
    columns = [("序号", "序号", 1, "0"), ("时间", "时间", 1, ""), ("人员", "人员", 1, "")]
    columns += [("事由", "事由", 1, ""), ("记录", "变化", 1, "")]
    page.table("操作", columns, repeat_head=True)
    page.finish()
    save(workbook, "06操作记录.xlsx")


def project() -> None:
    workbook = book()
    page = Page(workbook, "并宗说明", [8, 30, 14, 14, 14], landscape=False)
    page.title("图斑并宗说明")
    page.put(page.row, 1, 5, "{{并宗说明}}", size=11)
    page.height(60)
    page.row += 1
    columns = [("序号", "序号", 1, "0"), ("图斑编号", "图斑编号", 1, ""), ("角色", "角色", 1, "")]
    page.table("并宗", [*columns, ("村（居）", "村", 1, ""), ("面积（亩）", "面积", 1, "0.00")])
    page.put(page.row, 1, 4, "合计（亩）", fill=LABEL, font=HEI, size=9.5, align="right")
    page.put(page.row, 5, 5, "{{并宗合计面积}}", format="0.00", align="right")
    page.height(21)
    page.row += 1
    for label, value in (("核实认定意见", "核实认定意见"), ("判定依据", "判定依据"), ("经办人", "经办人")):
        page.put(page.row, 1, 2, label, fill=LABEL, font=HEI, size=9.5)
        page.put(page.row, 3, 5, f"{{{{{value}}}}}")
        page.height(21)
        page.row += 1
    page.signatures("经办人", "复核人")
    page.office()
    page.finish()
    save(workbook, "07并宗说明.xlsx")


def boundary() -> None:
    workbook = book()
    page = Page(workbook, "界址点成果表", [8, 9, 15, 16, 16, 16], landscape=False)
    page.title("界址点成果表")
    page.note(
        "2000国家大地坐标系（CGCS2000），高斯-克吕格投影 3° 分带；横坐标含带号。环：块序-环序，首点在环末重复列出。"
    )
    columns = [("环", "环", 1, ""), ("点号", "点号", 1, ""), ("纵坐标X（米）", "纵坐标", 1, "0.000")]
    columns += [("横坐标Y（米）", "横坐标", 1, "0.000"), ("经度（°）", "经度", 1, "0.000000000")]
    page.table("界址点", [*columns, ("纬度（°）", "纬度", 1, "0.000000000")], repeat_head=True)
    page.put(page.row, 1, 6, "地块面积：{{地块面积}} 亩（{{地块面积平方米}} 平方米）", frame=False)
    page.height(24)
    page.row += 1
    page.office()
    page.finish()
    save(workbook, "08界址点成果表.xlsx")


def rectified() -> None:
    workbook = book()
    page = Page(workbook, "整改与复耕验收表", [14, 12, 14, 14, 12, 14])
    page.title("违法图斑整改与复耕验收表")
    page.section("一、违法情况")
    page.pairs(("核实认定意见", "核实认定意见"), ("分类", "分类"), ("项目名称", "项目名称"), ("项目主体", "项目主体"))
    page.pairs(("违法面积（亩）", "非农违法面积"), ("其中耕地（亩）", "非农违法耕地面积"), numbers=True)
    page.section("二、整改情况")
    page.pairs(("整改方式", "整改情况"), ("责任单位", "整改责任单位"))
    page.pairs(("拆除面积（亩）", "拆除面积"), ("拆除耕地（亩）", "拆除耕地面积"), numbers=True)
    page.pairs(("补办面积（亩）", "补办面积"), ("补办耕地（亩）", "补办耕地面积"), numbers=True)
    page.pairs(("剩余未整改（亩）", "剩余未整改面积"), ("验收面积（亩）", "复耕验收面积"), numbers=True)
    columns = [("地块", "地块", 1, ""), ("方式", "方式", 1, ""), ("拆除（亩）", "拆除", 1, "0.00")]
    columns += [("补办（亩）", "补办", 1, "0.00"), ("剩余（亩）", "剩余", 1, "0.00"), ("销号日期", "销号日期", 1, "")]
    page.table("整改", columns)
    page.section("三、影像资料（张）")
    page.pairs(("整改前", "整改前照片数"), ("整改中", "整改中照片数"))
    page.pairs(("整改后", "整改后照片数"))
    columns = [
        ("整改前（照片号）", "整改前", 1, "0"),
        ("整改中（照片号）", "整改中", 1, "0"),
        ("整改后（照片号）", "整改后", 1, "0"),
    ]
    columns += [
        ("站位相距（米）", "站位相距", 1, "0.0"),
        ("方位相差（°）", "方位相差", 1, "0.0"),
        ("说明", "说明", 1, ""),
    ]
    page.table("整改对比", columns)
    page.pairs(("未配对照片", "未配对照片"))
    page.note("照片号为照片登记表的序号；同一站位、同一方向的照片见「整改前后对比」。")
    page.section("四、复耕验收")
    page.pairs(("验收人", "复耕验收人"), ("验收日期", "复耕验收日期"))
    page.pairs(("拆除日期", "拆除日期"), ("销号日期", "销号日期"))
    page.put(page.row, 1, 6, "验收意见：", size=10.5)
    page.height(90)
    page.row += 1
    page.signatures("整改责任人", "验收人", "负责人")
    page.office()
    page.finish()
    save(workbook, "09整改与复耕验收表.xlsx")


def enforced() -> None:
    workbook = book()
    page = Page(workbook, "查处情况表", [13, 14, 15, 13, 13, 22])
    page.title("违法图斑查处情况表")
    page.section("一、违法情况")
    page.pairs(("核实认定意见", "核实认定意见"), ("项目主体", "项目主体"))
    page.pairs(("违法面积（亩）", "非农违法面积"), ("其中耕地（亩）", "非农违法耕地面积"), numbers=True)
    page.section("二、案件")
    page.pairs(("案件名称", "案件名称"), ("当事人", "当事人"), ("牵头单位", "查处牵头单位"), ("查处进展", "查处进展"))
    page.pairs(("罚款合计（元）", "罚款合计"))
    page.pairs(("涉及图斑", "案件涉及图斑"))
    page.section("三、查处环节（立案、责令停止、勘测询问、处罚决定、移送、执行、结案）")
    columns = [("环节", "环节", 1, ""), ("材料", "材料", 1, ""), ("文号", "文号", 1, ""), ("日期", "日期", 1, "")]
    page.table("查处", [*columns, ("机关", "机关", 1, ""), ("说明", "说明", 1, "")], repeat_head=True)
    page.pairs(("提示", "查处情况提示"))
    page.section("四、整改")
    page.pairs(("整改方式", "整改情况"), ("销号日期", "销号日期"))
    page.note("空白的环节尚无记录；补办用地手续须在处罚执行到位之后（通知五（三））。")
    page.signatures("承办人", "审核人", "负责人")
    page.office()
    page.finish()
    save(workbook, "10查处情况表.xlsx")


def mining() -> None:
    workbook = book()
    page = Page(workbook, "矿产图斑登记表", [14, 12, 14, 14, 12, 14])
    page.title("矿产卫片图斑登记表")
    page.section("一、基本情况")
    page.pairs(("监测批次", "监测批次"), ("县级行政区", "县级行政区"), ("乡镇", "乡镇"), ("村", "村"))
    page.pairs(("前时相", "前时相"), ("后时相", "后时相"))
    page.pairs(("图斑面积（亩）", "地块面积"), numbers=True)
    page.section("二、采矿许可")
    page.pairs(
        ("许可证号", "采矿许可证号"), ("采矿权人", "采矿权人"), ("开采矿种", "开采矿种"), ("开采方式", "开采方式")
    )
    page.pairs(("有效期", "采矿许可有效期"))
    page.section("三、判定")
    page.pairs(("核实认定意见", "核实认定意见"), ("分类", "分类"))
    page.pairs(("判定依据", "判定依据"))
    page.pairs(("现场核查描述", "现场核查描述"))
    page.pairs(("经办人", "经办人"), ("判定日期", "判定日期"), ("复核人", "复核人"), ("复核日期", "复核日期"))
    page.signatures("经办人", "复核人", "负责人")
    page.office()
    page.finish()
    save(workbook, "11矿产图斑登记表.xlsx")


def note() -> None:
    workbook = book()
    page = Page(workbook, "卷内备考表", [20, 20, 20, 20])
    page.title("卷内备考表")
    page.pairs(("照片数", "照片数"), ("材料数", "材料数"))
    page.pairs(("卷宗状态", "卷宗状态"))
    for text, height in (("本卷情况说明：", 260), ("缺失与补充：{{缺失清单}}", 120)):
        page.put(page.row, 1, 4, text)
        page.height(height)
        page.row += 1
    page.signatures("立卷人", "检查人")
    page.office()
    page.finish()
    save(workbook, "12卷内备考表.xlsx")


def word() -> None:
    document = _document()
    for text, size, color in (
        ("卫片执法图斑核查卷宗", 26, None),
        ("{{图斑编号}}", 20, None),
        ("{{草稿标记}}", 20, 0xC0),
    ):
        _line(document, text, size, center=True, red=bool(color))
    names = [
        "监测批次",
        "县级行政区",
        "乡镇",
        "村",
        "图斑类型",
        "前时相",
        "后时相",
        "地块面积",
        "核实认定意见",
        "分类",
        "经办人",
    ]
    _pairs(document, [*names, "判定日期", "复核人", "复核日期", "卷宗状态", "缺失清单", "规则方案", "导出时间"])
    document.add_page_break()
    _line(document, "卷宗目录", 18, center=True)
    _table(document, "目录", ["序号", "名称", "类别", "文件", "字节数"])
    _save(document, "00封面与目录.docx")
    document = _document()
    _line(document, "图斑合法性判定表", 18, center=True)
    _line(document, "图斑编号：{{图斑编号}}　　{{草稿标记}}", 11)
    _line(document, "一、套合事实", 12)
    _pairs(
        document,
        ["地块面积", "按时已批面积", "按时未批面积", "未批耕地面积", "未批永久基本农田面积", "前时相", "后时相"],
    )
    _table(document, "批文", ["类型", "文号", "时间关系", "面积", "占比"])
    _line(document, "二、建议（软件按规则方案生成，不是认定结论）", 12)
    _pairs(document, ["建议意见", "建议分类", "建议规则", "建议把握程度", "建议理由", "建议缺失材料", "改变建议的条件"])
    _line(document, "三、经办人判定", 12)
    _pairs(document, ["核实认定意见", "分类", "判定依据", "判定理由", "经办人", "判定日期"])
    _line(document, "四、复核", 12)
    _pairs(document, ["复核意见", "复核说明", "复核人", "复核日期"])
    _line(document, NOTE, 9)
    _line(document, "经办人（签字）：　　　　　　复核人（签字）：　　　　　　负责人（签字）：", 11)
    _save(document, "02合法性判定表.docx")


def _document() -> Document:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(595.3), Pt(841.9)
    section.left_margin = section.right_margin = Pt(56)
    style = document.styles["Normal"]
    style.font.name, style.font.size = SONG, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    return document


def _run(paragraph: object, text: str, size: float, bold: bool = False, red: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, SONG
    run._element.rPr.rFonts.set(qn("w:eastAsia"), HEI if bold else SONG)
    if red:
        run.font.color.rgb = RGBColor(0xC0, 0, 0)


def _line(document: Document, text: str, size: float, center: bool = False, red: bool = False) -> None:
    paragraph = document.add_paragraph()
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, bold=size >= 12, red=red)


def _pairs(document: Document, names: list[str]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name in names:
        cells = table.add_row().cells
        _run(cells[0].paragraphs[0], name, 10.5)
        _run(cells[1].paragraphs[0], f"{{{{{name}}}}}", 10.5)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Pt(120), Pt(360)


def _table(document: Document, name: str, columns: list[str]) -> None:
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    for position, column in enumerate(columns):
        _run(table.rows[0].cells[position].paragraphs[0], column, 10.5)
        _run(table.rows[2].cells[position].paragraphs[0], f"{{{{行.{column}}}}}", 9.5)
    _run(table.rows[1].cells[0].paragraphs[0], f"{{%tr for 行 in {name} %}}", 9.5)
    _run(table.rows[3].cells[0].paragraphs[0], "{%tr endfor %}", 9.5)


def _save(document: Document, name: str) -> None:
    buffer = io.BytesIO()
    document.save(buffer)
    (FOLDER / name).write_bytes(office_zip(office_parts(buffer.getvalue())))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for draw in (
        cover, verification, judgment, areas, photos, documents, journal, project, boundary, rectified, enforced, mining, note, word,
    ):  # fmt: skip
        draw()
    print(*sorted(path.name for path in FOLDER.iterdir()), sep="\n")
