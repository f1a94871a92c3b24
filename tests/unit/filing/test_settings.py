"""``resources/filing.yaml`` and the texts of the step."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
import yaml

from weipian_plugin.filing import PackageOptions, PackageRecord, ParcelCase, load_rules, write_packages
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.forms import load_forms
from weipian_plugin.filing.normalise import fixed_pdf
from weipian_plugin.filing.typed import delivered_text
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.paths import county_data, resource, shipped
from weipian_plugin.model.records import Parcel
from weipian_plugin.office.container import office_parts, office_zip


def test_every_field_of_the_data_is_filled_by_the_code_and_the_other_way_round(legal_case: ParcelCase) -> None:
    rules = load_rules()
    values = values_of(legal_case, rules, PackageFacts())
    assert set(values.fields) == set(rules.fields)
    assert set(values.tables) == set(rules.tables)
    for name, rows in values.tables.items():
        for row in rows:
            assert set(row) >= set(rules.tables[name]["columns"]), name


def test_every_shipped_form_reads_against_the_known_fields() -> None:
    rules = load_rules()
    assert len(load_forms(rules, "national-2023", None, tuple(rules.forms))) == len(rules.forms)
    assert load_forms(rules, "a county's own profile", None, None)[0].entry.id == "cover"


def test_the_register_asks_for_known_fields() -> None:
    rules = load_rules()
    assert set(rules.register.values()) - {"sequence"} <= set(rules.fields)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["categories"].update(合法=["nothing"]), "nothing"),
        (lambda data: data["requirements"]["map"].update(level="fatal"), "fatal"),
        (lambda data: data["form_sets"].update(default=["cover", "missing"]), "missing"),
        (lambda data: data["upload"]["A"]["columns"].update(县="county_of"), "county_of"),
        (lambda data: data["fields"].update(owner="项目名称"), "「项目名称」出现两次"),
        (lambda data: data.pop("words"), "words"),
        (lambda data: data["requirements"].update(odd={"level": "error"}), "odd"),
        (lambda data: data["requirements"]["azimuth_photo"].pop("minimum"), "azimuth_photo.minimum"),
        (lambda data: data["requirements"]["approval_paper"].pop("documents"), "approval_paper.documents"),
        (lambda data: data["requirements"]["violation_fields"].pop("fields"), "violation_fields.fields"),
        (lambda data: data["platform"].pop(0), "platform.attachment_bytes"),
        (lambda data: data["platform"][0].update(limit="10 MB"), "platform.attachment_bytes.limit"),
        (lambda data: data["platform"][1].update(limit=3), "platform.attachment_types.limit"),
        (lambda data: data["platform"][2].update(level="fatal"), "fatal"),
    ],
)
def test_wrong_settings_are_refused_naming_what_is_wrong(tmp_path: Path, change: object, said: str) -> None:
    data = yaml.safe_load(resource("filing.yaml").read_text(encoding="utf-8"))
    change(data)  # type: ignore[operator]
    path = tmp_path / "filing.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        load_rules(path)
    assert caught.value.code == "filing.rules_unreadable" and said in caught.value.text()


@pytest.mark.parametrize("content", [b"", b"- 1", b"\xff", b"a: [", b"forms: 3"])
def test_damaged_settings_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "filing.yaml").write_bytes(content)
    with pytest.raises(WeipianError):
        load_rules(tmp_path / "filing.yaml")


def test_the_sentences_use_the_same_details_in_both_languages() -> None:
    texts = yaml.safe_load(resource("messages", "filing.yaml").read_text(encoding="utf-8"))
    for code, entry in texts.items():
        names = [{name for _, name, _, _ in Formatter().parse(entry[language]) if name} for language in ("zh", "en")]
        assert names[1] <= names[0], code


def test_office_containers_lose_their_clock() -> None:
    core = b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T10:00:00Z</dcterms:created><dcterms:modified>x</dcterms:modified>'
    parts = office_parts(office_zip({"docProps/core.xml": core, "b": b"1", "a": b"2"}))
    assert parts["docProps/core.xml"].count(b"2000-01-01T00:00:00Z") == 2 and b"2026" not in parts["docProps/core.xml"]


def test_pdf_normalisation_keeps_every_offset() -> None:
    one = b"/CreationDate (D:20260102030405+08'00')\n/ID [ <0123456789abcdef0123456789abcdef> <ffffffffffffffffffffffffffffffff> ]\nstream"
    other = one.replace(b"20260102030405", b"20270102030405").replace(b"0123456789abcdef0123456789abcdef", b"9" * 32)
    assert fixed_pdf(one) == fixed_pdf(other)
    assert len(fixed_pdf(one)) == len(one)
    assert fixed_pdf(one + b"1") != fixed_pdf(other + b"2")


#: The fields of the window's form, as a delivery has them: its own column, and the claim that was understood.
_OF_THE_WINDOW = {
    "use_detail": ("用途分类细化", "use"),
    "project": ("项目名称", "project"),
    "built": ("建设时间", "construction_date"),
    "owner": ("项目主体", "holder"),
}


@pytest.mark.parametrize("name", [*_OF_THE_WINDOW, "description"])
def test_every_field_of_the_window_is_prefilled_from_the_delivery(name: str) -> None:
    rules = load_rules()
    own = Parcel("1", delivered={rules.fields[name]: " 下发的值 "})
    assert delivered_text(own, name, rules) == "下发的值"
    assert delivered_text(Parcel("1"), name, rules) is None
    if name in _OF_THE_WINDOW:
        column, claim = _OF_THE_WINDOW[name]
        understood = Parcel("1", delivered={column: "列中的值"}, claims={claim: "理解的值"})
        assert rules.fields[name] == column and delivered_text(understood, name, rules) == "理解的值"


def test_a_building_date_nobody_filled_is_the_range_seen_on_images() -> None:
    rules = load_rules()
    seen = Parcel("1", first_seen="2020-03-01/2021-05-01")
    text = delivered_text(seen, "built", rules)
    assert text is not None and "2020" in text and "2021" in text and delivered_text(seen, "owner", rules) is None


@pytest.mark.parametrize("left_out", ["tables", "kinds", "fields", "words", "columns"])
def test_a_countys_file_of_an_earlier_release_has_the_shipped_words_for_what_came_since(
    legal_case: ParcelCase, tmp_path: Path, left_out: str
) -> None:
    data = yaml.safe_load(shipped("filing.yaml").read_text(encoding="utf-8"))
    if left_out == "columns":
        for table in data["tables"].values():
            table["columns"].popitem()
    elif left_out == "words":
        for words in data["words"].values():
            words.popitem()
    else:
        data[left_out].popitem()
    data["tables"].pop("standpoints", None)
    data["kinds"].pop("comparison", None)
    county = tmp_path / "本县"
    county.mkdir()
    (county / "filing.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with county_data(county):
        rules = load_rules()
        values = values_of(legal_case, rules, PackageFacts())
        assert set(values.tables) == set(rules.tables) and set(values.fields) == set(rules.fields)
        made = list(write_packages([legal_case], tmp_path / "卷宗", PackageOptions()))
    assert [type(one) for one in made] == [PackageRecord]
