"""The field package in real QGIS: what QField's and Mergin's checkers ask of a project holds, and nothing delivered can be changed outside.

libqfieldsync itself is on no package registry; its rules are written out here (project_checker.py of opengisch/libqfieldsync, read 2026-11).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from tests.qgis.running import run


@pytest.fixture(scope="module")
def package(qgis_app: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("外业 县")
    county = run("sample", FOLDER=folder / "县")
    for step, parameters in (
        ("intake", {"DELIVERY": county["DELIVERY"]}),
        ("overlay", {"CATALOGUE": county["CATALOGUE"]}),
        ("judge", {}),
    ):
        run(step, WORKSPACE=folder / "库.gpkg", **parameters)
    result = run(
        "fieldpackage",
        WORKSPACE=folder / "库.gpkg",
        FOLDER=folder / "phone",
        CATALOGUE=county["CATALOGUE"],
        FILTER="500118SJBG23210001,500118SJBG23210002,500118SJBG23210005",
    )
    return folder / "phone", result


@pytest.fixture
def project(package: tuple[Path, dict[str, Any]]) -> Any:
    opened = QgsProject()
    assert opened.read(str(package[0] / "weipian_field.qgz"))
    yield opened
    opened.clear()


def layer(project: QgsProject, name: str) -> QgsVectorLayer:
    (found,) = [entry for entry in project.mapLayers().values() if entry.name() == name]
    return found


def test_the_algorithm_counts_what_it_wrote(package: tuple[Path, dict[str, Any]]) -> None:
    folder, result = package
    assert result["PARCELS"] == 3 and result["WAY"] > 0
    assert result["BYTES"] == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert len(list((folder / "img").glob("*.jpg"))) == 3


def test_paths_are_relative_names_ascii_and_no_home_is_set(package: tuple[Path, dict[str, Any]], project: Any) -> None:
    folder, _ = package
    assert not project.presetHomePath()
    assert project.readBoolEntry("Paths", "/Absolute", True)[0] is False
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).as_posix()
        assert inside.isascii() and not re.search(r'[<>:"\\|?*]', inside) and len(inside) <= 200
    assert [path.name for path in folder.rglob("weipian_field.*")] == ["weipian_field.qgz"]


def test_every_layer_opens_in_the_copied_folder_and_has_an_action(
    package: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    import shutil

    copied = tmp_path / "sdcard"
    shutil.copytree(package[0], copied)
    opened = QgsProject()
    assert opened.read(str(copied / "weipian_field.qgz"))
    layers = list(opened.mapLayers().values())
    assert {entry.name() for entry in layers} == {"图斑", "照片", "前时相影像", "后时相影像"}
    for entry in layers:
        assert entry.isValid() and str(copied) in entry.source()
        assert entry.customProperty("QFieldSync/action") == "copy"
        if isinstance(entry, QgsVectorLayer):
            assert entry.dataProvider().encoding() in ("UTF-8", "")
            keys = entry.primaryKeyAttributes()
            assert [entry.fields()[key].name() for key in keys] == ["fid"]
    opened.clear()


def test_delivered_columns_and_geometry_are_locked_the_verifiers_own_are_open(project: Any) -> None:
    parcels = layer(project, "图斑")
    for lock in ("is_geometry_locked", "is_feature_addition_locked", "is_feature_deletion_locked"):
        assert parcels.customProperty(f"QFieldSync/{lock}")
    config = parcels.editFormConfig()
    open_columns = {field.name() for i, field in enumerate(parcels.fields()) if not config.readOnly(i)}
    assert open_columns == {
        "use_detail", "project_name", "construction_date", "project_owner", "field_description", "verifier", "visited_at",
    }  # fmt: skip
    assert [child.name() for child in config.invisibleRootContainer().children()] == ["现场核查", "图斑信息"]
    assert all(parcels.attributeAlias(parcels.fields().indexOf(name)) for name in open_columns)


def test_photos_are_children_with_a_naming_rule_and_a_relative_path(project: Any) -> None:
    photos = layer(project, "照片")
    (relation,) = project.relationManager().relations().values()
    assert relation.isValid() and relation.referencingLayer().name() == "照片"
    assert [(pair[0], pair[1]) for pair in relation.fieldPairs().items()] == [("parcel_uuid", "uuid")]
    assert set(json.loads(photos.customProperty("QFieldSync/attachment_naming"))) == {"path"}
    setup = photos.editorWidgetSetup(photos.fields().indexOf("path"))
    assert setup.type() == "ExternalResource" and setup.config()["RelativeStorage"] == 1
    assert "uuid" in photos.defaultValueDefinition(photos.fields().indexOf("uuid")).expression()


def test_the_naming_rule_gives_each_photo_a_name_of_its_own_below_the_folder_of_photos(
    package: tuple[Path, dict[str, Any]], project: Any
) -> None:
    """As QField does: the expression in the scope of the photo's row, with the answer as the file's name."""
    photos, parcels = layer(project, "照片"), layer(project, "图斑")
    rule = QgsExpression(json.loads(photos.customProperty("QFieldSync/attachment_naming"))["path"])
    assert not rule.hasParserError(), rule.parserErrorString()
    names = []
    for parcel in parcels.getFeatures():
        row = QgsFeature(photos.fields())
        row["parcel_uuid"], row["uuid"], row["purpose"] = parcel["uuid"], f"u{parcel['number']}", "现状"
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(photos))
        context.setFeature(row)
        name = rule.evaluate(context)
        assert not rule.hasEvalError(), rule.evalErrorString()
        assert isinstance(name, str) and name.isascii() and name.startswith("DCIM/")
        assert name.endswith(".{extension}"), "QField puts the camera's in"
        names.append(name)
    assert len(set(names)) == len(names) == 3


def test_a_row_edited_in_qgis_comes_back(package: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """QGIS itself edits the package, as the phone's app does: with the same library, in an edit session."""
    import shutil

    from weipian_plugin.evidence.fieldwork import read_return
    from weipian_plugin.workspace import Workspace

    folder = tmp_path / "phone"
    shutil.copytree(package[0], folder)
    parcels = QgsVectorLayer(f"{folder / 'field.gpkg'}|layername=parcels", "p", "ogr")
    assert parcels.startEditing()
    row = next(parcels.getFeatures())
    parcels.changeAttributeValue(row.id(), parcels.fields().indexOf("field_description"), "已建成厂房一栋")
    assert parcels.commitChanges(), parcels.commitErrors()
    with Workspace.open(package[0].parent / "库.gpkg") as store:
        (found,) = read_return(store, folder).edits
    assert (found.parcel, found.column, found.value) == (row["number"], "field_description", "已建成厂房一栋")


def test_imagery_is_clipped_to_the_parcels(package: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = package
    images = sorted(folder.glob("*.tif"))
    assert [path.name.split("_")[0] for path in images] == ["after", "before"]
    for path in images:
        image = QgsRasterLayer(str(path), "x")
        assert image.isValid() and image.extent().width() > 0


def test_the_way_back_takes_values_and_photos_once_and_keeps_what_was_there(
    package: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    import shutil
    import sqlite3
    from contextlib import closing

    from weipian_plugin.workspace import Workspace

    folder = tmp_path / "phone"
    shutil.copytree(package[0], folder)
    store = shutil.copy(package[0].parent / "库.gpkg", tmp_path / "库.gpkg")
    photos = sorted((package[0].parent / "县" / "照片").rglob("*.jpg"))[:2]
    run("photos", WORKSPACE=store, PHOTOS=photos[0].parent)
    with Workspace.open(Path(store)) as opened:
        before = opened.count("photo")
    new = folder / "DCIM" / "new.jpg"
    new.write_bytes(photos[1].read_bytes() + b"\x00")  # another file of the same scene
    (folder / "DCIM" / "empty.jpg").write_bytes(b"")
    with closing(sqlite3.connect(str(folder / "field.gpkg"))) as phone, phone:
        key, number = phone.execute("SELECT uuid, number FROM parcels LIMIT 1").fetchone()
        phone.execute("UPDATE parcels SET project_owner = '某某厂', verifier = '李四' WHERE uuid = ?", (key,))
        for name in ("new.jpg", "empty.jpg"):
            phone.execute("INSERT INTO photos (uuid, parcel_uuid, path) VALUES (?, ?, ?)", (name, key, f"DCIM/{name}"))
    seen = run("fieldreturn", WORKSPACE=store, FOLDER=folder, PREVIEW=True)
    assert (seen["NEW"], seen["PHOTOS"], seen["REJECTED"]) == (1, 1, 1)
    with Workspace.open(Path(store)) as opened:
        assert opened.count("field_result") == 0 and opened.count("photo") == before
    run("fieldreturn", WORKSPACE=store, FOLDER=folder, REPORT=tmp_path / "报表")
    assert (tmp_path / "报表" / "field-return.xlsx").is_file()
    again = run("fieldreturn", WORKSPACE=store, FOLDER=folder)
    assert (again["NEW"], again["PHOTOS"]) == (0, 0)
    with Workspace.open(Path(store)) as opened:
        assert opened.count("field_result") == 1 and opened.count("photo") == before + 1
        (result,) = opened.records("field_result")
        assert (result["parcel"], result["value"], result["verifier"]) == (number, "某某厂", "李四")


def test_from_the_phone_to_the_package(package: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """The whole way: out, edited and photographed, back, decided on what came back, and filed."""
    import shutil
    import sqlite3
    from contextlib import closing

    from tests.drill import desk
    from tests.unit.evidence.pictures import exif, gps, jpeg, scene
    from weipian_plugin.workspace import Workspace

    folder, store = tmp_path / "phone", Path(shutil.copy(package[0].parent / "库.gpkg", tmp_path / "库.gpkg"))
    shutil.copytree(package[0], folder)
    with closing(sqlite3.connect(str(folder / "field.gpkg"))) as phone, phone:
        key, number = phone.execute("SELECT uuid, number FROM parcels ORDER BY visit_order LIMIT 1").fetchone()
        with Workspace.open(store) as opened:
            west, south, _, north = opened.records("parcel", number=number)[0]["geometry"].bounds
        taken = exif(gps(west - 0.0002, (south + north) / 2, 90.0))  # from the west, looking east
        (folder / "DCIM").mkdir(exist_ok=True)
        (folder / "DCIM" / "a.jpg").write_bytes(jpeg(taken, scene(7, 1600, 1200)))
        phone.execute("INSERT INTO photos (uuid, parcel_uuid, path) VALUES ('a', ?, 'DCIM/a.jpg')", (key,))
        row = ("实地建成厂房", "李四", key)
        phone.execute("UPDATE parcels SET field_description = ?, verifier = ? WHERE uuid = ?", row)
    run("fieldreturn", WORKSPACE=store, FOLDER=folder)
    with Workspace.open(store) as opened:
        (result,) = opened.records("field_result", parcel=number)
        assert (result["value"], result["verifier"]) == ("实地建成厂房", "李四")
        desk.decide(opened, number, "李四", "外业核实：实地建成厂房")
    done = run("file", WORKSPACE=store, PACKAGES=tmp_path / "卷宗", FILTER=number)
    assert done["FAILED"] == 0
    (filed,) = (tmp_path / "卷宗").glob("*/manifest.json")
    manifest = filed.read_text(encoding="utf-8")
    assert number in filed.parent.name and "外业核实：实地建成厂房" in manifest + _texts(filed.parent)
    with Workspace.open(store) as opened:
        links = opened.records("photo_parcel", parcel=number, status="attached")
        assert opened.audit() == []
    kept = sum(path.suffix.lower() == ".jpg" for path in filed.parent.rglob("*"))
    assert kept >= len(links) >= 1, "a photo from the phone is not in the package"


def _texts(folder: Path) -> str:
    """Everything that stands in the workbooks of a package."""
    import openpyxl

    found = []
    for path in folder.rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            found += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    return "\n".join(found)
