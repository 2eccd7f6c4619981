"""The form of any object: new, edit, copy; one page that also works in a dialog."""

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.beginnings import starting_values
from guanxi.kernel.columns import Column, column, may_set, policy
from guanxi.kernel.company import start_currencies, with_currencies
from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused, Wrong
from guanxi.kernel.extra import form_of, form_paths, get_value, must_be_filled, put_value
from guanxi.kernel.personal import create_once, made_by_form
from guanxi.kernel.present import address, present, title_for
from guanxi.kernel.record import Dictionary
from guanxi.kernel.spec import Capability, Parts, Spec
from guanxi.kernel.terms import default_term
from guanxi.kernel.text import capital, whole_number
from guanxi.kernel.values import create_record, edit_record
from guanxi.pages import inputs
from guanxi.pages.alike import alike_notice
from guanxi.pages.condition_fields import conditions_field, sent_conditions
from guanxi.pages.parts import parts_context, read_parts, sent_file
from guanxi.pages.pasting import paste_url
from guanxi.pages.pickers import typed_choice
from guanxi.pages.regions import sent_region
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import BY_OBJECT, page

#: A value of a child row in an address, of the first one or of the one named.
CHILD = re.compile(r"(?P<part>\w+)\.(?:(?P<at>[0-9]{1,2})\.)?(?P<name>\w+)")


@page(BY_OBJECT)
def new_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.can(Capability.CREATE) or not actor.may(spec.key, "view"):
        raise Missing
    if not actor.may(spec.key, "create"):
        raise NotAllowed(_("You may not create this."))
    record = spec.model(book=actor.book, **spec.only)
    start_currencies(record)
    if request.method == "POST":
        return _save_new(request, spec, record)
    _start(actor, spec, record, request.GET)
    started = parts_from_address(spec, request.GET)
    return _show(request, spec, record, sent=started, errors={})


@page(BY_OBJECT)
def edit_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not spec.can(Capability.EDIT):
        raise Missing
    record = get_record(actor, spec, record_id, "edit")
    if request.method == "POST":
        return _save_edit(request, spec, record)
    return _show(request, spec, record, sent=None, errors={})


def _start(actor: Actor, spec: Spec, record: Any, data: QueryDict) -> None:
    """What a new form begins with: the object's defaults, a copied row, what the address names."""
    if whole_number(data.get("copy", "")) is not None:
        _copy(actor, spec, record, get_record(actor, spec, data["copy"]))
    _take_from_address(spec, record, data)
    for name, value in starting_values(actor, spec, record).items():
        setattr(record, name, value)
    if "copy" not in data:
        _propose_terms(actor, spec, record)
    if spec.scope.has_owner:
        record.owner_id = actor.person_id


def _propose_terms(actor: Actor, spec: Spec, record: Any) -> None:
    """The default entries of dictionaries, where they can be seen before they are saved: files and
    programs say what they mean, and so do folded sections."""
    for section in spec.form:
        for name in () if section.folded else section.fields:
            kind = column(spec, name).kind
            if not isinstance(kind, kinds.LinkKind) or getattr(record, f"{name}_id"):
                continue
            target = registry.spec(kind.to).model
            if issubclass(target, Dictionary):
                setattr(record, f"{name}_id", default_term(actor, target))


def _copy(actor: Actor, spec: Spec, record: Any, source: Any) -> None:
    """Everything the person may read of another row, but not what is its own."""
    own = {spec.title, *spec.uncopied, spec.number.field if spec.number else ""}
    for value in present(actor, spec, [source], form_paths(spec, book=actor.book))[0].values:
        if value.policy >= Policy.READONLY and value.column.field not in own:
            for name in with_currencies(spec.model, (value.column.field,)):
                put_value(record, name, get_value(source, name))


def parts_from_address(spec: Spec, data: QueryDict) -> dict[str, list[dict[str, str]]]:
    """The child rows a new form begins with: ?companies.customer=7 fills the first one in,
    ?channels.1.value=... the second."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    known = {(parts.name, name) for parts in spec.parts for name in parts.fields}
    for key, given in data.items():
        named = CHILD.fullmatch(key)
        if named and given and (named["part"], named["name"]) in known:
            line = found.setdefault(named["part"], {}).setdefault(int(named["at"] or 0), {})
            line[named["name"]] = str(given)
    return {name: [rows[at] for at in sorted(rows)] for name, rows in found.items()}


def _take_from_address(spec: Spec, record: Any, data: QueryDict) -> None:
    for name in with_currencies(spec.model, form_paths(spec, book=record.book)):
        if data.get(name):
            try:
                put_value(record, name, column(spec, name).kind.parse(data[name]))
            except Wrong:
                continue


def _save_new(request: HttpRequest, spec: Spec, record: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    token = request.POST.get("form_token", "")
    made = made_by_form(actor, token)
    if made is not None:
        return htmx.go(request, address(spec, made))
    raw = read_form(request, spec)
    if request.POST.get("_again"):
        return _show(request, spec, record, sent=raw, errors={})
    alike = alike_notice(actor, spec, raw, request.POST)
    if alike is not None:
        # What looks alike may be what this very form has made a moment ago.
        made = made_by_form(actor, token)
        if made is not None:
            return htmx.go(request, address(spec, made))
        return _show(request, spec, record, sent=raw, errors={}, alike=alike)
    try:
        made, is_new = create_once(
            actor, token, spec, lambda: create_record(actor, spec, raw, record=record)
        )
    except Invalid as invalid:
        return _show(request, spec, record, sent=raw, errors=invalid.errors)
    except Refused as refused:
        return _show(request, spec, record, sent=raw, errors={"": [refused.message]})
    if not is_new:
        return htmx.go(request, address(spec, made))
    tell(
        request,
        _("“%(title)s” saved.") % {"title": title_for(actor, record)},
        url=address(spec, record.pk),
    )
    again = request.POST.get("again") == "1"
    return htmx.go(request, f"/{spec.path}/new/" if again else _after(request, spec, record))


def _save_edit(request: HttpRequest, spec: Spec, record: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    stored = record
    record.version = whole_number(request.POST.get("version", "")) or 0
    raw = read_form(request, spec)
    if request.POST.get("_again"):
        return _show(request, spec, stored, sent=raw, errors={})
    try:
        edit_record(actor, record, raw)
    except Invalid as invalid:
        return _show(request, spec, record, sent=raw, errors=invalid.errors)
    except Conflict:
        current = get_record(actor, spec, stored.pk, "edit")
        return _show(request, spec, current, sent=raw, errors={}, stale=True)
    except Refused as refused:
        return _show(request, spec, record, sent=raw, errors={"": [refused.message]})
    tell(request, _("Saved."))
    return htmx.go(request, _after(request, spec, record))


def _after(request: HttpRequest, spec: Spec, record: Any) -> str:
    return htmx.own_address(request.POST.get("return", "")) or address(spec, record.pk)


def read_form(request: HttpRequest, spec: Spec) -> dict[str, Any]:
    """What was sent, by path; fields that were not on the form are left alone."""
    data = request.POST
    book = request.actor.book  # type: ignore[attr-defined]
    raw: dict[str, Any] = {}
    sent = set(data.getlist("_fields"))
    owner = ["owner"] if spec.scope.has_owner else []
    for name in with_currencies(spec.model, [*form_paths(spec, book=book), *owner]):
        kind = column(spec, name).kind
        if isinstance(kind, kinds.FileKind):
            if name in sent or name in request.FILES:
                raw[name] = sent_file(request, kind, name)
        elif isinstance(kind, kinds.RegionKind) and name in data:
            raw[name] = sent_region(data, name)
        elif isinstance(kind, kinds.ConditionsKind) and name in data:
            raw[name] = sent_conditions(request.actor, kind, data, name)  # type: ignore[attr-defined]
        elif isinstance(kind, kinds.LinkKind) and f"{name}__text" in data:
            texts = (data.get(name, ""), data[f"{name}__text"])
            raw[name] = typed_choice(request.actor, registry.spec(kind.to), *texts)  # type: ignore[attr-defined]
        elif name in data or name in sent:
            raw[name] = data.get(name, "")
    for parts in spec.parts:
        if f"{parts.name}-TOTAL" in data and not parts.own_page:
            raw[parts.name] = read_parts(request, parts)
    return raw


def _show(
    request: HttpRequest,
    spec: Spec,
    record: Any,
    *,
    sent: dict[str, Any] | None,
    errors: dict[str, list[str]],
    stale: bool = False,
    alike: Any = None,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    is_new = record.pk is None
    sections = form_sections(actor, spec, record, sent=sent, errors=errors)
    if is_new and sections:
        sections[0]["fields"][0]["autofocus"] = True
    title = _("New %(name)s") % {"name": spec.name} if is_new else title_for(actor, record)
    back = htmx.own_address((request.POST or request.GET).get("return", ""))
    context = {
        "layout": htmx.layout(request),
        "title": title,
        "spec": spec,
        "sections": sections,
        "error_list": error_list(spec, errors),
        "action": f"/{spec.path}/new/" if is_new else f"/{spec.path}/{record.pk}/edit/",
        "cancel_url": back or (f"/{spec.path}/" if is_new else address(spec, record.pk)),
        "version": "" if is_new else record.version,
        "token": request.POST.get("form_token") or secrets.token_urlsafe(24),
        "is_new": is_new,
        "return": back,
        "stale": _differences(actor, spec, record, sent) if stale and sent else None,
        "alike": alike,
        "paste_url": paste_url(actor, spec) if is_new else "",
    }
    status = 422 if errors else 409 if stale else 200
    return render(request, "pages/form.html", context, status=status)


def form_sections(
    actor: Actor,
    spec: Spec,
    record: Any,
    *,
    sent: dict[str, Any] | None,
    errors: dict[str, list[str]],
) -> list[dict[str, Any]]:
    """The sections with their controls; a field the person may not see is not there at all."""
    found: list[dict[str, Any]] = []
    mine = record.pk is None or scope.is_mine(spec, actor, record)
    for section in form_of(spec, book=actor.book):
        fields = []
        for name in section.fields:
            control = _control(actor, spec, record, name, mine=mine, sent=sent, errors=errors)
            if control is not None:
                fields.append(control)
        if fields:
            broken = any(item.get("error") for item in fields)
            filled = any(item.get("value") for item in fields)
            found.append(
                {
                    "label": section.label,
                    "fields": fields,
                    "folded": section.folded,
                    "open": broken or (record.pk is not None and filled),
                    "parts": [],
                }
            )
    shown = [
        (parts, parts_context(actor, spec, record, parts, mine=mine, sent=sent, errors=errors))
        for parts in spec.parts
        if not parts.own_page
    ]
    return _with_parts(found, [(parts, context) for parts, context in shown if context])


def _with_parts(
    found: list[dict[str, Any]], shown: list[tuple[Parts, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Child rows stand below the first section, the folded ones as sections of their own."""
    if not found:
        return found
    folded = [
        {"label": parts.label, "fields": [], "folded": True, "parts": [it], "open": it["filled"]}
        for parts, it in shown
        if parts.folded
    ]
    found[0]["parts"] += [context for parts, context in shown if not parts.folded]
    return [found[0], *folded, *found[1:]]


def _control(
    actor: Actor,
    spec: Spec,
    record: Any,
    name: str,
    *,
    mine: bool,
    sent: dict[str, Any] | None,
    errors: dict[str, list[str]],
) -> dict[str, Any] | None:
    col = column(spec, name)
    rule = policy(actor, col, mine=mine)
    if rule is Policy.HIDDEN:
        return None
    stored = get_value(record, name)
    told = with_currencies(spec.model, (name,))
    error = " ".join(text for one in told for text in errors.get(one, ()))
    if not may_set(col, rule) or (record.pk is not None and name in spec.fixed):
        shown = present(actor, spec, [record], (name,))[0].values[0].text if record.pk else ""
        return {"name": name, "label": col.label, "widget": "text", "readonly": True, "text": shown}
    more: dict[str, Any] = {}
    if rule is not Policy.FREE:
        # A guarded value is typed anew, never shown; an empty control leaves it as it is.
        masked = col.kind.mask(stored)
        more = {"placeholder": masked, "help": _("Leave it empty to keep it.") if masked else ""}
        stored = ""
    typed = (sent or {}).get(name, stored)
    value = stored if isinstance(typed, Wrong) else typed
    required = must_be_filled(record, name)
    if isinstance(col.kind, kinds.ConditionsKind):
        more |= conditions_field(actor, col.kind, name=name, value=str(value or ""))
    found = inputs.field(
        actor,
        col,
        **{"name": name, "value": value, "error": error} | more,
        required=required and not _has_default(spec, name),
    )
    return inputs.with_currency(actor, col, found, record, sent=sent)


def _has_default(spec: Spec, name: str) -> bool:
    """A composed title may be left empty; the object's own preparation fills it."""
    return name == spec.title and bool(spec.prepares)


def error_list(spec: Spec, errors: dict[str, list[str]]) -> list[dict[str, str]]:
    """Every error with a link to its control; those of the record itself without one."""
    found = []
    for path, texts in errors.items():
        label, anchor = _label(spec, path), path.replace(".", "-")
        for text in texts:
            shown = _("%(field)s: %(text)s") % {"field": label, "text": text} if label else text
            found.append({"text": shown, "anchor": f"id_{anchor}" if path else ""})
    return found


def _label(spec: Spec, path: str) -> str:
    head = path.split(".")[0]
    parts = spec.part(head)
    if parts is not None:
        return capital(parts.label)
    try:
        return str(column(spec, head).label) if head else ""
    except ValueError:
        return ""


def _differences(
    actor: Actor, spec: Spec, current: Any, sent: dict[str, Any]
) -> list[dict[str, str]]:
    """Two people edited: what is stored now beside what this person typed, field by field."""
    found = []
    paths = with_currencies(spec.model, form_paths(spec, book=actor.book))
    for value in present(actor, spec, [current], paths)[0].values:
        name = value.column.path
        if name not in sent or value.policy is not Policy.FREE:
            continue
        stored = value.column.kind.edit_text(get_value(current, name))
        if stored != str(sent[name]).strip():
            typed = _shown(actor, value.column, sent[name])
            found.append({"label": str(value.column.label), "stored": value.text, "typed": typed})
    return found


def _shown(actor: Actor, col: Column, typed: Any) -> str:
    """What the person chose or typed, in words."""
    if isinstance(col.kind, kinds.ChoiceKind):
        return col.kind.show(typed)
    control = inputs.field(actor, col, name=col.path, value=typed)
    return str(control.get("text") or control["value"])
