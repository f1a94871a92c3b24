"""Photos are read, checked and tied to parcels (照片举证)."""

from . import gcj02, report
from .checks import check
from .known import LIGHT_COLUMNS, REMOVED, as_read, known_again, message_of, related, separate
from .options import PhotoOptions, TieOptions
from .reading import PhotoReading, read_files, read_photo, read_photos
from .seen import SeenFiles
from .settings import Settings, load_settings
from .sources import find_files
from .store import keep_originals, verified
from .summary import conclude, summary
from .tying import merge_manual, tie
from .wedge import wedge

__all__ = [
    "LIGHT_COLUMNS",
    "REMOVED",
    "SeenFiles",
    "as_read",
    "find_files",
    "known_again",
    "message_of",
    "read_files",
    "related",
    "separate",
    "PhotoOptions",
    "PhotoReading",
    "Settings",
    "TieOptions",
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
    "tie",
    "verified",
    "wedge",
]
