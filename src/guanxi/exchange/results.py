"""How single lines went, in words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from guanxi.exchange.models import Import, ImportLine, Outcome
from guanxi.exchange.targets import targets
from guanxi.kernel import registry
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import capital

TITLE = 200
#: Different reasons that are told apart while a file is tried; most files have a few.
DIFFERENT = 2_000
SAID = 10


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


def say(spec: Spec, errors: Mapping[str, Sequence[str]]) -> str:
    """The refusals of one row as a sentence each, with the field's name in front."""
    found = []
    for path, texts in errors.items():
        label = capital(_label(spec, path))
        for text in dict.fromkeys(texts):
            found.append(
                _("%(field)s: %(reason)s") % {"field": label, "reason": text} if label else text
            )
    return " ".join(found)


class Reasons:
    """How many lines of a trial went some way for the same reason."""

    def __init__(self) -> None:
        self._found: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, results: Iterable[Result]) -> None:
        for result in results:
            known = self._found[result.outcome.value]
            if result.reason and (len(known) < DIFFERENT or result.reason in known):
                known[result.reason] += 1

    def most(self) -> dict[str, list[tuple[str, int]]]:
        """{outcome: [(reason, lines)]}, most first, of those that more than one line has."""
        return {
            outcome: [(reason, n) for reason, n in found.most_common(SAID) if n > 1]
            for outcome, found in self._found.items()
        }


def reasons_of(imported: Import, outcome: str, *, trial: bool) -> list[tuple[str, int]]:
    """The same of an import: those of the trial were counted then."""
    if trial:
        return [(reason, n) for reason, n in imported.reasons.get(outcome, ())]
    found = ImportLine.objects.filter(run=imported, trial=False, outcome=outcome).exclude(reason="")
    counted = found.values("reason").annotate(n=Count("id")).filter(n__gt=1)
    return list(counted.order_by("-n", "reason").values_list("reason", "n")[:SAID])


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
