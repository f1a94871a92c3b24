"""Photos are read, checked and matched with parcels (照片举证)."""

from . import gcj02, report
from .checks import check
from .known import LIGHT_COLUMNS, REMOVED, as_read, known_again, related, separate
from .manual import merge_manual
from .matching import match_photos
from .options import MatchOptions, PhotoOptions
from .reading import PhotoReading, read_files, read_photo, read_photos
from .seen import SeenFiles
from .settings import Settings, load_settings
from .sources import find_files
from .store import keep_originals, verified
from .summary import conclude, summary
from .view_cone import view_cone

__all__ = [
    "LIGHT_COLUMNS",
    "REMOVED",
    "SeenFiles",
    "as_read",
    "find_files",
    "known_again",
    "read_files",
    "related",
    "separate",
    "PhotoOptions",
    "PhotoReading",
    "Settings",
    "MatchOptions",
    "check",
    "conclude",
    "gcj02",
    "keep_originals",
    "load_settings",
    "merge_manual",
    "read_photo",
    "read_photos",
    "report",
    "summary",
    "match_photos",
    "verified",
    "view_cone",
]
