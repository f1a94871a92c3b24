"""The user's settings, read from QGIS's own store under one prefix; an administrator may preset each by an environment variable."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, fields, replace
from typing import Optional

from qgis.core import QgsSettings

PREFIX = "weipian/"


@dataclass(frozen=True)
class Settings:
    """Text values only, so that they survive every Qt version unchanged."""

    person: str = ""  # 经办人, written into decisions and the journal
    reviewer: str = ""  # 复核人, signs reviews
    profile: str = "national-2023"
    workspace: str = ""  # the last working area
    catalogue: str = ""
    county: str = ""  # 本县设置: the folder of what differs from the shipped data
    packages: str = ""
    four_eyes: str = "0"  # 1: 经办 and 复核 must be two persons
    checkpoints: str = ""  # 操作记录留存: the folder where the end of the journal is kept after each export
    photo_range: str = ""  # metres; blank = the data's default
    queue_folded: str = "0"  # 1: the queue shows its filter only
    auto_next: str = "0"  # 1: 自动下一个, on to the next parcel once one is decided
    follow_zoom: str = "0"  # 1: 跟随缩放, the map fits each parcel that is chosen
    map_colours: str = "proposal"  # what 图斑 are coloured by: proposal, decision or state
    recent: str = ""  # the last workspaces, one a line
    map_dpi: str = "150"
    map_grid: str = "0"  # 1: 坐标格网 on the shipped location map; an office's own layout has its own
    vector_encoding: str = "GBK"
    short_names: str = "0"  # 1: names in packages without the parcel's number, for folders that lie deep

    @property
    def signer(self) -> str:
        """Who is working: the configured person, else the account of the machine."""
        return self.person or getpass.getuser()

    @property
    def photo_reach(self) -> Optional[float]:
        """照片范围 in metres; None where it is blank or no length, so that the data's default counts."""
        try:
            reach = float(self.photo_range)
        except ValueError:
            return None
        return reach if 0 < reach < float("inf") else None


def read() -> Settings:
    """Stored values; ``WEIPIAN_<NAME>`` in the environment wins."""
    store = QgsSettings()
    values = {
        field.name: os.environ.get(
            "WEIPIAN_" + field.name.upper(), str(store.value(PREFIX + field.name, field.default) or "")
        )
        for field in fields(Settings)
    }
    return Settings(**values)


def write(settings: Settings) -> None:
    """Store every value that differs from the default; a default is not pinned down."""
    store = QgsSettings()
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value == field.default:
            store.remove(PREFIX + field.name)
        else:
            store.setValue(PREFIX + field.name, value)


def change(**values: str) -> Settings:
    """Change some settings and return all."""
    changed = replace(read(), **values)
    write(changed)
    return changed
