"""What Windows does to files that another program has open, simulated: they cannot be replaced, renamed or removed, nor their folders renamed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.office import files

Hold = Callable[..., None]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    """Hold a path, for some seconds or for good."""
    held: dict[Path, float] = {}
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.3)

    def now_held(path: Path) -> bool:
        return any(
            until > time.monotonic() and (held_one == path or path in held_one.parents)
            for held_one, until in held.items()
        )

    def guarded(name: str, both: bool = False) -> None:
        real = getattr(Path, name)

        def call(self: Path, *arguments: Any, **options: Any) -> Any:
            if now_held(self) or (both and now_held(Path(arguments[0]))):
                raise PermissionError(13, "The process cannot access the file", str(self))
            return real(self, *arguments, **options)

        monkeypatch.setattr(Path, name, call)

    for name in ("replace", "rename"):
        guarded(name, both=True)
    for name in ("unlink", "rmdir"):
        guarded(name)
    yield lambda path, seconds=1e9: held.update({path: time.monotonic() + seconds})


def folder(top: Path, **contents: str) -> Path:
    for name, text in contents.items():
        path = top / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


def contents(top: Path) -> dict[str, str]:
    return {path.relative_to(top).as_posix(): path.read_text("utf-8") for path in top.rglob("*") if path.is_file()}


def test_a_file_held_for_a_moment_is_replaced_all_the_same(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_text("old", encoding="utf-8")
    hold(target, 0.12)
    files.write_text_atomic(target, "new")
    assert contents(tmp_path) == {"台账.xlsx": "new"}


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("台账.xlsx", "WPS"),
        ("总结.docx", "Word"),
        ("图斑.shp", "ArcGIS"),
        ("卷宗.zip", "WinRAR"),
        ("照片.jpg", "Photos"),
    ],
)
def test_a_file_held_for_good_says_which_program_may_hold_it_and_leaves_nothing(
    tmp_path: Path, hold: Hold, name: str, program: str
) -> None:
    target = tmp_path / name
    target.write_text("old", encoding="utf-8")
    hold(target)
    with pytest.raises(WeipianError) as caught:
        files.write_text_atomic(target, "new")
    assert caught.value.code == "office.file_held"
    assert all(
        program in caught.value.text(language) and name in caught.value.text(language) for language in ("zh", "en")
    )
    assert contents(tmp_path) == {name: "old"}


def test_the_person_whose_excel_holds_the_file_is_named(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_text("old", encoding="utf-8")
    name = "张三".encode("gbk")
    (tmp_path / "~$台账.xlsx").write_bytes(bytes((len(name),)) + name.ljust(54, b" ") + b"\x02\x00")
    hold(target)
    with pytest.raises(WeipianError) as caught:
        files.write_text_atomic(target, "new")
    assert "张三" in caught.value.text()


def test_libreoffice_is_known_by_its_lock_file(tmp_path: Path) -> None:
    (tmp_path / ".~lock.台账.xlsx#").write_text(",张三,,", encoding="utf-8")
    assert files.holder(tmp_path / "台账.xlsx") == "LibreOffice"


def test_a_damaged_lock_file_is_no_obstacle(tmp_path: Path) -> None:
    for content in (b"", b"\xff", b"\x05ab"):
        (tmp_path / "~$台账.xlsx").write_bytes(content)
        assert "WPS" in files.holder(tmp_path / "台账.xlsx")


def test_a_folder_is_replaced_whole_where_nothing_in_it_is_open(tmp_path: Path, hold: Hold) -> None:
    new, target = (
        folder(tmp_path / "new", a_txt="2", sub__b_txt="2"),
        folder(tmp_path / "示例县", a_txt="1", gone_txt="1"),
    )
    files.replace_folder(new, target)
    assert contents(tmp_path) == {"示例县/a.txt": "2", "示例县/sub/b.txt": "2"}


def test_a_folder_that_is_not_there_yet_simply_gets_its_name(tmp_path: Path) -> None:
    files.replace_folder(folder(tmp_path / "new", a_txt="2"), tmp_path / "示例县")
    assert contents(tmp_path) == {"示例县/a.txt": "2"}


def test_a_folder_with_an_open_file_is_replaced_file_by_file(
    tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in it is open only until the renames have given up: the files are replaced, what no longer belongs is removed."""
    new = folder(tmp_path / "new", a_txt="2", sub__b_txt="2")
    target = folder(tmp_path / "示例县", a_txt="1", gone_txt="1", old__c_txt="1", image_tif="1")
    folder(new, image_tif="2")
    hold(target / "image.tif", 0.4)  # longer than one rename waits
    files.replace_folder(new, target)
    assert contents(tmp_path) == {"示例县/a.txt": "2", "示例县/sub/b.txt": "2", "示例县/image.tif": "2"}


def test_a_file_that_stays_open_is_named_every_file_is_whole_and_a_second_call_goes_on(
    tmp_path: Path, hold: Hold
) -> None:
    new, target = folder(tmp_path / "new", a_txt="2", z_tif="2"), folder(tmp_path / "示例县", a_txt="1", z_tif="1")
    hold(target / "z.tif", 1.0)
    with pytest.raises(WeipianError) as caught:
        files.replace_folder(new, target)
    assert caught.value.code == "office.file_held" and "z.tif" in caught.value.text() and "QGIS" in caught.value.text()
    assert contents(target) == {"a.txt": "2", "z.tif": "1"}
    time.sleep(1.0)
    files.replace_folder(new, target)
    assert contents(tmp_path) == {"示例县/z.tif": "2"} | {"示例县/a.txt": "2"}


def test_a_share_that_may_only_be_read_is_unwritable_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rejected(self: Path, *arguments: Any, **options: Any) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", rejected)
    began = time.monotonic()
    with pytest.raises(WeipianError) as caught:
        files.write_bytes_atomic(tmp_path / "共享" / "台账.csv", b"x")
    assert caught.value.code == "office.unwritable"
    assert time.monotonic() - began < files.PATIENCE_SECONDS  # nobody waits for a right that will not come
    assert contents(tmp_path) == {}
