"""The plugin's version, from metadata.txt: the one place where it stands."""

from __future__ import annotations

from configparser import ConfigParser

from .paths import metadata


def plugin_version() -> str:
    """The version in ``metadata.txt``."""
    reader = ConfigParser(interpolation=None)
    reader.read(metadata(), encoding="utf-8")
    return reader.get("general", "version")
