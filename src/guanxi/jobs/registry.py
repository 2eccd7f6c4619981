"""The kinds of work this installation knows. An app declares its own in its `jobs.py`."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Work = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    lane: str
    function: Work
    title: str | Promise
    page: str = ""

    def check_arguments(self, arguments: Mapping[str, Any]) -> None:
        """Raises TypeError when the function could not be called with `arguments`."""
        try:
            inspect.signature(self.function).bind(None, **arguments)
        except TypeError as fault:
            raise TypeError(f"job {self.name}: {fault}") from fault


KINDS: dict[str, Kind] = {}


#: Told of each job with a page that has ended.
ENDS: list[Callable[[Any], None]] = []


def on_end(function: Callable[[Any], None]) -> None:
    """Has `function(job)` called for each job with a page that ended, by who ran it."""
    if function not in ENDS:
        ENDS.append(function)


def job(
    name: str, *, lane: str = "quick", title: str | Promise = "", page: str = ""
) -> Callable[[Work], Work]:
    """Registers `function(run, **arguments)` under `name`, as in `exchange.import`.

    `page` is where whoever began it finds the result, such as "/import/{import_id}/".

    `lane` is "quick" (seconds) or "bulk" (minutes, in chunks with `run.safe_point()` between).
    The function goes on from `run.cursor`, and what it returns is kept as the job's result:
    plain JSON values. A second function under the same name is a ValueError.
    """
    if lane not in ("quick", "bulk"):
        raise ValueError(f"job {name}: no lane {lane!r}")

    def register(function: Work) -> Work:
        known = KINDS.get(name)
        if known and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"job {name} is declared twice")
        KINDS[name] = Kind(name=name, lane=lane, function=function, title=title or name, page=page)
        return function

    return register


def get_kind(name: str) -> Kind:
    """Raises LookupError for a name nobody declared."""
    if name not in KINDS:
        raise LookupError(f"no job is named {name!r}; is its module switched on?")
    return KINDS[name]
