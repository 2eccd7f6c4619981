"""Sealing everything again with the first key, after it has been put before the older ones.

What lies sealed is found by the class of its column (`fields.Encrypted`, `sealing.SealedText`), so
there is no list to forget something on; the journal keeps values of `Encrypted` ones, too.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction

from guanxi.kernel import registry
from guanxi.kernel.errors import Wrong
from guanxi.kernel.fields import Encrypted
from guanxi.kernel.models import Payload
from guanxi.kernel.record import open_door
from guanxi.kernel.sealing import Sealed, SealedText, fingerprint, seal

CHUNK = 500


@dataclass
class Resealed:
    """One table: how many values were sealed anew, and how many no key opens."""

    label: str
    done: int = 0
    left: int = 0

    def again(self, token: str) -> str:
        """The same text under the first key; the token itself where no key opens it."""
        try:
            fresh = seal(Sealed(token).open())
        except Wrong:
            self.left += 1
            return token
        self.done += 1
        return fresh


def sealed_fields(model: Any) -> list[Any]:
    return [one for one in model._meta.fields if isinstance(one, (Encrypted, SealedText))]


def reseal() -> Iterator[Resealed]:
    """Every table with sealed columns, one after the other, and the journal."""
    for model in apps.get_models():
        columns = sealed_fields(model)
        if columns:
            yield _reseal(model, columns)
    yield _reseal_journal()


def _reseal(model: Any, columns: list[Any]) -> Resealed:
    told = Resealed(model._meta.label_lower)
    names = [column.name for column in columns]
    for rows in _chunks(model._base_manager.only("pk", *names)):
        for row in rows:
            _reseal_row(row, columns, told)
    return told


def _reseal_row(row: Any, columns: list[Any], told: Resealed) -> None:
    """No edit of the record, so neither version nor journal."""
    fresh = {}
    for column in columns:
        value = getattr(row, column.name)
        if not value:
            continue
        token = value.token if isinstance(value, Sealed) else value
        again = told.again(token)
        if again == token:
            continue
        fresh[column.name] = Sealed(again) if isinstance(column, Encrypted) else again
        if isinstance(column, Encrypted):
            fresh[f"{column.name}_mark"] = fingerprint(Sealed(again).open())
    if fresh:
        with open_door():
            type(row)._base_manager.filter(pk=row.pk).update(**fresh)


def _reseal_journal() -> Resealed:
    """The values as they were, so that history and recycle bin need no older key either."""
    told = Resealed("kernel.payload")
    names = _journaled()
    found = Payload.objects.filter(change__object__in=names)
    for rows in _chunks(found.select_related("change")):
        for row in rows:
            fresh = _again_within(row.diff, names[row.change.object], told)
            if fresh != row.diff:
                Payload.objects.filter(pk=row.pk).update(diff=fresh)
    return told


def _journaled() -> dict[str, set[str]]:
    """{object: names of its sealed columns, and of those of its child rows}"""
    found = {}
    for spec in registry.specs():
        models = [spec.model, *(parts.model for parts in spec.parts)]
        names = {column.name for model in models for column in sealed_fields(model)}
        if names:
            found[spec.key] = names
    return found


def _again_within(value: Any, names: Collection[str], told: Resealed, *, here: bool = False) -> Any:
    """The same JSON, its texts below one of the names sealed anew."""
    if isinstance(value, Mapping):
        return {
            key: _again_within(one, names, told, here=here or key in names)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_again_within(one, names, told, here=here) for one in value]
    return told.again(value) if here and isinstance(value, str) and value else value


def _chunks(found: Any) -> Iterator[list[Any]]:
    """The rows by their key, each chunk locked until it is written."""
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                found.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:CHUNK]
            )
            if not rows:
                return
            yield rows
            last = rows[-1].pk
