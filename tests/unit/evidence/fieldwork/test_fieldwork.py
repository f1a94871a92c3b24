"""A field package goes out and comes back: nothing is lost, nothing of the office is overwritten, nothing is taken twice."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import qr_reader
from weipian_plugin.evidence.fieldwork import by_road, merging, read_return, route, write_package
from weipian_plugin.evidence.fieldwork.container import FILE
from weipian_plugin.evidence.fieldwork.records import FILLED_IN
from weipian_plugin.evidence.fieldwork.returned import EditStatus, FilmStatus
from weipian_plugin.evidence.fieldwork.sides import side_of, wanted_sides
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.office.qr import qr_svg
from weipian_plugin.workspace import Workspace

NUMBERS = [f"500118{n:04d}" for n in range(6)]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Workspace.create(tmp_path / "大安 街道.gpkg") as opened:
        rows = pd.DataFrame(
            {
                "number": NUMBERS,
                "state": "未提报",
                "township": "大安街道<script>",
                "area_m2": 2000.1,
                "claims": [{"project_name": "旧厂"}] + [{}] * 5,
                "geometry": [shapely.box(105.9 + k / 100, 29.3, 105.901 + k / 100, 29.301) for k in range(6)],
            }
        )
        opened.insert("parcel", rows, "张三", "入库")
        yield opened


@pytest.fixture
def out(store: Workspace, tmp_path: Path) -> Path:
    write_package(store, NUMBERS, tmp_path / "field")
    return tmp_path / "field"


def edit(folder: Path, number: str, **values: str) -> None:
    """What a phone does: change the row by its uuid."""
    with closing(sqlite3.connect(str(folder / FILE))) as phone, phone:
        for name, value in values.items():
            phone.execute(f'UPDATE parcels SET "{name}" = ? WHERE number = ?', (value, number))


def add_photo(folder: Path, number: str, path: str, content: bytes | None) -> None:
    if content is not None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with closing(sqlite3.connect(str(folder / FILE))) as phone, phone:
        key = phone.execute("SELECT uuid FROM parcels WHERE number = ?", (number,)).fetchone()
        phone.execute(
            "INSERT INTO photos (uuid, parcel_uuid, path, purpose) VALUES (?, ?, ?, '现状')",
            (path, key[0] if key else "nobody", path),
        )


def test_a_package_holds_every_parcel_once_in_the_order_of_the_visit(store: Workspace, out: Path) -> None:
    with closing(sqlite3.connect(str(out / FILE))) as phone:
        rows = phone.execute(
            "SELECT number, visit_order, uuid, project_name, area_mu FROM parcels ORDER BY visit_order"
        ).fetchall()
    assert [row[0] for row in rows] == NUMBERS  # they lie in a row from west to east
    assert [row[1] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert len({row[2] for row in rows}) == 6 and rows[0][3] == "旧厂" and rows[1][3] is None and rows[0][4] == 3.0


def test_its_pages_escape_what_was_delivered_and_mark_the_three_coordinate_systems(out: Path) -> None:
    page, tasks = ((out / name).read_text(encoding="utf-8") for name in ("index.html", "tasks.html"))
    for text in (page, tasks):
        assert "<script>" not in text and "&lt;script&gt;" in text
        assert "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    assert page.count("CGCS2000") == page.count("WGS 84") == page.count("GCJ-02") == 6
    assert page.count('href="geo:29.3') == 6 and "在北侧向南拍" in page
    assert tasks.count("<svg") == 6 and tasks.count("第 1 页 / 共 2 页") == 1


def test_each_code_of_the_task_sheets_is_read_as_the_position_of_its_parcel(store: Workspace, out: Path) -> None:
    tasks = (out / "tasks.html").read_text(encoding="utf-8")
    found = [qr_reader.text_of(svg) for svg in re.findall(r"<svg.*?</svg>", tasks, re.DOTALL)]
    assert found == [f"geo:29.300500,{105.9005 + place / 100:.6f}" for place in range(6)]
    shapes = dict(zip(NUMBERS, store.read("parcel")["geometry"]))
    for number, text in zip(NUMBERS, found):
        lat, lon = map(float, text.removeprefix("geo:").split(","))
        assert shapes[number].contains(shapely.Point(lon, lat)), "another parcel's position"


@given(st.text("0123456789.,:geo-", min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_code_is_read_as_what_it_was_made_of(text: str) -> None:
    assert qr_reader.text_of(qr_svg("g" + text)) == "g" + text  # a small letter: as bytes, like every position


def test_names_inside_are_ascii_and_a_folder_with_content_is_never_written_into(store: Workspace, out: Path) -> None:
    assert all(path.name.isascii() for path in out.rglob("*"))
    with pytest.raises(WeipianError) as caught:
        write_package(store, NUMBERS, out)
    assert caught.value.code == "evidence.field_taken"
    assert not [path for path in out.parent.iterdir() if path.name.startswith(".field")]


def test_nothing_chosen_and_unknown_numbers_are_said(store: Workspace, tmp_path: Path) -> None:
    for numbers, code in (([], "evidence.field_nothing"), (["none"], "run.filter_unknown")):
        with pytest.raises(WeipianError) as caught:
            write_package(store, numbers, tmp_path / "x")
        assert caught.value.code == code and not (tmp_path / "x").exists()


def test_an_unedited_package_brings_nothing_back(store: Workspace, out: Path) -> None:
    preview = read_return(store, out)
    assert preview.edits == () and preview.photos == () and preview.notes == ()


def test_new_and_changed_values_are_taken_once(store: Workspace, out: Path) -> None:
    edit(
        out, NUMBERS[0], project_name="新厂", field_description="已建成\n两层", verifier="李四", visited_at="2026-11-20"
    )
    preview = read_return(store, out)
    assert {(entry.column, entry.status) for entry in preview.edits} == {
        ("project_name", EditStatus.CHANGED),
        ("field_description", EditStatus.NEW),
    }
    assert merging.take_values(store, preview, "王五") == 2
    again = read_return(store, out)
    assert {entry.status for entry in again.edits} == {EditStatus.KNOWN} and merging.take_values(
        store, again, "王五"
    ) == 0
    stored = store.read("field_result")
    assert len(stored) == 2 and set(stored["verifier"]) == {"李四"}
    assert store.journal_break() is None


def test_what_the_office_changed_meanwhile_is_a_conflict_and_both_stay(
    store: Workspace, out: Path, tmp_path: Path
) -> None:
    write_package(store, NUMBERS, tmp_path / "other")
    edit(tmp_path / "other", NUMBERS[0], project_name="甲厂", verifier="甲", visited_at="2026-11-19")
    merging.take_values(store, read_return(store, tmp_path / "other"), "王五")
    edit(out, NUMBERS[0], project_name="乙厂", verifier="乙", visited_at="2026-11-20")
    preview = read_return(store, out)
    (found,) = preview.edits
    assert found.status is EditStatus.CONFLICT and (found.exported, found.now, found.value) == ("旧厂", "甲厂", "乙厂")
    merging.take_values(store, preview, "王五")
    stored = store.read("field_result").set_index("value")["status"].to_dict()
    assert stored == {"甲厂": "changed", "乙厂": "conflict"}


def test_two_phones_with_the_same_answer_do_not_disagree(store: Workspace, out: Path, tmp_path: Path) -> None:
    write_package(store, NUMBERS, tmp_path / "other")
    for folder, person in ((tmp_path / "other", "甲"), (out, "乙")):
        edit(folder, NUMBERS[0], project_name="甲厂", verifier=person, visited_at="2026-11-19")
        preview = read_return(store, folder)
        assert preview.count(EditStatus.CONFLICT) == 0
        merging.take_values(store, preview, "王五")


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("DCIM/a.jpg", b"\xff\xd8", None),
        ("DCIM\\b.jpg", b"\xff\xd8", None),
        ("DCIM/none.jpg", None, "evidence.field_photo_missing"),
        ("DCIM/empty.jpg", b"", "evidence.field_photo_empty"),
        ("../outside.jpg", None, "evidence.field_photo_outside"),
        ("/etc/passwd", None, "evidence.field_photo_outside"),
        (".", None, "evidence.field_photo_missing"),
        ("C:/Users/x.jpg", None, "evidence.field_photo_outside"),
        ("", None, "evidence.field_photo_none"),
    ],
)
def test_each_photo_is_taken_or_rejected_by_name(
    store: Workspace, out: Path, path: str, content: bytes | None, code: str | None
) -> None:
    if "\\" in path:
        (out / "DCIM" / "b.jpg").write_bytes(content or b"")
        content = None
    add_photo(out, NUMBERS[1], path, content)
    (photo,) = read_return(store, out).photos
    assert photo.status is (FilmStatus.REJECTED if code else FilmStatus.GOOD)
    assert (photo.reason.code if photo.reason else None) == code
    assert path == "" or code is None or path in str(photo.reason and photo.reason.details)


def test_a_photo_of_no_parcel_is_rejected_and_a_known_one_recognised(store: Workspace, out: Path) -> None:
    add_photo(out, "nobody", "DCIM/o.jpg", b"orphan")
    add_photo(out, NUMBERS[0], "DCIM/k.jpg", b"known")
    digest = __import__("hashlib").sha256(b"known").hexdigest()
    store.insert("photo", pd.DataFrame({"file": ["x.jpg"], "sha256": [digest]}), "张三", "照片")
    statuses = {photo.name: photo.status for photo in read_return(store, out).photos}
    assert statuses == {"DCIM/o.jpg": FilmStatus.REJECTED, "DCIM/k.jpg": FilmStatus.KNOWN}


def test_good_photos_are_gathered_under_the_number_of_their_parcel(store: Workspace, out: Path, tmp_path: Path) -> None:
    add_photo(out, NUMBERS[2], "DCIM/a.jpg", b"picture")
    folder = merging.gather_photos(read_return(store, out), tmp_path / "外业照片")
    assert folder is not None
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")] == [f"{NUMBERS[2]}/现状/a.jpg"]


def test_rows_that_a_phone_added_and_parcels_that_are_gone_are_said(store: Workspace, out: Path) -> None:
    with closing(sqlite3.connect(str(out / FILE))) as phone, phone:
        phone.execute("INSERT INTO parcels (uuid, number) VALUES ('new', 'x')")
    store.delete("parcel", "张三", "撤回", number=NUMBERS[5])
    codes = [note.code for note in read_return(store, out).notes]
    assert codes == ["evidence.field_gone", "evidence.field_added"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 100])
def test_a_file_that_is_no_package_gets_a_sentence(store: Workspace, tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WeipianError) as caught:
        read_return(store, tmp_path)
    assert caught.value.code == "evidence.field_foreign" and FILE in str(caught.value)


def test_missing_and_unexported_columns_do_no_harm(store: Workspace, out: Path) -> None:
    with closing(sqlite3.connect(str(out / FILE))) as phone, phone:
        phone.execute("ALTER TABLE parcels DROP COLUMN project_owner")
        phone.execute("ALTER TABLE parcels ADD COLUMN own_note TEXT")
        exported = phone.execute("SELECT filled FROM exported").fetchone()[0]
    assert set(json.loads(exported)) == set(FILLED_IN)
    assert read_return(store, out).edits == ()


@pytest.mark.parametrize(
    ("camera", "side"),
    [
        ((105.9, 29.4), "北侧"),
        ((106.0, 29.3), "东侧"),
        ((105.9, 29.2), "南侧"),
        ((105.8, 29.3), "西侧"),
        ((105.899, 29.4), "北侧"),
    ],
)
def test_the_side_is_where_the_camera_stands(camera: tuple[float, float], side: str) -> None:
    assert side_of((105.9, 29.3), camera) == side


def test_a_side_with_a_photo_is_no_longer_wanted(store: Workspace) -> None:
    photos = pd.DataFrame({"file": ["a.jpg"], "sha256": ["s"], "lon": [105.9005], "lat": [29.302], "azimuth": [180.0]})
    store.insert("photo", photos.assign(geometry=[shapely.Point(105.9005, 29.302)]), "张三", "照片")
    store.insert(
        "photo_parcel", pd.DataFrame({"photo": ["s"], "parcel": [NUMBERS[0]], "status": ["attached"]}), "张三", "照片"
    )
    found = wanted_sides(store, {NUMBERS[0]: (105.9005, 29.3005), NUMBERS[1]: (105.9105, 29.3005)})
    assert found[NUMBERS[0]] == ("东侧", "南侧", "西侧") and len(found[NUMBERS[1]]) == 4


def test_a_photo_without_position_or_azimuth_shows_no_side(store: Workspace, tmp_path: Path) -> None:
    """Its name has attached it; asking where it stands ended the export, and one without azimuth counted as a side."""
    photos = pd.DataFrame(
        {"file": ["a.jpg", "b.jpg"], "sha256": ["s", None], "lon": [105.9005, None], "lat": [29.302, None]}
    )
    store.insert("photo", photos, "张三", "照片")
    links = pd.DataFrame({"photo": ["s", "b.jpg"], "parcel": NUMBERS[:1] * 2, "status": ["attached"] * 2})
    store.insert("photo_parcel", links, "张三", "照片")
    assert wanted_sides(store, {NUMBERS[0]: (105.9005, 29.3005)}) == {NUMBERS[0]: ("北侧", "东侧", "南侧", "西侧")}
    assert len(write_package(store, NUMBERS, tmp_path / "外业").parcels) == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(105, 106), st.floats(29, 30)), min_size=1, max_size=7, unique=True))
def test_every_parcel_is_visited_once_and_the_way_is_close_to_the_shortest(points: list[tuple[float, float]]) -> None:
    lon, lat = (list(values) for values in zip(*points))
    order = route.visiting_order(lon, lat)
    assert sorted(order.tolist()) == list(range(len(points)))
    rest = [n for n in range(len(points)) if n != order[0]]
    shortest = min(route.length_m(lon, lat, np.array([order[0], *way])) for way in permutations(rest))
    assert route.length_m(lon, lat, order) <= 1.35 * shortest + 1e-6


def test_the_way_follows_the_roads_round_a_river(tmp_path: Path) -> None:
    """Two villages face each other over a river; the only bridge is in the east. Straight lines cross the water at once."""
    step = 0.01
    north = [(105.9 + place * step, 29.31) for place in range(4)]
    south = [(105.9 + place * step, 29.30) for place in range(4)]
    lon, lat = map(list, zip(north[0], south[0], north[1], south[1], north[2], south[2], north[3], south[3]))
    roads = [shapely.LineString(north), shapely.LineString(south), shapely.LineString([north[3], south[3]])]
    visit = route.plan_visit(lon, lat, roads, start=north[0])
    places = list(zip(lon, lat))
    assert [places[at] for at in visit.order] == [*north, *reversed(south)]
    assert visit.by_road and visit.way_m == pytest.approx(route.length_m(lon, lat, visit.order), rel=1e-6)
    assert route.length_m(lon, lat, route.visiting_order(lon, lat, start=north[0])) < 8 * 1113.2
    assert not route.plan_visit(lon, lat, [], start=north[0]).by_road


@given(st.lists(st.tuples(st.floats(105.9, 105.95), st.floats(29.3, 29.35)), min_size=2, max_size=7, unique=True))
@settings(max_examples=40, deadline=None)
def test_ways_along_roads_are_the_same_both_ways_and_never_shorter_than_straight(
    points: list[tuple[float, float]],
) -> None:
    metres = (np.array(points) - (105.9, 29.3)) * 100_000
    lines = [
        shapely.LineString([(0, 2000), (5000, 2000)]),
        shapely.LineString([(2500, 0), (2500, 5000)]),
    ]  # they only cross
    apart = by_road.Roads(lines).apart(metres)
    straight = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1))
    assert (apart == apart.T).all() and (apart >= straight - 1e-6).all() and (np.diag(apart) == 0).all()
    far = [abs(x - 2500) + abs(y - 2000) for x, y in metres]  # to the crossing and out again is always a way
    assert (apart <= np.maximum(np.add.outer(far, far) + 2 * 2500, straight) + 20).all()
