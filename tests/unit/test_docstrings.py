"""What a docstring says that a function raises is what it raises."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.unit.test_house_rules import PACKAGE, all_source_files, imported_modules, label, tree_of
from weipian_plugin.model.messages import catalogue

_CODE = re.compile(r"``([a-z_]+\.(?:[a-z0-9_]+\*?|\*))``")
#: Packages of windows and of parameters that QGIS shows; their classes are told by their titles.
WINDOWS = {"gui", "algorithms", "toolbelt"}
_STEPS = {code.partition(".")[0] for code in catalogue()}
#: What a docstring may name that looks like a code and is the name of a file.
_FILES = {"filing.yaml", "columns.yaml", "evidence.yaml", "overlay.yaml", "words.yaml"}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions of a module and methods of its classes, without those inside of functions."""
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (each for each in members if isinstance(each, ast.FunctionDef))


def raised(function: ast.FunctionDef) -> set[str]:
    """Codes that its own statements raise."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name, given = node.exc.func, node.exc.args
            if (
                isinstance(name, ast.Name)
                and name.id == "WeipianError"
                and given
                and isinstance(given[0], ast.Constant)
            ):
                found.add(str(given[0].value))
        waiting.extend(ast.iter_child_nodes(node))
    return found


def listed(function: ast.FunctionDef) -> set[str]:
    """Codes that its docstring names; ``intake.crs_*`` stands for several."""
    codes = set(_CODE.findall(ast.get_docstring(function) or "")) - _FILES
    return {code for code in codes if code.partition(".")[0] in _STEPS}


@cache
def codes_in(path: Path) -> frozenset[str]:
    """Texts of a module that are codes, or the beginning of codes (``f"intake.crs_{…}"``)."""
    texts = (
        node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return frozenset(
        text for text in texts if text.partition(".")[0] in _STEPS and re.fullmatch(r"[a-z_]+\.[a-z0-9_.]*", text)
    )


@cache
def imported(path: Path) -> frozenset[Path]:
    """The files of the package that a module imports."""
    found: set[Path] = set()
    for _, name in imported_modules(path):
        parts = name.split(".")
        if parts[0] == "weipian_plugin":
            for place in (PACKAGE.joinpath(*parts[1:]), PACKAGE.joinpath(*parts[1:-1])):
                found.add(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
    return frozenset(file for file in found if file.is_file())


def reached(path: Path) -> set[Path]:
    """The module and all of the package that it imports, by others, too."""
    found, waiting = {path}, [path]
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting.extend(new)
    return found


@pytest.mark.parametrize("path", [path for path in all_source_files() if not WINDOWS & set(path.parts)], ids=label)
def test_every_module_public_class_and_function_says_what_it_is(path: Path) -> None:
    """Where QGIS is not needed: those who use a class or function from outside read this first. Overloads are told by the last of them."""
    tree = tree_of(path)
    public = [each for each in tree.body if isinstance(each, (ast.FunctionDef, ast.ClassDef)) and each.name[0] != "_"]
    told = {each.name for each in public if ast.get_docstring(each)}
    silent = [f"{label(path)}:{each.lineno} {each.name}" for each in public if each.name not in told]
    assert silent == [] and (ast.get_docstring(tree) or not tree.body)


#: Methods that Qt and QGIS call by a name of one word; those of several (paintEvent) are known by their capitals.
_CALLED_BY_QT = {
    "accept", "cancel", "clone", "data", "done", "event", "finished", "flags", "group", "icon", "id", "index", "load", "name", "parent",
    "reject", "run", "tags", "unload",
}  # fmt: skip
#: What a single statement does not say: its unit, its shape, its system.
_MEASURED = ("float", "NDArray", "BaseGeometry")


def bases(node: ast.ClassDef) -> list[str]:
    """The names of its base classes, without modules and without what is in brackets."""
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in plain]


def documented(node: ast.ClassDef) -> set[str]:
    return {each.name for each in node.body if isinstance(each, ast.FunctionDef) and ast.get_docstring(each)}


@cache
def classes() -> dict[str, ast.ClassDef]:
    """Every class of the plugin by its name."""
    trees = map(tree_of, all_source_files())
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


@cache
def promised(folder: Path) -> frozenset[str]:
    """Methods that the protocols of a folder, and those of the model, document: who keeps the promise need not repeat it."""
    trees = (tree_of(path) for path in all_source_files() if path.parent in (folder, PACKAGE / "model"))
    protocols = (
        node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef) and "Protocol" in bases(node)
    )
    return frozenset(name for node in protocols for name in documented(node))


def inherited(node: ast.ClassDef) -> set[str]:
    """Methods that a class of the plugin documents from which this one descends."""
    above = [classes()[name] for name in bases(node) if name in classes() and classes()[name] is not node]
    return set().union(*(documented(each) | inherited(each) for each in above))


def needs_a_line(method: ast.FunctionDef) -> bool:
    """Whether a method says less than its reader must know (the rule of CONTRIBUTING.md), wherever it stands."""
    if method.name.startswith("_") or ast.get_docstring(method) or any(letter.isupper() for letter in method.name):
        return False
    if any(ast.unparse(each).endswith((".setter", "overload")) for each in method.decorator_list):
        return False
    return len(method.body) > 1 or any(word in ast.unparse(method.returns or method.args) for word in _MEASURED)


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_a_public_method_says_what_its_name_does_not(path: Path) -> None:
    """One of several statements, or one that gives a number, an array or a geometry; functions of windows, too."""
    silent = []
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef) and WINDOWS & set(path.parts):
            silent += [node] if needs_a_line(node) else []
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            known = inherited(node) | promised(path.parent)
            known |= _CALLED_BY_QT if any(name not in classes() for name in bases(node)) else set()
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            silent += [each for each in methods if needs_a_line(each) and each.name not in known]
    assert [f"{label(path)}:{each.lineno} {each.name}" for each in silent] == []


def test_the_rule_of_docstrings_sees_what_it_should() -> None:
    def method(text: str) -> bool:
        node = ast.parse(text).body[0]
        assert isinstance(node, ast.FunctionDef)
        return needs_a_line(node)

    assert method("def area(self) -> float:\n    return self.a") and method("def save(self) -> None:\n    a()\n    b()")
    assert not method("def name(self) -> str:\n    return self.a") and not method(
        "def paintEvent(self, e):\n    a()\n    b()"
    )
    assert not method("def save(self) -> None:\n    'Store it.'\n    a()\n    b()") and not method(
        "def _x(self):\n    a()\n    b()"
    )
    assert "report" in promised(PACKAGE / "algorithms")


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_a_public_function_lists_the_codes_it_raises(path: Path) -> None:
    missing = []
    for function in functions(tree_of(path)):
        named = listed(function)
        families = tuple(code[:-1] for code in named if code.endswith("*"))
        unlisted = {code for code in raised(function) - named if not code.startswith(families)}
        if unlisted and not function.name.startswith("_"):
            missing.append(f"{label(path)}:{function.lineno} {function.name}: {sorted(unlisted)}")
    assert missing == []


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_every_code_in_a_docstring_is_raised_by_the_module_or_what_it_imports(path: Path) -> None:
    named = {code for function in functions(tree_of(path)) for code in listed(function)}
    if not named:
        return
    made = frozenset().union(*map(codes_in, reached(path)))
    begun = tuple(text for text in made if text.endswith(("_", ".")))
    unknown = {code for code in named if not code.startswith(begun) and code not in made}
    unknown = {code for code in unknown if not (code.endswith("*") and any(one.startswith(code[:-1]) for one in made))}
    assert unknown == set(), "no such code is raised there any more"
    assert {code for code in named if not code.endswith("*")} <= set(catalogue()), "and it has a sentence"
