"""Where a workspace is: the path of a GeoPackage, or a schema of a PostgreSQL server (多人工作库).

A team's place is a text: ``postgresql:service=land schema=weipian`` (a service of libpq, or its other words without a password), or
``postgresql:<connection saved in QGIS>/<schema>``. Passwords are never in it: libpq finds them in its password file, QGIS in its store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional, Union

from ..model.errors import WeipianError
from ..model.secrets import masked

PREFIX = "postgresql:"
#: The libpq words a place may have; none of them is a secret.
_WORDS = (
    "service", "host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile",
)  # fmt: skip
_PAIR = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>'(?:\\.|[^'\\])*'|[^\s']+)")
_SECRET = re.compile(r"pass(?!file)|pwd|secret|token|密码|口令", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=:)(?!\*\*\*@)[^\s:/@]+(?=@)")
#: A connection's name in QGIS → the libpq text with which it connects. What it returns may hold a password.
Connections = Callable[[str], Optional[str]]
_CONNECTIONS: ContextVar[Optional[Connections]] = ContextVar("weipian_connections", default=None)


@dataclass(frozen=True)
class TeamPlace:
    """A schema of a server. ``text`` is what people see and settings keep; ``login`` what libpq is given, never shown.

    ``connection``: the name in QGIS, blank for libpq's own words. ``folder``: where photos and pictures of the workspace lie, if it says.
    """

    text: str
    schema: str
    login: str = field(repr=False, compare=False)
    connection: str = ""
    folder: Optional[Path] = None

    def __str__(self) -> str:
        return self.text

    @property
    def file_name(self) -> str:
        """The text as the name of a folder."""
        return re.sub(r"[^\w.-]+", "_", self.text.removeprefix(PREFIX)).strip("_")


Place = Union[Path, TeamPlace]


def folder_of(text: str) -> str:
    """Where a question for a file begins that is near the place of a text; blank for a schema and for nothing."""
    return str(Path(text).parent) if text and not is_team(text) else ""


def is_team(place: Union[str, Path, TeamPlace]) -> bool:
    """Whether a text or path names a schema of a server."""
    return isinstance(place, TeamPlace) or str(place).startswith(PREFIX)


def place_of(place: Union[str, Path, TeamPlace]) -> Place:
    """The place that a text names. Raises ``workspace.place_secret``, ``.place_unreadable``, ``.connection_unknown``."""
    if isinstance(place, TeamPlace):
        return place
    if not is_team(place):
        return Path(place)
    text = str(place)
    rest = text.removeprefix(PREFIX).strip()
    shown = _shown(text)
    if shown != text or _SECRET.search(_PAIR.sub(lambda pair: pair["name"], rest) if "=" in rest else ""):
        raise WeipianError("workspace.place_secret", place=shown)
    if rest[:1] in ("/", "\\"):
        raise _unreadable(text)
    return _of_words(text, rest) if "=" in rest else _of_connection(text, rest)


@contextmanager
def connections(find: Connections) -> Iterator[None]:
    """Within: the connections saved in QGIS can be named."""
    token = _CONNECTIONS.set(find)
    try:
        yield
    finally:
        _CONNECTIONS.reset(token)


def use_connections(find: Optional[Connections]) -> None:
    """From now on in this thread: for a window, whose work has no end."""
    _CONNECTIONS.set(find)


def _of_words(text: str, rest: str) -> TeamPlace:
    """``service=… schema=…``; a word by itself is the schema."""
    words = {pair["name"].lower(): _unquoted(pair["value"]) for pair in _PAIR.finditer(rest)}
    bare = _PAIR.sub(" ", rest).split()
    schema = words.pop("schema", bare[0] if len(bare) == 1 else "")
    folder = words.pop("folder", "")
    if not schema or len(bare) > 1 or (bare and bare[0] != schema) or not set(words) <= set(_WORDS):
        raise _unreadable(text)
    return TeamPlace(text, schema, _login(words), folder=Path(folder) if folder else None)


def _of_connection(text: str, rest: str) -> TeamPlace:
    """``connection/schema``; the name of a connection may hold a slash itself."""
    name, _, schema = rest.replace("\\", "/").rpartition("/")
    if not name or not schema:
        raise _unreadable(text)
    find = _CONNECTIONS.get()
    login = find(name) if find is not None else None
    if login is None:
        raise WeipianError("workspace.connection_unknown", name=name)
    return TeamPlace(f"{PREFIX}{name}/{schema}", schema, login, name)


def _shown(text: str) -> str:
    """Without what may be a secret; ``user:password@server`` also where no ``//`` is in front of it."""
    return _LOGIN.sub("***", masked(text))


def _unreadable(text: str) -> WeipianError:
    return WeipianError("workspace.place_unreadable", place=_shown(text))


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith("'") else value


def _login(words: Mapping[str, str]) -> str:
    """The words as libpq reads them."""
    return " ".join(f"{name}='{_escaped(value)}'" for name, value in words.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
