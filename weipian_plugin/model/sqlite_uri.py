"""The address of a SQLite file for opening it without writing: also of one on a share, whose ordinary file address SQLite refuses."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote


def read_only(path: Path, immutable: bool = False) -> str:
    r"""``file:`` address of ``path`` for ``sqlite3.connect(…, uri=True)``.

    A share (``\\server\share``, also behind a mapped drive) has no place for its server in SQLite's addresses: it becomes a path that
    begins with two slashes and an empty authority. Source: sqlite.org/uri.html, 3.1 to 3.3.
    """
    return address(str(path.absolute()), immutable)


def address(text: str, immutable: bool = False) -> str:
    """The address of an absolute path as text, in the manner of Windows or of POSIX."""
    if re.match(r"^(\\\\|[A-Za-z]:[\\/])", text):
        text = re.sub(r"^\\\\\?\\(UNC\\)?", lambda found: "\\\\" if found.group(1) else "", text).replace("\\", "/")
    head = "file://" if text.startswith("/") else "file:///"
    return f"{head}{quote(text, safe='/:')}?mode=ro" + ("&immutable=1" if immutable else "")
