"""A threshold is changed with reason and source, its effect is seen before, it is saved as the county's own, and undone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtWidgets import QFileDialog

from tests.gui.conftest import until
from weipian_plugin.model.paths import county_folder, use_county
from weipian_plugin.pipeline import county_rules
from weipian_plugin.toolbelt import settings

NAME = "national-2023"


@pytest.fixture
def window(bench: Any, tmp_path: Path) -> Iterator[Any]:
    settings.change(county=str(tmp_path / "本县设置"), profile=NAME)
    bench.actions["rules"].trigger()
    window = bench.parts.county.rules
    window.load()
    window.resize(1180, 640)
    yield window
    settings.change(county="")
    use_county(None)


def select(window: Any, title: str) -> None:
    table = window.thresholds
    row = next(number for number in range(table.rowCount()) if title in table.item(number, 0).text())
    table.selectRow(row)


def test_a_threshold_is_tried_saved_and_undone(window: Any, bench: Any, picture: Any) -> None:
    select(window, "农村道路宽度上限")
    window.value.setText("1.5")
    window.try_button.click()
    until(window.try_button.isEnabled, 60, "the trial has run")
    assert window.impact.rowCount() > 0, "narrower roads are proposed otherwise"
    assert "建议不同" in window.message.text()
    picture("rules_tried", window)
    assert not county_rules.own_path(Path(settings.read().county), NAME).exists(), "a trial writes nothing"
    window.save_button.click()
    assert "理由和来源" in window.message.text()
    window.reason.setText("本县山区道路较窄")
    window.source.setText("县局会议纪要〔2026〕8号")
    window.save_button.click()
    path = county_rules.own_path(Path(settings.read().county), NAME)
    assert "8.0 → 1.5" in path.read_text(encoding="utf-8")
    assert county_folder() == Path(settings.read().county)
    picture("rules_saved", window)
    done: list[Any] = []
    workspace = str(bench.parts.session.path)
    bench.parts.runner.algorithm("judge", "判定", {"WORKSPACE": workspace}, lambda *what: done.append(what))
    until(lambda: done, 60)
    assert done[0][0], done
    used = {row["profile_sha256"] for row in bench.parts.session.store.records("proposal")}
    assert used == {hashlib.sha256(path.read_bytes()).hexdigest()}, "the run took the county's rules by itself"
    select(window, "农村道路宽度上限")
    assert window.undo_button.isEnabled()
    window.undo_button.click()
    assert not path.exists() and not window.undo_button.isEnabled()
    window.reject()


def test_the_guard_holds_in_the_window_too(window: Any) -> None:
    select(window, "未覆盖余量容差")
    window.value.setText("5")
    window.reason.setText("x")
    window.source.setText("y")
    window.save_button.click()
    assert "#c62828" in window.message.styleSheet()
    assert not county_rules.own_path(Path(settings.read().county), NAME).exists()
    window.reject()


def test_the_settings_go_to_a_station_as_one_zip(
    window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, picture: Any
) -> None:
    select(window, "边角面积上限")
    window.value.setText("0.02")
    window.reason.setText("影像误差")
    window.source.setText("实测")
    window.save_button.click()
    target = tmp_path / "本县设置.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *unused: (str(target), ""))
    window.export_button.click()
    assert target.is_file()
    settings.change(county=str(tmp_path / "站"))
    window.load()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *unused: (str(target), ""))
    window.import_button.click()
    assert "已导入 1 个文件" in window.message.text()
    assert [one.name for one in county_rules.changed_thresholds(window.text, NAME)] == ["sliver_area"]
    for tab in range(window.tabs.count()):
        window.tabs.setCurrentIndex(tab)
        picture(f"rules_{tab}", window)
    window.reject()
