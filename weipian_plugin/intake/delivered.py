"""A delivery as a whole: how it was read, and how many features and rows of registers became what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DeliveryCounts:
    """``features`` = ``accepted`` + ``refused``; ``register_rows`` = ``register_joined`` + ``register_refused``."""

    features: int
    accepted: int
    refused: int
    register_rows: int = 0
    register_joined: int = 0
    register_refused: int = 0

    @property
    def close(self) -> bool:
        """Whether everything read was either taken or rejected."""
        rows = self.register_joined + self.register_refused
        return self.features == self.accepted + self.refused and self.register_rows == rows


@dataclass(frozen=True)
class DeliveredBatch:
    """Several values of one file each are joined by ``+`` in the order of the alphabet; ``kind``: ``land``, ``mining`` or both.

    ``crs_certain``: False where a system was found out from coordinates. ``register_only``: a register without shapes, which speaks of
    some parcels and never says that the others are gone. ``renamed``: number given for other land → number as delivered.
    """

    name: str
    kind: str
    source: str
    sha256: str
    encoding: str
    crs: str
    crs_certain: bool
    unit: str
    family: str
    counts: DeliveryCounts
    compared_with_earlier: bool = False
    register_only: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
