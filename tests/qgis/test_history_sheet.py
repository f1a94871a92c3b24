"""历史影像对比: every date at one scale with its source; only what shows the parcel; in the package on request or where it is the proof."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.qgis.test_maps import imagery
from tests.unit.filing import cases
from weipian_plugin.algorithms.history_sheet import _north_arrow, history_sheets
from weipian_plugin.evidence.timeline import Timeline, timeline
from weipian_plugin.filing import PackageOptions, ParcelCase, verify, wants_history, write_package
from weipian_plugin.geodesy.zone import convergence
from weipian_plugin.model.records import LayerSource


@pytest.fixture
def line(tmp_path: Path) -> Timeline:
    """Four dates that show the parcel, one far away, one online."""
    layers = []
    for date, shade in (("20190601", 0), ("20210614", 0), ("20220918", 225), ("20230426", 225)):
        path = imagery(tmp_path / "历年" / f"{date}.tif", shade)
        layers.append(LayerSource("imagery", str(path), title=f"高分二号 {date}" if date == "20190601" else ""))
    layers.append(LayerSource("imagery", "type=xyz&url=https://t.example/{z}.png", title="在线影像 2024"))
    layers.append(LayerSource("imagery", str(tmp_path / "缺失_20180101.tif")))
    return timeline(layers, "2021-06-14", "2022-09-18")


@pytest.fixture
def case(tmp_path: Path) -> ParcelCase:
    return cases.case(tmp_path, photos=0, maps=())


def test_the_page_shows_every_date_that_has_the_parcel(case: ParcelCase, line: Timeline, tmp_path: Path) -> None:
    (page,) = history_sheets(case, line, tmp_path)
    picture = np.asarray(Image.open(page.path).convert("RGB")).astype(int)
    assert picture.shape == (1240, 1754, 3)
    cells = [
        picture[160:560, 80:560],
        picture[160:560, 640:1120],
        picture[160:560, 1200:1680],
        picture[700:1100, 80:560],
    ]
    lit = [(cell.min(axis=2) > 200).mean() for cell in cells]
    assert max(lit[:2]) < 0.3 < min(lit[2:]), lit  # nothing stands on the first two dates, something on the others
    assert (picture[700:1100, 640:1120] == 255).all(), "the image that is missing and the one online have no picture"
    outline = [(np.abs(cell - (0, 229, 255)).sum(axis=2) < 30).sum() for cell in cells]
    assert min(outline) > 200 and max(outline) - min(outline) < 0.1 * max(outline), "one scale, one outline"


def test_one_date_is_no_history(case: ParcelCase, line: Timeline, tmp_path: Path) -> None:
    assert history_sheets(case, replace(line, images=line.images[1:2]), tmp_path) == ()


def test_many_dates_take_several_pages(case: ParcelCase, line: Timeline, tmp_path: Path) -> None:
    many = replace(line, images=tuple(image for image in line.images[1:5] for _ in range(2)))
    pages = history_sheets(case, many, tmp_path)
    assert [page.path.name[-5:] for page in pages] == ["1.png", "2.png"]


def test_the_package_holds_the_pages_and_is_sound(case: ParcelCase, line: Timeline, tmp_path: Path) -> None:
    case = replace(case, maps=history_sheets(case, line, tmp_path))
    record = write_package(case, tmp_path / "卷宗", PackageOptions())
    found = sorted(path.name for path in (record.path / "位置图").iterdir())
    assert found == [f"{case.number}_历史影像对比.png"]
    assert not verify(record.path, case)


def test_a_marked_or_unchanged_parcel_wants_it(case: ParcelCase) -> None:
    plain = replace(case, decisions=(), proposals=())
    assert not wants_history(plain)
    assert wants_history(replace(plain, parcel=replace(plain.parcel, first_seen="2021-06-14/2022-09-18")))


def test_grid_north_leaves_true_north_by_the_convergence() -> None:
    assert convergence(106.5, 29.3, 36) == pytest.approx(-0.734, abs=0.002)
    assert convergence(108.0, 29.3, 36) == 0.0 and _north_arrow is not None
