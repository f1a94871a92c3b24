"""Passwords and keys in connection texts and addresses are masked, wherever such a text leaves the plugin.

One function for all ways out: messages and errors mask their details when they are made, tables and manifests what they write of a
source. The name of a stored login (``authcfg``) is no secret and stays. In doubt a text is masked: what is lost is a few letters.
"""

from __future__ import annotations

import re

MASK = "***"

_WORDS = (
    r"(?:[\w.-]*?(?:password|passwd|passphrase|passwort|pwd|secret|token|credentials?|signature|密码|口令|密钥)"
    r"|[\w.-]*?(?:api|access|account|shared|secret|private|subscription|auth|license|app|map|server|client|user|tile)[_.-]?key(?:[_.-]?id)?"
    r"|(?:tk|key|ak|sk|sig|pw|pass|sas|api_?id|authkey|jsessionid))"
)
#: A value in quotes or braces, or up to a white space or the next name of its kind of text (``&`` in addresses, ``;`` and ``,`` elsewhere).
_VALUE = (
    r"(?:'(?:\\.|''|[^'\\])*'|\"(?:\\.|\"\"|[^\"\\])*\"|\{[^}]*\}"
    r"|(?:(?!&amp;|%26|[;&,|]\s*[\w .-]{1,40}?(?:=|%3D))[^\s'\"<>])+)"
)
_START = r"(?:(?<![\w.-])|(?<=%26)|(?<=%3F))"
_PAIR = re.compile(rf"{_START}(?P<name>['\"]?{_WORDS}['\"]?\s*(?:=|%3D)\s*)(?P<value>{_VALUE})", re.IGNORECASE)
#: ``password: x`` and ``"token": "x"``; the short words mean too much else in front of a colon.
_ENTRY = re.compile(
    r"(?<![\w.-])(?P<name>['\"]?[\w.-]*?(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|access[_.-]?key|密码|口令|密钥)['\"]?\s*[:：]\s*)"
    rf"(?P<value>{_VALUE})",
    re.IGNORECASE,
)
#: ``user:password@`` of an address, up to the last ``@``; also percent-encoded inside another address.
_LOGIN = re.compile(
    r"(?P<name>(?:://|%3A%2F%2F)[^\s/:@'\"?&%]*(?::|%3A))(?P<value>[^\s'\"<>]*)(?=@|%40)", re.IGNORECASE
)
#: Oracle and ODBC write ``user/password@place``.
_SLASHED = re.compile(
    r"(?P<name>\b(?:OCI|ODBC|GEORASTER|GEOR):\s*[^\s/@,;]*/)(?P<value>[^\s@]+)(?=@|$|\s)", re.IGNORECASE
)
#: ``SDE:server,instance,database,user,password``.
_LISTED = re.compile(r"(?P<name>\bSDE:(?:[^,\s]*,){4})(?P<value>[^,\s]+)", re.IGNORECASE)
_HEADER = re.compile(r"(?P<name>\b(?:Bearer|Basic|Digest)\s+)(?P<value>[A-Za-z0-9+/._~=-]{6,})")
_ALL = (_LOGIN, _SLASHED, _LISTED, _PAIR, _ENTRY, _HEADER)
#: Without one of these a text holds nothing that could be masked; most texts are recognised by this alone.
_SIGN = re.compile(r"[=@：]|%3D|%40|\w['\"]?\s*:|Bearer|Basic|Digest|OCI|ODBC|GEOR", re.IGNORECASE)


def masked(text: str) -> str:
    """``text`` with ``***`` in place of every password, key and token; anything else as it was. Masking twice changes nothing."""
    if not _SIGN.search(text):
        return text
    for pattern in _ALL:
        text = pattern.sub(_mask, text)
    return text


def _mask(found: re.Match[str]) -> str:
    value = found["value"]
    if not value or value == MASK or "authcfg" in found["name"].lower():
        return found[0]
    quote = value[0] if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0] else ""
    return f"{found['name']}{quote}{MASK}{quote}"


def masked_values(value: object) -> object:
    """The same for texts inside lists, tuples and mappings."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, (list, tuple)):
        return type(value)(masked_values(item) for item in value) if type(value) in (list, tuple) else value
    if isinstance(value, dict):
        return {key: masked_values(item) for key, item in value.items()}
    return value
