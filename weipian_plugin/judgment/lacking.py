"""Evidence that a proposal lacked when it was made: what papers registered since answer by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

from .conditions import tests_of
from .profile import Profile

_PAPERS = "documents"


class _OnlyPapers:
    """Facts of which the registered papers are known and nothing else."""

    def __init__(self, papers: tuple[str, ...]) -> None:
        self._papers = papers

    def value(self, name: str) -> Any:
        return self._papers if name == _PAPERS else None


def is_answered(evidence: str, profile: Optional[Profile], papers: Iterable[str]) -> bool:
    """Whether papers (kind and title of each) meet the condition of a piece of evidence, whatever else is the case."""
    known = profile.evidence.get(evidence) if profile is not None else None
    if known is None or not any(test.fact == _PAPERS for test in tests_of(known.met)):
        return False
    return known.met.holds(_OnlyPapers(tuple(papers))) is True
