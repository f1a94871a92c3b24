"""What delivered texts of dates, numbers, terms, force and authorities mean: nothing is read that is not plainly said."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from weipian_plugin.model.dates import DateSpan, is_endless, until_of
from weipian_plugin.model.documents import (
    authority_level,
    document_number,
    is_questioned,
    is_status_column,
    number_contradicts,
    out_of_force,
    words,
    year_of_number,
)
from weipian_plugin.model.paths import shipped
from weipian_plugin.model.yaml_files import load
from weipian_plugin.overlay import learnt


def test_every_list_of_words_against_documents_has_its_source_and_says_something() -> None:
    lists = {
        name: entry for name, entry in load(shipped("documents.yaml").read_bytes()).items() if isinstance(entry, dict)
    }
    assert set(lists) == {*(entry.name for entry in fields(words())), "withdrawal"}
    for name, entry in lists.items():
        assert entry["zh"] and entry["source"] and entry["confidence"] in ("official", "practice", "assumed"), name
        for pattern in entry.get("patterns", ()):
            text = pattern.replace("{word}", "撤销")
            assert re.compile(text).search("") is None, f"{name}: {pattern} is found in every text"
        given = entry.get("patterns") or entry["words"]
        assert len(given) == len(set(given)), f"{name} has a word twice"


def test_what_was_read_under_other_words_is_not_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in shipped().glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    before = learnt.readers()
    monkeypatch.setattr(learnt, "shipped", lambda: tmp_path)
    assert learnt.readers.__wrapped__() == before
    with (tmp_path / "documents.yaml").open("ab") as stream:
        stream.write(b"# one more word\n")
    assert learnt.readers.__wrapped__() != before


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2023.0", "2023-01-01", "2023-12-31"),
        ("202304", "2023-04-01", "2023-04-30"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2023年4月", "2023-04-01", "2023-04-30"),
        ("20230415.0", "2023-04-15", "2023-04-15"),
        ("２０２３年４月１５日", "2023-04-15", "2023-04-15"),
        ("2022 - 05 - 01", "2022-05-01", "2022-05-01"),
        (" 2022年 5月 1日 ", "2022-05-01", "2022-05-01"),
        ("2022.5.1", "2022-05-01", "2022-05-01"),
        ("2022年5月1号", "2022-05-01", "2022-05-01"),
        ("2023/4/26 0:00:00", "2023-04-26", "2023-04-26"),
        ("2023-04-26 00:00:00.000", "2023-04-26", "2023-04-26"),
        ("2023年4月26日 10时30分", "2023-04-26", "2023-04-26"),
        ("2023-04-26T15:59:59Z", "2023-04-26", "2023-04-26"),
        ("2023-04-26T16:00:00Z", "2023-04-27", "2023-04-27"),
        ("2023-04-26 16:00:00+0000", "2023-04-27", "2023-04-27"),
        ("2023-04-26T23:59:59+08:00", "2023-04-26", "2023-04-26"),
        ("2023-04-26T00:30:00+09:00", "2023-04-25", "2023-04-25"),
        ("2022-12-31T20:00:00-05:00", "2023-01-01", "2023-01-01"),
    ],
)
def test_one_date_and_nothing_else_is_a_date(text: str, first: str, last: str) -> None:
    span = DateSpan.parse(text)
    assert span is not None and (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "待批",
        "2022年5月1日上报，待批",
        "2022-05-01 撤销",
        "拟2022年5月",
        "2022年5月1日（作废）",
        "2022-05-01至2023-05-01",
        "2022-2023",
        "2022、2023",
        "20220501 20230501",
        "44682",
        "01/05/2022",
        "5/1/2022",
        "民国111年5月1日",
        "2022-13-01",
        "2022-02-30",
        "2022-5/1",
        "2022 1 1",
        "约2022年",
        "2022年前",
        "2022年底",
        "2022年5月上旬",
        "2022Q1",
        "1900-01-01",
        "1970-01-01",
        "18990101",
        "2023-04-26T10",
        "2023-04-26 25:00",
        "2023-04-26 10:00 待定",
        "9999-12-31",
        "0",
        "None",
    ],
)
def test_anything_beside_a_date_is_no_date(text: str) -> None:
    assert DateSpan.parse(text) is None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2027-05-05", "2027-05-05"),
        ("2027年5月5日止", "2027-05-05"),
        ("5年", "2027-05-05"),
        ("五年", "2027-05-05"),
        ("十年", "2032-05-05"),
        ("二十年", "2042-05-05"),
        ("24个月", "2024-05-05"),
        ("2年6个月", "2024-11-05"),
        ("自批准之日起2年", "2024-05-05"),
        ("有效期5年", "2027-05-05"),
        ("30天", "2022-06-04"),
        ("2022-05-06至2027-05-05", "2027-05-05"),
        ("2022年5月6日—2027年5月5日", "2027-05-05"),
        ("２年", "2024-05-05"),
        ("5", None),
        ("见合同", None),
        ("已到期", None),
        ("年", None),
        ("待定", None),
        ("至2027年", None),
    ],
)
def test_terms_are_counted_from_the_date_and_what_is_unclear_is_no_end(text: str, end: str | None) -> None:
    found = until_of(text, DateSpan.parse("2022-05-06"))
    assert (found and found.isoformat()) == end


def test_a_term_without_a_date_has_no_end() -> None:
    assert until_of("5年", None) is None
    assert until_of("2年", DateSpan.parse("2022")) == DateSpan.parse("2023-12-31")  # the earliest it can be


@pytest.mark.parametrize(
    ("text", "endless"), [("长期", True), ("永久", True), ("9999-12-31", True), ("2099", False), ("", False)]
)
def test_an_end_may_say_that_there_is_none(text: str, endless: bool) -> None:
    assert is_endless(text) is endless


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "待批",
        "无",
        "/",
        "／",
        "-",
        "—",
        "——",
        "0",
        "0.0",
        "000",
        "不详",
        "未知",
        "暂无",
        "N/A",
        "null",
        "None",
        "nan",
        "???",
        "？？",
        "。。。",
        "（）",
        "空",
        "待补",
        "正在办理",
        "已上报2022",
        "渝府地〔2022〕100号（待批）",
        "无文号1",
        "某某批文",
        "\ufffd\ufffd2022\ufffd100",
        "锟斤拷〔2022〕1号",
        "娓濆簻鍦般€?022銆?00鍙?",
        "æ¸\x9dåº\x9c〔2022〕100",
    ],
)
def test_what_stands_for_no_number_is_none(text: str) -> None:
    assert document_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "渝府地〔2022〕100号",
        "国土资函[2011]12号",
        "渝(2021)永川区不动产权第0001号",
        "C5001182015",
        "国务院令第五号",
        "冀政转征函〔2020〕1号",
        "500118-2022-CR-001",
        "100",
    ],
)
def test_a_number_is_kept_as_written(text: str) -> None:
    assert document_number(f" {text} ") == text


@pytest.mark.parametrize(
    ("number", "date", "contradicts"),
    [
        ("渝府地〔2024〕100号", "2022-06-15", True),
        ("渝府地〔2022〕100号", "2022-06-15", False),
        ("渝府地〔2021〕100号", "2022-01-15", False),
        ("渝府地（２０２３）100号", "2022-06-15", True),
        ("渝府地[2023]100号", "2022", True),
        ("渝府地〔2023〕100号", "2023", False),
        ("2023年第5号", "2022-06-15", True),
        ("C5001182023", "2022-06-15", False),  # no year in brackets
        ("渝府地〔2024〕100号", "", False),  # nothing to contradict
    ],
)
def test_the_year_in_a_number_is_not_later_than_its_date(number: str, date: str, contradicts: bool) -> None:
    assert number_contradicts(number, DateSpan.parse(date)) is contradicts


def test_of_several_years_the_latest_counts() -> None:
    assert year_of_number("渝府地〔2021〕1号、〔2023〕2号") == 2023
    assert year_of_number("无") is None


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("合同已解除，土地收回", "备注"),
        ("已撤销", ""),
        ("撤消", ""),
        ("注销", ""),
        ("失效", "批文状态"),
        ("过期", ""),
        ("作废", ""),
        ("退回", ""),
        ("未批", ""),
        ("未批准", ""),
        ("未获批准", ""),
        ("不予批准", ""),
        ("驳回", ""),
        ("吊销", ""),
        ("废止", ""),
        ("无效", "状态"),
        ("待批", ""),
        ("审查中", ""),
        ("是", "是否注销"),
        ("1", "SFZX"),
        ("2023-01-01", "注销日期"),
        ("0", "SFYX"),
        ("否", "是否有效"),
        ("不再有效，已收回", "备注"),
        ("注销原证后换发", ""),
        ("终止", "合同状态"),
        ("撤销", ""),
    ],
)
def test_words_of_withdrawal_take_a_document_out_of_force(text: str, column: str) -> None:
    assert out_of_force(text, column)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", ""),
        ("有效", "状态"),
        ("已批准", ""),
        ("正常", "状态"),
        ("未撤销", ""),
        ("没有注销", ""),
        ("未过期", ""),
        ("抵押已注销", "备注"),
        ("解除抵押", ""),
        ("查封解除", ""),
        ("否", "是否注销"),
        ("0", "SFZX"),
        ("1", "SFYX"),
        ("是", "是否有效"),
        ("", "注销日期"),
        ("/", "注销日期"),
        ("征收集体土地", "备注"),
    ],
)
def test_what_is_denied_or_speaks_of_a_burden_is_harmless(text: str, column: str) -> None:
    assert not out_of_force(text, column)


@pytest.mark.parametrize(
    ("against", "benign"),
    [
        ("在批", "在批准范围内"),
        ("在审", "在审批范围内"),
        ("历史数据", "2019年历史数据补录"),
        ("状态：历史", "来自历史档案"),
        ("已转历史", "历史遗留建设用地已办理手续"),
        ("政策性关闭", "关闭矿山治理修复项目"),
        ("已废弃", "废弃矿山复垦项目"),
        ("暂缓", "暂缓缴纳"),
        ("已超期", "已超期，已续期"),
        ("越界开采", "未越界开采"),
        ("超出批准范围", "不超出批准范围"),
        ("超批准面积", "没有超批准面积"),
        ("疑似违法", "疑似违法已排除"),
        ("违法用地", "不涉及违法用地"),
        ("未经许可非法占用", "无非法占用"),
    ],
)
def test_a_remark_that_speaks_for_a_document_is_not_read_against_it(against: str, benign: str) -> None:
    """A clear approval must not become doubtful by a remark that holds a word of doubt in another sense."""
    assert out_of_force(against, "备注") or is_questioned(against)
    assert not out_of_force(benign, "备注") and not is_questioned(benign)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("ZT", True),
        ("备注", True),
        ("BZ", True),
        ("批文状态", True),
        ("是否有效", True),
        ("注销日期", True),
        ("XMMC", False),
        ("PZWH", False),
        ("终止时间", False),
        ("有效期止", False),
    ],
)
def test_columns_that_speak_of_force_are_found_by_name(name: str, read: bool) -> None:
    assert is_status_column(name) is read


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("国务院", 4),
        ("自然资源部", 4),
        ("重庆市人民政府", 3),
        ("河北省自然资源厅", 3),
        ("内蒙古自治区人民政府", 3),
        ("邯郸市人民政府", 2),
        ("延边朝鲜族自治州人民政府", 2),
        ("重庆市永川区人民政府", 1),
        ("大名县人民政府", 1),
        ("永川区规划和自然资源局", 1),
        ("大安街道办事处", 1),
        ("", None),
        ("某公司", None),
    ],
)
def test_the_level_of_an_authority_is_that_of_its_lowest_unit(text: str, level: int | None) -> None:
    assert authority_level(text) == level
