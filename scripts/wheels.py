"""The Python packages for a desktop without internet (`make wheels`): folders of wheels with their hashes.

dist/wheels-linux-py311 serves Debian 12 with QGIS 3.22. For Windows, which has Python 3.9 or 3.12 inside QGIS:
    make wheels WHEELS='win_amd64:3.12'
An administrator copies a folder and runs, in the Python of QGIS,
    python -m pip install --no-index --find-links FOLDER --require-hashes -r FOLDER/requirements.txt
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from house import REPOSITORY

REQUIREMENTS = REPOSITORY / "requirements"


def runtime_versions() -> list[str]:
    """The lines of locked.txt that the plugin needs at run time, dependencies included."""
    asked = [re.split(r"[<>=;\[ ]", line)[0] for line in _lines("runtime.in")]
    report = subprocess.run(
        [sys.executable, "-c", _CLOSURE, *asked], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout.split()
    needed = {_normal(name) for name in report}
    return [line for line in _lines("locked.txt") if _normal(line.partition("==")[0]) in needed]


#: Walks the installed packages from the names given and prints all they require.
_CLOSURE = """
import re, sys
from importlib.metadata import PackageNotFoundError, requires
seen, todo = set(), list(sys.argv[1:])
while todo:
    name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
    if name in seen:
        continue
    seen.add(name)
    try:
        needs = requires(name) or []
    except PackageNotFoundError:
        continue
    todo += [re.match(r"[A-Za-z0-9._-]+", need).group() for need in needs if "extra ==" not in need]
print(*sorted(seen))
"""


def _lines(name: str) -> list[str]:
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def fetch(target: Path, options: list[str], versions: list[str]) -> None:
    """Fill `target` with one wheel a package and a requirements.txt with their hashes."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-qq"]
    command += ["--only-binary=:all:", "--no-deps", "--dest", str(target), *options, *versions]
    subprocess.run(command, check=True)
    lines = []
    for wheel in sorted(target.glob("*.whl"), key=lambda path: path.name.lower()):
        name, version = wheel.name.split("-")[:2]
        lines.append(
            f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
        )
    (target / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in target.iterdir()) / 1e6
    print(f"{target.relative_to(REPOSITORY)}: {len(lines)} packages, {size:.0f} MB")


def main() -> int:
    versions = runtime_versions()
    asked = os.environ.get("WHEELS", "").split()
    if not asked:
        tag = sysconfig.get_platform().replace("-", "_")
        fetch(REPOSITORY / "dist" / f"wheels-{tag}-py{sys.version_info[0]}{sys.version_info[1]}", [], versions)
    for item in asked:
        platform, _, python = item.partition(":")
        folder = REPOSITORY / "dist" / f"wheels-{platform}-py{python.replace('.', '')}"
        fetch(folder, [f"--platform={platform}", f"--python-version={python}"], versions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
