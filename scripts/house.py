"""Where things are in a checkout, and how QGIS is started on it. For the other scripts; Debian's Python is enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BUILD = REPOSITORY / ".build"
PACKAGE = "weipian_plugin"
#: What stands beside the package in a checkout and inside it in an installed plugin.
BESIDE = ("metadata.txt", "LICENSE", "resources", "forms")
#: The pages for people, for F1; a checkout finds them beside the package.
PAGES = ("manual", "first-hour", "troubleshooting", "errors", "team", "field", "administrators", "rules", "reliability")
MANUAL = (*(f"docs/{name}.md" for name in PAGES), "docs/images")
#: Never part of the plugin.
LEFT_OUT = re.compile(r"(^|/)(__pycache__|\.(?!bandit$)[^/]*|[^/]*\.py[co]|[^/]*\.orig|[^/]*~|\.~lock[^/]*)(/|$)")


def plugin_files() -> list[tuple[Path, str]]:
    """Every file of the plugin with its name inside the plugin folder, in a fixed order. Translations are compiled."""
    compile_translations()
    found = []
    for name in (PACKAGE, *BESIDE, *MANUAL):
        top = REPOSITORY / name
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
        for file in files:
            inside = file.relative_to(top if name == PACKAGE else REPOSITORY).as_posix()
            if not LEFT_OUT.search(inside):
                found.append((file, inside))
    return sorted(found, key=lambda item: item[1])


def compile_translations() -> None:
    """Qt reads .qm files: each .ts under resources/ gets one beside it when it is newer."""
    for source in sorted((REPOSITORY / "resources").rglob("*.ts")):
        compiled = source.with_suffix(".qm")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        tools = (Path("/usr/lib/qt5/bin/lrelease"), Path("/usr/lib/qt6/bin/lrelease"))
        tool = next((str(path) for path in tools if path.exists()), None) or shutil.which("lrelease")
        if tool is None:
            raise SystemExit("lrelease is missing (Debian: qttools5-dev-tools); run make setup")
        subprocess.run([tool, "-silent", str(source), "-qm", str(compiled)], check=True)


def stage_checkout() -> Path:
    """A plugin folder as the zip would install it, made of links into the checkout: edits are seen at once.

    Returns the folder to name in QGIS_PLUGINPATH.
    """
    compile_translations()
    plugins = BUILD / "plugins"
    stage = plugins / PACKAGE
    stage.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in (REPOSITORY / PACKAGE).iterdir() if path.name != "__pycache__"}
    wanted.update({name: REPOSITORY / name for name in BESIDE if (REPOSITORY / name).exists()})
    for link in stage.iterdir():
        if link.is_symlink() and link.name not in wanted:
            link.unlink()
    for name, target in wanted.items():
        link = stage / name
        relative = Path(os.path.relpath(target, stage))
        if not (link.is_symlink() and link.readlink() == relative):
            link.unlink(missing_ok=True)
            link.symlink_to(relative)
    return plugins


def site_packages() -> Path:
    """The packages of the venv. QGIS starts Debian's Python, which does not know the venv by itself.

    WEIPIAN_SITE_PACKAGES names another folder, such as one with what a Windows installer brings and nothing else.
    """
    if os.environ.get("WEIPIAN_SITE_PACKAGES"):
        return Path(os.environ["WEIPIAN_SITE_PACKAGES"])
    if sys.prefix != sys.base_prefix:
        return Path(sysconfig.get_path("purelib"))
    found = sorted((REPOSITORY / ".venv" / "lib").glob("python3.*/site-packages"))
    if not found:
        raise SystemExit(".venv is missing: run make setup")
    return found[-1]


def write_profile(profile: Path, *, plugin: str = PACKAGE, with_language: bool = True) -> None:
    """A profile of QGIS with the plugin enabled, in Chinese and without first-run windows. An existing one is kept."""
    settings = profile / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    if settings.exists():
        return
    settings.parent.mkdir(parents=True, exist_ok=True)
    language = "[locale]\noverrideFlag=true\nuserLocale=zh-Hans\n\n" if with_language else ""
    settings.write_text(
        f"[PythonPlugins]\n{plugin}=true\n\n{language}"
        "[app]\nfirstRunVersionFlag=999999\n\n"
        "[qgis]\ncheckVersion=false\nshowTips322=false\nshowTips344=false\n",
        encoding="utf-8",
    )


def qgis_environment(plugins: Path, profile: Path, *, screen: bool = False) -> dict[str, str]:
    """Environment in which QGIS finds the plugin and the packages, and touches no profile but the one given."""
    environment = dict(os.environ)
    environment.update(
        QGIS_PLUGINPATH=str(plugins),
        QGIS_CUSTOM_CONFIG_PATH=str(profile),
        PYTHONPATH=str(site_packages()),
        PYTHONNOUSERSITE="1",
        PYTHONDONTWRITEBYTECODE="1",
    )
    if not environment.get("LC_ALL") and not environment.get("LANG"):
        environment["LC_ALL"] = "C.UTF-8"  # Chinese file names need a UTF-8 locale
    if not screen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    if not environment.get("XDG_RUNTIME_DIR"):
        runtime = BUILD / "runtime"
        runtime.mkdir(parents=True, exist_ok=True)
        runtime.chmod(0o700)
        environment["XDG_RUNTIME_DIR"] = str(runtime)
    return environment


def qgis_process_program() -> str:
    """Debian 12's wrapper `qgis_process` passes an option that the program refuses: prefer the program itself."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        raise SystemExit("qgis_process is missing: run make setup")
    return program


def checkout_environment() -> dict[str, str]:
    """Environment for QGIS without a screen, on this checkout, with the profile in .build/."""
    profile = BUILD / "profile"
    write_profile(profile)
    return qgis_environment(stage_checkout(), profile)


def run_algorithm(
    algorithm: str, parameters: dict[str, str], *, json: bool = False, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """One algorithm through the real qgis_process; its output is captured, nothing is raised."""
    command = [qgis_process_program(), *(["--json"] if json else []), "run", algorithm, "--"]
    command += [f"{name}={value}" for name, value in parameters.items()]
    return subprocess.run(
        command,
        env=environment or checkout_environment(),
        text=True,
        encoding="utf-8",
        errors="replace",
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit("this file is used by the other scripts; see make help")
