"""Two QGIS windows, two processes, one workspace: each sees what the other decides, and neither writes over it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gui.conftest import until
from tests.gui.test_reviewing import settled
from weipian_plugin.workspace import Workspace

#: Polling every 1.5 s, reading of the county, and a machine that does other things.
SEEN_WITHIN_SECONDS = 40


class SecondWindow:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> Any:
        path = self.folder / name
        failed = self.folder / "failed.json"
        assert not failed.exists(), failed.read_text(encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def ask(self, number: str, action: str = "submit") -> dict[str, str]:
        """Let the person at the other window do something with a parcel; what the window said to that."""
        (self.folder / "answer.json").unlink(missing_ok=True)
        aside = self.folder / "order.part"
        aside.write_text(json.dumps({"number": number, "action": action}), encoding="utf-8")
        aside.replace(self.folder / "order.json")
        return dict(until(lambda: self.read("answer.json"), 20, "the other window answers"))

    def persons(self) -> dict[str, str]:
        return dict(self.read("seen.json") or {})


@pytest.fixture
def second(workspace: Path, tmp_path: Path) -> Iterator[SecondWindow]:
    """Another QGIS with a profile of its own, on the same screen."""
    folder = tmp_path / "second"
    folder.mkdir()
    profile = Path(os.environ["QGIS_CUSTOM_CONFIG_PATH"])
    import shutil

    shutil.copytree(profile, folder / "profiles")
    environment = {
        **os.environ,
        "WEIPIAN_SECOND": str(folder),
        "WEIPIAN_SECOND_WORKSPACE": str(workspace),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profiles"),
    }
    script = Path(__file__).with_name("second_window.py")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["qgis", "--nologo", "--noplugins", "--noversioncheck", "--code", str(script)],
            env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            window = SecondWindow(folder)
            until(lambda: window.read("seen.json") is not None, 90, "the second QGIS shows the queue")
            yield window
        finally:
            (folder / "stop").touch()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def persons_stored(workspace: Path, number: str) -> list[str]:
    with Workspace.open(workspace) as store:
        assert store.journal_break() is None
        return [str(person) for person in store.read("decision", parcel=number)["person"]]


def test_two_windows_see_each_other_and_never_write_over(bench: Any, second: SecondWindow, workspace: Path) -> None:
    session, form = bench.parts.session, bench.dock.form
    one, two, three = settled(bench)[:3]

    session.select(one)
    assert second.ask(two)["level"] == "success"
    until(lambda: session.rows[two].person == "李四", SEEN_WITHIN_SECONDS, "this window sees the other's decision")
    assert session.rows[two].done and "另一窗口" in bench.notifier.last[1]

    form.submit()
    assert session.rows[one].person == "张三", bench.notifier.last
    until(lambda: second.persons().get(one) == "张三", SEEN_WITHIN_SECONDS, "the other window sees this one's")

    # Both look at the same undecided parcel; the other is faster, and this window has not looked since.
    session._timer.stop()
    session.select(three)
    seen = session.details
    assert second.ask(three)["level"] == "success"
    assert session.details is seen and not seen.decisions
    form.submit()
    assert bench.notifier.last[0] == "warning", "a conflicting decision is refused and said"
    assert persons_stored(workspace, three) == ["李四"]
    assert session.rows[three].person == "李四", "and the form shows what is stored"

    # Whoever has seen the other's decision may take it back; the history keeps both names.
    session._timer.start()
    form.undo()
    assert not session.rows[three].done
    until(lambda: three not in second.persons(), SEEN_WITHIN_SECONDS, "the other window sees the undoing")
    form.submit()
    assert persons_stored(workspace, three) == ["李四", "张三"]
