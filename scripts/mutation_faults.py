"""The faults of `scripts/mutation.py`: made by mutmut, each with the lines it changes, and those that a person has reviewed as no faults.

`scripts/mutation_equivalents.yaml` lists the reviewed ones: module, function, the lines as they are and as they become, and why no test can
tell them apart. An entry is found by its text, never by a running number, and one that fits no fault any more ends the run.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

EQUIVALENTS = Path(__file__).with_name("mutation_equivalents.yaml")


@dataclass(frozen=True)
class Fault:
    """``name``: ``x_function__mutmut_n``; ``was`` and ``becomes``: the lines that differ, without their indentation."""

    module: str
    name: str
    function: str
    was: str
    becomes: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.module, self.function, self.was, self.becomes


@dataclass(frozen=True)
class Made:
    """A module with its faults in it."""

    code: str
    faults: tuple[Fault, ...]


def made(module: str, path: Path, kept: Path) -> Made:
    """The module with all its faults; kept by the text of the module, because making them takes longer than trying some."""
    source = path.read_text(encoding="utf-8")
    file = kept / f"{module}-{hashlib.sha256(source.encode()).hexdigest()[:16]}.json"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        fresh = _make(module, path, source)
        table = {"code": fresh.code, "faults": [asdict(fault) for fault in fresh.faults]}
        file.write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")
    found = json.loads(file.read_text(encoding="utf-8"))
    return Made(found["code"], tuple(Fault(**fault) for fault in found["faults"]))


def _make(module: str, path: Path, source: str) -> Made:
    from mutmut.mutation.file_mutation import mutate_file_contents

    mutated = mutate_file_contents(str(path), source)
    bodies = _bodies(mutated.code)
    faults = []
    for name in mutated.mutant_names:
        stem = name.rpartition("__mutmut_")[0]
        was, becomes = _difference(bodies[f"{stem}__mutmut_orig"], bodies[name])
        faults.append(Fault(module, name, stem[2:] if stem.startswith("x_") else stem.lstrip("xǁ"), was, becomes))
    return Made(mutated.code, tuple(faults))


def _bodies(code: str) -> dict[str, list[str]]:
    """The lines of every function, by its name, without its own."""
    lines = code.splitlines()
    found = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            own = [line.strip() for line in lines[node.lineno - 1 : node.end_lineno]]
            found[node.name] = [own[0].replace(node.name, "", 1), *own[1:]]
    return found


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    was, becomes = [], []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            was += before[first:last]
            becomes += after[start:end]
    return " ".join(was), " ".join(becomes)


def equivalents(file: Path = EQUIVALENTS) -> dict[tuple[str, str, str, str], str]:
    """Reviewed faults that are none, with the reason of each. Raises ValueError for an entry without a reason."""
    import yaml

    entries: list[dict[str, Any]] = (
        yaml.safe_load(file.read_text(encoding="utf-8"))["equivalents"] if file.exists() else []
    )
    found = {}
    for entry in entries:
        if not str(entry.get("reason") or "").strip():
            raise ValueError(f"{file.name}: no reason for {entry}")
        for becomes in [entry["becomes"]] if isinstance(entry["becomes"], str) else entry["becomes"]:
            found[entry["module"], entry["function"], entry["was"], becomes] = str(entry["reason"])
    return found
