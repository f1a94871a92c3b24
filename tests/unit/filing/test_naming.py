"""Paths that Windows cannot open are found before anything is written, and short names are offered where they would do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weipian_plugin.filing import PackageOptions, ParcelCase, naming, write_package, write_packages
from weipian_plugin.model.errors import WeipianError

from . import cases


def deep(tmp_path: Path, characters: int) -> Path:
    """A folder below ``tmp_path`` whose path has so many characters."""
    missing = characters - len(str(tmp_path)) - 1
    parts = []
    while missing > 0:
        parts.append("深" * min(40, missing))
        missing -= 41
    return tmp_path.joinpath(*parts)


def longest(folder: Path) -> int:
    return max(len(str(path)) for path in folder.rglob("*"))


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("split", [False, True])
def test_what_is_planned_is_what_is_written(legal_case: ParcelCase, tmp_path: Path, short: bool, split: bool) -> None:
    case = cases.split(legal_case) if split else legal_case
    options = PackageOptions(short_names=short, stamped_copies=True)
    record = write_package(case, tmp_path / "out", options)
    rules = naming_rules()
    planned = {
        Path(name).with_suffix("").as_posix()
        for name in naming.planned(case, naming.Names(case.number, short), options, rules, forms_of(case, options))
    }
    written = {
        path.relative_to(record.path).with_suffix("").as_posix() for path in record.path.rglob("*") if path.is_file()
    }
    whole = {name.removesuffix("_拆分地块") for name in planned if name.endswith("_拆分地块")}
    assert written <= planned | whole


def naming_rules() -> object:
    from weipian_plugin.filing.settings import load_rules

    return load_rules(None)


def forms_of(case: ParcelCase, options: PackageOptions) -> object:
    from weipian_plugin.filing import forms
    from weipian_plugin.filing.settings import load_rules

    return forms.load_forms(load_rules(None), case.profile, options.templates, options.forms)


def test_a_path_too_long_is_refused_before_anything_is_written(
    legal_case: ParcelCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = deep(tmp_path, 170)
    monkeypatch.setattr(naming, "limit", lambda: naming.WINDOWS_LIMIT)
    case = replace(legal_case, parcel=cases.parcel(number=legal_case.number + "甲" * 40))
    with pytest.raises(WeipianError) as caught:
        write_package(case, folder, PackageOptions())
    assert caught.value.code.startswith("filing.path_too_long")
    assert "259" in caught.value.text() and str(folder) in caught.value.text()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_short_names_are_offered_where_they_would_do_and_then_do(
    legal_case: ParcelCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = write_package(legal_case, tmp_path / "plain", PackageOptions())
    needed = longest(record.path) - len(str(tmp_path / "plain"))
    folder = deep(tmp_path, naming.WINDOWS_LIMIT - needed + 2)
    monkeypatch.setattr(naming, "limit", lambda: naming.WINDOWS_LIMIT)
    (rejected,) = list(write_packages([legal_case], folder, PackageOptions()))
    assert rejected.reason.code == "filing.path_too_long_short_names", rejected
    (written,) = list(write_packages([legal_case], folder, PackageOptions(short_names=True)))
    assert longest(written.path) <= naming.WINDOWS_LIMIT


def test_where_windows_is_not_only_its_own_limits_count(legal_case: ParcelCase, tmp_path: Path) -> None:
    assert naming.limit() is None or naming.limit() == naming.WINDOWS_LIMIT
    write_package(legal_case, deep(tmp_path, 230), PackageOptions())


def test_short_names_do_not_repeat_the_number(legal_case: ParcelCase, tmp_path: Path) -> None:
    record = write_package(legal_case, tmp_path / "out", PackageOptions(short_names=True))
    names = [path.name for path in record.path.rglob("*") if path.is_file()]
    assert names and not [name for name in names if legal_case.number in name]
