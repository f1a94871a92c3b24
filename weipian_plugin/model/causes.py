"""What a library or the system complained about, in words of our own: their English never stands inside a sentence for people.

The original error stays in the chain (``raise … from error``) and in the log.
"""

from __future__ import annotations

import errno
import lzma
import zipfile
import zlib
from typing import Any

from .messages import Message
from .yaml_files import YamlError

_BY_NUMBER = {
    errno.EACCES: "run.cause_permission",
    errno.EPERM: "run.cause_permission",
    errno.EROFS: "run.cause_read_only",
    errno.ENOENT: "run.cause_missing",
    errno.ENOTDIR: "run.cause_no_folder",
    errno.EISDIR: "run.cause_folder",
    errno.EEXIST: "run.cause_exists",
    errno.ENOTEMPTY: "run.cause_exists",
    errno.ENOSPC: "run.cause_full",
    errno.EDQUOT: "run.cause_full",
    errno.ENAMETOOLONG: "run.cause_long_name",
    errno.EBUSY: "run.cause_held",
    errno.ETIMEDOUT: "run.cause_time",
}
#: By class; the first that fits. Classes of libraries that may be absent are recognised by their names below.
_BY_CLASS: tuple[tuple[type[BaseException], str], ...] = (
    (PermissionError, "run.cause_permission"),
    (FileNotFoundError, "run.cause_missing"),
    (TimeoutError, "run.cause_time"),
    (UnicodeError, "run.cause_encoding"),
    (MemoryError, "run.cause_memory"),
    (RecursionError, "run.cause_deep"),
    (zipfile.BadZipFile, "run.cause_damaged"),
    (zlib.error, "run.cause_damaged"),
    (lzma.LZMAError, "run.cause_damaged"),
    (EOFError, "run.cause_damaged"),
)
_BY_NAME = {
    "UnidentifiedImageError": "run.cause_no_image",
    "DecompressionBombError": "run.cause_too_large",
    "InvalidFileException": "run.cause_damaged",
    "XMLSyntaxError": "run.cause_damaged",
    "ParseError": "run.cause_damaged",
}


def cause_of(error: BaseException) -> Message:
    """The reason of an error as a message, to be a detail of another one."""
    if isinstance(error, YamlError):
        return Message(error.code, error.details)
    mark = getattr(error, "problem_mark", None)
    if mark is not None:  # a YAML error: line and column count from 0
        return Message("run.cause_yaml", {"line": mark.line + 1, "column": mark.column + 1})
    line = getattr(error, "lineno", None)
    if line is not None and type(error).__module__.startswith("jinja2"):
        return Message("run.cause_template", {"line": line})
    number: Any = getattr(error, "errno", None)
    if number in _BY_NUMBER:
        return Message(_BY_NUMBER[number])
    named = _BY_NAME.get(type(error).__name__)
    if named is not None:
        return Message(named)
    code = next((code for kind, code in _BY_CLASS if isinstance(error, kind)), None)
    if code is None:
        code = "run.cause_io" if isinstance(error, OSError) else "run.cause_content"
    return Message(code)
