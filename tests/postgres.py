"""A PostgreSQL server of one's own: for as long as a test or a measurement needs it, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Server:
    """A server that can be stopped and started again. ``variables``: libpq's, which name it."""

    programs: Path
    place: Path
    options: str

    @property
    def variables(self) -> dict[str, str]:
        return {"PGHOST": str(self.place), "PGUSER": "weipian", "PGDATABASE": "postgres"}

    @property
    def dsn(self) -> str:
        return f"host={self.place} user=weipian dbname=postgres"

    def team_place(self, folder: Path | None = None, user: str = "weipian", schema: str = "") -> str:
        """The place of a team's workspace in a schema of its own."""
        beside = f" folder='{folder}'" if folder else ""
        return f"postgresql:host={self.place} user='{user}' dbname=postgres schema={schema or 'w' + uuid.uuid4().hex[:12]}{beside}"

    def run(self, program: str, *arguments: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # PostgreSQL refuses to run as root
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/tmp"}
        subprocess.run([*user, str(self.programs / program), *arguments], check=True, timeout=120, **quiet)

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.place / "data"), "-o", self.options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.place / "data"), "-m", mode, "stop")

    def sql(self, *statements: str) -> None:
        """As the owner of the server."""
        import psycopg2

        with contextlib.closing(psycopg2.connect(self.dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)


@contextlib.contextmanager
def running(**settings: str) -> Iterator[Server | None]:
    """A fresh server with these settings; None where PostgreSQL is not installed or does not start."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    if not programs:
        yield None
        return
    place = Path(tempfile.mkdtemp(prefix="weipian-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    wanted = {"max_worker_processes": "8", "fsync": "off", **settings}
    options = f"-c listen_addresses= -k {place} " + " ".join(f"-c {name}={value}" for name, value in wanted.items())
    found = Server(programs[-1], place, options)
    try:
        found.run("initdb", "-D", str(place / "data"), "-U", "weipian", "-A", "trust", "-E", "UTF8")
        found.start()
        started = True
    except (subprocess.SubprocessError, OSError):
        started = False
    try:
        yield found if started else None
    finally:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            found.stop()
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def server(**settings: str) -> Iterator[dict[str, str]]:
    """The libpq variables that name a fresh server with these settings; {} where PostgreSQL is not installed or does not start."""
    with running(**settings) as found:
        yield found.variables if found is not None else {}


@contextlib.contextmanager
def team_server(**settings: str) -> Iterator[Server | str]:
    """A fresh server with PostGIS; a reason for skipping where one of them, or psycopg2, is not there."""
    with running(**settings) as found:
        if found is None:
            yield "PostgreSQL is not installed"
            return
        try:
            found.sql("CREATE EXTENSION postgis")
            reason = ""
        except ImportError:
            reason = "psycopg2 is not installed"
        except Exception as error:
            reason = f"PostGIS is not installed ({error})"
        yield reason or found


@contextlib.contextmanager
def team_server_or_skip(**settings: str) -> Iterator[Server]:
    """The same for a fixture: what needs it is skipped, with the reason, where it is not there."""
    import pytest

    with team_server(**settings) as found:
        if isinstance(found, str):
            pytest.skip(found)
        yield found


@contextlib.contextmanager
def saved_in_qgis(name: str, server: Server, **values: str) -> Iterator[None]:
    """A connection to the server saved in QGIS under a name, as a person saves it; ``values``: its other settings."""
    from qgis.core import QgsProviderRegistry, QgsSettings

    store, prefix = QgsSettings(), f"PostgreSQL/connections/{name}/"
    for key, value in {"host": str(server.place), "database": "postgres", **values}.items():
        store.setValue(prefix + key, value)
    yield
    QgsProviderRegistry.instance().providerMetadata("postgres").deleteConnection(name)


#: What a person fills in who lets QGIS keep user and password with the connection.
KEPT = {"username": "weipian", "password": "GEHEIM123", "saveUsername": "true", "savePassword": "true"}
