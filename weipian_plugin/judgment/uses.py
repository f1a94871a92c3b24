"""Approved, filled and present uses held against each other by the groups of ``resources/uses.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

from ..model import yaml_files
from ..model.paths import resource
from .claims import normalised


@dataclass(frozen=True)
class Uses:
    """``words``: the longest first, with the group of each; ``classes``: land class prefix → group."""

    titles: Mapping[str, str]
    words: tuple[tuple[str, str], ...]
    classes: Mapping[str, str]
    agricultural: frozenset[str]
    compatible: frozenset[frozenset[str]]
    no_building: tuple[str, ...]
    not_mining: tuple[str, ...]


@lru_cache(maxsize=1)
def uses() -> Uses:
    """The table, read once."""
    with resource("uses.yaml").open(encoding="utf-8") as stream:
        data = yaml_files.load(stream)
    words = {word: group for group, entry in data["groups"].items() for word in entry["words"]}
    words.update(data["longer"])
    return Uses(
        {group: str(entry["zh"]) for group, entry in data["groups"].items()},
        tuple(sorted(words.items(), key=lambda pair: (-len(pair[0]), pair[0]))),
        {prefix: group for group, entry in data["groups"].items() for prefix in entry["classes"]},
        frozenset(data["agricultural_groups"]),
        frozenset(frozenset(pair) for pair in data["compatible"]),
        tuple(data["rights_without_building"]),
        tuple(data["not_mining_licences"]),
    )


@lru_cache(maxsize=4096)
def groups_of(text: str) -> frozenset[str]:
    """The groups whose words stand in a text; each stretch of it counts for its longest word only."""
    left, found = normalised(text), set()
    for word, group in uses().words:
        if word in left:
            found.add(group)
            left = left.replace(word, "\n")
    return frozenset(found)


def group_of_class(code: Optional[str]) -> frozenset[str]:
    """The group of a land class code (0601, 1006, 0602C); none for an unknown one."""
    known = uses().classes
    found = next((known[prefix] for prefix in ((code or "")[:4], (code or "")[:2]) if prefix in known), None)
    return frozenset() if found is None else frozenset((found,))


def filled_groups(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Groups of the filled use and, where none is filled, of the filled present class."""
    found = groups_of(str(claims.get("use") or "")) or group_of_class(claims.get("ground_class"))
    return tuple(sorted(found))


def contradict(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two uses are both known and cannot be one: no group in common, and none that covers the other."""
    if not first or not second or first & second:
        return False
    return not any(frozenset((one, other)) in uses().compatible for one in first for other in second)


_PROJECT_NOISE = re.compile(r"[\W_]+|建设项目|建设工程|项目|工程|用地|建设")


def same_project(first: str, second: str) -> bool:
    """Whether two names of a project may mean one: alike without 项目, 工程, 用地 and punctuation, or one within the other."""
    one, other = (_PROJECT_NOISE.sub("", normalised(text)).casefold() for text in (first, second))
    return not one or not other or one in other or other in one


def titles(groups: frozenset[str]) -> str:
    """Groups as people read them."""
    return "、".join(uses().titles[group] for group in sorted(groups))


def no_building_right(*texts: Optional[str]) -> Optional[str]:
    """The text that names a right without building (承包经营权, 林权, 宅基地), None where there is none."""
    return next((text for text in texts if text and any(word in text for word in uses().no_building)), None)


def no_mining_licence(kind: Optional[str], document: Optional[str]) -> bool:
    """Whether a licence is one of exploration: by its kind, or by its number (探矿权 numbers begin with T)."""
    stated = f"{kind or ''}{document or ''}"
    return any(word in stated for word in uses().not_mining) or (document or "").upper().startswith("T")
