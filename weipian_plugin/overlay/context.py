"""What holds for every batch of a run: the roles of the catalogue, rules and tables, choices."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.vocabulary import LegalBases
from .classes import ClassTable
from .features import SURVEY
from .settings import OverlayOptions, Settings


@dataclass(frozen=True)
class Context:
    """What holds for the whole run: the roles of the catalogue in its order, tables, choices."""

    roles: tuple[str, ...]
    legal_bases: LegalBases
    settings: Settings
    classes: ClassTable
    options: OverlayOptions

    def role(self, name: str) -> int:
        """Index of a role, -1 if the catalogue has no such layer."""
        return self.roles.index(name) if name in self.roles else -1

    @property
    def survey(self) -> int:
        """Index of the land survey, -1 without one."""
        return self.role(SURVEY)

    @property
    def approvals(self) -> tuple[int, ...]:
        return tuple(self.role(name) for name in self.legal_bases.approvals if name in self.roles)

    @property
    def legal(self) -> tuple[int, ...]:
        """Legal grounds of the catalogue in the order of precedence."""
        return tuple(self.role(name) for name in self.legal_bases.legal if name in self.roles)
