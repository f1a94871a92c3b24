"""Siblings of the known attacks, through real files: the same fault under another role, column, wording, profile, form of date, in parts
instead of wholes, and in mining parcels.

Outcomes as in :mod:`test_real_attacks`: 合 legal, 疑 doubtful, 违 violation, 他 favourable but not legal.
"""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from tests.unit.judgment.real_files import AROUND, CELL, LEFT, RIGHT, Case, judged, sound
from tests.unit.judgment.test_real_attacks import BUILT, LANE, MEANING, PROFILES, Row, basic, each, on
from weipian_plugin.model.records import Proposal

box = shapely.box
#: The same area with a hole of 2 m by 2 m inside the parcel; a zigzag whose repair changes much.
HOLED = shapely.Polygon(AROUND.exterior, [box(20, 20, 22, 22).exterior.coords[::-1]])
ZIGZAG = shapely.Polygon([(-5, -5), (55, 45), (55, -5), (-5, 45), (55, 45), (-5, -5), (-5, 45)])
ROAD_AROUND = LANE.buffer(2, join_style="mitre")
FACTORY = {"用途分类细化": "厂房类"}
FIELDS = {"facility_agriculture": ("BABH", "BASJ"), "homestead": ("PZWH", "PZRQ"), "restoration": ("PZWH", "PZRQ"), "temporary_land": ("PZWH",
          "PZSJ"),
          "land_supply": ("PFWH", "PZRQ"), "registration": ("BDCQZH", "DJSJ"), "linkage": ("PZWH", "PZRQ"), "mining_right": ("XKZH",
          "YXQQ")}  # fmt: skip


def status(role: str, outcome: str, *pairs: tuple[str, str], **more: Any) -> list[Row]:
    return list(each(f"{role} 效力", outcome, {f"{c}={t}": on(sound(role, **{c: t}), **more) for c, t in pairs}))


def words(outcome: str, *texts: str) -> list[Row]:
    return list(each("备注", outcome, {t: on(sound(BZ=t)) for t in texts}))


def dated(role: str, outcome: str, *texts: str, **more: Any) -> list[Row]:
    return list(each(f"{role} 日期", outcome, {t: on(sound(role, **{FIELDS[role][1]: t}), **more) for t in texts}))


def numbered(role: str, outcome: str, *texts: str, **more: Any) -> list[Row]:
    return list(each(f"{role} 文号", outcome, {t: on(sound(role, **{FIELDS[role][0]: t}), **more) for t in texts}))


MINE = {"kind": "mining"}
ON_BUILT = {"survey": BUILT}
ROWS: list[Row] = [
    # A01: twice the same document
    ("两遍：供地", on(sound("land_supply"), sound("land_supply"), survey=BUILT), "合合"),
    ("两遍：登记", on(sound("registration"), sound("registration"), survey=BUILT), "合合"),
    ("两遍：设施", on(sound("facility_agriculture"), sound("facility_agriculture")), "他他"),
    ("两遍：采矿权", on(sound("mining_right"), sound("mining_right"), kind="mining"), "合合"),
    ("两遍：一遍注明撤销", on(sound(), sound(ZT="撤销")), "疑疑"),
    ("两遍：一遍备注作废", on(sound(), sound(BZ="已作废")), "疑疑"),
    ("两遍：一遍日期晚", on(sound(), sound(PZRQ="2023-07-01")), "疑疑"),
    ("两遍：一遍无日期", on(sound(), sound(PZRQ="")), "合合"),
    ("两遍：设施一遍注销", on(sound("facility_agriculture"), sound("facility_agriculture", BAZT="已注销")), "疑疑"),
    ("两遍：采矿权一遍注销", on(sound("mining_right"), sound("mining_right", XKZZT="已注销"), kind="mining"), "疑疑"),
    ("两遍：供地一遍解除", on(sound("land_supply"), sound("land_supply", BZ="合同已解除"), survey=BUILT), "疑疑"),
    ("两遍：临时一遍收回", on(sound("temporary_land"), sound("temporary_land", BZ="已收回")), "疑疑"),
    # A03: use, of other roles and columns
    ("用途：供地住宅 厂房", on(sound("land_supply", TDYT="城镇住宅用地"), survey=BUILT, columns=FACTORY), "疑疑"),
    ("用途：登记住宅 厂房", on(sound("registration", YT="城镇住宅用地"), survey=BUILT, columns=FACTORY), "疑疑"),
    ("用途：挂钩住宅 厂房", on(sound("linkage", TDYT="农民集中居住区"), columns=FACTORY), "疑疑"),
    ("用途：项目名是公路", on(sound(TDYT="", XMMC="渝西高速公路"), columns=FACTORY), "疑疑"),
    ("用途：项目名相符", on(sound(TDYT="", XMMC="永川工业园区厂房"), columns=FACTORY), "合合"),
    ("用途：项目名不说用途", on(sound(TDYT="", XMMC="2022年第3批次"), columns=FACTORY), "合合"),
    ("用途：实际用途列", on(sound(TDYT="公路用地"), columns={"实际用途": "厂房"}), "疑疑"),
    ("用途：TBLX 厂房", on(sound(TDYT="公路用地"), columns={"TBLX": "厂房"}), "疑疑"),
    # A06–A12: numbers of other roles
    *numbered("land_supply", "疑疑", "待批", "无", "/", "0", "-", "不详", "永规资供〔2024〕5号", **ON_BUILT),
    *numbered("registration", "疑疑", "无证", "未办证", "办理中", "/", "0", "渝(2024)永川区不动产权第0001号", **ON_BUILT),
    *numbered("linkage", "疑疑", "待批", "无", "渝挂钩〔2024〕10号", "——"),
    *numbered("homestead", "疑违", "待批"),
    *numbered("homestead", "疑疑", "/", "永宅〔2024〕8号"),
    *numbered("facility_agriculture", "疑疑", "待备案", "未备案", "/", "0", "永设〔2024〕8号", "备案中"),
    *numbered("restoration", "疑违", "待批"),
    *numbered("restoration", "疑疑", "/", "永整〔2024〕1号"),
    *numbered("temporary_land", "疑疑", "永临〔2024〕3号", "/", "0"),
    *numbered("mining_right", "疑疑", "无", "/", "0", "待延续", "办理中", "无证", kind="mining"),
    *numbered("linkage", "合合", "渝挂钩2022年第10号"),
    *each("文号年份", "疑疑", {t: on(sound(PZWH=t)) for t in ("渝府地2024-100号", "渝府地〔二〇二四〕100号", "渝府地 2024 年 100 号",
          "渝府地(2024年)100号", "2024渝府地100号", "渝府地字第2024100号")}),
    # A15: building before the document, other roles
    *each("先建后批", "疑疑", {
        "供地": on(sound("land_supply"), survey=BUILT, columns={"建设时间": "2020-03"}),
        "临时用地": on(sound("temporary_land"), columns={"建设时间": "2020-03"}),
        "宅基地": on(sound("homestead"), columns={"建设时间": "2020-03"}),
        "设施": on(sound("facility_agriculture"), columns={"建设时间": "2020-03"}),
    }),
    ("先建后批：挂钩", on(sound("linkage"), columns={"建设时间": "2020-03"}), "违疑"),
    ("先建后批：动工时间列", on(sound(), columns={"动工时间": "2020-03"}), "违疑"),
    ("先建后批：开工日期列", on(sound(), columns={"开工日期": "2020-03"}), "违疑"),
    # A18–A35: dates of other roles
    *dated("land_supply", "疑疑", "44682", "民国111年5月1日", "待批", "2022年5月1日上报", "2022-05-01 撤销", "1900-01-01", "01/05/2022",
          **ON_BUILT),
    *dated("registration", "疑疑", "44682", "待登簿", "1900-01-01", "05/01/2021", "2021-03-02 注销", "1970-01-01", **ON_BUILT),
    *dated("registration", "合合", "2021年3月2日", "2021年3月", "2021", "20210302", **ON_BUILT),
    *dated("facility_agriculture", "疑疑", "44682", "待备案", "1900-01-01", "05/06/2022"),
    *dated("facility_agriculture", "他他", "2022年5月", "2022.5.6", "20220506", "2022"),
    *dated("homestead", "疑疑", "44682", "1900-01-01"),
    *dated("homestead", "疑违", "待批"),
    *dated("mining_right", "疑疑", "44682", "待批", "1900-01-01", "长期", kind="mining"),
    *dated("mining_right", "合合", "2020年1月", "2020", "2020/1/1", kind="mining"),
    *each("采矿权止期", "疑疑", {t: on(sound("mining_right", YXQZ=t), kind="mining") for t in ("45000", "待延续", "2023", "9999-12-31", "长期",
          "无", "1900-01-01")}),
    *each("采矿权止期", "违违", {t: on(sound("mining_right", YXQZ=t), kind="mining") for t in ("2023-03", "2022年12月", "20221231")}),
    *each("登记止期", "疑疑", {t: on(sound("registration", ZZSJ=t), survey=BUILT) for t in ("2023-04", "2020-01-01", "2022-12-31")}),
    *each("设施期限", "疑疑", {t: on(sound("facility_agriculture", YXQX=t)) for t in ("待定", "45000")}),
    *each("设施期限", "疑违", {t: on(sound("facility_agriculture", YXQX=t)) for t in ("2022-12-31", "6个月", "2022-05-06至2022-12-31")}),
    *each("设施期限", "他他", {t: on(sound("facility_agriculture", YXQX=t)) for t in ("10年", "三年", "2022-05-06至2027-05-05", "长期")}),
    ("先行用地到期", on(sound("advance_use", ZZSJ="2022-12-31")), "疑违"),
    # A38: images
    *each("影像", "疑疑", {
        "前时相在未来": on(sound(), earlier="20330101", later="20340101"),
        "前后颠倒": on(sound(), earlier="20230426", later="20220918"),
        "设施 后时相在未来": on(sound("facility_agriculture"), later="20330426"),
        "临时 同一天": on(sound("temporary_land"), earlier="20230426"),
        "采矿 后时相在未来": on(sound("mining_right"), later="20330426", kind="mining"),
        "采矿 同一天": on(sound("mining_right"), earlier="20230426", kind="mining"),
        "供地 后时相在未来": on(sound("land_supply"), later="20330426", survey=BUILT),
        "未变化 后时相在未来": {"later": "20330426", "survey": BUILT, "photos": 2},
        "宅基地 颠倒": on(sound("homestead"), earlier="20230426", later="20220918"),
        "道路 未来": on(sound("rural_road", ROAD_AROUND), shape=LANE, later="20330426"),
    }),
    ("影像：后时相写成文字", on(sound(), later="待定"), "疑疑"),
    ("影像：后时相 2023年4月26日", on(sound(), later="2023年4月26日"), "合合"),
    ("影像：后时相无", on(sound("mining_right"), later="", kind="mining"), "疑疑"),
    # A41–A49: holes, gaps, repaired shapes under other roles
    *each("洞", "疑疑", {
        "供地": on(sound("land_supply", HOLED), survey=BUILT), "登记": on(sound("registration", HOLED), survey=BUILT), "挂钩": on(sound("linkage",
          HOLED)),
    }),
    *each("折返", "疑疑", {
        "供地": on(sound("land_supply", ZIGZAG), shape=box(10, 10, 40, 30), survey=BUILT),
        "登记": on(sound("registration", ZIGZAG), shape=box(10, 10, 40, 30), survey=BUILT),
        "挂钩": on(sound("linkage", ZIGZAG), shape=box(10, 10, 40, 30)),
        "设施": on(sound("facility_agriculture", ZIGZAG), shape=box(10, 10, 40, 30)),
        "临时": on(sound("temporary_land", ZIGZAG), shape=box(10, 10, 40, 30)),
        "宅基地": on(sound("homestead", ZIGZAG), shape=box(10, 10, 40, 30)),
        "修复": on(sound("restoration", ZIGZAG), shape=box(10, 10, 40, 30)),
        "采矿权": on(sound("mining_right", ZIGZAG), shape=box(10, 10, 40, 30), kind="mining"),
    }),
    *each("间隙 1 cm", "合合", {
        "供地": on(sound("land_supply", box(-5, -5, 49.99, 45)), survey=BUILT),
        "挂钩": on(sound("linkage", box(-5, -5, 49.99, 45))),
        "采矿": on(sound("mining_right", box(-5, -5, 49.99, 45)), kind="mining"),
        "登记": on(sound("registration", box(-5, -5, 49.99, 45)), survey=BUILT),
    }),
    # A51: stated area of the delivery
    *each("监测面积不符", "疑疑", {
        name: on(sound(role), columns={"JCMJ": 30.0}, **more)
        for name, role, more in (("设施", "facility_agriculture", {}), ("临时", "temporary_land", {}), ("采矿", "mining_right", MINE),
                                 ("供地", "land_supply", ON_BUILT), ("宅基地", "homestead", {}))
    }),
    ("监测面积不符：未变化", {"survey": BUILT, "photos": 2, "columns": {"JCMJ": 30.0}}, "疑疑"),
    # A54: halves
    *each("各半", "合合", {"采矿": on(sound("mining_right", LEFT), sound("mining_right", RIGHT, XKZH="C5001182016"), kind="mining")}),
    *each("各半", "疑疑", {
        "批文+供地": on(sound(shape=LEFT), sound("land_supply", RIGHT)), "批文+登记": on(sound(shape=LEFT), sound("registration", RIGHT)),
        "采矿+探矿": on(sound("mining_right", LEFT), sound("mining_right", RIGHT, KQLX="探矿权"), kind="mining"),
        "设施+临时": on(sound("facility_agriculture", LEFT), sound("temporary_land", RIGHT)),
        "批文 用途不符一半": on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2022〕7号", TDYT="公路用地"), columns=FACTORY),
        "批文 县级一半": on(sound(shape=LEFT), sound(shape=RIGHT, PZWH="渝府地〔2022〕7号", PZJG="永川区人民政府"), basic()),
        "批文 面积不符一半": on(sound(shape=LEFT, PZMJ=None), sound(shape=RIGHT, PZWH="渝府地〔2022〕7号", PZMJ="30")),
        "批文 修复一半": on(sound(shape=LEFT), sound(shape=ZIGZAG, PZWH="渝府地〔2022〕7号")),
    }),
    ("各半：设施", on(sound("facility_agriculture", LEFT), sound("facility_agriculture", RIGHT, BABH="永设〔2022〕9号")), "他他"),
    ("各半：设施一半无号", on(sound("facility_agriculture", LEFT), sound("facility_agriculture", RIGHT, BABH="无")), "疑疑"),
    ("各半：宅基地一半无号", on(sound("homestead", LEFT), sound("homestead", RIGHT, PZWH="无")), "疑疑"),
    # B02–B07
    ("供地两时相间：耕地", on(sound("land_supply", PZRQ="2023-03-01")), "疑合"),
    ("供地两时相间：原建设", on(sound("land_supply", PZRQ="2023-03-01"), survey=BUILT), "合合"),
    ("登记两时相间：原建设", on(sound("registration", DJSJ="2023-03-01"), survey=BUILT), "疑合"),
    ("供地：耕地", on(sound("land_supply")), "疑合"),
    *status("land_supply", "疑疑", ("BZ", "已退地"), ("BZ", "闲置收回"), ("BZ", "双方协议解除"), ("ZT", "终止"), ("BZ", "已收储"), ("HTZT",
          "已解约"), **ON_BUILT),
    *status("land_supply", "合合", ("BZ", "已被法院查封"), ("BZ", "收储后公开出让"), **ON_BUILT),
    *status("registration", "疑疑", ("BZ", "已注销登记"), ("QSZT", "历史"), ("BZ", "更正登记注销"), ("ZXRQ", "2022-01-01"), ("SFZX", "是"),
          **ON_BUILT),
    *status("registration", "合合", ("BZ", "已抵押"), ("SFZX", "否"), ("SFCF", "0"), **ON_BUILT),
    *status("facility_agriculture", "疑违", ("BAZT", "已注销"), ("BZ", "备案已到期"), ("SFYX", "否"), ("BZ", "已退出"), ("BAZT", "已失效")),
    *status("homestead", "疑违", ("ZT", "作废"), ("BZ", "已退出宅基地")),
    *status("restoration", "疑违", ("ZT", "终止"), ("BZ", "项目取消")),
    *status("mining_right", "疑疑", ("XKZZT", "注销"), ("BZ", "已吊销"), ("ZT", "已过期"), ("SFYX", "否"), ("BZ", "已关闭"), **MINE),
    *each("道路效力", "疑疑", {t: on(sound("rural_road", ROAD_AROUND, BZ=t), shape=LANE) for t in ("已废弃", "拟建")}),
    # status in approvals: other words
    *words("疑疑", "已被渝府地〔2023〕5号文替代", "批文自动失效", "已调出", "项目已终止实施", "不再实施", "该批次已核销", "重新组卷报批",
          "土地已退还村集体", "未获批准", "尚未批复",
           "正在办理", "审批未完成", "省政府未批复", "待省厅下文", "补充材料中", "批文过有效期", "已超过有效期", "已逾期", "已经取消",
          "该宗地块取消", "停办", "已停止执行",
           "批复被复议机关撤销", "行政复议撤销", "已纠正，撤销原批文", "作 废", "已 撤 销", "不同意", "无效批文", "已叫停"),
    *words("合合", "正常", "无", "已供地", "已批复", "同意", "省政府批准", "已实施", "未撤销", "征收已完成", "无抵押", "第3批次", "2022年度计划"),
    # codes of unknown meaning
    *each("状态代码", "疑疑", {f"{c}={v}": on(sound(**{c: v})) for c, v in (("ZT", "0"), ("ZT", "1"), ("ZT", "2"), ("STATUS", "3"), ("PWZT", "9"),
          ("当前状态", "A"))}),
    *each("状态代码", "合合", {f"{c}={v}": on(sound(**{c: v})) for c, v in (("SFYX", "是"), ("BZ", "1"), ("SFZX", "0"), ("ZT", "已批准"), ("ZT",
          ""))}),
    # B09, B16–B20, with photos
    ("203 内厂房有照片", {"survey": ((CELL, "0702", "203"),), "columns": {"TBLX": "厂房", **FACTORY}, "photos": 2}, "疑他"),
    ("未变化：原宅基地，填报厂房", {"survey": ((CELL, "0702"),), "columns": FACTORY, "photos": 2}, "疑他"),
    ("未变化：原工业，填报厂房", {"survey": BUILT, "columns": FACTORY, "photos": 2}, "他疑"),
    ("未变化：原工业，填报住宅", {"survey": BUILT, "columns": {"用途分类细化": "城镇住宅"}, "photos": 2}, "疑疑"),
    ("未变化：压永农", {**on(basic(), survey=BUILT), "photos": 2}, "疑疑"),
    ("设施：厂房，实地地类 1202", on(sound("facility_agriculture"), columns={**FACTORY, "实地地类": "1202"}), "疑疑"),
    ("设施：注销，实地地类 1202", on(sound("facility_agriculture", BAZT="已注销"), columns={"实地地类": "1202"}), "疑疑"),
    ("设施：到期，实地地类 1202", on(sound("facility_agriculture", YXQX="2021-12-31"), columns={"实地地类": "1202"}), "疑疑"),
    ("设施：晚备案，实地地类 1202", on(sound("facility_agriculture", BASJ="2023-06-01"), columns={"实地地类": "1202"}), "疑疑"),
    ("设施：实地地类 1202 无备案", on(columns={"实地地类": "1202"}), "疑他"),
    ("设施：放宽，备案注销", on(sound("facility_agriculture", BAZT="已注销"), columns={"实地地类": "0305"},
                        documents=("县级说明", "流转合同", "采购合同", "发票")), "疑疑"),
    ("设施：放宽", on(sound("facility_agriculture"), columns={"实地地类": "0305"}, documents=("县级说明", "流转合同", "采购合同", "发票")), "他他"),
    ("设施：实地厂房地类", on(sound("facility_agriculture"), columns={"实地地类": "0601"}), "疑违"),
    ("临时：实地厂房地类", on(sound("temporary_land"), columns={"实地地类": "0601"}), "疑疑"),
    ("宅基地：实地厂房地类", on(sound("homestead"), columns={"实地地类": "0601"}), "疑疑"),
    ("修复：实地厂房地类", on(sound("restoration"), columns={"实地地类": "0601"}), "疑疑"),
    ("道路：实地厂房地类", on(sound("rural_road", ROAD_AROUND), shape=LANE, columns={"实地地类": "0601"}), "疑疑"),
    ("设施：TBLX 厂房", on(sound("facility_agriculture"), columns={"TBLX": "厂房"}), "疑疑"),
    ("临时：TBLX 厂房", on(sound("temporary_land"), columns={"TBLX": "厂房"}), "疑疑"),
    # roads
    ("道路 8.01 m", on(sound("rural_road", box(-5, -1, 205, 9)), shape=box(0, 0, 200, 8.01)), "违违"),
    ("道路 1.5 m", on(sound("rural_road", box(-5, -1, 205, 9)), shape=box(0, 0, 200, 1.5)), "他疑"),
    ("道路带场地", on(sound("rural_road", box(-5, -5, 305, 45)), shape=box(0, 0, 300, 6).union(box(260, 0, 300, 40))), "违违"),
    ("道路带小场地", on(sound("rural_road", box(-5, -5, 305, 45)), shape=box(0, 0, 300, 6).union(box(282, 0, 300, 18))), "疑疑"),
    ("道路：晚于后时相建成", on(sound("rural_road", ROAD_AROUND, JCSJ="20240101"), shape=LANE), "他他"),
    ("道路：翻新，填报新建", on(sound("rural_road", ROAD_AROUND), shape=LANE, columns={"建设时间": "2022-12"}), "他他"),
    ("道路压永农", on(sound("rural_road", ROAD_AROUND, JCSJ="20220601"), basic(box(-5, -5, 205, 45)), shape=LANE), "疑疑"),
    # B30–B37 mining
    ("采矿：矿种不同", on(sound("mining_right", KZ="石灰岩"), kind="mining", columns={"开采矿种": "建筑用砂"}), "合合"),
    ("采矿：一半过期", on(sound("mining_right", LEFT), sound("mining_right", RIGHT, XKZH="C5001182016", YXQZ="2022-12-31"), kind="mining"), "疑疑"),
    ("采矿：洞", on(sound("mining_right", HOLED), kind="mining"), "疑疑"),
    ("采矿：批文不算", on(sound(), kind="mining"), "违违"),
    ("采矿：土地 临时用地", on(sound("temporary_land"), sound("mining_right"), columns={"TBLX": "采矿用地"}), "疑疑"),
    ("采矿：土地 设施", on(sound("facility_agriculture"), columns={"TBLX": "采矿用地"}), "疑疑"),
    ("采矿：土地 未变化", {**on(sound("mining_right"), survey=((CELL, "0602"),), columns={"TBLX": "采矿用地"}), "photos": 1}, "他疑"),
    # B44 solar
    ("光伏：未利用地有证明", {**on(survey=((CELL, "1206"),), columns={"TBLX": "光伏"}), "documents": ("不占用说明",)}, "他违"),
    ("光伏：未利用地 永农", {**on(basic(), survey=((CELL, "1206"),), columns={"TBLX": "光伏"}), "documents": ("不占用说明",)}, "疑违"),
    ("光伏：耕地有证明", {**on(columns={"TBLX": "光伏"}), "documents": ("不占用说明",)}, "违违"),
    # F
    ("F02 供地", on(sound("land_supply", PZRQ="2023-04-28"), later="202304", survey=BUILT), "疑疑"),
    ("F02 设施", on(sound("facility_agriculture", BASJ="2023-04-28"), later="202304"), "疑疑"),
    ("F04 登记", on(sound("registration", DJSJ="2023-11-01"), later="2023", survey=BUILT), "疑疑"),
    ("F07 点状供地", on(sound("land_supply", box(10, 10, 10.001, 10.001)), survey=BUILT), "疑疑"),
    ("F07 点状设施", on(sound("facility_agriculture", box(10, 10, 10.001, 10.001))), "违违"),
    ("F09 供地早晚", on(sound("land_supply"), sound("land_supply", PFWH="永规资供〔2023〕9号", PZRQ="2023-09-01"), survey=BUILT), "合合"),
    ("F09 采矿权早晚", on(sound("mining_right"), sound("mining_right", XKZH="C5001182023", YXQQ="2023-09-01", YXQZ="2033-09-01"), kind="mining"),
          "合合"),
    ("F12 填报违法，设施覆盖", on(sound("facility_agriculture"), columns={"核实认定意见": "违法"}), "他他"),
    ("出入口：批文待批", on(sound(shape=box(-5, -5, 49, 45), PZWH="待批"), columns={"核实认定意见": "其他", "分类": "出入口"}), "疑疑"),
    ("出入口：批文撤销一半", on(sound(shape=box(-5, -5, 49, 45), BZ="已撤销"), columns={"核实认定意见": "其他", "分类": "出入口"}), "疑疑"),
    ("出入口：用途不符", on(sound(shape=box(-5, -5, 49, 45), TDYT="公路用地"), columns={"核实认定意见": "其他", "分类": "出入口", **FACTORY}),
          "疑疑"),
    ("边角填报：用途不符", on(sound(shape=box(-5, -5, 49.95, 45), TDYT="公路用地"), columns={"核实认定意见": "其他", "分类": "边角细缝",
          **FACTORY}), "疑疑"),
    ("边角填报：待批", on(sound(shape=box(-5, -5, 49.95, 45), PZWH="待批"), columns={"核实认定意见": "其他", "分类": "边角细缝"}), "疑疑"),
    ("边角填报：县级压永农", on(sound(shape=box(-5, -5, 49.95, 45), PZJG="永川区人民政府"), basic(), columns={"核实认定意见": "其他",
          "分类": "边角细缝"}), "疑疑"),
    ("边角填报：面积不符", on(sound(shape=box(-5, -5, 49.95, 45), PZMJ="30"), columns={"核实认定意见": "其他", "分类": "边角细缝"}), "疑疑"),
]  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Proposal]:
    cases = [Case(name, **more) for name, more, _ in ROWS]
    assert len({case.name for case in cases}) == len(cases)
    return judged(tmp_path_factory.mktemp("兄弟") / "县", cases, PROFILES)


@pytest.mark.parametrize("place", [0, 1], ids=PROFILES)
@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in ROWS])
def test_each_sibling_is_proposed_as_a_lawyer_would(
    outcomes: dict[tuple[str, str, str], Proposal], name: str, expected: str, place: int
) -> None:
    proposal = outcomes[name, "", PROFILES[place]]
    assert proposal.category in MEANING[expected[place]], (proposal.rule, proposal.reasons)
