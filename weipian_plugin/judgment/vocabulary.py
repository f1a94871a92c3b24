"""Every fact a rule may test, by name, with its unit and its Chinese title. A profile that names another fact is refused.

Measures and their families come from ``resources/measures.yaml``; the other facts are listed here:

* ``<area>_remainder`` = max(0, parcel area − area) in m², ``<area>_share`` = area ÷ parcel area in percent;
* ``<role>_loaded`` … ``<role>_term_days``: what the documents of a role say (roles of the catalogue, and ``approvals`` for all approval roles);
* parcel attributes, evidence, ``claim_<key>`` (what the delivered table claims), ``whole_<fact>`` (a part asks about its parcel).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..model.vocabulary import measured_roles, measures, named_measures, role_title


@dataclass(frozen=True)
class Fact:
    """``unit`` is m2, m, percent, ratio, count, days, flag, text, date or list; ``source`` says who answers it."""

    name: str
    unit: str
    title: str
    source: str  # measure, remainder, share, document, parcel, evidence, claim, whole
    of: str = ""  # the measure, role, attribute or claim it is taken from
    aspect: str = ""


#: What the documents (批文, 备案, 许可证, ...) of a role say about a parcel.
DOCUMENT_ASPECTS: Mapping[str, tuple[str, str]] = {
    "loaded": ("flag", "图层已加载"),
    "documents": ("count", "文号数"),
    "unnumbered_pieces": ("count", "无文号块数"),
    "undated_pieces": ("count", "无日期块数"),
    "pieces_without_until": ("count", "无终止日期块数"),
    "earliest": ("date", "最早日期"),
    "latest": ("date", "最晚日期"),
    "until": ("date", "最早终止日期"),
    "term_days": ("days", "最长期限"),
    "void_pieces": ("count", "已撤销或未批块数"),
    "doubtful_pieces": ("count", "存有疑点块数"),
    "use_conflicts": ("count", "批准用途与填报用途不符块数"),
    "started_before": ("flag", "填报建设时间早于批准"),
    "unfit_use_pieces": ("count", "所载用途不符块数"),
    "projects": ("list", "项目名称"),
    "project_differs": ("flag", "项目名称与填报不同"),
}

#: Attributes of the parcel, or of the part under judgment.
PARCEL_FACTS: Mapping[str, tuple[str, str]] = {
    "kind": ("text", "图斑种类"),
    "level": ("text", "监测级别"),
    "type": ("text", "监测类型"),
    "earlier_image": ("date", "前时相"),
    "later_image": ("date", "后时相"),
    "issued": ("date", "下发日期"),
    "first_seen": ("date", "影像首见（动工区间）"),
    "first_seen_since": ("flag", "影像首见晚于前时相"),
    "flags": ("list", "标记"),
    "is_part": ("flag", "是拟拆分地块"),
    "sliver": ("flag", "边角碎块"),
    "parts": ("count", "拟拆分地块数"),
    "class": ("text", "地类（实地，否则套合）"),
    "images_contradict": ("flag", "前后时相日期矛盾"),
    "built_since_earlier": ("flag", "填报建设时间在前时相之后"),
    "use_groups": ("list", "填报用途类别"),
    "non_agricultural_use": ("flag", "填报为非农用途"),
    "use_against_survey": ("flag", "填报用途与调查地类不符"),
}

EVIDENCE_FACTS: Mapping[str, tuple[str, str]] = {
    "photos": ("count", "照片数"),
    "photos_with_azimuth": ("count", "带方位角照片数"),
    "photos_after": ("count", "后时相之后照片数"),
    "directions": ("count", "拍摄方向数"),
    "documents": ("list", "已有材料"),
}

#: What a delivered or exported table may claim. A claim supports nothing by itself.
CLAIM_FACTS: Mapping[str, tuple[str, str]] = {
    "category": ("text", "核实认定意见"),
    "subtype": ("text", "分类"),
    "use": ("text", "用途分类细化"),
    "project": ("text", "项目名称"),
    "holder": ("text", "项目主体"),
    "construction_date": ("date", "建设时间"),
    "ground_class": ("text", "实地地类"),
    "village_attribute": ("text", "城镇村属性"),
    "approval_number": ("text", "用地审批批准文号"),
    "approval_document": ("text", "合法用地批文"),
    "approval_share": ("percent", "用地审批占比"),
    "supply_number": ("text", "土地供应批准文号"),
    "supply_share": ("percent", "土地供应占比"),
    "registration_number": ("text", "不动产权证号"),
    "registration_share": ("percent", "不动产登记占比"),
    "temporary_number": ("text", "临时用地批准文号"),
    "temporary_share": ("percent", "临时用地占比"),
    "facility_number": ("text", "设施农用地上图入库号"),
    "facility_confirmed": ("text", "是否认定设施"),
    "facility_share": ("percent", "设施农用地占比"),
    "main_building_share": ("percent", "主体建筑套合占比"),
    "mining_licence": ("text", "采矿许可证号"),
    "rectification": ("text", "整改情况"),
    "area_mu": ("mu", "地块面积"),
    "farmland_mu": ("mu", "占耕地面积"),
    "basic_farmland_mu": ("mu", "占基本农田面积"),
    "other_agricultural_mu": ("mu", "占非耕农用地面积"),
    "unused_mu": ("mu", "占未利用地面积"),
    "ecological_redline_mu": ("mu", "占生态红线面积"),
    "construction_mu": ("mu", "建设用地面积"),
}

#: The union of all approval roles, as a role of its own.
APPROVALS = "approvals"


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Fact]:
    """Every fact by name."""
    known = measures()
    facts: dict[str, Fact] = {}

    def add(fact: Fact) -> None:
        facts.setdefault(fact.name, fact)

    for name, measure in known.items():
        add(Fact(name, measure.unit, measure.title, "measure", name))
    for name, measure in known.items():
        if measure.unit == "m2" and name != "area":
            add(Fact(f"{name}_remainder", "m2", f"{measure.title}以外面积", "remainder", name))
            add(Fact(f"{name}_share", "percent", f"{measure.title}占比", "share", name))
    for role in (APPROVALS, "land_survey", *measured_roles()):
        for aspect, (unit, title) in DOCUMENT_ASPECTS.items():
            add(
                Fact(
                    f"{role}_{aspect}",
                    unit,
                    f"{'批文' if role == APPROVALS else role_title(role)}{title}",
                    "document",
                    role,
                    aspect,
                )
            )
    for source, table, prefix in (
        ("parcel", PARCEL_FACTS, ""),
        ("evidence", EVIDENCE_FACTS, ""),
        ("claim", CLAIM_FACTS, "claim_"),
    ):
        for name, (unit, title) in table.items():
            add(Fact(prefix + name, unit, title if source != "claim" else f"填报{title}", source, name))
    for fact in tuple(facts.values()):
        add(Fact(f"whole_{fact.name}", fact.unit, f"整图斑{fact.title}", "whole", fact.name))
    return facts


def titles() -> tuple[str, ...]:
    """The titles that those of facts are composed of, beside roles and timings: each stands here or in ``measures.yaml``, and nowhere else."""
    tables = (DOCUMENT_ASPECTS, PARCEL_FACTS, EVIDENCE_FACTS, CLAIM_FACTS)
    listed = [title for table in tables for _, title in table.values()]
    return tuple(dict.fromkeys([*listed, *(measure.title for measure in named_measures().values())]))


def plain(value: object) -> Any:
    """None for every spelling of "nothing" that tables use (None, NaN, NaT, blank text); other values unchanged."""
    if value is None or value != value:  # NaN and NaT are not equal to themselves
        return None
    if isinstance(value, str):
        return value.strip() or None
    return value
