"""What the program around a step lends it: filters in QGIS's expression language, and maps. Without QGIS there is a plain one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Protocol

import pandas as pd

from ..filing import MapFile, ParcelCase
from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message
from ..model.records import LayerSource

_NUMBER_LIST = re.compile(r"[\w\-]*\d[\w\-]*(?:[\s,;，；、]+[\w\-]*\d[\w\-]*)*")


class Maps(Protocol):
    """``inputs``: what the maps are made from, for the manifest; ``at_once``: how many threads may render at the same time."""

    @property
    def inputs(self) -> Mapping[str, Any]: ...

    @property
    def at_once(self) -> int: ...

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        """Draw one parcel's maps into a folder."""

    def remarks(self) -> tuple[Message, ...]:
        """What is to be said of the imagery, once a map was drawn."""


@dataclass(frozen=True)
class Beside:
    """``jobs``: how many programs, as asked for; ``parameters``: of ``weipian:file``, beside the list of numbers."""

    jobs: Optional[str]
    parameters: tuple[str, ...]


class Host(Protocol):
    """What a step asks of the program that runs it: filters, maps, other processes."""

    def check_filter(self, text: str) -> None:
        """Whether a filter can be read at all. Raises ``run.filter_invalid``."""

    def choose(self, parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
        """Numbers of the parcels that a filter keeps, in their order; all of them for None."""

    def export_beside(self, asked: Beside, numbers: Sequence[str], feedback: Feedback) -> Optional[Mapping[str, int]]:
        """Deal the packages of many parcels to programs beside this one; the counts of all, None where this one has to do it."""

    def maps(self, layers: Sequence[LayerSource], history: bool) -> AbstractContextManager[Maps]:
        """Maps with the imagery of ``layers``, let go of at the end; ``history``: with 历史影像对比 of every parcel."""


def is_number_list(text: str) -> bool:
    """Whether a filter is a list of parcel numbers, not an expression."""
    return _NUMBER_LIST.fullmatch(text.strip()) is not None


def choose_numbers(numbers: Sequence[str], text: str) -> list[str]:
    """Those of ``numbers`` that a list names, in their order. Raises ``run.filter_unknown`` for numbers that are not there."""
    wanted = {word for word in re.split(r"[\s,;，；、]+", text.strip()) if word}
    unknown = sorted(wanted - set(numbers))
    if unknown:
        raise WeipianError("run.filter_unknown", parcels="、".join(unknown[:10]), count=len(unknown))
    return [number for number in numbers if number in wanted]


class _NoMaps:
    inputs: Mapping[str, Any] = {}
    at_once = 1

    def render(self, case: ParcelCase, folder: Path) -> tuple[MapFile, ...]:
        return ()

    def remarks(self) -> tuple[Message, ...]:
        return ()


class PlainHost:
    """For scripts and tests: filters are lists of numbers, packages have no maps."""

    def check_filter(self, text: str) -> None:
        """Raises ``run.filter_invalid`` for anything but a list of numbers."""
        if not is_number_list(text):
            raise WeipianError("run.filter_invalid", text=text, reason="—", columns="—")

    def choose(self, parcels: pd.DataFrame, text: Optional[str]) -> list[str]:
        numbers = [str(number) for number in parcels["number"]]
        if not text:
            return numbers
        self.check_filter(text)
        return choose_numbers(numbers, text)

    def export_beside(self, asked: Beside, numbers: Sequence[str], feedback: Feedback) -> Optional[Mapping[str, int]]:
        return None

    @contextmanager
    def maps(self, layers: Sequence[LayerSource], history: bool) -> Iterator[Maps]:
        yield _NoMaps()
