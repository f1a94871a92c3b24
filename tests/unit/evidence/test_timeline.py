"""Dates of images: all days a text may mean, contradictions kept wide; images in order, each parcel's pair picked, the others at hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.evidence.image_dates import date_in_text, imagery_date, style_span
from weipian_plugin.evidence.timeline import AFTER, BEFORE, IMAGERY, DatedImage, dated_images, of_images, timeline
from weipian_plugin.formats.catalogue import read_catalogue
from weipian_plugin.model.dates import EARLIEST, DateSpan, span_text
from weipian_plugin.model.records import LayerSource


def span(first: str, last: str = "") -> DateSpan:
    return DateSpan(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大安街道_20220918", span("2022-09-18")),
        ("GF2_PMS1_E106.5_N29.3_20210614_L1A0005706943-MSS1", span("2021-06-14")),
        ("2021年6月14日影像", span("2021-06-14")),
        ("２０２１年６月影像", span("2021-06-01", "2021-06-30")),
        ("2021-6-1 无人机", span("2021-06-01")),
        ("2021.06", span("2021-06-01", "2021-06-30")),
        ("DOM_202106", span("2021-06-01", "2021-06-30")),
        ("2021年度", span("2021-01-01", "2021-12-31")),
        ("2021年第三季度", span("2021-07-01", "2021-09-30")),
        ("2021Q4", span("2021-10-01", "2021-12-31")),
        ("2021年上半年", span("2021-01-01", "2021-06-30")),
        ("2021年6-8月", span("2021-06-01", "2021-08-31")),
        ("2021年6月14日至7月2日", span("2021-06-14", "2021-07-02")),
        ("2021年6月14-16日", span("2021-06-14", "2021-06-16")),
        ("20210301_20210415拼接", span("2021-03-01", "2021-04-15")),
        ("2021-2022年影像", span("2021-01-01", "2022-12-31")),
        ("20210614102030", span("2021-06-14")),
        ("CGCS2000_2021年", span("2021-01-01", "2021-12-31")),
        ("1:2000正射影像", None),
        ("2000国家大地坐标系", None),
        ("WGS1984_影像", None),
        ("西安1980", None),
        ("500118_影像", None),
        ("20211345", None),
        ("影像2048x2048", None),
        ("前时相影像", None),
        ("", None),
    ],
)
def test_a_text_gives_all_days_it_may_mean_and_no_number_that_is_no_date(text: str, expected: DateSpan) -> None:
    assert date_in_text(text) == expected


@pytest.mark.parametrize(
    ("title", "name", "tags", "expected"),
    [
        ("2021年影像", "a_20210614", {}, span("2021-06-14")),  # the finer one within the coarser
        ("2021年影像", "a_20200503", {}, span("2020-05-03", "2021-12-31")),  # they contradict: everything between
        ("", "2021-06-14/tile_3", {}, span("2021-06-14")),  # the folder where the file says nothing
        ("", "20210614/tile_20210615", {}, span("2021-06-15")),
        ("", "S2A_MSIL2A_20210614T031541_N0300_R075_T48RYV_20230211T061244", {}, span("2021-06-14")),
        ("", "LC08_L1TP_127039_20210614_20210622_02_T1", {}, span("2021-06-14")),
        ("", "a", {"ACQUISITIONDATETIME": "2021-06-14 03:15:41"}, span("2021-06-14")),
        ("", "a", {"Exif_DateTimeOriginal": "2021:06:14 10:20:30"}, span("2021-06-14")),
        (
            "",
            "a",
            {"TIFFTAG_DATETIME": "2022:05:03 10:20:30"},
            DateSpan(EARLIEST, date(2022, 5, 3)),
        ),  # written, not taken
        ("2021年", "a", {"TIFFTAG_DATETIME": "2022:05:03 10:20:30"}, span("2021-01-01", "2021-12-31")),
        ("", "a", {"TIFFTAG_DATETIME": "0000:00:00 00:00:00"}, None),
        ("", "type=xyz&url=https://t.example/2020/{z}/{x}/{y}.png", {}, None),
        ("", "type=xyz&url=https%3A//t.example/%7Bz%7D%3Ftime%3D2021-06-14%26a%3D1", {}, span("2021-06-14")),
        ("天地图 2023年3月", "type=xyz&url=https://t.example/{z}/{x}/{y}.png", {}, span("2023-03-01", "2023-03-31")),
    ],
)
def test_title_name_and_tags_together_give_the_worse_side(
    title: str, name: str, tags: dict[str, str], expected: DateSpan
) -> None:
    assert imagery_date(title, name, tags) == expected


def test_a_style_with_a_fixed_range_dates_an_image_and_one_that_is_off_does_not() -> None:
    fixed = "<fixedRange><start>2021-06-14T00:00:00Z</start><end>2021-06-20T00:00:00Z</end></fixedRange>"
    style = '<qgis><temporal enabled="{}" mode="0">' + fixed + "</temporal></qgis>"
    assert style_span(style.format(1)) == span("2021-06-14", "2021-06-20")
    assert style_span(style.format(0)) is None
    assert style_span("<qgis>") is None


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%Y年%m月%d日", "%Y%m", "%Y年"]),
)
def test_the_true_day_lies_within_what_a_text_says(day: date, form: str) -> None:
    found = imagery_date("", "影像_" + day.strftime(form).replace("年", "年") + "_a")
    assert found is not None and found.first <= day <= found.last


def test_spans_are_told_as_they_are_known() -> None:
    assert span_text(span("2021-06-14")) == "2021-06-14"
    assert span_text(span("2021-06-01", "2021-06-30")) == "2021-06"
    assert span_text(span("2021-03-01", "2021-04-15")) == "2021-03-01 至 2021-04-15"
    assert span_text(DateSpan(EARLIEST, date(2022, 5, 3))) == "不晚于 2022-05-03"
    assert span_text(None) == "日期不明"


def layer(role: str, source: str, title: str = "") -> LayerSource:
    return LayerSource(role=role, source=source, title=title)


def test_the_images_stand_in_order_and_a_parcel_picks_its_pair() -> None:
    layers = [
        layer(IMAGERY, "/影像/a_20230426.tif"),
        layer(IMAGERY, "/影像/a_20190101.tif"),
        layer(IMAGERY, "/影像/无日期.tif"),
        layer(IMAGERY, "/影像/a_20220918.tif"),
        layer("basic_farmland", "/a.shp"),
    ]
    line = timeline(layers, "20220918", "2023-04")
    assert [image.date_text for image in line.images] == ["2019-01-01", "2022-09-18", "2023-04-26", "日期不明"]
    assert line.before is line.images[1] and line.after is line.images[2]


def test_an_image_of_the_role_goes_before_one_of_no_side_and_all_its_scenes_stay_together() -> None:
    images = dated_images(
        [
            layer(BEFORE, "/a_20220101.tif"),
            layer(BEFORE, "/b_20220301.tif"),
            layer(IMAGERY, "/c_20200101.tif"),
            layer(AFTER, "/d.tif"),
        ]
    )
    line = of_images(images, "2021-05", "")
    assert line.before is not None and len(line.before.sources) == 2
    assert line.after is not None and line.after.sources[0].source == "/d.tif"


def test_one_image_of_no_side_is_no_pair() -> None:
    line = of_images(dated_images([layer(IMAGERY, "/c_20200101.tif")]), "20190101", "20210101")
    assert line.before is None and line.after is not None


def test_a_folder_of_scenes_named_by_date_is_one_image_a_date(tmp_path: Path) -> None:
    for name in ("20210614/a.tif", "20210614/b.tif", "2019年/c.tif", "d_20200101.tif", "readme.txt"):
        path = tmp_path / "影像" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    catalogue = tmp_path / "图层清单.yaml"
    catalogue.write_text("version: 1\nlayers:\n  - {role: 影像, source: 影像}\n", encoding="utf-8")
    images = dated_images(read_catalogue(catalogue))
    assert [(image.date_text, len(image.sources)) for image in images] == [
        ("2019", 1),
        ("2020-01-01", 1),
        ("2021-06-14", 2),
    ]


def test_tags_are_read_only_where_nothing_else_gives_the_day() -> None:
    asked: list[str] = []

    def tags(source: LayerSource) -> dict[str, str]:
        asked.append(source.source)
        return {"ACQUISITION_DATE": "2021-06-14"}

    images = dated_images(
        [layer(IMAGERY, "/a_20190101.tif"), layer(IMAGERY, "/b.tif"), layer(IMAGERY, "/c_2021.tif")], tags
    )
    assert asked == ["/b.tif", "/c_2021.tif"]
    assert [(image.date_text, len(image.sources)) for image in images] == [("2019-01-01", 1), ("2021-06-14", 2)]
    assert isinstance(images[0], DatedImage)
