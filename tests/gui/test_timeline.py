"""The strip of dated images: thumbnails in order, shown in either half, marked first seen and taken back, the heat picture."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface

from tests.gui.conftest import until, wait

PARCEL = "500118SJBG23210003"


@pytest.fixture
def four_dates(county: dict[str, Path], workspace: Path, tmp_path: Path) -> Path:
    """The workspace with a catalogue of four images of no side, and a folder entry among them."""
    from weipian_plugin.formats.catalogue import read_catalogue
    from weipian_plugin.pipeline.remembered import CATALOGUE, remember
    from weipian_plugin.workspace import Workspace

    known = {layer.role: Path(layer.source) for layer in read_catalogue(county["catalogue"])}
    folder = tmp_path / "历年影像"
    folder.mkdir()
    for role, dates in (("imagery_before", ("20190601", "20210614")), ("imagery_after", ("20240105",))):
        for date in dates:
            shutil.copy(known[role], folder / f"{date}.tif")
    catalogue = tmp_path / "图层清单.yaml"
    lines = [f"  - {{role: {role}, source: '{path}'}}" for role, path in known.items() if role.startswith("imagery_")]
    catalogue.write_text(
        "\n".join(["version: 1", "layers:", *lines, "  - {role: imagery, source: 历年影像}"]), encoding="utf-8"
    )
    with Workspace.open(workspace) as store:
        remember(store, CATALOGUE, catalogue, "张三", "测试")
    return workspace


@pytest.fixture
def strip(plugin: Any, four_dates: Path) -> Any:
    """The parcel zoomed to, swipe on, the strip open with all its thumbnails."""
    workbench = plugin.workbench
    workbench.open_workspace(four_dates)
    parts = workbench.parts
    until(lambda: parts.session.rows and parts.session.details, what="the queue is read")
    wait(0.5)
    parts.session.select(PARCEL)
    parts.zoom()
    wait(0.8)
    workbench.actions["compare_swipe"].trigger()
    until(lambda: parts.compare.mode == "swipe" and not parts.compare.rendering, what="both dates are rendered")
    found = parts.timeline.strip
    until(lambda: len(found._thumbnails) >= 5, what="the thumbnails are read")
    yield found
    parts.compare.leave()


def dates(strip: Any) -> list[str]:
    return [strip.list.item(row).text().split("\n")[0] for row in range(strip.list.count())]


def notes(strip: Any) -> list[str]:
    return [strip.list.item(row).text().split("\n")[1] for row in range(strip.list.count())]


def choose(strip: Any, row: int) -> None:
    strip.list.setCurrentRow(row)
    item = strip.list.item(row)
    QTest.mouseClick(strip.list.viewport(), Qt.MouseButton.LeftButton, pos=strip.list.visualItemRect(item).center())
    until(lambda: not strip._compare.rendering, what="the half is drawn")


def test_any_date_is_shown_in_either_half(strip: Any, picture: Any) -> None:
    assert strip.window().isVisible() and strip.isVisible(), "it opens with the compare tool"
    assert dates(strip) == ["2019-06-01", "2021-06-14", "2022-09-18", "2023-04-26", "2024-01-05"]
    assert notes(strip) == ["", "", "左", "右", ""]
    choose(strip, 4)
    assert "2022-09-18" in strip._compare.item.before.label and "前时相" in strip._compare.item.before.label
    assert strip._compare.item.after.label == "2024-01-05", (
        "it is not the parcel's 后时相, and its file is named by the date alone"
    )
    assert notes(strip)[4] == "右"
    strip.halves.button(0).click()
    choose(strip, 1)
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_Left)
    until(lambda: not strip._compare.rendering, what="the half is drawn")
    assert "2019-06-01" in strip._compare.item.before.label and notes(strip)[0] == "左"
    picture("timeline")
    assert strip.height() < 190 and iface.mapCanvas().height() > 200, "the map keeps its room"
    small = iface.mainWindow().screen().availableGeometry()
    assert iface.mainWindow().frameGeometry().width() <= small.width() + 40
    strip._session.select(next(number for number in strip._session.rows if number != PARCEL))
    wait(0.5)
    assert "2022-09-18" in strip._compare.item.before.label, "the next parcel begins with its own two dates"


@pytest.mark.small
def test_the_strip_leaves_room_on_a_laptop(strip: Any, laptop_window: None, picture: Any) -> None:
    choose(strip, 4)
    window, room = iface.mainWindow(), iface.mainWindow().rect()
    assert window.width() <= 1366 and window.height() <= 740, (window.width(), window.height())
    assert strip.height() < 190 and iface.mapCanvas().height() > 200, (strip.height(), iface.mapCanvas().height())
    for button in (strip.mark_button, strip.back_button, strip.heat_button, *strip.halves.buttons()):
        corner = button.mapTo(window, button.rect().bottomRight())
        assert button.isVisible() and room.contains(corner), button.text()
    picture("timeline_small")


def test_first_seen_is_marked_used_and_taken_back(strip: Any, picture: Any) -> None:
    choose(strip, 3)
    strip.mark_button.click()
    assert strip._notifier.last[0] == "success", strip._notifier.last
    assert strip._session.details.parcel.first_seen == "2022-09-18/2023-04-26"
    assert "2022-09-18 至 2023-04-26" in strip.caption.text()
    assert "首见" in notes(strip)[3] and "未见" in notes(strip)[2]
    picture("timeline_first_seen")
    strip.back_button.click()
    assert not strip._session.details.parcel.first_seen and not strip.back_button.isEnabled()


def test_the_heat_picture_shows_the_pair_and_its_limits(strip: Any, picture: Any) -> None:
    strip.heat_button.click()
    window = until(lambda: strip.heat_window, what="the heat picture")
    assert window.picture.pixmap().width() > 2 * window.picture.pixmap().height()
    assert "不作为判定依据" in window.text.text()
    picture("timeline_heat", window)
    window.close()


def test_the_strip_goes_with_the_comparing_that_opened_it(strip: Any) -> None:
    strip._compare.leave()
    wait(0.1)
    assert not strip.isVisible()
