"""Files of rule profiles: those that come with the plugin by their name, an office's own by its path."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Optional, Union

from ..model.errors import WeipianError
from ..model.messages import render
from ..model.paths import resource
from .profile import Profile
from .profile_reader import read_profile
from .yaml_lines import Problem


def profile_names() -> tuple[str, ...]:
    """The profiles that come with the plugin."""
    return tuple(sorted(path.stem for path in resource("rules").glob("*.yaml")))


def profile_path(name_or_path: Union[str, Path]) -> Path:
    """The file of a shipped or a county's own profile by its name, or the path itself. Raises ``judgment.profile_missing``."""
    path = Path(name_or_path)
    if path.name == str(name_or_path):
        known = resource("rules", f"{name_or_path}.yaml")
        if known.is_file():
            return known
    if not path.is_file():
        raise WeipianError("judgment.profile_missing", path=str(name_or_path), known="、".join(profile_names()))
    return path


def profile_named(name_or_path: Union[str, Path]) -> Profile:
    """The same as :func:`load_profile`, read again only when the file has changed."""
    path = profile_path(name_or_path)
    return _kept(path, path.stat().st_mtime_ns)


def profile_if_known(name: str) -> Optional[Profile]:
    """The profile that a proposal names; None where it cannot be read here (an office's own file that is gone): its ids must do then."""
    try:
        return profile_named(name) if name else None
    except (WeipianError, OSError):
        return None


@lru_cache(maxsize=8)
def _kept(path: Path, changed: int) -> Profile:
    del changed  # part of the key: a file saved again is read again
    return load_profile(path)


def load_profile(name_or_path: Union[str, Path]) -> Profile:
    """Load and check a profile by name (``national-2023``) or path.

    Raises :class:`WeipianError` ``judgment.profile_missing`` or ``judgment.profile_invalid``; the latter lists every
    mistake with its line and key.
    """
    return _load(name_or_path, nested=False)


def load_nested(name_or_path: Union[str, Path]) -> Profile:
    """The same for a profile that another names as its mining profile: it cannot name a third."""
    return _load(name_or_path, nested=True)


def _load(name_or_path: Union[str, Path], nested: bool) -> Profile:
    path = profile_path(name_or_path)
    profile, problems = _read(path, nested)
    if profile is None or problems:
        raise WeipianError(
            "judgment.profile_invalid",
            path=str(path),
            count=len(problems),
            problems="\n".join(map(problem_text, problems)),
        )
    return profile


def check_profile(name_or_path: Union[str, Path]) -> tuple[Problem, ...]:
    """All mistakes of a profile, in the order of their lines; none = it can be used."""
    return _read(profile_path(name_or_path), False)[1]


def problem_text(problem: Problem, language: str = "zh") -> str:
    """``line · key · sentence``."""
    place = f"第 {problem.line} 行" if language == "zh" else f"line {problem.line}"
    return (
        f"{place} {problem.key}：{render(problem.message, language)}"
        if language == "zh"
        else (f"{place} {problem.key}: {render(problem.message, language)}")
    )


def _read(path: Path, nested: bool) -> tuple[Optional[Profile], tuple[Problem, ...]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeipianError("judgment.profile_unreadable", path=str(path), reason=error) from error
    return read_profile(content, path, hashlib.sha256(content).hexdigest(), None if nested else load_nested)
