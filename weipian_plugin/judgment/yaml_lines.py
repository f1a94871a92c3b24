"""YAML read so that every value knows its line: a county that edits a profile reads where its mistake is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Union

import yaml

from ..model import yaml_files
from ..model.messages import Message


@dataclass(frozen=True)
class Problem:
    """A mistake in a profile: where it is and what is wrong."""

    line: int
    key: str
    message: Message


@dataclass(frozen=True)
class Node:
    """A value with its place. ``value`` is a mapping of nodes, a tuple of nodes, or a plain scalar.

    Numbers are :class:`~decimal.Decimal`, exactly as written.
    """

    value: Union[Mapping[str, Node], tuple[Node, ...], str, Decimal, bool, date, None]
    line: int
    key: str
    text: str = ""  # a scalar as written


class Problems:
    """Collects mistakes, so that all of them are reported at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, node: Node, code: str, **details: object) -> None:
        self.found.append(Problem(node.line, node.key, Message(code, details)))


def read(text: str, problems: Problems) -> Node:
    """The document as nodes; broken YAML and a key written twice are problems."""
    try:
        root = yaml_files.compose(text)
    except yaml_files.YamlError as error:
        node = Node(None, int(str(error.details.get("line", 1))), "")
        problems.add(node, "judgment.profile_not_yaml", reason=error)
        return node
    return Node(None, 1, "") if root is None else _convert(root, "", problems, set())


def _convert(node: yaml.Node, key: str, problems: Problems, seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        if id(node) in seen:  # an alias: refused, because aliases can repeat themselves without end
            repeated = Node(None, line, key)
            problems.add(repeated, "judgment.profile_alias")
            return repeated
        seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        members: dict[str, Node] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, yaml.ScalarNode):  # a list or mapping as a key: nothing here has such
                problems.add(Node(None, name_node.start_mark.line + 1, key), "judgment.profile_alias")
                continue
            name = str(name_node.value)
            child_key = f"{key}.{name}" if key else name
            if name in members:
                problems.add(Node(None, name_node.start_mark.line + 1, child_key), "judgment.profile_key_twice")
            members[name] = _convert(value_node, child_key, problems, seen)
        return Node(members, line, key)
    if isinstance(node, yaml.SequenceNode):
        return Node(
            tuple(_convert(item, f"{key}[{index}]", problems, seen) for index, item in enumerate(node.value)), line, key
        )
    return Node(_scalar(node) if isinstance(node, yaml.ScalarNode) else None, line, key, str(node.value))


def _scalar(node: yaml.ScalarNode) -> Union[str, Decimal, bool, date, None]:
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() in ("true", "yes", "on")
    if kind in ("int", "float"):
        try:
            return Decimal(node.value)
        except InvalidOperation:
            return str(node.value)
    if kind == "timestamp":
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            return str(node.value)
    return str(node.value)
