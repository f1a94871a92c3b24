"""A later delivery against an earlier one, shown before it is taken in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import shapely

from weipian_plugin import intake

from . import builder as b


def read(tmp_path: Path, rows: list, name: str) -> intake.Intake:
    return intake.read_delivery(b.write_shapefile(tmp_path / name, rows))


def test_each_parcel_is_new_unchanged_changed_or_withdrawn(tmp_path: Path) -> None:
    earlier = read(tmp_path, [b.parcel(i) for i in range(1, 6)], "a.shp").parcels.assign(batch="一")
    moved = shapely.transform(b.square(2), lambda xy: xy + [0.0003, 0.0])
    later = read(
        tmp_path,
        [b.parcel(1), b.parcel(2, moved, JCMJ=earlier["delivered_area"][1]), b.parcel(3, TBLX="建筑物"), b.parcel(9)],
        "b.shp",
    )
    found = intake.compare_with_earlier(later, earlier)
    assert found.new == (b.number(9),)
    assert found.unchanged == (b.number(1),)
    assert found.changed_geometry == (b.number(2),)
    assert found.changed_attributes == (b.number(3),)
    assert found.withdrawn == (b.number(4), b.number(5))
    assert ("type", "推土区", "建筑物") in {
        (c.column, c.before, c.after) for c in found.changes if c.number == b.number(3)
    }
    shapes = [c for c in found.changes if c.column == "geometry"]
    assert [c.number for c in shapes] == [b.number(2)] and shapes[0].before is not None


def test_the_same_delivery_again_changes_nothing(tmp_path: Path) -> None:
    first = read(tmp_path, b.parcels(4), "a.shp")
    found = intake.compare_with_earlier(read(tmp_path, b.parcels(4), "b.shp"), first.parcels.assign(batch="一"))
    assert len(found.unchanged) == 4 and not (found.new or found.changes or found.withdrawn)


def test_a_vertex_more_on_the_same_line_is_no_change(tmp_path: Path) -> None:
    first = read(tmp_path, b.parcels(1), "a.shp").parcels
    denser = shapely.segmentize(b.square(1), 0.0003)
    again = read(tmp_path, [b.parcel(1, denser, JCMJ=first["delivered_area"][0])], "b.shp")
    assert intake.compare_with_earlier(again, first).unchanged == (b.number(1),)


def test_another_batch_withdraws_nothing(tmp_path: Path) -> None:
    earlier = read(tmp_path, [b.parcel(i) for i in (1, 2)], "a.shp").parcels.assign(batch="一")
    found = intake.compare_with_earlier(read(tmp_path, [b.parcel(7)], "b.shp"), earlier)
    assert found.new == (b.number(7),) and found.withdrawn == ()


def test_only_the_batch_that_comes_again_can_lose_parcels(tmp_path: Path) -> None:
    earlier = read(tmp_path, [b.parcel(i) for i in (1, 2, 3, 4)], "a.shp").parcels.assign(
        batch=["一", "一", "二", "二"]
    )
    found = intake.compare_with_earlier(read(tmp_path, [b.parcel(1)], "b.shp"), earlier)
    assert found.withdrawn == (b.number(2),)


def test_pieces_split_off_by_people_are_not_withdrawn(tmp_path: Path) -> None:
    rows = [b.parcel(1), b.parcel(5, JCBH=b.number(1) + "_1"), b.parcel(6)]
    earlier = read(tmp_path, rows, "a.shp").parcels.assign(batch="一")
    found = intake.compare_with_earlier(read(tmp_path, [b.parcel(1)], "b.shp"), earlier)
    assert found.withdrawn == (b.number(6),)


def test_children_find_a_parent_in_the_delivery_or_in_the_workspace(tmp_path: Path) -> None:
    earlier = read(tmp_path, [b.parcel(1)], "a.shp").parcels
    rows = [
        b.parcel(2, JCBH=b.number(1) + "_1"),
        b.parcel(3),
        b.parcel(4, JCBH=b.number(3) + "_2"),
        b.parcel(5, JCBH=b.number(88) + "_1"),
    ]
    found = intake.compare_with_earlier(read(tmp_path, rows, "b.shp"), earlier)
    assert found.children == {b.number(1) + "_1": b.number(1), b.number(3) + "_2": b.number(3)}
    assert found.orphans == (b.number(88) + "_1",)


def test_an_empty_workspace_makes_everything_new(tmp_path: Path) -> None:
    taken = read(tmp_path, b.parcels(2), "a.shp")
    empty = pd.DataFrame(columns=["number", "geometry", "batch"])
    assert intake.compare_with_earlier(taken, empty).new == (b.number(1), b.number(2))
