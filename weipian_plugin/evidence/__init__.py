"""Photos are read, checked and tied to parcels (照片举证)."""

from . import gcj02, report
from .checks import check
from .options import PhotoOptions, TieOptions
from .reading import PhotoReading, read_photo, read_photos
from .settings import Settings, load_settings
from .store import keep_originals, verified
from .summary import conclude, summary
from .tying import merge_manual, tie
from .wedge import wedge

__all__ = [
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
