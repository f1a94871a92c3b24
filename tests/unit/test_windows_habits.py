"""What differs on Windows and can be asked for anywhere: the locale's encoding, the running program, names of people in paths."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "weipian_plugin"

#: A delivery is read, reported and filed; Python says where a text is opened in the locale's encoding (cp936 on Chinese Windows).
WORK = """
import sys, warnings
from pathlib import Path
warnings.filterwarnings("error", category=EncodingWarning, module=r"weipian_plugin\\.(?!vendor)")
from tests.unit.intake import builder as b
from weipian_plugin import intake
from weipian_plugin.intake import report
top = Path(sys.argv[1])
path = b.write_shapefile(top / "下发" / "图斑.shp", b.parcels(3))
taken = intake.read_delivery(path)
report.write_reports(taken, top / "报告")
print(len(taken.parcels))
"""


def test_no_text_is_opened_in_the_encoding_of_the_locale(tmp_path: Path) -> None:
    place = tmp_path / "张三 的文档"
    (place / "下发").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", WORK, str(place)], capture_output=True, text=True, timeout=240,
        cwd=REPOSITORY, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["3"]


def test_the_running_program_is_never_taken_for_python() -> None:
    """In QGIS on Windows sys.executable is qgis-bin.exe: starting it opens a second QGIS. One function looks for the real one."""
    users = [
        file.relative_to(PACKAGE).as_posix()
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.relative_to(PACKAGE).parts[0] != "vendor"
        and any(
            isinstance(node, ast.Attribute) and node.attr == "executable" and getattr(node.value, "id", "") == "sys"
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        )
    ]
    assert users == ["overlay/counties.py"]


def test_no_path_is_made_of_a_posix_folder() -> None:
    """/tmp, /dev and the like are nowhere on Windows."""
    wrong = [
        f"{file.relative_to(PACKAGE).as_posix()}:{node.lineno}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.relative_to(PACKAGE).parts[0] != "vendor" and file.name != "stamp.py"  # fonts are looked for everywhere
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(("/tmp", "/dev/", "/usr/", "/etc/", "/home/", "/var/"))
    ]
    assert wrong == []
