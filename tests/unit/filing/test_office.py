"""Every form opens in an office program and says on paper what it should: LibreOffice turns them into pdf, once for all."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests import pictures
from weipian_plugin.filing import PackageOptions, write_package, write_table
from weipian_plugin.filing.tables import register, upload_table

from . import cases

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"),
]
EVIL = "=1+1\x07<b>&\u202eabc"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pdf of every form by file name: a complete parcel, a hostile draft, Word forms, register and upload tables."""
    folder = tmp_path_factory.mktemp("office")
    good = cases.split(cases.case(folder))
    many = tuple(cases.photo(cases.jpeg(folder / "in" / f"many{n}.jpg", n), n * 9.0) for n in range(40))
    evil = replace(
        good,
        parcel=cases.parcel(number="9", village=EVIL),
        decisions=(),
        photos=many,
        journal=tuple(
            {"at": f"2026-03-{n % 28 + 1:02d}", "who": EVIL, "what": "decision", "why": "长" * 300} for n in range(60)
        ),
    )
    written = []
    for case, options in (
        (good, PackageOptions()),
        (evil, PackageOptions()),
        (replace(good, parcel=cases.parcel(number="8")), PackageOptions(forms=("cover_word", "judgment_word"))),
    ):
        record = write_package(case, folder / "卷宗", options)
        written += [path for path in record.path.rglob("*") if path.suffix in (".xlsx", ".docx")]
    for family in "AB":
        write_table(folder / f"上传{family}.xlsx", family, upload_table([good, evil], family))
        written.append(folder / f"上传{family}.xlsx")
    write_table(folder / "台账.xlsx", "台账", register([good, evil]))
    written.append(folder / "台账.xlsx")
    target = folder / "pdf"
    command = [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    try:
        subprocess.run(
            [*command, "--convert-to", "pdf", "--outdir", str(target), *map(str, written)],
            capture_output=True,
            timeout=240,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("LibreOffice did not finish within four minutes")
    for path in written:
        assert (target / f"{path.stem}.pdf").is_file(), f"LibreOffice could not open {path.name}"
    return {path.name: target / f"{path.stem}.pdf" for path in written}


@pytest.fixture(scope="module")
def pages(papers: dict[str, Path]) -> dict[str, str]:
    """The text of every form by file name."""
    command = ["pdftotext", "-layout"]
    return {
        name: subprocess.run([*command, str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
        for name, pdf in papers.items()
    }


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("00封面与目录.xlsx", ["卫片执法图斑核查卷宗", "大安街道", "李四", "王五", "完整", "照片一览"]),
        ("01核查登记表.xlsx", ["渝府地〔2025〕12号", "工业园一期", "1.20", "0.15", "90.00", "经办人（签字）"]),
        (
            "02合法性判定表.xlsx",
            ["建议（软件按规则方案生成，不是认定结论）", "图斑全部位于批准范围内", "复核", "legal.approval"],
        ),
        ("03套合面积表.xlsx", ["2.00", "1.50", "0.50", "永久基本农田", "1333.34", "平差通过"]),
        ("04照片登记表.xlsx", ["87.0", "177.0", "真北", "38.3", "105.8996000"]),
        ("05证明材料目录.xlsx", ["农用地转用批文", "重庆市人民政府", "2025年1月5日"]),
        ("06操作记录.xlsx", ["李四", "新增人工判定", "核实认定意见：合法"]),
        ("08界址点成果表.xlsx", ["J1", "纵坐标X", "2.00亩"]),
        ("12卷内备考表.xlsx", ["立卷人", "填报单位（盖章）"]),
    ],
)
def test_forms_of_a_complete_parcel_say_what_they_should(pages: dict[str, str], form: str, words: list[str]) -> None:
    text = flat(pages[f"{cases.NUMBER}_{form}"])
    assert cases.NUMBER in text
    for word in words:
        assert flat(word) in text, word
    assert "{{" not in text and "草稿" not in text


def test_hostile_text_stays_text_on_paper(pages: dict[str, str]) -> None:
    text = flat(pages["9_01核查登记表.xlsx"])
    assert "=1+1" in text and "<b>&" in text
    assert "#NAME?" not in text and "Err:" not in text
    assert "草稿" in text


def test_long_tables_run_over_pages_with_their_head(pages: dict[str, str]) -> None:
    photos, journal = pages["9_04照片登记表.xlsx"], pages["9_06操作记录.xlsx"]
    assert "351.0" in photos and photos.count("方位角") >= 2
    assert journal.count("\f") >= 3 and journal.count("事由") >= 3
    assert flat(journal).count("长") == 60 * 300, "long text must not be cut on paper"


def test_word_forms_open_and_are_filled(pages: dict[str, str]) -> None:
    text = flat(pages["8_02合法性判定表.docx"])
    assert "渝府地〔2025〕12号" in text and "图斑编号：8" in text and "{{" not in text and "{%" not in text
    assert "照片一览" in flat(pages["8_00封面与目录.docx"])


def test_nothing_on_paper_is_too_small_to_read_and_every_page_names_its_parcel(
    papers: dict[str, Path], pages: dict[str, str]
) -> None:
    """Font sizes as the pdf has them (poppler rounds down to whole points), and the footer of each page."""
    for name, pdf in papers.items():
        if not name.endswith(".xlsx") or name.startswith("8_"):
            continue
        command = ["pdftohtml", "-xml", "-i", "-stdout", "-zoom", "1", str(pdf)]
        told = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")
        sizes = {found[1]: float(found[2]) for found in re.finditer(r'<fontspec id="(\d+)" size="([\d.]+)"', told)}
        used = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(?:<[^>]*>)*([^<]*\S)', told)
        assert used and min(sizes[font] for font, _ in used) >= 8, name
        if name.startswith((f"{cases.NUMBER}_0", f"{cases.NUMBER}_1", "9_0", "9_1")):
            number = name.split("_")[0]
            for page in pages[name].split("\f")[:-1]:
                assert f"图斑编号：{number}" in flat(page) and re.search(r"第\d+页共\d+页", flat(page)), name


def test_no_form_holds_codes_stamps_or_json(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        if name.startswith(f"{cases.NUMBER}_") and name.endswith(".xlsx"):
            assert not re.search(
                r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}\+\d{2}:\d{2}|\{\"|proposal_digest|approval_document", flat(text)
            ), name


@pytest.mark.parametrize("name", ["上传A.xlsx", "上传B.xlsx", "台账.xlsx"])
def test_tables_show_the_long_number_in_full(pages: dict[str, str], name: str) -> None:
    assert cases.NUMBER in flat(pages[name])
    assert "E+" not in pages[name]


@pytest.mark.parametrize(
    "form", ["00封面与目录", "01核查登记表", "02合法性判定表", "03套合面积表", "04照片登记表", "照片一览"]
)
def test_pages_look_like_their_reference(papers: dict[str, Path], tmp_path: Path, form: str) -> None:
    page = pictures.pages_of(papers[f"{cases.NUMBER}_{form}.xlsx"], tmp_path, dpi=50)[0]
    pictures.assert_like(page, Path(__file__).parent / "reference" / f"{form}.png", mean=6.0, share=0.03)


def test_pages_of_different_forms_do_not_pass_for_each_other(papers: dict[str, Path], tmp_path: Path) -> None:
    page = pictures.pages_of(papers[f"{cases.NUMBER}_01核查登记表.xlsx"], tmp_path, dpi=50)[0]
    with pytest.raises(AssertionError):
        pictures.assert_like(page, Path(__file__).parent / "reference" / "02合法性判定表.png", mean=6.0, share=0.03)
