"""What a result was made from, as a short text: geometry and dates of the parcel, and the layers it was measured against.

``<parcel>-<layers>``, 16 hexadecimal figures each. The first half is compared before a result is used for a parcel again: a measure
of another shape, of other images or of another kind says nothing of the parcel as it is now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from .values import text_of

_LENGTH = 16


def parcel_fingerprint(geometry_digest: str, values: Iterable[object]) -> str:
    """Of the digest of a parcel's geometry, and what else changes a judgment: kind and image dates."""
    texts = [geometry_digest, *(text_of(value) for value in values)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_LENGTH]


def layers_fingerprint(layers: Iterable[tuple[str, str]]) -> str:
    """Of the layers a run used: (role, SHA-256 of the source) in any order."""
    lines = sorted(f"{role}\t{sha256}" for role, sha256 in layers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_LENGTH]


def joined(parcel: str, layers: str) -> str:
    """The fingerprint of a result."""
    return f"{parcel}-{layers}"


def is_of(fingerprint: object, parcel: str) -> bool:
    """Whether a result was made from the parcel as it is now; one without a fingerprint was not."""
    return isinstance(fingerprint, str) and fingerprint.partition("-")[0] == parcel
