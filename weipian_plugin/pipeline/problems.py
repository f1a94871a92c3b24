"""接收问题图斑清单: a list of 区级核查 or 督导 is taken into the workspace, and what became of each row is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Optional

from ..model.feedback import Feedback
from ..model.messages import Message
from ..oversight import problem_lists
from ..workspace import Workspace
from . import report


def take_list(
    store: Workspace, path: Path, source: str, received: date, who: str, fields: Mapping[str, str], folder: Optional[Path], feedback: Feedback
) -> dict[str, Any]:  # fmt: skip
    """Read and take a list; counts of what became of its rows. ``folder``: where ``problems.csv`` goes.

    Raises ``oversight.problem_columns``, ``intake.register_*``.
    """
    found = problem_lists.read_list(path, fields, store)
    taken = problem_lists.take(store, found, source, received, who)
    for number in taken.unknown:
        feedback.report(Message("oversight.problem_unknown", {"parcel": number, "path": path.name}), "warning")
    if folder is not None:
        rows = [[number, outcome] for outcome in ("returned", "noted", "unknown") for number in getattr(taken, outcome)]
        report.write_csv(folder / "problems.csv", ["parcel", "outcome"], rows)
    counts = {
        "PROBLEMS": len(found.rows), "RETURNED_PARCELS": len(taken.returned), "NOTED": len(taken.noted), "KNOWN": taken.known,
        "UNKNOWN": len(taken.unknown),
    }  # fmt: skip
    shown = {name.lower(): count for name, count in counts.items()}
    feedback.report(Message("oversight.problems.taken", {**shown, "source": source}))
    return counts
