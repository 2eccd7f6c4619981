"""From a column to what `ui/_field.html` shows: control, value, options, error."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel import kinds, regions, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import CURRENCY, Column, column
from guanxi.kernel.company import currencies, currency_column
from guanxi.kernel.files import names_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.pages import terms
from guanxi.pages.regions import steps
from guanxi.ui.fields import Field
from guanxi.ui.pickers import picker, title_within

OPEN_CHOICES = 400


def field(actor: Actor, col: Column, *, name: str, value: Any = None, **more: Any) -> Field:
    """The context of one control. `value` is the stored value, or the text last typed."""
    kind = col.kind
    found = Field(
        {
            "name": name,
            "label": col.label,
            "widget": kind.widget,
            "value": value if isinstance(value, str) else kind.edit_text(value),
            "max": getattr(kind, "max", None) if _is_counted(kind) else None,
            "wide": isinstance(kind, (kinds.LongTextKind, kinds.TagsKind)),
            "help": kind.hint,
            **more,
        }
    )
    if isinstance(kind, kinds.MoneyKind):
        found = _money(actor) | found
    if isinstance(kind, kinds.LinkKind):
        return found | _link(actor, registry.spec(kind.to), kind, value)
    if isinstance(kind, kinds.ChoiceKind):
        if found.get("required"):
            found["placeholder"] = _("Please choose")
        known = tuple((code, kind.show(code), 0) for code in kind.choices)
        found["options_html"] = terms.options_html(known, str(found["value"]))
    if isinstance(kind, kinds.FileKind):
        found = found | _file(kind, str(found["value"]))
    if isinstance(kind, kinds.RegionKind):
        found = found | _region(kind, str(found["value"]))
    if isinstance(kind, kinds.BooleanKind):
        found["checked"] = found["value"] not in ("", "0", "False", None)
    return found


def _money(actor: Actor) -> Field:
    """The sign of the currency, where there is but one."""
    known = currencies(actor.book)
    return Field({"unit": kinds.CURRENCY_SIGNS[known[0]] if len(known) == 1 else ""})


def with_currency(
    actor: Actor, col: Column, control: Field, record: Any, *, sent: Mapping[str, Any] | None = None
) -> Field:
    """The control of an amount with the choice of its currency, where there is one.

    `record`: whose amount it is, None for those of many rows; `sent`: what was chosen last.
    """
    if not isinstance(col.kind, kinds.MoneyKind):
        return control
    name = currency_column(col.path)
    stored = "" if record is None else getattr(record, name)
    known = dict.fromkeys((*currencies(actor.book), *filter(None, (stored,))))
    if len(known) == 1:
        return control
    kept = [("", _("leave as it is"), 0)] if record is None else []
    typed = (sent or {}).get(name)
    entries = [*kept, *((code, CURRENCY.show(code), 0) for code in known)]
    return control | {
        "currency": name,
        "currency_label": column(col.spec, name).label,
        "currencies_html": terms.options_html(entries, typed if typed in known else stored),
    }


def _is_counted(kind: kinds.Kind) -> bool:
    return isinstance(kind, kinds.TextKind) and not isinstance(kind, kinds.ClockKind)


def _region(kind: kinds.RegionKind, given: str) -> dict[str, Any]:
    """A code stands in the three selects; what could not be read stays in the text."""
    code = given if regions.region(given) is not None else ""
    return {"value": code, "text": "" if code else given, "steps": steps(code)}


def _file(kind: kinds.FileKind, chosen: str) -> dict[str, Any]:
    """The name of the file chosen before, so that it need not be chosen again."""
    names = names_of([int(chosen)]) if whole_number(chosen) is not None else {}
    text = next(iter(names.values()), "")
    accept = "image/png,image/jpeg,image/gif,image/webp" if kind.picture else ""
    return {"text": text, "accept": accept, "wide": False}


def _link(actor: Actor, target: Spec, kind: kinds.LinkKind, value: Any) -> dict[str, Any]:
    chosen = str(value) if value not in (None, "") else ""
    if target.small or target.tree:
        known = terms.entries(actor, target)
        if len(known) <= OPEN_CHOICES:
            return {"widget": "choice", "value": chosen, **_options(actor, target, known, chosen)}
    return picker(actor, kind, chosen)


def several(actor: Actor, col: Column, *, name: str, chosen: list[str]) -> Field | None:
    """The drop-down of a column of which several values may be ticked; None where it has none."""
    known = _choices(actor, col.kind, chosen)
    if not 0 < len(known) <= OPEN_CHOICES:
        return None
    ticks = [
        {"value": code, "label": label, "level": level, "checked": code in chosen}
        for code, label, level in known
    ]
    text = "、".join(label for code, label, _level in known if code in chosen)
    more = {"widget": "several", "ticks": ticks, "text": text, "value": " ".join(chosen)}
    return Field({"name": name, "label": col.label, "compact": True, **more})


def _choices(actor: Actor, kind: kinds.Kind, chosen: list[str]) -> tuple[terms.Entry, ...]:
    if isinstance(kind, kinds.ChoiceKind):
        return tuple((code, kind.show(code), 0) for code in kind.choices)
    if not isinstance(kind, kinds.LinkKind):
        return ()
    target = registry.spec(kind.to)
    known = terms.entries(actor, target) if target.small or target.tree else ()
    gone = [one for one in chosen if all(pk != one for pk, _title, _level in known)]
    return (*known, *((one, title_within(actor, target, one), 0) for one in gone if known))


def _options(
    actor: Actor, target: Spec, known: tuple[terms.Entry, ...], chosen: str
) -> dict[str, Any]:
    """The drop-down; a chosen entry that is no longer valid stays on the record that has it."""
    if chosen and all(pk != chosen for pk, _title, _level in known):
        known = (*known, (chosen, title_within(actor, target, chosen), 0))
    shown = next((title for pk, title, _level in known if pk == chosen), "")
    return {"options_html": terms.options_html(known, chosen), "text": shown}
