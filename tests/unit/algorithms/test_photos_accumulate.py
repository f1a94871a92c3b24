"""Photos only accumulate: another folder adds to what is there, known bytes are known again, a person's acts stay."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

from tests.unit.evidence.pictures import LAT, LON, exif, gps, jpeg, scene
from weipian_plugin.evidence import reading
from weipian_plugin.evidence.settings import load_settings
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline import photos
from weipian_plugin.pipeline.command import opened
from weipian_plugin.pipeline.match_photos import MatchPhotos
from weipian_plugin.workspace import Workspace

FIRST, SECOND = "320500SJBG0001", "320500SJBG0002"


def parcel(number: str, east: float) -> dict[str, Any]:
    shape = shapely.MultiPolygon([shapely.box(LON + east, LAT - 0.0004, LON + east + 0.001, LAT + 0.0004)])
    return {"number": number, "batch": "一", "earlier_image": "2022-03-01", "later_image": "2023-03-01", "area_m2": 8400.0,
            "state": "未提报", "flags": [], "claims": {}, "delivered": {}, "version": 0, "geometry": shape}  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path) -> MatchPhotos:
    path = tmp_path / "库" / "工作库.gpkg"
    with Workspace.create(path) as store:
        store.insert("parcel", pd.DataFrame([parcel(FIRST, 0.0001), parcel(SECOND, 0.02)]), "张三", "图斑入库")
    return MatchPhotos(path, (), report=tmp_path / "报表", who="张三")


def shot(seed: int, east: float = 0.0, **tags: Any) -> bytes:
    """A photo taken at the western edge of a parcel towards it."""
    return jpeg(exif(gps(lon=LON + east), **tags), picture=scene(seed))


def folder_of(path: Path, photos: dict[str, bytes]) -> Path:
    for name, content in photos.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def match(plan: MatchPhotos, *folders: Path) -> dict[str, Any]:
    return replace(plan, photos=tuple(map(str, folders))).start(Silent()).outputs()


def attached(plan: MatchPhotos) -> dict[str, set[str]]:
    """Parcels by the file of the photo."""
    with opened(plan.workspace) as store:
        names = store.read("photo")
        links = store.read("photo_parcel", status="attached")
    keys = dict(zip(names["sha256"], names["file"]))
    found: dict[str, set[str]] = {file: set() for file in names["file"]}
    for photo, number in zip(links["photo"], links["parcel"]):
        found[keys[photo]].add(number)
    return found


def csv_rows(plan: MatchPhotos) -> dict[str, dict[str, str]]:
    with (Path(str(plan.report)) / "photos.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def test_another_folder_adds_to_the_photos_and_removes_none(plan: MatchPhotos, tmp_path: Path) -> None:
    first = folder_of(tmp_path / "一月", {"a.jpg": shot(1), "b.jpg": shot(2)})
    second = folder_of(tmp_path / "二月", {"c.jpg": shot(3, east=0.0199)})
    assert match(plan, first)["ATTACHED"] == 2
    assert match(plan, second) == {"PHOTOS": 3, "NEW_PHOTOS": 1, "ATTACHED": 3, "AMBIGUOUS": 0, "REFUSED": 0}
    assert attached(plan) == {"a.jpg": {FIRST}, "b.jpg": {FIRST}, "c.jpg": {SECOND}}
    assert set(csv_rows(plan)) == {"a.jpg", "b.jpg", "c.jpg"}


def test_folder_after_folder_is_the_same_as_all_at_once(plan: MatchPhotos, tmp_path: Path) -> None:
    copied, other = shot(4, east=0.0199), shot(5, make="OPPO")
    parts = [
        folder_of(tmp_path / "甲", {f"{FIRST}/a.jpg": shot(1), "坏.jpg": b"\xff\xd8\xff not a picture"}),
        folder_of(tmp_path / "乙", {"c.jpg": copied, "d.jpg": other, "无坐标.jpg": jpeg(exif({}), picture=scene(8))}),
        folder_of(tmp_path / "丙", {f"{FIRST}/d2.jpg": copied, "e.jpg": shot(6, time="2023:05:06 10:20:31")}),
    ]
    together = replace(plan, workspace=tmp_path / "另" / "库.gpkg")
    together.workspace.parent.mkdir()
    shutil.copyfile(str(plan.workspace), str(together.workspace))
    for part in parts:
        results = match(plan, part)
    step_by_step = csv_rows(plan)
    assert match(together, *parts) == {**results, "NEW_PHOTOS": results["PHOTOS"]}
    at_once = csv_rows(together)
    for name in ("status", "parcel", "sha256", "reason"):
        assert {file: row[name] for file, row in step_by_step.items()} == {
            file: row[name] for file, row in at_once.items()
        }, name


def test_the_same_folder_again_and_a_copy_of_it_add_nothing(plan: MatchPhotos, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "照片", {"a.jpg": shot(1), "b.jpg": shot(2), "坏.jpg": b"no picture"})
    before = match(plan, folder)
    with opened(plan.workspace) as store:
        rows = store.read("photo").drop(columns=["geometry", "fid"])
    assert match(plan, folder) == {**before, "NEW_PHOTOS": 0}
    copy = folder_of(tmp_path / "备份", {"旧/换名.jpg": (folder / "a.jpg").read_bytes()})
    again = match(plan, copy)
    with opened(plan.workspace) as store:
        assert rows.equals(store.read("photo").drop(columns=["geometry", "fid"]))
    assert again["NEW_PHOTOS"] == 0
    told = csv_rows(plan)["旧/换名.jpg"]
    assert (told["status"], told["parcel"]) == ("attached", FIRST)
    assert "a.jpg" in told["reason"]


def test_another_photo_of_a_known_name_gets_its_folders_name(plan: MatchPhotos, tmp_path: Path) -> None:
    match(plan, folder_of(tmp_path / "甲", {"IMG_1.jpg": shot(1)}))
    match(plan, folder_of(tmp_path / "乙", {"IMG_1.jpg": shot(2)}))
    assert set(attached(plan)) == {"IMG_1.jpg", "乙/IMG_1.jpg"}
    assert match(plan, tmp_path / "乙")["NEW_PHOTOS"] == 0


def test_what_people_attached_and_detached_survives_more_photos(plan: MatchPhotos, tmp_path: Path) -> None:
    match(plan, folder_of(tmp_path / "甲", {"a.jpg": shot(1), "b.jpg": shot(2)}))
    with opened(plan.workspace) as store:
        keys = dict(zip(store.read("photo")["file"], store.read("photo")["sha256"]))
        store.update(
            "photo_parcel",
            {"photo": keys["a.jpg"], "parcel": FIRST},
            {"status": "detached", "manual": 1},
            "李四",
            "解除",
        )
        moved = {"photo": keys["b.jpg"], "parcel": SECOND, "status": "attached", "manual": 1, "by": "李四"}
        store.insert("photo_parcel", pd.DataFrame([moved]), "李四", "挂接", each=True)
    match(plan, folder_of(tmp_path / "乙", {"c.jpg": shot(3)}))
    assert attached(plan) == {"a.jpg": set(), "b.jpg": {SECOND}, "c.jpg": {FIRST}}
    assert csv_rows(plan)["a.jpg"]["status"] == "refused"


def test_every_finding_that_a_later_photo_brings_stands_in_the_reason(plan: MatchPhotos, tmp_path: Path) -> None:
    """A later photo of the same place and picture in another direction says two things; the reason told the last one only."""
    turned = jpeg(exif(gps(azimuth=270.0), time="2023:05:06 12:20:30"), picture=scene(1))
    match(plan, folder_of(tmp_path / "甲", {"a.jpg": shot(1)}))
    match(plan, folder_of(tmp_path / "乙", {"b.jpg": turned}))
    row = csv_rows(plan)["a.jpg"]
    told = [text.rstrip("。") for text in row["findings"].split("；照片 ")]
    assert "画面几乎相同" in row["findings"] and "坐标完全相同" in row["findings"] and len(told) == 2
    assert all(text in row["reason"] for text in told)


def test_a_parcel_that_comes_later_gets_the_photos_that_were_there(plan: MatchPhotos, tmp_path: Path) -> None:
    match(plan, folder_of(tmp_path / "甲", {"a.jpg": shot(1, east=0.0499)}))
    assert attached(plan) == {"a.jpg": set()}
    with opened(plan.workspace) as store:
        store.insert("parcel", pd.DataFrame([parcel("320500SJBG0003", 0.05)]), "张三", "图斑入库")
    match(plan, folder_of(tmp_path / "乙", {"b.jpg": shot(2)}))
    assert attached(plan) == {"a.jpg": {"320500SJBG0003"}, "b.jpg": {FIRST}}


def test_a_removed_photo_stays_away_until_it_is_restored(plan: MatchPhotos, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "甲", {"a.jpg": shot(1), "b.jpg": shot(2)})
    match(plan, folder)
    before = attached(plan)
    with opened(plan.workspace) as store:
        photos.remove(store, "a.jpg", "李四")
        assert store.journal_break() is None
    match(plan, folder)
    match(plan, folder_of(tmp_path / "乙", {"c.jpg": shot(3)}))
    assert attached(plan) == {"a.jpg": set(), "b.jpg": {FIRST}, "c.jpg": {FIRST}}
    with opened(plan.workspace) as store:
        photos.restore(store, "a.jpg", "李四")
        acts = [(row["what"], row["who"]) for row in store.journal_of("移除照片") + store.journal_of("恢复照片")]
    assert attached(plan) == {**before, "c.jpg": {FIRST}}
    assert acts == [("photo", "李四"), ("photo_parcel", "李四")] * 2


def test_copies_filed_for_two_parcels_are_told_each_at_its_own(plan: MatchPhotos, tmp_path: Path) -> None:
    """The table told of both copies the first parcel, and the report of a later run both parcels."""
    copy, names = jpeg(exif({}), picture=scene(4)), {FIRST: f"{FIRST}/a.jpg", SECOND: f"{SECOND}/b.jpg"}
    match(plan, folder_of(tmp_path / "甲", dict.fromkeys(names.values(), copy)))
    for folder in ("乙", "丙"):
        match(plan, folder_of(tmp_path / folder, {f"{folder}.jpg": shot(len(folder))}))
        told = csv_rows(plan)
        page = (Path(str(plan.report)) / "photos-report.html").read_text(encoding="utf-8")
        for number, name in names.items():
            assert (told[name]["status"], told[name]["parcel"]) == ("attached", number)
            assert f"<td>{name}</td><td>{number}</td>" in page


def test_a_photo_of_two_parcels_names_both(plan: MatchPhotos, tmp_path: Path) -> None:
    match(plan, folder_of(tmp_path / "甲", {"a.jpg": shot(1)}))
    with opened(plan.workspace) as store:
        key = store.read("photo")["sha256"].iloc[0]
        both = [
            {"photo": key, "parcel": number, "status": "attached", "manual": 1, "by": "李四"}
            for number in (FIRST, SECOND)
        ]
        store.replace("photo_parcel", pd.DataFrame(both), "李四", "挂接", photo=[key])
    match(plan, folder_of(tmp_path / "乙", {"b.jpg": shot(2)}))
    assert csv_rows(plan)["a.jpg"]["parcel"] == f"{FIRST};{SECOND}"


def test_a_file_comes_back_though_others_lie_in_it(plan: MatchPhotos, tmp_path: Path) -> None:
    """A damaged archive has no digest and is named by its file: what was said of ``a.zip/…`` was taken for its own."""
    folder = folder_of(tmp_path / "甲", {"a.zip": b"no archive"})
    match(plan, folder)
    match(plan, folder_of(tmp_path / "乙", {"a.zip/b.jpg": shot(1)}))
    with opened(plan.workspace) as store:
        photos.remove(store, "a.zip/b.jpg", "李四")
        photos.remove(store, "a.zip", "李四")
        photos.restore(store, "a.zip", "李四")
        assert dict(store.values("photo", ["file", "status"])) == {"a.zip": "refused", "a.zip/b.jpg": "removed"}


def test_only_new_files_are_read(plan: MatchPhotos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path / "甲", {f"{seed}.jpg": shot(seed) for seed in range(1, 6)})
    match(plan, folder)
    folder_of(folder, {"新.jpg": shot(9)})
    read: list[str] = []
    original: Callable[..., Any] = reading.read_photo

    def counted(file: Any, *rest: Any) -> Any:
        read.append(file.name)
        return original(file, *rest)

    monkeypatch.setattr(reading, "read_photo", counted)
    assert match(plan, folder)["NEW_PHOTOS"] == 1
    assert read == ["新.jpg"]


def test_the_range_of_the_options_counts(plan: MatchPhotos, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "甲", {"a.jpg": shot(1, east=-0.0013)})  # some 130 m before the parcel
    match(plan, folder)
    assert attached(plan) == {"a.jpg": {FIRST}}
    match(replace(plan, photo_range=60.0), folder)
    assert attached(plan) == {"a.jpg": set()}


def test_what_ties_are_made_from_reads_the_same_in_every_process(tmp_path: Path) -> None:
    """Sets have another order in each process: it made every run tie all photos of the workspace again."""
    code = "from weipian_plugin.evidence.settings import load_settings; print(load_settings().fingerprint)"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True, check=True, text=True, encoding="utf-8",
        ).stdout
        for seed in (1, 2, 3)
    }  # fmt: skip
    assert len(told) == 1 and next(iter(told)).strip()
    here = load_settings()
    elsewhere = tmp_path / "evidence.yaml"
    elsewhere.write_bytes(Path(here.source).read_bytes())
    assert load_settings(elsewhere).fingerprint == here.fingerprint
    stricter = replace(here, limits={**here.limits, "too_far_m": here.limit("too_far_m") + 1})
    wider = replace(here, screen_sizes=here.screen_sizes | {(1, 2)})
    assert len({here.fingerprint, stricter.fingerprint, wider.fingerprint}) == 3


def test_new_photos_leave_the_ties_of_the_old_ones_as_they_are(plan: MatchPhotos, tmp_path: Path) -> None:
    match(plan, folder_of(tmp_path / "甲", {"a.jpg": shot(1), "b.jpg": shot(2)}))
    with opened(plan.workspace) as store:
        ties = store.read("photo_parcel")
    match(plan, folder_of(tmp_path / "乙", {"c.jpg": shot(3, east=0.0199)}))
    with opened(plan.workspace) as store:
        after = store.read("photo_parcel")
    assert after["fid"].tolist()[: len(ties)] == ties["fid"].tolist() and len(after) == len(ties) + 1
