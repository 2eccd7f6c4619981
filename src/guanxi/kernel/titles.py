"""What a reader may call a record: its title, its masked title, or its number."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policies
from guanxi.kernel.record import Dictionary
from guanxi.kernel.spec import Spec


def title_for(actor: Actor, record: Any) -> str:
    spec = registry.spec(type(record))
    mine = scope.is_mine(spec, actor, record)
    return title_under(spec, record, title_policies(actor, spec)[0 if mine else 1])


def known_title(actor: Actor, record: Any) -> str:
    """The title, for use in a text others will read; "" where this person may not read it."""
    spec = registry.spec(type(record))
    mine = scope.is_mine(spec, actor, record)
    is_known = title_policies(actor, spec)[0 if mine else 1] >= Policy.READONLY
    return registry.title_of(record) if is_known else ""


def title_under(spec: Spec, record: Any, policy: Policy) -> str:
    text = registry.title_of(record)
    if policy >= Policy.READONLY:
        return text
    kind = spec.model._meta.get_field(spec.title).kind
    return kind.mask(text) if policy is Policy.MASKED else f"#{record.pk}"


def title_policies(actor: Actor, spec: Spec) -> tuple[Policy, Policy]:
    """(on my rows, on others' rows)"""
    return policies(actor, column(spec, spec.title))


def titles_of(actor: Actor, spec: Spec, ids: Iterable[int | None]) -> dict[int, str]:
    """id -> what this reader may call the row, whether or not it may be opened.

    Titles of short lists and of people are remembered, others are read in one query.
    """
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    if min(title_policies(actor, spec)) < Policy.READONLY:
        rows = spec.model._all.filter(pk__in=wanted)
        return {row.pk: title_for(actor, row) for row in rows}
    english = (get_language() or "").startswith("en")
    stamp = actor.rights.stamp
    known = _remembered(spec, stamp, english) if stamp and _moves_stamp(spec) else {}
    found = {one: known[one] for one in wanted if one in known}
    missing = wanted - found.keys()
    return (
        found | _read(spec, spec.model._all.filter(pk__in=missing), english) if missing else found
    )


def colours_of(actor: Actor, spec: Spec) -> dict[int, str]:
    """id -> colour of the terms of a short list that have one; a job does without."""
    stamp = actor.rights.stamp
    return _colours(spec, stamp) if stamp and issubclass(spec.model, Dictionary) else {}


@lru_cache(maxsize=256)
def _colours(spec: Spec, stamp: int) -> dict[int, str]:
    return dict(spec.model._all.exclude(colour="").values_list("pk", "colour"))


def _moves_stamp(spec: Spec) -> bool:
    """Whether writing a row makes every process forget what it remembers."""
    return spec.small or spec.key == "people.person"


@lru_cache(maxsize=512)
def _remembered(spec: Spec, stamp: int, english: bool) -> dict[int, str]:
    return _read(spec, spec.model._all.all(), english)


def _read(spec: Spec, rows: Any, english: bool) -> dict[int, str]:
    names = ["pk", spec.title] + (["name_en"] if english and _is_bilingual(spec.model) else [])
    said = spec.model._meta.get_field(spec.title).kind.as_title
    return {line[0]: said(line[-1] or line[1]) for line in rows.order_by().values_list(*names)}


def _is_bilingual(model: Any) -> bool:
    try:
        model._meta.get_field("name_en")
    except FieldDoesNotExist:
        return False
    return True
