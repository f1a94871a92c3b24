"""The office's own forms: every mistake is named with its cell, and a form takes the place of the shipped one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import render
from weipian_plugin.model.paths import county_data, shipped
from weipian_plugin.pipeline import form_trial


def workbook(path: Path, **cells: str) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "表"
    for cell, text in cells.items():
        book.active[cell] = text
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.mark.parametrize("path", sorted(shipped("templates").glob("0*.*")), ids=lambda path: path.name)
def test_every_shipped_form_is_without_mistake(path: Path) -> None:
    assert form_trial.mistakes(path) == []


def test_every_unknown_field_is_named_with_its_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "表.xlsx", A1="{{图斑编号}}", B2="{{面积大小}}", C3="县：{{县名字}}，{{photos.色彩}}", D4="{{甲.乙}}"
    )
    found = form_trial.mistakes(path)
    assert {(one.details["cell"], one.details["field"]) for one in found} == {
        ("表!B2", "面积大小"), ("表!C3", "县名字"), ("表!C3", "photos.色彩"), ("表!D4", "甲.乙"),
    }  # fmt: skip
    assert "B2" in render(found[0]) and "面积大小" in render(found[0])


@pytest.mark.parametrize("text", ["{{图斑编号", "图斑编号}}", "={{图斑编号}}"])
def test_a_broken_placeholder_ends_the_look(tmp_path: Path, text: str) -> None:
    found = form_trial.mistakes(workbook(tmp_path / "表.xlsx", A1=text))
    assert len(found) == 1
    assert found[0].code in ("filing.template_braces", "filing.template_formula")


def test_what_is_no_form_is_told(tmp_path: Path) -> None:
    for name in ("坏.xlsx", "坏.docx"):
        (tmp_path / name).write_bytes(b"no form")
        assert [one.code for one in form_trial.mistakes(tmp_path / name)] == ["filing.template_unreadable"]


def test_an_own_form_takes_the_place_and_gives_it_back(tmp_path: Path) -> None:
    county = tmp_path / "本县设置"
    mine = workbook(tmp_path / "我们的登记表.xlsx", A1="{{图斑编号}}")
    form_trial.take(mine, county, "01核查登记表.xlsx")
    workbook(county / "templates" / "约谈表.xlsx", A1="{{图斑编号}}")
    with county_data(county):
        found = {one.template: one for one in form_trial.forms()}
    assert found["01核查登记表.xlsx"].own and found["01核查登记表.xlsx"].used
    assert not found["02合法性判定表.xlsx"].own
    assert found["约谈表.xlsx"].own and not found["约谈表.xlsx"].used
    form_trial.give_back(found["01核查登记表.xlsx"], county)
    assert not {one.template: one for one in form_trial.forms(county)}["01核查登记表.xlsx"].own
    assert len(list((county / "templates").glob("01*.bak"))) == 1, "what a person made is kept"


def test_a_word_file_is_no_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    with pytest.raises(WeipianError) as caught:
        form_trial.take(tmp_path / "a.docx", tmp_path, "01核查登记表.xlsx")
    assert caught.value.code == "run.form_kind"


def test_a_copy_to_edit_never_overwrites(tmp_path: Path) -> None:
    form = next(one for one in form_trial.forms() if one.template == "01核查登记表.xlsx")
    place = form_trial.copy_to_edit(form, tmp_path)
    place.write_bytes(b"edited")
    assert form_trial.copy_to_edit(form, tmp_path).read_bytes() == b"edited"


def test_the_fields_are_listed_as_forms_write_them() -> None:
    listed = dict(form_trial.fields())
    assert listed["{{图斑编号}}"] == "number"
    assert any(name.startswith("photos.") for name in listed.values())
