"""What a person corrects of a delivery: per file, by parameter, and kept for the next delivery of the same columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin import intake
from weipian_plugin.intake.corrections import (
    corrected,
    read_corrections,
    save_schema,
    saved_schemas,
    schema_for,
    write_corrections,
)
from weipian_plugin.intake.settings import FileChoice, IntakeOptions
from weipian_plugin.model.errors import WeipianError

from . import builder as b

COLUMNS = (("号", "C", 30, 0), ("大小", "N", 12, 2), ("前", "C", 8, 0), ("后", "C", 8, 0))


def unknown(path: Path, first: int = 1) -> Path:
    """A file of a schema that nobody knows, its areas in hectares."""
    rows = [
        {"号": b.number(first + n), "大小": b.square_metres(b.square(first + n)) / 10000, "前": "20220101", "后": "20230101",
         "geometry": b.square(first + n)}
        for n in range(4)
    ]  # fmt: skip
    return b.write_shapefile(path, rows, COLUMNS)


def test_pairs_of_the_parameter_name_fields_in_chinese_or_by_key(tmp_path: Path) -> None:
    path = unknown(tmp_path / "a.shp")
    with pytest.raises(WeipianError) as caught:
        intake.read_delivery(path)
    assert caught.value.code == "intake.fields_unknown"
    options = corrected(IntakeOptions(), "图斑编号=号; delivered_area=大小；前时相=前\n后时相=后", "矿产")
    taken = intake.read_delivery(path, options)
    assert len(taken.parcels) == 4
    assert set(taken.parcels["kind"]) == {"mining"}
    assert set(taken.parcels["later_image"]) == {"2023-01-01"}
    assert set(taken.parcels["delivered_unit"]) == {"ha"}


def test_each_file_of_a_delivery_has_its_own_corrections(tmp_path: Path) -> None:
    folder = tmp_path / "下发"
    folder.mkdir()
    unknown(folder / "矿.shp")
    b.write_shapefile(folder / "土地.shp", b.parcels(2))
    choice = FileChoice(unit="m2", kind="mining", fields={"number": "号", "delivered_area": "大小"})
    place = write_corrections(tmp_path / "字段对照.yaml", {"矿.shp": choice})
    assert read_corrections(place)[1] == {"矿.shp": choice}
    taken = intake.read_delivery(folder, corrected(IntakeOptions(), str(place), None))
    kinds = taken.parcels.groupby("source")["kind"].first().to_dict()
    assert kinds == {"矿.shp": "mining", "土地.shp": "land"}
    units = taken.parcels.groupby("source")["delivered_unit"].first().to_dict()
    assert units["矿.shp"] == "m2"
    assert "area_mismatch" in taken.parcels[taken.parcels["source"] == "矿.shp"].iloc[0]["flags"], (
        "a wrong unit is seen"
    )


def test_encoding_and_system_are_corrected_for_one_file_only(tmp_path: Path) -> None:
    folder = tmp_path / "下发"
    folder.mkdir()
    b.write_shapefile(folder / "a.shp", [b.parcel(1, b.square(1))], prj=None, epsg=4544)
    b.write_shapefile(folder / "b.shp", [b.parcel(2, b.square(2))])
    options = IntakeOptions(files={"a.shp": FileChoice(crs="EPSG:4544", encoding="UTF-8")})
    seen = {one.name: one for one in intake.preview_delivery(folder, options)}
    assert seen["a.shp"].encoding.lower() == "utf-8"
    assert seen["b.shp"].encoding == "gb18030"
    assert seen["a.shp"].crs is not None and seen["a.shp"].crs.name == "EPSG:4544"


def test_a_mapping_is_found_again_by_the_same_columns(tmp_path: Path) -> None:
    choice = FileChoice(unit="ha", fields={"number": "号", "delivered_area": "大小"})
    save_schema(tmp_path / "本县设置", "某区/移交", ["号", "大小", "前", "后"], choice)
    known = saved_schemas([tmp_path / "本县设置", tmp_path / "没有"])
    found = schema_for(["后", "前", "大 小", "号"], known)
    assert found is not None
    assert (found.title, found.choice) == ("某区/移交", choice)
    assert schema_for(["号", "大小", "前"], known) is None
    assert schema_for(["号", "大小", "前", "后", "新"], known) is None
    save_schema(tmp_path / "本县设置", "某区/移交", ["号"], choice)
    assert len(saved_schemas([tmp_path / "本县设置"])) == 1, "the same title is replaced"


def test_a_schema_file_that_is_broken_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "坏.yaml").write_text("a: [", encoding="utf-8")
    (tmp_path / "错.yaml").write_text("columns: [a]\nfields: {nonsense: a}\n", encoding="utf-8")
    assert saved_schemas([tmp_path]) == []


@pytest.mark.parametrize(
    ("fields", "kind", "code"),
    [
        ("编号", None, "intake.fields_not_pairs"),
        ("图斑编号=", None, "intake.fields_not_pairs"),
        ("颜色=号", None, "intake.field_key_unknown"),
        (None, "海", "intake.kind_unknown"),
        ("没有.yaml", None, "intake.profile_unreadable"),
    ],
)
def test_a_wrong_parameter_is_a_clear_error(fields: str | None, kind: str | None, code: str) -> None:
    with pytest.raises(WeipianError) as caught:
        corrected(IntakeOptions(), fields, kind)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["[1, 2", "fields: 3", "- a", "fields: {nonsense: a}", "files: {a: 3}", "kind: 海"])
def test_a_broken_file_is_a_clear_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WeipianError):
        read_corrections(tmp_path / "p.yaml")
