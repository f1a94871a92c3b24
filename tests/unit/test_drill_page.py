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
    after = page.renewed(before, page.table([outcome("fuzz", 20_001, "lost one")], date(2026, 3, 4), kept))
    rows = page.rows_in(after)
    assert "| kills | 1,200 | 1,200 | 0 |  | 61 | 2026-01-02 |" in rows and len(rows) == 2
    assert "| fuzz | 20,001 | 20,000 | 1 |  | 61 | 2026-03-04 |" in rows
    assert "21,201 tries, 1 lost or wrong, 2 minutes." in after and "- fuzz: lost one" in after
    assert after.startswith("above") and after.endswith("below")


def test_a_table_of_other_columns_is_written_anew() -> None:
    assert page.rows_in(f"{page.BEGIN}\n| drill | tried |\n| --- | --- |\n| old | 1 |\n{page.END}") == []
