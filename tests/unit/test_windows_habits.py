"""What differs on Windows and can be asked for anywhere: the locale's encoding, the running program, names of people in paths."""

from __future__ import annotations

import ast
import os
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

#: The chain without QGIS, where ``open()`` without an encoding is GBK.
IN_GBK = """
import builtins, io, sys
from pathlib import Path
real = io.open
def gbk(file, mode="r", buffering=-1, encoding=None, *rest, **named):
    if "b" not in mode and encoding in (None, "locale"):
        encoding = "gbk"
    return real(file, mode, buffering, encoding, *rest, **named)
builtins.open = io.open = gbk
from tests.drill import desk
from weipian_plugin.workspace import Workspace
plan = desk.judged(Path(sys.argv[1]), 3)
desk.tabulate(plan)
packages = list(desk.export(plan.workspace, plan.workspace.parent / "卷宗", desk.numbers_of(plan.workspace)))
import getpass
sys.stdout.reconfigure(encoding="utf-8")
with Workspace.open(plan.workspace) as store:
    print(store.count("parcel"), len(packages), getpass.getuser())
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


def test_the_chain_runs_where_the_locale_is_cp936_and_the_user_is_chinese(tmp_path: Path) -> None:
    """Python is told that texts are in GBK unless somebody says otherwise, as on a Chinese Windows without UTF-8 mode."""
    home = tmp_path / "Users" / "张三"
    home.mkdir(parents=True)
    environment = {
        **os.environ,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "USER": "张三",
        "USERNAME": "张三",
        "LOGNAME": "张三",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_GBK, str(home / "卫片 成果")], capture_output=True, text=True, timeout=280,
        cwd=REPOSITORY, encoding="utf-8", env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["3", "3", "张三"]


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
