"""Attacks through real files: deliveries and layers as people have them, judged under both profiles, each outcome looked at as a lawyer would.

One table a kind; 合 = must be legal, 疑 = must be doubtful, 违 = must be a violation, 他 = must be favourable but not legal (其他, 设施农用地,
农村道路).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import shapely

from tests.unit.judgment.real_files import AROUND, CELL, LEFT, RIGHT, Case, Cover, judged, sound
from weipian_plugin.model.records import Proposal

box = shapely.box
PROFILES = ("national-2023", "hebei-2026")
MEANING = {"合": {"合法"}, "疑": {"存疑"}, "违": {"违法", "非农违法"}, "他": {"其他", "设施农用地", "农村道路"}}
FC = "farmland_conversion"
BUILT = ((CELL, "0601"),)
LANE = box(0, 0, 200, 6)
#: name, case without its name, outcomes under both profiles
Row = tuple[str, dict[str, Any], str]


def each(kind: str, outcome: str, cases: Mapping[str, dict[str, Any]]) -> Iterator[Row]:
    for name, case in cases.items():
        yield f"{kind}：{name}", case, outcome


def on(*covers: Cover, **more: Any) -> dict[str, Any]:
    return {"covers": covers, **more}


def dates(*texts: str) -> dict[str, dict[str, Any]]:
    return {text: on(sound(PZRQ=text)) for text in texts}


def numbers(*texts: str) -> dict[str, dict[str, Any]]:
    return {text: on(sound(PZWH=text)) for text in texts}


def statuses(*pairs: tuple[str, str]) -> dict[str, dict[str, Any]]:
    return {f"{column}={text}": on(sound(**{column: text})) for column, text in pairs}


def uses(*pairs: tuple[str, str]) -> dict[str, dict[str, Any]]:
    return {
        f"{approved}/{filled}": on(sound(TDYT=approved), columns={"用途分类细化": filled}) for approved, filled in pairs
    }


def basic(shape: Any = AROUND) -> Cover:
    return sound("basic_farmland", shape)


def authorities(*texts: str) -> dict[str, dict[str, Any]]:
    return {text: on(sound(PZJG=text), basic()) for text in texts}


def areas(first: int, *texts: str) -> dict[str, dict[str, Any]]:
    """Each with a number of its own: of a document with several polygons one may state the area of all."""
    return {text: on(sound(PZMJ=text, PZWH=f"渝府地〔2022〕{place}号")) for place, text in enumerate(texts, first)}


def starts(*texts: str) -> dict[str, dict[str, Any]]:
    return {text: on(sound(), columns={"建设时间": text}) for text in texts}


def titles(*changes: dict[str, Any], **more: Any) -> dict[str, dict[str, Any]]:
    return {f"{change}": on(sound("registration", **change), **more) for change in changes}


def of(role: str, *changes: dict[str, Any], **more: Any) -> dict[str, dict[str, Any]]:
    return {f"{change} {sorted(more)}": on(sound(role, **change), **more) for change in changes}


def as_file(role: str, suffix: str = ".shp", encoding: str = "UTF-8", **columns: Any) -> dict[str, Any]:
    return on(Cover(role, columns, AROUND, suffix, encoding))


ROWS: list[Row] = [
    *each("日期", "合合", dates("2023/3", "2022.6", "2022年6月", "20220605", "2022-06-05T16:30:00Z", "2022", "２０２２．６．１５")),
    *each("日期", "疑疑", dates("2022年第三季度", "2022-06-15～2024-06-14", "2022-06-15;2022-07-01", "2022.06.15(拟)", "15/06/2022",
                             "2022-06-31", "22-06-15", "2022-06-15前", "2022/6/15 补录", "20220615-20240614")),
    *each("日期", "违违", dates("2023-04-27", "2023-05", "2024")),
    ("时相：前后都只知年", on(sound(), earlier="2022", later="2023"), "合合"),
    ("时相：后时相只知月", on(sound(PZRQ="2023-04-15"), earlier="202209", later="202304"), "疑疑"),
    ("时相：批准只知月", on(sound(PZRQ="2023-04")), "疑疑"),
    ("时相：缺前时相", on(sound(), earlier=""), "疑疑"),
    ("时相：同一天", on(sound(), earlier="20230426"), "疑疑"),
    ("时相：未来", on(sound(), later="20330101"), "疑疑"),
    ("时相：前时相为区间", on(sound(), earlier="20220918-20221001"), "疑疑"),
    *each("文号", "合合", numbers("渝府地[2022]100号", "渝府地﹝2022﹞100号", "渝府地（2022）一百号")),
    *each("文号", "疑疑", numbers("无文号", "批复中", "——", "0000", "1", "100", "X", "渝府地〔2022〕 号", "渝府地〔2022〕×号", "渝府地〔2022〕第  号",
                             "????", "同上", "见附件", "渝府地〔2021〕100号、渝府地〔2024〕7号", "渝府地〔2022〕100号（已撤销）",
                             "渝府地〔2022〕100号(初审意见)", "请示〔2022〕100号", "渝府地〔2022〕100号(征求意见稿)", "会议纪要〔2022〕15号",
                             "预审意见〔2022〕12号", "立项批复〔2022〕3号", "关于申请办理某项目用地的函2022-5")),
    *each("效力", "合合", statuses(("ZT", "有效"), ("SFYX", "1"), ("是否作废", "否"), ("是否批准", "是"), ("BZ", "经复核未撤销"), ("BZ", "注销抵押"),
                              ("STATUS", "active"), ("审批环节", "已办结"), ("审批意见", "同意"), ("审批机关", "某行政审批局"))),
    *each("效力", "疑疑", statuses(("ZT", "已注销"), ("PWZT", "撤回"), ("BZ", "2023年被省厅责令撤销"), ("BZ", "超两年未实施，失效"), ("SFYX", "0"),
                              ("是否有效", "否"), ("是否作废", "是"), ("作废时间", "2022-12-01"), ("ZXRQ", "20221201"), ("BZ", "待省政府批复"),
                              ("BZ", "省厅已退件"), ("BZ", "本地块已核减"), ("BZ", "暂缓实施"), ("BZ", "涉嫌违法批地"), ("STATUS", "revoked"),
                              ("REMARK", "Expired"), ("审批环节", "市级审查"), ("审批结果", "不予许可"), ("SPJG", "不同意"), ("当前状态", "报批"),
                              ("ZT", "报件"), ("ZT", "未报"), ("BZ", "此件为拟征范围"), ("BZ", "法院判决确认违法"), ("SFPZ", "否"),
                              ("PZZT", "未批准"))),
    *each("用途", "合合", uses(("工业用地", "厂房类"), ("工业", "光伏"), ("商服", "文旅"), ("高速公路", "高速高铁"), ("0601", "厂房类"))),
    *each("用途", "疑疑", uses(("养殖", "厂房类"), ("城镇住宅用地", "厂房类"), ("公用设施用地", "厂房类"), ("耕地", "厂房类"),
                            ("工业用地", "城镇住宅"),
                            ("0601", "城镇住宅"), ("1003", "厂房类"), ("道路", "厂房类"), ("村道", "厂房类"))),
    ("用途：批准的是耕地", on(sound(TDYT="耕地")), "疑疑"),
    ("用途：实地地类不符", on(sound(TDYT="工业用地"), columns={"实地地类": "0701"}), "疑疑"),
    ("用途：另一份批文相符", on(sound(TDYT="工业用地"), sound(TDYT="住宅用地", PZWH="渝府地〔2022〕406号"),
                          columns={"用途分类细化": "城镇住宅"}), "合合"),
    *each("机关", "合合", authorities("国务院", "自然资源部", "重庆市规划和自然资源局", "某省人民政府")),
    *each("机关", "疑疑", authorities("永川区人民政府", "邯郸市人民政府", "大安街道办事处", "县政府", "开发区管理委员会", "XX管委会", "")),
    ("机关：挂钩未记机关", on(sound("linkage"), basic()), "疑疑"),
    ("机关：无永农", on(sound(PZJG="永川区人民政府")), "合合"),
    *each("批准面积", "合合", areas(500, "3000", "2,700", "4.5", "0.3", "4.5亩", "0.3公顷")),
    *each("批准面积", "疑疑", areas(600, "500", "20000", "1.5", "-5", "三亩", "1900", "未知")),
    *each("建设时间", "合合", starts("2022-06-15", "2022-07", "2023", "不详", "/")),
    *each("建设时间", "疑疑", starts("2022", "早于2020年", "2019年开工", "2020年左右", "2020-2021", "90年代", "一直存在")),
    *each("建设时间", "违疑", starts("2020-03", "2022年3月", "2022-06-14", "2021")),
    *each("登记", "疑疑", titles({"YT": "林地"}, {"YT": "农村宅基地"}, {"QLLX": "土地承包经营权"}, {"DJSJ": "2023-06-01"})),
    *each("登记原建设", "合合", titles({}, {"QLLX": "国有建设用地使用权/房屋所有权"}, {"QSZT": "1"}, {"QSZT": "现势"},
                                {"ZZSJ": "2071-12-31"}, survey=BUILT)),
    *each("登记原建设", "疑疑", titles({"QLLX": "抵押权"}, {"QLLX": "集体土地所有权"}, {"BDCQZH": "渝(2021)永川区不动产证明第0001号"}, {"YT": "耕地"},
                                {"QLLX": "预告登记"}, {"QSZT": "历史"}, {"QSZT": "2"}, {"DJZT": "已注销"}, {"ZZSJ": "2021-12-31"}, survey=BUILT)),
    ("登记：压永农", on(sound("registration"), basic(), survey=BUILT), "疑疑"),
    ("供地：压永农", on(sound("land_supply"), basic(box(0, 0, 10, 33)), survey=BUILT), "疑疑"),
    *each("临时", "他疑", of("temporary_land", {}, {"ZZSJ": "2年"}, {"ZZSJ": "2022-06-01至2024-05-31"}, {"ZZSJ": "20230426"})),
    *each("临时", "疑疑", of("temporary_land", {"ZZSJ": "5年"}, {"ZZSJ": ""}, {"ZZSJ": "长期"}, {"LSYDYT": "厂房"})),
    *each("临时", "疑疑", of("temporary_land", {"ZZSJ": "2023-04"})),
    *each("临时", "疑违", of("temporary_land", {"PZSJ": "2023-06-01"}, {"PZWH": "待批"}, {"ZT": "已注销"})),
    *each("临时", "违违", of("temporary_land", {"ZZSJ": "2023-04-25"}, {"ZZSJ": "2022-12-31"})),
    ("临时：压永农", on(sound("temporary_land"), basic()), "疑疑"),
    *each("设施", "他他", of("facility_agriculture", {}, {"YXQX": "5年"}, {"YDLX": "畜禽养殖"})),
    *each("设施", "疑疑", of("facility_agriculture", {"BABH": "无"}, {"YDLX": "工业厂房"})),
    *each("设施", "疑违", of("facility_agriculture", {"YXQX": "2021-12-31"}, {"BASJ": "2023-06-01"}, {"BAZT": "已撤销"},
                          {"BASJ": "2022-05-06 作废"})),
    *each("设施填报", "疑疑", {
        filled: on(sound("facility_agriculture"), columns={"用途分类细化": filled}) for filled in ("厂房类", "农家乐", "大棚房", "民宿")
    }),
    ("设施：压永农 10 m²", on(sound("facility_agriculture"), basic(box(0, 0, 2, 5))), "疑疑"),
    ("设施：压永农 1 m²", on(sound("facility_agriculture"), basic(box(0, 0, 1, 1))), "他他"),
    *each("采矿权", "合合", of("mining_right", {}, {"YXQZ": "5年"}, kind="mining")),
    *each("采矿权", "疑疑", of("mining_right", {"XKZH": "T50011820150001"}, {"KQLX": "探矿权"}, {"YXQZ": "2023-04"}, {"YXQQ": "2023"}, {"YXQZ": ""},
                            {"XKZZT": "整合关闭"}, {"BZ": "政策性关闭"}, {"XKZH": "划定矿区范围批复〔2020〕1号"}, {"XKZZT": "停产"}, {"XKZH": "待办"},
                            kind="mining")),
    *each("采矿权", "违违", of("mining_right", {"YXQQ": "2023-05-01"}, {"YXQZ": "2022-12-31"}, kind="mining")),
    *each("采矿用地", "违违", of("mining_right", {}, columns={"TBLX": "采矿用地"})),
    *each("采矿地类", "违违", of("mining_right", {}, columns={"实地地类": "0602"})),
    ("采矿用地：批准的是工业", on(sound("mining_right"), sound(TDYT="工业用地"), columns={"实地地类": "0602"}), "疑疑"),
    ("采矿用地：已转用", on(sound("mining_right"), sound(TDYT="采矿用地"), columns={"实地地类": "0602"}), "合合"),
    ("文件：中文列名", as_file(FC, ".geojson", 批准文号="渝府地〔2022〕300号", 批准日期="2022-06-15"), "合合"),
    ("文件：中文列名，是否有效=否", as_file(FC, ".geojson", 批准文号="渝府地〔2022〕302号", 批准日期="2022-06-15", 是否有效="否"), "疑疑"),
    ("文件：GBK 备注撤销", as_file(FC, encoding="GBK", PZWH="渝府地〔2022〕305号", PZRQ="2022-06-15", 备注="已撤销"), "疑疑"),
    ("文件：GBK 审批状态", as_file(FC, encoding="GBK", PZWH="渝府地〔2022〕306号", PZRQ="2022-06-15", 审批状态="待批"), "疑疑"),
    ("文件：整数日期", as_file(FC, ".gpkg", PZWH="渝府地〔2022〕312号", PZRQ=20220615), "合合"),
    ("文件：表格序列号", as_file(FC, ".gpkg", PZWH="渝府地〔2022〕313号", PZRQ=44727.0), "疑疑"),
    ("文件：只有申报日期", as_file(FC, PZWH="渝府地〔2022〕309号", SBRQ="2022-06-15"), "疑疑"),
    ("文件：有效期已过", as_file(FC, ".geojson", PZWH="渝府地〔2019〕315号", PZRQ="2019-06-15", 有效期="2年"), "疑疑"),
    ("文件：截止日期已过", as_file(FC, ".geojson", PZWH="渝府地〔2019〕317号", PZRQ="2019-06-15", 截止日期="2021-06-14"), "疑疑"),
    ("文件：两个日期，后一个晚", as_file(FC, PZWH="渝府地〔2022〕308号", PZRQ="2022-06-15", PZSJ="2023-07-01"), "违违"),
    ("文件：两个日期相同", as_file(FC, PZWH="渝府地〔2022〕318号", PZRQ="2022-06-15", PZSJ="20220615"), "合合"),
    ("文件：两个日期，一个读不出", as_file(FC, PZWH="渝府地〔2022〕319号", PZRQ="2022-06-15", PZSJ="待定"), "疑疑"),
    ("多份：一份撤销，另一份全覆盖", on(sound(), sound(PZWH="渝府地〔2022〕401号", ZT="撤销")), "合合"),
    ("多份：右半撤销", on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2022〕402号", ZT="撤销")), "疑疑"),
    ("多份：右半晚批", on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2023〕403号", PZRQ="2023-06-01")), "疑疑"),
    ("多份：右半待批", on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="待批")), "疑疑"),
    ("多份：右半无日期", on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2022〕404号", PZRQ="")), "疑疑"),
    ("多份：右半临时", on(sound(shape=LEFT), sound("temporary_land", RIGHT)), "疑疑"),
    ("多份：右半空", on(sound(shape=LEFT)), "疑疑"),
    ("多份：挂钩半撤销", on(sound(shape=LEFT), sound("linkage", RIGHT, ZT="撤销")), "疑疑"),
    ("余量：窄条 0.74 亩", on(sound(shape=box(-5, -5, 55, 40)), shape=box(0, 0, 50, 40).union(box(50, 0, 51.9, 260))), "疑疑"),
    ("余量：0.1 m", on(sound(shape=box(-5, -5, 49.9, 45))), "疑疑"),
    ("先行用地", on(sound("advance_use")), "疑疑"),
    ("宅基地", on(sound("homestead")), "他他"),
    *each("宅基地", "疑疑", {
        "厂房": on(sound("homestead"), columns={"用途分类细化": "厂房类"}), "无号": on(sound("homestead", PZWH="无")),
        "压永农": on(sound("homestead"), basic()),
    }),
    ("修复项目", on(sound("restoration")), "他他"),
    ("修复项目：厂房", on(sound("restoration"), columns={"用途分类细化": "厂房类"}), "疑疑"),
    ("农村道路", on(sound("rural_road", LANE.buffer(2, join_style="mitre")), shape=LANE), "他他"),
    ("农村道路：厂房", on(sound("rural_road", LANE.buffer(2, join_style="mitre")), shape=LANE, columns={"用途分类细化": "厂房类"}), "疑疑"),
    ("农村道路：国家公路", on(sound("rural_road", LANE.buffer(2, join_style="mitre")), sound("road_network", LANE), shape=LANE), "违违"),
    ("未变化：有照片", {"survey": BUILT, "photos": 2}, "他疑"),
    ("未变化：无照片", {"survey": BUILT}, "疑疑"),
    ("未变化：填报两时相间建设", {"survey": BUILT, "photos": 2, "columns": {"建设时间": "2022-12"}}, "疑疑"),
]  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Proposal]:
    cases = [Case(name, **more) for name, more, _ in ROWS]
    assert len({case.name for case in cases}) == len(cases) >= 200
    return judged(tmp_path_factory.mktemp("攻击") / "县", cases, PROFILES)


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in ROWS])
def test_each_case_is_proposed_as_a_lawyer_would(
    outcomes: dict[tuple[str, str, str], Proposal], name: str, expected: str, place: int
) -> None:
    proposal = outcomes[name, "", PROFILES[place]]
    assert proposal.category in MEANING[expected[place]], (proposal.rule, proposal.reasons)


def test_parts_of_a_parcel_are_judged_each_by_what_covers_it(outcomes: dict[tuple[str, str, str], Proposal]) -> None:
    def parts(name: str, profile: str) -> list[str]:
        return [outcomes[key].category for key in sorted(outcomes) if key[0] == name and key[1] and key[2] == profile]

    assert parts("多份：右半撤销", "national-2023") == ["合法", "存疑"]
    assert parts("多份：右半晚批", "national-2023") == ["合法", "违法"]
    assert parts("多份：右半晚批", "hebei-2026") == ["合法", "非农违法"]
    assert parts("多份：右半待批", "national-2023") == ["合法", "存疑"]
    assert parts("多份：右半空", "hebei-2026") == ["合法", "非农违法"]
    assert parts("多份：右半临时", "national-2023") == ["合法", "其他"]
