"""What a PostgreSQL server reports, as errors with a sentence: by its codes (SQLSTATE), never by the words of its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..model.errors import WeipianError

#: SQLSTATE, or the first letters of its class, and the code that says the same to people. Source: PostgreSQL 15, Appendix A.
_CODES: Mapping[str, str] = {
    "55P03": "workspace.locked",  # lock_not_available
    "57014": "workspace.locked",  # query_canceled by a time limit
    "40": "workspace.locked",  # transaction rollback: deadlock, serialization
    "42501": "workspace.not_permitted",  # insufficient_privilege, also of a row-level rule
    "25006": "workspace.not_permitted",  # read_only_sql_transaction
    "WP001": "workspace.journal_refused",  # of our own triggers
    "53": "workspace.server_full",  # insufficient resources
    "58": "workspace.server_full",  # system error, I/O
    "28": "workspace.server_refused",  # invalid authorization
    "3D000": "workspace.server_refused",  # no such database
    "3F000": "workspace.missing",  # no such schema
    "42P01": "workspace.damaged",  # no such table
    "42703": "workspace.damaged",  # no such column
    "XX": "workspace.damaged",  # internal error, data corrupted
}
#: Server shut down or not yet up, connection exceptions.
_LOST = ("57P", "08")


def is_lost(error: BaseException) -> bool:
    """Whether a connection is gone, or was never made because no server answered."""
    psycopg2 = _driver()
    code = getattr(error, "pgcode", None)
    if code is not None:
        return any(code.startswith(start) for start in _LOST)
    # Without a code nothing came from the server: the driver found the connection broken, and gives it one of three names.
    return (
        isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)) or type(error) is psycopg2.DatabaseError
    )


@contextmanager
def coded(place: str) -> Iterator[None]:
    """Raise what the server reports with a sentence. A broken rule of the data (``IntegrityError``) goes on as it is."""
    psycopg2 = _driver()
    try:
        yield
    except psycopg2.IntegrityError:
        raise
    except psycopg2.Error as error:
        raise translated(error, place) from error


def translated(error: Any, place: str) -> WeipianError:
    """The error with a sentence for what the server reported about the workspace ``place``."""
    if is_lost(error):
        return WeipianError("workspace.server_lost", path=place)
    state = getattr(error, "pgcode", None) or ""
    code = next((code for start, code in _CODES.items() if state.startswith(start)), "workspace.server_failed")
    if code == "workspace.server_failed":
        return WeipianError(code, path=place, state=state or "—")
    return WeipianError(code, path=place)


def login_fault(error: object, place: str) -> WeipianError:
    """Why a connection could not be made. libpq gives no code then: its words are looked at, which the server sends untranslated in part."""
    text = str(error).lower()
    if "could not translate host name" in text:  # no network, or no such server: Name or service not known
        return WeipianError("workspace.server_lost", path=place)
    if any(word in text for word in ("password", "authentication", "pg_hba", "role ", "service", "does not exist")):
        return WeipianError("workspace.server_refused", path=place)
    return WeipianError("workspace.server_lost", path=place)


def _driver() -> Any:
    import psycopg2  # type: ignore[import-untyped]

    return psycopg2
