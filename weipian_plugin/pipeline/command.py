"""What a step is: a frozen record of what was asked, whose :meth:`Step.run` gives a frozen record of what happened.

A field made by :func:`given` or :func:`optional` is a parameter of the step's Processing algorithm; one made by :func:`of_run` is filled
by a whole run only; other fields are set by the program. A field of a result made by :func:`count` is an output of the algorithm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Optional, TypeVar

from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.paths import county_data
from ..workspace import Workspace, copies
from ..workspace.places import Place
from ..workspace.store import remove
from . import report as tables
from .parameters import COUNTY, WORKSPACE, Parameter, Widget

S = TypeVar("S", bound="Step")


def given(parameter: Parameter) -> Any:
    """A field that must be given."""
    return field(metadata={"parameter": parameter, "offered": True})


def optional(parameter: Parameter, default: Optional[Callable[[], object]] = None) -> Any:
    """A field that may be left blank; ``default`` makes its value then, else it is None."""
    return field(default_factory=default or _nothing, metadata={"parameter": parameter, "offered": True})


def of_run(parameter: Parameter) -> Any:
    """A field that a whole run fills with its parameter, and that the step's own algorithm does not ask for."""
    return field(default=None, metadata={"parameter": parameter, "offered": False})


def count(output: str, in_run: str = "") -> Any:
    """A number of a result. ``in_run``: its name among the outputs of a whole run, where two steps call theirs the same."""
    return field(default=0, metadata={"output": output, "in_run": in_run or output})


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Result:
    """What a step has done."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The outputs of the step's algorithm, in their order."""
        return tuple(one.metadata["output"] for one in fields(cls) if "output" in one.metadata)

    def outputs(self, in_run: bool = False) -> dict[str, Any]:
        """Output name → number; ``in_run``: under the names of a whole run."""
        key = "in_run" if in_run else "output"
        return {one.metadata[key]: getattr(self, one.name) for one in fields(self) if key in one.metadata}


@dataclass(frozen=True)
class Step:
    """``ID``: the algorithm; ``SHARE``: of a whole run's time; ``NEEDS``: what a run must have been given for the step to take part;
    ``ASIDE``: whether a run makes it on a copy (:mod:`..workspace.working_copy`); ``CREATES``: whether it may make the workspace;
    ``READS_FIRST``: the file is checked and copied while the step reads: it makes nothing before it asks :meth:`Workspace.sound`."""

    ID: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    RESULT: ClassVar[type[Result]] = Result
    SHARE: ClassVar[float] = 0.0
    NEEDS: ClassVar[tuple[Parameter, ...]] = ()
    ASIDE: ClassVar[bool] = False
    CREATES: ClassVar[bool] = False
    READS_FIRST: ClassVar[bool] = False

    def run(self, store: Workspace, feedback: Feedback) -> Result:
        """Do it on an open workspace."""
        raise NotImplementedError

    def start(self, feedback: Feedback) -> Result:
        """Look at everything that was given, open the workspace, run."""
        self.check()
        self.prepare()
        place = self._value(WORKSPACE)
        with county_data(self._value(COUNTY)), opened(place, self.CREATES, not self.READS_FIRST) as store:
            return self.run(store, feedback)

    @classmethod
    def parameters(cls) -> Iterator[tuple[Parameter, bool]]:
        """What the step's algorithm asks for, and whether each may be left blank."""
        for one in fields(cls):
            if one.metadata.get("offered"):
                yield one.metadata["parameter"], not _required(one)

    @classmethod
    def of(cls: type[S], values: Mapping[str, object], **own: object) -> S:
        """From texts by parameter name, and what the program adds by field name (fields of other steps are passed over).

        Raises ``run.parameter_missing``, ``run.date_unreadable``.
        """
        made: dict[str, Any] = {}
        for one in fields(cls):
            if one.name in own:
                made[one.name] = own[one.name]
            elif "parameter" in one.metadata:
                made.update(_read(one, one.metadata["parameter"], values))
        return cls(**made)

    def check(self) -> None:
        """Raises the coded error of the first value that cannot be used. Nothing is written."""
        for parameter, value in self._filled():
            parameter.check(value)

    def prepare(self) -> None:
        """Folders for results are made and tried. Raises ``run.folder_unwritable``."""
        for parameter, value in self._filled():
            if parameter.prepared:
                tables.prepare_folder(value)

    def _value(self, wanted: Parameter) -> Any:
        return next((value for parameter, value in self._filled() if parameter is wanted), None)

    def _filled(self) -> Iterator[tuple[Parameter, Any]]:
        for one in fields(self):
            value = getattr(self, one.name)
            if "parameter" in one.metadata and value is not None:
                yield one.metadata["parameter"], value


def _required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _read(one: Field[Any], parameter: Parameter, values: Mapping[str, object]) -> dict[str, Any]:
    """The value of a field, where something was given."""
    value = values.get(parameter.name)
    if parameter.widget is Widget.FLAG:
        return {one.name: bool(value)}
    if value:
        return {one.name: parameter.read(str(value))}
    if _required(one):
        raise WeipianError("run.parameter_missing", name=parameter.name, title=parameter.title)
    return {}


@contextmanager
def opened(place: Place, create: bool = False, wait: bool = True) -> Iterator[Workspace]:
    """The workspace at ``place``. One that a failed run made and never wrote to is removed.

    Without ``wait`` the check of the file and today's copy of it run beside; both have ended before the first write.
    """
    store, made = Workspace.open_or_create(place, wait=wait) if create else (Workspace.open(place, wait=wait), False)
    if not made and isinstance(place, Path):
        keep = partial(copies.keep_daily, place)
        keep() if wait else store.beside(keep)
    unused = False
    try:
        try:
            yield store
            store.sound()
        finally:
            unused = made and store.count("journal") == 0
    finally:
        store.close()
        if unused:
            remove(place)
