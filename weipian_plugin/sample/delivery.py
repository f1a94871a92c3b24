"""The delivery (下发): a zip with a shapefile of land parcels and one of mining parcels, as the ministry's systems export it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import cases
from .archive import write_gbk_zip
from .frame import COUNTY_CODE, COUNTY_NAME, GEOGRAPHIC, TOWN_NAME, geodesic_area, lon_lat
from .plots import Plot
from .registers import Row
from .vectors import write_shapefile

DELIVERY = "下发/永川区2023年第二季度卫片执法图斑.zip"
LAND_NAME = "永川区2023年5月土地图斑"
MINING_NAME = "永川区2023年5月矿产图斑"
STALE_FACTOR = 1.35

COLUMNS = (
    ("XZQDM", "str:6"), ("XMC", "str:30"), ("XZMC", "str:30"), ("JCBH", "str:30"), ("TBLX", "str:20"), ("QSX", "str:8"),
    ("HSX", "str:8"), ("DQJH", "str:20"), ("LZB", "float:14.8"), ("BZB", "float:14.8"), ("JCMJ", "float:15.2"),
    ("JCLB", "str:10"), ("FXFS", "str:20"), ("XFSJ", "str:10"), ("QQTBLX", "str:20"), ("QQJCBH", "str:30"), ("BZ", "str:254"),
)  # fmt: skip


def _remark(plot: Plot) -> str:
    if plot.case.kind == "mining":
        return "疑似露天开采"
    return {"pit": "疑似采矿用地", "photovoltaic": "疑似光伏", "road": "线性地物", "greenhouse": "疑似设施"}.get(
        plot.case.scene, ""
    )


def parcel_rows(plots: Sequence[Plot]) -> list[Row]:
    """The parcels as the delivery has them, with its column names."""
    rows: list[Row] = []
    for plot in plots:
        x, y = plot.centre
        lon, lat = lon_lat(x, y)
        area = geodesic_area(plot.valid) * (STALE_FACTOR if plot.case.code == "stale_area" else 1.0)
        earlier = next((p.document for p in plot.planted if p.role == "previous_batch"), "")
        values = {
            "XZQDM": COUNTY_CODE, "XMC": COUNTY_NAME, "XZMC": TOWN_NAME, "JCBH": plot.number, "TBLX": plot.case.use,
            "QSX": cases.BEFORE_IMAGE.replace("-", ""), "HSX": cases.AFTER_IMAGE.replace("-", ""), "DQJH": "渝西",
            "LZB": round(lon, 8), "BZB": round(lat, 8), "JCMJ": round(area * 0.0015, 2), "JCLB": plot.level,
            "FXFS": "卫星遥感", "XFSJ": cases.DELIVERED.replace("-", ""), "QQTBLX": "推土区" if earlier else None,
            "QQJCBH": earlier or None, "BZ": _remark(plot) or None,
        }  # fmt: skip
        rows.append(Row(plot.shape, values))
    return rows


def write_delivery(folder: Path, plots: Sequence[Plot], scratch: Path) -> Path:
    """Write the zip below `folder`; `scratch` is an existing empty folder for the loose files."""
    entries: dict[str, bytes] = {}
    for name, kind in ((LAND_NAME, "land"), (MINING_NAME, "mining")):
        path = scratch / f"{name}.shp"
        write_shapefile(
            path, parcel_rows([plot for plot in plots if plot.case.kind == kind]), COLUMNS, GEOGRAPHIC, cpg=False
        )
        for suffix in (".dbf", ".prj", ".shp", ".shx"):
            part = path.with_suffix(suffix)
            entries[f"永川区2023年第二季度卫片执法图斑/{part.name}"] = part.read_bytes()
    note = (
        "永川区2023年第二季度卫片执法监测图斑下发说明\r\n"
        "一、本批次含土地图斑与矿产图斑，坐标系为2000国家大地坐标系（经纬度），监测面积单位为亩。\r\n"
        "二、一级监测图斑月清，二级、三级监测图斑季清。\r\n"
        "（示例数据，由程序生成）\r\n"
    )
    entries["永川区2023年第二季度卫片执法图斑/下发说明.txt"] = note.encode("gbk")
    target = folder / DELIVERY
    target.parent.mkdir(parents=True, exist_ok=True)
    write_gbk_zip(target, entries)
    return target
