"""The areas of the forms add up."""

from __future__ import annotations

import html
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weipian_plugin.filing.areas import DIVIDING, Figures, area_rows, as_mu
from weipian_plugin.filing.case import ParcelCase
from weipian_plugin.filing.fields import PackageFacts, values_of
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.model.paths import county_data, resource
from weipian_plugin.model.records import Coverage, Part

from . import cases


def case_of(tmp: Path, measures: dict[str, dict[str, float]], **changes: object) -> ParcelCase:
    return cases.case(tmp, photos=0, measures=measures, **changes)


@pytest.mark.parametrize(
    ("m2", "mu"),
    [(1333.335, "2.00"), (3.3333, "0.00"), (3.34, "0.01"), (10_003.3333, "15.00"), (10_003.34, "15.01"), (None, None)],
)
def test_square_metres_become_mu_half_up(m2: float | None, mu: str | None) -> None:
    assert as_mu(m2) == (None if mu is None else Decimal(mu))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0.0, 90_000.0).map(lambda value: round(value, 2)), min_size=5, max_size=5))
def test_every_row_closes_at_a_hundredth(tmp_path_factory: pytest.TempPathFactory, pieces: list[float]) -> None:
    measures = {"": {"area": sum(pieces), **dict(zip(DIVIDING, pieces))}}
    row = area_rows(ParcelCase(cases.parcel(area_m2=sum(pieces)), cases.coverage(), measures))[0]
    if sum(pieces) > 0:
        assert row["closed"] == "是"
        for unit in ("mu", "m2"):
            assert sum(row[f"{name}_{unit}"] for name in DIVIDING) == row[f"total_{unit}"]
        for name, piece in zip(DIVIDING, pieces):
            assert abs(row[f"{name}_mu"] - as_mu(piece)) <= Decimal("0.01")


def test_groups_that_do_not_fill_the_parcel_are_not_forced_to() -> None:
    measures = {"": {"area": 1000.0, "farmland": 600.0, "construction": 399.0}}
    row = area_rows(ParcelCase(cases.parcel(), cases.coverage(), measures))[0]
    assert row["closed"] == "否"
    assert (row["farmland_mu"], row["construction_mu"]) == (Decimal("0.90"), Decimal("0.60"))


def test_what_was_not_measured_is_blank() -> None:
    row = area_rows(ParcelCase(cases.parcel(), cases.coverage(), {}))[0]
    assert row["total_mu"] == Decimal("2.00")
    assert row["closed"] == "" and row["farmland_mu"] is None and row["uncovered_mu"] is None


def test_parts_add_up_to_the_parcel(tmp_path: Path) -> None:
    rows = area_rows(cases.split(cases.case(tmp_path, photos=0)))
    assert [row["part"] for row in rows] == ["整个图斑", "_1", "_2"]
    assert rows[1]["total_mu"] + rows[2]["total_mu"] == rows[0]["total_mu"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(0.01, 9_000.0).map(lambda value: round(value, 2)), min_size=2, max_size=4),
    st.floats(0.0, 1.0),
)
def test_parts_and_what_is_covered_add_up_in_every_paper(sizes: list[float], covered: float) -> None:
    """Total = its parts, total = 已批 + 未批, of the parcel and of each part; the same thing has the same figure everywhere."""
    whole = sum(sizes)
    names = [f"_{position}" for position in range(1, len(sizes) + 1)]
    measures = {"": {"area": whole, "approved": whole * covered, "uncovered": whole - whole * covered}}
    for name, size in zip(names, sizes):
        measures[name] = {"area": size, "approved": size * covered, "uncovered": size - size * covered}
    parts = tuple(Part(cases.NUMBER, name, "", "", size) for name, size in zip(names, sizes))
    case = ParcelCase(cases.parcel(area_m2=whole), cases.coverage(), measures, parts=parts)
    rows = area_rows(case)
    assert sum(row["total_mu"] for row in rows[1:]) == rows[0]["total_mu"]
    figures = Figures(case, rows)
    for name, row in zip(["", *names], rows):
        assert row["approved_mu"] + row["uncovered_mu"] == row["total_mu"]
        for measure, column in (("area", "total_mu"), ("approved", "approved_mu"), ("uncovered", "uncovered_mu")):
            if measures[name][measure] > 0.02 and len({round(value, 1) for value in measures[name].values()}) == 3:
                assert figures.mu(measures[name][measure], name) == row[column]
        assert abs(row["total_mu"] - as_mu(measures[name]["area"])) <= Decimal("0.01")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.just(0.0), st.floats(0.0, 9_000.0).map(lambda area: round(area, 2))), min_size=5, max_size=5
        ),
        min_size=2,
        max_size=5,
    ),
    st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5),
)
def test_land_classes_add_up_along_the_parts_and_along_the_parcel(
    areas: list[list[float]], covered: list[float]
) -> None:
    """Each row of 套合面积表 is its classes and 已批 + 未批, each column of the parts is the parcel's: in 亩 and in m²."""
    areas = [row for row in areas if sum(row) > 1.0]
    if len(areas) < 2:
        return
    names = [f"_{position}" for position in range(1, len(areas) + 1)]
    measures: dict[str, dict[str, float]] = {}
    for name, row, part in zip(names, areas, covered):
        approved = round(sum(row) * part, 2)
        own = {"area": sum(row), "approved": approved, "uncovered": sum(row) - approved, "basic_farmland": row[0] / 2}
        measures[name] = {**own, **dict(zip(DIVIDING, row))}
    measures[""] = {key: sum(own[key] for own in measures.values()) for key in measures["_1"]}
    parts = tuple(Part(cases.NUMBER, name, "", "", measures[name]["area"]) for name in names)
    rows = area_rows(ParcelCase(cases.parcel(area_m2=measures[""]["area"]), cases.coverage(), measures, parts=parts))
    for row in rows:
        for unit in ("mu", "m2"):
            assert sum(row[f"{name}_{unit}"] for name in DIVIDING) == row[f"total_{unit}"]
        assert row["approved_mu"] + row["uncovered_mu"] == row["total_mu"]
    columns = [f"{name}_{unit}" for name in ("total", *DIVIDING) for unit in ("mu", "m2")]
    for column in (*columns, "approved_mu", "uncovered_mu", "basic_farmland_mu"):
        assert sum(row[column] for row in rows[1:]) == rows[0][column], column
    for name, row in zip(names, rows[1:]):
        for column in DIVIDING:
            assert abs(float(row[f"{column}_mu"]) - measures[name][column] * 0.0015) < 0.02


def test_what_was_approved_too_late_is_not_said_to_be_approved(tmp_path: Path) -> None:
    """补办: the whole parcel has an approval, none of it in time. Papers print what the card and the rules say."""
    measures = {
        "": {
            "area": 1333.335, "approved": 1333.335, "uncovered": 0.0, "approved_in_time": 0.0, "uncovered_in_time": 1333.335,
        }
    }  # fmt: skip
    case = case_of(tmp_path, measures)
    row = area_rows(case)[0]
    assert (row["approved_in_time_mu"], row["uncovered_in_time_mu"]) == (Decimal("0.00"), row["total_mu"])
    fields = values_of(case, load_rules(), PackageFacts()).fields
    assert (fields["approved_in_time_mu"], fields["uncovered_in_time_mu"]) == (Decimal("0.00"), Decimal("2.00"))


@pytest.mark.parametrize("name", ["02合法性判定表.xlsx", "02合法性判定表.docx", "03套合面积表.xlsx", "位置图.qpt"])
def test_papers_print_what_was_approved_in_time(name: str) -> None:
    path = resource("templates", name)
    if path.suffix == ".qpt":
        text = path.read_text(encoding="utf-8")
    else:
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(part).decode("utf-8") for part in archive.namelist() if part.endswith(".xml")]
            text = html.unescape("".join(parts))
    assert "按时已批" in text and "按时未批" in text
    assert not re.search("(?<!按时)(已批|未批)(面积)?}}", text), "no paper speaks of approvals of whatever date"


def test_what_is_the_same_ground_as_a_part_has_the_figure_of_the_part() -> None:
    """A layer that covers just one part (设施农用地 of a split parcel): rounding it by itself gave 4.15 beside the part's 4.16."""
    sizes = {"_1": 2770.0, "_2": 1003.1, "_3": 1003.0}
    measures = {name: {"area": size} for name, size in sizes.items()}
    measures[""] = {"area": sum(sizes.values())}
    parts = tuple(Part(cases.NUMBER, name, "", "", size) for name, size in sizes.items())
    found = ParcelCase(cases.parcel(area_m2=sum(sizes.values())), cases.coverage(), measures, parts=parts)
    rows = area_rows(found)
    figures = Figures(found, rows)
    assert any(row["total_mu"] != as_mu(size) for row, size in zip(rows[1:], sizes.values())), (
        "rounding together moves one"
    )
    for row, size in zip(rows[1:], sizes.values()):
        assert figures.mu(size) == figures.mu(size, str(row["part"])) == row["total_mu"]


def test_a_land_class_is_of_the_kind_that_the_county_says(tmp_path: Path) -> None:
    """其他草地 (0404) is 农用地 as shipped and may be 未利用地 in a county; one after the other in one process."""
    county = tmp_path / "本县"
    county.mkdir()
    shipped = resource("land_classes.yaml").read_text(encoding="utf-8")
    moved = shipped.replace('"0403", "0404", "1006"', '"0403", "1006"').replace(
        'unused: ["1101"', 'unused: ["0404", "1101"'
    )
    moved = moved.replace("taken: agricultural\n        other: unused", "taken: unused\n        other: agricultural")
    (county / "land_classes.yaml").write_text(moved, encoding="utf-8")
    # Three classes of 1003.4 m² are 1.505 亩 each by themselves; of one kind of 3010.2 m² they share 4.52 亩.
    codes = ("0404", "1204", "1206")
    rows = tuple(Coverage(cases.NUMBER, "", "land_survey", code, 1003.4) for code in codes)
    measures = {"": {"area": 3010.2, "other_agricultural": 0.0, "unused": 3010.2}}
    case = ParcelCase(cases.parcel(area_m2=3010.2), rows, measures)
    sums = []
    for folder in (None, county):
        with county_data(folder):
            areas = area_rows(case)
            figures = Figures(case, areas)
            sums.append(sum(figures.of_class(code, 1003.4) for code in codes))
    assert areas[0]["unused_mu"] == Decimal("4.52") == sums[1] != sums[0]
