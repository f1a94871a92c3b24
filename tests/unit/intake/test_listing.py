"""Every layer below a folder, and what is seen of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from weipian_plugin.formats.listing import Listed, layers_below
from weipian_plugin.formats.sampling import sample
from weipian_plugin.formats.vector import open_table
from weipian_plugin.intake.layer_facts import inspect_layer
from weipian_plugin.intake.role_guess import Geometry, propose_roles
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.sample.layers import IMAGERY, LAYER_FILES
from weipian_plugin.workspace import Workspace


def test_every_layer_of_the_sample_county_gets_its_role(county_layers: Path) -> None:
    listed = layers_below(county_layers)
    proposals = propose_roles([inspect_layer(one).facts for one in listed])
    found = {
        (Path(one.source).relative_to(county_layers).as_posix(), one.layer): proposal.role
        for one, proposal in zip(listed, proposals)
    }
    expected = {(path, None): role for role, path in IMAGERY.items()}
    for file in LAYER_FILES:
        expected[(file.path, None if file.path.endswith(".shp") else file.layer)] = file.role
    assert found == expected


def test_what_the_software_wrote_itself_is_no_layer(county_layers: Path, tmp_path: Path) -> None:
    shutil.copytree(county_layers / "基础", tmp_path / "图层" / "基础")
    shutil.copytree(county_layers / "审批", tmp_path / "图层" / "卫片成果" / "卷宗")
    Workspace.create(tmp_path / "图层" / "工作库2023.gpkg").close()
    assert {Path(one.source).parent.name for one in layers_below(tmp_path / "图层")} == {"基础"}


def test_a_damaged_container_is_listed_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "坏.gpkg").write_bytes(b"no database")
    (tmp_path / "空.gdb").mkdir()
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    listed = layers_below(tmp_path)
    assert [Path(one.source).name for one in listed] == ["坏.gpkg", "空.gdb"]
    assert all(one.problem is not None for one in listed)
    assert all(inspect_layer(one).problem is not None for one in listed)


def test_a_whole_drive_chosen_by_mistake_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weipian_plugin.formats.listing._MOST", 3)
    for number in range(5):
        (tmp_path / f"{number}.tif").write_bytes(b"")
    with pytest.raises(WeipianError) as caught:
        layers_below(tmp_path)
    assert caught.value.code == "intake.too_many_layers"


@pytest.mark.parametrize(
    ("path", "layer"),
    [("调查/地类图斑2022.shp", None), ("审批/供地.gpkg", "供地"), ("规划/国土空间规划.gdb", "YJJBNTTB")],
)
def test_a_look_reads_the_first_features_only(county_layers: Path, path: str, layer: str | None) -> None:
    reader = open_table(str(county_layers / path), layer)
    seen = sample(reader, 5)
    assert (len(seen.rows), seen.kind) == (5, "polygon")
    assert reader.count > 5
    assert list(seen.rows.columns) == list(reader.columns)


def test_a_source_that_is_gone_is_told_not_raised(tmp_path: Path) -> None:
    inspection = inspect_layer(Listed(str(tmp_path / "没有.shp")))
    assert inspection.problem is not None
    assert inspection.facts.geometry is Geometry.UNKNOWN
