"""Measurements become proposals (判定建议); people's decisions and their history.

``load_profile`` reads a rule profile, ``judge`` proposes; ``decisions`` holds what persons may do with a proposal.
"""

from __future__ import annotations

from .differences import Difference, differences
from .engine import judge
from .facts import MeasuredTables
from .profile import Profile
from .profile_files import check_profile, load_profile, problem_text, profile_names

__all__ = [
    "Difference",
    "MeasuredTables",
    "Profile",
    "check_profile",
    "differences",
    "judge",
    "load_profile",
    "problem_text",
    "profile_names",
]
