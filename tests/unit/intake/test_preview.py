"""Before anything is taken in, the user sees what would be made of it and can choose otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin import intake
from weipian_plugin.model.errors import WeipianError

from . import builder as b


def test_encoding_system_and_fields_are_shown_with_their_candidates(tmp_path: Path) -> None:
    (seen,) = intake.preview_delivery(b.write_shapefile(tmp_path / "a.shp", b.parcels(8), cpg="UTF-8"))
    assert seen.rows["BZ"].tolist() == ["疑似新增建设用地"] * 5 and seen.mapping.columns["number"] == "JCBH"
    assert seen.encoding_decision is not None and seen.encoding_decision.encoding == "gb18030"
    previews = {one.encoding: one.preview for one in seen.encoding_decision.candidates}
    assert "永川区" in previews["gb18030"] and "永川区" not in previews["utf-8"]
    assert seen.crs is not None and seen.crs.name == "EPSG:4490" and seen.problem is None
    assert seen.crs_candidates[0].inside == 1.0


def test_a_doubt_about_the_system_is_shown_and_not_raised(tmp_path: Path) -> None:
    path = b.write_shapefile(
        tmp_path / "a.shp", [b.parcel(i, XZQDM="", JCBH=str(i)) for i in (1, 2)], prj=None, epsg=4544
    )
    (seen,) = intake.preview_delivery(path)
    assert seen.crs is None and seen.problem is not None and seen.problem.code == "intake.crs_unknown"
    assert "EPSG:4544" in {one.crs for one in seen.crs_candidates}
    (chosen,) = intake.preview_delivery(path, intake.IntakeOptions(crs="EPSG:4544"))
    assert chosen.crs is not None and chosen.problem is None


def test_an_unknown_schema_is_shown_with_suggestions(tmp_path: Path) -> None:
    columns = (("图斑号码", "C", 30, 0), ("BZ", "C", 40, 0))
    path = b.write_shapefile(tmp_path / "a.shp", [{"图斑号码": "A1", "BZ": "甲", "geometry": b.square(1)}], columns)
    (seen,) = intake.preview_delivery(path)
    assert not seen.mapping.recognised
    assert ("number", "图斑号码") in {(one.key, one.column) for one in seen.mapping.suggestions}


def test_a_cut_file_is_an_error_in_the_preview_too(tmp_path: Path) -> None:
    path = b.write_shapefile(tmp_path / "a.shp", b.parcels(3))
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(WeipianError) as caught:
        intake.preview_delivery(tmp_path)
    assert caught.value.code == "intake.shp_cut"
