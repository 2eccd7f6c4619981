"""What the address of a list asks for; every word is checked, none is ignored."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.api.catalogue import own_paths, part_names
from guanxi.api.problems import bad_request
from guanxi.kernel import query
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column, is_seen
from guanxi.kernel.errors import Wrong
from guanxi.kernel.paging import can_order
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import unscoped
from guanxi.kernel.text import whole_number
from guanxi.search.find import narrow

WORDS = ("q", "filter", "order", "page", "after", "page_size", "fields", "total", "void")
SIZE, MAX_SIZE, MAX_PAGE = 50, 200, 1_000_000
MAX_FIELDS, MAX_ORDER = 80, 4
LONGEST_TEXT = 200
VOID = ("no", "only", "all")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Asked:
    """`paths`: fields and child rows shown; `after`: a cursor, or ""; `number`: the page, from 1"""

    spec: Spec
    text: str
    node: query.Group
    order: tuple[str, ...]
    number: int
    after: str
    size: int
    paths: tuple[str, ...]
    total: bool
    void: str
    kept: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> list[str]:
        """The paths that are no child rows."""
        return [path for path in self.paths if self.spec.part(path) is None]

    def rows(self, actor: Actor) -> QuerySet:
        """What was asked for, filtered but not scoped."""
        found = unscoped(self.spec, actor).filter(query.compile_q(self.node))
        if self.void != "all":
            found = found.filter(voided_at__isnull=self.void == "no")
        return narrow(self.spec, actor, found, self.text) if self.text else found

    def next_address(self, path: str, cursor: str) -> str:
        return f"{path}?{urlencode([*self.kept, ('after', cursor)])}"


def asked_list(actor: Actor, spec: Spec, data: QueryDict) -> Asked:
    """Raises Problem 400 with the parameter that can't be used."""
    given = parameters(data, WORDS)
    if "page" in given and "after" in given:
        raise bad_request("two_places", _("Give page or after, not both."), field="page")
    return Asked(
        spec,
        text=_text(given.get("q", "")),
        node=_conditions(actor, spec, given.get("filter", "")),
        order=_order(actor, spec, given.get("order", "")),
        number=number_of(given, "page", low=1, high=MAX_PAGE, default=1),
        after=given.get("after", ""),
        size=number_of(given, "page_size", low=1, high=MAX_SIZE, default=SIZE),
        paths=asked_fields(actor, spec, given, parts=False),
        total=_flag(given.get("total", "")),
        void=_choice(given.get("void", "no"), VOID),
        kept=tuple((name, given[name]) for name in given if name not in ("page", "after")),
    )


def parameters(data: QueryDict, known: Sequence[str]) -> dict[str, str]:
    """The parameters of an address, each known and given once; raises Problem 400."""
    found = {}
    for name, values in data.lists():
        if name not in known:
            sentence = _("There is no parameter “%(name)s”. There are: %(known)s") % {
                "name": name[:80],
                "known": _(", ").join(known),
            }
            raise bad_request("unknown_parameter", sentence, field=name[:80])
        if len(values) > 1:
            raise bad_request("given_twice", _("This parameter is given twice."), field=name)
        if UNPRINTABLE.search(values[0]):
            sentence = _("This text holds control characters. Please type it again.")
            raise bad_request("control_characters", sentence, field=name)
        found[name] = str(values[0])
    return found


def asked_fields(
    actor: Actor, spec: Spec, given: dict[str, str], *, parts: bool
) -> tuple[str, ...]:
    """The paths to show: those named by `fields`, else all own ones (and child rows)."""
    text = given.get("fields", "")
    if not text.strip():
        return (*own_paths(actor, spec), *(part_names(actor, spec) if parts else ()))
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MAX_FIELDS:
        raise bad_request("too_many_fields", _("At most 80 fields."), field="fields")
    known = {*part_names(actor, spec)}
    for name in names:
        if name not in known and name not in ("id", "version"):
            _check_field(actor, spec, name)
    return tuple(dict.fromkeys(name for name in names if name not in ("id", "version")))


def _check_field(actor: Actor, spec: Spec, name: str) -> None:
    sentence = _("There is no field “%(path)s”.") % {"path": name[:80]}
    try:
        col = column(spec, name)
    except (Wrong, KeyError):
        raise bad_request("unknown_field", sentence, field="fields") from None
    if col.parts is not None or not is_seen(actor, col):
        raise bad_request("unknown_field", sentence, field="fields")


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        sentence = _("At most %(max)s characters; this has %(count)s.") % {
            "max": LONGEST_TEXT,
            "count": len(text),
        }
        raise bad_request("too_long", sentence, field="q")
    return text.strip()


def _conditions(actor: Actor, spec: Spec, text: str) -> query.Group:
    try:
        tree = json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        sentence = _('A filter is JSON, such as ["name", "contains", "…"].')
        raise bad_request("bad_filter", sentence, field="filter") from None
    if any(UNPRINTABLE.search(text) for text in _texts(tree)):
        sentence = _("This text holds control characters. Please type it again.")
        raise bad_request("control_characters", sentence, field="filter")
    try:
        return query.read(spec, tree, actor=actor)
    except Wrong as wrong:
        raise bad_request("bad_filter", wrong.message, field="filter") from None


def _texts(tree: Any) -> Iterator[str]:
    """Every text in a JSON value, however deep."""
    todo = [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            todo += item
        elif isinstance(item, dict):
            todo += [*item.keys(), *item.values()]


def _order(actor: Actor, spec: Spec, text: str) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MAX_ORDER:
        raise bad_request("bad_order", _("Order by at most four fields."), field="order")
    for name in names:
        if not can_order(spec, name, actor=actor):
            sentence = _("This can't be ordered by “%(name)s”.") % {"name": name[:80]}
            raise bad_request("bad_order", sentence, field="order")
    return tuple(names)


def number_of(given: dict[str, str], name: str, *, low: int, high: int, default: int) -> int:
    """A whole number of the address; raises Problem 400."""
    if name not in given:
        return default
    number = whole_number(given[name])
    if number is None or not low <= number <= high:
        sentence = _("Between %(min)s and %(max)s, please.") % {
            "min": f"{low:,}",
            "max": f"{high:,}",
        }
        raise bad_request("out_of_range", sentence, field=name)
    return number


def _flag(text: str) -> bool:
    if text not in ("", "0", "1"):
        raise bad_request("out_of_range", _("Write 1 or 0."), field="total")
    return text == "1"


def _choice(text: str, known: Sequence[str]) -> str:
    if text not in known:
        sentence = _("“%(text)s” is not one of the choices.") % {"text": text[:50]}
        raise bad_request("out_of_range", sentence, field="void")
    return text
