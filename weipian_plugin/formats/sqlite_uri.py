"""The address under which SQLite opens a file for reading only, also on a share (``\\\\server\\share``) and a mapped drive.

``Path.as_uri`` writes a share's server as the authority of the address, which SQLite refuses ("invalid uri authority"), and
``Path.resolve`` turns a mapped drive into its share.
"""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote


def sqlite_uri(path: PurePath, **options: str) -> str:
    """``file:`` address of an absolute path with SQLite's options, such as ``mode="ro"``."""
    place = quote(path.as_posix(), safe="/:")
    asked = "&".join(f"{name}={value}" for name, value in options.items())
    return "file://" + ("" if place.startswith("/") else "/") + place + (f"?{asked}" if asked else "")
