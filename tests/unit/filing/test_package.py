"""A parcel becomes a package."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from weipian_plugin.filing import (
    MapFile,
    PackageOptions,
    PackageRecord,
    ParcelCase,
    current_package,
    packages_in,
    verify,
    write_package,
    write_packages,
)
from weipian_plugin.filing.case import AttachedDocument
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.records import Rejection

from . import cases

OPTIONS = PackageOptions()


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def form(record: PackageRecord, title: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(next(record.path.glob(f"表册/*{title}.xlsx")))


def texts(workbook: openpyxl.Workbook) -> list[str]:
    return [
        str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]


def test_a_package_holds_forms_maps_photos_papers_and_vectors(package: PackageRecord) -> None:
    names = set(tree(package.path))
    number = cases.NUMBER
    expected = {
        *(
            f"表册/{number}_{title}.xlsx"
            for title in (
                "00封面与目录",
                "01核查登记表",
                "02合法性判定表",
                "03套合面积表",
                "04照片登记表",
                "05证明材料目录",
                "06操作记录",
                "08界址点成果表",
                "12卷内备考表",
            )
        ),
        f"位置图/{number}_位置图.pdf",
        f"位置图/{number}_位置图.png",
        f"照片/{number}_01_087.jpg",
        f"照片/{number}_02_177.jpg",
        f"照片/{number}_照片一览.xlsx",
        f"证明材料/{number}_01_批文.pdf",
        *(f"矢量/{number}.{suffix}" for suffix in ("shp", "shx", "dbf", "prj", "cpg", "txt", "geojson")),
        "manifest.json",
    }
    assert names == expected
    assert package.complete and package.files == len(expected)
    assert package.bytes == sum(path.stat().st_size for path in package.path.rglob("*") if path.is_file())


def test_the_manifest_names_every_file_the_profile_and_the_version(package: PackageRecord) -> None:
    raw = (package.path / "manifest.json").read_bytes()
    content = json.loads(raw)
    assert hashlib.sha256(raw).hexdigest() == package.manifest_sha256
    assert {entry["path"]: entry["sha256"] for entry in content["files"]} == {
        name: sha for name, sha in tree(package.path).items() if name != "manifest.json"
    }
    assert content["profile"] == {"name": "national-2023", "sha256": "ab" * 32}
    assert content["plugin_version"] == "1.0.0" and content["draft"] is False


def test_the_same_case_gives_the_same_bytes(legal_case: ParcelCase, tmp_path: Path) -> None:
    split = cases.split(legal_case)
    one = write_package(split, tmp_path / "one", OPTIONS)
    other = write_package(split, tmp_path / "other", OPTIONS)
    assert tree(one.path) == tree(other.path)


def test_only_the_stated_time_differs(legal_case: ParcelCase, tmp_path: Path) -> None:
    one = write_package(legal_case, tmp_path / "one", replace(OPTIONS, made_at="2026-03-12"))
    other = write_package(legal_case, tmp_path / "other", replace(OPTIONS, made_at="2026-03-13"))
    first, second = tree(one.path), tree(other.path)
    assert {name for name in first if first[name] != second[name]} == {
        "manifest.json",
        f"表册/{cases.NUMBER}_00封面与目录.xlsx",
    }


def test_suggestion_and_decision_stand_apart(legal_case: ParcelCase, tmp_path: Path) -> None:
    undecided = replace(legal_case, decisions=())
    record = write_package(undecided, tmp_path / "out", OPTIONS)
    page = form(record, "合法性判定表").active
    labels = {
        page.cell(row, column).value: page.cell(row, column + 1).value
        for row in range(1, page.max_row + 1)
        for column in (1, 4)
    }
    assert labels["建议意见"] == "合法"
    assert labels["核实认定意见"] is None and labels["经办人"] is None
    login = form(record, "核查登记表").active
    assert "合法" not in [cell.value for row in login.iter_rows() for cell in row]
    assert any("不是认定结论" in text for text in texts(form(record, "合法性判定表")))


def test_what_is_missing_makes_a_draft_marked_as_such(legal_case: ParcelCase, tmp_path: Path) -> None:
    record = write_package(replace(legal_case, decisions=(), documents=()), tmp_path / "out", OPTIONS)
    assert not record.complete
    assert {check.code for check in record.missing if check.level == "error"} >= {"decision", "approval_paper"}
    for title in ("封面与目录", "核查登记表", "合法性判定表", "套合面积表", "照片登记表", "证明材料目录", "操作记录"):
        assert "草稿" in texts(form(record, title)), title
    assert json.loads((record.path / "manifest.json").read_text(encoding="utf-8"))["draft"] is True


def test_a_complete_package_carries_no_draft_mark(package: PackageRecord) -> None:
    assert "草稿" not in texts(form(package, "核查登记表"))


def test_form_fields_keep_the_order_of_the_filing_page(package: PackageRecord) -> None:
    page = form(package, "核查登记表").active
    wanted = [
        "核实认定意见",
        "分类",
        "用途分类细化",
        "项目名称",
        "建设时间",
        "项目主体",
        "现场核查描述",
        "地块面积",
        "占耕地面积",
        "占基本农田面积",
        "占非耕农用地面积",
        "占未利用地面积",
        "占生态红线面积",
        "建设用地面积",
    ]
    order = [cell.value for row in page.iter_rows() for cell in row if cell.value in wanted]
    assert order == wanted


def test_the_cover_lists_every_other_file(package: PackageRecord) -> None:
    sheet = form(package, "封面与目录")["目录"]
    listed = {sheet.cell(row, 4).value for row in range(4, sheet.max_row + 1)}
    assert listed == set(tree(package.path)) - {"manifest.json", f"表册/{cases.NUMBER}_00封面与目录.xlsx"}


def test_hostile_names_and_texts_end_as_text(tmp_path: Path) -> None:
    evil = cases.case(tmp_path)
    picture = cases.jpeg(tmp_path / "in" / "evil .jpg", 9)
    photo = cases.photo(picture, file="..\\..\\CON.jpg", device="=cmd|' /C calc'!A0")
    paper = cases.pdf(tmp_path / "in" / "paper")
    document = AttachedDocument(paper, "../..\\批文", "=1+1", "\x00\x1b")
    evil = replace(
        evil, parcel=cases.parcel(number="../A:1", village="=1+1\x07"), photos=(photo,), documents=(document,)
    )
    record = write_package(evil, tmp_path / "out", OPTIONS)
    assert record.path.parent == tmp_path / "out"
    assert all(path.resolve().is_relative_to(record.path.resolve()) for path in record.path.rglob("*"))
    assert {path.suffix for path in record.path.glob("证明材料/*")} == {".pdf"}
    sheet = form(record, "核查登记表").active
    values = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert values["=1+1\N{REPLACEMENT CHARACTER}"] == "s"
    assert "f" not in values.values()
    assert verify(record.path, evil) == []


def test_numbers_that_look_alike_after_cleaning_get_folders_of_their_own(tmp_path: Path) -> None:
    one, other = (replace(cases.case(tmp_path), parcel=cases.parcel(number=number)) for number in ("A/1", "A:1"))
    paths = {write_package(case, tmp_path / "out", OPTIONS).path for case in (one, other)}
    assert len(paths) == 2


def test_evidence_changed_since_it_was_registered_is_left_out_and_said(legal_case: ParcelCase, tmp_path: Path) -> None:
    legal_case.photos[0].path.write_bytes(legal_case.photos[1].path.read_bytes())
    record = write_package(legal_case, tmp_path / "out", OPTIONS)
    assert not record.complete
    assert "evidence_changed" in {check.code for check in record.missing}
    assert not list(record.path.glob("照片/*_01_*.jpg")) and list(record.path.glob("照片/*_02_*.jpg"))


def test_evidence_that_is_gone_is_said_and_the_rest_is_filed(legal_case: ParcelCase, tmp_path: Path) -> None:
    legal_case.documents[0].path.unlink()
    record = write_package(legal_case, tmp_path / "out", OPTIONS)
    assert {"evidence_file", "evidence_unreadable"} <= {check.code for check in record.missing}
    assert verify(record.path, legal_case) == []


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
def test_a_symbolic_link_is_no_evidence(legal_case: ParcelCase, tmp_path: Path) -> None:
    link = tmp_path / "in" / "link.jpg"
    link.symlink_to(legal_case.photos[0].path)
    record = write_package(
        replace(legal_case, photos=(replace(legal_case.photos[0], path=link),)), tmp_path / "out", OPTIONS
    )
    assert "evidence_unreadable" in {check.code for check in record.missing}


def test_a_picture_that_cannot_be_decoded_is_filed_as_it_is(legal_case: ParcelCase, tmp_path: Path) -> None:
    broken = tmp_path / "in" / "broken.jpg"
    broken.write_bytes(legal_case.photos[0].path.read_bytes()[:200])
    record = write_package(replace(legal_case, photos=(cases.photo(broken),)), tmp_path / "out", OPTIONS)
    assert next(record.path.glob("照片/*_01_087.jpg")).read_bytes() == broken.read_bytes()


def test_how_a_package_was_written_does_not_make_it_old(legal_case: ParcelCase, tmp_path: Path) -> None:
    written = list(write_packages([legal_case], tmp_path, replace(OPTIONS, fresh=True, at_once=2)))
    assert isinstance(written[0], PackageRecord)
    assert current_package(legal_case, tmp_path, OPTIONS) is not None


def test_a_current_package_is_recognised_and_every_change_makes_it_old(legal_case: ParcelCase, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    record = write_package(legal_case, folder, OPTIONS)
    current = current_package(legal_case, folder, replace(OPTIONS, made_at="2026-05-05"))
    assert current is not None and current.current
    assert current.manifest_sha256 == record.manifest_sha256
    changes = (
        replace(legal_case, decisions=legal_case.decisions[:1]),
        replace(legal_case, parcel=replace(legal_case.parcel, area_m2=1.0)),
        replace(legal_case, photos=legal_case.photos[:1]),
        replace(legal_case, map_inputs={"template": "other"}),
        replace(legal_case, coverage=legal_case.coverage[:1]),
    )
    assert [current_package(case, folder, OPTIONS) for case in changes] == [None] * len(changes)
    assert current_package(legal_case, folder, replace(OPTIONS, vector_encoding="UTF-8")) is None
    next(record.path.glob("照片/*_01_*.jpg")).write_bytes(b"")
    assert current_package(legal_case, folder, OPTIONS) is None


def test_an_office_template_takes_the_place_of_ours(legal_case: ParcelCase, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "本局编号 {{图斑编号}}"
    (tmp_path / "表样").mkdir()
    book.save(tmp_path / "表样" / "01核查登记表.xlsx")
    options = replace(OPTIONS, templates=tmp_path / "表样")
    record = write_package(legal_case, tmp_path / "out", options)
    assert form(record, "核查登记表").active["B2"].value == f"本局编号 {cases.NUMBER}"
    assert verify(record.path, legal_case, options) == []


def test_a_wrong_office_template_stops_before_anything_is_written(legal_case: ParcelCase, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["C9"] = "{{图班编号}}"
    (tmp_path / "表样").mkdir()
    book.save(tmp_path / "表样" / "01核查登记表.xlsx")
    with pytest.raises(WeipianError) as caught:
        write_package(legal_case, tmp_path / "out", replace(OPTIONS, templates=tmp_path / "表样"))
    assert "C9" in caught.value.text() and "图班编号" in caught.value.text()
    assert not (tmp_path / "out").exists()


def test_word_forms_are_filled_in_a_sandbox(legal_case: ParcelCase, tmp_path: Path) -> None:
    from docx import Document

    options = replace(OPTIONS, forms=("judgment_word", "cover_word"))
    evil = replace(legal_case, decided_fields={"项目名称": "{{ 7*7 }}<w:p>&\x07"})
    record = write_package(evil, tmp_path / "out", options)
    document = Document(str(next(record.path.glob("表册/*判定表.docx"))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "合法" in cells and "渝府地〔2025〕12号" in cells
    assert verify(record.path, evil, options) == []
    again = write_package(evil, tmp_path / "again", options)
    assert tree(again.path) == tree(record.path)


@pytest.mark.parametrize(
    "text", ["{{ 图班编号 }}", "{{ ''.__class__.__mro__ }}", "{% for x in 照片 %}{{ x.nothing }}{% endfor %}"]
)
def test_a_wrong_word_template_is_refused_with_its_place(legal_case: ParcelCase, tmp_path: Path, text: str) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("表头")
    document.add_paragraph(text)
    (tmp_path / "表样").mkdir()
    document.save(str(tmp_path / "表样" / "02合法性判定表.docx"))
    with pytest.raises(WeipianError) as caught:
        write_package(
            legal_case, tmp_path / "out", replace(OPTIONS, templates=tmp_path / "表样", forms=("judgment_word",))
        )
    assert caught.value.code in ("filing.template_field_unknown", "filing.template_braces")
    assert "02合法性判定表.docx" in caught.value.text()
    assert not (tmp_path / "out").exists()


def test_stamped_copies_lie_beside_untouched_originals(legal_case: ParcelCase, tmp_path: Path) -> None:
    record = write_package(legal_case, tmp_path / "out", replace(OPTIONS, stamped_copies=True))
    original = next(record.path.glob("照片/*_01_087.jpg"))
    assert original.read_bytes() == legal_case.photos[0].path.read_bytes()
    stamped = list(record.path.glob("照片/*_水印.jpg"))
    if not stamped:
        pytest.skip("no Chinese font file on this machine")
    assert len(stamped) == 2 and stamped[0].read_bytes() != original.read_bytes()


@pytest.mark.parametrize("content", [None, "other"])
def test_a_folder_that_is_not_this_parcels_package_is_never_replaced(
    legal_case: ParcelCase, tmp_path: Path, content: str | None
) -> None:
    target = tmp_path / "out" / cases.NUMBER
    target.mkdir(parents=True)
    (target / "私人文件.txt").write_text("重要", encoding="utf-8")
    if content:
        other = write_package(replace(legal_case, parcel=cases.parcel(number="7")), tmp_path / "elsewhere", OPTIONS)
        (target / "manifest.json").write_bytes((other.path / "manifest.json").read_bytes())
    with pytest.raises(WeipianError) as caught:
        write_package(legal_case, tmp_path / "out", OPTIONS)
    assert caught.value.code == "filing.folder_taken"
    assert (target / "私人文件.txt").read_text(encoding="utf-8") == "重要"


def test_one_parcel_that_fails_does_not_end_the_batch(tmp_path: Path) -> None:
    good = [replace(cases.case(tmp_path), parcel=cases.parcel(number=str(n))) for n in (1, 3)]
    (tmp_path / "out" / "2").mkdir(parents=True)
    bad = replace(good[0], parcel=cases.parcel(number="2"))
    made = list(write_packages([good[0], bad, good[1]], tmp_path / "out", OPTIONS))
    assert [type(entry) for entry in made] == [PackageRecord, Rejection, PackageRecord]
    assert made[1].feature == "2" and "2" in made[1].reason.details["parcel"]
    assert [path.name for path in packages_in(tmp_path / "out")] == ["1", "3"]


def test_a_stopped_batch_resumes_where_it_was(tmp_path: Path) -> None:
    class StopAfter(Silent):
        def __init__(self, units: float) -> None:
            self.units, self.done = units, 0.0

        def progress(self, fraction: float) -> None:
            self.done = fraction

        def cancelled(self) -> bool:
            return self.done >= self.units

    parcels = [replace(cases.case(tmp_path, photos=0), parcel=cases.parcel(number=str(n)), maps=()) for n in range(4)]
    drawn: list[str] = []

    def draw(case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        drawn.append(case.number)
        return (MapFile(cases.pdf(folder / f"{case.number}.pdf")),)

    with pytest.raises(Cancelled):
        list(write_packages(parcels, tmp_path / "out", OPTIONS, StopAfter(0.5), total=4, render_maps=draw))
    assert drawn == ["0", "1"]
    records = list(write_packages(parcels, tmp_path / "out", OPTIONS, total=4, render_maps=draw))
    assert drawn == ["0", "1", "2", "3"]
    assert [record.current for record in records] == [True, True, False, False]
    assert not (tmp_path / "out" / ".maps").exists()


def test_cancelling_while_a_package_is_built_leaves_the_old_one(legal_case: ParcelCase, tmp_path: Path) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    record = write_package(legal_case, tmp_path / "out", OPTIONS)
    before = tree(tmp_path / "out")
    with pytest.raises(Cancelled):
        write_package(replace(legal_case, decisions=()), tmp_path / "out", OPTIONS, Stop())
    assert tree(tmp_path / "out") == before and verify(record.path, legal_case) == []


def test_unwritable_folder_is_said(legal_case: ParcelCase, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        write_package(legal_case, tmp_path / "file", OPTIONS)
    assert caught.value.code == "run.folder_unwritable"


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_what_was_finished_when_a_run_is_stopped_is_handed_on(
    legal_case: ParcelCase, tmp_path: Path, at_once: int
) -> None:
    class Stops(Silent):
        stopped = False

        def cancelled(self) -> bool:
            return self.stopped

    feedback, found = Stops(), []
    several = [replace(legal_case, parcel=replace(legal_case.parcel, number=f"T{step}")) for step in range(6)]
    with pytest.raises(Cancelled):
        for outcome in write_packages(several, tmp_path, PackageOptions(at_once=at_once), feedback):
            found.append(outcome)
            feedback.stopped = True
    assert [one.parcel for one in found] == [path.name for path in packages_in(tmp_path)]
    assert 1 <= len(found) <= 1 + at_once and not list(tmp_path.glob(".*T*"))
