"""Computing aside and writing in one short transaction: nobody waits while a step reads, decodes and computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional, TypeVar

from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message
from ..workspace import Workspace

Result = TypeVar("Result")

#: So often a result is made because a colleague changed what it was made from; then the step gives up, and nothing of it is written.
_ATTEMPTS = 5


def settle(
    store: Workspace,
    feedback: Feedback,
    basis: Callable[[], object],
    compute: Callable[[Optional[Result]], Result],
    write: Callable[[Result], None],
) -> Result:
    """``compute`` without any lock, then ``write`` in one transaction if ``basis`` is still what it was, else again.

    ``basis``: what the result depends on, as a value that can be compared; it is asked again only where somebody has written meanwhile.
    ``compute``: is given the outdated result, None at first, so that it need not make all of it anew. ``write`` keeps what people did.
    Raises ``run.never_settled``.
    """
    outdated: Optional[Result] = None
    for _ in range(_ATTEMPTS):
        seen, made_from = store.data_version(), basis()
        result = compute(outdated)
        with store.transaction():
            if store.data_version() == seen or basis() == made_from:
                write(result)
                return result
        feedback.report(Message("run.made_again"), "warning")
        outdated = result
    raise WeipianError("run.never_settled", path=store.name, attempts=_ATTEMPTS)
