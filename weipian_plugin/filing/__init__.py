"""A parcel becomes a package (卷宗); packages are checked, listed, archived and exchanged with the filing system."""

from __future__ import annotations

from .case import AttachedDocument, MapFile, ParcelCase, Part, PhotoEvidence, gather_cases
from .completeness import Check, completeness
from .package import (
    PackageOptions,
    PackageRecord,
    current_package,
    explain,
    package_folder,
    packages_in,
    write_package,
    write_packages,
)
from .settings import FilingRules, load_rules
from .swap import recover_all
from .verify import Finding, verify

__all__ = [
    "AttachedDocument",
    "Check",
    "FilingRules",
    "Finding",
    "MapFile",
    "PackageOptions",
    "PackageRecord",
    "ParcelCase",
    "Part",
    "PhotoEvidence",
    "completeness",
    "current_package",
    "explain",
    "gather_cases",
    "load_rules",
    "package_folder",
    "packages_in",
    "recover_all",
    "verify",
    "write_package",
    "write_packages",
]
