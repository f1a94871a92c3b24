"""What an export leaves in the workspace: a row for each package, and the parcels that failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..filing import PackageRecord
from ..model.records import Rejection
from ..workspace import Workspace
from ..workspace.journal import now
from .rejections import rejection_rows

_WHY = "导出卷宗"


def record_export(store: Workspace, written: Sequence[PackageRecord], failed: Sequence[Rejection], who: str) -> None:
    """One transaction. A package that was there already and is unchanged keeps its row, with the day it was verified."""
    rows = [_row(record) for record in written]
    with store.transaction():
        known = {str(row["parcel"]): row for row in store.records("package", parcel=[row["parcel"] for row in rows])}
        made = [row for row, record in zip(rows, written) if not _same(row, record, known.get(str(row["parcel"])))]
        if made:
            store.replace("package", pd.DataFrame(made), who, _WHY, parcel=[row["parcel"] for row in made])
        # Failures of parcels that this run did not touch stay.
        tried = {*(record.parcel for record in written), *(rejection.feature for rejection in failed)}
        earlier = store.read("refusal", step="file").drop(columns=["fid"])
        kept = earlier[~earlier["feature"].isin(tried)]
        if len(failed) or len(kept) < len(earlier):
            rows_now = pd.concat([kept, rejection_rows(list(failed), "file")], ignore_index=True)
            store.replace("refusal", rows_now, who, _WHY, step="file")


def _row(record: PackageRecord) -> dict[str, Any]:
    return {
        "parcel": record.parcel,
        "path": str(record.path),
        "complete": int(record.complete),
        "missing": [check.as_record() for check in record.missing],
        "files": record.files,
        "bytes": record.bytes,
        "manifest_sha256": record.manifest_sha256,
        "made_at": now(),
    }


def _same(row: dict[str, Any], record: PackageRecord, known: Any) -> bool:
    if known is None or not record.current:
        return False
    return all(known[name] == row[name] for name in ("path", "complete", "manifest_sha256"))
