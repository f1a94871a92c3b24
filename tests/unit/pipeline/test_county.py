"""A county's own settings: which file counts, what it changes, how it is handed on, and what it can never change."""

from __future__ import annotations

import os
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from weipian_plugin.evidence.settings import load_settings
from weipian_plugin.filing import load_rules
from weipian_plugin.judgment import load_profile
from weipian_plugin.judgment.meaning import group_of
from weipian_plugin.judgment.profile_files import profile_names
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.paths import county_data, resource, shipped
from weipian_plugin.oversight import deadlines
from weipian_plugin.pipeline import county_rules
from weipian_plugin.pipeline.county import county_files, export_county, import_county, is_taken, profile_of
from weipian_plugin.pipeline.propose import default_profile

NAME = "national-2023"
DAY = date(2026, 11, 27)


def change(name: str, value: object, **other: str) -> county_rules.Change:
    said = {"reason": "本县影像误差较大", "source": "县局会议纪要〔2026〕8号", "confidence": "practice", **other}
    return county_rules.Change(name, value, who="张三", day=DAY, **said)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A county with rules, deadlines and a template of its own."""
    text = county_rules.with_change(county_rules.shipped_text(NAME), change("sliver_area", Decimal("0.05")))
    county_rules.save(tmp_path / "本县设置", NAME, text)
    own = tmp_path / "本县设置"
    (own / "oversight").mkdir()
    calendar = shipped("oversight", "calendar.yaml").read_text(encoding="utf-8").replace("due_day: 25", "due_day: 20")
    (own / "oversight" / "calendar.yaml").write_text(calendar, encoding="utf-8")
    (own / "templates").mkdir()
    (own / "templates" / "01核查登记表.xlsx").write_bytes(shipped("templates", "01核查登记表.xlsx").read_bytes())
    return own


def test_a_file_of_the_county_takes_the_place_of_the_shipped_one(folder: Path) -> None:
    before = deadlines.load_calendar()
    with county_data(folder):
        assert resource("oversight", "calendar.yaml") == folder / "oversight" / "calendar.yaml"
        assert deadlines.due_date("一级", "2023-06-01", deadlines.load_calendar()) == date(2023, 7, 20)
        assert load_profile(NAME).thresholds["sliver_area"].value == Decimal("0.05")
        assert profile_of(folder) == NAME
        assert default_profile() == NAME
    assert deadlines.load_calendar() == before
    assert load_profile(NAME).thresholds["sliver_area"].value == Decimal("0.01")


def test_a_file_that_is_saved_again_is_read_again(folder: Path) -> None:
    place = folder / "filing.yaml"
    place.write_bytes(shipped("filing.yaml").read_bytes())
    with county_data(folder):
        first = load_rules().sha256
        place.write_bytes(shipped("filing.yaml").read_bytes() + b"\n# x\n")
        os.utime(place, (1, 1))
        assert load_rules().sha256 != first


@pytest.mark.parametrize(
    "name", ["roles.yaml", "measures.yaml", "messages/run.yaml", "intake/checks.yaml", "area.yaml", "overlay.yaml"]
)
def test_what_is_no_countys_to_change_stays_shipped(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x: 1\n", encoding="utf-8")
    with county_data(folder):
        assert resource(*name.split("/")) == shipped(*name.split("/"))
    assert not is_taken(name)


def test_every_file_is_told_with_what_is_wrong(folder: Path) -> None:
    (folder / "evidence.yaml").write_text("version: 2\n", encoding="utf-8")
    (folder / "笔记.txt").write_text("x", encoding="utf-8")
    found = {one.name: one for one in county_files(folder)}
    assert set(found) == {
        "rules/national-2023.yaml",
        "oversight/calendar.yaml",
        "templates/01核查登记表.xlsx",
        "evidence.yaml",
    }
    assert found["evidence.yaml"].problem is not None
    assert found["templates/01核查登记表.xlsx"].same
    assert not found["rules/national-2023.yaml"].same and found["rules/national-2023.yaml"].problem is None


def test_the_settings_are_handed_on_as_one_zip(folder: Path, tmp_path: Path) -> None:
    export_county(folder, tmp_path / "本县设置.zip")
    first = (tmp_path / "本县设置.zip").read_bytes()
    export_county(folder, tmp_path / "本县设置.zip")
    assert (tmp_path / "本县设置.zip").read_bytes() == first
    station = tmp_path / "乡镇所" / "本县设置"
    names = import_county(tmp_path / "本县设置.zip", station)
    assert sorted(names) == [one.name for one in county_files(station)]
    assert county_rules.text_of(station, NAME) == county_rules.text_of(folder, NAME)


def test_a_zip_with_a_broken_file_changes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "rules" / "national-2023.yaml").write_text("profile: x\n", encoding="utf-8")
    export_county(folder, tmp_path / "坏.zip")
    with pytest.raises(WeipianError) as caught:
        import_county(tmp_path / "坏.zip", tmp_path / "站")
    assert caught.value.code == "run.county_invalid"
    assert not (tmp_path / "站").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../rules/a.yaml",
        "/rules/a.yaml",
        "rules/../../a.yaml",
        "templates/x/../a.docx",
        "a.exe",
        "templates/..\\..\\a.docx",
        "templates/C:a.docx",
        "rules/..yaml",
    ],
)
def test_a_zip_never_writes_beside_the_folder(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(WeipianError) as caught:
        import_county(tmp_path / "a.zip", tmp_path / "内" / "站")
    assert caught.value.code == "run.county_empty"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_no_zip_and_an_empty_folder_are_clear_errors(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(WeipianError) as caught:
        import_county(tmp_path / "a.zip", tmp_path / "站")
    assert caught.value.code == "run.county_unreadable"
    with pytest.raises(WeipianError) as caught:
        export_county(tmp_path, tmp_path / "b.zip")
    assert caught.value.code == "run.county_empty"


# ---- rules ----


def test_a_changed_threshold_carries_reason_source_and_name(folder: Path) -> None:
    text = county_rules.text_of(folder, NAME)
    assert "# 本县规则：边角面积上限 0.01 → 0.05 mu" in text
    (changed,) = county_rules.changed_thresholds(text, NAME)
    assert (changed.name, changed.before.value, changed.after.value) == (
        "sliver_area",
        Decimal("0.01"),
        Decimal("0.05"),
    )
    assert "县局会议纪要" in changed.after.source and "张三，2026-11-27" in changed.after.source
    assert changed.after.confidence == "practice"
    assert "# 判定顺序：自上而下" in text, "the comments of the shipped profile stay"


def test_a_change_is_undone_and_the_copy_goes_with_the_last_one(folder: Path) -> None:
    text = county_rules.with_change(
        county_rules.text_of(folder, NAME), change("road_renewal_before", date(2021, 12, 1))
    )
    county_rules.save(folder, NAME, text)
    text = county_rules.without_change(county_rules.text_of(folder, NAME), "sliver_area", NAME)
    assert county_rules.save(folder, NAME, text) is not None
    assert [one.name for one in county_rules.changed_thresholds(county_rules.text_of(folder, NAME), NAME)] == [
        "road_renewal_before"
    ]
    text = county_rules.without_change(county_rules.text_of(folder, NAME), "road_renewal_before", NAME)
    assert county_rules.save(folder, NAME, text) is None
    assert not county_rules.own_path(folder, NAME).exists()


@pytest.mark.parametrize("name", sorted(profile_names()))
def test_a_threshold_of_every_unit_of_every_profile_can_be_changed_and_undone(name: str) -> None:
    original = county_rules.shipped_text(name)
    known = county_rules.profile_from(original, Path("x.yaml")).thresholds
    one_of_each = {threshold.unit: (key, threshold) for key, threshold in known.items()}
    for key, threshold in one_of_each.values():
        value = threshold.value.replace(day=1) if isinstance(threshold.value, date) else threshold.value / 2
        text = county_rules.with_change(original, change(key, value))
        assert county_rules.profile_from(text, Path("x.yaml")).thresholds[key].value == value
        assert county_rules.changed_thresholds(county_rules.without_change(text, key, name), name) == []


@pytest.mark.parametrize("value", ["0.11", "1", "100"])
def test_the_limit_of_the_guard_cannot_be_passed(folder: Path, value: str) -> None:
    text = county_rules.with_change(county_rules.text_of(folder, NAME), change("cover_tolerance", Decimal(value)))
    before = county_rules.text_of(folder, NAME)
    with pytest.raises(WeipianError) as caught:
        county_rules.save(folder, NAME, text)
    assert caught.value.code == "judgment.profile_invalid"
    assert county_rules.text_of(folder, NAME) == before


@pytest.mark.parametrize("missing", ["reason", "source", "confidence"])
def test_nothing_is_changed_without_reason_source_and_confidence(missing: str) -> None:
    with pytest.raises(WeipianError) as caught:
        county_rules.with_change(
            county_rules.shipped_text(NAME), change("sliver_area", Decimal("0.02"), **{missing: " "})
        )
    assert caught.value.code == "run.threshold_reason"


@pytest.mark.parametrize("text", ["-1", "abc", "NaN", "inf", ""])
def test_a_value_that_is_none_is_refused(text: str) -> None:
    like = county_rules.profile_from(county_rules.shipped_text(NAME), Path("x.yaml")).thresholds["sliver_area"]
    with pytest.raises(WeipianError):
        county_rules.value_of(text, like)


def test_no_county_leaves_its_words_to_the_next(tmp_path: Path) -> None:
    """Two counties one after the other in one process: the groups of categories and the limits of photos are each one's own."""
    for name, word, metres in (("甲", "甲县未批先占", 111), ("乙", "乙县未批先占", 222)):
        own = tmp_path / name
        (own / "oversight").mkdir(parents=True)
        figures = shipped("oversight", "figures.yaml").read_text(encoding="utf-8")
        changed = figures.replace(
            "groups:\n",
            f"groups:\n  - {{group: nonagri_illegal, title: 非农违法, contains: [{word}], illegal: nonagri}}\n",
            1,
        )
        assert changed != figures
        (own / "oversight" / "figures.yaml").write_text(changed, encoding="utf-8")
        evidence = shipped("evidence.yaml").read_text(encoding="utf-8")
        limited = re.sub(r"(near_m:\s*\{[^}]*value: )[0-9.]+", rf"\g<1>{metres}", evidence, count=1)
        assert limited != evidence
        (own / "evidence.yaml").write_text(limited, encoding="utf-8")
        with county_data(own):
            assert group_of(word) == ("nonagri_illegal",) and load_settings().limit("near_m") == metres
    assert group_of("甲县未批先占") != ("nonagri_illegal",) and load_settings().limit("near_m") not in (111, 222)
