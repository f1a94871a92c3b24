"""Registers as they really come, attacked anew: flags of deletion, codes, cut names, odd types of columns, papers that are none, uses in sentences,
documents of several pieces.

Outcomes as in :mod:`test_real_attacks`: 合 legal, 疑 doubtful, 违 violation, 他 favourable but not legal; 非 doubtful or a violation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
import shapely
from shapely.affinity import translate

from tests.unit.judgment.real_files import AROUND, CELL, LEFT, PARCEL, RIGHT, Case, Cover, judged, sound
from tests.unit.judgment.test_real_attacks import (
    BUILT,
    FC,
    LANE,
    MEANING,
    PROFILES,
    Row,
    areas,
    as_file,
    basic,
    dates,
    each,
    numbers,
    of,
    on,
    statuses,
    titles,
    uses,
)
from weipian_plugin.model.records import Proposal

box = shapely.box
EXPECTED = {**MEANING, "非": MEANING["疑"] | MEANING["违"]}
FACTORY = {"用途分类细化": "厂房类"}
#: Two halves as one feature; one half and a piece far off; a ring.
BOTH = shapely.MultiPolygon([LEFT, RIGHT])
HALF_AND_FAR = shapely.MultiPolygon([LEFT, translate(RIGHT, 150, 0)])
RING = shapely.Polygon(PARCEL.exterior, [box(20, 15, 30, 25).exterior.coords[::-1]])
RING_AROUND = shapely.Polygon(AROUND.exterior, [box(20.5, 15.5, 29.5, 24.5).exterior.coords[::-1]])


def typed(**columns: object) -> dict[str, object]:
    """A conversion in a GeoPackage, whose columns keep their types."""
    return as_file(FC, ".gpkg", **{"PZWH": "渝府地〔2022〕500号", **columns})


FACILITY, MINE = "facility_agriculture", {"kind": "mining"}


def papers(role: str, column: str, outcome: str, *texts: str, **more: Any) -> Iterator[Row]:
    return each(f"文件4 {role}", outcome, {text: on(sound(role, **{column: text}), **more) for text in texts})


def filled(role: str, outcome: str, *texts: str) -> Iterator[Row]:
    return each(f"填报4 {role}", outcome, {text: on(sound(role), columns={"用途分类细化": text}) for text in texts})


ROWS: list[Row] = [
    # dates by type of column, and other writings
    ("日期列：小数 20220615.0", typed(PZRQ=20220615.0), "合合"),
    ("日期列：时间", typed(PZRQ=pd.Timestamp("2022-06-15")), "合合"),
    ("日期列：时间 1899", typed(PZRQ=pd.Timestamp("1899-12-30")), "疑疑"),
    ("日期列：时间 晚", typed(PZRQ=datetime(2023, 4, 27)), "违违"),
    ("日期列：时间 当日 18 时", typed(PZRQ=datetime(2023, 4, 26, 18)), "合合"),
    *each("日期3", "合合", dates("２０２２年６月１５日", "2022-06-15\u00a0", "\u30002022.6.15", "2022-06-15 8:30")),
    *each(
        "日期3",
        "疑疑",
        dates(
            "\u3000",
            "111.06.15",
            "民国一一一年六月",
            "二〇二二年",
            "2022-06-15 报",
            "20220615号",
            "2022年度",
            "2022年内",
            "2022-06-31",
            "2022-2023",
            "22/6/15",
            "6月15日",
            "2022-06-15 00:00:00 作废",
            "壬寅年五月",
            "2022Q2",
            "1e8",
            "44727.5",
        ),
    ),
    *each(
        "日期列名",
        "疑疑",
        {
            name: as_file(FC, ".geojson", PZWH="渝府地〔2022〕501号", **{name: "2022-06-15"})
            for name in (
                "创建时间",
                "入库时间",
                "更新时间",
                "打印日期",
                "公示日期",
                "受理日期",
                "申请日期",
                "上报时间",
                "测绘日期",
                "拍摄时间",
            )
        },
    ),
    *each(
        "登记日期列名",
        "疑疑",
        {name: on(sound("registration", DJSJ=None, **{name: "2021-03-02"}), survey=BUILT) for name in ("SLSJ", "SQRQ")},
    ),
    # images by type
    ("影像3：小数", on(sound(), later=20230426.0), "合合"),
    ("影像3：时间带时区", on(sound(PZRQ="2022-09-18"), earlier="2022-09-17T16:00:00Z"), "合合"),
    ("影像3：零", on(sound(), later="00000000"), "疑疑"),
    ("影像3：1970", on(sound(), earlier="1970-01-01"), "疑疑"),
    ("影像3：后时相 1900", on(sound(), later="1900-01-01"), "疑疑"),
    # flags: deletion, history, cancellation, by their usual names
    *each(
        "标志",
        "疑疑",
        statuses(
            ("SCBZ", "1"),
            ("SFSC", "是"),
            ("SFSC", "1"),
            ("删除标记", "1"),
            ("IS_DELETE", "1"),
            ("DEL_FLAG", "1"),
            ("DELETED", "true"),
            ("JLZT", "删除"),
            ("LSBZ", "1"),
            ("SFLS", "是"),
            ("是否历史", "是"),
            ("现势性", "历史"),
            ("ZXBZ", "1"),
            ("ZFBZ", "1"),
            ("CXBZ", "1"),
            ("SXBZ", "1"),
            ("SFSX", "1"),
            ("SFSX", "0"),
            ("YXX", "0"),
            ("PZZTDM", "2"),
            ("XMZT", "终结"),
            ("撤销文号", "渝府地〔2023〕9号"),
            ("注销原因", "换证"),
            ("ZXYY", "企业申请注销"),
            ("是否已经作", "是"),
            ("是否已作废", "是"),
            ("VALID", "false"),
            ("SFYX", "WX"),
            ("ZT", "ZX"),
            ("ZT", "0.0"),
        ),
    ),
    *each(
        "标志",
        "合合",
        statuses(
            ("SCBZ", "0"),
            ("SFSC", "否"),
            ("IS_DELETE", "0"),
            ("DEL_FLAG", "0"),
            ("DELETED", "false"),
            ("LSBZ", "0"),
            ("SFLS", "否"),
            ("现势性", "现势"),
            ("ZXBZ", "0"),
            ("ZXBZ", ""),
            ("YXX", "1"),
            ("注销原因", ""),
            ("注销原因", "无"),
            ("ZT", "\u3000"),
            ("ZT", "有效"),
            ("ZT", "在用"),
            ("VALID", "true"),
            ("SFYX", "Y"),
        ),
    ),
    ("标志列：布尔否", typed(PZRQ="2022-06-15", SFYX=False), "疑疑"),
    ("标志列：布尔是", typed(PZRQ="2022-06-15", SFYX=True), "合合"),
    ("标志列：整数 0", typed(PZRQ="2022-06-15", 是否有效=0), "疑疑"),
    ("标志列：空值", typed(PZRQ="2022-06-15", ZT=None), "合合"),
    ("标志列：删除 小数 1.0", typed(PZRQ="2022-06-15", SCBZ=1.0), "疑疑"),
    # remarks
    *each(
        "备注3",
        "疑疑",
        statuses(
            *(
                ("BZ", text)
                for text in (
                    "经核实该批文不存在",
                    "查无此文",
                    "与档案不符",
                    "范围有误",
                    "越权审批",
                    "已失去效力",
                    "暂不实施",
                    "没有批下来",
                    "批文未下",
                    "尚无批文",
                    "手续不全",
                    "手续不完善",
                    "先建后补",
                    "superseded",
                    "deleted",
                    "inactive",
                    "已删除",
                    "历史数据",
                    "未批先用",
                    "超期未用地",
                    "图形错误",
                    "重复上图",
                    "批文号有误",
                    "不予认可",
                    "此证无效",
                    "省厅未予备案",
                    "未按规定报批",
                    "仅批准立项",
                    "批准面积不含本地块",
                    "不在批准范围内",
                    "待核实",
                    "存疑",
                    "有争议",
                    "土地权属争议",
                )
            )
        ),
    ),
    *each(
        "备注3",
        "合合",
        statuses(
            *(
                ("BZ", text)
                for text in (
                    "已批准并供地",
                    "第二批次",
                    "手续齐全",
                    "符合规划",
                    "权属无争议",
                    "无异议",
                    "已核实",
                    "档案齐备",
                    "按期实施",
                    "未发现问题",
                    "已上图入库",
                    "涉及林地0.1亩",
                    "征地补偿已到位",
                    "已缴清税费",
                )
            )
        ),
    ),
    # papers
    *each(
        "文件3",
        "疑疑",
        numbers(
            "先行用地〔2022〕5号",
            "租赁合同2022-13号",
            "流转合同〔2022〕13号",
            "国有建设用地出让合同500118-2022-0012",
            "成交确认书〔2022〕15号",
            "渝(2021)永川区不动产权第0001号",
            "采矿许可证C5001182015",
            "征地补偿安置方案〔2022〕5号",
            "抄告单〔2022〕15号",
            "占补平衡〔2022〕5号",
            "补充耕地验收〔2022〕5号",
            "土地复垦方案〔2022〕5号",
            "水土保持批复〔2022〕5号",
            "压覆矿产〔2022〕5号",
            "村委会证明〔2022〕3号",
            "督察意见〔2022〕3号",
            "占用林地〔2022〕5号",
            "宅基地批准书〔2022〕5号",
            "乡村建设许可〔2022〕5号",
            "收储〔2022〕5号",
            "NULL",
            "<空>",
            "未填",
            "同批文",
            "详见图",
            "0号",
            "第号",
            "〔〕号",
        ),
    ),
    *each(
        "文件列名",
        "疑疑",
        {
            name: as_file(FC, ".geojson", PZRQ="2022-06-15", **{name: "渝府地〔2022〕502号"})
            for name in ("项目编号", "请示文号", "申请文号", "XMBH", "预审文号", "立项文号")
        },
    ),
    ("文号列：空值", typed(PZWH=None, PZRQ="2022-06-15"), "疑疑"),
    ("文号列：整数", typed(PZWH=2022, PZRQ="2022-06-15"), "疑疑"),
    ("文号列：编号", typed(PZWH=500118202200012, PZRQ="2022-06-15"), "合合"),
    *each(
        "文件类别3",
        "疑疑",
        {
            kind: as_file(FC, ".geojson", PZWH="渝府地〔2022〕503号", PZRQ="2022-06-15", 批准类型=kind)
            for kind in ("临时用地", "先行用地", "用地预审")
        },
    ),
    # uses in sentences
    *each(
        "用途3",
        "疑疑",
        uses(
            ("该宗地批准用途为城镇住宅用地及配套幼儿园", "厂房类"),
            ("农业科研，不得用于工业", "厂房类"),
            ("仅限教育用地，严禁用于工业、商业", "厂房类"),
            ("交通运输用地-农村道路", "厂房类"),
            ("农业产业园配套", "厂房类"),
            ("非工业用地", "厂房类"),
            ("住宅（原工业用地变更）", "厂房类"),
            ("0810", "厂房类"),
            ("幼儿园", "厂房类"),
            ("养老院", "厂房类"),
            ("变电站", "城镇住宅"),
            ("垃圾填埋场", "厂房类"),
            ("寺庙", "厂房类"),
        ),
    ),
    *each(
        "用途3",
        "合合",
        uses(
            ("用于建设标准化厂房及附属设施", "厂房类"),
            ("工业用地（含配套道路）", "厂房类"),
            ("物流仓储兼农产品交易", "厂房类"),
            ("居住用地", "城镇住宅"),
            ("教育科研", "公共管理和公共服务"),
            ("其他", "厂房类"),
            ("", "城镇住宅"),
        ),
    ),
    *each(
        "设施3",
        "疑疑",
        of(
            "facility_agriculture", {"YDLX": "养殖场改建加工厂"}, {"YDLX": "畜禽养殖、餐饮住宿"}, {"YDLX": "养殖兼旅游"}
        ),
    ),
    *each(
        "设施3",
        "他他",
        of(
            "facility_agriculture",
            {"YDLX": "粮食烘干、农机库房"},
            {"YDLX": "蔬菜大棚及生产道路"},
            {"YDLX": "奶牛养殖场"},
        ),
    ),
    *each("设施标志", "疑非", of("facility_agriculture", {"SCBZ": "1"}, {"ZXBZ": "1"}, {"BZ": "已复垦还田"})),
    *each("临时3", "疑疑", of("temporary_land", {"LSYDYT": "建设厂区"}, {"LSYDYT": "永久道路"}, {"LSYDYT": "商铺"})),
    # titles by code, and other wordings
    *each(
        "权利代码",
        "疑疑",
        titles(
            *({"QLLX": code} for code in ("1", "2", "5", "9", "9.0", "10", "11", "15", "19", "99", "A")), survey=BUILT
        ),
    ),
    *each("权利代码", "合合", titles(*({"QLLX": code} for code in ("3", "4", "7", "8", "3.0", "04")), survey=BUILT)),
    *each(
        "登记3",
        "疑疑",
        titles(
            {"YT": "0103"},
            {"YT": "01"},
            {"YT": "1202"},
            {"BZ": "查无登记"},
            {"SFLS": "1"},
            {"QLLX": "集体林地使用权"},
            {"QLLX": "房屋抵押"},
            survey=BUILT,
        ),
    ),
    *each("登记3", "合合", titles({"QLLX": "集体建设用地使用权"}, {"YT": "0601"}, {"YT": "仓储"}, survey=BUILT)),
    # shapes of several pieces
    ("多块：两半一要素", on(sound(shape=BOTH)), "合合"),
    ("多块：一半在远处", on(sound(shape=HALF_AND_FAR)), "疑疑"),
    (
        "多块：图斑两块，只批一块",
        on(sound(shape=box(-5, -5, 55, 45)), shape=shapely.MultiPolygon([PARCEL, translate(PARCEL, 80, 0)])),
        "疑疑",
    ),
    (
        "多块：图斑两块都批",
        on(sound(shape=box(-5, -5, 140, 45)), shape=shapely.MultiPolygon([PARCEL, translate(PARCEL, 80, 0)])),
        "合合",
    ),
    ("洞：图斑有洞，全批", on(sound(), shape=RING), "合合"),
    ("洞：图斑与批文同洞", on(sound(shape=RING_AROUND), shape=RING), "合合"),
    ("洞：批文有洞，图斑无洞", on(sound(shape=RING_AROUND)), "疑疑"),
    (
        "重叠：两份相压",
        on(sound(shape=box(-5, -5, 30, 45)), sound(shape=box(20, -5, 55, 45), PZWH="渝府地〔2022〕504号")),
        "合合",
    ),
    (
        "重叠：一份作废",
        on(sound(shape=box(-5, -5, 30, 45)), sound(shape=box(20, -5, 55, 45), PZWH="渝府地〔2022〕505号", BZ="作废")),
        "疑疑",
    ),
    ("重叠：作废的全压，有效的一半", on(sound(shape=LEFT), sound(PZWH="渝府地〔2022〕506号", ZT="撤销")), "疑疑"),
    (
        "缝：两半间 1 m",
        on(sound(shape=box(-5, -5, 24, 45)), sound(shape=box(25, -5, 55, 45), PZWH="渝府地〔2022〕507号")),
        "疑疑",
    ),
    ("错位 120 m", on(sound(shape=translate(AROUND, 120, 0))), "违违"),
    ("带高程", on(sound(shape=shapely.force_3d(AROUND, 300.0))), "合合"),
    # one number, several records
    *each(
        "同号",
        "疑疑",
        {
            text: on(sound(), sound(PZWH=text, ZT="撤销"))
            for text in (
                "渝府地[2022]100号",
                "渝府地〔２０２２〕１００号",
                " 渝府地〔2022〕100 号",
                "渝府地(2022)100号",
            )
        },
    ),
    ("同号：重发晚于后时相", on(sound(ZT="撤销"), sound(PZWH="渝府地〔2023〕9号", PZRQ="2023-06-30")), "非非"),
    (
        "同号：撤销后重发，在前时相前",
        on(sound(ZT="撤销", PZRQ="2021-06-15"), sound(PZWH="渝府地〔2022〕508号")),
        "合合",
    ),
    (
        "同号：供地撤销",
        on(sound("land_supply"), sound("land_supply", PFWH="永规资供[2022]5号", BZ="解除"), survey=BUILT),
        "疑疑",
    ),
    ("同号：转用与挂钩同号，挂钩撤销", on(sound(), sound("linkage", PZWH="渝府地〔2022〕100号", ZT="撤销")), "疑疑"),
    # licences
    *each(
        "采矿权3",
        "疑疑",
        of(
            "mining_right",
            {"XKZH": "t5001182015"},
            {"XKZH": "Ｔ5001182015"},
            {"SCBZ": "1"},
            {"ZXBZ": "1"},
            {"BZ": "已过户注销"},
            {"YXQZ": "2023年"},
            {"BZ": "越界开采"},
            kind="mining",
        ),
    ),
    *each(
        "采矿权3",
        "合合",
        of("mining_right", {"YXQZ": "2030年1月1日"}, {"XKZH": "C5001182015017110141234"}, {"SCBZ": "0"}, kind="mining"),
    ),
    # authority and area once more
    *each(
        "机关3",
        "疑疑",
        {
            t: on(sound(PZJG=t), basic())
            for t in ("永川区政府（经市政府授权）", "重庆市永川区人民政府办公室", "null", "市人民政府", "州人民政府")
        },
    ),
    *each("批准面积3", "疑疑", areas(700, "20", "２００", "约2000", "2000亩", "0.2亩")),
    *each("批准面积3", "合合", areas(750, "２７００", "2700.00", "2,700.0㎡")),
    (
        "永农：县批转用，另有省批转用全覆盖",
        on(sound(PZJG="永川区人民政府"), sound(PZWH="渝府地〔2022〕509号"), basic()),
        "合合",
    ),
    ("未变化3：备注有争议", {"survey": ((CELL, "0601"),), "photos": 2}, "他疑"),
    # the other side: what registers say of sound documents; names, kinds and garbled texts
    *each(
        "挂钩地块",
        "疑疑",
        of(
            "linkage",
            {"DKLX": "拆旧区"},
            {"地块类型": "复垦区"},
            {"区类型": "拆旧"},
            {"BZ": "拆旧地块"},
            {"LX": "拆旧区"},
        ),
    ),
    *each("挂钩地块", "合合", of("linkage", {"DKLX": "建新区"}, {"地块类型": "建新留用区"}, {"BZ": "建新区"})),
    *each(
        "只征不转",
        "疑疑",
        statuses(
            ("PWLX", "只征不转"),
            ("SPLX", "征而未转"),
            ("BZ", "征而未转"),
            ("BZ", "只征不转"),
            ("BZ", "未办理农转用"),
            ("BZ", "农转用未批"),
        ),
    ),
    *each(
        "类型",
        "合合",
        statuses(
            ("PWLX", "单独选址"),
            ("PWLX", "农用地转用和土地征收"),
            ("SPLX", "批次用地"),
            ("PWLX", "转用"),
            ("PWLX", "城镇批次"),
        ),
    ),
    (
        "乱码：备注读错",
        on(Cover(FC, {"PZWH": "2022-100", "PZRQ": "2022-06-15", "BZ": "已撤销"}, encoding="GBK", declared="UTF-8")),
        "疑疑",
    ),
    (
        "乱码：备注读错2",
        on(Cover(FC, {"PZWH": "2022-100", "PZRQ": "2022-06-15", "BZ": "已作废"}, encoding="UTF-8", declared="GBK")),
        "疑疑",
    ),
    *each(
        "别的列",
        "疑疑",
        statuses(
            ("CLQK", "已撤销"),
            ("处理情况", "已撤销批文"),
            ("审查结果", "不予批准"),
            ("批文性质", "作废"),
            ("QK", "批文失效"),
            ("处理意见", "收回"),
            ("变更情况", "已注销"),
            ("标识", "作废"),
            ("XMMC", "某项目（已撤销）"),
            ("XMMC", "作废_某项目"),
            ("DKMC", "作废地块"),
            ("XMMC", "某厂房项目(取消)"),
            ("LX", "已失效"),
            ("JG", "已废止"),
        ),
    ),
    *each(
        "别的列",
        "合合",
        statuses(
            ("XMMC", "某矿山关闭后生态修复工程"),
            ("处理意见", "同意"),
            ("处理情况", "已处理"),
            ("变更情况", "无"),
            ("XMMC", "永川区2022年度第3批次"),
            ("标识", "1"),
            ("XMMC", "危化品停产企业搬迁项目"),
        ),
    ),
    ("两列：有效与注销", on(sound(ZT="有效", BZ="已注销")), "疑疑"),
    (
        "临时：续期同号，共四年",
        on(
            sound("temporary_land", PZSJ="20200601", ZZSJ="20220531"),
            sound("temporary_land", PZSJ="20220601", ZZSJ="20240531"),
        ),
        "疑疑",
    ),
    *each(
        "道路名",
        "疑非",
        {
            t: on(sound("rural_road", LANE.buffer(2, join_style="mitre"), DLMC=t), shape=LANE)
            for t in ("X208县道", "省道S206", "G85高速", "国道G319")
        },
    ),
    *each(
        "道路名",
        "他他",
        {
            t: on(sound("rural_road", LANE.buffer(2, join_style="mitre"), DLMC=t), shape=LANE)
            for t in ("机耕路", "村道C012", "生产路", "")
        },
    ),
    ("类型住宅 批工业", on(sound(TDYT="工业用地"), columns={"TBLX": "住宅小区"}), "疑疑"),
    ("类型厂房 批住宅", on(sound(TDYT="住宅用地"), columns={"TBLX": "厂房"}), "疑疑"),
    *each(
        "清白",
        "合合",
        statuses(
            *(
                ("BZ", t)
                for t in (
                    "2022年第3批次城镇建设用地",
                    "涉及永川区大安街道铁山村",
                    "面积以实测为准",
                    "界址点见附图",
                    "含耕地0.5公顷",
                    "已落实占补平衡",
                    "不涉及生态红线",
                    "不在生态保护红线范围内",
                    "未占用永久基本农田",
                    "无违法用地",
                    "已解除查封",
                    "该宗地抵押已注销",
                    "档案号2022-15",
                    "已按规定报批",
                    "补充耕地已验收",
                    "尚未供地",
                    "暂未供地",
                    "已部分供地",
                    "待供",
                    "无",
                    "/",
                    "-",
                    "正常",
                    "土地平整中",
                    "原批文见附件",
                    "详见批复",
                    "符合土地利用总体规划",
                    "已缴纳复垦费",
                    "同意转用",
                    "批复已下达",
                    "涉及拆迁户3户",
                    "未利用地0.1公顷",
                    "不存在权属争议",
                    "经省政府批准",
                    "已征未供",
                    "未供地",
                    "项目正在建设",
                    "正在施工",
                    "2023年10月已建成",
                    "红线图已归档",
                    "无历史遗留问题",
                )
            )
        ),
    ),
    *each(
        "清白状态",
        "合合",
        statuses(
            *(
                ("ZT", t)
                for t in (
                    "现行有效",
                    "执行中",
                    "已建成",
                    "在建",
                    "已竣工",
                    "已验收",
                    "已完成",
                    "批准",
                    "有效期内",
                    "审核通过",
                    "办结",
                    "已供应",
                    "正常使用",
                    "已征收",
                )
            )
        ),
    ),
    # papers of other roles, filled uses against them, more uses, terms and dates
    *papers(
        "temporary_land",
        "PZWH",
        "疑非",
        "临时用地申请〔2022〕3号",
        "请示〔2022〕3号",
        "承诺书2022-3",
        "租地协议2022-3",
        "临时用地公示2022-3",
    ),
    *papers("temporary_land", "PZWH", "他疑", "永规资临〔2022〕3号", "临时用地批复〔2022〕3号"),
    *papers(FACILITY, "BABH", "疑非", "备案申请2022-3", "申请表2022-3", "承诺书2022-3", "设施农用地公示2022-3"),
    *papers(FACILITY, "BABH", "他他", "设农备2022-003", "SSNYD500118202200001"),
    *papers("homestead", "PZWH", "疑非", "宅基地申请〔2022〕3号", "建房申请2022-3", "承诺书2022-3"),
    *papers("homestead", "PZWH", "他他", "农宅字500118202200001", "永宅批〔2022〕3号"),
    *papers(
        "registration",
        "BDCQZH",
        "疑疑",
        "受理单2022-15",
        "购房合同2022-1",
        "租赁合同2022-5",
        "转让协议2022-5",
        "受理编号20220015",
        "登记申请2022-3",
        survey=BUILT,
    ),
    *papers(
        "registration", "BDCQZH", "合合", "永国用(2010)第123号", "房地证2012字第00123号", "D50011800123", survey=BUILT
    ),
    *papers(
        "mining_right",
        "XKZH",
        "疑疑",
        "申请受理2022-5",
        "安全生产许可证2020-5",
        "环评批复2020-5",
        "储量评审2020-5",
        "采矿权转让合同2020-5",
        "开发利用方案2020-5",
        **MINE,
    ),
    *papers(
        "linkage", "PZWH", "疑疑", "增减挂钩立项〔2022〕3号", "增减挂钩实施规划公示2022-3", "挂钩项目验收申请2022-3"
    ),
    *filled(
        FACILITY,
        "疑疑",
        "非农建设",
        "厂房类（原养殖场改建）",
        "养殖（实为厂房）",
        "看护房超标",
        "违法建筑",
        "餐饮",
        "农产品展销",
        "仓库",
    ),
    *filled(FACILITY, "他他", "养殖", "设施农用地", "大棚", "生猪养殖场", "种植"),
    *filled("temporary_land", "他疑", "临时用地", "施工便道", "取土场", "弃渣场"),
    *filled("homestead", "他他", "农村宅基地", "农村住宅"),
    *filled("homestead", "疑疑", "民宿", "农家乐", "商铺"),
    *filled("restoration", "疑疑", "光伏", "厂房类"),
    *each(
        "用途4",
        "疑疑",
        uses(
            ("农村居民点", "厂房类"),
            ("安置点", "厂房类"),
            ("新型社区", "厂房类"),
            ("公园绿地", "城镇住宅"),
            ("公共停车场、广场", "采矿用地"),
            ("仓库", "城镇住宅"),
            ("康养中心", "厂房类"),
        ),
    ),
    *each(
        "用途4",
        "合合",
        uses(
            ("厂", "厂房类"),
            ("仓库", "厂房类"),
            ("农村居民点", "城镇住宅"),
            ("产业园", "厂房类"),
            ("标准厂房", "厂房类"),
            ("储能电站", "厂房类"),
            ("一类工业用地", "厂房类"),
            ("M1", "厂房类"),
            ("建设", "厂房类"),
        ),
    ),
    *each(
        "期限4",
        "疑疑",
        {
            "采矿 5": on(sound("mining_right", YXQZ="5"), kind="mining"),
            "设施 5": on(sound(FACILITY, YXQX="5")),
            "临时 2": on(sound("temporary_land", ZZSJ="2")),
        },
    ),
    *each("期限4", "非非", {"临时 止早于起": on(sound("temporary_land", ZZSJ="20210101"))}),
    *each("日期4", "非非", dates("2032-06-15", "2202-06-15", "0022-06-15")),
    ("两层：转用晚批，挂钩按时半", on(sound(PZRQ="2023-06-15"), sound("linkage", LEFT)), "非非"),
    ("备注在项目名：续建", on(sound(XMMC="某厂扩建（补办手续）")), "合合"),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Proposal]:
    cases = [Case(name, **more) for name, more, _ in ROWS]
    assert len({case.name for case in cases}) == len(cases)
    return judged(tmp_path_factory.mktemp("新攻击") / "县", cases, PROFILES)


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in ROWS])
def test_each_odd_register_is_judged_as_a_careful_reviewer_would(
    outcomes: dict[tuple[str, str, str], Proposal], name: str, expected: str, place: int
) -> None:
    proposal = outcomes[name, "", PROFILES[place]]
    assert proposal.category in EXPECTED[expected[place]], (proposal.rule, proposal.reasons)
