"""Changing values in a YAML text without touching the rest of it: comments, order, quotes and blank lines stay.

PyYAML reports where each node begins and ends but writes everything anew; a round-trip library would be one more package that no
installer carries. So the text is cut at the nodes' own places, and the result is read again and compared with what was
meant: a change that this module cannot make in place is reported (:class:`CannotEdit`), never made wrongly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import yaml

_PLAIN = re.compile(r"[^\W\d_][\w./（）()+-]*", re.UNICODE)
_WORDS_WITH_MEANING = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "none"})


class CannotEdit(Exception):
    """The text has a form in which this change cannot be made in place; it has to be written anew."""


def scalar(value: object) -> str:
    """A value on one line: text plain where YAML reads it back as the same text, else in double quotes."""
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS_WITH_MEANING
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {scalar(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(scalar(item) for item in value) + "]"
    if isinstance(value, (Decimal, date)):
        return str(value)
    return "null" if value is None else json.dumps(value)


def set_values(text: str, path: Sequence[object], values: Mapping[str, object]) -> str:
    """Set the keys of the mapping at ``path`` (keys and positions) to ``values``; None removes a key.

    Raises CannotEdit.
    """
    for key, value in values.items():
        node = _at(text, path)
        if not isinstance(node, yaml.MappingNode):
            raise CannotEdit
        text = _removed(text, node, key) if value is None else _set(text, node, key, scalar(value))
    return text


def without_item(text: str, path: Sequence[object], position: int) -> str:
    """Take an item out of the block sequence at ``path``, its own lines only: comments above it stay."""
    sequence = _at(text, path)
    if not isinstance(sequence, yaml.SequenceNode) or sequence.flow_style or len(sequence.value) < 2:
        raise CannotEdit
    first = _line_start(text, sequence.value[position].start_mark.index)
    last = _line_end(text, _content_end(sequence.value[position]))
    return text[:first] + text[last:]


def with_item(text: str, path: Sequence[object], lines: Sequence[str]) -> str:
    """Put an item (``lines`` without dash and indent) behind the last one of the block sequence at ``path``."""
    sequence = _at(text, path)
    if not isinstance(sequence, yaml.SequenceNode) or sequence.flow_style or not sequence.value:
        raise CannotEdit
    last = sequence.value[-1]
    start = _line_start(text, last.start_mark.index)
    dash = text.find("-", start)
    if text[start:dash].strip():
        raise CannotEdit
    indent, newline = text[start:dash], "\r\n" if "\r\n" in text else "\n"
    block = newline.join(indent + ("- " if number == 0 else "  ") + line for number, line in enumerate(lines))
    end = _line_end(text, _content_end(last))
    joint = "" if end == 0 or text[end - 1] == "\n" else newline
    return text[:end] + joint + block + newline + text[end:]


def _at(text: str, path: Sequence[object]) -> yaml.Node:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            node = None
    if node is None or _has_alias(node):
        raise CannotEdit
    return node


def _has_alias(node: yaml.Node) -> bool:
    """Whether a node is reached twice: a value behind an anchor is changed in two places at once."""
    seen: set[int] = set()
    stack = [node]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            return True
        seen.add(id(one))
        if isinstance(one, yaml.MappingNode):
            stack.extend(part for pair in one.value for part in pair)
        elif isinstance(one, yaml.SequenceNode):
            stack.extend(one.value)
    return False


def _set(text: str, node: yaml.MappingNode, key: str, written: str) -> str:
    for name, value in node.value:
        if name.value == key:
            if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">"):
                raise CannotEdit
            start, end = value.start_mark.index, _content_end(value)
            gap = "" if end > start or text[start - 1 : start].isspace() else " "  # `key:` without a value
            if not node.flow_style and not isinstance(value, yaml.ScalarNode) and not value.flow_style:
                start = name.end_mark.index + text[name.end_mark.index :].index(":") + 1
                gap = " "
            return text[:start] + gap + written + text[end:]
    return _added(text, node, f"{scalar(key)}: {written}")


def _added(text: str, node: yaml.MappingNode, written: str) -> str:
    if node.flow_style:
        end = node.end_mark.index - 1
        return text[:end].rstrip() + (", " if node.value else "") + written + text[end:]
    if not node.value:
        raise CannotEdit
    column = node.value[0][0].start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    end = _line_end(text, _content_end(node))
    joint = "" if text[end - 1] == "\n" else newline
    return str(text[:end] + joint + " " * column + written + newline + text[end:])


def _removed(text: str, node: yaml.MappingNode, key: str) -> str:
    position = next((index for index, (name, _) in enumerate(node.value) if name.value == key), None)
    if position is None:
        return text
    name, value = node.value[position]
    if len(node.value) == 1:
        raise CannotEdit
    if position + 1 < len(node.value):
        return text[: name.start_mark.index] + text[node.value[position + 1][0].start_mark.index :]
    before = _content_end(node.value[position - 1][1])
    if node.flow_style:
        return text[:before] + text[_content_end(value) :]
    return str(text[: _line_end(text, before)] + text[_line_end(text, _content_end(value)) :])


def _content_end(node: yaml.Node) -> int:
    """Where the last scalar or bracket of a node ends; block collections of PyYAML end at the next token instead."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _content_end(last[1] if isinstance(last, tuple) else last)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Behind the line break that ends the line of ``index`` (with its comment)."""
    if index and text[index - 1] == "\n":  # a block scalar ends behind its own line break
        return index
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1
