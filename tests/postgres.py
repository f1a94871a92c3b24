"""A PostgreSQL server of one's own: for as long as a test or a measurement needs it, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def server(**settings: str) -> Iterator[dict[str, str]]:
    """The libpq variables that name a fresh server with these settings; {} where PostgreSQL is not installed or does not start."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    if not programs:
        yield {}
        return
    place = Path(tempfile.mkdtemp(prefix="weipian-pg-", dir="/tmp"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # PostgreSQL refuses to run as root
    if user:
        shutil.chown(place, "postgres")
    control, data = str(programs[-1] / "pg_ctl"), str(place / "data")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/tmp"}
    wanted = {"max_worker_processes": "8", "fsync": "off", **settings}
    options = f"-c listen_addresses= -k {place} " + " ".join(f"-c {name}={value}" for name, value in wanted.items())
    try:
        subprocess.run(
            [*user, str(programs[-1] / "initdb"), "-D", data, "-U", "weipian", "-A", "trust", "-E", "UTF8"],
            check=True,
            **quiet,
        )
        subprocess.run([*user, control, "-D", data, "-o", options, "-w", "start"], check=True, **quiet)
        started = True
    except (subprocess.CalledProcessError, OSError):
        started = False
    try:
        yield {"PGHOST": str(place), "PGUSER": "weipian", "PGDATABASE": "postgres"} if started else {}
    finally:
        subprocess.run([*user, control, "-D", data, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(place, ignore_errors=True)
