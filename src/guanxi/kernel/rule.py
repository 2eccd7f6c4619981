"""Marks a rule function as an act people can do: its button, its address, its form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RuleInfo:
    """`asks`: fields of the model the act asks for (a trailing * = required); `when`: a question
    of the model; `in_list`: offered at the end of each row of the list, too; `opens`: may be done
    on a row that can only be viewed (`Spec.locked`), its `change()` says so as well; `says`:
    called with (actor, record), what the act would do now."""

    name: str
    label: Any
    verb: str
    asks: tuple[str, ...]
    required: frozenset[str]
    when: str
    icon: str
    done: Any
    danger: bool
    in_list: bool
    opens: bool
    says: Callable[..., str] | None


def info_of(function: Callable[..., Any]) -> RuleInfo:
    return function.info  # type: ignore[attr-defined]


def rule_named(spec: Any, name: str) -> Callable[..., Any] | None:
    """The act of an object by the verb of its function, such as "win"."""
    return next((one for one in spec.actions if info_of(one).name == name), None)


def opens(spec: Any, name: str) -> bool:
    """Whether the act of this name may be done on a locked row."""
    function = rule_named(spec, name)
    return function is not None and info_of(function).opens


def rule(
    label: Any,
    *,
    verb: str = "edit",
    asks: str = "",
    when: str = "",
    icon: str = "check",
    done: Any = "",
    danger: bool = False,
    in_list: bool = False,
    opens: bool = False,
    says: Callable[..., str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`@rule(_("Win"), asks="closed_on* won_reason")` on `win_opportunity(actor, record, *, ...)`.

    The address is the verb of the function's name: /opportunities/7/win/.
    """
    names = asks.split()

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.info = RuleInfo(  # type: ignore[attr-defined]
            name=function.__name__.partition("_")[0],
            label=label,
            verb=verb,
            asks=tuple(name.rstrip("*") for name in names),
            required=frozenset(name.rstrip("*") for name in names if name.endswith("*")),
            when=when,
            icon=icon,
            done=done,
            danger=danger,
            in_list=in_list,
            opens=opens,
            says=says,
        )
        return function

    return mark
