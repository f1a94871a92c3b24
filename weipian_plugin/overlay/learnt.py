"""What runs have read of a layer's texts, column by column: kept with the index, so that later runs neither open the table again nor
read the words of documents again.

A column knows the features some run has asked for and no others; the layer itself is only read for the rest. What was read stands for
as long as the source is the same and the code that read it, too (:func:`readers`): a word that is understood in another way from
tomorrow on is read again.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ..model.paths import shipped

Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

_UNREAD = -1
#: Packages whose code may take part in reading a cell and understanding its words: all of them, so that none can be forgotten.
_READERS = ("formats", "model", "overlay")


class Column:
    """One value per feature (texts, or tuples of texts and numbers), each kept once. Several threads may read it."""

    def __init__(self, codes: npt.NDArray[np.int32], values: list[Any]) -> None:
        self.codes = codes  # index into the values, -1: not read yet
        self.grown = False
        self._values = values
        self._code_of: dict[Any, int] = {}  # made when the first new value comes
        self._lock = threading.Lock()

    @property
    def values(self) -> list[Any]:
        """The distinct values so far."""
        return self._values

    def of(self, positions: Integers, read: Callable[[Integers], Geometries]) -> tuple[Integers, list[Any]]:
        """Code of each position and the values these stand for; ``read`` gives the values of positions nobody has asked for before.

        More values may be known than the codes need.
        """
        codes = self.codes[positions]
        missing = np.flatnonzero(codes == _UNREAD)
        if len(missing):
            codes[missing] = self._learn(read(positions[missing]))
            self.codes[positions[missing]] = codes[missing]
        return codes.astype(np.int64), self._values[:]  # another thread may add to them

    def _learn(self, values: Geometries) -> npt.NDArray[np.int32]:
        listed = values.tolist()
        with self._lock:
            self.grown = True
            if not self._code_of:
                self._code_of.update((value, code) for code, value in enumerate(self._values))
            for value in dict.fromkeys(listed):
                if value not in self._code_of:
                    self._code_of[value] = len(self._values)
                    self._values.append(value)
        return np.fromiter(map(self._code_of.__getitem__, listed), np.int32, len(listed))


@dataclass
class Learnt:
    """The columns of one layer of ``count`` features by name."""

    count: int
    columns: dict[str, Column] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def column(self, name: str) -> Column:
        """The column of this name, with nothing read where it is new."""
        with self._lock:
            if name not in self.columns:
                self.columns[name] = Column(np.full(self.count, _UNREAD, np.int32), [])
            return self.columns[name]

    @property
    def grown(self) -> bool:
        """Whether anything was read that was not known when it was opened."""
        return any(column.grown for column in self.columns.values())


def dump(learnt: Learnt) -> bytes:
    """What was learnt as the bytes of one file."""
    arrays: dict[str, Any] = {}
    for place, (name, column) in enumerate(sorted(learnt.columns.items())):
        text = json.dumps({"name": name, "values": column.values}, ensure_ascii=False)
        arrays[f"codes{place}"] = column.codes
        arrays[f"values{place}"] = np.frombuffer(text.encode(), np.uint8)
    arrays["readers"] = np.frombuffer(readers().encode(), np.uint8)
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def load(path: Path, count: int) -> Learnt:
    """What :func:`dump` wrote of a layer of ``count`` features; nothing where it is damaged, foreign or read by other code."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if file["readers"].tobytes().decode() != readers():
                return Learnt(count)
            columns = {}
            for place in range(sum(name.startswith("codes") for name in file.files)):
                found = _column(file, place, count)
                if found is None:
                    return Learnt(count)
                columns[found[0]] = found[1]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return Learnt(count)
    return Learnt(count, columns)


def _column(file: Mapping[str, Any], place: int, count: int) -> Optional[tuple[str, Column]]:
    said = json.loads(file[f"values{place}"].tobytes())
    values = [tuple(value) if isinstance(value, list) else value for value in said["values"]]
    codes = file[f"codes{place}"].astype(np.int32)
    if codes.shape != (count,) or (count and not _UNREAD <= codes.min() <= codes.max() < max(len(values), 1)):
        return None
    return str(said["name"]), Column(codes, values)


@lru_cache(maxsize=1)
def readers() -> str:
    """SHA-256 of the code that reads and understands texts, and of the words it knows (``resources/*.yaml``)."""
    package = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    for file in (file for name in _READERS for file in sorted((package / name).rglob("*.py"))):
        found.update(file.read_bytes())
    for file in sorted(shipped().glob("*.yaml")):
        found.update(file.read_bytes())
    return found.hexdigest()
