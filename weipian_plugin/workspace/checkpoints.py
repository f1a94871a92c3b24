"""The end of a workspace's journal at one moment (操作记录摘要), kept outside of it: what was handed in contradicts a rewritten history.

A checkpoint is the number and digest of the journal's last row. It stands in every manifest and report, and as a small file in a folder that
the office names, best one that the people who work with the workspace cannot write to afterwards. It proves that the journal up to that row
was then as it is now. It does not prove who wrote the rows, nor anything about rows that came later, nor the time if the clock was wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..model.errors import WeipianError
from ..model.messages import Message
from ..office.files import write_text_atomic
from ..office.text import file_name
from .journal import now
from .store import Workspace

FORMAT = 1
#: The checkpoint beside the reports of a run.
NAME = "操作记录摘要.json"
_PREFIX = "操作记录摘要_"
_SHOWN = 16  # letters of a digest that a paper shows


@dataclass(frozen=True)
class Checkpoint:
    """``row``, ``digest``, ``at``: of the journal's last row; ``history``: digest of its first row, which tells workspaces apart."""

    row: int
    digest: str
    at: str = ""
    history: str = ""
    workspace: str = ""

    @property
    def text(self) -> str:
        """One line for a paper; "" for a workspace without a journal."""
        return f"操作记录截至第 {self.row} 行，摘要 {self.digest[:_SHOWN]}" if self.row else ""


def of(store: Workspace) -> Checkpoint:
    """The checkpoint of a workspace now."""
    with store.backend.coded():
        last = store.connection.execute("SELECT fid, digest, at FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
        first = store.connection.execute("SELECT digest FROM journal ORDER BY fid LIMIT 1").fetchone()
    if last is None or first is None:
        return Checkpoint(0, "", workspace=store.path.name)
    return Checkpoint(int(last[0]), str(last[1]), str(last[2]), str(first[0]), store.path.name)


def contradiction(store: Workspace, row: int, digest: str, source: str) -> Message | None:
    """What is wrong where the journal's ``row`` has not, or no longer, the ``digest`` that ``source`` (a package, a file) holds."""
    if not row:
        return None
    with store.backend.coded():
        found = store.connection.execute("SELECT digest FROM journal WHERE fid = ?", (row,)).fetchone()
    if found is not None and found[0] == digest:
        return None
    return Message("workspace.checkpoint_other", {"path": store.name, "row": row, "source": source})


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint with today's time. Raises ``office.unwritable``, ``office.file_held``."""
    content = {"format": FORMAT, **asdict(checkpoint), "kept_at": now()}
    write_text_atomic(path, json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n")


def keep(folder: Path, checkpoint: Checkpoint) -> Path | None:
    """Keep a checkpoint in the office's folder; one that is there is never written again. None without a journal or where it was there."""
    stem = f"{_PREFIX}{file_name(Path(checkpoint.workspace).stem)}_{checkpoint.row:08d}_{checkpoint.digest[:_SHOWN]}"
    path = folder / f"{stem}.json"
    if not checkpoint.row or path.exists():
        return None
    write(path, checkpoint)
    return path


def contradictions(store: Workspace, folder: Path) -> Iterator[Message]:
    """Checkpoints of this workspace kept in ``folder`` that its journal contradicts, and files that are none any more.

    A file belongs to the workspace when it began with the same row, or when it names a workspace of the same file name: the first row of a
    history that was rewritten from its beginning is another one.
    """
    own = of(store)
    for path in sorted([*folder.glob(f"{_PREFIX}*.json"), folder / NAME]):
        if not path.is_file():
            continue
        kept = _read(path)
        if kept is None:
            yield Message("workspace.checkpoint_unreadable", {"source": str(path)})
        elif own.history == kept.history or own.workspace == kept.workspace:
            found = contradiction(store, kept.row, kept.digest, str(path))
            if found is not None:
                yield found


def _read(path: Path) -> Checkpoint | None:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, Mapping) or content.get("format") != FORMAT:
            return None
        texts = (str(content[name]) for name in ("digest", "at", "history", "workspace"))
        return Checkpoint(int(content["row"]), *texts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def keep_where_wanted(store: Workspace, folder: str) -> Message | None:
    """Keep the checkpoint in the folder of the settings ("" for none); a sentence where that failed, which stops nothing."""
    if not folder:
        return None
    try:
        keep(Path(folder), of(store))
    except WeipianError as error:
        return Message("workspace.checkpoint_unwritten", {"folder": folder, "reason": error.message})
    return None
