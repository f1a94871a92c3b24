"""Every file that is given in becomes a row: with what it says, or with the reason why it says nothing."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path

import piexif
import pytest
from PIL import Image

from weipian_plugin import evidence
from weipian_plugin.formats.pictures import open_container
from weipian_plugin.model.errors import Cancelled, WeipianError
from weipian_plugin.model.feedback import Silent

from .pictures import LAT, LON, exif, gps, jpeg, scene, thumbnail_of

HEADER_ONLY = evidence.PhotoOptions(hash=False, fingerprint=False)


def read_one(
    folder: Path, content: bytes, name: str = "照片 1.jpg", options: evidence.PhotoOptions | None = None
) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return dict(evidence.read_photos([folder / name], options).photos.iloc[0])


def codes(row: dict[str, object]) -> set[str]:
    return {note.code.split(".")[1] for note in row["notes"]}  # type: ignore[attr-defined]


def test_a_photo_with_everything_has_nothing_to_say(tmp_path: Path) -> None:
    picture = scene(3)
    row = read_one(tmp_path, jpeg(exif(thumbnail=thumbnail_of(picture)), picture))
    assert (row["status"], row["reason"], row["notes"]) == ("read", "", ())
    assert (row["lon"], row["lat"], row["azimuth"]) == (pytest.approx(LON), pytest.approx(LAT), 90.0)
    assert (row["taken_at"], row["width"], row["height"], row["kind"]) == (
        "2023-05-06T10:20:30+08:00",
        480,
        360,
        "人工",
    )
    assert len(str(row["sha256"])) == 64 and len(str(row["phash"])) == 16


@pytest.mark.parametrize("options", [None, HEADER_ONLY], ids=["whole", "header"])
def test_reading_the_header_alone_finds_the_same_metadata(
    tmp_path: Path, options: evidence.PhotoOptions | None
) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description drone-dji:GimbalYawDegree="+45.0" drone-dji:GimbalPitchDegree="-20"/></x:xmpmeta>'
    row = read_one(
        tmp_path, jpeg(exif(gps(azimuth=None, reference=None), make="DJI", model="FC3411"), xmp=xmp), options=options
    )
    assert (row["azimuth"], row["pitch"], row["kind"], row["width"]) == (45.0, -20.0, "无人机", 320)


def test_a_magnetic_azimuth_is_corrected_by_the_declination_of_place_and_date(tmp_path: Path) -> None:
    row = read_one(tmp_path, jpeg(exif(gps(azimuth=2.0, reference="M"))))
    assert row["declination"] == pytest.approx(-6.5, abs=0.2)  # east of China: magnetic north lies west of true north
    assert row["azimuth"] == pytest.approx((2.0 + float(str(row["declination"]))) % 360)
    assert row["azimuth_delivered"] == 2.0


@pytest.mark.parametrize("year", ["2005", "2035"])
def test_a_date_outside_of_the_magnetic_models_is_said(tmp_path: Path, year: str) -> None:
    row = read_one(tmp_path, jpeg(exif(gps(reference="M"), time=f"{year}:05:06 10:20:30")))
    assert "declination_out_of_range" in codes(row) and row["declination"] != 0


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (exif(gps(lon=None)), {"no_position"}),
        (exif(gps(azimuth=None, reference=None)), {"no_azimuth"}),
        (exif(time=None, offset=None), {"no_time"}),
        (exif(gps(reference=None)), {"azimuth_reference_unknown"}),
        (exif(time="1980:01:01 00:00:00"), {"time_impossible"}),
        (exif(time="2199:01:01 00:00:00"), {"time_impossible"}),
        (exif(software="Adobe Photoshop CC 2019 (Windows)"), {"edited"}),
        (exif(software="美图秀秀"), {"edited"}),
        (exif(thumbnail=thumbnail_of(scene(99))), {"thumbnail_differs"}),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, block: bytes, expected: set[str]) -> None:
    assert codes(read_one(tmp_path, jpeg(block, scene(3)))) == expected


def test_a_screenshot_is_known_by_its_name_its_mark_and_its_size(tmp_path: Path) -> None:
    assert "screenshot" in codes(read_one(tmp_path, jpeg(exif()), "Screenshot_20230506.jpg"))
    blank = io.BytesIO()
    Image.new("RGB", (1080, 2400), "white").save(blank, "PNG")
    assert "screenshot" in codes(read_one(tmp_path, blank.getvalue(), "a.png"))
    blocks = piexif.load(exif())
    blocks["Exif"][piexif.ExifIFD.UserComment] = b"ASCII\x00\x00\x00Screenshot"
    assert "screenshot" in codes(read_one(tmp_path, jpeg(piexif.dump(blocks)), "b.jpg"))


#: The habits of many makes, as their metadata are known to look; made here, not taken from real photographs.
HABITS = {
    "huawei": exif(make="HUAWEI", model="ELS-AN00", software="ELS-AN00 10.1.0.176"),
    "xiaomi": exif(make="Xiaomi", model="M2102K1C", software=None, offset=None),
    "oppo": exif(make="OPPO", model="PFZM10", software="MediaTek Camera Application", focal=24),
    "vivo": exif(make="vivo", model="V2156A", orientation=6),
    "honor": exif(make="HONOR", model="ANY-AN00", orientation=0),
    "samsung": exif(make="samsung", model="SM-G9980", software="G9980ZCU3CVC4"),
    "apple": exif(make="Apple", model="iPhone 13", software="16.1.1", focal=26),
    "old phone without 35 mm focal length": exif(make="alps", model="k6580", focal=None, offset=None),
    "no make": exif(make=None, model=None, focal=None, offset=None),
    "no sensor tags": exif(make="HUAWEI", model="X", sensor=False),
    "cloud survey app": exif(
        make=None, model=None, sensor=False, focal=None, offset=None, orientation=None, software="国土调查云"
    ),
}


@pytest.mark.parametrize("habit", HABITS, ids=list(HABITS))
def test_honest_devices_raise_no_error_for_missing_optional_tags(tmp_path: Path, habit: str) -> None:
    row = read_one(tmp_path, jpeg(HABITS[habit], scene(5)))
    assert row["status"] == "read" and row["notes"] == ()


def test_rows_come_in_a_stable_order_and_all_files_have_one(tmp_path: Path) -> None:
    for index in range(40):
        (tmp_path / f"{index:02d}.jpg").write_bytes(jpeg(exif(), scene(index, 64, 64)))
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    (tmp_path / "空.jpg").write_bytes(b"")
    (tmp_path / "假.jpg").write_bytes(b"MZ" + b"\0" * 100)
    (tmp_path / "Thumbs.db").write_bytes(b"clutter")
    (tmp_path / "断.jpg").write_bytes(jpeg(exif(), scene(1))[:9000])
    reading = evidence.read_photos([tmp_path])
    assert reading.photos["file"].tolist() == sorted(
        path.name for path in tmp_path.iterdir() if path.name != "Thumbs.db"
    )
    assert {rejection.feature: rejection.code for rejection in reading.rejected} == {
        "说明.txt": "evidence.not_a_photo", "空.jpg": "evidence.empty", "假.jpg": "evidence.not_a_picture", "断.jpg": "evidence.unreadable"
    }  # fmt: skip
    broken = reading.photos.set_index("file").loc["断.jpg"]
    assert broken["lon"] == pytest.approx(LON) and "断.jpg" in broken["reason"]  # what could be read is kept


def test_purposes_and_kinds_come_from_the_names(tmp_path: Path) -> None:
    for name in ("无人机举证照片/a.jpg", "人工举证照片/整改前/b.jpg", "人工举证照片/整改后/c.jpg", "复耕验收/d.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(jpeg(exif()))
    photos = evidence.read_photos([tmp_path]).photos
    assert {row["file"].split("/")[-1]: (row["kind"], row["purpose"]) for _, row in photos.iterrows()} == {
        "a.jpg": ("无人机", "核查"), "b.jpg": ("人工", "整改前"), "c.jpg": ("人工", "整改后"), "d.jpg": ("人工", "复耕验收")
    }  # fmt: skip


def test_two_folders_with_the_same_names_keep_their_photos_apart(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "IMG_1.jpg").write_bytes(jpeg(exif(), scene(len(folder))))
    assert evidence.read_photos([tmp_path / "甲", tmp_path / "乙"]).photos["file"].tolist() == [
        "IMG_1.jpg",
        "乙/IMG_1.jpg",
    ]


def test_png_and_webp_tell_their_metadata(tmp_path: Path) -> None:
    for extension in ("png", "webp"):
        stream = io.BytesIO()
        scene(4).save(stream, extension.upper(), exif=exif())
        row = read_one(tmp_path, stream.getvalue(), f"a.{extension}")
        assert (row["status"], row["azimuth"], row["width"]) == ("read", 90.0, 480), extension


def test_heic_tells_its_metadata(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    try:
        pillow_heif.from_pillow(scene(4)).save(stream, exif=exif(make="Apple"))
    except RuntimeError as error:  # a build without encoder
        pytest.skip(str(error))
    row = read_one(tmp_path, stream.getvalue(), "IMG_0001.HEIC")
    assert (row["status"], row["azimuth"], row["width"], row["device"]) == ("read", 90.0, 480, "Apple ELS-AN00")


def zip_of(path: Path, entries: dict[str, bytes], encoding: str = "gbk") -> Path:
    """A zip as Windows Explorer makes it in China: GBK names without the UTF-8 flag."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo("x" * len(name.encode(encoding)))
            archive.writestr(info, content)
    raw = path.read_bytes()
    for name in entries:
        raw = raw.replace(b"x" * len(name.encode(encoding)), name.encode(encoding))
    path.write_bytes(raw)
    return path


def test_photos_in_a_zip_with_gbk_names_are_read_without_unpacking(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "举证.zip", {"无人机举证照片/图斑一.jpg": jpeg(exif())})
    before = sorted(tmp_path.rglob("*"))
    photos = evidence.read_photos([archive]).photos
    assert photos["file"].tolist() == ["举证.zip/无人机举证照片/图斑一.jpg"]
    assert (photos["kind"][0], photos["azimuth"][0]) == ("无人机", 90.0)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../evil.jpg", "/etc/evil.jpg", "C:/evil.jpg", "a\\..\\..\\evil.jpg"])
def test_unsafe_names_in_a_zip_are_refused_and_have_their_row(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, jpeg(exif()))
        archive.writestr("good.jpg", jpeg(exif()))
    reading = evidence.read_photos([tmp_path / "a.zip"])
    assert reading.photos["status"].tolist() == ["refused", "read"]
    assert [rejection.code for rejection in reading.rejected] == ["evidence.zip_name"]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.jpg", b"\xff\xd8\xff" + b"\0" * 5_000_000)
    assert [rejection.code for rejection in evidence.read_photos([tmp_path / "a.zip"]).rejected] == [
        "evidence.zip_ratio"
    ]


def test_a_broken_zip_has_its_row(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    assert evidence.read_photos([tmp_path]).photos["status"].tolist() == ["refused"]


def test_an_evidence_database_is_read_by_discovery(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "举证.db")
    connection.execute("CREATE TABLE tb (bsm TEXT, tbbh TEXT)")
    connection.execute('CREATE TABLE "附 件" (tbbh TEXT, psjd REAL, pswd REAL, "方位角" REAL, pssj TEXT, fj BLOB)')
    connection.execute(
        'INSERT INTO "附 件" VALUES (?, ?, ?, ?, ?, ?)', ("320583001", 120.5, 31.25, 0.0, "2023-05-06 10:20:30", jpeg())
    )
    connection.execute(
        'INSERT INTO "附 件" VALUES (?, ?, ?, ?, ?, ?)', ("320583002", None, None, None, None, jpeg(exif()))
    )
    connection.commit()
    connection.close()
    photos = evidence.read_photos([tmp_path / "举证.db"]).photos
    assert photos["claimed"].tolist() == ["320583001", "320583002"]
    assert photos["lon"].tolist() == [120.5, pytest.approx(LON)] and photos["azimuth"].tolist() == [0.0, 90.0]
    assert photos["taken_at"][0] == "2023-05-06T10:20:30"


def test_a_register_gives_what_the_pictures_leave_out(tmp_path: Path) -> None:
    (tmp_path / "照片").mkdir()
    (tmp_path / "照片" / "32058301A001.jpg").write_bytes(jpeg())
    (tmp_path / "JZZP.csv").write_bytes(
        "NAME,TBYBH,PICX,PICY,AZIM,PSSJ\n32058301A001,320583001,120.5,31.25,0,2023/5/6\n32058301A002,320583001,120.5,31.25,-999999,\n".encode(
            "gb18030"
        )
    )
    photos = evidence.read_photos([tmp_path / "JZZP.csv"]).photos
    assert photos["status"].tolist() == ["read", "refused"]
    assert photos["azimuth"][0] == 0.0 and photos["azimuth"].isna()[1]
    assert photos["taken_at"][0].startswith("2023-05-06") and "JZZP.csv/32058301A002" in photos["reason"][1]


def test_a_jzzp_layer_is_read(tmp_path: Path) -> None:
    import geopandas

    fields = {"NAME": ["a"], "AZIM": [12.5], "TBYBH": ["320583001"]}
    frame = geopandas.GeoDataFrame(fields, geometry=geopandas.points_from_xy([120.5], [31.25]), crs=4490)
    frame.to_file(tmp_path / "JZZP.shp", encoding="utf-8")
    (tmp_path / "a.jpg").write_bytes(jpeg())
    row = evidence.read_photos([tmp_path / "JZZP.shp"]).photos.iloc[0]
    assert (row["lon"], row["azimuth"], row["claimed"], row["status"]) == (
        pytest.approx(120.5),
        12.5,
        "320583001",
        "read",
    )


def test_a_register_without_known_columns_is_an_error_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(WeipianError, match="甲、乙"):
        evidence.read_photos([tmp_path / "a.csv"])


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeipianError) as error:
        evidence.read_photos([tmp_path / "没有"])
    assert error.value.code == "evidence.path_missing"


def test_a_run_can_be_cancelled_and_tells_its_progress(tmp_path: Path) -> None:
    class Impatient(Silent):
        seen: list[float]

        def __init__(self) -> None:
            self.seen = []

        def progress(self, fraction: float) -> None:
            self.seen.append(fraction)

        def cancelled(self) -> bool:
            return bool(self.seen)

    for index in range(100):
        (tmp_path / f"{index}.jpg").write_bytes(jpeg(exif()))
    feedback = Impatient()
    with pytest.raises(Cancelled):
        evidence.read_photos([tmp_path], HEADER_ONLY, feedback)
    assert 0 < feedback.seen[0] < 1


def test_a_progressive_bomb_is_not_decoded(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("L", (2000, 2000), 128).save(stream, "JPEG", progressive=True)
    content = stream.getvalue()
    head = open_container(content)
    assert head is not None and head.progressive
    scan = content[content.index(b"\xff\xda") : -2]
    row = read_one(tmp_path, content[:-2] + scan * 3000 + content[-2:])
    assert "look_skipped" in codes(row)
