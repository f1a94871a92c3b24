"""The zip of packages: only what is lacking, only what the plugin's list names, only into the plugin's own folder."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile
from pathlib import Path

import pytest

from weipian_plugin.model import packages
from weipian_plugin.model.packages import Need, Package
from weipian_plugin.toolbelt import package_zip
from weipian_plugin.toolbelt.package_zip import Fault, RejectedZip, in_use, install, released, stop_using, system, use

PROBES = (
    Package("weipian_probe", "weipian-probe", "2.1", "试验"),
    Package("sys", "weipian-present", "0", "试验", Need.OUTPUT),
)


def wheel(name: str, version: str = "2.1", **members: str) -> tuple[str, bytes]:
    """A wheel as pip builds one; members by path, dots in keyword names stand for themselves."""
    files = {f"{name}.py": f"__version__ = {version!r}\n", **members}
    files[f"{name}-{version}.dist-info/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}-{version}-py3-none-any.whl", buffer.getvalue()


def packed(path: Path, *wheels: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("说明.txt", "见手册")
        for name, content in wheels:
            archive.writestr(f"wheels/{name}", content)
    return path


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_zip, "PACKAGES", PROBES)
    monkeypatch.setattr(packages, "PACKAGES", PROBES)


def known(monkeypatch: pytest.MonkeyPatch, *wheels: tuple[str, bytes], where: str | None = None) -> None:
    listed = {(where or system(), name): hashlib.sha256(content).hexdigest() for name, content in wheels}
    monkeypatch.setattr(package_zip, "released", lambda: listed)


def test_what_is_lacking_is_taken_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = (wheel("weipian_probe"), wheel("weipian_dependency"), wheel("numpy", "9.9"))
    known(monkeypatch, *some)
    top = tmp_path / "张三 profile" / "packages"
    done = install(packed(tmp_path / "组件包.zip", *some), top)
    assert done.taken == ("weipian_dependency 2.1", "weipian_probe 2.1")
    assert in_use(top) == done.folder
    assert sorted(path.name for path in top.iterdir()) == sorted([done.folder.name, "current.txt"])
    assert not (done.folder / "numpy.py").exists()  # QGIS's own modules hang on its numpy
    before = list(sys.path)
    assert use(top) == done.folder and sys.path[0] == str(done.folder)
    use(top)
    assert sys.path.count(str(done.folder)) == 1
    stop_using(top)
    assert sys.path == before


def test_nothing_is_taken_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    present = wheel("weipian_present")
    known(monkeypatch, present)
    done = install(packed(tmp_path / "x.zip", present), tmp_path / "top")
    assert done.taken == () and in_use(tmp_path / "top") is None and not (tmp_path / "top").exists()


def test_a_changed_wheel_is_refused_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = wheel("weipian_probe")
    known(monkeypatch, (name, content))
    with pytest.raises(RejectedZip) as caught:
        install(packed(tmp_path / "x.zip", wheel("weipian_dependency"), (name, content[:-1] + b"!")), tmp_path / "top")
    assert caught.value.fault is Fault.NOT_OURS
    assert not (tmp_path / "top").exists()


def test_a_zip_for_another_system_says_for_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, wheel("weipian_probe"), where="py399-win_amd64")
    with pytest.raises(RejectedZip) as caught:
        install(packed(tmp_path / "x.zip", wheel("weipian_probe")), tmp_path / "top")
    assert (caught.value.fault, caught.value.detail) == (Fault.OTHER_SYSTEM, "py399-win_amd64")


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(RejectedZip) as caught:
        install(tmp_path / "x.zip", tmp_path / "top")
    assert caught.value.fault is Fault.NO_ZIP


def test_a_zip_without_packages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedZip) as caught:
        install(packed(tmp_path / "x.zip"), tmp_path / "top")
    assert caught.value.fault is Fault.NO_ZIP


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, wheel("weipian_probe"))
    (tmp_path / "top").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(RejectedZip) as caught:
        install(packed(tmp_path / "x.zip", wheel("weipian_probe")), tmp_path / "top")
    assert caught.value.fault is Fault.UNWRITABLE and "top" in caught.value.detail


def test_names_in_a_wheel_never_lead_out_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {
        "../outside.py": "", "/absolute.py": "", "a\\b.py": "", "C:evil.py": "",
        "weipian_probe-2.1.data/purelib/inner.py": "x = 1\n", "weipian_probe-2.1.data/scripts/tool": "",
    }  # fmt: skip
    evil = wheel("weipian_probe", **members)
    known(monkeypatch, evil)
    done = install(packed(tmp_path / "x.zip", evil), tmp_path / "top")
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    here = done.folder.relative_to(tmp_path).as_posix()
    assert found == {
        "x.zip", "top/current.txt", f"{here}/weipian_probe.py", f"{here}/inner.py",
        f"{here}/weipian_probe-2.1.dist-info/METADATA",
    }  # fmt: skip


def test_another_set_gets_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows keeps loaded libraries from being replaced: the old folder is left alone."""
    first, second = (wheel("weipian_probe"),), (wheel("weipian_probe"), wheel("weipian_dependency"))
    known(monkeypatch, *second)
    top = tmp_path / "top"
    old = install(packed(tmp_path / "a.zip", *first), top).folder
    new = install(packed(tmp_path / "b.zip", *second), top).folder
    assert old != new and old.is_dir() and in_use(top) == new


@pytest.mark.parametrize("text", ["", "../elsewhere", "0123456789ab", "x" * 12])
def test_a_damaged_note_of_the_folder_in_use_is_no_folder(tmp_path: Path, text: str) -> None:
    (tmp_path / "current.txt").write_text(text, encoding="ascii")
    assert in_use(tmp_path) is None


def test_the_released_list_names_every_system_and_never_numpy() -> None:
    listed = released()
    assert {where for where, _ in listed} >= {"py312-win_amd64", "py312-linux_x86_64", "py313-linux_x86_64"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in listed.values())
    names = {name.split("-")[0].lower() for _, name in listed}
    assert "numpy" not in names
    assert {"shapely", "pandas", "geopandas", "pyproj", "pyyaml", "openpyxl", "pillow", "pyogrio"} <= names
