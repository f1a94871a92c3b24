"""The location map: drawn from a layout, readable, the same every time."""

from __future__ import annotations

import itertools
import math
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from PIL import Image
from qgis.core import QgsLayoutItemLegend, QgsPointXY, QgsRectangle
from shapely import affinity, box
from shapely.geometry import MultiPolygon

from tests import pictures
from tests.unit.filing import cases
from weipian_plugin.algorithms import map_pictures, map_scene, page_template
from weipian_plugin.algorithms.map_pictures import map_maker
from weipian_plugin.algorithms.map_scene import SCALES, fitting_scale, images_of, plane
from weipian_plugin.algorithms.maps import TEMPLATE, MapMaker, render_location_map
from weipian_plugin.algorithms.page_template import read_page
from weipian_plugin.algorithms.page_writer import PageWriter
from weipian_plugin.filing import MapFile, PackageOptions, ParcelCase, load_rules, verify, write_package, write_packages
from weipian_plugin.filing.forms import template_path
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import LayerSource
from weipian_plugin.toolbelt.settings import Settings

REFERENCE = Path(__file__).parent / "reference"
PAPER = (0.1375, 0.118)


def imagery(path: Path, shade: int, epsg: int = 4490, size: int = 900) -> Path:
    """A georeferenced picture: fields in stripes, and a light square where something was built."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows, columns = np.indices((size, size))
    green = 90 + 30 * (rows // 90 % 2) + 20 * (columns // 130 % 2)
    bands = [green * 0.7, green, green * 0.5]
    if shade:
        for band in bands:
            band[size // 2 - 60 : size // 2 + 60, size // 2 - 60 : size // 2 + 60] = shade
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), size, size, 3, gdal.GDT_Byte)
    step = 0.004 / size
    dataset.SetGeoTransform((cases.LON + 0.0002 - 0.002, step, 0, cases.LAT + 0.00015 + 0.002, 0, -step))
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    dataset.SetProjection(system.ExportToWkt())
    for number, band in enumerate(bands, start=1):
        dataset.GetRasterBand(number).WriteArray(band.astype(np.uint8))
    return path


@pytest.fixture
def layers(tmp_path: Path) -> list[LayerSource]:
    before = imagery(tmp_path / "影像 前" / "前时相.tif", 0)
    after = imagery(tmp_path / "影像 后" / "后时相.tif", 225)
    return [
        LayerSource("imagery_before", str(before), title="高分二号 2025年3月"),
        LayerSource("imagery_after", str(after), title="高分二号 2026年1月"),
        LayerSource("land_survey", "不存在.shp"),
    ]


@pytest.fixture
def case(tmp_path: Path) -> ParcelCase:
    """A parcel in two parts with an approval, 永农 and 红线, and four photos around it."""
    found = cases.split(cases.case(tmp_path, photos=4))
    around = ((-0.0003, 0.0001, 90.0), (0.0007, 0.0001, 270.0), (0.0002, -0.0003, 0.0), (0.0002, 0.0005, None))
    photos = tuple(
        replace(photo, record=replace(photo.record, lon=cases.LON + x, lat=cases.LAT + y, azimuth=azimuth))
        for photo, (x, y, azimuth) in zip(found.photos, around)
    )
    shape = found.geometry
    shapes = {
        1: affinity.scale(shape, 0.8, 0.9),
        3: affinity.scale(shape, 0.3, 0.4),
    }  # what covers nothing has no shape
    rows = tuple(replace(row, geometry=shapes.get(place)) for place, row in enumerate(found.coverage))
    beside = affinity.scale(shape, 0.2, 0.2, origin=(cases.LON, cases.LAT))
    redline = replace(rows[3], role="ecological_redline", geometry=beside)
    return replace(found, photos=photos, coverage=(*rows, redline))


Draw = Callable[[ParcelCase, Sequence[LayerSource], Path], tuple[MapFile, ...]]


def by_page_writer(case: ParcelCase, layers: Sequence[LayerSource], folder: Path) -> tuple[MapFile, ...]:
    """The shipped page, drawn on a thread of its own."""
    rules, found = load_rules(), []
    page = read_page(template_path(TEMPLATE, None), rules)

    def work() -> None:
        writer = PageWriter(page, images_of(layers), 150, rules)
        found.extend(writer.render(case, folder))
        writer.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found, "the thread has failed"
    return tuple(found)


@pytest.fixture(params=[render_location_map, by_page_writer], ids=["by QGIS's layout", "by the page writer"])
def draw(request: pytest.FixtureRequest) -> Draw:
    return request.param


def test_the_map_looks_like_its_reference(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, draw: Draw
) -> None:
    files = draw(case, layers, tmp_path)
    assert [file.path.suffix for file in files] == [".pdf", ".png"] and all(file.lacks == () for file in files)
    small = tmp_path / "small.png"
    with Image.open(files[1].path) as image:
        assert abs(image.width - 1754) <= 1 and abs(image.height - 1240) <= 1, "A4 landscape at 150 dpi"
        image.resize((877, 620), Image.Resampling.LANCZOS).save(small)
    pictures.assert_like(small, REFERENCE / "位置图.png")


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_the_pdf_page_looks_like_the_same_reference(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, draw: Draw
) -> None:
    pdf = draw(case, layers, tmp_path)[0].path
    (page,) = pictures.pages_of(pdf, tmp_path, dpi=75)
    if not (REFERENCE / "位置图.png").exists():
        pytest.fail("the reference picture is missing")
    found = pictures.difference(REFERENCE / "位置图.png", page)
    assert found[0] < 6.0 and found[1] < 0.03, found


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_pdf_holds_chinese_as_text_with_its_fonts(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, draw: Draw
) -> None:
    pdf = draw(case, layers, tmp_path)[0].path
    text = "".join(
        subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8").split()
    )
    words_of_the_page = (
        f"图斑{cases.NUMBER}位置图",
        "前时相影像2025-03",
        "来源：高分二号2025年3月",
        "后时相影像2026-01-15",
    )
    words_of_the_page += (
        "来源：高分二号2026年1月",
        "永川区大安街道铁山村",
        "105.9002000°E，29.3501500°N",
        "2.00亩",
        "比例尺1:",
        "米",
    )
    words_of_the_page += ("图例", "永久基本农田", "生态保护红线", "批文及其他依据范围", "拟拆分地块")
    # Some versions of pdftotext give the radical (⾼) that shares its glyph with the character (高).
    text = unicodedata.normalize("NFKC", text)
    for words in words_of_the_page:
        assert unicodedata.normalize("NFKC", words) in text, words
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts), fonts
    assert "{{" not in text


def test_the_same_case_gives_the_same_bytes_whatever_was_drawn_before(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    maker = MapMaker(layers)
    first = [file.path.read_bytes() for file in maker.render(case, tmp_path)]
    shape = affinity.translate(case.geometry, 0.001, 0.0005)
    other = replace(case, parcel=replace(case.parcel, geometry=shape, number="9"), parts=(), photos=())
    maker.render(other, tmp_path)
    again = [file.path.read_bytes() for file in maker.render(case, tmp_path)]
    maker.close()
    fresh = [file.path.read_bytes() for file in render_location_map(case, layers, tmp_path)]
    assert first == again == fresh
    assert b"D:20000101000000" in first[0]


def test_the_legend_names_only_what_is_on_the_map(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    plain = replace(case, parts=(), photos=(), coverage=case.coverage[:1])
    maker = MapMaker(layers)
    maker.render(case, tmp_path)
    maker.render(plain, tmp_path)
    legend = maker._item(QgsLayoutItemLegend, "图例")
    assert [node.name() for node in legend.model().rootGroup().children()] == ["图斑"]
    maker.close()


def pixels(files: Sequence[MapFile]) -> np.ndarray:
    with Image.open(files[1].path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def differing(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The share of pixels that have no like within half a millimetre: newer layouts set their texts by that much elsewhere."""
    least = np.full(ours.shape[:2], 255)
    for down, right in itertools.product(range(-3, 4), repeat=2):
        np.minimum(least, np.abs(np.roll(ours, (down, right), (0, 1)) - theirs).max(axis=2), out=least)
    return float((least > 24).mean())


@pytest.mark.parametrize("shown", ["everything", "little", "turned"])
def test_the_page_writer_draws_what_a_layout_draws(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, shown: str
) -> None:
    if shown == "little":
        case, layers = replace(case, parts=(), photos=(), coverage=case.coverage[:1]), layers[1:]
    elif shown == "turned":  # far from the meridian, in the north, large: another scale, legend and north arrow
        turned = affinity.translate(affinity.scale(case.geometry, 30, 30), 0.58, 18.0)
        case = replace(case, parcel=replace(case.parcel, geometry=turned), parts=())
    folders = [tmp_path / name for name in ("layout", "page")]
    for folder in folders:
        folder.mkdir()
    ours, theirs = (
        pixels(draw(case, layers, folder)) for draw, folder in zip((by_page_writer, render_location_map), folders)
    )
    assert ours.shape == theirs.shape
    assert differing(ours, theirs) < 0.005, "half a percent of the pixels at most differ visibly"


def test_two_threads_draw_the_same_bytes_as_one(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    moved = [affinity.translate(case.geometry, 0.0001 * step, 0.0) for step in range(4)]
    some = [
        replace(case, parcel=replace(case.parcel, geometry=shape, number=f"T{step}"))
        for step, shape in enumerate(moved)
    ]
    found = []
    for at_once in (1, 2):
        out = tmp_path / f"out{at_once}"
        with map_maker(layers, Settings()) as maps:
            written = write_packages(some, out, PackageOptions(at_once=at_once), render_maps=maps.render)
            assert [record.parcel for record in written] == ["T0", "T1", "T2", "T3"]
        found.append([path.read_bytes() for path in sorted(out.glob("T*/位置图/*"))])
    assert len(found[0]) == 8 and found[0] == found[1]


def test_the_page_writer_runs_no_expression(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    named = [replace(layers[0], title="[% 6*7 %]影像"), *layers[1:]]
    pdf = by_page_writer(replace(case, parcel=replace(case.parcel, **HOSTILE)), named, tmp_path)[0].path
    said = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    text = unicodedata.normalize("NFKC", "".join(said.split()))
    assert "位置:" + "".join("".join(HOSTILE.values()).split()) in text and "来源:[%6*7%]影像" in text


def test_missing_imagery_is_told_and_drawn_without(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, draw: Draw
) -> None:
    files = draw(case, layers[1:], tmp_path)
    assert {file.lacks for file in files} == {("前时相影像",)}
    record = write_package(replace(case, maps=files), tmp_path / "out", PackageOptions())
    assert "map_imagery" in {check.code for check in record.missing}


def test_imagery_that_does_not_reach_the_parcel_counts_as_missing(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path, draw: Draw
) -> None:
    far = replace(
        case, parcel=replace(case.parcel, geometry=affinity.translate(case.geometry, 0.5, 0.5)), parts=(), photos=()
    )
    assert draw(far, layers, tmp_path)[0].lacks == ("前时相影像", "后时相影像")


def test_a_map_goes_into_a_package_and_verifies(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    maker = MapMaker(layers)
    case = replace(case, map_inputs=maker.inputs)
    record = write_package(replace(case, maps=maker.render(case, tmp_path)), tmp_path / "out", PackageOptions())
    maker.close()
    assert verify(record.path, case) == []
    assert next(record.path.glob("位置图/*.pdf")).read_bytes().startswith(b"%PDF")


def test_inputs_change_with_the_imagery_and_the_template(
    qgis_app: object, layers: list[LayerSource], tmp_path: Path
) -> None:
    def inputs(**more: object) -> dict[str, object]:
        maker = MapMaker(layers, **more)
        try:
            return maker.inputs
        finally:
            maker.close()

    before = inputs()
    assert before == inputs() and before != inputs(dpi=300)
    imagery(Path(layers[0].source), 50, size=500)
    assert inputs() != before


def office_template(folder: Path, old: str, new: str) -> Path:
    folder.mkdir(exist_ok=True)
    text = template_path("位置图.qpt", None).read_text(encoding="utf-8")
    assert old in text
    (folder / "位置图.qpt").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_an_office_layout_takes_the_place_of_ours(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    folder = office_template(tmp_path / "表样", "图斑 {{图斑编号}} 位置图", "本局 {{图斑编号}} 示意")
    pdf = render_location_map(case, layers, tmp_path, templates=folder)[0].path
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    assert "本局" in text


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{{比例尺}}", "{{比例}}", "filing.template_field_unknown"),
        ("<Layout", "<Nothing", "filing.template_unreadable"),
        ("1:{{比例尺}}", "1:[% '{{比例尺}}' %]", "filing.template_field_in_expression"),
        ("1:{{比例尺}}", "1:[% {{比例尺}}", "filing.template_field_in_expression"),
    ],
)
def test_a_wrong_layout_is_refused(
    qgis_app: object, layers: list[LayerSource], tmp_path: Path, old: str, new: str, code: str
) -> None:
    folder = office_template(tmp_path / "表样", old, new)
    with pytest.raises(WeipianError) as caught:
        MapMaker(layers, templates=folder)
    assert caught.value.code == code
    assert "位置图.qpt" in caught.value.text()


HOSTILE = {
    "county": "某县[% 40+2 %]",
    "township": "镇[",
    "village": "% env('HOME') %]'村\\'[%@user_account_name%]",
}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_delivered_text_is_shown_and_never_run_as_an_expression(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    named = [replace(layers[0], title="[% 6*7 %]影像"), *layers[1:]]
    hostile = replace(case, parcel=replace(case.parcel, **HOSTILE))
    folder = office_template(tmp_path / "表样", "1:{{比例尺}}", "1:{{比例尺}} 版[% 3+4 %]号")
    pdf = render_location_map(hostile, named, tmp_path, templates=folder)[0].path
    said = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    text = unicodedata.normalize("NFKC", "".join(said.split()))
    assert "位置:" + "".join("".join(HOSTILE.values()).split()) in text
    assert "来源:[%6*7%]影像" in text
    assert "版7号" in text, "an expression of the template itself still runs"
    assert "县42" not in text
    assert "来源:42" not in text


def test_a_parcel_without_shape_is_said(
    qgis_app: object, case: ParcelCase, layers: list[LayerSource], tmp_path: Path
) -> None:
    with pytest.raises(WeipianError) as caught:
        render_location_map(replace(case, parcel=replace(case.parcel, geometry=None)), layers, tmp_path)
    assert caught.value.code == "filing.map_without_geometry"


@pytest.mark.parametrize(
    ("size", "scale"),
    [(5.0, 500), (36.0, 500), (37.0, 1000), (70.0, 1000), (180.0, 2500), (3000.0, 50_000), (10_000_000.0, 500_000)],
)
def test_the_scale_is_the_finest_round_one_that_fits(qgis_app: object, size: float, scale: int) -> None:
    assert fitting_scale(QgsRectangle(0, 0, size, size), [], [PAPER]) == scale


def test_near_photos_make_the_scale_coarser_but_not_without_end(qgis_app: object) -> None:
    parcel = QgsRectangle(0, 0, 30, 30)
    assert fitting_scale(parcel, [QgsPointXY(20, 20)], [PAPER]) == 500
    assert fitting_scale(parcel, [QgsPointXY(60, 15)], [PAPER]) == 1000
    assert fitting_scale(parcel, [QgsPointXY(240, 15)], [PAPER]) == SCALES[2]
    assert fitting_scale(parcel, [QgsPointXY(5000, 15)], [PAPER]) == 500, "a photo far away is not shown"


@pytest.mark.parametrize(
    ("lon", "lat", "zone", "turned"),
    [(105.0, 29.35, 35, 0.0), (105.9, 29.35, 35, 0.4411), (104.1, 29.35, 35, -0.4411), (106.4999, 40.0, 35, 0.9641)],
)
def test_azimuths_are_turned_by_the_convergence_of_the_meridian(
    qgis_app: object, lon: float, lat: float, zone: int, turned: float
) -> None:
    crs, convergence = plane(lon, lat)
    assert crs.authid() == f"EPSG:{4513 + zone - 25}"
    assert math.isclose(convergence, turned, abs_tol=5e-4)
    from weipian_plugin.geodesy.zone import project

    line = project(MultiPolygon([box(lon, lat, lon + 1e-9, lat + 0.001)]), zone, prefix=True)
    (x0, y0), (x1, y1) = line.geoms[0].exterior.coords[0], line.geoms[0].exterior.coords[1]
    meridian = math.degrees(math.atan2(x1 - x0, y1 - y0))
    assert math.isclose(abs(meridian), abs(turned), abs_tol=2e-3), "the drawn meridian leans by the same angle"


def test_only_the_two_pictures_have_a_grid_and_only_on_request(
    qgis_app: object,
    case: ParcelCase,
    layers: list[LayerSource],
    tmp_path: Path,
) -> None:
    found, inputs = [], []
    for grid in ("0", "1"):
        folder = tmp_path / grid
        folder.mkdir()
        with map_maker(layers, Settings(map_grid=grid)) as maps:
            found.append(pixels(maps.render(case, folder)))
            inputs.append(maps.inputs)
    changed = np.abs(found[0] - found[1]).max(axis=2) > 24
    assert changed.any() and not changed[int(changed.shape[0] * 0.72) :].any(), (
        "texts, legend and overview are as before"
    )
    left, right = changed[:, : changed.shape[1] // 2], changed[:, changed.shape[1] // 2 :]
    assert left.any() and right.any() and inputs[0] != inputs[1], "a package made without it is not current"


def test_the_tags_of_images_are_read_once_for_all_threads(
    qgis_app: object, case: ParcelCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the packages are made from is told without a writer; each thread has one, of the same images."""
    read, made = [], []
    tags, writer = map_scene.read_tags, map_pictures.PageWriter
    monkeypatch.setattr(map_scene, "read_tags", lambda source: read.append(source.source) or tags(source))
    monkeypatch.setattr(map_pictures, "PageWriter", lambda *given: made.append(given[1]) or writer(*given))
    images = [imagery(tmp_path / "影像" / f"{name}.tif", band) for name, band in (("甲", 0), ("乙", 225))]
    sources = [LayerSource("imagery_before", str(images[0])), LayerSource("imagery_after", str(images[1]))]
    with map_maker(sources, Settings()) as maps:
        assert [row[1] for row in maps.inputs["imagery"]] == ["甲.tif", "乙.tif"] and made == []
        threads = [threading.Thread(target=maps.render, args=(case, tmp_path)) for _ in range(2)]
        for thread in threads:
            thread.start()
            thread.join()
        assert sorted(read) == sorted(map(str, images))
        assert len(made) == 2 and made[0] is made[1]


def test_a_page_read_a_few_items_at_a_time_is_the_page_read_at_once(
    qgis_app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What QGIS does on the main thread is short; nothing of the page depends on it."""
    path, rules, turns = template_path(TEMPLATE, None), load_rules(), []
    there = page_template.run_in_main_thread
    monkeypatch.setattr(page_template, "run_in_main_thread", lambda work: turns.append(1) or there(work))
    few = read_page(path, rules)
    monkeypatch.setattr(page_template, "_AT_ONCE", 1000)
    whole = read_page(path, rules)
    assert len(turns) == (1 + -(-len(few.items) // 5)) + 2 and len(few.items) > 10
    assert (few.width, few.height) == (whole.width, whole.height)
    for one, other in zip(few.items, whole.items):
        assert type(one) is type(other) and repr(one.box) == repr(other.box)
        for name in (
            "name",
            "text",
            "placeholders",
            "font",
            "colour",
            "alignment",
            "background",
            "pen",
            "path",
            "style",
        ):
            assert getattr(one, name, None) == getattr(other, name, None), (type(one), name)
        if isinstance(one, page_template.ShapeItem):
            assert one.symbol.dump() == other.symbol.dump()
