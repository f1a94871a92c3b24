"""An office with a few parcels, real throughout: deliveries, layers and photos as files, taken in, measured and proposed by the pipeline.

Every land parcel is covered to three fifths by an approval of its time, so that its parts are proposed; 7 is of another year, 6 is a mine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from tests.unit.evidence.pictures import exif, gps, jpeg, scene
from tests.unit.intake import builder
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline.import_delivery import ImportDelivery
from weipian_plugin.pipeline.make_tables import MakeTables
from weipian_plugin.pipeline.match_photos import MatchPhotos
from weipian_plugin.pipeline.measure import MeasureParcels
from weipian_plugin.pipeline.propose import ProposeJudgments
from weipian_plugin.workspace import Workspace

COLUMNS = (*builder.COLUMNS, ("XFSJ", "C", 8, 0), ("JCLB", "C", 6, 0), ("XMMC", "C", 30, 0))
MINE, LAST_YEAR = 6, 7
SERIALS = (1, 2, 3, 4, 5, MINE, LAST_YEAR)
#: How a parcel may come again, each time another one: where it lies, when it was seen, what it is.
CHANGES = ("same", "moved", "dates", "kind", "name")


def number(serial: int) -> str:
    return builder.number(serial)


@dataclass(frozen=True)
class Delivered:
    """What a parcel was delivered as last."""

    east: float = 0.0
    later: str = "20230426"
    kind: str = "land"
    project: str = "下发项目"

    def changed(self, how: str) -> Delivered:
        if how == "moved":
            return replace(self, east=2e-5 if self.east == 0 else 0.0)
        if how == "dates":
            return replace(self, later="20230501" if self.later == "20230426" else "20230426")
        if how == "kind":
            return replace(self, kind="mining" if self.kind == "land" else "land")
        if how == "name":
            return replace(self, project="下发项目二" if self.project == "下发项目" else "下发项目")
        return self


class SmallOffice:
    """A folder with deliveries, layers and photos, and the workspace that is made from them."""

    def __init__(self, folder: Path, who: str = "系统") -> None:
        self.folder = folder
        self.known: dict[int, Delivered] = {}
        self.shots = 0
        catalogue = write_layers(folder / "图层")
        (folder / "成果").mkdir(parents=True)
        self.catalogue, self.workspace, self.who = catalogue, folder / "成果" / "工作库.gpkg", who
        self.store = Workspace.create(self.workspace)

    def deliver(self, serials: Iterable[int], change: str = "same") -> dict[str, int]:
        """A delivery of these parcels, of each kind in a file of its own; what was delivered before is changed as ``change`` says."""
        made: dict[str, list[dict[str, Any]]] = {}
        for serial in serials:
            first = Delivered(kind="mining" if serial == MINE else "land")
            delivered = self.known[serial].changed(change) if serial in self.known else first
            self.known[serial] = delivered
            shape = shapely.affinity.translate(builder.square(serial), delivered.east, 0)
            issued = "20250105" if serial == LAST_YEAR else "20260105"
            values = {"HSX": delivered.later, "XFSJ": issued, "JCLB": "一级", "XMMC": delivered.project}
            made.setdefault(delivered.kind, []).append(builder.parcel(serial, shape, **values))
        counts: dict[str, int] = {}
        for kind, rows in made.items():
            path = builder.write_shapefile(self.folder / "下发" / kind / "图斑.shp", rows, COLUMNS)
            step = ImportDelivery(path, self.workspace, kind=kind, who=self.who)
            for name, count in step.run(self.store, Silent()).outputs().items():
                counts[name] = counts.get(name, 0) + count
        return counts

    def measure(self) -> None:
        MeasureParcels(self.workspace, self.catalogue, who=self.who).run(self.store, Silent())
        ProposeJudgments(self.workspace, profile="national-2023", who=self.who).run(self.store, Silent())

    def tabulate(self, report: Path, day: str, year: int) -> dict[str, int]:
        """台账与统计 of a year as of a day."""
        step = MakeTables(self.workspace, report, as_of=day, year=year, who=self.who)
        step.prepare()
        return dict(step.run(self.store, Silent()).outputs())

    def shoot(self, serial: int, again: bool = False) -> dict[str, int]:
        """Somebody gives a folder with one new photo of a parcel (``again``: and one that was given before)."""
        self.shots += 1
        folder = self.folder / "照片" / str(self.shots)
        folder.mkdir(parents=True)
        west, south, _, north = builder.square(serial).bounds
        place = gps(lon=west - 0.0002, lat=(south + north) / 2)
        content = jpeg(exif(place, time="2023:06:01 10:20:30"), picture=scene(self.shots, 96, 72))
        (folder / f"{self.shots}.jpg").write_bytes(content)
        if again and self.shots > 1:
            (folder / "再给.jpg").write_bytes((folder.parent / "1" / "1.jpg").read_bytes())
        return dict(MatchPhotos(self.workspace, (str(folder),), who=self.who).run(self.store, Silent()).outputs())


def write_layers(folder: Path) -> Path:
    """Approvals over the western three fifths of parcels 1 to 5 and 7, and a survey of cropland below and wood above; the catalogue."""
    approvals: list[Mapping[str, Any]] = []
    survey: list[Mapping[str, Any]] = []
    for serial in SERIALS:
        west, south, east, north = builder.square(serial).bounds
        edge, middle = west + (east - west) * 0.6, south + (north - south) * 0.37
        if serial != MINE:
            values = {"PZWH": f"渝府地〔2022〕{serial}号", "PZRQ": "20221101", "PZJG": "市政府", "XMMC": "园区"}
            approvals.append({"geometry": _box(west - 1e-4, south - 1e-4, edge, north + 1e-4), **values})
        survey.append({"geometry": _box(west - 2e-4, south - 2e-4, east + 2e-4, middle), "DLBM": "0101"})
        survey.append({"geometry": _box(west - 2e-4, middle, east + 2e-4, north + 2e-4), "DLBM": "0301"})
    texts = (("PZWH", "C", 40, 0), ("PZRQ", "C", 8, 0), ("PZJG", "C", 20, 0), ("XMMC", "C", 20, 0))
    builder.write_shapefile(folder / "农转用.shp", approvals, texts)
    builder.write_shapefile(folder / "地类.shp", survey, (("DLBM", "C", 5, 0),))
    catalogue = folder / "清单.yaml"
    catalogue.write_text(
        "version: 1\nlayers:\n"
        "  - {role: farmland_conversion, source: 农转用.shp, fields: {document: PZWH, date: PZRQ, authority: PZJG, project: XMMC}}\n"
        "  - {role: land_survey, source: 地类.shp, fields: {class: DLBM}}\n",
        encoding="utf-8",
    )
    return catalogue


def _box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.Polygon([(west, south), (west, north), (east, north), (east, south), (west, south)])
