"""Every figure of the tables is computed once more from the raw workspace with SQL, and must be the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.oversight import county
from tests.unit.oversight.sql import Raw, four, two
from weipian_plugin import oversight
from weipian_plugin.oversight.table import TOTAL, Table

DAYS = [date(2024, 2, 20), date(2023, 7, 1)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def made(request: pytest.FixtureRequest) -> tuple[Raw, dict[str, Table]]:
    snapshot = county.snapshot(500, counties=6)
    as_of: date = request.param
    prepared = oversight.prepare(snapshot, as_of, "county")
    calendar = oversight.deadlines.load_calendar()
    tables = [
        *oversight.tables.prepared_tables(prepared),
        *oversight.assessment.tables(snapshot, prepared, calendar),
        *oversight.error_rates.tables(snapshot, prepared, calendar),
        *oversight.registers.deadline_tables(prepared),
    ]
    return Raw(snapshot, as_of.isoformat()), {table.id: table for table in tables}


def compare(table: Table, columns: list[str], expected: dict[str, tuple[Any, ...]]) -> None:
    names = set(table.row_keys) | ({TOTAL} if table.total else set())
    assert names == set(expected)
    for name in names:
        for column, value in zip(columns, expected[name]):
            kind = table.columns[table.position(column)].kind
            wanted = value if isinstance(value, Decimal) or kind in ("count", "check_count") else two(value)
            assert table.value(name, column) == wanted, f"{table.id}: {column} of {name}"


def test_the_county_statistics_are_those_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made
    issued = raw.groups("COUNT(*), SUM(farmland), SUM(basic)", "original")
    verified = raw.groups(
        "COUNT(*), SUM(farmland), SUM(basic), SUM(nonagri), COALESCE(SUM(bad_farmland) FILTER (WHERE nonagri), "
        "CASE WHEN SUM(nonagri) = 0 THEN 0 END), COALESCE(SUM(bad_basic) FILTER (WHERE nonagri), CASE WHEN SUM(nonagri) = 0 THEN 0 END), "
        "SUM(nongrain), COALESCE(SUM(bad_farmland) FILTER (WHERE nongrain), CASE WHEN SUM(nongrain) = 0 THEN 0 END), "
        "COALESCE(SUM(bad_basic) FILTER (WHERE nongrain), CASE WHEN SUM(nongrain) = 0 THEN 0 END)",
        "item",
    )
    columns = [f"{prefix}_{suffix}" for prefix in ("original", "verified", "nonagri", "nongrain") for suffix in
               ("count", "farmland", "basic_farmland")]  # fmt: skip
    table = tables["county_statistics"]
    compare(table, columns, {name: (*issued[name], *verified[name]) for name in issued})
    named = [table.value(name, "nonagri_farmland") or 0 for name in table.row_keys if name != "（未填）"]
    assert named == sorted(named, reverse=True)


@pytest.mark.parametrize("kind", ["nonagri", "nongrain"])
def test_the_violation_statistics_are_those_of_sql(made: tuple[Raw, dict[str, Table]], kind: str) -> None:
    raw, tables = made
    parts = [("all", "1", "bad_area", "bad_farmland"), ("done", "COALESCE(done, 0)", "bad_area", "bad_farmland"),
             ("removed", "COALESCE(by_removal, 0)", "removed", "removed_farmland"),
             ("regularised", "COALESCE(by_regularising, 0)", "regularised", "regularised_farmland"),
             ("open", "NOT COALESCE(done, 0)", "bad_area", "bad_farmland")]  # fmt: skip
    figures, columns = [], []
    for key, mask, area, farmland in parts:
        figures.append(f"COUNT(*) FILTER (WHERE {mask})")
        figures += [
            f"CASE WHEN COUNT(*) FILTER (WHERE {mask}) = 0 THEN 0 ELSE SUM({value}) FILTER (WHERE {mask}) END"
            for value in (area, farmland)
        ]
        columns += [f"{key}_{suffix}" for suffix in ("count", "area", "farmland")]
    expected = raw.groups(", ".join(figures), f"(SELECT * FROM item WHERE {kind})")
    table = tables[f"violation_statistics_{kind}"]
    compare(table, columns, expected)
    for name, row in expected.items():
        assert table.value(name, "check_all_count") == row[0] - row[3] - row[12] == 0
        assert table.value(name, "check_ways_count") == row[3] - row[6] - row[9]
    assert table.value(TOTAL, "check_ways_count") != 0 or raw.one("SELECT max(day) FROM as_of")[0] < "2024"


@pytest.mark.parametrize("kind", ["nonagri", "nongrain"])
def test_the_lists_hold_each_illegal_item_once(made: tuple[Raw, dict[str, Table]], kind: str) -> None:
    raw, tables = made
    table = tables[f"violation_list_{kind}"]
    assert sorted(table.frame()["number"]) == sorted(raw.column(f"SELECT number || part FROM item WHERE {kind}"))
    assert table.value(TOTAL, "area") == two(raw.one(f"SELECT TOTAL(bad_area) FROM item WHERE {kind}")[0])
    finished = set(raw.column(f"SELECT number || part FROM item WHERE {kind} AND done"))
    assert {row[table.position("number")] for row in table.rows if row[table.position("finished")] == "是"} == finished


def test_progress_and_daily_are_those_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made

    def counts(*stages: str) -> str:
        return f"COUNT(*) FILTER (WHERE stage IN ({', '.join(repr(stage) for stage in stages)}))"

    sets = {
        "all_count": "COUNT(*)", "filed": counts("101", "90", "95", "97"), "city_reviewed": counts("101", "90", "97"),
        "finished": counts("101"), "returned": counts("90"), "city_waiting": counts("95"),
        "province_returned": "COUNT(*) FILTER (WHERE stage = '95' AND sent_back = '1')", "passed": counts("101", "97"),
        "not_passed": counts("90", "95"), "to_fill": counts(""), "untouched": "COUNT(*) FILTER (WHERE stage = '' AND code = '1')",
        "unsubmitted": "COUNT(*) FILTER (WHERE stage = '' AND code = '2')", "submitted": "COUNT(*) FILTER (WHERE stage = '' AND code = '4')",
    }  # fmt: skip
    compare(tables["progress"], list(sets), raw.groups(", ".join(sets.values()), "filing"))
    whole = "SELECT f.name, COALESCE(m.area, p.area_m2 * 0.0015) AS area FROM filing f JOIN parcel p USING (number) LEFT JOIN m ON m.parcel = "
    areas = raw.groups("SUM(area)", f"({whole} f.number AND m.part = '')")
    compare(tables["progress"], ["area"], areas)
    days = {"all_count": "COUNT(*)", "finished": counts("101"), "returned": counts("90"), "city_waiting": counts("95"),
            "province_waiting": counts("97"), "filed": counts("101", "90", "95", "97"), "not_filed": counts("")}  # fmt: skip
    daily = raw.groups(", ".join(days.values()), "filing")
    compare(tables["daily"], [*days, "filed_rate", "error_rate"], {
        name: (*row, four(row[5], row[0]), four(row[2], row[5])) for name, row in daily.items()})  # fmt: skip
    assert all(row[0] == sum(row[1:5]) + row[6] for row in daily.values())


def test_class_tables_and_the_overall_table_are_those_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made
    legal_bases = "(SELECT CASE WHEN ground = '' THEN '（未认定）' ELSE ground END AS name, name AS place, area, farmland FROM item)"
    classes = raw.groups("COUNT(*), SUM(area), COUNT(DISTINCT place)", legal_bases)
    every = classes["total"]
    compare(tables["classes"], ["count", "area", "counties", "count_share", "area_share", "mean"], {
        name: (row[0], row[1], row[2], four(row[0], every[0]), four(row[1], every[1]), row[1] / row[0]) for name, row in classes.items()
    })  # fmt: skip
    assert tables["classes"].row_keys[-1] == "（未认定）"
    for name, count, area in raw.connection.execute(
        f"SELECT place || '/' || name, COUNT(*), SUM(area) FROM {legal_bases} GROUP BY place, name"
    ):
        place, _, ground = name.partition("/")
        assert tables["classes_counts"].value(place, ground) == count
        assert tables["classes_areas"].value(place, ground) == two(area)
    large = "COALESCE(farmland >= 100, 0)"
    compare(
        tables["province"],
        ["count", "area", "farmland", "large_count", "large_area", "large_farmland"],
        raw.groups(
            f"COUNT(*), SUM(area), SUM(farmland), SUM({large}), TOTAL(area) FILTER (WHERE {large}), TOTAL(farmland) FILTER (WHERE {large})",
            "item",
        ),
    )


def test_deadlines_are_those_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made
    left = "CAST(julianday(due) - julianday((SELECT day FROM as_of)) AS INTEGER)"
    figures = ", ".join(
        f"COUNT(*) FILTER (WHERE {mask})"
        for mask in ("1", "filed", f"NOT filed AND {left} < 0", f"NOT filed AND {left} = 0", f"NOT filed AND {left} BETWEEN 1 AND 5",
                     f"NOT filed AND {left} > 5", "NOT filed AND due IS NULL")
    )  # fmt: skip
    compare(
        tables["deadlines"],
        ["all_count", "done", "overdue", "today", "soon", "open", "none"],
        raw.groups(figures, "due"),
    )


def test_assessment_is_that_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made
    closed = ("(handled LIKE '%结案%' AND handled NOT LIKE '%未结案%' OR number IN (SELECT parcel FROM document WHERE kind LIKE '%结案%' "
              "AND added_at <= (SELECT day FROM as_of)))")  # fmt: skip
    not_filed = "COALESCE(handled LIKE '%非立案%', 0)"
    wanted_regularised = (
        "CASE WHEN done THEN MIN(COALESCE(regularised_farmland, 0), COALESCE(bad_farmland, 0)) ELSE 0 END"
    )
    source = (f"(SELECT *, legal_group AND subtype NOT LIKE '%设施农用地%' AS legal, COALESCE({closed}, 0) AS closed, {not_filed} AS unfiled, "
              f"CASE WHEN nonagri THEN {wanted_regularised} ELSE 0 END AS d1 FROM item)")  # fmt: skip
    source = (f"(SELECT *, CASE WHEN nonagri AND done THEN MIN(COALESCE(removed_farmland, 0), COALESCE(bad_farmland, 0) - d1) ELSE 0 END AS d2 "
              f"FROM {source})")  # fmt: skip
    found = raw.groups(
        "TOTAL(farmland) FILTER (WHERE legal), TOTAL(bad_farmland) FILTER (WHERE nonagri), TOTAL(d1 + d2), TOTAL(d2), SUM(nonagri), "
        "TOTAL(bad_area) FILTER (WHERE nonagri), TOTAL(area) FILTER (WHERE legal), SUM(nonagri AND closed), SUM(nonagri AND unfiled), "
        "SUM(nonagri AND (closed OR unfiled)), SUM(nonagri AND COALESCE(done, 0)), SUM(nonagri AND (COALESCE(done, 0) OR unfiled)), "
        "TOTAL(bad_area) FILTER (WHERE nonagri AND NOT COALESCE(done, 0)), TOTAL(bad_farmland) FILTER (WHERE nonagri AND NOT COALESCE(done, 0))",
        source,
    )
    table = tables["assessment"]
    for name, row in found.items():
        (
            legal,
            illegal,
            deducted,
            below,
            count,
            area,
            legal_area,
            shut,
            unfiled,
            dutiful,
            done,
            settled,
            open_area,
            open_farmland,
        ) = row
        wanted = {
            "illegal_count": count, "case_closed": shut, "case_not_filed": unfiled, "rectified_count": done,
            "farmland_ratio": four(illegal, legal + illegal), "farmland_ratio_after": four(illegal - deducted, legal + illegal - below),
            "area_ratio": four(area, legal_area + area), "duty_rate": four(dutiful, count), "rectified_rate": four(settled, count),
            "open_area_ratio": four(open_area, area), "open_farmland_ratio": four(open_farmland, illegal), "deducted": two(deducted),
            "at_line": "" if not legal + illegal else "达到" if illegal / (legal + illegal) >= 0.15 else "未达到",
        }  # fmt: skip
        if illegal and legal + illegal - below < 1e-9:
            wanted["farmland_ratio_after"] = Decimal("0.0000")
        for column, value in wanted.items():
            assert table.value(name, column) == value, f"{column} of {name}"


def test_error_rates_are_those_of_sql(made: tuple[Raw, dict[str, Table]]) -> None:
    raw, tables = made
    day = raw.one("SELECT day FROM as_of")[0]
    year = "2023"
    kind = "CASE WHEN {0} LIKE '%违法%' THEN '违法' ELSE replace({0}, '其它', '其他') END"
    other = (f"EXISTS (SELECT 1 FROM every AS item WHERE item.number = f.number AND category <> '') AND final IS NOT NULL AND {kind.format('final')} "
             f"NOT IN (SELECT {kind.format('category')} FROM every AS item WHERE item.number = f.number AND category <> '')")  # fmt: skip
    decided = "(SELECT substr(MIN(decided_at), 1, 10) FROM every AS item WHERE item.number = f.number AND part = (SELECT MIN(part) FROM every i2 " \
              "WHERE i2.number = f.number))"  # fmt: skip
    source = f"(SELECT f.*, {decided} AS decided, (state = '改判' OR {other}) AS rejudged FROM filing f)"
    wrong = "(stage = '90' OR (stage = '95' AND sent_back = '1') OR rejudged)"
    annual = f"issued LIKE '{year}%' AND (stage IN ('101', '90', '97') OR (stage = '95' AND sent_back = '1'))"
    daily = f"COALESCE(decided, issued) LIKE '{day[:7]}%' AND stage IN ('101', '90', '95', '97')"
    found = raw.groups(", ".join(
        f"COUNT(*) FILTER (WHERE {mask})" for mask in (annual, f"{annual} AND {wrong}", daily, f"{daily} AND {wrong}")), source)  # fmt: skip
    compare(tables["error_rates"], ["annual_checked", "annual_wrong", "annual_rate", "daily_checked", "daily_wrong", "daily_rate"], {
        name: (row[0], row[1], four(row[1], row[0]), row[2], row[3], four(row[3], row[2])) for name, row in found.items()})  # fmt: skip


def test_behind_each_count_stand_as_many_items(made: tuple[Raw, dict[str, Table]]) -> None:
    _, tables = made
    seen = 0
    for table in tables.values():
        for figure, items in table.keys.items():
            row_key, _, column = figure.partition("/")[2].rpartition("/")
            if table.columns[table.position(column)].kind == "count" and column not in (
                "counties",
                "checked",
                "skipped",
            ):
                assert table.value(row_key, column) == len(items), figure
                seen += 1
    assert seen > 300
