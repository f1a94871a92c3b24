"""A workspace with parcels of two years: no table, list, form or summary of a year says anything of the other. Land and mining likewise."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.pipeline.test_duties import DAY, decide, split
from tests.unit.pipeline.test_typed_values import _cells
from tests.unit.small_office import LAST_YEAR, MINE, SmallOffice, number
from weipian_plugin import oversight
from weipian_plugin.geodesy.units import half_up, mu_exact
from weipian_plugin.oversight.table import TOTAL

OF = {2025: [LAST_YEAR], 2026: [1, 2, 3, MINE]}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    """Each parcel is decided, with a project that names it."""
    made = SmallOffice(tmp_path_factory.mktemp("years"))
    made.deliver((1, 2, 3, MINE, LAST_YEAR))
    made.measure()
    decide(made, 1, "违法", 项目名称="一号项目")
    split(made, 2)
    decide(made, 2, "合法", "_1", 项目名称="二号项目")
    decide(made, 2, "违法", "_2", 项目名称="二号项目")
    decide(made, MINE, "违法", 项目名称="六号项目")
    decide(made, LAST_YEAR, "违法", 项目名称="七号项目")
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def papers(office: SmallOffice) -> dict[int, dict[str, list[str]]]:
    """Year -> file -> cells."""
    found: dict[int, dict[str, list[str]]] = {}
    for year in OF:
        report = office.folder / f"报表{year}"
        office.tabulate(report, DAY.isoformat(), year)
        files = [path for path in sorted(report.rglob("*")) if path.is_file()]
        found[year] = {path.relative_to(report).as_posix(): list(_cells(path)) for path in files}
    return found


@pytest.mark.parametrize(("year", "others"), [(2025, OF[2026]), (2026, OF[2025])])
def test_no_paper_of_a_year_names_a_parcel_or_a_project_of_another(papers: Any, year: int, others: list[int]) -> None:
    strange = [number(serial) for serial in others]
    projects = {1: "一号项目", 2: "二号项目", MINE: "六号项目", LAST_YEAR: "七号项目"}
    strange += [projects[serial] for serial in others if serial in projects]
    named = {
        (name, text) for name, cells in papers[year].items() for text in strange if any(text in cell for cell in cells)
    }
    assert named == set() and len(papers[year]) > 12


@pytest.mark.parametrize("year", sorted(OF))
def test_the_papers_of_a_year_name_its_parcels_and_the_year(papers: Any, year: int) -> None:
    for serial in OF[year]:
        naming = {name for name, cells in papers[year].items() if any(number(serial) in cell for cell in cells)}
        assert {"台账.xlsx", "parcels.csv"} <= naming, serial
    summary = next(cells for name, cells in papers[year].items() if name.endswith(".docx"))
    assert f"{year}年" in summary[0].replace("\n", "")
    other = 2025 if year == 2026 else 2026
    assert f"{other}年度" not in summary[0].replace("\n", "").replace(f"（另有{other} 年", "")


def test_land_and_mining_are_figures_of_their_own_in_every_statistic(office: SmallOffice) -> None:
    """Recomputed from the parcels: no figure of a land table counts the mine, and the mining table counts nothing else."""
    prepared = oversight.prepare(office.store.snapshot(), DAY, year=2026)
    mine = number(MINE)
    mining = oversight.mining.statistics(prepared.of_kind("mining"))
    every = oversight.tables.prepared_tables(prepared)
    calendar = oversight.deadlines.load_calendar()
    judged = oversight.reports.oversight_tables(office.store.snapshot(), prepared, calendar)
    duties = {
        "deadlines",
        "deadline_list",
        "on_time",
        "reminders",
        "returned",
        "progress",
        "progress_detail",
        "daily",
        "daily_detail",
    }
    assert duties < {table.id for table in (*every, *judged)}, "what every parcel has to be: filed, answered, reviewed"
    filing = ("/filed_rate", "/overdue")  # of the ranking: duties, too
    for table in (*every, *judged):
        if table.id not in duties and not table.id.startswith("error"):
            assert [name for name in table.keys if mine in table.parcels(name) and not name.endswith(filing)] == [], (
                table.id
            )
    for column in ("original_count", "verified_count", "illegal_count"):
        assert mining.parcels(mining.figure_id(TOTAL, column)) == (mine,)
    (stored,) = office.store.records("parcel", number=mine)
    assert mining.value(TOTAL, "area") == half_up(float(mu_exact(Decimal(repr(float(stored["area_m2"]))))))
    land = [row for row in office.store.records("parcel") if row["number"] in {number(serial) for serial in (1, 2, 3)}]
    table = oversight.tables.county_statistics(prepared)
    assert table.value(TOTAL, "original_count") == len(land)
    illegal = {number(1): "", number(2): "_2"}
    areas = {
        (str(row["parcel"]), str(row["part"] or "")): float(row["value"])
        for row in office.store.records("measure", measure="area")
    }
    wanted = sum(mu_exact(Decimal(repr(areas[key]))) for key in illegal.items())
    statistics = oversight.tables.violation_statistics(prepared, "nonagri")
    assert statistics.value(TOTAL, "all_area") == half_up(float(wanted)) and statistics.value(TOTAL, "all_count") == 2
