"""Names of facts in conditions (什么会改变结论) for readers of other languages: a layer, what is asked of it, and since when it holds.

Conditions are composed of these pieces in Chinese (see :mod:`..judgment.vocabulary`); so are their translations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..model.vocabulary import role_title, roles
from ..toolbelt.language import tr

#: Besides the titles of layers: pieces in the order of the vocabulary.
_PIECES = (
    "图层已加载", "文号数", "无文号块数", "无日期块数", "无终止日期块数", "最早日期", "最晚日期", "最早终止日期", "最长期限",
    "已撤销或未批块数", "存有疑点块数", "批准用途与填报用途不符块数", "填报建设时间早于批准", "所载用途不符块数", "项目名称与填报不同",
    "项目名称", "图斑种类", "监测级别", "监测类型", "下发日期", "影像首见（动工区间）", "影像首见晚于前时相", "标记", "是拟拆分地块",
    "边角碎块", "拟拆分地块数", "地类（实地，否则套合）", "前后时相日期矛盾", "填报建设时间在前时相之后", "填报用途类别", "填报为非农用途",
    "填报用途与调查地类不符", "照片数", "带方位角照片数", "后时相之后照片数", "拍摄方向数", "已有材料", "（前时相前）", "（两时相间）",
    "（后时相后）", "（已过期）", "（日期不明）", "（已失效）", "（按时）", "图斑面积", "已批面积", "前时相前已批", "两时相间批准",
    "后时相后批准（补办）", "已批占比", "未批面积", "按时已批", "按时未批面积", "未批耕地", "未批永久基本农田", "未批生态保护红线", "未供面积",
    "（扣除已批）", "农用地", "地类图斑重叠", "田坎", "上一年度建设用地", "主要地类", "未批块数", "未批块最大宽度", "未批块紧凑度",
    "沿轴线宽度", "沿轴线最大宽度", "长宽比", "与国家公路网相交", "单一依据最大覆盖占比", "以外面积", "占比", "批文", "整图斑", "填报",
    "建设用地", "未利用地", "其他农用地", "耕地", "无地类", "建设时间", "用途分类细化", "不占用", "是", "否",
)  # fmt: skip


def fact_name(text: str) -> str:
    """A run of Chinese out of a condition in the reader's language; as it is where a part of it has no name."""
    known = _names()
    found = _pattern().fullmatch(text)
    if found is None:
        return text
    words = [known[piece] for piece in _piece().findall(text)]
    return " ".join(words)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {**{piece: tr(piece) for piece in _PIECES}, **{role_title(role): role_title(role, "en") for role in roles()}}


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_names(), key=len, reverse=True))))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{_piece().pattern})+")
