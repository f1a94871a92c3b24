"""What QGIS's own GDAL makes of damaged shapefiles without a word, and what intake makes of the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from qgis.core import QgsVectorLayer

from tests.unit.intake import builder as b
from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError

TEXT = "疑似新增建设用地"


def by_qgis(path: Path) -> tuple[bool, list[str]]:
    """Whether QGIS calls the layer valid, and the remarks it shows."""
    layer = QgsVectorLayer(str(path), "图斑", "ogr")
    if not layer.isValid():
        return False, []
    return True, [str(feature["BZ"]) for feature in layer.getFeatures()]


SILENT = {
    "GBK without .cpg": {"encoding": "gbk"},
    "GBK although .cpg says UTF-8": {"encoding": "gbk", "cpg": "UTF-8"},
    "UTF-8 although .cpg says GBK": {"encoding": "utf-8", "cpg": "GBK"},
    "GBK with a nonsense .cpg": {"encoding": "gbk", "cpg": "nonsense"},
}


@pytest.mark.parametrize("options", SILENT.values(), ids=SILENT.keys())
def test_qgis_shows_wrong_text_without_a_word_where_intake_reads_it(
    options: dict[str, str], tmp_path: Path, qgis_app: object
) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2), **options)  # type: ignore[arg-type]
    valid, shown = by_qgis(path)
    assert valid and shown != [TEXT] * 2, "newer GDAL may have learnt this: then the table in the facts is out of date"
    assert [record["BZ"] for record in intake.read_delivery(path).parcels["delivered"]] == [TEXT] * 2


RIGHT = {"GBK with .cpg GBK": ("GBK", 0), "code-page byte 0x4D": (None, 0x4D), "gb18030": ("gb18030", 0)}


@pytest.mark.parametrize(("cpg", "code_page"), RIGHT.values(), ids=RIGHT.keys())
def test_both_read_what_is_declared_rightly(cpg: str | None, code_page: int, tmp_path: Path, qgis_app: object) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2), cpg=cpg, code_page=code_page)
    assert by_qgis(path) == (True, [TEXT] * 2)
    assert [record["BZ"] for record in intake.read_delivery(path).parcels["delivered"]] == [TEXT] * 2


def _half_table(path: Path) -> None:
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])


def _short_shapes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-60])


CUT = {
    "the table cut in half": (_half_table, "intake.dbf_cut"),
    "the shapes cut by 60 bytes": (_short_shapes, "intake.shp_cut"),
}


@pytest.mark.parametrize(("damage", "code"), CUT.values(), ids=CUT.keys())
def test_qgis_opens_a_cut_file_as_a_valid_layer_where_intake_refuses_it(
    damage: Callable[[Path], None], code: str, tmp_path: Path, qgis_app: object
) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2))
    damage(path)
    valid, _ = by_qgis(path)
    assert valid
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == code


def test_a_missing_index_stops_qgis_but_not_intake(tmp_path: Path, qgis_app: object) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2))
    path.with_suffix(".shx").unlink()
    assert by_qgis(path)[0] is False
    assert len(intake.read_delivery(path).parcels) == 2


def test_a_missing_prj_leaves_qgis_without_a_system(tmp_path: Path, qgis_app: object) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(2), prj=None)
    assert not QgsVectorLayer(str(path), "图斑", "ogr").crs().isValid()
    assert intake.read_delivery(path).batch.crs_certain is False
