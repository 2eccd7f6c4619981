"""Writes what the invented people did, under their names and on the days they did it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from guanxi.kernel.actor import Actor, Rights
from guanxi.kernel.change import change_many
from guanxi.kernel.models import Batch
from guanxi.kernel.record import Part, Record
from guanxi.people.organisation import stamp

CHUNK = 500
SURFACE = "demo"
Tell = Callable[[int], None]


@dataclass
class Act:
    """One change of one record: by whom, when, and the values it sets. A new record is created."""

    record: Record
    at: datetime
    by: str
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    verb: str = ""
    event: str = ""


@dataclass
class History:
    """`people`: name -> id, growing as they are made. `tell` hears how many acts were written."""

    batch: Batch
    tell: Tell
    people: dict[str, int] = field(default_factory=dict)
    _authors: dict[str, Actor] = field(default_factory=dict)

    def write(self, acts: Sequence[Act]) -> list[Act]:
        """Writes acts in chunks, each in one transaction; returns those that were refused."""
        refused = []
        for start in range(0, len(acts), CHUNK):
            chunk = acts[start : start + CHUNK]
            with transaction.atomic():
                refused += self._write_chunk(chunk)
            self.tell(len(chunk))
        return refused

    def _write_chunk(self, acts: Sequence[Act]) -> list[Act]:
        # Without a stamp nothing is remembered, and every row asks for the custom fields anew.
        stamp()
        now = timezone.now()
        many = change_many(self.author(""), [act.record for act in acts], batch=self.batch)
        for edit, act in zip(many.edits, acts, strict=True):
            edit.at, edit.by = min(act.at, now), self.author(act.by)
            edit.verb, edit.event = act.verb or edit.verb, act.event or edit.event
            for name, value in act.values.items():
                setattr(act.record, name, value)
            for name, rows in act.parts.items():
                edit.set_parts(name, rows)
        faulty = {id(edit.record) for edit in many.write()}
        return [act for act in acts if id(act.record) in faulty]

    def author(self, name: str) -> Actor:
        """The person of this name; without one, whoever makes the demo."""
        if name not in self._authors:
            rights, person = Rights(everything=True), self.people.get(name)
            self._authors[name] = Actor(
                person,
                name or self.batch.actor,
                rights,
                book=self.batch.book,
                surface=SURFACE,
            )
        return self._authors[name]
