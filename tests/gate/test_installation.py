"""The zip, installed as the plugin manager does it into a fresh profile, works in the real qgis_process."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts.house import qgis_environment, qgis_process_program

ALGORITHMS = ("sample", "intake", "overlay", "judge", "photos", "file", "verify", "tables", "run")


class Installed:
    """A profile with the plugin in it."""

    def __init__(self, profile: Path, nowhere: Path) -> None:
        self.plugins = profile / "profiles" / "default" / "python" / "plugins"
        # QGIS_PLUGINPATH points to an empty folder: only the profile's own plugins can be found, not the checkout.
        self.environment = qgis_environment(nowhere, profile)

    def qgis_process(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [qgis_process_program(), *arguments], env=self.environment, capture_output=True, text=True, timeout=900,
            stdin=subprocess.DEVNULL, cwd=self.plugins, encoding="utf-8",
        )  # fmt: skip

    def results(self, algorithm: str, **parameters: object) -> dict[str, Any]:
        values = [f"{name}={value}" for name, value in parameters.items()]
        done = self.qgis_process("--json", "run", algorithm, "--", *values)
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return dict(json.loads(done.stdout[done.stdout.index("{") :])["results"])


@pytest.fixture(scope="module")
def installed(plugin_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    # A Windows user's folder: Chinese and a space.
    found = Installed(tmp_path_factory.mktemp("张三 profile"), tmp_path_factory.mktemp("nowhere"))
    found.plugins.mkdir(parents=True)
    with zipfile.ZipFile(plugin_zip) as archive:
        archive.extractall(found.plugins)
    enabled = found.qgis_process("plugins", "enable", "weipian_plugin")
    assert enabled.returncode == 0, enabled.stderr[-3000:]
    return found


@pytest.fixture(scope="module")
def county(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return installed.results("weipian:sample", FOLDER=tmp_path_factory.mktemp("输出 folder") / "示例县")


def test_every_algorithm_is_offered(installed: Installed) -> None:
    listed = installed.qgis_process("--json", "list")
    provider = json.loads(listed.stdout[listed.stdout.index("{") :])["providers"]["weipian"]
    assert set(provider["algorithms"]) >= {f"weipian:{name}" for name in ALGORITHMS}


def test_the_code_that_runs_is_the_installed_one(installed: Installed) -> None:
    assert (installed.plugins / "weipian_plugin" / "resources").is_dir()
    help_of_run = installed.qgis_process("help", "weipian:run")
    assert help_of_run.returncode == 0
    assert "DELIVERY" in help_of_run.stdout


def test_an_algorithm_runs_from_the_zip(county: dict[str, Any]) -> None:
    truth = json.loads(Path(county["TRUTH"]).read_text(encoding="utf-8"))
    assert county["PARCELS"] == len(truth["parcels"]) > 0
    assert Path(county["DELIVERY"]).is_file()


def test_a_delivery_is_taken_in_by_the_installed_plugin(
    installed: Installed, county: dict[str, Any], tmp_path: Path
) -> None:
    workspace = tmp_path / "工作库.gpkg"
    taken = installed.results("weipian:intake", DELIVERY=county["DELIVERY"], WORKSPACE=workspace)
    assert taken["PARCELS"] > 0
    assert workspace.stat().st_size > 0


@pytest.mark.timeout(1000)
def test_the_main_job_runs_from_the_zip(installed: Installed, county: dict[str, Any], tmp_path: Path) -> None:
    done = installed.results(
        "weipian:run", DELIVERY=county["DELIVERY"], CATALOGUE=county["CATALOGUE"], PHOTOS=county["PHOTOS"],
        WORKSPACE=tmp_path / "成果" / "工作库.gpkg", PACKAGES=tmp_path / "成果" / "卷宗", REPORT=tmp_path / "成果" / "报表",
        AS_OF="2023-08-20",
    )  # fmt: skip
    assert done["FAILED"] == 0 and done["PARCELS"] > 60
    written = {path.suffix for path in (tmp_path / "成果").rglob("*") if path.is_file()}
    assert {".xlsx", ".docx", ".pdf", ".shp", ".csv", ".html", ".json"} <= written


def test_a_missing_file_ends_with_code_1_and_one_clear_sentence(installed: Installed, tmp_path: Path) -> None:
    missing = tmp_path / "没有.zip"
    done = installed.qgis_process(
        "run", "weipian:intake", "--", f"DELIVERY={missing}", f"WORKSPACE={tmp_path / 'w.gpkg'}"
    )
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "没有.zip" in said
    assert "Traceback" not in said
    assert not (tmp_path / "w.gpkg").exists()
