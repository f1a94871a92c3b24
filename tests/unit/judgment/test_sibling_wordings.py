"""More siblings of the known attacks, through real files: other wordings of dates, numbers, authorities, areas, uses, rights and licences.

Outcomes as in :mod:`test_real_attacks`: 合 legal, 疑 doubtful, 违 violation, 他 favourable but not legal.
"""

from __future__ import annotations

import pytest
import shapely

from tests.unit.judgment.real_files import CELL, LEFT, RIGHT, Case, judged, sound
from tests.unit.judgment.test_real_attacks import BUILT, MEANING, PROFILES, Row, basic, each, on
from weipian_plugin.model.records import Proposal

box = shapely.box
FACTORY = {"用途分类细化": "厂房类"}

ROWS: list[Row] = [
    # dates: more forms
    *each(
        "日期2",
        "疑疑",
        {
            t: on(sound(PZRQ=t))
            for t in (
                "2022-06-15至今",
                "约2022年6月",
                "2022年6月左右",
                "2022-06-15前后",
                "2022年6月以前",
                "二〇二二年六月十五日",
                "2022年上半年",
                "2022-13-01",
                "2022-06-00",
                "20220600",
                "2022.06.15、2023.05.01",
                "2022-06-15 / 2023-05-01",
                "九十年代",
                "N/A",
                "2022-06-15(暂定)",
                "2022-06-15待定",
                "2022-06-15（受理）",
                "1899-12-30",
                "0000-00-00",
                "9999-12-31",
                "2022年6月15日申请",
                "2022/15/06",
                "15.06.2022",
                "Jun 15, 2022",
                "22.6.15",
                "2022-06-15?",
                "2022-06-15T25:00:00",
            )
        },
    ),
    *each(
        "日期2",
        "合合",
        {
            t: on(sound(PZRQ=t))
            for t in (
                "2022-06-15 00:00:00",
                "2022-06-15T00:00:00",
                "2022-06-15T08:00:00+08:00",
                "2022年06月15日",
                "2022 年 6 月 15 日",
                "2022.06.15",
                "20220615.0",
                "2022-06-15 10:20:30.123",
                "2022年6月15号",
            )
        },
    ),
    *each("日期2 跨日", "合合", {"2022-09-17T17:00:00Z": on(sound(PZRQ="2022-09-17T17:00:00Z"))}),
    *each("日期2 后时相当日", "合合", {"2023-04-26": on(sound(PZRQ="2023-04-26"))}),
    *each("日期2 后时相当日晚", "违违", {"2023-04-26T17:00:00Z": on(sound(PZRQ="2023-04-26T17:00:00Z"))}),
    # number forms
    *each(
        "文号2",
        "疑疑",
        {
            t: on(sound(PZWH=t))
            for t in (
                "渝府地〔2022〕",
                "渝府地",
                "（空）",
                "无。",
                "——",
                "*",
                "#",
                "-1",
                "00",
                "000000",
                "渝府地〔2022〕待定号",
                "渝府地〔2022〕XX号",
                "渝府地〔2022〕___号",
                "渝府地〔2022〕100号（未批）",
                "渝府地〔2022〕100号(失效)",
                "渝府地〔2022〕100号 已作废",
                "报批中",
                "在批",
                "未取得批文",
                "没有批文",
                "补办中",
                "正在补办",
                "无批文",
                "未办理",
                "暂无文号",
                "详见附件",
                "同前",
                "如图",
                "略",
                "已批",
                "有",
                "是",
                "Y",
                "TBD",
                "???",
                "浙土字A",
                "批文号",
                "PZWH",
                "文号待补",
                "国有",
                "见备注",
                "渝府地〔2203〕100号",
                "不涉及",
                "无需",
                "免",
                "/无",
                "无/",
                "２",
                "待上传",
                "地类变更",
            )
        },
    ),
    *each(
        "文号2",
        "合合",
        {
            t: on(sound(PZWH=t))
            for t in (
                "国土资函〔2021〕100号",
                "渝府地〔2022〕100 号",
                "冀政转征函〔2022〕0123号",
                "京政地字[2022]15号",
                "浙土字A[2022]-0012",
                "自然资函〔2021〕1号",
                "渝府地〔２０２２〕１００号",
                "永规资函2022第12号",
                "渝府地〔2022〕100号、101号",
                "渝地转〔2021〕永川-003",
                "500118202200012",
            )
        },
    ),
    # authority
    *each(
        "机关2",
        "疑疑",
        {
            t: on(sound(PZJG=t), basic())
            for t in (
                "永川区规划和自然资源局",
                "重庆市永川区人民政府",
                "邯郸市自然资源和规划局",
                "某县人民政府",
                "某市人民政府",
                "石家庄市人民政府",
                "无",
                "待查",
                "委托永川区审批",
                "县级",
                "市级",
                "地市级",
                "重庆市永川区规划和自然资源局",
                "雄安新区管理委员会",
                "某镇人民政府",
                "村委会",
                "-",
                "区政府（受市政府委托）",
            )
        },
    ),
    *each(
        "机关2",
        "合合",
        {
            t: on(sound(PZJG=t), basic())
            for t in (
                "重庆市人民政府",
                "河北省人民政府",
                "河北省自然资源厅",
                "广西壮族自治区人民政府",
                "内蒙古自治区人民政府",
                "国务院（自然资源部）",
                "中华人民共和国自然资源部",
                "北京市人民政府",
                "省政府",
                "省级",
                "部级",
                "国家级",
            )
        },
    ),
    # area
    *[
        (f"面积2：{name}", on(sound(PZWH=f"渝府地〔2022〕{900 + place}号", **columns)), outcome)
        for place, (name, columns, outcome) in enumerate(
            [
                ("亩列 3", {"PZMJ": "3"}, "合合"),
                ("0.2公顷", {"PZMJ": "0.3"}, "合合"),
                ("批准小得多", {"PZMJ": "1000"}, "疑疑"),
                ("批准 1.2 亩", {"PZMJ": "1.2"}, "疑疑"),
                ("批准 0", {"PZMJ": "0"}, "合合"),
                ("空", {"PZMJ": ""}, "合合"),
                ("负", {"PZMJ": "-2700"}, "疑疑"),
                ("文字", {"PZMJ": "见批文"}, "疑疑"),
                ("带单位平米", {"PZMJ": "2700平方米"}, "合合"),
                ("公顷", {"PZMJ": "0.27公顷"}, "合合"),
                ("亩", {"PZMJ": "4.05 亩"}, "合合"),
                ("公顷不符", {"PZMJ": "2.7公顷"}, "疑疑"),
            ]
        )
    ],
    *each("供地面积", "疑疑", {"30": on(sound("land_supply", GYMJ="30"), survey=BUILT)}),
    *each("临时面积", "疑疑", {"YDMJ": on(sound("temporary_land", YDMJ="30"))}),
    *each("设施面积", "疑疑", {"YDMJ": on(sound("facility_agriculture", YDMJ="30"))}),
    # use other wording
    *each(
        "用途2",
        "疑疑",
        {
            f"{a}/{b}": on(sound(TDYT=a), columns={"用途分类细化": b})
            for a, b in (
                ("教育用地", "厂房类"),
                ("城镇村道路用地", "厂房类"),
                ("铁路用地", "城镇住宅"),
                ("水工建筑用地", "厂房类"),
                ("公园与绿地", "厂房类"),
                ("商服用地", "采矿用地"),
                ("设施农用地", "厂房类"),
                ("林地", "光伏"),
                ("农村宅基地", "文旅"),
                ("机关团体用地", "厂房类"),
                ("科教文卫用地", "厂房类"),
                ("殡葬用地", "城镇住宅"),
                ("军事设施用地", "文旅"),
                ("水库水面", "厂房类"),
                ("机场用地", "城镇住宅"),
                ("0809", "厂房类"),
                ("1001", "厂房类"),
            )
        },
    ),
    *each(
        "用途2",
        "合合",
        {
            f"{a}/{b}": on(sound(TDYT=a), columns={"用途分类细化": b})
            for a, b in (
                ("工业用地", "硬化"),
                ("建设用地", "厂房类"),
                ("城镇建设", "厂房类"),
                ("批次用地", "城镇住宅"),
                ("住宅、商服", "文旅"),
                ("公共管理与公共服务用地", "公共管理和公共服务"),
                ("仓储用地", "厂房类"),
                ("工矿仓储用地", "采矿用地"),
                ("交通运输用地", "国省干道"),
                ("高速公路", "高速高铁"),
                ("", "厂房类"),
                ("特殊用地", "特殊用地"),
            )
        },
    ),
    # registration
    *each(
        "登记2",
        "疑疑",
        {
            str(c): on(sound("registration", **c), survey=BUILT)
            for c in (
                {"QLLX": "林权"},
                {"QLLX": "土地经营权"},
                {"YT": "农业"},
                {"YT": "设施农用地"},
                {"QLLX": "农村土地承包经营权"},
                {"YT": "水田"},
                {"YT": "旱地"},
                {"BDCQZH": "渝(2021)永川区农村承包地第1号"},
                {"QLLX": "地役权"},
                {"YT": "果园"},
                {"QLLX": "宅基地使用权"},
                {"QLLX": "森林、林木使用权"},
                {"YT": "坑塘水面"},
                {"YT": "茶园"},
                {"YT": "农用"},
            )
        },
    ),
    *each(
        "登记2 厂房宅基地",
        "疑疑",
        {"a": on(sound("registration", YT="住宅用地/宅基地"), survey=BUILT, columns=FACTORY)},
    ),
    *each("登记 耕地", "疑合", {"工业": on(sound("registration"))}),
    # supply/registration partly basic
    *each(
        "供地 永农",
        "疑疑",
        {
            "转用+供地": on(sound("land_supply"), sound(shape=LEFT), basic(), survey=BUILT),
            "登记": on(sound("registration"), basic(box(0, 0, 10, 10)), survey=BUILT),
        },
    ),
    *each("供地+转用 永农", "合合", {"省批": on(sound("land_supply"), sound(PZJG="重庆市人民政府"), basic())}),
    # not-approval kinds
    *each(
        "文件类别",
        "疑疑",
        {
            t: on(sound(PZWH=t))
            for t in (
                "用地预审〔2022〕5号",
                "永规地字第500118202200012号（规划条件）",
                "建设用地规划许可证 地字第500118202200012号",
                "永发改投〔2022〕5号 立项",
                "永环批〔2022〕5号 环评批复",
                "会议纪要〔2022〕3号",
                "永国土资预审字〔2022〕5号",
                "选址意见书 选字第500118号",
                "土地利用总体规划调整批复〔2022〕5号",
                "征地公告〔2022〕5号",
                "征收土地预公告〔2022〕5号",
                "土地勘测定界报告2022-5",
                "承诺书2022-5",
                "备案证2022-500118-5",
                "永林地许准〔2022〕5号 使用林地审核同意书",
                "临时用地批复〔2022〕5号",
                "设施农用地备案〔2022〕5号",
                "施工许可证 500118202206150101",
                "责令改正通知书〔2022〕5号",
                "行政处罚决定书〔2022〕5号",
            )
        },
    ),
    # temporary
    *each(
        "临时2",
        "疑疑",
        {
            str(c): on(sound("temporary_land", **c))
            for c in ({"ZZSJ": "5年"}, {"LSYDYT": "搅拌站厂房"}, {"ZZSJ": "无期限"}, {"LSYDYT": "永久性建筑"})
        },
    ),
    *each(
        "临时2",
        "他疑",
        {
            str(c): on(sound("temporary_land", **c))
            for c in (
                {"ZZSJ": "两年"},
                {"ZZSJ": "24个月"},
                {"ZZSJ": "4年"},
                {"LSYDYT": "施工便道、堆料场"},
                {"LSYDYT": "临时工棚"},
                {"ZZSJ": "2023-04-26"},
            )
        },
    ),
    *each("临时+红线", "他疑", {"r": on(sound("temporary_land"), sound("ecological_redline"))}),
    *each(
        "临时 填报",
        "疑疑",
        {
            f: on(sound("temporary_land"), columns={"用途分类细化": f})
            for f in ("厂房类", "城镇住宅", "采矿用地", "文旅", "光伏", "公共管理和公共服务")
        },
    ),
    *each("临时 填报", "他疑", {f: on(sound("temporary_land"), columns={"用途分类细化": f}) for f in ("",)}),
    *each(
        "临时 填报 堆放",
        "疑疑",
        {f: on(sound("temporary_land"), columns={"用途分类细化": f}) for f in ("圈占/堆放压占", "硬化")},
    ),
    # facility
    *each(
        "设施2",
        "疑疑",
        {
            str(c): on(sound("facility_agriculture", **c))
            for c in (
                {"YDLX": "农家乐"},
                {"YDLX": "住宅"},
                {"BABH": "未备案"},
                {"YDLX": "仓储物流"},
                {"YDLX": "光伏"},
                {"YDLX": "餐饮"},
                {"YDLX": "游乐场"},
            )
        },
    ),
    *each(
        "设施2",
        "他他",
        {
            str(c): on(sound("facility_agriculture", **c))
            for c in (
                {"YDLX": "生猪养殖"},
                {"YDLX": "附属设施"},
                {"YDLX": "种植设施"},
                {"YDLX": "辅助设施用地"},
                {"YDLX": "看护房"},
                {"YDLX": "烘干仓储设施"},
                {"YDLX": "农机具库房"},
                {"YDLX": ""},
                {"YDLX": "水产养殖"},
            )
        },
    ),
    *each("设施 红线", "他他", {"r": on(sound("facility_agriculture"), sound("ecological_redline"))}),
    *each(
        "设施 半",
        "疑疑",
        {
            "半": on(sound("facility_agriculture", LEFT)),
            "半注销": on(
                sound("facility_agriculture", LEFT),
                sound("facility_agriculture", RIGHT, BABH="永设〔2022〕9号", BAZT="已注销"),
            ),
        },
    ),
    # mining
    *each(
        "采矿2",
        "疑疑",
        {
            str(c): on(sound("mining_right", **c), kind="mining")
            for c in (
                {"XKZH": "探矿许可证2015"},
                {"KZ": "石灰岩", "BZ": "已列入关闭名单"},
                {"XKZZT": "过期"},
                {"XKZZT": "1"},
                {"XKZZT": "已到期未延续"},
                {"BZ": "采矿权已转让注销"},
                {"XKZH": "采矿权出让合同2020-1"},
                {"BZ": "证已吊销"},
                {"XKZLX": "勘查许可证"},
                {"XMLX": "勘查"},
                {"BZ": "未取得安全生产许可证，停产整顿"},
            )
        },
    ),
    *each(
        "采矿2",
        "合合",
        {
            str(c): on(sound("mining_right", **c), kind="mining")
            for c in (
                {"XKZZT": "有效"},
                {"YXQZ": "2023-04-26"},
                {"YXQQ": "2023-04-26"},
                {"YXQZ": "10年"},
                {"BZ": "生产矿山"},
                {"XKZZT": "在产"},
            )
        },
    ),
    *each(
        "采矿 批文类", "违违", {"转用": on(sound(), kind="mining"), "登记": on(sound("registration"), kind="mining")}
    ),
    *each(
        "采矿 图斑在土地清单",
        "违违",
        {
            "TBLX=采石": on(sound("mining_right"), columns={"TBLX": "采石场"}),
            "0602K": on(sound("mining_right"), columns={"实地地类": "0602K"}),
            "用途": on(sound("mining_right"), columns={"用途分类细化": "采矿用地"}),
        },
    ),
    *each("采矿 永农", "合合", {"x": on(sound("mining_right"), basic(), kind="mining")}),
    *each("采矿 红线", "合合", {"x": on(sound("mining_right"), sound("ecological_redline"), kind="mining")}),
    # images
    *each(
        "影像2",
        "疑疑",
        {
            "2023年": on(sound(PZRQ="2023-03-01"), later="2023年"),
            "202304带晚": on(sound(PZRQ="2023-04-02"), later="2023-04"),
            "前空后有": on(sound(), earlier="无"),
            "两空": on(sound(), earlier="", later=""),
            "年相同": on(sound(), earlier="2023", later="2023"),
            "季度": on(sound(), later="2023年二季度"),
            "区间": on(sound(), later="20230401-20230426"),
        },
    ),
    *each(
        "影像2",
        "合合",
        {
            "带时": on(sound(), later="2023-04-26 00:00:00"),
            "斜杠": on(sound(), later="2023/4/26"),
            "整数": on(sound(), later=20230426),
            "月": on(sound(), earlier="202209", later="202304"),
        },
    ),
    # survey/unchanged
    *each(
        "未变化2",
        "疑违",
        {
            "一半": {"survey": ((box(-250, -250, 25, 340), "0601"), (box(25, -250, 340, 340), "0103")), "photos": 2},
            "年份晚": {"survey": ((CELL, "0601", "", 2023),), "photos": 2},
            "年份同": {"survey": ((CELL, "0601", "", 2022),), "photos": 2},
            "无年": {"survey": ((CELL, "0601", "", 0),), "photos": 2},
        },
    ),
    *each("未变化2", "他疑", {"0603盐田": {"survey": ((CELL, "0601", "", 2020),), "photos": 2}}),
    *each("未变化2 建设时间早", "他疑", {"x": {"survey": BUILT, "photos": 2, "columns": {"建设时间": "2010-05"}}}),
    *each("未变化2 只知年", "疑疑", {"x": {"survey": BUILT, "photos": 2, "columns": {"建设时间": "2022"}}}),
    *each("未变化2 填报采矿", "疑疑", {"x": {"survey": BUILT, "photos": 2, "columns": {"用途分类细化": "采矿用地"}}}),
    *each("未变化2 实地耕地", "疑疑", {"x": {"survey": BUILT, "photos": 2, "columns": {"实地地类": "0103"}}}),
    # splits
    *each(
        "各半2",
        "疑疑",
        {
            "转用+晚挂钩": on(sound(shape=LEFT), sound("linkage", RIGHT, PZRQ="2023-07-01")),
            "转用+撤销挂钩": on(sound(shape=LEFT), sound("linkage", RIGHT, BZ="撤销")),
            "转用+设施": on(sound(shape=LEFT), sound("facility_agriculture", RIGHT)),
            "转用+宅基地": on(sound(shape=LEFT), sound("homestead", RIGHT)),
            "转用+先行": on(sound(shape=LEFT), sound("advance_use", RIGHT)),
            "转用+采矿": on(sound(shape=LEFT), sound("mining_right", RIGHT)),
            "转用+临时过期": on(sound(shape=LEFT), sound("temporary_land", RIGHT, ZZSJ="2022-12-31")),
            "转用+代码": on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2022〕7号", ZT="2")),
        },
    ),
    *each(
        "供地文件",
        "疑疑",
        {
            text: on(sound("land_supply", PFWH=text), survey=BUILT)
            for text in (
                "立项批复〔2022〕3号",
                "征地公告〔2022〕5号",
                "行政处罚决定书〔2022〕5号",
                "建设用地规划许可证2022-15",
                "会议纪要〔2022〕3号",
            )
        },
    ),
    *each(
        "供地文件",
        "合合",
        {
            text: on(sound("land_supply", PFWH=text), survey=BUILT)
            for text in (
                "国有建设用地划拨决定书2022-05号",
                "出让合同 500118-2022-0012",
                "成交确认书〔2022〕15号",
                "协议出让〔2022〕5号",
            )
        },
    ),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Proposal]:
    cases = [Case(name, **more) for name, more, _ in ROWS]
    assert len({case.name for case in cases}) == len(cases)
    return judged(tmp_path_factory.mktemp("兄弟") / "县", cases, PROFILES)


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in ROWS])
def test_each_wording_is_proposed_as_a_lawyer_would(
    outcomes: dict[tuple[str, str, str], Proposal], name: str, expected: str, place: int
) -> None:
    proposal = outcomes[name, "", PROFILES[place]]
    assert proposal.category in MEANING[expected[place]], (proposal.rule, proposal.reasons)
