"""Sentences for people, kept as data: a code, its details, and the text in the reader's language.

Reasons, warnings and errors travel as :class:`Message`; only the border (GUI, report, form) renders them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter
from typing import Any

from . import typed_yaml
from .paths import resource
from .secrets import masked, masked_values

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Message:
    """A sentence by its code. ``details`` hold plain values (text, numbers, dates), never objects, and never a password or key:
    those are masked when the message is made.

    ``text``: of a stored message, the Chinese sentence as it stood when it was written; messages are equal without it.
    """

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)
    text: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "details", {name: masked_values(value) for name, value in self.details.items()})
        if self.text:
            object.__setattr__(self, "text", masked(self.text))

    def as_record(self) -> dict[str, Any]:
        """For JSON columns: code, details, and the Chinese text as it stood when it was written."""
        plain = {name: render(value) if isinstance(value, Message) else value for name, value in self.details.items()}
        return {"code": self.code, "details": plain, "text": self.text or render(self)}

    @classmethod
    def of_record(cls, entry: Mapping[str, Any]) -> Message:
        """From a JSON column."""
        return cls(str(entry.get("code", "")), entry.get("details") or {}, str(entry.get("text") or ""))


_Sentences: Any = Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All sentences by code (``zh``, ``en``), read once from ``resources/messages/*.yaml``. A code may stand in one file only."""
    sentences: dict[str, Mapping[str, str]] = {}
    for path in sorted(resource("messages").glob("*.yaml")):
        for code, texts in typed_yaml.parse(path.read_bytes(), _Sentences).items():
            if code in sentences:
                raise ValueError(f"message code {code} stands twice, again in {path.name}")
            sentences[code] = texts
    return sentences


def placeholders(text: str) -> frozenset[str]:
    """Names of the ``{placeholders}`` in a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def render(message: Message, language: str = "zh") -> str:
    """The sentence of ``message``; an unknown code or a missing detail stays visible instead of hiding the message."""
    texts = catalogue().get(message.code)
    if texts is None:
        return f"{message.code} {dict(message.details)}" if message.details else message.code
    text = texts.get(language) or texts["zh"]
    values = {name: _shown(message.details.get(name, f"‹{name}›"), language) for name in placeholders(text)}
    return text.format_map(values)


def retold(text: str, language: str, step: str) -> str:
    """Stored Chinese sentences of a step, joined by ；, in another language; what no sentence of the step has written stays as it is."""
    if language == "zh" or not text:
        return text
    pieces, stated = text.split(_JOINT), list[str]()
    while pieces:
        for count in range(min(len(pieces), _MOST_JOINTS), 0, -1):  # a sentence may hold the joint itself
            message = _written_as(_JOINT.join(pieces[:count]), step)
            if message is not None or count == 1:
                stated.append(pieces[0] if message is None else render(message, language))
                del pieces[:count]
                break
    return "; ".join(part.rstrip(".") if place < len(stated) - 1 else part for place, part in enumerate(stated))


_JOINT, _MOST_JOINTS = "；", 4


def _written_as(text: str, step: str) -> Message | None:
    """The message that reads so in Chinese; of several the one with the most words of its own."""
    for code, pattern in _patterns(step):
        match = pattern.fullmatch(text)
        if match is not None:
            return Message(code, match.groupdict())
    return None


@lru_cache(maxsize=8)
def _patterns(step: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = [(code, texts["zh"]) for code, texts in catalogue().items() if code.startswith(step + ".")]
    known.sort(key=lambda one: -sum(len(words) for words, _, _, _ in Formatter().parse(one[1])))
    return tuple((code, _pattern(text)) for code, text in known)


def _pattern(text: str) -> re.Pattern[str]:
    """A sentence with its placeholders as groups; one that stands twice must say the same twice."""
    parts, seen = list[str](), set[str]()
    for words, name, _, _ in Formatter().parse(text.rstrip("。")):
        parts.append(re.escape(words))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return re.compile("".join(parts) + "。?", re.DOTALL)


def _shown(value: object, language: str) -> object:
    """A detail for a sentence; one that is a message itself (a cause) is rendered in the same language."""
    return render(value, language) if isinstance(value, Message) else value
