"""Rule profiles for the window: read once per file as it stands, on a thread where possible."""

from __future__ import annotations

from functools import lru_cache

from ..judgment import load_profile
from ..judgment.profile import Profile
from ..judgment.profile_files import profile_path


def profile_named(name: str) -> Profile:
    """The profile called ``name`` (or at that path), read again only when its file has changed."""
    path = profile_path(name)
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: str, changed: int) -> Profile:
    return load_profile(path)
