"""A lock is held by one living process and is free the moment it ends; scratch folders of killed runs are removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weipian_plugin.office.locks import holding, is_held
from weipian_plugin.office.scratch import PREFIX, remove_abandoned, scratch_folder

HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom weipian_plugin.office.locks import holding\n"
    "from weipian_plugin.office.scratch import scratch_folder\n"
    "with holding(Path(sys.argv[1])) as other, scratch_folder(Path(sys.argv[2])) as folder:\n"
    "    (folder / 'half').write_text('x')\n    print(other is None, flush=True)\n    time.sleep(60)\n"
)


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "锁"), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    if process.stdout is None or process.stdout.readline().strip() != "True":
        process.kill()
        pytest.fail("the other process did not get the lock")
    return process


def test_who_holds_a_lock_is_told_and_a_killed_holder_holds_nothing(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    try:
        assert is_held(tmp_path / "锁")
        with holding(tmp_path / "锁", patience=0.2) as other:
            assert other is not None
            assert "@" in other.who
            assert other.since.startswith("20")
    finally:
        holder.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        holder.wait(timeout=10)
    assert not is_held(tmp_path / "锁")
    with holding(tmp_path / "锁") as other:
        assert other is None
    assert not (tmp_path / "锁").exists()


def test_only_scratch_folders_of_dead_processes_are_removed(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    foreign = tmp_path / f"{PREFIX}别人的"
    foreign.mkdir()
    with scratch_folder(tmp_path) as mine:
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 3
        holder.kill()
        holder.wait(timeout=10)
        assert remove_abandoned(tmp_path) == 1
        assert sorted(tmp_path.glob(f"{PREFIX}*")) == sorted([foreign, mine])
    assert not mine.exists()


def test_a_lock_is_not_given_twice_within_one_process(tmp_path: Path) -> None:
    with holding(tmp_path / "锁") as first, holding(tmp_path / "锁") as second:
        assert first is None
        assert second is not None
