"""Every way in for a change, so that one wish can be tried at all of them.

A door takes a `Wish` and returns what it answers: the sentence of refusal, "" when it let the
change in, None when such a change can't be asked for here. Later doors join with `@door("name")`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import translation

from guanxi.exchange.jobs import importer
from guanxi.exchange.run import Waiting, run_import
from guanxi.exchange.upload import take_file
from guanxi.kernel import kinds
from guanxi.kernel.change import Many
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.journal import open_batch
from guanxi.kernel.registry import spec as spec_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import apply_reading, edit_record, read_values
from guanxi.people.models import Person
from guanxi.testing.html import read
from guanxi.testing.imports import reasons
from guanxi.testing.objects.forms import controls
from guanxi.testing.people import SYSTEM, actor, api_client, browser


@dataclass(frozen=True)
class Wish:
    """`person` wants `path` of `record` to become `text`; `version` is what they have seen."""

    person: Person
    record: Any
    path: str
    text: str
    version: int
    language: str

    @property
    def spec(self) -> Spec:
        return spec_of(type(self.record))

    @property
    def stale(self) -> bool:
        return self.version != self.record.version

    def url(self, *steps: Any) -> str:
        return "/".join(["", self.spec.path, *map(str, steps), ""])

    def fresh(self) -> Any:
        return self.spec.model.rows(actor(self.person)).get(pk=self.record.pk)

    def client(self) -> Client:
        return browser(self.person, language=self.language)


Door = Callable[[Wish], str | None]
DOORS: dict[str, Door] = {}


def door(name: str) -> Callable[[Door], Door]:
    def register(function: Door) -> Door:
        DOORS[name] = function
        return function

    return register


@door("kernel")
def by_kernel(wish: Wish) -> str:
    """What jobs, rules and automation call: the sentence all others must repeat."""
    with translation.override(wish.language):
        record = wish.fresh()
        record.version = wish.version
        try:
            edit_record(actor(wish.person), record, {wish.path: wish.text})
        except Invalid as invalid:
            return " ".join(text for texts in invalid.errors.values() for text in texts)
        except Refused as refused:
            return refused.message
    return ""


@door("batch")
def by_batch(wish: Wish) -> str | None:
    """Many records at once, as jobs write them."""
    if wish.spec.ruled_by(wish.path):
        return None
    who, record = actor(wish.person), wish.fresh()
    record.version = wish.version
    with translation.override(wish.language):
        reading = read_values(who, wish.spec, {wish.path: wish.text}, record=record)
        many = Many(who, [record], verb="edit", batch=open_batch(who, wish.spec, kind="test"))
        apply_reading(many.edits[0], reading)
        faulty = many.write()
    return " ".join(text for edit in faulty for texts in edit.errors.values() for text in texts)


@door("form")
def by_form(wish: Wish) -> str:
    client, url = wish.client(), wish.url(wish.record.pk, "edit")
    sent = read(client.get(url)).form(url).values()
    answer = client.post(url, sent | {wish.path: wish.text, "version": wish.version})
    if answer.status_code == 409:
        return read(answer).text()
    return told_on_form(answer) if answer.status_code == 422 else ""


def told_on_form(answer: Any) -> str:
    """What a form says at its controls and above them."""
    fields = answer.context.get("fields") or controls(answer).values()
    told = [item["text"] for item in answer.context["error_list"]]
    return " ".join([*filter(None, (control.get("error") for control in fields)), *told])


@door("fact")
def by_fact(wish: Wish) -> str:
    """One fact edited in place on the record page."""
    sent = {wish.path: wish.text, "version": wish.version}
    answer = wish.client().post(wish.url(wish.record.pk, "field", wish.path), sent)
    return "" if answer.status_code == 303 else read(answer).text()


@door("board")
def by_board(wish: Wish) -> str | None:
    if wish.spec.board is None or wish.path != wish.spec.board.by:
        return None
    sent = {"stage": wish.text, "version": wish.version}
    answer = wish.client().post(wish.url(wish.record.pk, "move"), sent)
    return answer.json().get("error", "")


@door("stage bar")
def by_stage_bar(wish: Wish) -> str | None:
    if wish.spec.board is None or wish.path != wish.spec.board.by:
        return None
    sent = {"stage": wish.text, "version": wish.version}
    answer = wish.client().post(wish.url(wish.record.pk, "stage"), sent)
    return "" if answer.status_code == 303 else read(answer).text()


@door("bulk edit")
def by_bulk_edit(wish: Wish) -> str | None:
    """An empty control means "leave as it is" there, and rows are read afresh."""
    if wish.path not in wish.spec.bulk_edit or not wish.text.strip() or wish.stale:
        return None
    client, sent = wish.client(), {"tick": wish.record.pk, "confirmed": "1", wish.path: wish.text}
    answer = client.post(wish.url("bulk", "edit"), sent)
    return read(client.get(answer["Location"])).text()


@door("api")
def by_api(wish: Wish) -> str:
    """A program that has seen this version; text is taken for every field."""
    answer = api_client(wish.person, language=wish.language).patch(
        f"/api/v1/{wish.spec.path}/{wish.record.pk}",
        {wish.path: wish.text},
        content_type="application/json",
        headers={"If-Match": f'"{wish.version}"'},
    )
    if answer.status_code == 200:
        return ""
    problem = answer.json()
    told = [error["message"] for error in problem.get("errors", ())]
    return " ".join([*told, problem["detail"]])


def _in_file(wish: Wish) -> str:
    """Files name a linked row by its title; one that does not exist keeps its number.

    Of stages called alike a file means the one of the record's own pipeline: a foreign one of
    that name can't be asked for.
    """
    kind = column(wish.spec, wish.path).kind
    if not isinstance(kind, kinds.LinkKind) or whole_number(wish.text) is None:
        return wish.text
    target = spec_of(kind.to)
    row = target.model.rows(SYSTEM).filter(pk=int(wish.text)).first()
    if row is None:
        return wish.text
    board, title = wish.spec.board, str(getattr(row, target.title))
    if board is not None and board.by == wish.path and board.within:
        own = {f"{board.within}_id": getattr(wish.record, f"{board.within}_id")}
        if target.model.rows(SYSTEM).filter(**own, **{target.title: title}).exclude(pk=row.pk):
            return ""
    return title


@door("import")
def by_import(wish: Wish) -> str | None:
    """A file with the number of the record and the wish beside it.

    A blank cell means "leave as it is", and a file was never shown a version: rows are read
    afresh, and once more where somebody was quicker.
    """
    text = _in_file(wish)
    if wish.stale or not text.strip() or "number" not in wish.spec.import_key:
        return None
    table = f'number,wish\n"{wish.record.number}","{text}"\n'
    who = importer(wish.person.pk)
    with translation.override(wish.language):
        imported = take_file(who, wish.spec, "table.csv", [table.encode()])
        imported.mapping = {"0": "number", "1": wish.path}
        imported.options |= {"mode": "update"}
        imported.save()
        try:
            run_import(who, imported, Waiting())
        except Refused as refused:
            return refused.message
        return " ".join(reasons(imported).values())
