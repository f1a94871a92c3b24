"""Chinese titles of roles and measures, from the same files the steps before use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..formats.catalogue import roles
from ..model import yaml_files
from ..model.paths import resource
from ..model.words import Timing
from ..overlay.classes import AGRICULTURAL, CONSTRUCTION, FARMLAND, UNUSED, ClassTable, load_classes


@lru_cache(maxsize=1)
def role_titles() -> Mapping[str, str]:
    """Role -> title, e.g. ``land_supply`` -> 供地."""
    return {name: str(entry["title"]) for name, entry in roles().items()}


#: The role whose groups are land classes.
SURVEY_ROLE = "land_survey"
_KINDS = {FARMLAND: "farmland", AGRICULTURAL: "other_agricultural", CONSTRUCTION: "construction", UNUSED: "unused"}


@lru_cache(maxsize=1)
def _classes() -> ClassTable:
    return load_classes()


def kind_of_class(code: str) -> str:
    """The measure that a land class belongs to: farmland, other_agricultural, construction, unused, or unsurveyed for an unknown code."""
    return _KINDS.get(_classes().group(code), "unsurveyed")


@lru_cache(maxsize=1)
def measure_titles() -> Mapping[str, tuple[str, str]]:
    """Measure -> (title, unit); families are spelled out from the titles of their roles."""
    data = _load("measures.yaml")
    found = {name: (str(entry["zh"]), str(entry["unit"])) for name, entry in data["measures"].items()}
    for family in data["families"].values():
        for role in family["for_each_role"]:
            title = role_titles().get(role, role)
            found.setdefault(role, (title, str(family["unit"])))
            for suffix in family.get("suffixes", ()):
                found[f"{role}_{suffix}"] = (f"{title}（{_suffix(suffix)}）", str(family["unit"]))
    return found


def _suffix(name: str) -> str:
    titles = {"in_time": "按时", **{timing.value: timing.title() for timing in Timing}}
    return titles.get(name, name)


def _load(name: str) -> Any:
    return yaml_files.load(resource(name).read_text(encoding="utf-8"))
