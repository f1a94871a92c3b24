"""Exports dealt to several programs: every parcel once, counts together, what is asked for that cannot be is said."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
import shapely
from qgis.PyQt.QtCore import QProcess

from scripts.house import checkout_environment, qgis_process_program
from tests.qgis.test_photo_formats import workspace_with_one_parcel
from tests.unit.evidence.pictures import LAT, LON
from weipian_plugin.algorithms.base import SENTENCE_MARK, STARTED_BY_RUN, for_caller
from weipian_plugin.algorithms.workers import _results, dealt, jobs_of
from weipian_plugin.filing import packages_in, verify
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.pipeline.parameters import JOBS
from weipian_plugin.workspace import Workspace


@pytest.mark.parametrize(("count", "jobs", "sizes"), [(7, 2, [4, 3]), (1200, 2, [400, 400, 400]), (3, 3, [1, 1, 1])])
def test_every_number_is_dealt_once(count: int, jobs: int, sizes: list[int]) -> None:
    numbers = [str(number) for number in range(count)]
    found = dealt(numbers, jobs)
    assert [len(some) for some in found] == sizes and [one for some in found for one in some] == numbers


def test_no_more_workers_than_cores_and_work() -> None:
    assert jobs_of(None, 1000) == jobs_of("1", 1000) == jobs_of("auto", 15) == 1
    assert jobs_of("64", 10_000) == jobs_of("auto", 10_000) == (os.cpu_count() or 1)
    with pytest.raises(WeipianError) as caught:
        JOBS.check("两个")
    assert caught.value.code == "run.jobs_unknown"


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has no second worker")
def test_two_workers_write_what_one_would(tmp_path: Path) -> None:
    import subprocess

    workspace, packages = workspace_with_one_parcel(tmp_path / "库.gpkg"), tmp_path / "卷 宗"
    with Workspace.open(workspace) as store:
        first = store.read("parcel").drop(columns=["fid"])
        more = [
            first.assign(
                number=f"320500SJBG{index:04d}",
                geometry=[shapely.box(LON + index / 10, LAT, LON + index / 10 + 0.001, LAT + 0.001)],
            )
            for index in range(2, 21)
        ]
        store.insert("parcel", pd.concat(more), "张三", "图斑入库")
    command = [
        qgis_process_program(),
        "run",
        "weipian:file",
        "--",
        f"WORKSPACE={workspace}",
        f"PACKAGES={packages}",
        "JOBS=2",
    ]
    ended = subprocess.run(command, env=checkout_environment(), capture_output=True, text=True, timeout=280)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "PARCELS:\t20" in ended.stdout and "WRITTEN:\t20" in ended.stdout and "FAILED:\t0" in ended.stdout, (
        ended.stdout
    )
    found = packages_in(packages)
    assert len(found) == 20 and not any(verify(package) for package in found[:3])
    with Workspace.open(workspace) as store:
        assert store.count("package") == 20 and store.audit() == []


@pytest.mark.parametrize(
    ("end", "reason"),
    [("locked", "卷宗"), ("killed", "意外结束")],
)
@pytest.mark.parametrize("code_page", ["utf-8", "gbk", "cp1252"])
def test_a_worker_that_fails_is_told_in_our_words(
    monkeypatch: pytest.MonkeyPatch, end: str, reason: str, code_page: str
) -> None:
    """What libraries write (warnings, tracebacks) never stands in the sentence; what the worker itself said does, in any code page."""
    monkeypatch.setenv(STARTED_BY_RUN, "1")
    process = QProcess()
    lines = ["QStandardPaths: wrong permissions on runtime directory", "Traceback (most recent call last):"]
    if end == "locked":
        lines.append(f"ERROR:\t{for_caller('卷宗文件夹正被占用')}")
    code = (
        "import os, sys; sys.stderr.buffer.write(sys.argv[1].encode(sys.argv[2], 'replace'));"
        "sys.stderr.flush(); os.kill(os.getpid(), 9)"
    )
    process.start("/usr/bin/python3", ["-c", code, "\n".join(lines), code_page])
    assert process.waitForFinished(20_000)
    with pytest.raises(WeipianError) as caught:
        _results(process)
    text = caught.value.text("zh")
    assert caught.value.code == "run.worker_failed" and reason in text
    assert not any(word in text for word in ("QStandardPaths", "Traceback", SENTENCE_MARK))


def test_a_program_that_a_run_starts_marks_its_sentence(tmp_path: Path) -> None:
    import subprocess

    command = [
        qgis_process_program(),
        "run",
        "weipian:file",
        "--",
        f"WORKSPACE={tmp_path / '无.gpkg'}",
        f"PACKAGES={tmp_path}",
    ]
    for started, marked in (("", False), ("1", True)):
        environment = {**checkout_environment(), STARTED_BY_RUN: started}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
        written = ended.stdout + ended.stderr
        assert ended.returncode != 0 and "无.gpkg" in written
        assert (SENTENCE_MARK in written) == marked, written
