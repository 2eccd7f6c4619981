"""How single lines went, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.models import Import, ImportLine, Outcome
from guanxi.exchange.reading import show
from guanxi.exchange.targets import targets
from guanxi.kernel import registry
from guanxi.kernel.spec import Spec

TITLE = 200


@dataclass
class Result:
    """How one line went. `record` names it where there is one, else `text`."""

    line: int
    outcome: Outcome
    reason: str = ""
    record: Any = None
    text: str = ""

    @property
    def title(self) -> str:
        return (registry.title_of(self.record) if self.record is not None else self.text)[:TITLE]


def first_text(cells: Sequence[Any]) -> str:
    """What a row without a record is called in lists: its first filled cell."""
    return next((text for cell in cells if (text := show(cell).strip())), "")[:TITLE]


def say(spec: Spec, errors: Mapping[str, Sequence[str]]) -> str:
    """The refusals of one row as a sentence each, with the field's name in front."""
    found = []
    for path, texts in errors.items():
        label = _label(spec, path)
        for text in dict.fromkeys(texts):
            found.append(
                _("%(field)s: %(reason)s") % {"field": label, "reason": text} if label else text
            )
    return " ".join(found)


def _label(spec: Spec, path: str) -> str:
    known = targets(spec)
    if path in known:
        return str(known[path].label)
    head, _dot, rest = path.partition(".")
    parts = spec.part(head)
    if parts is not None:
        name = rest.rpartition(".")[2]
        fields = {one.name: one for one in parts.model._meta.fields}
        return str(fields[name].verbose_name if name in fields else parts.label)
    fields = {one.name: one for one in spec.model._meta.fields}
    return str(fields[path].verbose_name) if path in fields else ""


def not_taken(imported: Import, *, trial: bool = False) -> list[tuple[int, str, str]]:
    """(line, title, reason) of what was refused, skipped or could not be undone, by line."""
    wanted = (Outcome.REFUSED, Outcome.SKIPPED, Outcome.LEFT)
    found = ImportLine.objects.filter(run=imported, trial=trial, outcome__in=wanted)
    return list(found.order_by("line", "id").values_list("line", "title", "reason"))
