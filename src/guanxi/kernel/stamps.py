"""Which state of organisation, dictionaries and custom fields the work at hand goes by.

`people` notes the stamp wherever it reads or moves it; each request and each job reads it anew.
What is remembered for a whole process is remembered by this stamp.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

#: Nothing noted: nothing may be remembered.
NONE = 0
_stamp: ContextVar[int] = ContextVar("stamp", default=NONE)


def note(stamp: int) -> None:
    _stamp.set(stamp)


def noted() -> int:
    return _stamp.get()


def remembered(most: int) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Keeps what a function answers, up to `most` of it, until the stamp moves; where none is
    noted it is asked each time."""

    def decorate(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
        kept: Callable[..., Answer] = lru_cache(maxsize=most)(
            lambda _stamp, *given, **named: ask(*given, **named)
        )

        @wraps(ask)
        def answer(*given: Given.args, **named: Given.kwargs) -> Answer:
            at = noted()
            return ask(*given, **named) if at == NONE else kept(at, *given, **named)

        return answer

    return decorate
