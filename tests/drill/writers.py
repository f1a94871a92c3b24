"""Writers by other hands, each with its own options; a case says what the plugin must make of it."""

from __future__ import annotations

import random
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import geopandas
import numpy as np
import openpyxl
import pyogrio
import shapely
from pyproj import CRS

from tests.unit.intake import builder as b

#: How a case may end where no parcels come out: one of these codes.
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A delivery: what is to be read, and what must come out: the numbers, or one of ``codes``; ``area``: of the squares, relative."""

    title: str
    path: Path
    numbers: tuple[str, ...] = ()
    codes: Codes = ()
    area: float = 1e-6
    claims: dict[str, str] = field(default_factory=dict)


Writer = Callable[[Path, random.Random], Case]

_SYSTEMS = (4490, 4326, 4523, 4544, 4496, 32648, 3857)


def frame(count: int, epsg: int, generator: random.Random) -> geopandas.GeoDataFrame:
    """Parcels as a table of geopandas, in a system, with attributes of several types."""
    rows = b.parcels(count)
    for row in rows:
        row["BZ"] = generator.choice(["疑似新增建设用地", 'a,b;"c"', "　全角　", "行\n二", ""])
        row["JCMJ"] = float(row["JCMJ"])
    found = geopandas.GeoDataFrame(rows, geometry="geometry", crs=4490)
    return found if epsg == 4490 else found.to_crs(epsg)


def _write(table: geopandas.GeoDataFrame, path: Path, driver: str, **options: Any) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(table, path, driver=driver, **options)
    return path


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(b.number(serial) for serial in range(1, count + 1))


def _tolerance(epsg: int) -> float:
    return 1e-6 if epsg not in (4326, 3857, 32648) else 1e-5


def shapefile(folder: Path, generator: random.Random) -> Case:
    count, epsg = generator.randint(1, 5), generator.choice(_SYSTEMS)
    options = {"ENCODING": generator.choice(["UTF-8", "GBK", "CP936"]), "RESIZE": generator.choice(["YES", "NO"]),
               "SPATIAL_INDEX": generator.choice(["YES", "NO"])}  # fmt: skip
    table = frame(count, epsg, generator)
    path = _write(table, folder / "图斑 1.shp", "ESRI Shapefile", **options)
    left = generator.choice(["", ".cpg", ".shx", ".qix"])
    if left:
        path.with_suffix(left).unlink(missing_ok=True)
    return Case(f"shp {epsg} {options} without {left or 'nothing'}", path, _numbers(count), area=_tolerance(epsg))


def shapefile_z(folder: Path, generator: random.Random) -> Case:
    table = frame(2, 4523, generator)
    table["geometry"] = shapely.force_3d(table.geometry.to_numpy(), 300.0)
    path = _write(table, folder / "a.shp", "ESRI Shapefile", SHPT="POLYGONZ", ENCODING="GBK")
    return Case("shp with heights", path, _numbers(2))


def geopackage(folder: Path, generator: random.Random) -> Case:
    count, epsg = generator.randint(1, 5), generator.choice(_SYSTEMS)
    options = {"SPATIAL_INDEX": generator.choice(["YES", "NO"]), "GEOMETRY_NAME": generator.choice(["geom", "几何", "the geom"]),
               "FID": generator.choice(["fid", "ogc_fid", "编号"]), "VERSION": generator.choice(["1.0", "1.2", "AUTO"])}  # fmt: skip
    layer = generator.choice(["图斑", "a b", "T'x", 'q"x', "select"])
    path = _write(frame(count, epsg, generator), folder / "a.gpkg", "GPKG", layer=layer, **options)
    return Case(f"gpkg {epsg} {options} {layer}", path, _numbers(count), area=_tolerance(epsg))


def geodatabase(folder: Path, generator: random.Random) -> Case:
    count, epsg = generator.randint(1, 4), generator.choice((4490, 4523, 4544))
    path = _write(frame(count, epsg, generator), folder / "下发.gdb", "OpenFileGDB", layer="YGJCTB")
    return Case(f"gdb {epsg}", path, _numbers(count), area=1e-5)


def geojson(folder: Path, generator: random.Random) -> Case:
    count, epsg = generator.randint(1, 5), generator.choice((4490, 4326))
    options = {"RFC7946": generator.choice(["YES", "NO"]), "WRITE_BBOX": generator.choice(["YES", "NO"]),
               "COORDINATE_PRECISION": generator.choice(["9", "12", "15"]), "WRITE_NAME": generator.choice(["YES", "NO"]),
               "ID_FIELD": generator.choice(["", "JCBH"])}  # fmt: skip
    options = {key: value for key, value in options.items() if value}
    path = _write(
        frame(count, epsg, generator), folder / f"a{generator.choice(['.geojson', '.json'])}", "GeoJSON", **options
    )
    if generator.random() < 0.3:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    return Case(f"geojson {epsg} {options}", path, _numbers(count), area=1e-4)


def kml(folder: Path, generator: random.Random) -> Case:
    count = generator.randint(1, 4)
    table = frame(count, 4326, generator)
    ways = [("LIBKML", ".kml"), ("LIBKML", ".kmz")]
    if pyogrio.__gdal_version__ < (
        3,
        11,
    ):  # later ones write the values of that driver one column further, under wrong names
        ways.insert(0, ("KML", ".kml"))
    driver, suffix = generator.choice(ways)
    table["Name"] = [f"图斑{serial}" for serial in range(count)]
    path = _write(table, folder / f"图斑{suffix}", driver, layer="layer")
    return Case(f"{driver} {suffix}", path, _numbers(count), area=1e-4)


def flatgeobuf(folder: Path, generator: random.Random) -> Case:
    count, epsg = generator.randint(1, 5), generator.choice((4490, 4326, 4523))
    options = {"SPATIAL_INDEX": generator.choice(["YES", "NO"])}
    path = _write(frame(count, epsg, generator), folder / "a.fgb", "FlatGeobuf", **options)
    # The order of a spatial index is its own.
    return Case(f"fgb {epsg} {options}", path, _numbers(count), area=_tolerance(epsg))


def mapinfo(folder: Path, generator: random.Random) -> Case:
    count = generator.randint(1, 4)
    suffix = generator.choice([".tab", ".mif"])
    table = frame(count, 4326, generator).drop(columns=["BZ"])
    path = _write(
        table, folder / f"a{suffix}", "MapInfo File", FORMAT="MIF" if suffix == ".mif" else "", ENCODING="UTF-8"
    )
    return Case(f"MapInfo {suffix}", path, _numbers(count), area=2e-2)


def dxf(folder: Path, generator: random.Random) -> Case:
    """A drawing has shapes and no attributes: it is named, and nothing is made up."""
    table = frame(2, 4523, generator)[["geometry"]]
    path = _write(table, folder / "宗地.dxf", "DXF")
    return Case(
        "dxf",
        path,
        codes=("intake.fields_unknown", "intake.not_polygons", "intake.source_unreadable", "intake.layers_missing"),
    )


def points_only(folder: Path, generator: random.Random) -> Case:
    table = frame(2, 4490, generator)
    table["geometry"] = table.geometry.to_crs(4523).centroid.to_crs(4490)
    driver, name = generator.choice(
        [("ESRI Shapefile", "p.shp"), ("GPKG", "p.gpkg"), ("GeoJSON", "p.geojson"), ("FlatGeobuf", "p.fgb")]
    )
    return Case(f"points in {driver}", _write(table, folder / name, driver), codes=("intake.not_polygons",))


GIS: tuple[Writer, ...] = (
    shapefile,
    shapefile_z,
    geopackage,
    geodatabase,
    geojson,
    kml,
    flatgeobuf,
    mapinfo,
    dxf,
    points_only,
)


def _register_rows(count: int) -> list[list[Any]]:
    return [
        ["图斑编号", "项目名称", "监测面积"],
        *([number, f"项目{place}", 16.15] for place, number in enumerate(_numbers(count))),
    ]


def _openpyxl(path: Path, rows: Sequence[Sequence[Any]], generator: random.Random) -> None:
    book = openpyxl.Workbook(write_only=generator.random() < 0.3)
    page = book.create_sheet("台账") if book.write_only else book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    book.save(path)


def _xlsxwriter(path: Path, rows: Sequence[Sequence[Any]], generator: random.Random) -> None:
    import xlsxwriter

    options = {"strings_to_numbers": False, "constant_memory": generator.random() < 0.5}
    with xlsxwriter.Workbook(str(path), options) as book:
        page = book.add_worksheet("台账")
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)


def _by_hand(path: Path, rows: Sequence[Sequence[Any]], generator: random.Random) -> None:
    """Inline strings without references, as small exporters write them."""
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>' for value in row)
        + "</row>"
        for row in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    links = f'<Relationships xmlns="{package}/relationships">'
    parts = {
        "_rels/.rels": f'{links}<Relationship Id="r" Type="{related}/officeDocument" Target="/xl/w.xml"/></Relationships>',
        "xl/w.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets><sheet name="台账" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/w.xml.rels": f'{links}<Relationship Id="s" Type="{related}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", generator.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as target:
        for name, text in parts.items():
            target.writestr(name, text)


def _csv(path: Path, rows: Sequence[Sequence[Any]], generator: random.Random) -> None:
    delimiter, end = generator.choice([",", "\t", ";"]), generator.choice(["\n", "\r\n"])
    protect = generator.random() < 0.3
    lines = [delimiter.join(f'="{value}"' if protect and place and not column else str(value) for column, value in enumerate(row))
             for place, row in enumerate(rows)]  # fmt: skip
    path.write_bytes(end.join(lines).encode(generator.choice(["gbk", "utf-8", "utf-8-sig", "utf-16"])))


def _spreadsheets() -> list[tuple[str, str, Callable[..., None]]]:
    found: list[tuple[str, str, Callable[..., None]]] = [
        ("openpyxl", ".xlsx", _openpyxl), ("openpyxl", ".xlsm", _openpyxl), ("by hand", ".xlsx", _by_hand), ("csv", ".csv", _csv)
    ]  # fmt: skip
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        return found
    return [*found, ("xlsxwriter", ".xlsx", _xlsxwriter)]


def register(folder: Path, generator: random.Random) -> Case:
    """Parcels with a register beside them, by one of the spreadsheet programs."""
    count = generator.randint(1, 4)
    b.write_shapefile(folder / "图斑.shp", b.parcels(count))
    title, suffix, write = generator.choice(_spreadsheets())
    rows = _register_rows(count)
    if generator.random() < 0.4:
        rows.insert(0, ["永川区图斑台账"])
    write(folder / f"台账{suffix}", rows, generator)
    claims = {number: f"项目{place}" for place, number in enumerate(_numbers(count))}
    return Case(f"register {title} {suffix}", folder, _numbers(count), claims=claims)


_BESIDE: tuple[tuple[str, bytes], ...] = (
    ("照片.rar", b"Rar!\x1a\x07\x01\x00"), ("照片.7z", b"7z\xbc\xaf\x27\x1c"), ("说明.json", b'{"a": 1}'), ("说明.docx", b"PK\x03\x04"),
    ("台账.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600), ("表.et", b"\xd0\xcf\x11\xe0" + b"\0" * 600), ("表.ods", b"PK\x03\x04x"),
    ("坏.xlsx", b"PK\x03\x04 cut"), ("._图斑.shp", b"\x00\x05\x16\x07"), (".DS_Store", b"x"), ("Thumbs.db", b"x"), ("读我.txt", "说明".encode("gbk")),
    ("图.jpg", b"\xff\xd8\xff"), ("~$台账.xlsx", b"x"), ("空.csv", b""), ("样式.qml", b"<qgis/>"), ("图斑.shp.xml", b"<x/>"),
)  # fmt: skip


def side_files(folder: Path, generator: random.Random) -> Case:
    count = generator.randint(1, 3)
    b.write_shapefile(folder / "图斑.shp", b.parcels(count), encoding=generator.choice(["gbk", "utf-8"]))
    for name, content in generator.sample(_BESIDE, generator.randint(1, 6)):
        (folder / name).write_bytes(content)
    return Case("side files", folder, _numbers(count))


def packed(folder: Path, generator: random.Random) -> Case:
    """A delivery in a zip of some kind."""
    inner = folder / "in"
    inner.mkdir()
    case = generator.choice((shapefile, geopackage, geojson, side_files, register))(inner, generator)
    files = [path for path in inner.rglob("*") if path.is_file()]
    method = generator.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    prefix = generator.choice(["", "下发/", "a/b c/", "二级\\"])
    path = folder / "下发.zip"
    with zipfile.ZipFile(path, "w", method) as target:
        for file in files:
            name = prefix + file.relative_to(inner).as_posix()
            target.writestr(_named(name, generator), file.read_bytes(), method)
            if generator.random() < 0.2:
                target.writestr(f"__MACOSX/{prefix.replace(chr(92), '/')}._{file.name}", b"\x00\x05\x16\x07")
    return Case(f"zip {method} {prefix!r} of {case.title}", path, case.numbers, case.codes, case.area, case.claims)


class _Gbk(zipfile.ZipInfo):
    """An entry that writes its name in GBK without saying so, as Explorer in China does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _named(name: str, generator: random.Random) -> zipfile.ZipInfo:
    info = _Gbk("x") if generator.random() < 0.5 else zipfile.ZipInfo("x")
    info.filename = name
    return info


def foreign_zip(folder: Path, generator: random.Random) -> Case:
    """Info-ZIP, where it is there: plain, with a password, split."""
    kind = generator.choice(["plain", "password", "split"])
    shape = b.write_shapefile(folder / "图斑.shp", [{**row, "BZ": generator.random()} for row in b.parcels(3)])
    parts = [path.name for path in folder.iterdir() if path.stem == shape.stem]
    if kind == "split":
        (folder / "填充.txt").write_bytes(generator.randbytes(90_000))
        parts.append("填充.txt")
    options = {"plain": [], "password": ["-P", "secret"], "split": ["-s", "64k"]}[kind]
    if shutil.which("zip") is None:
        return Case("zip is not there", shape, _numbers(3))
    subprocess.run(["zip", "-q", *options, "x.zip", *parts], cwd=folder, check=True, capture_output=True)
    codes = {
        "plain": (),
        "password": ("intake.archive_password",),
        "split": ("intake.archive_split", "intake.archive_damaged"),
    }[kind]
    return Case(f"Info-ZIP {kind}", folder / "x.zip", _numbers(3) if not codes else (), codes)


def projected(folder: Path, generator: random.Random) -> Case:
    """A plane of a city or a project, written by PROJ's own hand."""
    meridian, east = generator.choice([105.0, 105.5, 106.25]), generator.choice([500_000, 50_000, 35_500_000])
    scale, raised = generator.choice([1.0, 1.00005, 0.9999]), generator.choice([0, 300, 2500])
    text = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0={east} +y_0=0 +a={6378137 + raised} +rf=298.257222101 +units=m +no_defs"
    table = frame(2, 4490, generator)
    from pyproj import Transformer

    degrees = CRS.from_proj4(f"+proj=longlat +a={6378137 + raised} +rf=298.257222101 +no_defs")
    move = Transformer.from_crs(degrees, CRS.from_proj4(text), always_xy=True)
    table["geometry"] = shapely.transform(table.geometry.to_numpy(), lambda xy: np.column_stack(move.transform(*xy.T)))
    table = table.set_crs(text, allow_override=True)
    driver, name = generator.choice([("ESRI Shapefile", "p.shp"), ("GPKG", "p.gpkg"), ("FlatGeobuf", "p.fgb")])
    return Case(
        f"plane {meridian} {east} {scale} +{raised} m in {driver}", _write(table, folder / name, driver), _numbers(2)
    )


def damaged(folder: Path, generator: random.Random) -> Case:
    """A file of any of these hands with bytes lost or changed: parcels that are right, or one sentence."""
    case = generator.choice((shapefile, geopackage, geojson, kml, flatgeobuf, mapinfo, packed, register))(
        folder, generator
    )
    files = [
        path for path in (case.path.rglob("*") if case.path.is_dir() else case.path.parent.iterdir()) if path.is_file()
    ]
    victim = generator.choice(files)
    raw = bytearray(victim.read_bytes())
    if raw:
        place = generator.randrange(len(raw))
        change = generator.choice(["cut", "flip", "drop", "empty"])
        if change == "cut":
            del raw[place:]
        elif change == "empty":
            raw.clear()
        elif change == "drop":
            del raw[place : place + generator.randint(1, 60)]
        else:
            for _ in range(generator.choice([1, 4, 40])):
                raw[generator.randrange(len(raw))] = generator.randrange(256)
        victim.write_bytes(raw)
    return Case(f"damaged {victim.suffix} of {case.title}", case.path, codes=("*",))


OFFICE: tuple[Writer, ...] = (register, side_files, packed, foreign_zip, projected)


def cases(root: Path, seed: int, count: int, writers: Sequence[Writer] = (*GIS, *OFFICE, damaged)) -> Iterator[Case]:
    """``count`` cases, one writer after the other; the folder of a case is gone when the next one is asked for."""
    for serial in range(count):
        generator = random.Random(f"{seed}-{serial}")
        folder = root / f"{serial}"
        folder.mkdir(parents=True)
        yield writers[serial % len(writers)](folder, generator)
        shutil.rmtree(folder, ignore_errors=True)


#: Comma, double quotes, UTF-8.
_FILTERS = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}


def libreoffice(folder: Path, suffixes: Sequence[str] = ("xls", "ods", "csv", "xlsx")) -> Iterator[Case]:
    """A register converted by LibreOffice into other formats (slow: one start of the program)."""
    source = folder / "台账.xlsx"
    _openpyxl(source, _register_rows(2), random.Random(1))
    for suffix in suffixes:
        target = folder / suffix
        wanted = ["--convert-to", _FILTERS.get(suffix, suffix), "--outdir", str(target), str(source)]
        program = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        done = subprocess.run([*program, *wanted], check=False, capture_output=True, timeout=120)
        if done.returncode or not target.is_dir():
            continue
        b.write_shapefile(target / "图斑.shp", b.parcels(2))
        read = suffix in ("csv", "xlsx")
        yield Case(f"LibreOffice {suffix}", target, _numbers(2), claims={b.number(1): "项目0"} if read else {})
