"""Passwords and keys of a catalogue's sources stand in nothing that a run writes or says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from tests.drill.sealed import SECRET, SOURCES, holding_the_secret
from tests.qgis.running import run
from tests.qgis.test_photo_formats import workspace_with_one_parcel

#: Sources that the overlay does not open: they end in workspace, manifest, forms and map.
PICTURES = (
    f"type=xyz&url=http://127.0.0.1:9/%7Bz%7D/%7Bx%7D/%7By%7D.png%3Ftk%3D{SECRET}&zmax=18&zmin=0",
    f"type=xyz&url=http://wp:{SECRET}@127.0.0.1:9/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmax=18",
)


def catalogue(path: Path, *layers: dict[str, str]) -> Path:
    path.write_text(yaml.safe_dump({"version": 1, "layers": list(layers)}, allow_unicode=True), encoding="utf-8")
    return path


def test_nothing_that_a_run_writes_or_says_holds_a_password_or_key(qgis_app: object, tmp_path: Path) -> None:
    out = tmp_path / "成果"
    out.mkdir()
    workspace = workspace_with_one_parcel(out / "库.gpkg")
    feedback = QgsProcessingFeedback()
    pictures = catalogue(
        tmp_path / "影像.yaml",
        {"role": "imagery_before", "source": PICTURES[0]},
        {"role": "imagery_after", "source": PICTURES[1], "title": "后时相"},
    )
    run("overlay", feedback, WORKSPACE=workspace, CATALOGUE=pictures, REPORT=out / "报表")
    run("file", feedback, WORKSPACE=workspace, PACKAGES=out / "卷宗", CATALOGUE=pictures, REPORT=out / "报表")
    run("tables", feedback, WORKSPACE=workspace, REPORT=out / "报表", AS_OF="2023-08-20")
    said = feedback.textLog()
    assert (out / "卷宗").is_dir()
    for number, source in enumerate(SOURCES):
        one = catalogue(tmp_path / f"库{number}.yaml", {"role": "farmland_conversion", "source": source})
        quiet = QgsProcessingFeedback()
        with pytest.raises(QgsProcessingException) as failed:
            run("overlay", quiet, WORKSPACE=workspace, CATALOGUE=one, REPORT=out / "报表")
        said += str(failed.value) + quiet.textLog()
        checked = QgsProcessingFeedback()
        run("check", checked, CATALOGUE=one, REPORT=out / f"检查{number}")
        said += checked.textLog()
    assert SECRET not in said
    assert holding_the_secret(out) == []
