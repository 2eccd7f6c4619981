"""Links to other records: by id inside, by title for people."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds.kind import Kind, Operator, as_html, empty_operators, fill


@dataclass(frozen=True)
class Linked:
    """A linked record as shown: `url` is "" where the reader may not open it; `colour` is that of
    a term."""

    id: int
    title: str
    url: str = ""
    colour: str = ""


def _ids_test(stored: Any, ids: list[int]) -> bool:
    return stored in ids


_IN = Operator(
    "in", _("is one of"), "values", lambda path, ids: Q(**{f"{path}__in": ids}), _ids_test
)
_NOT_IN = Operator(
    "not_in",
    _("is none of"),
    "values",
    lambda path, ids: ~Q(**{f"{path}__in": ids}),
    lambda stored, ids: stored not in ids,
)
_UNDER = Operator(
    "under",
    _("is or lies below"),
    "tree",
    lambda path, ids: Q(**{f"{path}__in": ids}),
    _ids_test,
)
_ME = Operator("me", _("is me"), "actor", lambda path, ids: Q(**{f"{path}__in": ids}), _ids_test)
_MINE_AND_BELOW = Operator(
    "below_me",
    _("is one of my subordinates"),
    "actor",
    lambda path, ids: Q(**{f"{path}__in": ids}),
    _ids_test,
)


class LinkKind(Kind):
    """`to` is the label of the linked object, such as "customers.customer"."""

    name = "link"
    widget = "link"
    operators = {"in": _IN, "not_in": _NOT_IN, **empty_operators(blank=False)}

    def __init__(self, *, to: str) -> None:
        self.to = to

    def parse(self, raw: Any) -> int | None:
        text = "" if raw is None else str(raw).strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Wrong(_("Choose from the list, please."), code="not_found")
        return int(text)

    def show(self, value: Any) -> str:
        return value.title if isinstance(value, Linked) else self.edit_text(value)

    def cell(self, value: Any) -> SafeString:
        if not isinstance(value, Linked):
            return as_html(self.edit_text(value))
        if value.colour:
            shape = '<span class="gx-colour" data-colour="{}">{}</span>'
            return fill(shape, value.colour, value.title)
        if value.url:
            return fill('<a href="{}">{}</a>', value.url, value.title)
        return as_html(value.title)

    def sample(self, number: int) -> Any:
        raise NotImplementedError("Links are sampled by testing.samples, which knows rows.")

    def bad_samples(self) -> list[str]:
        return ["999999999999", "no-id"]


class TreeLinkKind(LinkKind):
    """A link into a tree: `under` also takes everything below the chosen entries."""

    name = "tree"
    operators = {**LinkKind.operators, "under": _UNDER}


class PersonKind(LinkKind):
    name = "person"
    widget = "person"
    operators = {**LinkKind.operators, "me": _ME, "below_me": _MINE_AND_BELOW}

    def __init__(self) -> None:
        super().__init__(to="people.person")
