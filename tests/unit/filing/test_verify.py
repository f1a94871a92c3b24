"""Whatever was changed in a package after its export is found."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from weipian_plugin.filing import PackageRecord, ParcelCase, verify
from weipian_plugin.filing.archive import ArchiveEntry, archive
from weipian_plugin.filing.manifest import journal_end, own_digest, read, text
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.office.container import office_zip

from . import cases


def codes(record: PackageRecord, case: ParcelCase | None = None, **more: str) -> set[str]:
    return {finding.code for finding in verify(record.path, case, **more)}


def test_an_untouched_package_has_no_findings(package: PackageRecord, legal_case: ParcelCase) -> None:
    assert verify(package.path, legal_case, manifest_sha256=package.manifest_sha256) == []


def test_any_changed_byte_of_any_file_is_found(package: PackageRecord) -> None:
    rng = random.Random(8)
    files = [path for path in sorted(package.path.rglob("*")) if path.is_file()]
    for path in files:
        original = path.read_bytes()
        for _ in range(3):
            changed = bytearray(original)
            at = rng.randrange(len(changed))
            changed[at] ^= 1 << rng.randrange(8)
            path.write_bytes(bytes(changed))
            assert verify(package.path), (path.name, at)
        path.write_bytes(original + b"\0")
        assert verify(package.path), path.name
        path.write_bytes(original)
    assert verify(package.path) == []


def test_missing_and_added_files_and_folders_are_named(package: PackageRecord) -> None:
    photo = next(package.path.glob("照片/*.jpg"))
    photo.unlink()
    (package.path / "照片" / "另一张.jpg").write_bytes(b"x")
    (package.path / "空文件夹").mkdir()
    findings = {(finding.code, finding.path) for finding in verify(package.path)}
    assert findings == {
        ("filing.verify_missing", f"照片/{photo.name}"),
        ("filing.verify_added", "照片/另一张.jpg"),
        ("filing.verify_added", "空文件夹"),
    }


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b'{"sha256": 1}', b"\xff\xfe", b"[" * 5000])
def test_a_manifest_that_cannot_be_trusted_is_said(package: PackageRecord, content: bytes | None) -> None:
    path = package.path / "manifest.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert codes(package) == {"filing.manifest_missing" if content is None else "filing.manifest_damaged"}


def signed(package: PackageRecord, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the manifest and give it the digest that belongs to it, as another program would."""
    path = package.path / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    content["sha256"] = own_digest(content)
    path.write_bytes(text(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.pop("parcel"), lambda content: content.pop("figures"), lambda content: content.pop("files"),
        lambda content: content.pop("checks"), lambda content: content.update(files=[{"path": "甲"}]),
        lambda content: content.update(files=[{"path": 1, "title": "", "kind": ""}]),
        lambda content: content.update(files=[{"path": "甲", "title": "", "kind": "", "bytes": "2"}]),
        lambda content: content.update(figures=["亩"]), lambda content: content.update(figures={"亩": 1.5}),
        lambda content: content.update(complete="yes"), lambda content: content.update(draft=content["complete"]),
        lambda content: content.update(journal={"row": "x"}), lambda content: content.update(decisions=[{"part": ""}]),
        lambda content: content.update(format="1"),
    ],
)  # fmt: skip
def test_a_signed_manifest_that_is_not_one_is_damaged_and_stops_nothing(
    package: PackageRecord, legal_case: ParcelCase, change: Any
) -> None:
    signed(package, change)
    assert codes(package, case=legal_case) == codes(package) == {"filing.manifest_damaged"}
    assert journal_end(package.path) is None


def test_a_manifest_of_a_later_release_is_not_read_as_one_of_this(package: PackageRecord) -> None:
    signed(package, lambda content: content.update(format=2))
    assert codes(package) == {"filing.manifest_newer"}
    with pytest.raises(WeipianError, match="更新版本"):
        archive([ArchiveEntry(cases.NUMBER, package.path)], package.path.parent)


def test_a_package_of_the_first_releases_is_held_to_what_it_kept(
    package: PackageRecord, legal_case: ParcelCase
) -> None:
    signed(
        package, lambda content: [content.pop(name) for name in ("geometry_sha256", "decisions", "journal", "sources")]
    )
    assert verify(package.path, legal_case) == [] and journal_end(package.path) is None


def test_a_manifest_is_read_as_it_was_written(package: PackageRecord) -> None:
    raw = (package.path / "manifest.json").read_bytes()
    assert read(package.path).bytes() == raw and read(package.path).document() == json.loads(raw)


def rewritten(package: PackageRecord, name: str, content: bytes) -> None:
    """Change a file and the manifest with it, as somebody would who knows how."""
    from hashlib import sha256

    (package.path / name).write_bytes(content)
    manifest = json.loads((package.path / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if entry["path"] == name:
            entry.update(bytes=len(content), sha256=sha256(content).hexdigest())
    manifest["sha256"] = own_digest(manifest)
    (package.path / "manifest.json").write_bytes(text(manifest))


def test_a_figure_changed_together_with_the_manifest_is_found_in_its_cell(
    package: PackageRecord, legal_case: ParcelCase
) -> None:
    name = f"表册/{cases.NUMBER}_03套合面积表.xlsx"
    path = package.path / name
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert sheet.count(b"<v>1.20</v>") == 1
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>1.20</v>", b"<v>0.20</v>")
    rewritten(package, name, office_zip(parts))
    assert verify(package.path) == []
    findings = verify(package.path, legal_case)
    assert {finding.code for finding in findings} == {"filing.verify_cell"}
    (finding,) = [finding for finding in findings if finding.path == name]
    cell = str(finding.message.details["cell"])
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book[cell.split("!")[0]][cell.split("!")[1]].value == 0.2
    assert finding.message.details["workspace"] == "1.2"
    assert codes(package, manifest_sha256=package.manifest_sha256) == {"filing.manifest_other"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (
            {"measures": {**cases.MEASURES, "": {**cases.MEASURES[""], "farmland": 700.111, "construction": 400.111}}},
            "占耕地面积",
        ),
        ({"decisions": (cases.decision(category="违法"),)}, "核实认定意见"),
        ({"parcel": cases.parcel(village="另一村")}, "村"),
    ],
)
def test_a_workspace_that_moved_on_is_found_in_figures_and_cells(
    package: PackageRecord, legal_case: ParcelCase, change: dict[str, object], field: str
) -> None:
    findings = verify(package.path, replace(legal_case, **change))
    assert field in {finding.message.details.get("field") for finding in findings}
    assert "filing.verify_cell" in {finding.code for finding in findings}


def test_another_parcels_package_is_not_this_one(package: PackageRecord, legal_case: ParcelCase) -> None:
    assert codes(package, replace(legal_case, parcel=cases.parcel(number="9"))) == {"filing.verify_parcel"}


def test_findings_read_as_sentences_in_both_languages(package: PackageRecord, legal_case: ParcelCase) -> None:
    from weipian_plugin.model.messages import render

    next(package.path.glob("照片/*.jpg")).write_bytes(b"x")
    for finding in verify(package.path, replace(legal_case, decisions=())):
        for language in ("zh", "en"):
            assert "‹" not in render(finding.message, language)
            assert finding.code not in render(finding.message, language)
