"""A layer of the catalogue as the editor shows it: what was chosen, what was seen, what is proposed, and how good it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from ..formats.catalogue import is_remote, roles
from ..formats.catalogue_file import Entry
from ..formats.listing import Listed
from ..intake.layer_facts import Inspection, inspect_layer, listed_of
from ..intake.role_guess import Geometry, RoleProposal, propose_roles
from ..model.messages import Message, render
from ..pipeline.field_check import FieldCheck, Level, check_fields, key_title, worst
from ..toolbelt.language import language, tr

_YEAR = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d)")


@dataclass(frozen=True)
class LayerRow:
    """``look`` is None while the layer is being read; ``proposal`` only of layers that have just been added."""

    entry: Entry
    inspection: Optional[Inspection] = None
    proposal: Optional[RoleProposal] = None

    @property
    def name(self) -> str:
        """The layer inside its source, else the title of a remote one or the name of the file."""
        entry = self.entry
        return entry.layer or (entry.title if is_remote(entry.source) else Path(entry.source).stem) or entry.source[:40]

    def checks(self) -> list[FieldCheck]:
        """The fields of the chosen role; none while there is no role, nothing was read, or the layer is an image."""
        if self.inspection is None or self.inspection.problem is not None or not self.entry.role or self.raster:
            return []
        named = _YEAR.search(f"{self.entry.title} {Path(self.entry.source).name}") is not None
        facts = self.inspection.facts
        return check_fields(self.entry.role, facts.columns, self.inspection.rows, self.entry.fields, named)

    @property
    def raster(self) -> bool:
        return self.inspection is not None and self.inspection.facts.geometry is Geometry.RASTER

    def state(self) -> tuple[Level, str]:
        """How good the layer is for its role, and why, in the words of the window."""
        if self.inspection is None:
            return Level.NOTE, tr("正在读取…")
        if self.inspection.problem is not None:
            return Level.ERROR, _text(self.inspection.problem)
        if not self.entry.role:
            return Level.WARNING, tr("请选择用途：{}").format(self._why())
        wrong = self._wrong_kind()
        if wrong:
            return Level.ERROR, wrong
        checks = self.checks()
        level = worst([one.level for one in checks])
        if level in (Level.WARNING, Level.ERROR):
            return level, "　".join(_faults(checks))
        return Level.GOOD, tr("可用") + self._proposed()

    def _wrong_kind(self) -> str:
        """Why the kind of geometry does not fit the role ("" where it does)."""
        facts = self.inspection.facts if self.inspection is not None else None
        requested = roles()[self.entry.role]
        if facts is None or facts.geometry is Geometry.UNKNOWN:
            return ""
        if requested.raster != self.raster:
            return tr("影像用途需要栅格图层") if requested.raster else tr("该用途需要矢量图层，这是影像")
        if facts.count == 0:
            return tr("图层里没有要素")
        areal = facts.geometry is Geometry.POLYGON
        return "" if self.raster or requested.lines or areal else tr("该用途按面积量算，图层里没有面")

    def _why(self) -> str:
        return _text(self.proposal.reasons[-1]) if self.proposal is not None else tr("还没有选择")

    def _proposed(self) -> str:
        if self.proposal is None or self.proposal.role != self.entry.role:
            return ""
        return tr("（建议 {}%）").format(round(self.proposal.confidence * 100))

    def explained(self) -> str:
        """Everything known of the row, for its tooltip."""
        lines = [self.entry.source]
        if self.proposal is not None:
            lines.extend(_text(reason) for reason in self.proposal.reasons)
        lines.extend(_faults(self.checks()))
        return "\n".join(lines)

    def fields_text(self) -> str:
        """How many of the role's fields have a column."""
        checks = self.checks()
        return f"{sum(1 for one in checks if one.column)}/{len(checks)}" if checks else ""


def _faults(checks: Sequence[FieldCheck]) -> list[str]:
    """What is wrong or missing, worst first: ``日期：没有批准日期…``."""
    stated = [one for level in (Level.ERROR, Level.WARNING) for one in checks if one.level is level]
    return [
        key_title(one.key, language())
        + "："
        + " ".join(_text(message) for message in (one.message, one.effect) if message is not None)
        for one in stated
    ]


def _text(message: Message) -> str:
    return render(message, language())


def rows_of(listed: Sequence[Listed]) -> list[LayerRow]:
    """New layers looked at and with a proposed role; for a thread, it reads files."""
    inspections = [inspect_layer(one) for one in listed]
    return [
        LayerRow(Entry(proposal.role or "", one.source, one.layer), inspection, proposal)
        for one, inspection, proposal in zip(
            listed, inspections, propose_roles([inspection.facts for inspection in inspections])
        )
    ]


def seen(rows: Sequence[LayerRow]) -> list[LayerRow]:
    """Rows of a catalogue that was opened, looked at; for a thread, it reads files."""
    return [
        replace(row, inspection=inspect_layer(listed_of(row.entry.source, row.entry.layer), row.entry.encoding))
        for row in rows
    ]
