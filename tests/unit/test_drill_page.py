"""The table of the drills: a part that is run again renews its own rows and no other."""

from __future__ import annotations

from datetime import date

from tests.drill import page
from tests.drill.outcome import Outcome


def outcome(title: str, tried: int, *wrong: str, remark: str = "") -> Outcome:
    return Outcome(title, tried, list(wrong), remark, 61.0)


def test_rows_of_drills_that_were_not_run_again_stay() -> None:
    first = page.table([outcome("kills", 1200), outcome("fuzz", 7, remark="a | bar <b>")], date(2026, 1, 2))
    before = page.renewed(f"above\n{page.BEGIN}\n{page.END}\nbelow", first)
    kept = page.rows_in(before)
    assert len(kept) == 2
    after = page.renewed(before, page.table([outcome("fuzz", 20_001, "lost one")], date(2026, 3, 4), before))
    rows = page.rows_in(after)
    assert "| kills | 1,200 | 1,200 | 0 |  | 61 | 2026-01-02 |" in rows and len(rows) == 2
    assert "| fuzz | 20,001 | 20,000 | 1 |  | 61 | 2026-03-04 |" in rows
    assert "21,201 tries, 1 lost or wrong, 2 minutes." in after and "- fuzz: lost one" in after
    assert after.startswith("above") and after.endswith("below")


def test_a_drill_of_another_size_takes_the_place_of_the_earlier_one_and_faults_stay_with_their_rows() -> None:
    first = [outcome("20 clients decide 1,000 parcels", 9, "one is lost"), outcome("kills", 5, "torn")]
    before = page.renewed(f"{page.BEGIN}\n{page.END}", page.table(first, date(2026, 1, 2)))
    again = page.table([outcome("6 clients decide 120 parcels", 8)], date(2026, 3, 4), before)
    after = page.renewed(before, again)
    assert [row.split(" |")[0] for row in page.rows_in(after)] == ["| 6 clients decide 120 parcels", "| kills"]
    assert "- kills: torn" in after and "one is lost" not in after


def test_an_earlier_page_said_the_day_once_and_its_rows_stay() -> None:
    old = (
        f"{page.BEGIN}\n\n2026-11-27, version 0.1.0: 2 tries\n\n| drill | tried | survived | lost or wrong | remark | s |\n"
        "| --- | ---: | ---: | ---: | --- | ---: |\n| kills | 2 | 2 | 0 | a \\| b | 66 |\n\n"
        f"{page.END}"
    )
    assert page.rows_in(old) == ["| kills | 2 | 2 | 0 | a \\| b | 66 | 2026-11-27 |"]


def test_a_table_that_lacks_a_figure_is_written_anew() -> None:
    assert page.rows_in(f"{page.BEGIN}\n| drill | tried |\n| --- | --- |\n| old | 1 |\n{page.END}") == []
