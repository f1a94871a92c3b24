"""The plugin asks nothing of the network: not for printers either, when it writes a PDF."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from scripts.house import checkout_environment, qgis_process_program, run_algorithm
from tests.qgis.test_photo_formats import workspace_with_one_parcel


def test_writing_maps_asks_no_print_service(tmp_path: Path) -> None:
    """A service of our own listens where the machine's would: nobody comes."""
    workspace = workspace_with_one_parcel(tmp_path / "库.gpkg")
    with socket.create_server(("127.0.0.1", 0)) as service:
        environment = {**checkout_environment(), "CUPS_SERVER": f"127.0.0.1:{service.getsockname()[1]}"}
        parameters = {"WORKSPACE": str(workspace), "PACKAGES": str(tmp_path / "卷宗")}
        done = run_algorithm("weipian:file", parameters, environment=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        assert list((tmp_path / "卷宗").rglob("*_位置图.pdf"))
        service.settimeout(0.2)
        with pytest.raises(TimeoutError):
            service.accept()


def test_the_export_works_where_there_is_no_network(tmp_path: Path) -> None:
    """In a network of its own, without even this machine's own address, as far as the system lets a test make one."""
    alone = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system gives a test no network of its own")
    workspace = workspace_with_one_parcel(tmp_path / "库.gpkg")
    command = [*alone, qgis_process_program(), "run", "weipian:file", "--", f"WORKSPACE={workspace}"]
    done = subprocess.run(
        [*command, f"PACKAGES={tmp_path / '卷宗'}", f"REPORT={tmp_path / '报表'}"],
        env=checkout_environment(), capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert list((tmp_path / "卷宗").rglob("*_位置图.pdf"))
