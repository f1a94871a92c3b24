"""Rules of the house, checked on the source text: who may import whom, and what the package never does."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "weipian_plugin"

#: A parcel walks through them in this order; none knows a later one.
STEPS = ("intake", "overlay", "judgment", "evidence", "filing", "oversight")
#: Common ground: known to every step, knowing none of them.
FOUNDATIONS = ("model", "geodesy", "formats", "office", "workspace")
PLAIN = FOUNDATIONS + STEPS
#: What starts or shows work: never known to a step.
SHELL = ("gui", "algorithms", "pipeline", "plugin", "toolbelt", "sample")
REFUSED_MODULES = {"subprocess", "pickle", "marshal", "telnetlib", "ftplib", "xml", "PyQt5", "PyQt6"}
WITH_QGIS = {"qgis", "PyQt5", "PyQt6", "osgeo", "processing"}


def source_files(*names: str) -> list[Path]:
    files: list[Path] = []
    for name in names:
        folder = PACKAGE / name
        files += sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{name}.py"]
    return [file for file in files if file.is_file()]


def all_source_files() -> list[Path]:
    """Our own files: packages of others (vendor) follow their own rules."""
    return sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "vendor")


def label(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, anywhere in it, as an absolute dotted name."""
    package = ("weipian_plugin", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                prefix = ".".join((*base, *([node.module] if node.module else [])))
            else:
                prefix = node.module or ""
            yield node.lineno, prefix
            for alias in node.names:
                yield node.lineno, f"{prefix}.{alias.name}"


def part_of_the_house(module: str) -> str | None:
    """First folder or file below the package that a dotted name belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "weipian_plugin" else None


def modules_of(name: str) -> list[str]:
    root = f"weipian_plugin.{name}"
    if (PACKAGE / f"{name}.py").is_file():
        return [root]
    folder = PACKAGE / name
    if not folder.is_dir():
        return []
    return [root, *(info.name for info in pkgutil.walk_packages([str(folder)], f"{root}."))]


@pytest.mark.parametrize("name", PLAIN)
def test_a_step_imports_without_qgis(name: str) -> None:
    modules = modules_of(name)
    assert modules, f"weipian_plugin/{name} is missing"
    for module in modules:
        importlib.import_module(module)


def test_the_pipeline_imports_without_qgis() -> None:
    """It only strings the steps together, so that a script or a cluster can run them without a desktop."""
    for module in modules_of("pipeline"):
        importlib.import_module(module)
    wrong = [
        f"{label(path)} imports {module}"
        for path in source_files("pipeline")
        for _, module in imported_modules(path)
        if module.split(".")[0] in WITH_QGIS or part_of_the_house(module) in ("gui", "algorithms", "toolbelt")
    ]
    assert not wrong


def test_importing_the_steps_loads_no_file_library_of_its_own_gdal() -> None:
    """geopandas must not draw in fiona or pyogrio by itself: inside QGIS each brings another GDAL and SQLite."""
    question = "import sys, geopandas, weipian_plugin.model; print(sorted({'fiona', 'pyogrio'} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True, cwd=REPOSITORY, timeout=120
    )
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("path", source_files(*PLAIN), ids=label)
def test_a_step_names_neither_qgis_nor_the_shell(path: Path) -> None:
    wrong = [
        f"{label(path)}:{line} imports {module}"
        for line, module in imported_modules(path)
        if module.split(".")[0] in WITH_QGIS or part_of_the_house(module) in SHELL
    ]
    assert not wrong


@pytest.mark.parametrize("path", source_files(*STEPS), ids=label)
def test_no_step_knows_a_later_one(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    later = STEPS[STEPS.index(own) + 1 :]
    wrong = [f"{label(path)}:{line} imports {m}" for line, m in imported_modules(path) if part_of_the_house(m) in later]
    assert not wrong


@pytest.mark.parametrize("path", source_files(*FOUNDATIONS), ids=label)
def test_the_foundations_know_no_step(path: Path) -> None:
    wrong = [f"{label(path)}:{line} imports {m}" for line, m in imported_modules(path) if part_of_the_house(m) in STEPS]
    assert not wrong


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_imports_inside_the_package_are_relative(path: Path) -> None:
    wrong = [
        f"{label(path)}:{node.lineno}"
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("weipian_plugin"))
        or (isinstance(node, ast.Import) and any(alias.name.startswith("weipian_plugin") for alias in node.names))
    ]
    assert not wrong


def _opens_text(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("read_text", "write_text"):
        return isinstance(node.func, ast.Attribute) and len(node.args) == (name == "write_text")
    if name != "open" or (isinstance(node.func, ast.Attribute) and not _is_path_like_open(node)):
        return False
    position = 0 if isinstance(node.func, ast.Attribute) else 1
    modes = [k.value for k in node.keywords if k.arg == "mode"] + list(node.args[position : position + 1])
    return not any(isinstance(m, ast.Constant) and isinstance(m.value, str) and "b" in m.value for m in modes)


def _is_path_like_open(node: ast.Call) -> bool:
    """`something.open(...)`: a Path's, unless the something is a module or class with an `open` of another kind."""
    assert isinstance(node.func, ast.Attribute)
    first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "mode"), None)
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and set(first.value) <= set("rwxabt+")


def _faults(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        where = f"{label(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"{where} bare except"
        elif isinstance(node, ast.Assert):
            yield f"{where} assert (gone under python -O, refused by the plugin repository)"
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            if name in ("print", "eval", "exec", "breakpoint"):
                yield f"{where} {name}()"
            if _opens_text(node) and not any(k.arg == "encoding" for k in node.keywords):
                yield f"{where} text opened without encoding="
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if name.split(".")[0] in REFUSED_MODULES:
                    yield f"{where} imports {name}"


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_the_package_never_uses_what_is_forbidden(path: Path) -> None:
    assert list(_faults(path)) == []


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_annotations_are_never_evaluated_at_run_time(path: Path) -> None:
    """`X | None` in an annotation needs Python 3.10 unless annotations stay text, and Windows QGIS 3.22 ships 3.9."""
    tree = tree_of(path)
    annotated = any(
        isinstance(node, ast.AnnAssign) or (isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns)
        for node in ast.walk(tree)
    )
    future = any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" and node.names[0].name == "annotations"
        for node in tree.body
    )
    assert future or not annotated, f"{label(path)} lacks `from __future__ import annotations`"


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_the_source_parses_as_python_39(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), filename=str(path), feature_version=(3, 9))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("try:\n    pass\nexcept:\n    pass\n", "bare except"),
        ("print(1)\n", "print()"),
        ("assert True\n", "assert"),
        ("open('x')\n", "encoding="),
        ("open('x', 'w')\n", "encoding="),
        ("p.open('r')\n", "encoding="),
        ("p.read_text()\n", "encoding="),
        ("p.write_text('x')\n", "encoding="),
        ("import subprocess\n", "imports subprocess"),
        ("from xml.etree import ElementTree\n", "imports xml.etree"),
    ],
)
def test_the_rule_check_itself_finds_a_fault(
    source: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / "x.py"
    file.write_text(source, encoding="utf-8")
    assert any(fault in found for found in _faults(file))


@pytest.mark.parametrize(
    "source", ["open('x', 'rb')\n", "open('x', encoding='utf-8')\n", "Image.open(p)\n", "read_text(text)\n"]
)
def test_the_rule_check_itself_lets_plain_code_pass(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / "x.py"
    file.write_text(source, encoding="utf-8")
    assert list(_faults(file)) == []


#: Words that say where a parcel stands or whether an act counts. They mean something only beside the other acts.
STANDING_WORDS = {"未提报", "已判定", "已复核", "退回", "改判", "被拆分", "superseded", "undone"}
#: The list of words itself, and the second account that a verification holds against the first (its own code on purpose).
MAY_NAME_THEM = {"model/words.py", "filing/ledger.py"}
#: What of a decision means something only in the order of acts, and who may ask for it: those who read it and those who write it.
ORDER_OF_ACTS = {"sequence", "previous"}
MAY_WALK_ACTS = {"judgment/standing.py", "judgment/decisions.py", "judgment/recording.py"}


def _standing_words(path: Path) -> Iterator[int]:
    """Lines that name such a word as a text of its own; titles that go through ``tr`` and keys of a menu are not meant."""
    tree = tree_of(path)
    shown = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr"
        for argument in ast.walk(node)
    }
    titles = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key is not None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in STANDING_WORDS and id(node) not in shown | titles:
            yield node.lineno


def test_where_a_parcel_stands_is_told_in_one_place() -> None:
    """A state or the decision in force is asked of ``judgment/standing.py``; nobody compares the words or walks the acts again."""
    wrong = [
        f"{label(path)}:{line} names a state or status; take it from judgment.standing or model.words"
        for path in all_source_files()
        if label(path) not in MAY_NAME_THEM
        for line in _standing_words(path)
    ]
    wrong += [
        f"{label(path)}:{node.lineno} walks a history; judgment.standing does"
        for path in source_files(*STEPS, "gui", "pipeline", "algorithms")
        if label(path) not in MAY_WALK_ACTS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ORDER_OF_ACTS
        and getattr(node.value, "id", "") == "decision"
    ]
    assert not wrong


#: A function is read in one look: its lines, its parameters but ``self`` and ``cls``.
MOST_LINES, MOST_PARAMETERS = 50, 6


def functions_of(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int, int]]:
    """Every function with its number of lines and of parameters."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            given = node.args
            names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield node, lines, sum(name not in ("self", "cls") for name in names)


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_no_function_is_longer_or_asks_for_more_than_can_be_read_in_one_look(path: Path) -> None:
    found = [
        f"{label(path)}:{node.lineno} {node.name}: {lines} lines, {parameters} parameters"
        for node, lines, parameters in functions_of(tree_of(path))
        if lines > MOST_LINES or parameters > MOST_PARAMETERS
    ]
    assert found == []


#: Who may speak with the YAML library: the bounded reader, the reader into records, what keeps places in a text, what writes.
WITH_YAML = {
    "model/yaml_files.py", "model/typed_yaml.py", "judgment/yaml_lines.py", "formats/yaml_edit.py", "formats/catalogue.py",
    "formats/catalogue_file.py", "intake/corrections.py", "pipeline/county_rules.py", "sample/layers.py",
}  # fmt: skip
#: Who may read YAML as plain values: texts that are edited in place and must keep what they do not know.
AS_PLAIN_VALUES = {"formats/catalogue_file.py", "pipeline/county_rules.py"}


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_files_of_settings_are_read_into_records(path: Path) -> None:
    imports = {name.partition(".")[0] for _, name in imported_modules(path)}
    assert "yaml" not in imports or label(path) in WITH_YAML
    assert "yaml_files.load(" not in path.read_text(encoding="utf-8") or label(path) in AS_PLAIN_VALUES


#: A fault of the plugin itself, for who maintains it: the class and words of the error are what is wanted.
OF_THE_PLUGIN_ITSELF = {"judgment/engine.py"}


def words_of_errors(tree: ast.Module) -> Iterator[int]:
    """Lines where a sentence for people is given the words of a caught error: ``Message("code", {"reason": str(error)})``."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None:
            continue
        for call in ast.walk(handler):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in ("Message", "WeipianError")
            ):
                yield from (given.lineno for given in ast.walk(call) if _is_text_of(given, handler.name))


def _is_text_of(node: ast.AST, name: str) -> bool:
    """``str(name)``, ``repr(name)``, ``one_line(name)``, ``{name}`` in a formatted text, or ``name.args``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr", "one_line"):
        return any(isinstance(given, ast.Name) and given.id == name for given in node.args)
    inner = node.value if isinstance(node, (ast.FormattedValue, ast.Attribute)) else None
    if isinstance(node, ast.Attribute) and node.attr not in ("args", "strerror"):
        return False
    return isinstance(inner, ast.Name) and inner.id == name


@pytest.mark.parametrize("path", all_source_files(), ids=label)
def test_no_sentence_for_people_carries_the_words_of_a_library(path: Path) -> None:
    assert label(path) in OF_THE_PLUGIN_ITSELF or list(words_of_errors(tree_of(path))) == []


def test_the_words_of_an_error_in_a_sentence_are_found() -> None:
    text = "try:\n    x()\nexcept OSError as error:\n    raise WeipianError('a.b', reason={}) from error\n"
    for given in ("str(error)", "f'{error}'", "str(error)[:9]", "one_line(error)", "error.args[0]", "error.strerror"):
        assert list(words_of_errors(ast.parse(text.format(given)))) == [4], given
    for given in ("error", "cause_of(error)", "error.code"):
        assert list(words_of_errors(ast.parse(text.format(given)))) == [], given
