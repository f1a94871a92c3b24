"""Resolve requirements/*.in and write the exact versions, transitive ones included (`make lock`).

Versions that are locked already are kept, so that a new requirement changes nothing else; `--upgrade` takes the newest of all.

locked.txt is for this machine's Python (Debian 12, QGIS 3.22); locked-344.txt for Python 3.13 (Debian 13, QGIS 3.40 and 3.44);
sets/*.txt for the packages that a QGIS brings along, each with the tools of the tests.
Packages that Debian already brought are locked all the same: a fresh machine may lack them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
REQUIREMENTS = REPOSITORY / "requirements"

HEADER = "# Written by `make lock` from runtime.in and develop.in for Python {python}: change those, not this file.\n"
#: What tests/qgis needs on the second QGIS; tools that only check or measure stay on the first.
NOT_ON_344 = {
    "bandit",
    "detect-secrets",
    "mutmut",
    "mypy",
    "pandas-stubs",
    "ruff",
    "types-PyYAML",
    "types-openpyxl",
    "vermin",
    "vulture",
}


def resolve(python: Path, sources: list[Path], extra: list[str]) -> list[str]:
    """`name==version` lines of everything pip would install, found without installing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-qq"]
        command += ["--dry-run", "--ignore-installed", "--report", str(report), *extra]
        for source in sources:
            command += ["--requirement", str(source)]
        subprocess.run(command, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    names = [f"{item['metadata']['name']}=={item['metadata']['version']}" for item in found]
    return sorted(names, key=str.lower)


def kept(name: str) -> list[str]:
    """Options that hold pip to the versions of a lock that is there."""
    lock = REQUIREMENTS / name
    return [] if "--upgrade" in sys.argv or not lock.is_file() else ["--constraint", str(lock)]


def write(name: str, python: str, lines: list[str]) -> None:
    (REQUIREMENTS / name).write_text(HEADER.format(python=python) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"requirements/{name}: {len(lines)} packages")


def for_313(source: Path, folder: Path, left_out: set[str] = frozenset()) -> Path:
    """A copy of a list for Python 3.13: markers are evaluated for the running Python, not for --python-version."""
    copy = folder / f"{source.stem}-313.in"
    lines = source.read_text(encoding="utf-8").splitlines()
    kept_lines = [line.partition(";")[0] for line in lines if '< "3.13"' not in line and line.strip() not in left_out]
    copy.write_text("\n".join(kept_lines) + "\n", encoding="utf-8")
    return copy


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        venv.create(folder, with_pip=True)  # without Debian's packages in sight
        python = folder / "bin" / "python"
        runtime, develop = REQUIREMENTS / "runtime.in", REQUIREMENTS / "develop.in"
        write("locked.txt", "3.11", resolve(python, [runtime, develop], kept("locked.txt")))

        options = ["--only-binary=:all:", "--python-version=3.13", "--target", str(folder / "unused")]
        tools = for_313(develop, folder, NOT_ON_344)
        lines = resolve(python, [for_313(runtime, folder), tools], [*options, *kept("locked-344.txt")])
        write("locked-344.txt", "3.13", lines)

        for source in sorted((REQUIREMENTS / "sets").glob("*.in")):
            name = f"sets/{source.stem}.txt"
            stock = resolve(python, [source], [*options, *kept(name)])
            everything = resolve(python, [source, tools], [*options, *kept(name)])
            besides = [line for line in everything if line not in stock]
            write(name, "3.13", ["# stock: as the installer has them", *stock, "# tools: of the tests", *besides])


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("run this with the Python of Debian 12 (make lock)")
    main()
