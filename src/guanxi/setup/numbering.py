"""编号规则: how the numbers of each object are made, with what comes next."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Wrong
from guanxi.kernel.numbering import Rule, check_rule, keep_rule, last_count, rule_of, set_next
from guanxi.kernel.spec import Spec
from guanxi.people.organisation import touch
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

HERE = "/numbering/"
ADMINISTRATORS = "people.role:edit"
RESETS = {
    "never": gettext_lazy("never"),
    "year": gettext_lazy("every year"),
    "month": gettext_lazy("every month"),
    "day": gettext_lazy("every day"),
}
COUNT = kinds.IntegerKind(min=1, max=999_999_999)
LONGEST = 60


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*ADMINISTRATORS.split(":")):
        return None
    return {"group": "settings", "label": _("Numbering"), "url": HERE, "icon": "hash"}


@page(ADMINISTRATORS)
def numbering_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [_row(spec, actor.book) for spec in registry.specs() if spec.number]
    context = {"layout": htmx.layout(request), "title": _("Numbering"), "rows": rows}
    return render(request, "setup/numbering.html", context)


def _row(spec: Spec, book: int) -> dict[str, Any]:
    rule, today = rule_of(spec, book), timezone.localdate()
    return {
        "label": spec.plural,
        "icon": spec.icon,
        "pattern": rule.pattern,
        "reset": RESETS[rule.reset],
        "gapless": rule.gapless,
        "next": rule.show(today, last_count(spec, book, today) + 1),
        "url": f"{HERE}{spec.path}/",
    }


@page(ADMINISTRATORS)
def rule_page(request: HttpRequest, path: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    spec, today = _numbered(path), timezone.localdate()
    if request.method != "POST":
        return _show(request, spec, _stored(spec, actor.book, today), {})
    sent = request.POST.dict()
    rule, count, errors = _read(spec, sent)
    if rule is None or errors:
        return _show(request, spec, sent, errors, status=400)
    with transaction.atomic():
        keep_rule(spec, actor.book, rule)
        touch()
        if count != last_count(spec, actor.book, today) + 1:
            set_next(spec, actor.book, today, count)
    tell(request, _("Saved."))
    return htmx.go(request, HERE)


@page(ADMINISTRATORS)
def preview_page(request: HttpRequest, path: str) -> HttpResponse:
    """The next numbers by what stands in the form; nothing is kept."""
    rule, count, _errors = _read(_numbered(path), request.GET.dict())
    return render(request, "setup/_preview.html", {"preview": _preview(rule, count)})


def _numbered(path: str) -> Spec:
    spec = registry.by_path(path)
    if spec is None or spec.number is None:
        raise Missing
    return spec


def _stored(spec: Spec, book: int, today: date) -> dict[str, str]:
    rule = rule_of(spec, book)
    return {
        "pattern": rule.pattern,
        "reset": rule.reset,
        "gapless": "1" if rule.gapless else "",
        "next": str(last_count(spec, book, today) + 1),
    }


def _read(spec: Spec, sent: dict[str, str]) -> tuple[Rule | None, int, dict[str, str]]:
    """The rule (None where it is none), the next count, errors by field."""
    errors: dict[str, str] = {}
    rule: Rule | None = None
    count = 1
    assert spec.number is not None
    longest = spec.model._meta.get_field(spec.number.field).max_length or 40
    if sent.get("reset") not in RESETS:
        errors["reset"] = _("Choose from the list, please.")
    else:
        rule = Rule(sent.get("pattern", "").strip(), sent["reset"], bool(sent.get("gapless")))
        try:
            check_rule(rule, longest=min(longest, LONGEST))
        except Wrong as wrong:
            rule, errors["pattern"] = None, wrong.message
    try:
        count = COUNT.parse(sent.get("next", "")) or 0
        COUNT.check(count)
    except Wrong as wrong:
        errors["next"] = wrong.message
    return rule, count, errors


def _preview(rule: Rule | None, count: int) -> list[str]:
    today = timezone.localdate()
    return [rule.show(today, count + step) for step in range(3)] if rule else []


def _show(
    request: HttpRequest,
    spec: Spec,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    rule, count, _ignored = _read(spec, values)
    context = {
        "layout": htmx.layout(request),
        "title": _("Numbers of: %(object)s") % {"object": spec.plural},
        "action": request.path,
        "back": HERE,
        "fields": _fields(values, errors),
        "preview": _preview(rule, count),
        "typed": spec.number.typed if spec.number else False,
    }
    return render(request, "setup/rule.html", context, status=status)


def _fields(values: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    chosen = values.get("reset", "")
    fields: list[dict[str, Any]] = [
        {
            "name": "pattern",
            "label": _("Pattern"),
            "widget": "text",
            "required": True,
            "max": LONGEST,
            "value": values.get("pattern", ""),
            "help": _("{yyyy} {yy} {mm} {dd} for the day; {n} for the count, {n:4} as 0001."),
        },
        {
            "name": "reset",
            "label": _("The count begins anew"),
            "widget": "choice",
            "complete": True,
            "value": chosen,
            "options": [
                {"value": key, "label": label, "selected": key == chosen}
                for key, label in RESETS.items()
            ],
        },
        {
            "name": "next",
            "label": _("Next count"),
            "widget": "number",
            "required": True,
            "value": values.get("next", ""),
            "help": _("Numbers that exist already are stepped over."),
        },
        {
            "name": "gapless",
            "label": _("Without gaps"),
            "widget": "boolean",
            "checked": bool(values.get("gapless")),
            "help": _("Where a tax office or auditor asks for it; savers wait in turn."),
        },
    ]
    return [one | {"error": errors.get(one["name"], "")} for one in fields]
