"""mypy --strict on the plugin (part of `make lint`); in what needs QGIS, Qt's own values count as anything (pyproject.toml)."""

from __future__ import annotations

import subprocess
import sys

from house import PACKAGE, REPOSITORY

PLAIN = (
    "model", "native", "geodesy", "formats", "office", "workspace",
    "intake", "overlay", "judgment", "evidence", "filing", "oversight", "sample", "pipeline", "toolbelt", "algorithms", "gui", "plugin",
)  # fmt: skip


def main() -> int:
    missing = [
        name
        for name in PLAIN
        if not (path := REPOSITORY.joinpath(PACKAGE, *name.split("."))).is_dir()
        and not path.with_suffix(".py").is_file()
    ]
    if missing:
        print(f"not in {PACKAGE}: {', '.join(missing)}", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "mypy"]
    for name in PLAIN:
        command += ["-p", f"{PACKAGE}.{name}"]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
