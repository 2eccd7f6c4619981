"""Acts on one record: each rule and each common act at its own address; GET asks, POST does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import acts, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.change import check_version
from guanxi.kernel.columns import column, policy
from guanxi.kernel.company import with_currencies
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.extra import form_paths, get_value
from guanxi.kernel.journal import last_change
from guanxi.kernel.present import address, present, title_for
from guanxi.kernel.rule import info_of, rule_named
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import edit_record, rule_arguments
from guanxi.pages import inputs, terms
from guanxi.pages.forms import error_list
from guanxi.pages.pickers import chosen_person
from guanxi.pages.uses import use_links
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def rule_page(request: HttpRequest, spec: Spec, record_id: int, name: str) -> HttpResponse:
    """A rule of the object, such as /opportunities/7/win/."""
    actor = request.actor  # type: ignore[attr-defined]
    rule = rule_named(spec, name)
    if rule is None:
        raise Missing
    info = info_of(rule)
    record = get_record(actor, spec, record_id, info.verb, opens=info.opens)
    text = info.says(actor, record) if info.says else ""
    errors: dict[str, list[str]] = {}
    if request.method == "POST" or not info.asks:
        if request.method != "POST":
            return _ask(
                request, spec, record, title=info.label, fields=[], button=info.label, text=text
            )
        _check_version(record, request.POST.get("version", ""))
        try:
            arguments = rule_arguments(actor, spec, record, info, request.POST)
            rule(actor, record, **arguments)
        except Invalid as invalid:
            errors = invalid.errors
        else:
            tell(request, str(info.done or _("Done.")), undo=undo_url(spec, record))
            # From a dialog back to what lies under it: the board, or the record's own page.
            over = htmx.page_address(request) if htmx.is_htmx(request) else ""
            return htmx.go(request, over or address(spec, record.pk))
    fields = [_asked(actor, spec, record, info, one, request, errors) for one in info.asks]
    return _ask(
        request, spec, record, title=info.label, fields=fields, button=info.label, errors=errors
    )


def _asked(
    actor: Actor,
    spec: Spec,
    record: Any,
    info: Any,
    name: str,
    request: HttpRequest,
    errors: Mapping[str, list[str]],
) -> dict[str, Any]:
    col = column(spec, name)
    stored = getattr(record, record._meta.get_field(name).attname)
    value = (
        request.POST.get(name, stored)
        if request.method == "POST"
        else request.GET.get(name, stored)
    )
    error = " ".join(errors.get(name, ()))
    return inputs.field(
        actor, col, name=name, value=value, required=name in info.required, error=error
    )


def undo_url(spec: Spec, record: Any) -> str:
    """The address that takes the newest change of this record back."""
    last = last_change(spec, record)
    return f"/undo/change/{last.pk}/" if last else ""


def _check_version(record: Any, version: str) -> None:
    seen = whole_number(version)
    if seen is not None:
        check_version(record, seen)


def _ask(
    request: HttpRequest,
    spec: Spec,
    record: Any,
    *,
    title: Any,
    fields: list[dict[str, Any]],
    button: Any,
    text: str = "",
    danger: bool = False,
    errors: Mapping[str, list[str]] | None = None,
    links: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    context = {
        "layout": htmx.layout(request),
        "title": title,
        "dialog": {
            "title": title,
            "text": text or title_for(request.actor, record),
            "close_url": address(spec, record.pk),
        },
        "fields": fields,
        "links": links,
        "button": button,
        "danger": danger,
        "action": request.path,
        "version": record.version,
        "error_list": error_list(spec, dict(errors or {})),
    }
    return render(request, "pages/act.html", context, status=422 if errors else 200)


def _list_below(request: HttpRequest, spec: Spec) -> str:
    """The list under the dialog with its conditions, else the list as it begins."""
    below = htmx.page_address(request) if htmx.is_htmx(request) else ""
    return below if below.partition("?")[0] == f"/{spec.path}/" else f"/{spec.path}/"


@page(BY_OBJECT)
def invalidate_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id, "invalidate")
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            acts.invalidate_record(actor, record, reason=void_reason(request.POST))
        except Invalid as invalid:
            errors = {"reason": [text for texts in invalid.errors.values() for text in texts]}
            record = get_record(actor, spec, record_id, "invalidate")
        else:
            tell(
                request,
                _("“%(title)s” is invalid now.") % {"title": title_for(actor, record)},
                undo=undo_url(spec, record),
            )
            return htmx.go(request, _list_below(request, spec))
    return _ask(
        request,
        spec,
        record,
        title=_("Invalidate"),
        fields=_void_fields(actor, spec, request.POST, errors),
        button=_("Invalidate"),
        text=_("The row stays, can be viewed, and leaves lists and pickers."),
        errors=errors,
    )


def _void_fields(
    actor: Actor, spec: Spec, sent: Mapping[str, str], errors: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """The reasons the object offers, and room for words of one's own."""
    words = {"name": "reason", "label": _("Remark"), "widget": "text", "max": 200}
    words |= {"value": sent.get("reason", ""), "error": " ".join(errors.get("reason", ()))}
    if not spec.void_reasons:
        return [words | {"label": _("Reason"), "autofocus": True}]
    known = terms.entries(actor, registry.spec(spec.void_reasons))
    chosen = sent.get("reason_term", "")
    options = terms.options_html([(title, title, level) for _id, title, level in known], chosen)
    offered = {"name": "reason_term", "label": _("Reason"), "widget": "choice", "value": ""}
    return [offered | {"options_html": options}, words]


def void_reason(data: Mapping[str, str]) -> str:
    said = (data.get("reason_term", "").strip(), data.get("reason", "").strip())
    return "; ".join(text for text in said if text)


@page(BY_OBJECT)
def restore_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id, "restore")
    if request.method != "POST":
        return _ask(request, spec, record, title=_("Restore"), fields=[], button=_("Restore"))
    acts.restore_record(actor, record)
    tell(
        request,
        _("“%(title)s” is valid again.") % {"title": title_for(actor, record)},
        undo=undo_url(spec, record),
    )
    below = _list_below(request, spec)
    shown = htmx.is_htmx(request) and htmx.page_address(request) == below
    return htmx.go(request, below if shown else address(spec, record.pk))


@page(BY_OBJECT)
def delete_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id, "delete")
    if request.method == "POST":
        title = title_for(actor, record)
        journal = acts.delete_record(actor, record)
        tell(
            request,
            _("“%(title)s” deleted.") % {"title": title},
            undo=f"/undo/change/{journal.pk}/",
        )
        return htmx.go(request, _list_below(request, spec))
    uses = use_links(actor, record, acts.uses_of(record))
    text = _("Delete 1 row? It goes to the recycle bin and can be brought back from there.")
    if uses:
        text = _("This is in use and can't be deleted. Invalidate it instead.")
    return _ask(
        request,
        spec,
        record,
        title=_("Delete"),
        fields=[],
        button="" if uses else _("Delete"),
        text=_("%(field)s: %(text)s") % {"field": title_for(actor, record), "text": text},
        danger=True,
        links=uses,
    )


@page(BY_OBJECT)
def transfer_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.scope.has_owner:
        raise Missing
    record = get_record(actor, spec, record_id, "transfer")
    errors: dict[str, list[str]] = {}
    typed = chosen_person(actor, request.POST, "owner")
    if request.method == "POST":
        owner = whole_number(typed)
        if owner is not None:
            acts.transfer_record(actor, record, owner_id=owner)
            tell(
                request,
                _("“%(title)s” handed over.") % {"title": title_for(actor, record)},
                undo=undo_url(spec, record),
            )
            seen = scope.may(spec, actor, "view", record)
            return htmx.go(request, address(spec, record.pk) if seen else f"/{spec.path}/")
        errors = {"owner": [_("Choose who takes over.")]}
    col = column(spec, "owner")
    error = " ".join(errors.get("owner", ()))
    field = inputs.field(actor, col, name="owner", value=typed, required=True, error=error)
    return _ask(
        request,
        spec,
        record,
        title=_("Change the owner"),
        fields=[field],
        button=_("Change the owner"),
        errors=errors,
    )


@page(BY_OBJECT)
def stage_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """A click in the stage bar: the same move as a drop on the board."""
    actor = request.actor  # type: ignore[attr-defined]
    if spec.board is None or request.method != "POST":
        raise Missing
    record = get_record(actor, spec, record_id, "edit")
    _check_version(record, request.POST.get("version", ""))
    stage = request.POST.get("stage", "")
    try:
        edit_record(actor, record, {spec.board.by: stage})
    except Invalid as invalid:
        dialog = rule_for(spec, invalid.errors, stage, record)
        if dialog:
            return htmx.go(request, dialog)
        raise Refused(
            "; ".join(text for texts in invalid.errors.values() for text in texts)
        ) from None
    tell(request, _("Saved."), undo=undo_url(spec, record))
    return htmx.go(request, address(spec, record.pk))


def rule_for(spec: Spec, errors: Mapping[str, list[str]], stage: str, record: Any) -> str:
    """The address of the act that asks for what a move left open (the reason of a loss), or ""."""
    for rule in spec.actions:
        info = info_of(rule)
        if set(errors) & set(info.asks) and set(errors) <= {*info.asks, ""}:
            if info.required & set(errors) and (not info.when or getattr(record, info.when)):
                return f"{address(spec, record.pk)}{info.name}/"
    return ""


@page(BY_OBJECT)
def field_page(request: HttpRequest, spec: Spec, record_id: int, name: str) -> HttpResponse:
    """One fact edited in place: GET gives its control, POST saves it."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id, "edit")
    if name not in form_paths(spec, book=actor.book) or name in (*spec.fixed, *spec.together):
        raise Missing
    col = column(spec, name)
    if policy(actor, col, mine=scope.is_mine(spec, actor, record)) is not Policy.FREE:
        raise NotAllowed(_("You may not change this field."))
    stored, error, sent = get_value(record, name), "", {}
    if request.method == "POST":
        _check_version(record, request.POST.get("version", ""))
        names = with_currencies(spec.model, (name,))
        sent = {name: ""} | {one: request.POST[one] for one in names if one in request.POST}
        try:
            edit_record(actor, record, sent)
        except Invalid as invalid:
            error = "; ".join(text for texts in invalid.errors.values() for text in texts)
            stored = sent[name]
        else:
            tell(request, _("Saved."), undo=undo_url(spec, record))
            return htmx.go(request, address(spec, record.pk))
    field = inputs.field(actor, col, name=name, value=stored, error=error, autofocus=True)
    shown = present(actor, spec, [record], (name,))[0].values[0]
    context = {
        "layout": htmx.layout(request),
        "title": shown.column.label,
        "dialog": {
            "title": shown.column.label,
            "text": title_for(actor, record),
            "close_url": address(spec, record.pk),
        },
        "fields": [inputs.with_currency(actor, col, field, record, sent=sent)],
        "button": _("Save"),
        "action": request.path,
        "version": record.version,
    }
    return render(request, "pages/act.html", context, status=422 if error else 200)
