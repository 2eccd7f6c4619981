"""From the names a file uses to the rows and codes they mean."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.exchange.targets import in_languages
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds import ChoiceKind
from guanxi.kernel.record import Dictionary
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import fold

WHOLE = 3_000
KEPT = 20_000
STEPS = re.compile(r"\s*[/>\\]\s*")
OTHER_NAMES = ("number", "code", "name_en")


class Lookup:
    """Rows of one object by title, number, code or English name, within the actor's scope.

    Small objects are read once; of large ones `prepare()` fetches what a chunk needs.
    `within`: a link whose value must agree with the record's own (the stages of its pipeline).
    `memories`: what others remember of its answers; emptied when other rows are known.
    """

    def __init__(self, actor: Actor, spec: Spec, *, within: str = "") -> None:
        self.spec, self.within = spec, f"{within}_id" if within else ""
        self.memories: list[dict[str, Any]] = []
        self._rows = spec.model.rows(actor, "view").live()
        self._others = _other_names(spec)
        self.refresh()

    def prepare(self, texts: Iterable[str]) -> None:
        """Fetches the rows called so, where they are not here yet."""
        if self.whole:
            return
        missing = list({text for text in texts if text and text not in self._exact})
        if len(self._by_id) > KEPT:
            self._forget()
        for start in range(0, len(missing), 500):
            some = missing[start : start + 500]
            for name in (self.spec.title, *self._others):
                self._keep(called(self._rows, name, some))

    def find(self, text: str, *, within: int | None = None) -> Any:
        """The row called so, or None; raises Wrong where several are."""
        found: Sequence[Any] = self._exact.get(text, ())
        if len(found) == 1 and not self.within:
            return found[0]
        folded = fold(text)
        for names, key in (
            (self._exact, text),
            (self._folded, folded),
            (self._further, folded),
        ):
            found = names.get(key, ())
            if self.within and within is not None:
                found = [row for row in found if getattr(row, self.within) == within]
            if len(found) == 1:
                return found[0]
            if len(found) > 1:
                raise Wrong(
                    _("Several are called “%(text)s”.") % {"text": text[:80]}, code="several"
                )
        return self._by_path(text)

    def steps(self, text: str) -> list[str]:
        """总部 and 上海 of 总部/上海, for rows that stand below each other; other texts whole: terms
        may have a stroke in their names."""
        whole = not self.spec.tree or issubclass(self.spec.model, Dictionary)
        return [text] if whole else [name for name in STEPS.split(text) if name]

    def add(self, row: Any) -> None:
        """A row made along the way."""
        self._keep((row,))

    def names(self) -> dict[str, str]:
        """{every name known here: the title it means}; of large objects only what was fetched."""
        found: dict[str, str] = {}
        for row in self._by_id.values():
            title = str(getattr(row, self.spec.title))
            for name in (title, *(str(getattr(row, one) or "") for one in self._others)):
                if name:
                    found.setdefault(name, title)
        return found

    def rows(self) -> list[Any]:
        return list(self._by_id.values())

    def refresh(self) -> None:
        """Looks again at what is there by now."""
        self._forget()
        self.whole = self._rows.count() <= WHOLE
        if self.whole:
            self._keep(self._rows.all())

    def _forget(self) -> None:
        self._exact: dict[str, list[Any]] = {}
        self._folded: dict[str, list[Any]] = {}
        self._further: dict[str, list[Any]] = {}
        self._by_id: dict[int, Any] = {}
        self._forget_answers()

    def _forget_answers(self) -> None:
        for memory in self.memories:
            memory.clear()

    def _keep(self, rows: Iterable[Any]) -> None:
        for row in rows:
            if row.pk in self._by_id:
                continue
            self._by_id[row.pk] = row
            self._forget_answers()
            title = str(getattr(row, self.spec.title))
            self._exact.setdefault(title, []).append(row)
            self._folded.setdefault(fold(title), []).append(row)
            further = {fold(str(getattr(row, name) or "")) for name in self._others}
            for key in further - {"", fold(title)}:
                self._further.setdefault(key, []).append(row)

    def _by_path(self, text: str) -> Any:
        """制造业/机械设备 in a tree: the entry of that name below that other one."""
        steps = STEPS.split(text)
        if not self.spec.tree or len(steps) < 2:
            return None
        above, last = self._folded.get(fold(steps[-2]), ()), self._folded.get(fold(steps[-1]), ())
        ids = {row.pk for row in above}
        found = [row for row in last if getattr(row, f"{self.spec.tree}_id") in ids]
        return found[0] if len(found) == 1 else None


def called(rows: QuerySet, name: str, texts: Sequence[str]) -> list[Any]:
    """The rows whose field `name` holds one of these texts, asked so that an index serves."""
    field = rows.model._meta.get_field(name)
    companion = getattr(field, "companions", {}).get("key")
    if companion is not None:
        wanted = set(texts)
        keys = {companion[1](text) for text in wanted}
        found = rows.filter(**{f"{name}_key__in": keys})
        return [row for row in found if getattr(row, name) in wanted]
    found = rows.filter(**{f"{name}__in": texts})
    for constraint in rows.model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        if condition is not None and name in constraint.fields:
            found = found.filter(condition)
    return list(found)


def _other_names(spec: Spec) -> tuple[str, ...]:
    columns = {field.name for field in spec.model._meta.concrete_fields}
    keys = [name for name in spec.import_key if name in columns and name != spec.title]
    return tuple(dict.fromkeys([*keys, *(name for name in OTHER_NAMES if name in columns)]))


def choice_reader(kind: ChoiceKind) -> Callable[[str], str]:
    """text -> code, by code or by label in any language; the kind's own refusal otherwise."""
    known = {fold(code): code for code in kind.choices}
    for code, label in kind.choices.items():
        for text in in_languages(label):
            known.setdefault(fold(text), code)

    def read(text: str) -> str:
        code = known.get(fold(text))
        return code if code is not None else kind.parse(text)

    return read


def choice_names(kind: ChoiceKind) -> dict[str, str]:
    """{label in any language: the label in the language of the moment}."""
    return {text: str(label) for label in kind.choices.values() for text in in_languages(label)}
