"""A parcel ready to file, and its package."""

from __future__ import annotations

from pathlib import Path

import pytest

from weipian_plugin.filing import PackageOptions, PackageRecord, ParcelCase, write_package

from . import cases


@pytest.fixture
def legal_case(tmp_path: Path) -> ParcelCase:
    return cases.case(tmp_path)


@pytest.fixture
def package(legal_case: ParcelCase, tmp_path: Path) -> PackageRecord:
    return write_package(legal_case, tmp_path / "卷宗 输出", PackageOptions())
