"""Where the plugin's own files are, in a checkout and in an installed plugin alike."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def _beside(name: str) -> Path:
    """``name`` inside the package (installed from the zip) or beside it (a checkout)."""
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name


def resource(*parts: str) -> Path:
    """A file or folder under ``resources/``."""
    return _beside("resources").joinpath(*parts)


def form(name: str) -> Path:
    """A Qt Designer file under ``forms/``."""
    return _beside("forms") / name


def metadata() -> Path:
    """``metadata.txt``: the one place where name and version stand."""
    return _beside("metadata.txt")
