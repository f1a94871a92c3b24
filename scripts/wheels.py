"""The Python packages for a QGIS that lacks some of them, without internet (`make wheels`): one zip for each Python and system.

A person chooses the zip with the button on the plugin's first page (toolbelt/package_zip.py says what happens then). The versions are
those of the Windows installer with which the tests run; numpy is left out, because QGIS's own modules hang on theirs. The SHA-256 of
every wheel stands in resources/packages/wheels.txt, which the plugin carries: `make wheels` refuses other files, and
`make wheels WHEELS=--record` writes that list anew. WHEELS='py312-win_amd64' makes only what it names.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from house import BUILD, PACKAGE, REPOSITORY
from package import STAMP, version

STOCK = REPOSITORY / "requirements" / "sets" / "windows-3.44.8.txt"
LIST = REPOSITORY / "resources" / "packages" / "wheels.txt"
LEFT_OUT = {"numpy"}
#: pip's names of each system.
SYSTEMS = {
    "py312-win_amd64": ["--python-version=3.12", "--platform=win_amd64"],
    "py311-linux_x86_64": [
        "--python-version=3.11",
        "--platform=manylinux_2_28_x86_64",
        "--platform=manylinux2014_x86_64",
    ],
    "py312-linux_x86_64": [
        "--python-version=3.12",
        "--platform=manylinux_2_28_x86_64",
        "--platform=manylinux2014_x86_64",
    ],
    "py313-linux_x86_64": [
        "--python-version=3.13",
        "--platform=manylinux_2_28_x86_64",
        "--platform=manylinux2014_x86_64",
    ],
}
HEADING = (
    "# SHA-256, system and file name of every wheel in the package zips. Written by `make wheels WHEELS=--record`.\n"
)


def stock() -> list[str]:
    """`name==version` of what the Windows installer brings, without numpy."""
    text = STOCK.read_text(encoding="utf-8").partition("# tools")[0]
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line for line in lines if line.partition("==")[0].lower() not in LEFT_OUT]


def fetched(system: str) -> list[Path]:
    """The wheels of one system, in .build/packages."""
    folder = BUILD / "packages" / system
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-qq", "--no-deps"]
    subprocess.run([*command, "--only-binary=:all:", "--dest", str(folder), *SYSTEMS[system], *stock()], check=True)
    wanted = {line.partition("==")[0].lower().replace("-", "_"): line.partition("==")[2] for line in stock()}
    kept = []
    for wheel in sorted(folder.glob("*.whl")):
        name, found = wheel.name.split("-")[:2]
        if wanted.get(name.lower()) == found:
            kept.append(wheel)
        else:
            wheel.unlink()  # of an earlier list
    return kept


def digest(wheel: Path) -> str:
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def instruction(name: str) -> str:
    """The plugin's own words (toolbelt/packages.py), which can only be imported inside of QGIS."""
    source = (REPOSITORY / PACKAGE / "toolbelt" / "packages.py").read_text(encoding="utf-8")
    values = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(target := node.targets[0], ast.Name)
        and target.id == "INSTRUCTION"
    }
    complete = (
        (REPOSITORY / PACKAGE / "model" / "packages.py").read_text(encoding="utf-8").split('COMPLETE_SINCE = "')[1]
    )
    steps = [step.format(complete=complete.partition('"')[0], zip=name) for step in values["INSTRUCTION"]]
    return "\r\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)) + "\r\n"


def pack(system: str, wheels: list[Path]) -> Path:
    """dist/weipian-packages-<version>-<system>.zip: the wheels as they are, and the instruction."""
    target = REPOSITORY / "dist" / f"weipian-packages-{version()}-{system}.zip"
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        archive.writestr(zipfile.ZipInfo("说明.txt", STAMP), ("\ufeff" + instruction(target.name)).encode("utf-8"))
        for wheel in wheels:
            with archive.open(zipfile.ZipInfo(f"wheels/{wheel.name}", STAMP), "w") as sink, wheel.open("rb") as source:
                shutil.copyfileobj(source, sink)
    return unfinished.replace(target)


def main() -> int:
    asked = os.environ.get("WHEELS", "").split()
    record = "--record" in asked
    systems = [system for system in SYSTEMS if system in asked] or list(SYSTEMS)
    found = {(system, wheel.name): wheel for system in systems for wheel in fetched(system)}
    if record:
        rows = sorted(f"{digest(wheel)}  {system}  {name}" for (system, name), wheel in found.items())
        LIST.parent.mkdir(exist_ok=True)
        LIST.write_text(HEADING + "\n".join(sorted(rows, key=lambda row: row.split()[1:])) + "\n", encoding="ascii")
    rows = [line.split() for line in LIST.read_text(encoding="ascii").splitlines() if not line.startswith("#")]
    known = {(system, name): value for value, system, name in rows}
    wrong = [name for key, wheel in found.items() if known.get(key) != digest(wheel) for name in (wheel.name,)]
    if wrong:
        print(f"not as {LIST.relative_to(REPOSITORY)} says: {', '.join(wrong)}", file=sys.stderr)
        return 1
    for system in systems:
        made = pack(system, [wheel for (where, _), wheel in found.items() if where == system])
        print(f"{made.relative_to(REPOSITORY)}: {made.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
