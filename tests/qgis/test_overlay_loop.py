"""The overlay against a plain PyQGIS loop on a small county: other code, other GEOS, the same areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
)

from tests.unit.overlay.county import covered, layer, measure, parcels, values
from weipian_plugin.geodesy import zone as zones

EAST, NORTH = 590_000.0, 3_248_000.0


def blobs(rng: np.random.Generator, count: int, size: float) -> list[shapely.Polygon]:
    """Star-shaped polygons that overlap each other here and there."""
    shapes = []
    for _ in range(count):
        angle = np.linspace(0, 2 * np.pi, int(rng.integers(8, 30)), endpoint=False)
        radius = size * rng.uniform(0.5, 1.3, len(angle))
        centre = rng.uniform(0, 700, 2) + (EAST, NORTH)
        shapes.append(
            shapely.Polygon(np.round(np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None] + centre, 4))
        )
    return shapes


def as_qgis(shape: shapely.Polygon) -> QgsGeometry:
    return QgsGeometry.fromWkt(shape.wkt)


@pytest.fixture
def ellipsoid() -> QgsDistanceArea:
    """Areas on CGCS2000, set by hand: QGIS would take the project's."""
    area = QgsDistanceArea()
    area.setSourceCrs(QgsCoordinateReferenceSystem("EPSG:4544"), QgsCoordinateTransformContext())
    area.setEllipsoid("EPSG:1024")
    return area


def test_a_plain_pyqgis_loop_finds_the_same_areas(tmp_path: Path, ellipsoid: QgsDistanceArea) -> None:
    rng = np.random.default_rng(11)
    shapes, approvals = blobs(rng, 25, 60), blobs(rng, 25, 60)
    points = shapely.MultiPoint(np.round(rng.uniform(-300, 1000, (50, 2)), 1) + (EAST, NORTH))
    survey = list(shapely.get_parts(shapely.voronoi_polygons(points)))
    codes = rng.choice(["0101", "0301", "0702"], len(survey))
    layers = [
        layer(
            tmp_path, "land_survey", [(shape, {"DLBM": str(code), "SJNF": 2022}) for shape, code in zip(survey, codes)]
        ),
        layer(
            tmp_path,
            "farmland_conversion",
            [(shape, {"PZWH": f"批{k}", "PZRQ": "20220101"}) for k, shape in enumerate(approvals)],
        ),
    ]
    table = parcels({f"P{k:02d}": shape for k, shape in enumerate(shapes)})
    result = measure(table, layers)
    theirs = [as_qgis(shape) for shape in approvals]
    fields = [(as_qgis(shape), str(code)) for shape, code in zip(survey, codes)]
    for number, shape in zip(table["number"], zones.project(table.geometry.to_numpy(), 35)):
        parcel, found = as_qgis(shape), values(result, number)
        scale = found["area"] / parcel.area()
        pieces = [parcel.intersection(other) for other in theirs if parcel.intersects(other)]
        union = QgsGeometry.unaryUnion(pieces) if pieces else QgsGeometry()
        rest = parcel.difference(union) if pieces else parcel
        assert found["approved"] == pytest.approx((union.area() if pieces else 0) * scale, abs=0.011)
        assert found["uncovered"] == pytest.approx(rest.area() * scale, abs=0.011)
        classes = covered(result, number, "land_survey")
        for code in set(codes):
            area = sum(
                parcel.intersection(other).area() for other, own in fields if own == code and parcel.intersects(other)
            )
            assert classes.get(str(code), 0.0) == pytest.approx(area * scale, abs=0.011)
        # The official area and QGIS's own on the same ellipsoid: within a hundredth per hectare (straight sides differ a little).
        assert found["area"] == pytest.approx(ellipsoid.measureArea(parcel), abs=0.02)


def test_our_zone_is_the_one_qgis_projects_to() -> None:
    point = zones.project(shapely.Point(105.93, 29.35), 35, prefix=True)
    crs = QgsCoordinateReferenceSystem(f"EPSG:{zones.epsg(35, True)}")
    from qgis.core import QgsCoordinateTransform, QgsProject

    moved = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, QgsProject.instance()).transform(
        QgsPointXY(105.93, 29.35)
    )
    assert (moved.x(), moved.y()) == pytest.approx((point.x, point.y), abs=1e-4)
