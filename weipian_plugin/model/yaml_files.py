"""YAML read safely: the plain subset, a key once, and bounds on what a foreign file may cost before anything is built of it.

Read by libyaml where PyYAML was built with it: ten times quicker. Its composer ends the process on deep nesting, so depth is counted first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any, Optional, Union

import yaml

#: Far beyond any catalogue, profile or resource; a file over them is damaged or hostile.
MOST_CHARACTERS = 10_000_000
MOST_EVENTS = 500_000
MOST_DEPTH = 40
#: Nodes after every alias is written out.
MOST_NODES = 1_000_000


class YamlError(yaml.YAMLError):
    """What is wrong with a text: ``code`` and ``details`` (``line`` counts from 1) of a message of ``resources/messages/model.yaml``.

    :func:`.causes.cause_of` makes the sentence; it is not made here, for the sentences are YAML themselves.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code, self.details = code, details
        super().__init__(code)


def _loader() -> Any:
    return yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader


def load(content: Union[str, bytes, IO[str]]) -> Any:
    """The content of a text or an open file; raises :class:`YamlError`."""
    text = text_of(content)
    loader = _checked(text)
    try:
        node = loader.get_single_node()
        _check_nodes(node)
        return None if node is None else loader.construct_document(node)
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _reported(error, text) from error
    finally:
        loader.dispose()


def compose(content: Union[str, bytes], unique_keys: bool = False) -> Optional[yaml.Node]:
    """The nodes of a text with their places, for who wants lines; raises :class:`YamlError`. Keys may stand twice but for ``unique_keys``."""
    text = text_of(content)
    loader = _checked(text)
    try:
        node: Optional[yaml.Node] = loader.get_single_node()
        if unique_keys:
            _check_nodes(node)
        else:
            _check_size(node)
        return node
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise _reported(error, text) from error
    finally:
        loader.dispose()


def text_of(content: Union[str, bytes, IO[str]]) -> str:
    """The text of a file: UTF-8 with or without its mark, UTF-16 with it; raises :class:`YamlError` for GBK and anything else."""
    try:
        raw = content if isinstance(content, (str, bytes)) else content.read()
        if isinstance(raw, bytes):
            raw = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError("model.yaml_encoding") from error
    if len(raw) > MOST_CHARACTERS:
        raise YamlError("model.yaml_too_big", most=MOST_CHARACTERS)
    return raw.lstrip("\ufeff")


def _checked(text: str) -> Any:
    """A loader of a text whose depth and number of events are known to be bounded."""
    depth = count = 0
    try:
        for event in yaml.parse(text, Loader=_loader()):
            count += 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEPTH:
                raise YamlError("model.yaml_deep", line=_line_of(event), most=MOST_DEPTH)
            if count > MOST_EVENTS:
                raise YamlError("model.yaml_too_big", most=MOST_EVENTS)
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise _reported(error, text) from error
    return _loader()(text)


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _check_size(node: Optional[yaml.Node]) -> None:
    """Bound what aliases unfold to: a few lines of them can stand for billions of values."""
    sizes: dict[int, int] = {}

    def size(one: yaml.Node) -> int:
        if isinstance(one, yaml.ScalarNode):
            return 1
        if id(one) in sizes:
            if not sizes[id(one)]:
                raise YamlError("model.yaml_aliases", line=one.start_mark.line + 1)  # a node inside of itself
            return sizes[id(one)]
        sizes[id(one)] = 0
        total = 1 + sum(size(child) for child in _children(one))
        if total > MOST_NODES:
            raise YamlError("model.yaml_aliases", line=one.start_mark.line + 1)
        sizes[id(one)] = total
        return total

    if node is not None:
        size(node)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        yield from child if isinstance(child, tuple) else (child,)


def _check_nodes(node: Optional[yaml.Node]) -> None:
    _check_size(node)
    seen: set[int] = set()
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.MappingNode):
            _check_keys(one)
        waiting.extend(_children(one))


def _check_keys(node: yaml.MappingNode) -> None:
    """A key is a plain value and stands once: the second of two would win in silence."""
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError("model.yaml_key", line=line)
        name = str(key.value)
        if name in lines and name != "<<":
            raise YamlError("model.yaml_key_twice", key=name[:60], first=lines[name], second=line)
        lines[name] = line


def _reported(error: Exception, text: str) -> YamlError:
    """What a person can do about an error of the library: its own words are English and speak of tokens."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else 1
    lines = text.split("\n")
    there = lines[line - 1] if 0 < line <= len(lines) else ""
    problem = str(getattr(error, "problem", "") or "")
    if "\t" in there[: len(there) - len(there.lstrip())] or "'\\t'" in problem:
        return YamlError("model.yaml_tab", line=line)
    if '"' in there and "\\" in there and ("escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem):
        return YamlError("model.yaml_backslash", line=line)
    if "tag" in problem or "constructor" in problem:
        return YamlError("model.yaml_tag", line=line)
    return YamlError("model.yaml_shape", line=line)


def as_mapping(data: object) -> Mapping[str, object]:
    """``data`` where it is a mapping; raises :class:`YamlError` ``model.yaml_mapping`` for anything else."""
    if not isinstance(data, Mapping):
        raise YamlError("model.yaml_mapping")
    return data
