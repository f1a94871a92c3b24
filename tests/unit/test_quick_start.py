"""The commands of the pages do what they say: each of the English quick start is run, or made ready by make without a mistake."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drill import desk
from weipian_plugin.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]


def commands() -> list[str]:
    """Every line of the code blocks of the page, without its comment."""
    page = (REPOSITORY / "docs" / "quick-start.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(.*?)```", page, flags=re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_the_page_has_commands() -> None:
    assert len(commands()) >= 5


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
@pytest.mark.parametrize("command", [line for line in commands() if line.startswith("make ")])
def test_make_knows_what_to_do(command: str) -> None:
    """``make -n`` expands the target with its parameters; the demo, the tests and the window themselves run in `.ci/run`."""
    done = subprocess.run(["bash", "-c", f"{command} -n"], cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    scripts = re.findall(r"(?<![\w/])scripts/\w+\.\w+", done.stdout)
    assert scripts and [name for name in scripts if not (REPOSITORY / name).is_file()] == []


def test_many_counties_are_measured_by_the_command_of_the_page(tmp_path: Path) -> None:
    (command,) = (line for line in commands() if "weipian_plugin.counties" in line)
    for name in ("甲县", "乙县"):
        folder = tmp_path / "counties" / name
        plan = desk.plan_of(folder, 3)
        desk.take_in(plan)
        with Workspace.open(folder / "工作库.gpkg") as store:
            parcels = desk.parcels_of(store)
        parcels[["number", "kind", "earlier_image", "later_image", "area_m2", "geometry"]].to_file(
            folder / "parcels.gpkg"
        )
    words = command.replace("FOLDER", "counties").replace("RESULT", "result").split()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = (tmp_path / "result" / "measures.csv").read_text(encoding="utf-8-sig")
    assert "甲县" in told and "乙县" in told
