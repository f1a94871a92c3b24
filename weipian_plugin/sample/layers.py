"""Which file holds which role, in which format, CRS and encoding; and the catalogue (图层清单) that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import yaml

from .frame import GEOGRAPHIC, ZONE_PLAIN, ZONE_PREFIXED
from .registers import Row
from .vectors import write_database_layer, write_shapefile

_SURVEY_COLUMNS: tuple[tuple[str, str], ...] = (
    ("BSM", "str:18"), ("YSDM", "str:10"), ("TBBH", "str:8"), ("DLBM", "str:5"), ("DLMC", "str:60"), ("QSXZ", "str:2"),
    ("QSDWDM", "str:19"), ("QSDWMC", "str:60"), ("ZLDWDM", "str:19"), ("ZLDWMC", "str:60"), ("TBMJ", "float:15.2"),
    ("KCDLBM", "str:5"), ("KCXS", "float:6.4"), ("KCMJ", "float:15.2"), ("TBDLMJ", "float:15.2"), ("GDLX", "str:2"),
    ("GDPDJB", "str:2"), ("ZZSXDM", "str:6"), ("FRDBS", "str:1"), ("CZCSXM", "str:4"), ("SJNF", "int:4"), ("BZ", "str:254"),
)  # fmt: skip


@dataclass(frozen=True)
class LayerFile:
    """One source of the catalogue. `fields` is None where the source uses the usual names of its role."""

    role: str
    path: str
    epsg: int
    columns: tuple[tuple[str, str], ...]
    layer: str | None = None
    encoding: str = "GBK"
    cpg: bool = True
    stated_encoding: str | None = None
    fields: Mapping[str, str] | None = None
    rows: str = ""


LAYER_FILES: tuple[LayerFile, ...] = (
    LayerFile("land_survey", "调查/地类图斑2022.shp", ZONE_PREFIXED, _SURVEY_COLUMNS,
              fields={"class": "DLBM", "name": "DLMC", "ridge": "KCXS", "village_attribute": "CZCSXM", "year": "SJNF",
                      "number": "TBBH", "unit": "QSDWMC"}),
    LayerFile("land_survey", "调查/国土变更调查2021.gdb", ZONE_PREFIXED, _SURVEY_COLUMNS, layer="DLTB",
              rows="land_survey_previous"),
    LayerFile("basic_farmland", "规划/国土空间规划.gdb", ZONE_PREFIXED,
              (("YSDM", "str:10"), ("YJJBNTTBBH", "str:18"), ("DLBM", "str:5"), ("DLMC", "str:60"), ("QSXZ", "str:2"),
               ("YJJBNTMJ", "float:15.2"), ("BHKSSJ", "str:8")), layer="YJJBNTTB"),
    LayerFile("development_boundary", "规划/国土空间规划.gdb", GEOGRAPHIC,
              (("BSM", "str:18"), ("XZQMC", "str:100"), ("BJFQ", "str:50"), ("BJMJ", "float:15.2")), layer="CZKFBJ"),
    LayerFile("ecological_redline", "规划/生态保护红线.gpkg", GEOGRAPHIC,
              (("HXMC", "str:100"), ("HXLX", "str:50"), ("HXBM", "str:30"), ("MJ", "float:15.4")), layer="STBHHX",
              fields={"name": "HXMC", "class": "HXLX", "number": "HXBM"}),
    LayerFile("farmland_conversion", "审批/农转用.shp", ZONE_PLAIN,
              (("XMBH", "str:20"), ("XMMC", "str:100"), ("PZWH", "str:50"), ("PZRQ", "date"), ("PZJG", "str:50"),
               ("TDYT", "str:30"), ("PZMJ", "float:15.4")),
              fields={"document": "PZWH", "date": "PZRQ", "authority": "PZJG", "project": "XMMC", "use": "TDYT",
                      "area": "PZMJ"}),
    LayerFile("land_supply", "审批/供地.gpkg", ZONE_PREFIXED,
              (("XMMC", "str:100"), ("DZJGH", "str:30"), ("PFWH", "str:50"), ("PZRQ", "str:20"), ("PZJG", "str:50"),
               ("TDYT", "str:30"), ("GYFS", "str:20"), ("TDSYZ", "str:100"), ("GYMJ", "float:15.2")), layer="供地"),
    LayerFile("linkage", "审批/增减挂钩建新区.shp", ZONE_PREFIXED,
              (("XMBH", "str:20"), ("XMMC", "str:100"), ("PZWH", "str:50"), ("PZRQ", "str:10"), ("JXDKMC", "str:60"),
               ("JXMJ", "float:15.2")), encoding="UTF-8"),
    LayerFile("registration", "审批/不动产登记.gpkg", GEOGRAPHIC,
              (("不动产权证号", "str:60"), ("登记时间", "str:10"), ("权利人", "str:100"), ("用途", "str:30"),
               ("宗地面积", "float:15.2")), layer="宗地",
              fields={"document": "不动产权证号", "date": "登记时间", "unit": "权利人", "use": "用途", "area": "宗地面积"}),
    LayerFile("advance_use", "审批/先行用地.shp", GEOGRAPHIC,
              (("XMMC", "str:100"), ("PZWH", "str:50"), ("PZRQ", "str:8"), ("ZZSJ", "str:8"), ("PZJG", "str:50"),
               ("YDMJ", "float:15.2")), cpg=False, stated_encoding="GBK"),
    LayerFile("temporary_land", "审批/临时用地.shp", GEOGRAPHIC,
              (("XMMC", "str:100"), ("YDDW", "str:100"), ("LSYDYT", "str:50"), ("PZWH", "str:50"), ("PZSJ", "str:8"),
               ("ZZSJ", "str:8"), ("YDMJ", "float:15.2"), ("FKBZJ", "float:15.2")), cpg=False,
              fields={"document": "PZWH", "date": "PZSJ", "until": "ZZSJ", "project": "XMMC", "use": "LSYDYT",
                      "unit": "YDDW", "area": "YDMJ"}),
    LayerFile("facility_agriculture", "审批/设施农用地.shp", ZONE_PLAIN,
              (("BABH", "str:30"), ("XMMC", "str:100"), ("QLR", "str:100"), ("YDLX", "str:20"), ("BASJ", "str:10"),
               ("YDMJ", "float:15.2"))),
    LayerFile("homestead", "审批/宅基地审批.gpkg", ZONE_PREFIXED,
              (("批准书编号", "str:40"), ("户主姓名", "str:20"), ("批准日期", "str:10"), ("批准面积", "float:10.2")), layer="宅基地",
              fields={"document": "批准书编号", "date": "批准日期", "unit": "户主姓名", "area": "批准面积"}),
    LayerFile("rural_road", "审批/农村道路.shp", ZONE_PREFIXED,
              (("LXBM", "str:20"), ("DLMC", "str:60"), ("LMKD", "float:5.1"), ("JCSJ", "str:8"))),
    LayerFile("mining_right", "矿产/采矿权.shp", GEOGRAPHIC,
              (("XKZH", "str:30"), ("KSMC", "str:100"), ("CKQR", "str:100"), ("KCZKZ", "str:40"), ("YXQQ", "str:10"),
               ("YXQZ", "str:10"), ("FZJG", "str:50"), ("MJ", "float:12.4")),
              fields={"document": "XKZH", "date": "YXQQ", "until": "YXQZ", "project": "KSMC", "use": "KCZKZ", "unit": "CKQR",
                      "authority": "FZJG", "area": "MJ"}),
    LayerFile("restoration", "修复/整治修复项目.gpkg", ZONE_PREFIXED,
              (("XMMC", "str:100"), ("XMLX", "str:30"), ("PZWH", "str:50"), ("PZRQ", "str:10"), ("PZJG", "str:50")),
              layer="整治修复项目"),
    LayerFile("road_network", "基础/国家公路网.shp", GEOGRAPHIC,
              (("LXBM", "str:10"), ("LXMC", "str:60"), ("JSDJ", "str:10"), ("LMKD", "float:5.1")), encoding="UTF-8"),
    LayerFile("previous_batch", "往期/2022年第四季度图斑.shp", GEOGRAPHIC,
              (("JCBH", "str:30"), ("XZQDM", "str:6"), ("XMC", "str:30"), ("QSX", "str:8"), ("HSX", "str:8"),
               ("JCMJ", "float:15.2"), ("PDLX", "str:20"), ("ND", "int:4")), cpg=False,
              fields={"number": "JCBH", "date": "HSX", "class": "PDLX", "year": "ND"}),
    LayerFile("villages", "基础/村界.gpkg", GEOGRAPHIC,
              (("ZLDWDM", "str:19"), ("ZLDWMC", "str:60"), ("XZMC", "str:60")), layer="村界",
              fields={"name": "ZLDWMC", "number": "ZLDWDM", "unit": "XZMC"}),
)  # fmt: skip

IMAGERY = {"imagery_before": "影像/永川区大安街道_20220918.tif", "imagery_after": "影像/永川区大安街道_20230426.tif"}


def write_layers(folder: Path, rows: Mapping[str, Sequence[Row]], step: Callable[[], None]) -> None:
    """Write every layer file below `folder`; `step` is called after each."""
    written: dict[str, bool] = {}
    for layer_file in LAYER_FILES:
        path = folder / layer_file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        held = rows[layer_file.rows or layer_file.role]
        if path.suffix == ".shp":
            write_shapefile(path, held, layer_file.columns, layer_file.epsg, layer_file.encoding, layer_file.cpg)
        else:
            append = written.get(layer_file.path, False)
            write_database_layer(path, layer_file.layer or path.stem, held, layer_file.columns, layer_file.epsg, append)
            written[layer_file.path] = True
        step()


def catalogue() -> dict[str, Any]:
    """The layer catalogue as data."""
    layers: list[dict[str, Any]] = []
    for layer_file in LAYER_FILES:
        entry: dict[str, Any] = {
            "role": layer_file.role,
            "source": layer_file.path,
            "layer": layer_file.layer,
            "encoding": layer_file.stated_encoding,
        }
        if layer_file.fields is not None:
            entry["fields"] = dict(layer_file.fields)
        layers.append(entry)
    for role, source in IMAGERY.items():
        layers.append({"role": role, "source": source, "layer": None, "encoding": None})
    return {"version": 1, "layers": layers}


def write_catalogue(path: Path) -> None:
    """Write the catalogue with a heading that says what it is."""
    heading = (
        "# 图层清单：示例县（永川区大安街道，数据为程序生成，不是真实数据）\n"
        "# source 相对于本文件；encoding 为 null 时自动识别；fields 省略时按各角色的常用字段名识别。\n"
    )
    body = yaml.safe_dump(catalogue(), allow_unicode=True, sort_keys=False, width=120)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(heading + body)
