"""Several exports into one folder take turns: none destroys what another has finished, and none is refused for it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from weipian_plugin.filing import PackageOptions, PackageRecord, package_folder, packages_in, verify, write_packages
from weipian_plugin.filing import package as packages
from weipian_plugin.model.records import Rejection
from weipian_plugin.office.locks import holding

from . import cases

OPTIONS = PackageOptions(forms=("cover",), vectors=False, contact_sheet=False)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="os.fork is not available on Windows; the lock is tested there too")
def test_three_processes_that_rewrite_the_same_packages_leave_them_whole(tmp_path: Path) -> None:
    case = cases.case(tmp_path, photos=1)
    several = [replace(case, parcel=replace(case.parcel, number=f"{case.number}-{position}")) for position in range(4)]
    folder = tmp_path / "卷宗"
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            rejected = 0
            try:
                for _ in range(4):
                    outcomes = list(write_packages(several, folder, replace(OPTIONS, fresh=True)))
                    rejected += sum(isinstance(outcome, Rejection) for outcome in outcomes)
            finally:
                os._exit(min(rejected, 100) if sys.exc_info()[0] is None else 101)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0]
    assert [path.name for path in packages_in(folder)] == [package_folder(folder, one.number).name for one in several]
    for one in several:
        assert verify(package_folder(folder, one.number), one, OPTIONS) == []
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_package_that_stays_locked_is_refused_with_the_holders_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.case(tmp_path, photos=0)
    folder = tmp_path / "卷宗"
    folder.mkdir()
    monkeypatch.setattr(packages, "PATIENCE_SECONDS", 0.2)
    with holding(folder / f".{package_folder(folder, case.number).name}.lock"):
        (outcome,) = write_packages([case], folder, OPTIONS)
    assert isinstance(outcome, Rejection)
    assert outcome.code == "filing.locked"
    assert "@" in str(outcome.reason.details["who"])
    (written,) = write_packages([case], folder, OPTIONS)
    assert isinstance(written, PackageRecord)


def test_maps_of_a_killed_run_of_an_earlier_release_are_removed_once_they_are_old(tmp_path: Path) -> None:
    case = cases.case(tmp_path, photos=0)
    left = tmp_path / "卷宗" / ".maps"
    left.mkdir(parents=True)
    list(write_packages([case], tmp_path / "卷宗", OPTIONS))
    assert left.exists()
    os.utime(left, (time.time() - 1e6,) * 2)
    list(write_packages([case], tmp_path / "卷宗", OPTIONS))
    assert not left.exists()
