"""Which state of organisation, dictionaries and custom fields the work at hand goes by.

`people` notes the stamp wherever it reads or moves it; each request and each job reads it anew.
What is remembered for a whole process is remembered by this stamp.
"""

from contextvars import ContextVar

#: Nothing noted: nothing may be remembered.
NONE = 0
_stamp: ContextVar[int] = ContextVar("stamp", default=NONE)


def note(stamp: int) -> None:
    _stamp.set(stamp)


def noted() -> int:
    return _stamp.get()
