"""Makes resources/templates/summary.docx, the template of the yearly summary: run it after changing the text below.

The layout follows the habit of official documents: A4, title in large song type, headings in 黑体, text in 仿宋 16 pt, 28 pt lines.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).resolve().parents[1] / "resources" / "templates" / "summary.docx"
OFFICE = RGBColor(0xC0, 0x00, 0x00)


def main() -> None:
    document = Document()
    page(document)
    title(document, "{{ area }}{{ year }}年卫片执法工作总结")
    text(document, "（统计截止日期：{{ as_of }}）", indent=False, centred=True)
    text(document, "{{ addressee }}：", indent=False)

    heading(document, "一、总体情况")
    text(
        document,
        "{{ year }}年度共接收下发卫片图斑 {{ f.issued }} 个（土地 {{ f.issued_land }} 个、矿产 {{ f.issued_mining }} 个），"
        "核实后 {{ f.verified }} 个；土地图斑监测面积 {{ f.area }} 亩，其中耕地 {{ f.farmland }} 亩；"
        "耕地面积 {{ f.large_mu }} 亩以上的图斑 {{ f.large }} 个，耕地 {{ f.large_farmland }} 亩。"
        "截至统计日，已判定 {{ f.decided }} 个（其中存疑 {{ f.doubtful }} 个），尚未判定 {{ f.undecided }} 个。",
    )
    caption(document, "表1　图斑判定情况（亩）")
    table(
        document,
        ["判定类别", "个数", "占比", "面积", "耕地", "永久基本农田"],
        "categories",
        ["name", "count", "share", "area", "farmland", "basic_farmland"],
        [32, 18, 20, 26, 26, 32],
    )
    picture(document, "categories", "图1　图斑判定类别")
    picture(document, "map", "图2　图斑分布")

    heading(document, "二、判定填报情况")
    text(
        document,
        "应填报图斑 {{ f.to_file }} 个，已填报 {{ f.filed }} 个，逾期未填报 {{ f.overdue }} 个，未到期 {{ f.not_due }} 个，待补级别或下发时间的 "
        "{{ f.no_deadline }} 个；系统显示审核结束 {{ f.finished }} 个、已打回 {{ f.returned }} 个，系统填报率 {{ f.filed_rate }}。"
        "日常差错率 {{ f.daily_rate }}（{{ f.daily_wrong }}÷{{ f.daily_checked }}），年度差错率 {{ f.annual_rate }}"
        "（{{ f.annual_wrong }}÷{{ f.annual_checked }}），计算办法见附注。",
    )
    picture(document, "months", "图3　按下发月份的填报情况")

    heading(document, "三、违法图斑查处整改情况")
    text(
        document,
        "非农违法 {{ f.nonagri }} 宗，面积 {{ f.nonagri_area }} 亩，其中耕地 {{ f.nonagri_farmland }} 亩、永久基本农田 "
        "{{ f.nonagri_basic_farmland }} 亩。已整改 {{ f.nonagri_done }} 宗 {{ f.nonagri_done_area }} 亩，其中拆除复耕 "
        "{{ f.nonagri_removed }} 宗 {{ f.nonagri_removed_area }} 亩、补办手续 {{ f.nonagri_regularised }} 宗 "
        "{{ f.nonagri_regularised_area }} 亩；未整改 {{ f.nonagri_open }} 宗 {{ f.nonagri_open_area }} 亩，其中耕地 "
        "{{ f.nonagri_open_farmland }} 亩。非粮违法 {{ f.nongrain }} 宗，其中耕地 {{ f.nongrain_farmland }} 亩，已整改 "
        "{{ f.nongrain_done }} 宗，未整改 {{ f.nongrain_open }} 宗。",
    )
    picture(document, "rectification", "图4　违法图斑整改情况")
    office(document, "典型案件查处情况：由本单位补充。")

    heading(document, "四、综合评估")
    text(
        document,
        "违法占用耕地 {{ f.illegal_farmland }} 亩，合法新增建设占用耕地 {{ f.legal_farmland }} 亩，违法占耕比 {{ f.farmland_ratio }}"
        "（{{ f.line }} 线）；扣减 {{ f.deducted }} 亩后为 {{ f.farmland_ratio_after }}。履职到位率 {{ f.duty_rate }}，整改到位率 "
        "{{ f.rectified_rate }}。",
    )
    caption(document, "表2　各单位综合评估（亩）")
    table(
        document,
        ["名次", "单位", "违法宗数", "违法耕地", "违法占耕比", "扣减后", "整改到位率", "得分"],
        "units",
        [
            "rank",
            "name",
            "illegal_count",
            "illegal_farmland",
            "farmland_ratio",
            "farmland_ratio_after",
            "rectified_rate",
            "score",
        ],
        [11, 30, 18, 20, 22, 19, 22, 14],
    )
    picture(document, "ratios", "图5　违法占耕比")
    plain(document, "{%p if attention %}")
    text(document, "下列单位提请关注（只列事实，是否约谈由有权机关决定）：")
    plain(document, "{%p for row in attention[:10] %}")
    text(document, "{{ row.name }}：{{ row.why }}。")
    plain(document, "{%p endfor %}")
    plain(document, "{%p if attention|length > 10 %}")
    text(document, "另有 {{ attention|length - 10 }} 个单位，见综合评估排名表。")
    plain(document, "{%p endif %}")
    plain(document, "{%p endif %}")

    heading(document, "五、存在的问题")
    plain(document, "{%p if problems %}")
    text(
        document, "台账校核发现：{% for each in problems %}{{ each }}{% if not loop.last %}；{% endif %}{% endfor %}。"
    )
    plain(document, "{%p endif %}")
    office(document, "问题与原因剖析：由本单位补充。")

    heading(document, "六、下一步工作")
    office(
        document, "工作措施：由本单位补充。"
    ).paragraph_format.keep_with_next = True  # the seal never stands on a page without text

    signed(document)

    heading(document, "附注：统计口径")
    plain(document, "{%p for note in notes %}")
    text(document, "{{ note }}", size=11, spacing=18)
    plain(document, "{%p endfor %}")
    text(
        document,
        "本总结中的数字由工作库自动统计，合法性判定以具名人员的判定为准，判定建议不作为结论。",
        size=11,
        spacing=18,
    )
    footer(document)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


def page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    font(document.styles["Normal"], "仿宋_GB2312", 16)


def font(run: object, name: str, size: float) -> None:
    """Chinese and Latin font of a run or style; without the East Asian name Word would show its own default."""
    run.font.name, run.font.size = name, Pt(size)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def title(document: Document, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(words)
    font(run, "方正小标宋简体", 22)


def heading(document: Document, words: str) -> None:
    paragraph = document.add_heading(level=1)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(10), Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(words)
    font(run, "黑体", 16)
    run.bold, run.font.color.rgb = False, RGBColor(0, 0, 0)


def text(
    document: Document, words: str, indent: bool = True, centred: bool = False, size: float = 16, spacing: float = 28
) -> Paragraph:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    shape.space_after = Pt(0)
    if indent:
        shape.first_line_indent = Pt(2 * size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    font(paragraph.add_run(words), "仿宋_GB2312", size)
    return paragraph


def signed(document: Document) -> None:
    """落款: room for the seal, the office and the day, kept together and never alone on a page."""
    for words, before in (("（印　章）", 28), ("{{ signed_by }}", 14), ("{{ as_of }}", 0)):
        paragraph = text(document, words, indent=False)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        shape = paragraph.paragraph_format
        shape.space_before, shape.right_indent = Pt(before), Pt(64)
        shape.keep_with_next, shape.keep_together = words != "{{ as_of }}", True


def office(document: Document, words: str) -> Paragraph:
    """A block for the office to finish, in red brackets so that nobody hands it in as it is."""
    paragraph = text(document, f"【{words}】")
    paragraph.runs[0].font.color.rgb = OFFICE
    return paragraph


def plain(document: Document, words: str) -> None:
    document.add_paragraph(words)


def caption(document: Document, words: str) -> None:
    paragraph = text(document, words, indent=False, centred=True, size=12, spacing=20)
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.keep_with_next = True


def picture(document: Document, name: str, words: str) -> None:
    plain(document, f"{{%p if p.{name} is defined %}}")
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(f"{{{{ p.{name} }}}}")
    below = text(document, words, indent=False, centred=True, size=12, spacing=20)
    below.paragraph_format.space_after = Pt(8)
    plain(document, "{%p endif %}")


def table(document: Document, heads: list[str], rows: str, fields: list[str], widths: list[float]) -> None:
    """A table with a repeated header and one row for each of ``rows``."""
    made = document.add_table(rows=4, cols=len(heads))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    texts = [heads, [f"{{%tr for row in {rows} %}}", *[""] * (len(heads) - 1)]]
    texts += [[f"{{{{ row.{field} }}}}" for field in fields], ["{%tr endfor %}", *[""] * (len(heads) - 1)]]
    for at, (row, words) in enumerate(zip(made.rows, texts)):
        for column, (cell, each) in enumerate(zip(row.cells, words)):
            cell.width = Mm(widths[column])
            paragraph = cell.paragraphs[0]
            number = at == 2 and fields[column] not in ("name", "rank")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
            paragraph.paragraph_format.line_spacing = 1.0
            run = paragraph.add_run(each)
            font(run, "黑体" if at == 0 else "仿宋_GB2312", 9.5)
            if at == 0:
                shade(cell)
    repeat = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeat)
    text(document, "", indent=False, spacing=8, size=6)


def shade(cell: object) -> None:
    colour = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "D9E2F3")):
        colour.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(colour)


def footer(document: Document) -> None:
    """— page number —"""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run("— ")
    font(run, "宋体", 14)
    field = paragraph.add_run()
    font(field, "宋体", 14)
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        field._r.append(part)
    font(paragraph.add_run(" —"), "宋体", 14)


if __name__ == "__main__":
    main()
