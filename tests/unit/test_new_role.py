"""A role of a layer comes in by data alone (CONTRIBUTING.md, 「a role of a layer」): known to the catalogue, the check, the overlay and the forms.

The process that knows the new role reads a copy of the data; this one goes on with the shipped data.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.pipeline import small_county

REPOSITORY = Path(__file__).resolve().parents[2]
ROLE = """  forest_permit:
    title: 林地占用批文
    title_en: "Forest land permit (林地占用批文)"
    also: [林地批文]
    fields:
      document: [LDWH, 林地文号]
      date: [LDRQ]
"""
KNOWS = """
import json, sys
from pathlib import Path
from weipian_plugin.model import paths
beside = paths._beside
paths._beside = lambda name: Path(sys.argv[1]) if name == "resources" else beside(name)

from weipian_plugin.filing.settings import load_rules
from weipian_plugin.formats.catalogue import read_catalogue, role_of
from weipian_plugin.judgment.vocabulary import vocabulary
from weipian_plugin.model.vocabulary import measures as known_measures, role_title
from weipian_plugin.model.feedback import Silent
from weipian_plugin.pipeline.layer_check import check_layers
from weipian_plugin.pipeline.steps import Walk
from weipian_plugin.workspace import Workspace

asked = json.loads(sys.argv[2])
layers = read_catalogue(Path(asked["CATALOGUE"]))
checked = check_layers(layers, None)
Walk.of(asked).run(Silent())
with Workspace.open(Path(asked["WORKSPACE"])) as store:
    measures = {row["measure"]: float(row["value"]) for row in store.records("measure", parcel=sys.argv[3], part="")
                if row["measure"].startswith("forest_permit")}
    documents = sorted({row["document"] for row in store.records("coverage", role="forest_permit") if row["document"]})
print(json.dumps({
    "named": role_of("林地批文"), "roles": [layer.role for layer in layers], "counts": checked.counts(), "measures": measures,
    "documents": documents, "title": role_title("forest_permit"), "titles": known_measures()["forest_permit_late"].title,
    "fact": vocabulary()["forest_permit_documents"].name, "papers": "forest_permit" in load_rules().legal_basis_roles,
}))
"""


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A copy of the data with the role: an entry of roles.yaml, and its name in the lists of measures.yaml."""
    copy = tmp_path / "resources"
    shutil.copytree(REPOSITORY / "resources", copy, ignore=shutil.ignore_patterns("i18n", "packages"))
    roles, measures = copy / "roles.yaml", copy / "measures.yaml"
    roles.write_text(roles.read_text(encoding="utf-8").replace("roles:\n", "roles:\n" + ROLE, 1), encoding="utf-8")
    measures.write_text(
        measures.read_text(encoding="utf-8").replace(
            "restoration, mining_right", "restoration, mining_right, forest_permit"
        ),
        encoding="utf-8",
    )
    return copy


def test_a_new_role_is_known_everywhere_once_the_data_name_it(resources: Path, tmp_path: Path) -> None:
    asked = small_county.write(tmp_path / "县 一")
    catalogue = Path(asked["CATALOGUE"])
    entries = yaml.safe_load(catalogue.read_text(encoding="utf-8"))
    entries["layers"][1] = {
        "role": "林地批文",
        "source": "图层/农转用.shp",
        "fields": {"document": "PZWH", "date": "PZRQ"},
    }
    catalogue.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", KNOWS, str(resources), json.dumps(asked), small_county.NUMBERS[0]],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["named"] == "forest_permit" and found["roles"] == ["land_survey", "forest_permit"]
    assert found["counts"]["layers"] == 2 and not found["counts"]["bad"]
    whole = found["measures"]["forest_permit"]
    assert whole > 9000 and found["measures"]["forest_permit_before"] == whole
    assert found["documents"] == ["渝府地〔2022〕1号"]
    assert found["title"] == "林地占用批文" and found["titles"].startswith("林地占用批文")
    assert found["fact"] == "forest_permit_documents" and found["papers"]


def test_the_lists_of_legal_bases_are_written_once() -> None:
    with_list = [
        file.name
        for file in sorted((REPOSITORY / "resources").glob("*.yaml"))
        if "facility_agriculture, homestead, rural_road" in file.read_text(encoding="utf-8")
    ]
    assert with_list == ["measures.yaml"]
