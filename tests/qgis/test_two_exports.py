"""Two programs that export into one folder at the same time both end well, and every package is whole."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pandas as pd
import shapely

from scripts.house import checkout_environment, qgis_process_program
from tests.qgis.test_photo_formats import workspace_with_one_parcel
from tests.unit.evidence.pictures import LAT, LON
from weipian_plugin.filing import packages_in, verify
from weipian_plugin.workspace import Workspace


def test_two_real_exports_into_one_folder_end_well(tmp_path: Path) -> None:
    workspace, packages = workspace_with_one_parcel(tmp_path / "库.gpkg"), tmp_path / "卷宗"
    with Workspace.open(workspace) as store:
        first = store.read("parcel").drop(columns=["fid"])
        more = [
            first.assign(
                number=f"320500SJBG{index:04d}",
                geometry=[shapely.box(LON + index, LAT, LON + index + 0.001, LAT + 0.001)],
            )
            for index in range(2, 8)
        ]
        store.insert("parcel", pd.concat(more), "张三", "图斑入库")
    command = [qgis_process_program(), "run", "weipian:file", "--", f"WORKSPACE={workspace}", f"PACKAGES={packages}"]
    environment = checkout_environment()
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert all("FAILED:\t0" in text for text in said), said
    found = packages_in(packages)
    assert len(found) == 7
    assert [verify(package) for package in found] == [[]] * 7
    assert [path.name for path in packages.iterdir() if path.name.startswith(".")] == []
