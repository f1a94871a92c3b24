"""Computing aside and writing in one short transaction: nobody waits while a step reads, decodes and computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..workspace import Workspace

Result = TypeVar("Result")

#: So often a result is made again because a colleague changed what it was made from; then the step keeps the others waiting.
_ATTEMPTS = 3


def settle(
    store: Workspace, basis: Callable[[], Any], compute: Callable[[], Result], write: Callable[[Result], None]
) -> Result:
    """``compute`` without any lock, then ``write`` in one transaction if ``basis`` is still what it was, else again.

    ``basis``: what the result depends on, as a value that can be compared; it is asked again only where somebody has written meanwhile.
    """
    for _ in range(_ATTEMPTS - 1):
        seen, made_from = store.data_version(), basis()
        result = compute()
        with store.transaction():
            if store.data_version() == seen or basis() == made_from:
                write(result)
                return result
    with store.transaction():
        result = compute()
        write(result)
        return result
