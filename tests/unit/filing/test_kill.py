"""However an export is killed, the folder holds the old package or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from weipian_plugin.filing import PackageOptions, ParcelCase, packages_in, recover_all, verify, write_package
from weipian_plugin.filing.manifest import NAME, read
from weipian_plugin.filing.replacement import places
from weipian_plugin.model.errors import WeipianError

from . import cases

KILLS = 220
#: few files, so that many kills fit into a minute; the kills at random moments use every kind of file
OPTIONS = PackageOptions(forms=("cover", "areas"), vectors=False, contact_sheet=False)
needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="os.fork is not available on Windows; the steps are the same there"
)


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked process; its process id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)  # without any clean-up, as when the process is ended
    return child


def versions(tmp_path: Path) -> tuple[ParcelCase, ParcelCase]:
    """Two states of one parcel with small evidence."""
    case = cases.case(tmp_path, photos=1)
    return case, replace(case, decisions=(), parcel=replace(case.parcel, village="改后村"))


def state_before_recovery(target: Path, wanted: set[str]) -> None:
    """Without any help: a package under its name is whole; if there is none, the old one stands aside whole."""
    place = places(target)
    standing = target if target.exists() else place.old
    assert read(standing).case_sha256 in wanted
    for file in read(standing).files:
        assert (standing / file.path).stat().st_size == file.bytes


@needs_fork
def test_killed_at_any_step_the_folder_holds_the_old_or_the_new_package(tmp_path: Path) -> None:
    folder = tmp_path / "卷宗"
    states = versions(tmp_path)
    steps: list[str] = []
    first = write_package(states[0], folder, OPTIONS, checkpoint=steps.append)
    write_package(states[1], folder, OPTIONS, checkpoint=steps.append)
    digests = {
        str(read(write_package(case, tmp_path / f"whole {n}", OPTIONS).path).case_sha256)
        for n, case in enumerate(states)
    }
    per_package = steps[len(steps) // 2 :]
    assert {"verified", "old aside", "new in place", "old marked"} <= set(per_package)

    outcomes = set()
    for kill in range(KILLS):
        step, case = kill % len(per_package), states[kill % 2 if kill // len(per_package) % 2 else 1 - kill % 2]
        passed = 0

        def end_at(name: str, step: int = step) -> None:
            nonlocal passed
            if passed == step:
                os._exit(9)
            passed += 1

        before = str(read(first.path).case_sha256) if first.path.exists() else ""
        child = in_child(lambda case=case, end_at=end_at: write_package(case, folder, OPTIONS, checkpoint=end_at))
        _, status = os.waitpid(child, 0)
        assert os.WEXITSTATUS(status) == 9, per_package[step]
        state_before_recovery(first.path, digests)
        assert verify(first.path) == [] and packages_in(folder) == [first.path], "readers find it wherever it stands"
        if kill % 3:
            recover_all(folder)
            assert verify(first.path) == []
            assert [path.name for path in folder.iterdir()] == [first.path.name]
            outcomes.add(before == str(read(first.path).case_sha256))
    assert outcomes == {True, False}, "both the old and the new package must have survived a kill"


@needs_fork
def test_killed_at_any_moment_the_folder_holds_a_whole_package(tmp_path: Path) -> None:
    folder, rng = tmp_path / "卷宗", random.Random(8)
    states = versions(tmp_path)
    begun = time.perf_counter()
    target = write_package(states[0], folder, PackageOptions()).path
    once = time.perf_counter() - begun
    for kill in range(20):
        child = in_child(lambda kill=kill: write_package(states[kill % 2], folder, PackageOptions()))
        time.sleep(rng.uniform(0.0, once))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert verify(target) == []
        assert packages_in(folder) == [target]


def test_an_export_goes_on_over_what_a_kill_left(tmp_path: Path) -> None:
    case, other = versions(tmp_path)
    target = write_package(case, tmp_path / "out", OPTIONS).path
    place = places(target)
    target.rename(place.old)
    place.new.mkdir()
    (place.new / "halb.jpg").write_bytes(b"x")
    place.removed.mkdir()
    record = write_package(other, tmp_path / "out", OPTIONS)
    assert verify(record.path) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [target.name]


def test_when_the_new_package_cannot_take_its_place_the_old_one_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = versions(tmp_path)
    target = write_package(case, tmp_path / "out", OPTIONS).path
    before = (target / NAME).read_bytes()
    rename = Path.rename

    def held(self: Path, to: Path) -> Path:
        if self.name.endswith(".new"):
            raise PermissionError(13, "another program uses the folder")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(WeipianError) as caught:
        write_package(other, tmp_path / "out", OPTIONS)
    assert caught.value.code == "filing.package_in_use"
    assert (target / NAME).read_bytes() == before and verify(target) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [target.name]


def test_a_full_disk_leaves_the_old_package(tmp_path: Path) -> None:
    case, other = versions(tmp_path)
    target = write_package(case, tmp_path / "out", OPTIONS).path
    before = (target / NAME).read_bytes()

    def full(step: str) -> None:
        if step == "manifest":
            raise OSError(28, "No space left on device")

    with pytest.raises(WeipianError) as caught:
        write_package(other, tmp_path / "out", OPTIONS, checkpoint=full)
    assert caught.value.code == "run.folder_unwritable"
    assert (target / NAME).read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == [target.name]
