"""Approved, filled and present uses held against each other by the groups of ``resources/uses.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

from ..model.paths import resource
from ..model.typed_yaml import key, read
from .claims import normalised


@dataclass(frozen=True)
class Uses:
    """``words``: the longest first, with the group of each; ``classes``: land class prefix → group."""

    titles: Mapping[str, str]
    words: tuple[tuple[str, frozenset[str]], ...]
    classes: Mapping[str, str]
    agricultural: frozenset[str]
    compatible: frozenset[frozenset[str]]
    no_building: tuple[str, ...]
    not_mining: tuple[str, ...]
    not_conversion: tuple[str, ...]
    not_supply: tuple[str, ...]
    farming: frozenset[str]
    unfit_for_temporary: tuple[str, ...]
    monitored: frozenset[str]
    building_right_codes: frozenset[str]
    still_conversion: tuple[str, ...]
    no_documents: Mapping[str, tuple[str, ...]]
    no_farming: tuple[str, ...]


@dataclass(frozen=True)
class _UseGroup:
    title: str = key("zh")
    words: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _UseFile:
    groups: Mapping[str, _UseGroup]
    longer: Mapping[str, Any]  # a word → its group, or groups
    agricultural_groups: frozenset[str]
    compatible: frozenset[frozenset[str]]
    rights_without_building: tuple[str, ...]
    not_mining_licences: tuple[str, ...]
    no_approval_documents: tuple[str, ...]
    not_conversion_documents: tuple[str, ...]
    not_supply_documents: tuple[str, ...]
    farming_groups: frozenset[str]
    unfit_for_temporary: tuple[str, ...]
    monitored_groups: frozenset[str]
    building_right_codes: frozenset[str]
    still_conversion: tuple[str, ...]
    no_documents: Mapping[str, tuple[str, ...]]
    no_farming_words: tuple[str, ...]


@lru_cache(maxsize=1)
def uses() -> Uses:
    """The table, read once."""
    file = read(resource("uses.yaml"), _UseFile)
    words = {word: frozenset((group,)) for group, entry in file.groups.items() for word in entry.words}
    for word, named in file.longer.items():
        words[word] = frozenset((named,) if isinstance(named, str) else named)
    return Uses(
        {group: entry.title for group, entry in file.groups.items()},
        tuple(sorted(words.items(), key=lambda pair: (-len(pair[0]), pair[0]))),
        {prefix: group for group, entry in file.groups.items() for prefix in entry.classes},
        file.agricultural_groups,
        file.compatible,
        file.rights_without_building,
        file.not_mining_licences,
        (*file.not_conversion_documents, *file.no_approval_documents),
        (*file.not_supply_documents, *file.no_approval_documents),
        file.farming_groups,
        file.unfit_for_temporary,
        file.monitored_groups,
        file.building_right_codes,
        file.still_conversion,
        file.no_documents,
        file.no_farming_words,
    )


#: What a sentence says that the land is not for, and what it was for: neither is its use.
_DENIED = re.compile("(?:不得|严禁|禁止|不可(?!移)|不能|不准|不允许|不含|不包括)[^，。；,;()]*")
_FORMER = re.compile("(?:^|(?<=[，。；,;、() 为系由在]))原(?:为|系|是|属|有|来|用途|作)[^，。；,;()]*")


@lru_cache(maxsize=4096)
def groups_of(text: str) -> frozenset[str]:
    """The groups whose words stand in a text; each stretch of it counts for its longest word only, what it denies or calls former not."""
    left = _DENIED.sub("\n", normalised(text))
    for stated in (_FORMER, _no_use(), _former_use()):
        left = stated.sub("\n", left)
    return _named(left)


@lru_cache(maxsize=4096)
def denied_groups(text: str) -> frozenset[str]:
    """The groups that a text excludes (不得用于工业, 非住宅)."""
    plain = normalised(text)
    return _named("\n".join([*_DENIED.findall(plain), *_no_use().findall(plain)]))


@lru_cache(maxsize=1)
def _no_use() -> re.Pattern[str]:
    """非住宅: only the use that follows is denied (非营利性养老用地 and 非金属矿 deny none); 标准厂房 and 农业 have senses of their own."""
    return re.compile(f"非(?!标准|农)(?:{_words()})")


@lru_cache(maxsize=1)
def _former_use() -> re.Pattern[str]:
    """原住宅 where it is no end of a name (太原住宅)."""
    return re.compile(f"(?:^|(?<=[，。；,;、() 为系由在]))原(?!料|煤|油|种)(?:{_words()})")


def _words() -> str:
    return "|".join(re.escape(word) for word, _ in uses().words)


def _named(text: str) -> frozenset[str]:
    left, result = text, frozenset[str]()
    for word, groups in uses().words:
        if word in left:
            result |= groups
            left = left.replace(word, "\n")
    return result


def group_of_class(code: Optional[str]) -> frozenset[str]:
    """The group of a land class code (0601, 1006, 0602C); none for an unknown one."""
    known = uses().classes
    result = next((known[prefix] for prefix in ((code or "")[:4], (code or "")[:2]) if prefix in known), None)
    return frozenset() if result is None else frozenset((result,))


def approved_groups(use: Optional[str]) -> frozenset[str]:
    """The groups of an approved use, given in words (工业用地) or as a land class (0601)."""
    text = normalised(use or "")
    return groups_of(text) or (group_of_class(text) if text[:2].isdecimal() else frozenset())


def stated_groups(use: Optional[str], project: Optional[str]) -> frozenset[str]:
    """The groups of a document's use; where it states none, of the name of its project (渝西高速公路; 农业 there may be anybody's trade)."""
    return approved_groups(use) if normalised(use or "") else groups_of(project or "") - {"agricultural"}


def is_farming(use: Optional[str]) -> bool:
    """Whether an approved or registered use is one of farming only: no right to build follows from it."""
    result = approved_groups(use)
    return bool(result) and result <= uses().farming


def is_unfit(role: str, use: Optional[str]) -> bool:
    """Whether the use a document states is none of its role: a filing of 设施农用地 for a factory, temporary land for lasting building."""
    if role == "facility_agriculture":
        result = approved_groups(use)
        return bool(result & uses().monitored) or (bool(result) and not result & uses().agricultural)
    return role == "temporary_land" and any(word in normalised(use or "") for word in uses().unfit_for_temporary)


def filled_groups(claims: Mapping[str, Any], monitored: Optional[str] = None) -> tuple[str, ...]:
    """Groups of the filled use; where none is filled, of the filled present class; else what the monitored type surely is.

    A type is read from an image: 厂房, 采矿 and 光伏 are seen there, 道路 or 推填土 may be part of anything.
    """
    result = groups_of(str(claims.get("use") or "")) or group_of_class(claims.get("ground_class"))
    return tuple(sorted(result or groups_of(monitored or "") & uses().monitored))


def contradict(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two uses are both known and cannot be one: no group in common, and none that covers the other."""
    if not first or not second or first & second:
        return False
    return not any(frozenset((one, other)) in uses().compatible for one in first for other in second)


def is_another_use(use: Optional[str], project: Optional[str], filled: frozenset[str]) -> bool:
    """Whether a document's use, or where it states none its project, cannot be the filled one, or excludes it."""
    return bool(denied_groups(use or "") & filled) or contradict(stated_groups(use, project), filled)


_PROJECT_NOISE = re.compile(r"[\W_]+|建设项目|建设工程|项目|工程|用地|建设")


def same_project(first: str, second: str) -> bool:
    """Whether two names of a project may mean one: alike without 项目, 工程, 用地 and punctuation, or one within the other."""
    one, other = (_PROJECT_NOISE.sub("", normalised(text)).casefold() for text in (first, second))
    return not one or not other or one in other or other in one


def titles(groups: frozenset[str]) -> str:
    """Groups as people read them."""
    return "、".join(uses().titles[group] for group in sorted(groups))


_BARE_CODE = re.compile(r"0*([A-Z0-9]{1,2})(?:\.0+)?", re.IGNORECASE)


def no_building_right(kind: Optional[str], *texts: Optional[str]) -> Optional[str]:
    """The text that names a right without building (承包经营权, 林权, 宅基地, a kind that is the code of another right); None where none does."""
    code = _BARE_CODE.fullmatch(normalised(kind or ""))
    if code is not None and code.group(1) not in uses().building_right_codes:
        return kind
    return next((text for text in (kind, *texts) if text and any(word in text for word in uses().no_building)), None)


def no_conversion(document: Optional[str], kind: Optional[str]) -> Optional[str]:
    """The word that makes a document another one than an approval of conversion (立项, 请示, 会议纪要); None where there is none."""
    stated = f"{document or ''}\n{kind or ''}"
    for word in uses().still_conversion:
        stated = stated.replace(word, "")
    return next((word for word in uses().not_conversion if word in stated), None)


def no_supply(document: Optional[str], kind: Optional[str]) -> Optional[str]:
    """The word that makes a document another one than a supply of land (立项, 处罚); None where there is none."""
    stated = f"{document or ''}\n{kind or ''}"
    return next((word for word in uses().not_supply if word in stated), None)


def grants_nothing(role: str, document: Optional[str]) -> Optional[str]:
    """The word by which a document of a role is only an application or another paper that grants nothing; None where there is none."""
    return next((word for word in uses().no_documents.get(role, ()) if word in (document or "")), None)


def is_filled_otherwise(claims: Mapping[str, object], groups: frozenset[str]) -> bool:
    """Whether the filled use is none of farming: by its ``groups``, or because it says so (非农建设, 违建, 看护房超标)."""
    text = normalised(str(claims.get("use") or ""))
    return bool(groups - uses().agricultural) or any(word in text for word in uses().no_farming)


def no_mining_licence(kind: Optional[str], document: Optional[str]) -> bool:
    """Whether a licence is one of exploration: by its kind, or by its number (探矿权 numbers begin with T)."""
    stated = f"{kind or ''}{document or ''}"
    return any(word in stated for word in uses().not_mining) or normalised(document or "").upper().startswith("T")
