"""Write weipian_plugin/vendor from the wheels named in requirements/vendor.toml (`make vendor`; `--check` only compares).

The packages are imported under the plugin's own name: another plugin may have loaded another version of the same package, and
sys.path stays as QGIS has it. So every import of one vendored package by another becomes a relative one; nothing else is changed.
Wheels are fetched by pip into .build/vendor and believed only with the SHA-256 that the table names.
"""

from __future__ import annotations

import ast
import filecmp
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import tomllib
from house import BUILD, PACKAGE, REPOSITORY

TABLE = REPOSITORY / "requirements" / "vendor.toml"
TARGET = REPOSITORY / PACKAGE / "vendor"
WHEELS = BUILD / "vendor"
HEADING = (
    '"""Packages of others that no installer of QGIS carries; README.md names them. Written by `make vendor`."""\n'
)


@dataclass(frozen=True)
class Vendored:
    """One package of the table."""

    name: str
    version: str
    wheel: str
    sha256: str
    module: str
    licence: str
    purpose: str
    leave_out: list[str]
    licence_text: str = ""

    @property
    def root(self) -> str:
        """The name it is imported by."""
        return self.module.removesuffix(".py")


def table() -> list[Vendored]:
    return [Vendored(**entry) for entry in tomllib.loads(TABLE.read_text(encoding="utf-8"))["package"]]


def fetched(package: Vendored) -> Path:
    """The wheel, from .build/vendor or by pip. Raises SystemExit when it is another file than the table names."""
    wheel = WHEELS / package.wheel
    if not wheel.is_file():
        WHEELS.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--no-input",
            "-qq",
            "--no-deps",
        ]
        command += ["--only-binary=:all:", "--dest", str(WHEELS), f"{package.name}=={package.version}"]
        subprocess.run(command, check=True)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != package.sha256:
        wheel.unlink()
        raise SystemExit(f"{package.wheel} has the SHA-256 {found}, requirements/vendor.toml says {package.sha256}")
    return wheel


def wanted_files(package: Vendored, wheel: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Files of the package by their place below vendor/, and its licence."""
    left_out = {f"{package.module}/{part}" for part in package.leave_out}
    for name in sorted(wheel.namelist()):
        places = {name, *(str(parent) for parent in PurePosixPath(name).parents)}
        if package.module in places and not places & left_out and not name.endswith("/"):
            yield name, wheel.read(name)
    texts = [name for name in wheel.namelist() if re.search(r"\.dist-info/(licenses/)?LICEN[CS]E[^/]*$", name)]
    if package.licence_text:
        yield f"licences/{package.root}.txt", (TABLE.parent / "licences" / package.licence_text).read_bytes()
    elif texts:
        yield f"licences/{package.root}.txt", wheel.read(texts[0])
    else:
        raise SystemExit(f"{package.wheel} holds no licence: name one as licence_text")


def with_relative_imports(source: str, place: PurePosixPath, roots: set[str]) -> str:
    """``source`` of the file at ``place`` below vendor/, with imports of the vendored packages made relative."""
    dots = "." * len(place.parts)
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in roots:
            pattern, new = rf"from\s+{re.escape(node.module or '')}\b", f"from {dots}{node.module}"
        elif isinstance(node, ast.Import) and any(alias.name.split(".")[0] in roots for alias in node.names):
            (alias,) = node.names
            pattern, new = r"import\s.*", _import(alias, dots)
        else:
            continue
        row = node.lineno - 1
        head, tail = lines[row][: node.col_offset], lines[row][node.col_offset :]
        lines[row] = head + re.sub(pattern, new, tail, count=1)
    return "".join(lines)


def _import(alias: ast.alias, dots: str) -> str:
    """``import a.b as c`` and ``import a.b``, relative; the second binds ``a`` and makes sure that ``a.b`` is loaded."""
    parent, _, last = alias.name.rpartition(".")
    if alias.asname:
        return f"from {dots}{parent} import {last} as {alias.asname}"
    root = alias.name.split(".")[0]
    return f"from {dots} import {root}" + (f"; from {dots}{parent} import {last} as _{last}" if parent else "")


def write(folder: Path) -> None:
    """The whole vendor folder, new."""
    packages = table()
    roots = {package.root for package in packages}
    (folder / "licences").mkdir(parents=True)
    (folder / "__init__.py").write_text(HEADING, encoding="utf-8")
    (folder / "README.md").write_text(read_me(packages), encoding="utf-8")
    for package in packages:
        with zipfile.ZipFile(fetched(package)) as wheel:
            for name, content in wanted_files(package, wheel):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if name.endswith(".py"):
                    text = content.decode("utf-8").replace("\r\n", "\n")
                    content = with_relative_imports(text, PurePosixPath(name), roots).encode("utf-8")
                target.write_bytes(content)


def read_me(packages: list[Vendored]) -> str:
    rows = [
        f"| {p.name} | {p.version} | {p.licence} | {p.purpose} | {', '.join(f'`{part}`' for part in p.leave_out) or '—'} | `{p.wheel}` "
        f"`{p.sha256}` |"
        for p in packages
    ]
    return "\n".join(
        [
            "# Packages of others",
            "",
            "Pure Python that no installer of QGIS carries. Written by `make vendor` from `requirements/vendor.toml`; not edited by hand.",
            "Their imports of each other are made relative; nothing else is changed. Each licence is in `licences/`.",
            "",
            "| package | version | licence | what for | left out | wheel and its SHA-256 |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def differences(wanted: Path, found: Path) -> list[str]:
    """Files that differ, are missing or are too many, by their names below vendor/."""
    names = {
        file.relative_to(top).as_posix()
        for top in (wanted, found)
        for file in top.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    same = filecmp.cmpfiles(wanted, found, sorted(names), shallow=False)[0]
    return sorted(names - set(same))


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, "vendor")
        made.mkdir()
        write(made)
        different = differences(made, TARGET) if TARGET.is_dir() else ["everything"]
        if "--check" in sys.argv:
            print(
                "\n".join(
                    ["differs from requirements/vendor.toml (make vendor):", *different] if different else ["as made"]
                )
            )
            return 1 if different else 0
        if different:
            shutil.rmtree(TARGET, ignore_errors=True)
            shutil.copytree(made, TARGET)
        print(f"{TARGET.relative_to(REPOSITORY)}: {len(different)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
