"""月清 and 季清: who is due when, and what is left on a given day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin import oversight
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.paths import resource
from weipian_plugin.oversight import deadlines
from weipian_plugin.oversight.entries import LevelRule, Rhythm

CALENDAR = deadlines.load_calendar()


@pytest.mark.parametrize(
    ("level", "issued", "due"),
    [
        ("一级", "2023-03-20", date(2023, 4, 25)),  # the 20th is included
        ("一级", "2023-03-21", date(2023, 5, 25)),  # after it: a month later
        ("一级", "2023-02-21", date(2023, 4, 25)),
        ("一级", "2023-11-20", date(2023, 12, 25)),
        ("一级", "2023-12-20", date(2024, 1, 25)),
        ("一级", "2023-12-21", date(2024, 2, 25)),
        ("一级监测图斑", "20230320", date(2023, 4, 25)),
        ("1", "2023年3月20日", date(2023, 4, 25)),
        ("一级", date(2023, 3, 20), date(2023, 4, 25)),
        ("一级", "2023-03", date(2023, 4, 25)),  # only the month known: the earlier date
        ("二级", "2023-01-01", date(2023, 4, 25)),
        ("二级", "2023-03-31", date(2023, 4, 25)),
        ("三级", "2023-04-01", date(2023, 7, 25)),
        ("三级", "2023-12-31", date(2024, 1, 25)),
        ("", "2023-03-20", None),
        (None, "2023-03-20", None),
        ("四级", "2023-03-20", None),
        ("一级", "", None),
        ("一级", "不详", None),
    ],
)
def test_a_parcel_is_due_as_the_notice_says(level: str | None, issued: object, due: date | None) -> None:
    assert deadlines.due_date(level, issued, CALENDAR) == due  # type: ignore[arg-type]


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)), st.sampled_from(["一级", "二级", "三级"]))
def test_due_dates_never_run_backwards_and_leave_at_least_25_days(issued: date, level: str) -> None:
    due = deadlines.due_date(level, issued, CALENDAR)
    later = deadlines.due_date(level, issued + timedelta(days=1), CALENDAR)
    assert due is not None and later is not None
    assert due.day == 25
    assert timedelta(days=25) <= due - issued <= timedelta(days=120)
    assert later >= due


@pytest.mark.parametrize(
    ("as_of", "left"), [("2023-04-20", 5), ("2023-04-25", 0), ("2023-04-26", -1), (date(2024, 2, 20), -301)]
)
def test_days_left_are_counted_to_the_due_day(as_of: object, left: int) -> None:
    assert deadlines.days_left(date(2023, 4, 25), as_of) == left  # type: ignore[arg-type]
    assert deadlines.days_left("2023-04-25", as_of) == left  # type: ignore[arg-type]


def test_without_a_due_date_there_are_no_days_left() -> None:
    assert deadlines.days_left(None, "2023-04-20") is None


def county_calendar(folder: Path, **changes: object) -> deadlines.Calendar:
    data = yaml.safe_load(resource("oversight", "calendar.yaml").read_text(encoding="utf-8"))
    data.update(changes)
    path = folder / "本县 期限.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return deadlines.load_calendar(path)


def test_a_county_may_move_due_dates_off_holidays(tmp_path: Path) -> None:
    later = county_calendar(tmp_path, shift="next_workday")
    assert deadlines.due_date("一级", "2023-05-20", later) == date(2023, 6, 25), "a Sunday that is worked is a workday"
    assert deadlines.due_date("一级", "2023-02-20", later) == date(2023, 3, 27), "a Saturday moves to Monday"


def test_a_county_may_prefer_the_workday_before(tmp_path: Path) -> None:
    earlier = county_calendar(tmp_path, shift="previous_workday")
    assert deadlines.due_date("一级", "2022-12-20", earlier) == date(2023, 1, 20), (
        "25 January 2023 lies in the spring holiday"
    )


def test_a_county_may_treat_parcels_without_a_level_as_first_level(tmp_path: Path) -> None:
    strict = county_calendar(tmp_path, level_when_blank="一级")
    assert deadlines.due_date("", "2023-03-20", strict) == date(2023, 4, 25)


@pytest.mark.parametrize(
    "changes",
    [
        {"shift": "sometimes"},
        {"levels": {"一级": {"rule": "weekly", "due_day": 25, "months_after": 1}}},
        {"levels": {"一级": {"rule": "monthly", "due_day": 0, "months_after": 1}}},
        {"confidence": "certain"},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(WeipianError) as caught:
        county_calendar(tmp_path, **changes)
    assert caught.value.code == "oversight.data_value"


@pytest.mark.parametrize(
    ("as_of", "year"), [(date(2024, 2, 20), 2023), (date(2024, 2, 21), 2024), (date(2023, 12, 31), 2023)]
)
def test_the_working_year_ends_on_the_day_of_assessment(as_of: date, year: int) -> None:
    assert CALENDAR.working_year(as_of) == year


def test_the_queue_says_what_is_done_due_and_overdue() -> None:
    parcels = pd.DataFrame(
        [
            {"number": "A", "level": "一级", "issued": "2023-03-20", "state": "未提报"},
            {"number": "B", "level": "一级", "issued": "2023-03-20", "state": "已填报"},
            {"number": "C", "level": "一级", "issued": "2023-03-21", "state": "已判定"},
            {"number": "D", "level": "", "issued": "2023-03-21", "state": "未提报"},
            {"number": "E", "level": "一级", "issued": "2023-03-20", "due": "2023-04-28", "state": "未提报"},
            {"number": "F", "level": "一级", "issued": "2023-03-20", "review_stage": "95", "state": "未提报"},
            {"number": "G", "level": "一级", "issued": "2023-03-20", "split_state": "被拆分", "state": "未提报"},
            {"number": "K", "level": "一级", "issued": "2023-03-20", "split_state": "被拆分", "state": "未提报"},
            {
                "number": "K_1",
                "level": "一级",
                "issued": "2023-03-20",
                "split_state": "拆分",
                "parent": "K",
                "state": "已填报",
            },
            {"number": "H", "level": "一级", "issued": "2023-04-27", "state": "未提报"},
        ]
    )
    due = oversight.prepare({"parcel": parcels}, date(2023, 4, 26)).due
    assert dict(zip(due.parcel, due.status)) == {
        "A": "overdue",
        "B": "done",
        "C": "open",
        "D": "none",
        "E": "soon",
        "F": "done",
        "G": "overdue",
        "K_1": "done",
    }
    assert dict(zip(due.parcel, due.days_left)) == {
        "A": -1,
        "B": -1,
        "C": 29,
        "D": None,
        "E": 2,
        "F": -1,
        "G": -1,
        "K_1": -1,
    }


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_cutoff_that_is_no_day_of_a_month_is_refused(day: int) -> None:
    with pytest.raises(ValueError, match="cutoff_day"):
        LevelRule(next(iter(Rhythm)), 20, 1, day)
