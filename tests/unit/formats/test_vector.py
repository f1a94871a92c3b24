"""The one entrance to vector files, and how a format comes in (CONTRIBUTING.md, 「a file format」): one entry in the list, known everywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
import yaml
from numpy.typing import NDArray

from tests.unit.pipeline import small_county
from tests.unit.pipeline.small_county import NUMBERS
from weipian_plugin.formats import vector
from weipian_plugin.formats.readers import VectorTable, meets, sample_centres, total_bounds
from weipian_plugin.formats.sampling import sample
from weipian_plugin.formats.vector import VectorFormat, Wanted, open_table
from weipian_plugin.intake.layers import describe, read_layer
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.feedback import Silent
from weipian_plugin.model.messages import Message
from weipian_plugin.model.records import LayerSource
from weipian_plugin.pipeline.layer_check import check_layers
from weipian_plugin.pipeline.steps import Walk
from weipian_plugin.workspace import Workspace


@dataclass(frozen=True)
class PlotsTable:
    """A format of our own: one JSON object a line, with the shape as WKT in EPSG:4490."""

    table: pd.DataFrame
    shapes: NDArray[np.object_]
    driver: str = "Plots"
    crs: str | None = "EPSG:4490"
    encoding: str = "utf-8"
    notes: tuple[Message, ...] = field(default=())

    @classmethod
    def open(cls, wanted: Wanted) -> VectorTable:
        try:
            rows = [json.loads(line) for line in Path(wanted.source).read_text(encoding="utf-8").splitlines()]
            shapes = np.array([shapely.from_wkt(row.pop("wkt")) for row in rows], dtype=object)
        except (ValueError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
            raise WeipianError("intake.source_unreadable", path=wanted.source) from error
        return cls(pd.DataFrame(rows, dtype=object), shapes)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.table.columns)

    @property
    def count(self) -> int:
        return len(self.table)

    def bounds(self) -> tuple[float, float, float, float] | None:
        return total_bounds(shapely.bounds(self.shapes))

    def centres(self) -> NDArray[np.float64]:
        return sample_centres(shapely.bounds(self.shapes))

    def read(
        self, columns: Sequence[str], boxes: NDArray[np.float64] | None
    ) -> tuple[pd.DataFrame, NDArray[np.object_]]:
        rows = np.arange(self.count) if boxes is None else meets(shapely.bounds(self.shapes), boxes)
        return self.table.iloc[rows][list(columns)], self.shapes[rows]


def plots(path: Path, rows: Sequence[dict[str, str]], shapes: Sequence[shapely.Geometry]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({**row, "wkt": shape.wkt}, ensure_ascii=False) for row, shape in zip(rows, shapes)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The small county with its approvals and its delivery in the new format."""
    monkeypatch.setattr(vector, "FORMATS", (*vector.FORMATS, VectorFormat("Plots", (".plots",), PlotsTable.open)))
    asked = small_county.write(tmp_path / "县 一")
    catalogue = Path(asked["CATALOGUE"])
    approval = {"PZWH": "渝府地〔2022〕1号", "PZRQ": "2022-01-05"}
    plots(catalogue.parent / "图层" / "批文.plots", [approval], [small_county.box(0)])
    entries = yaml.safe_load(catalogue.read_text(encoding="utf-8"))
    entries["layers"][1]["source"] = "图层/批文.plots"
    catalogue.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    parcels = [{"JCBH": number, "XZQDM": "500118", "QSX": "2022-09-18", "HSX": "2023-04-26"} for number in NUMBERS]
    shapes = [small_county.box(place) for place in range(3)]
    return {**asked, "DELIVERY": str(plots(tmp_path / "下发" / "图斑.plots", parcels, shapes))}


def test_a_new_format_is_opened_listed_checked_and_read(county: dict[str, str]) -> None:
    source = str(Path(county["CATALOGUE"]).parent / "图层" / "批文.plots")
    table = open_table(source)
    assert (table.driver, table.columns, table.count) == ("Plots", ("PZWH", "PZRQ"), 1)
    assert sample(table, 5).kind == "polygon"
    layer = LayerSource("farmland_conversion", source, fields={"document": "PZWH", "date": "PZRQ"})
    assert describe(layer).driver == "Plots" and describe(layer).count == 1
    west, south, east, north = small_county.box(0).bounds
    assert len(read_layer(layer, ["PZWH"], (west, south, east, north))) == 1
    assert len(read_layer(layer, ["PZWH"], (west + 1, south, east + 1, north))) == 0
    checked = check_layers([layer], None)
    assert checked.counts()["layers"] == 1 and not checked.counts()["bad"]


def test_a_new_format_is_measured_against_and_taken_in(county: dict[str, str], tmp_path: Path) -> None:
    result = Walk.of(county).run(Silent())
    assert (result.outputs()["NEW"], result.outputs()["JUDGED"]) == (3, 3)
    shapefiles = small_county.write(tmp_path / "县 二")
    Walk.of(shapefiles).run(Silent())
    with Workspace.open(Path(county["WORKSPACE"])) as one, Workspace.open(Path(shapefiles["WORKSPACE"])) as other:
        columns = ["parcel", "part", "measure", "value"]
        assert one.columns("measure", columns).equals(other.columns("measure", columns))


def test_a_damaged_file_of_it_ends_in_a_coded_error(county: dict[str, str], tmp_path: Path) -> None:
    damaged = tmp_path / "坏.plots"
    damaged.write_text("no json", encoding="utf-8")
    with pytest.raises(WeipianError) as raised:
        open_table(str(damaged))
    assert raised.value.code == "intake.source_unreadable"
    with pytest.raises(WeipianError) as missing:
        open_table(str(tmp_path / "没有.plots"))
    assert missing.value.code == "intake.file_missing"
