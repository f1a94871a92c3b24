"""YAML read into records: what stands in a file is described once, by frozen dataclasses, enums, tuples and mappings.

Every complaint names the line and the key (``requirements.photo.level``); a key stands once, aliases, depth and size are bounded as
:mod:`.yaml_files` bounds them.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from . import yaml_files
from .yaml_files import YamlError

T = TypeVar("T")

_TAG = "tag:yaml.org,2002:"
_TEXTS = ("str", "int", "float", "bool", "timestamp", "value")
_SHOWN = 60  # characters of a wrong value in a complaint


def key(name: str, **options: Any) -> Any:
    """A field whose key in the file is another word than its name in code."""
    return dataclasses.field(metadata={"key": name}, **options)


def read(path: Path, cls: type[T]) -> T:
    """The content of a file as a ``cls``: a dataclass, or a type such as ``Mapping[str, Role]``.

    A file saved again is read again; what is given is shared, never to be changed. Keys that ``cls`` does not know are left alone:
    version, date and source stand in every file.

    Raises
    ------
    OSError
        The file cannot be opened.
    YamlError
        ``model.yaml_missing``, ``model.yaml_value`` and what :func:`.yaml_files.load` raises, each with the line.
    """
    changed = path.stat()
    requested: Any = cls
    return cast(T, _read(path, (changed.st_mtime_ns, changed.st_size), requested))


@lru_cache(maxsize=128)
def _read(path: Path, changed: tuple[int, int], cls: Any) -> Any:
    del changed  # part of the key
    return parse(path.read_bytes(), cls)


def parse(content: Union[str, bytes], cls: type[T]) -> T:
    """The same of a text. Raises :class:`YamlError`."""
    node = yaml_files.compose(content, unique_keys=True)
    if node is None:
        raise YamlError("model.yaml_mapping")
    return cast(T, build(node, cls, ""))


def build(node: yaml.Node, wanted: object, where: str) -> Any:
    """The value of a node as the type ``wanted``; ``where``: the keys that lead to it. Raises :class:`YamlError`."""
    if wanted is Any:
        return _plain(node)
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Union:
        inner = [each for each in arguments if each is not type(None)]
        return None if _is_null(node) else build(node, inner[0] if len(inner) == 1 else Any, where)
    if dataclasses.is_dataclass(wanted):
        return _record(node, wanted, where)
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {
            build(name, arguments[0], where): build(value, arguments[1], _inside(where, name))
            for name, value in _members(node, where)
        }
    if origin in (tuple, frozenset):
        return origin(_items(node, arguments, where))
    return _scalar(node, wanted, where)


def _record(node: yaml.Node, cls: Any, where: str) -> object:
    members = {name.value: (name, value) for name, value in _members(node, where)}
    values: dict[str, Any] = {}
    types = _types(cls)
    for field in dataclasses.fields(cls):
        if not field.init:
            continue
        name = field.metadata.get("key", field.name)
        given = members.get(name)
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        if given is not None and not (has_default and _is_null(given[1])):
            values[field.name] = build(given[1], types[field.name], _inside(where, given[0]))
        elif not has_default:
            raise YamlError("model.yaml_missing", line=_line(node), key=f"{where}.{name}".lstrip("."))
    try:
        return cls(**values)
    except ValueError as error:  # a rule of the record itself, reported in its own words
        raise YamlError("model.yaml_value", line=_line(node), key=where, value=str(error)[:_SHOWN]) from error


@lru_cache(maxsize=256)
def _types(cls: object) -> Mapping[str, object]:
    return get_type_hints(cls)


def _members(node: yaml.Node, where: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """Keys and values of a mapping, those that it merges (``<<``) before its own."""
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(node, where)
    yaml.constructor.SafeConstructor().flatten_mapping(node)
    return cast("list[tuple[yaml.ScalarNode, yaml.Node]]", node.value)


def _items(node: yaml.Node, arguments: tuple[Any, ...], where: str) -> list[Any]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(node, where)
    open_ended = len(arguments) == 1 or arguments[-1] is Ellipsis
    if not open_ended and len(arguments) != len(node.value):
        raise _wrong(node, where)
    kinds = [arguments[0]] * len(node.value) if open_ended else arguments
    return [build(item, kind, f"{where}[{place}]") for place, (item, kind) in enumerate(zip(node.value, kinds))]


def _scalar(node: yaml.Node, wanted: object, where: str) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise _wrong(node, where)
    text, tag = str(node.value), node.tag[len(_TAG) :] if node.tag.startswith(_TAG) else ""
    number = tag in ("int", "float")
    try:
        if wanted is str and tag in _TEXTS:
            return text  # as it is written: a column called NO or 001 is one
        if wanted is bool and tag == "bool":
            return _plain(node)
        if wanted is Decimal and number and math.isfinite(float(_plain(node))):
            return Decimal(text)
        if wanted is int and tag == "int":
            return _plain(node)
        if wanted is float and number and math.isfinite(float(_plain(node))):
            return float(_plain(node))
        if wanted is date and tag in ("timestamp", "str"):
            return date.fromisoformat(text)
        if wanted is re.Pattern or get_origin(wanted) is re.Pattern:
            return re.compile(text)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return wanted(text)
    except (ValueError, ArithmeticError, re.error) as error:
        raise _wrong(node, where) from error
    raise _wrong(node, where)


def _plain(node: yaml.Node) -> Any:
    """The value as PyYAML builds it. Days stay days, times of day are text."""
    try:
        value = yaml.constructor.SafeConstructor().construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        raise YamlError(
            "model.yaml_tag" if isinstance(error, yaml.YAMLError) else "model.yaml_shape", line=_line(node)
        ) from error
    return value.isoformat() if isinstance(value, datetime) else value


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def _inside(where: str, name: yaml.Node) -> str:
    return f"{where}.{name.value}" if where else str(name.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1 if node.start_mark is not None else 1


def _wrong(node: yaml.Node, where: str) -> YamlError:
    shown: Optional[object] = node.value if isinstance(node, yaml.ScalarNode) else "…"
    return YamlError("model.yaml_value", line=_line(node), key=where, value=str(shown)[:_SHOWN])
