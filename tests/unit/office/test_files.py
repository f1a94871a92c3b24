"""Files appear whole or not at all, and a held file gets a sentence after a moment's patience."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.office import files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_and_its_folders_are_written(tmp_path: Path) -> None:
    written = files.write_text_atomic(tmp_path / "报表" / "台账.csv", "图斑\r\n1")
    assert written.read_bytes() == "图斑\r\n1".encode()
    assert names(written.parent) == ["台账.csv"]
    assert files.sha256_of(written) == hashlib.sha256(written.read_bytes()).hexdigest()


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_bytes(b"old")

    def fail(aside: Path) -> None:
        aside.write_bytes(b"half")
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        files.write_atomic(target, fail)
    assert target.read_bytes() == b"old" and names(tmp_path) == ["台账.xlsx"]


def test_a_file_held_for_a_moment_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rejections = iter([True, True, False])
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        if next(rejections):
            raise PermissionError(13, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    assert files.write_bytes_atomic(tmp_path / "a.pdf", b"new").read_bytes() == b"new"


def test_a_file_held_for_good_is_named_and_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.1)

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(WeipianError) as caught:
        files.write_bytes_atomic(target, b"new")
    assert caught.value.code == "office.file_held" and "台账.xlsx" in str(caught.value)
    assert target.read_bytes() == b"old" and names(tmp_path) == ["台账.xlsx"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "报表").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(WeipianError) as caught:
        files.write_text_atomic(tmp_path / "报表" / "台账.csv", "x")
    assert caught.value.code == "office.unwritable" and "台账.csv" in str(caught.value)
