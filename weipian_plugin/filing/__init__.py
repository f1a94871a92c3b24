"""A parcel becomes a package (卷宗); packages are checked, listed, archived and exchanged with the filing system."""

from __future__ import annotations

from .archive import ArchiveEntry, archive
from .case import AttachedDocument, MapFile, ParcelCase, PhotoEvidence, wants_history
from .completeness import Check, completeness
from .gather import gather_cases
from .manifest import journal_end
from .options import PackageOptions
from .package import (
    PackageRecord,
    current_package,
    explain,
    package_folder,
    packages_in,
    write_package,
    write_packages,
)
from .replacement import recover_all
from .returned_table import Difference, ReturnedTable, returned_table
from .settings import FilingRules, load_rules
from .tables import register, upload_table, write_table
from .verify import Finding, verify

__all__ = [
    "ArchiveEntry",
    "AttachedDocument",
    "Check",
    "Difference",
    "FilingRules",
    "Finding",
    "MapFile",
    "PackageOptions",
    "PackageRecord",
    "ParcelCase",
    "PhotoEvidence",
    "ReturnedTable",
    "archive",
    "completeness",
    "current_package",
    "explain",
    "gather_cases",
    "journal_end",
    "load_rules",
    "package_folder",
    "packages_in",
    "recover_all",
    "register",
    "returned_table",
    "upload_table",
    "verify",
    "write_package",
    "write_packages",
    "write_table",
    "wants_history",
]
