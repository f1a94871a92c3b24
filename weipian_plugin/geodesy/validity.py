"""Why a shape is not valid, in the words of the field; GEOS tells it in English."""

from __future__ import annotations

import shapely

#: Reasons of GEOS (TopologyValidationError) as they begin, longest first.
_REASONS = (
    ("Ring Self-intersection", "环自相交"),
    ("Self-intersection", "边界自相交"),
    ("Hole lies outside shell", "洞在外环之外"),
    ("Holes are nested", "洞相互嵌套"),
    ("Nested shells", "外环相互嵌套"),
    ("Interior is disconnected", "内部不连通"),
    ("Duplicate Rings", "环重复"),
    ("Too few points in geometry component", "点数不足"),
    ("Invalid Coordinate", "坐标不是数值"),
    ("Ring is not closed", "环不闭合"),
    ("Repeated point", "点重复"),
    ("Valid Geometry", "没有面积"),
)


def invalid_reason(geometry: object) -> str:
    """Why ``geometry`` is not valid; 拓扑错误 for a reason that is not known here."""
    told = str(shapely.is_valid_reason(geometry))
    return next((word for reason, word in _REASONS if told.startswith(reason)), "拓扑错误")
