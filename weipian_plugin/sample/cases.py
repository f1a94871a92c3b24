"""The case plan: every situation the sample county plants, as one readable table.

A row says how many parcels there are, what the images show, what the land survey says, which approvals lie over
the parcel and when they were given, and what a careful person would propose. `category` is the best answer,
`acceptable` all answers that are not an error: where evidence is missing or contradictory, a proposal of 存疑 is
always better than a wrong 合法. The categories are those of the profile national-2023.
"""

from __future__ import annotations

from dataclasses import dataclass

LEGAL, ILLEGAL, OTHER, DOUBT = "合法", "违法", "其他", "存疑"

# The two images, and when the field work was done.
BEFORE_IMAGE = "2022-09-18"
AFTER_IMAGE = "2023-04-26"
DELIVERED = "2023-05-20"

# When an approval was given, seen from the two images.
LONG_BEFORE = "2021-07-16"
BEFORE = "2022-06-15"
BETWEEN = "2022-12-08"
AFTER = "2023-06-30"


@dataclass(frozen=True)
class Cover:
    """One polygon of one layer over the parcel.

    `start` and `stop` cut it along the parcel's long side (fractions of its length, None = beyond the end),
    `trim` takes that many metres off at the far end, `margin` is how far it reaches beyond the parcel elsewhere.
    """

    role: str
    date: str | None = BEFORE
    until: str | None = None
    start: float | None = None
    stop: float | None = None
    trim: float = 0.0
    margin: float = 4.0
    use: str = ""


@dataclass(frozen=True)
class Case:
    """A kind of parcel that the sample plants: its documents, how often, and what a correct judgment of it may be."""

    code: str
    title: str
    count: int
    category: str
    acceptable: tuple[str, ...]
    subtypes: tuple[str, ...]
    covers: tuple[Cover, ...] = ()
    bed: tuple[str, ...] = ("0101", "0103")
    village_attribute: str = ""
    size: tuple[float, float] = (70.0, 48.0)
    shape: str = "plot"
    scene: str = "factory"
    scene_before: str = "field"
    kind: str = "land"
    use: str = "建筑物"
    split: bool = False
    place: str = "slot"
    bed_margin: float = 18.0
    note: str = ""


def _whole(role: str, date: str | None = BEFORE, until: str | None = None, use: str = "") -> Cover:
    return Cover(role, date, until, use=use)


_CONVERTED = _whole("farmland_conversion", use="工业用地")
_SUPPLIED = _whole("land_supply", "2022-08-02", use="工业用地")

LAND_CASES: tuple[Case, ...] = (
    Case(
        "approved_before",
        "农转用在前时相之前批准，全部覆盖",
        2,
        LEGAL,
        (LEGAL,),
        ("农用地转用批准",),
        (_CONVERTED, _SUPPLIED),
        size=(96, 70),
    ),
    Case(
        "approved_between",
        "农转用在两个时相之间批准",
        2,
        LEGAL,
        (LEGAL, DOUBT),
        ("农用地转用批准",),
        (_whole("farmland_conversion", BETWEEN, use="工业用地"), _whole("land_supply", "2023-01-12", use="工业用地")),
        note="动工时间未知，批准晚于前时相",
    ),
    Case(
        "approved_two_documents",
        "两个批文交叠，合并后恰好全部覆盖",
        2,
        LEGAL,
        (LEGAL,),
        ("农用地转用批准",),
        (
            Cover("farmland_conversion", LONG_BEFORE, stop=0.58, margin=0.0, use="工业用地"),
            Cover("farmland_conversion", BEFORE, start=0.42, margin=0.0, use="工业用地"),
            _SUPPLIED,
        ),
        size=(110, 64),
    ),
    Case(
        "partly_approved",
        "部分批准，须拆分",
        3,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("超占", "农用地转用批准"),
        (
            Cover("farmland_conversion", BEFORE, stop=0.6, use="工业用地"),
            Cover("land_supply", "2022-08-02", stop=0.6, use="工业用地"),
        ),
        size=(100, 60),
        split=True,
    ),
    Case(
        "approved_after",
        "后时相之后才批准（补办）",
        2,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用", "边报边用", "补办"),
        (_whole("farmland_conversion", AFTER, use="工业用地"),),
    ),
    Case(
        "approval_undated",
        "批文没有批准日期",
        1,
        DOUBT,
        (DOUBT,),
        ("农用地转用批准",),
        (_whole("farmland_conversion", None, use="工业用地"),),
    ),
    Case(
        "converted_not_supplied",
        "已农转用，未见供地",
        1,
        LEGAL,
        (LEGAL, DOUBT, ILLEGAL),
        ("农用地转用批准", "未供即用"),
        (_CONVERTED,),
    ),
    Case(
        "linkage",
        "增减挂钩建新区",
        2,
        LEGAL,
        (LEGAL,),
        ("城乡建设用地增减挂钩",),
        (_whole("linkage", BEFORE, use="农村集中居住"),),
        scene="houses",
    ),
    Case(
        "supply_only",
        "只有供地，未见农转用",
        1,
        DOUBT,
        (DOUBT, LEGAL),
        ("供地",),
        (_whole("land_supply", BEFORE, use="仓储用地"),),
    ),
    Case(
        "registration_only",
        "只有不动产登记",
        1,
        DOUBT,
        (DOUBT, LEGAL),
        ("不动产登记",),
        (_whole("registration", LONG_BEFORE, use="工业用地"),),
    ),
    Case(
        "advance_use",
        "先行用地在有效期内",
        1,
        LEGAL,
        (LEGAL, DOUBT, OTHER),
        ("先行用地",),
        (_whole("advance_use", "2022-11-10", "2023-11-09", use="交通运输用地"),),
        scene="bare",
        use="推土区",
    ),
    Case(
        "temporary_expired",
        "临时用地已到期",
        2,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("临时用地",),
        (_whole("temporary_land", "2019-03-20", "2021-03-19", use="施工便道及堆料场"),),
        scene="hardened",
        use="推土区",
    ),
    Case(
        "temporary_valid",
        "临时用地在有效期内",
        2,
        OTHER,
        (OTHER, DOUBT),
        ("临时用地",),
        (_whole("temporary_land", "2022-07-05", "2024-07-04", use="施工临时堆场"),),
        scene="hardened",
        use="推土区",
    ),
    Case(
        "facility_inside",
        "设施农用地备案范围之内",
        2,
        OTHER,
        (OTHER, DOUBT),
        ("设施农用地",),
        (_whole("facility_agriculture", "2022-05-11", use="畜禽养殖"),),
        scene="greenhouse",
        use="建筑物",
        bed=("0103",),
    ),
    Case(
        "facility_exceeded",
        "超出设施农用地备案范围，须拆分",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("设施农用地", "未报即用"),
        (Cover("facility_agriculture", "2022-05-11", stop=0.65, use="水产养殖"),),
        scene="greenhouse",
        split=True,
        bed=("0103",),
        size=(90, 46),
    ),
    Case(
        "rural_road",
        "农村道路，宽 2 至 8 米",
        2,
        OTHER,
        (OTHER, DOUBT),
        ("农村道路",),
        (Cover("rural_road", LONG_BEFORE, margin=0.4),),
        bed=("1006",),
        size=(150, 5.0),
        shape="strip",
        scene="road",
        use="线性地物",
        bed_margin=0.6,
    ),
    Case(
        "road_too_wide",
        "道路宽度超过 8 米",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("地方城镇道路", "未报即用"),
        bed=("0103",),
        size=(150, 11.5),
        shape="strip",
        scene="road",
        use="线性地物",
    ),
    Case(
        "road_of_network",
        "在国家公路网上的道路",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT, OTHER),
        ("国省干道", "未报即用", "实地未变化"),
        bed=(),
        size=(140, 6.0),
        shape="strip",
        scene="road",
        use="线性地物",
        place="highway",
        note="上一年度调查已是公路用地，可能是实地未变化；不得按农村道路处理",
    ),
    Case(
        "homestead_approved",
        "宅基地已审批",
        2,
        OTHER,
        (OTHER, LEGAL, DOUBT),
        ("农村宅基地",),
        (_whole("homestead", "2022-04-21", use="宅基地"),),
        bed=("0103",),
        size=(19, 13),
        scene="house",
    ),
    Case(
        "homestead_survey",
        "现状为农村宅基地（0702），未见审批",
        1,
        OTHER,
        (OTHER, DOUBT),
        ("农村宅基地", "实地未变化"),
        bed=("0702",),
        village_attribute="203",
        size=(20, 14),
        scene="house",
        scene_before="house",
        bed_margin=10,
    ),
    Case(
        "unchanged",
        "上一年度已是建设用地，实地未变化",
        2,
        OTHER,
        (OTHER, DOUBT),
        ("实地未变化",),
        bed=("0601",),
        size=(84, 52),
        scene_before="factory",
    ),
    Case(
        "village_203",
        "村庄（203）范围之内",
        2,
        OTHER,
        (OTHER, DOUBT),
        ("203范围", "农村宅基地", "实地未变化"),
        bed=("0702",),
        village_attribute="203",
        size=(44, 30),
        scene="houses",
        scene_before="yard",
        bed_margin=26,
    ),
    Case(
        "edge_uncovered",
        "批文差 0.3 米未盖满（边角细缝）",
        2,
        LEGAL,
        (LEGAL, OTHER, DOUBT),
        ("农用地转用批准", "边角细缝"),
        (Cover("farmland_conversion", BEFORE, trim=0.3, use="工业用地"), _SUPPLIED),
        size=(80, 55),
        shape="rectangle",
    ),
    Case(
        "edge_strip",
        "批准项目旁的细条",
        1,
        OTHER,
        (OTHER, DOUBT),
        ("边角细缝",),
        (Cover("farmland_conversion", BEFORE, stop=-0.02, margin=60.0, use="工业用地"),),
        size=(1.6, 90),
        shape="rectangle",
        scene="hardened",
    ),
    Case("nothing_paddy", "水田上无任何手续", 2, ILLEGAL, (ILLEGAL, DOUBT), ("未报即用",), bed=("0101",)),
    Case(
        "nothing_irrigated",
        "水浇地上无任何手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0102",),
        scene="hardened",
        use="推土区",
    ),
    Case(
        "nothing_dry",
        "旱地上无任何手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0103",),
        scene="bare",
        use="推土区",
    ),
    Case(
        "basic_farmland",
        "占用永久基本农田，无手续",
        2,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        (Cover("basic_farmland", None, stop=0.7, margin=14.0),),
        bed=("0101",),
        size=(88, 58),
    ),
    Case(
        "ecological_redline",
        "占用生态保护红线，无手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        (Cover("ecological_redline", None, margin=60.0),),
        bed=("0301", "0305"),
        scene="houses",
    ),
    Case(
        "development_boundary",
        "在城镇开发边界内，无手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        (Cover("development_boundary", None, margin=70.0),),
    ),
    Case(
        "photovoltaic_unused",
        "未利用地上的光伏",
        1,
        OTHER,
        (OTHER, DOUBT, ILLEGAL),
        ("光伏",),
        bed=("1206",),
        size=(92, 60),
        scene="photovoltaic",
        use="光伏用地",
    ),
    Case(
        "mining_land",
        "采矿用地未见用地批准",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("采矿用地", "未报即用"),
        bed=("0301", "0103"),
        size=(96, 72),
        scene="pit",
        use="采矿用地",
    ),
    Case(
        "restoration",
        "整治修复项目",
        1,
        OTHER,
        (OTHER, DOUBT),
        ("生态修复",),
        (_whole("restoration", "2022-03-30", use="土地整治"),),
        bed=("0103", "1206"),
        scene="restored",
        use="推土区",
    ),
    Case(
        "invalid_ring",
        "图形自相交（蝴蝶结）",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0103",),
        shape="bowtie",
        scene="bare",
        use="推土区",
    ),
    Case(
        "multipart",
        "多部件图斑，全部批准",
        1,
        LEGAL,
        (LEGAL,),
        ("农用地转用批准",),
        (_CONVERTED, _SUPPLIED),
        size=(100, 44),
        shape="multipart",
    ),
    Case(
        "with_hole",
        "带洞图斑，无手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0101",),
        size=(90, 70),
        shape="hole",
    ),
    Case("outside", "县界之外的图斑", 1, DOUBT, (DOUBT, ILLEGAL), (), bed=(), place="outside"),
    Case("duplicate_number", "监测编号重复", 1, ILLEGAL, (ILLEGAL, DOUBT), ("未报即用",), bed=("0103",)),
    Case(
        "tiny",
        "不足一亩，无手续",
        2,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0103",),
        size=(17, 12),
        scene="house",
    ),
    Case(
        "stale_area",
        "下发面积与图形不符，全部批准",
        1,
        LEGAL,
        (LEGAL, DOUBT),
        ("农用地转用批准",),
        (_CONVERTED, _SUPPLIED),
    ),
    Case(
        "previous_batch",
        "往期图斑再次下发，无手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        (Cover("previous_batch", "2022-12-20", margin=0.0),),
        bed=("0103",),
    ),
    Case(
        "large",
        "二十亩以上，无手续",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("未报即用",),
        bed=("0101", "0103"),
        size=(146, 104),
    ),
)

_LICENCE = Cover("mining_right", "2019-09-01", "2029-08-31", margin=45.0, use="建筑石料用灰岩")

MINING_CASES: tuple[Case, ...] = (
    Case("mine_inside", "采矿权范围内，许可证有效", 1, LEGAL, (LEGAL, DOUBT), ("采矿权",), (_LICENCE,), size=(84, 62)),
    Case(
        "mine_inside_large",
        "采矿权范围内，十亩以上",
        1,
        LEGAL,
        (LEGAL, DOUBT),
        ("采矿权",),
        (_LICENCE,),
        size=(124, 92),
    ),
    Case("mine_outside_large", "无采矿权，十亩以上", 1, ILLEGAL, (ILLEGAL, DOUBT), ("无证开采",), size=(118, 86)),
    Case("mine_outside", "无采矿权", 1, ILLEGAL, (ILLEGAL, DOUBT), ("无证开采",)),
    Case(
        "mine_expired",
        "采矿许可证已过期",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("无证开采", "采矿权"),
        (Cover("mining_right", "2016-05-20", "2021-05-19", margin=40.0, use="砖瓦用页岩"),),
    ),
    Case(
        "mine_straddling",
        "越出采矿权界，须拆分",
        1,
        ILLEGAL,
        (ILLEGAL, DOUBT),
        ("越界开采", "采矿权"),
        (Cover("mining_right", "2020-01-10", "2030-01-09", stop=0.62, margin=50.0, use="建筑石料用灰岩"),),
        size=(110, 66),
        split=True,
    ),
    Case("mine_no_activity", "无采矿活动", 1, OTHER, (OTHER, DOUBT, ILLEGAL), ("伪变化", "非矿业活动"), scene="field"),
    Case(
        "mine_restoration",
        "合法矿区内的矿山修复治理",
        1,
        OTHER,
        (OTHER, LEGAL, DOUBT),
        ("矿山修复", "采矿权"),
        (_LICENCE, _whole("restoration", "2022-02-18", use="矿山生态修复")),
        scene="restored",
    ),
)


def plan() -> tuple[Case, ...]:
    """All cases, one entry per parcel, land before mining; the mining rows get what all mining parcels share."""
    parcels = [case for case in LAND_CASES for _ in range(case.count)]
    for case in MINING_CASES:
        scene = "pit" if case.scene == "factory" else case.scene
        parcels.append(
            Case(
                **{
                    **case.__dict__,
                    "kind": "mining",
                    "use": "露天采场",
                    "bed": ("0301", "1206"),
                    "scene": scene,
                    "scene_before": "field",
                }
            )
        )
    return tuple(parcels)
