"""What others have written since a window looked: the parcels that the newer entries of the journal are about."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional

from .store import Workspace

#: Tables whose rows say nothing of one parcel's place in the queue.
_BESIDE = frozenset(
    {"batch", "setting", "layer", "refusal", "package", "coverage", "measure", "region", "field_result"}
)
#: Tables whose key begins with the parcel.
_BY_PARCEL = frozenset({"parcel", "part", "proposal", "rectification", "change_hint"})
_NAMED_BY_ID = ("decision", "document")


@dataclass(frozen=True)
class News:
    """``last``: the newest entry; ``numbers``: parcels that changed, None where the entries do not say which."""

    last: int
    numbers: Optional[tuple[str, ...]] = ()


def newest(store: Workspace) -> int:
    """The number of the last entry; 0 without any."""
    return int(store.connection.execute("SELECT COALESCE(MAX(fid), 0) FROM journal").fetchone()[0])


def news_after(store: Workspace, fid: int, until: Optional[int] = None) -> News:
    """What the entries behind ``fid`` (up to ``until``) changed, all read as of one moment."""
    with store.reading():
        last, found, ids = fid, dict[str, None](), {name: list[str]() for name in _NAMED_BY_ID}
        for last, _, _, _, what, key, _, before, after, *_ in store.journal_after(fid, until):  # noqa: B007 - the last one counts
            if what in ids and (before or after):
                ids[what].append(str(key))
                found.update(dict.fromkeys(_stated(before, after)))
            elif what not in _BESIDE:
                number = _number(str(what), str(key)) if before or after else ""  # a run names no rows
                if not number:
                    return News(newest(store), None)
                found[number] = None
        for table, keys in ids.items():
            known = store.values(table, ("parcel",), id=keys) if keys else []
            found.update((str(parcel), None) for (parcel,) in known)
        if ids["decision"] and store.values("decision", ("id",), id=ids["decision"], action="merge"):
            return News(newest(store), None)  # the other parcels of the project change with it
    return News(int(last), tuple(found))


def _number(table: str, key: str) -> str:
    """The parcel in the key of a row; blank where it has none."""
    parts = key.split("/")
    if table in _BY_PARCEL:
        return parts[0]
    return parts[1] if table in ("photo_parcel", "draft") and len(parts) > 1 else ""


def _stated(*texts: Optional[str]) -> Iterable[str]:
    """Parcels named by the values of a row, which may be gone by now."""
    for text in texts:
        values: Any = json.loads(text) if text else {}
        if values.get("parcel"):
            yield str(values["parcel"])
