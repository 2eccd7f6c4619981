"""Every way in for a new record, as `guanxi.testing.doors` has them for changes.

A door takes a `Making` and returns the sentence of refusal, "" when the record was made, None when
it can't be asked for here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from guanxi.exchange.jobs import importer
from guanxi.exchange.run import Waiting, run_import
from guanxi.exchange.upload import take_file
from guanxi.kernel import kinds
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.registry import spec as spec_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import create_record
from guanxi.people.models import Person
from guanxi.testing.doors import told_on_form
from guanxi.testing.html import read
from guanxi.testing.imports import reasons
from guanxi.testing.people import SYSTEM, actor, api_client, browser

#: Objects that have a composer beside their form, and what it asks.
COMPOSERS = {"activities.communication": "/communications/quick/"}


@dataclass(frozen=True)
class Making:
    """`person` wants a record of `values` (path -> text), one of which is not acceptable."""

    person: Person
    spec: Spec
    values: Mapping[str, str]
    language: str


Door = Callable[[Making], str | None]
MAKING: dict[str, Door] = {}


def door(name: str) -> Callable[[Door], Door]:
    def register(function: Door) -> Door:
        MAKING[name] = function
        return function

    return register


@door("kernel")
def by_kernel(making: Making) -> str:
    with translation.override(making.language):
        try:
            create_record(actor(making.person), making.spec, dict(making.values))
        except Invalid as invalid:
            return " ".join(text for texts in invalid.errors.values() for text in texts)
        except Refused as refused:
            return refused.message
    return ""


@door("form")
def by_form(making: Making) -> str:
    return _by_page(making, f"/{making.spec.path}/new/")


@door("composer")
def by_composer(making: Making) -> str | None:
    """记一笔: a call written down in passing."""
    url = COMPOSERS.get(making.spec.key)
    if url is None or not set(making.values) <= _asked(making, url):
        return None
    return _by_page(making, url)


def _asked(making: Making, url: str) -> set[str]:
    page = browser(making.person).get(url, dict(making.values))
    return {control["name"] for control in page.context["fields"]}


def _by_page(making: Making, url: str) -> str:
    client = browser(making.person, language=making.language)
    sent = read(client.get(url, dict(making.values))).form(url).values()
    answer = client.post(url, sent | dict(making.values))
    return told_on_form(answer) if answer.status_code == 422 else ""


@door("api")
def by_api(making: Making) -> str:
    client = api_client(making.person, language=making.language)
    url = f"/api/v1/{making.spec.path}"
    answer = client.post(url, dict(making.values), content_type="application/json")
    if answer.status_code == 201:
        return ""
    problem = answer.json()
    told = [error["message"] for error in problem.get("errors", ())]
    return " ".join([*told, problem["detail"]])


@door("import")
def by_import(making: Making) -> str | None:
    """Files name linked rows by their title; blank cells are as good as none."""
    cells = {path: _in_file(making, path, text) for path, text in making.values.items()}
    head, line = ",".join(cells), ",".join(f'"{text}"' for text in cells.values())
    who = importer(making.person.pk)
    with translation.override(making.language):
        imported = take_file(who, making.spec, "table.csv", [f"{head}\n{line}\n".encode()])
        imported.mapping = {str(index): path for index, path in enumerate(cells)}
        imported.options |= {"mode": "new"}
        imported.save()
        run_import(who, imported, Waiting())
        return " ".join(reasons(imported).values())


def _in_file(making: Making, path: str, text: str) -> str:
    kind: Any = column(making.spec, path).kind
    if not isinstance(kind, kinds.LinkKind) or whole_number(text) is None:
        return text
    target = spec_of(kind.to)
    row = target.model.rows(SYSTEM).filter(pk=int(text)).first()
    return text if row is None else str(getattr(row, target.title))
