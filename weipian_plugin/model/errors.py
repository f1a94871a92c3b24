"""The one exception family of the plugin.

An error carries a stable code and the details of the case; its sentence (what is wrong, where, what to do) is data under
``resources/messages`` in Chinese and English, so that steps stay free of any translation machinery.
"""

from __future__ import annotations

from .causes import cause_of
from .messages import Message, render


class WeipianError(Exception):
    """Something the user can act upon.

    ``code`` is stable across releases (``step.what_is_wrong``); ``details`` fill the placeholders of its sentence. An exception among them
    becomes its cause in our own words (:func:`.causes.cause_of`).
    """

    def __init__(self, code: str, **details: object) -> None:
        stated = {
            name: cause_of(value) if isinstance(value, BaseException) else value for name, value in details.items()
        }
        self.message = Message(code, stated)
        super().__init__(code)

    @property
    def code(self) -> str:
        return self.message.code

    def text(self, language: str = "zh") -> str:
        """The sentence in ``language`` (``zh`` or ``en``)."""
        return render(self.message, language)

    def renamed(self, place: str, shown: str) -> WeipianError:
        """The same error with a file's ``place`` on disk replaced by the name under which people know it."""
        details = {
            key: value.replace(place, shown) if isinstance(value, str) else value
            for key, value in self.message.details.items()
        }
        return WeipianError(self.code, **details)

    def __str__(self) -> str:
        return self.text()


class Cancelled(WeipianError):
    """The user stopped the run; nothing was committed."""

    def __init__(self) -> None:
        super().__init__("run.cancelled")


def text_of(problem: BaseException, language: str = "zh") -> str:
    """What a window says of an error of any kind: its own sentence, or its cause in our words; never a library's text."""
    return problem.text(language) if isinstance(problem, WeipianError) else render(cause_of(problem), language)
