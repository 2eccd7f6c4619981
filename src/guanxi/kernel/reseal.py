"""Sealing everything again with the first key, after it has been put before the older ones."""

from collections.abc import Iterator

from django.db import transaction

from guanxi.kernel import registry
from guanxi.kernel.errors import Wrong
from guanxi.kernel.fields import Encrypted
from guanxi.kernel.record import open_door
from guanxi.kernel.sealing import Sealed, fingerprint
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import next_rows

CHUNK = 500


def sealed_fields(spec: Spec) -> list[str]:
    return [field.name for field in spec.model._meta.fields if isinstance(field, Encrypted)]


def reseal() -> Iterator[tuple[Spec, int, int]]:
    """(object, values sealed anew, values no key opens) of every object that has such fields."""
    for spec in registry.specs():
        names = sealed_fields(spec)
        if names:
            yield (spec, *_reseal(spec, names))


def _reseal(spec: Spec, names: list[str]) -> tuple[int, int]:
    done = left = last = 0
    while True:
        with transaction.atomic():
            rows = next_rows(spec, ["id", *names], after=last, limit=CHUNK)
            if not rows:
                return done, left
            for row in rows:
                for name in names:
                    value = getattr(row, name)
                    if isinstance(value, Sealed):
                        opened = _again(spec, row.pk, name, value)
                        done, left = done + opened, left + (not opened)
            last = rows[-1].pk


def _again(spec: Spec, pk: int, name: str, value: Sealed) -> bool:
    """The same text under the first key; no edit of the record, so neither version nor journal."""
    try:
        text = value.open()
    except Wrong:
        return False
    with open_door():
        spec.model._all.filter(pk=pk).update(**{name: text, f"{name}_mark": fingerprint(text)})
    return True
