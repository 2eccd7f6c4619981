"""The page of one record: head, facts, timeline, what hangs on it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.change import closed_because
from guanxi.kernel.columns import column, policy
from guanxi.kernel.extra import form_of
from guanxi.kernel.paging import order_keys, ordered
from guanxi.kernel.present import (
    Row,
    Value,
    address,
    for_present,
    present,
    present_parts,
    related_names,
)
from guanxi.kernel.regions import texts_of
from guanxi.kernel.spec import Capability, Spec, Tab
from guanxi.pages.alarms import alarm_of, alarm_paths
from guanxi.pages.stars import star_button
from guanxi.pages.talked import Talk, attachments
from guanxi.pages.timeline import timeline
from guanxi.search.recent import note_opened
from guanxi.search.starred import starred_ids
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page

RELATED = 5


@page(BY_OBJECT)
def record_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    return show_record(request, spec, record_id)


def show_record(
    request: HttpRequest,
    spec: Spec,
    record_id: int,
    *,
    composer: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `composer` = {text, error} of a comment that could not be written."""
    actor = request.actor  # type: ignore[attr-defined]
    beside = related_names(spec, [*spec.form_fields, *spec.figures])
    record = get_record(actor, spec, record_id, beside=beside)
    note_opened(actor, spec, record.pk)
    talk = Talk(spec, record)
    context = {
        "layout": htmx.layout(request),
        "spec": spec,
        "record": {"id": record.pk, "version": record.version, "void": record.is_void},
        "star": star_button(
            spec, record.pk, on=bool(starred_ids(actor, spec, [record.pk])), key="s"
        ),
        "title": _own_title(actor, spec, record),
        "alarm": alarm_of(actor, spec)(record),
        "void_note": _void_note(spec, record),
        "state": _one(actor, spec, record, spec.state) if spec.state else None,
        "figures": present(actor, spec, [record], spec.figures)[0].values if spec.figures else (),
        "sections": facts(actor, spec, record),
        "parts": part_cards(actor, spec, record),
        "stagebar": stagebar(actor, spec, record),
        "acts": record_acts(actor, spec, record),
        "inline": _inline(actor, spec, record),
        "timeline": timeline(actor, spec, record, asked=request.GET, composer=composer, talk=talk),
        "attachments": attachments(actor, spec, record, talk),
        "related": _all_related(actor, spec, record),
        "stamps": _stamps(record),
    }
    return render(request, "pages/record.html", context, status=status)


@page(BY_OBJECT)
def timeline_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """Earlier entries of the timeline, for the button at its end."""
    actor = request.actor  # type: ignore[attr-defined]
    record = get_record(actor, spec, record_id)
    context = {"timeline": timeline(actor, spec, record, asked=request.GET)}
    return render(request, "ui/_timeline.html", context)


def _inline(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    """The form that a module offers above the timeline, beside that of comments."""
    offers = [offer for module in registry.modules() for offer in module.inline]
    return next((form for offer in offers if (form := offer(actor, spec, record))), None)


def _own_title(actor: Actor, spec: Spec, record: Any) -> str:
    return present(actor, spec, [record], ())[0].title


def _one(actor: Actor, spec: Spec, record: Any, path: str) -> Value:
    return present(actor, spec, [record], (path,))[0].values[0]


def _void_note(spec: Spec, record: Any) -> str:
    if not record.is_void:
        return closed_because(spec, record, "edit")
    day = kinds.InstantKind().show(record.voided_at)
    if record.void_reason:
        return _("Invalid since %(day)s: %(reason)s") % {"day": day, "reason": record.void_reason}
    return _("Invalid since %(day)s. It can only be viewed.") % {"day": day}


def _stamps(record: Any) -> str:
    show = kinds.InstantKind().show
    return _("Created %(made)s, last changed %(changed)s") % {
        "made": show(record.created_at),
        "changed": show(record.updated_at),
    }


def facts(actor: Actor, spec: Spec, record: Any) -> list[dict[str, Any]]:
    """The sections with what is filled in; empty values of the first section stay in sight."""
    found = []
    closed = closed_because(spec, record, "edit")
    editable = not closed and scope.may(spec, actor, "edit", record)
    mine = scope.is_mine(spec, actor, record)
    for index, section in enumerate(form_of(spec, book=actor.book)):
        row = present(actor, spec, [record], section.fields)[0]
        lines = [
            _fact(actor, spec, record, value, editable=editable, mine=mine)
            for value in row.values
            if value.policy > Policy.HIDDEN and (index == 0 or not value.is_empty)
        ]
        if lines:
            found.append({"label": section.label or spec.name, "lines": lines})
    return found


def _fact(
    actor: Actor, spec: Spec, record: Any, value: Value, *, editable: bool, mine: bool
) -> dict[str, Any]:
    name = value.column.field
    free = policy(actor, value.column, mine=mine) is Policy.FREE
    whole_form = spec.ruled_by(name) is not None or isinstance(
        value.column.kind, (kinds.FileKind, kinds.ConditionsKind)
    )
    fixed = whole_form or name in (*spec.fixed, *spec.together)
    raw = value.raw if isinstance(value.raw, str) else ""
    return {
        "label": value.column.label,
        "html": value.html,
        "empty": value.is_empty,
        "long": isinstance(value.column.kind, kinds.LongTextKind),
        "copy": raw if isinstance(value.column.kind, (kinds.PhoneKind, kinds.EmailKind)) else "",
        "edit_url": f"{address(spec, record.pk)}field/{name}/"
        if editable and free and not fixed
        else "",
    }


def part_cards(actor: Actor, spec: Spec, record: Any) -> list[dict[str, Any]]:
    """Phones, addresses and other child rows as short lists."""
    found = []
    for parts in spec.parts:
        if parts.own_page:
            continue
        probe = column(spec, f"{parts.name}.{parts.fields[0]}")
        if policy(actor, probe, mine=scope.is_mine(spec, actor, record)) is Policy.HIDDEN:
            continue
        rows = present_parts(actor, spec, record, parts.name)
        lines = [_part_line(parts.main, row) for row in rows]
        if lines:
            found.append({"label": parts.label, "lines": lines})
    return found


def _telling(values: list[Value]) -> list[Value]:
    """Without what is empty, a plain no, and what the region beside it says already."""
    beside = [value for value in values if isinstance(value.column.kind, kinds.RegionKind)]
    # Province and city are kept in Chinese, whatever the language of the reader.
    told = [text for value in beside if value.raw for text in (value.text, *texts_of(value.raw))]
    found = []
    for value in values:
        if value.is_empty or value.raw is False:
            continue
        is_text = isinstance(value.column.kind, kinds.TextKind)
        if is_text and any(value.text in text for text in told):
            continue
        if value.raw is True:
            label = value.column.label
            value = value._replace(text=str(label), html=kinds.as_html(str(label)))
        found.append(value)
    return found


def _copied(values: list[Value]) -> str:
    """What one tap copies: the number or account, an address in one piece."""
    if any(isinstance(value.column.kind, kinds.RegionKind) for value in values):
        parts = [value for value in values if not isinstance(value.column.kind, kinds.ChoiceKind)]
        return "".join(value.text.replace(" ", "") for value in parts)
    return next((str(value.raw) for value in values if isinstance(value.raw, str)), "")


def _part_line(main: str, row: dict[str, Value]) -> dict[str, Any]:
    values = _telling([value for name, value in row.items() if name != main])
    is_file = any(isinstance(value.column.kind, kinds.FileKind) for value in values)
    head, rest = (values[0], values[1:]) if values and not is_file else (None, values)
    linked = head is not None and isinstance(head.raw, kinds.Linked)
    return {
        "kind": (head.html if linked else head.text) if head else "",
        "html": format_html_join(" ", "{}", ((value.html,) for value in rest)),
        "copy": "" if linked else _copied(rest),
        "main": bool(main and row[main].raw),
    }


def stagebar(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    """The stages of the record's pipeline, each a button that moves it there."""
    if spec.board is None:
        return None
    board = spec.board
    target = registry.spec(column(spec, board.by).kind.to)  # type: ignore[attr-defined]
    stages = target.model.rows(actor, "view").live().order_by("position", "id")
    if board.within:
        stages = stages.filter(**{board.within: getattr(record, f"{board.within}_id")})
    now = getattr(record, f"{board.by}_id")
    movable = not record.is_void and scope.may(spec, actor, "edit", record)
    ruled = spec.ruled_by(board.by)
    free = (
        policy(actor, column(spec, board.by), mine=scope.is_mine(spec, actor, record))
        is Policy.FREE
    )
    entries, state = [], "done"
    for stage in stages:
        kind = getattr(stage, "kind", "open")
        if stage.pk == now:
            entries.append(
                _stage(
                    stage, "now" if kind == "open" else kind.replace("void", "lost"), board.weight
                )
            )
            state = "next"
        elif kind == "open":
            entries.append(_stage(stage, state, board.weight))
        else:
            entries.append(_stage(stage, "next", board.weight))
    action = f"{address(spec, record.pk)}stage/" if movable and free and ruled else ""
    return {"action": action, "version": record.version, "stages": entries}


def _stage(stage: Any, state: str, weight: str) -> dict[str, Any]:
    note = f"{getattr(stage, weight)}%" if weight else ""
    return {"id": stage.pk, "label": registry.title_of(stage), "state": state, "note": note}


def record_acts(actor: Actor, spec: Spec, record: Any) -> dict[str, list[dict[str, Any]]]:
    """{"main": buttons, "more": menu entries}: what is granted on this row and makes sense now."""
    base = address(spec, record.pk)
    if record.is_void:
        restore = {"label": _("Restore"), "icon": "restore", "url": f"{base}restore/", "post": True}
        may_restore = scope.may(spec, actor, "restore", record)
        looks = [act for act in _offered(actor, spec, record) if act.get("looks")]
        return {"main": [restore] if may_restore else [], "more": looks}
    locked = bool(spec.locked and getattr(record, spec.locked))
    granted = {verb for verb in _verbs(spec) if scope.may(spec, actor, verb, record)}
    main = [
        {"label": info.label, "icon": info.icon, "url": f"{base}{info.name}/", "dialog": True}
        for info in (rule.info for rule in spec.actions)  # type: ignore[attr-defined]
        if info.verb in granted
        and (info.opens or not locked)
        and (not info.when or getattr(record, info.when))
    ]
    if locked:
        looks = [act for act in _offered(actor, spec, record) if act.get("looks")]
        return {"main": main, "more": looks}
    if "edit" in granted and spec.can(Capability.EDIT):
        main.append({"label": _("Edit"), "icon": "edit", "url": f"{base}edit/", "key": "e"})
    more = [_act(base, verb) for verb in ("transfer", "share") if _offers(spec, verb, granted)]
    if spec.can(Capability.CREATE) and actor.may(spec.key, "create"):
        copy_url = f"/{spec.path}/new/?copy={record.pk}"
        more.append({"label": _("Copy"), "icon": "copy", "url": copy_url})
    for act in _offered(actor, spec, record):
        if act.get("main"):
            main.insert(0, act)
        else:
            more.append(act)
    more += [_act(base, verb) for verb in ("invalidate", "delete") if _offers(spec, verb, granted)]
    return {"main": main, "more": more}


def _offered(actor: Actor, spec: Spec, record: Any) -> list[dict[str, Any]]:
    """What modules offer for this record; `looks` marks what changes nothing."""
    offers = (offer for module in registry.modules() for offer in module.record_acts)
    return [act for offer in offers if (act := offer(actor, spec, record))]


COMMON = {
    "transfer": (gettext_lazy("Change the owner"), "user-share"),
    "share": (gettext_lazy("Share"), "share"),
    "invalidate": (gettext_lazy("Invalidate"), "archive"),
    "delete": (gettext_lazy("Delete"), "trash"),
}


def _act(base: str, verb: str) -> dict[str, Any]:
    label, icon = COMMON[verb]
    danger = verb == "delete"
    return {"label": label, "icon": icon, "url": f"{base}{verb}/", "dialog": True, "danger": danger}


def _offers(spec: Spec, verb: str, granted: set[str]) -> bool:
    return verb in granted and spec.can(Capability(verb))


def _verbs(spec: Spec) -> set[str]:
    rules = {rule.info.verb for rule in spec.actions}  # type: ignore[attr-defined]
    return rules | {"edit", "transfer", "share", "invalidate", "delete"}


def _all_related(actor: Actor, spec: Spec, record: Any) -> list[dict[str, Any]]:
    tabs = registry.tabs_of(spec.key)
    return [related(actor, record, tab) for tab in tabs if actor.may(tab.target, "view")]


def related(actor: Actor, record: Any, tab: Tab) -> dict[str, Any]:
    """A short list of the rows of another object that link here, and the way to all of them."""
    spec = registry.spec(tab.target)
    rows = scope.hanging(spec, actor, tab.via, record.pk).live()
    paths = [path for path in (*spec.figures, *spec.columns) if path not in (tab.via, spec.title)][
        :2
    ]
    lean = for_present(rows, spec, (*paths, *alarm_paths(spec)))
    found = list(ordered(lean, order_keys(spec, "", actor=actor))[: RELATED + 1])
    shown = present(actor, spec, found[:RELATED], paths)
    alarm = alarm_of(actor, spec)
    may_add = spec.can(Capability.CREATE) and actor.may(spec.key, "create") and not record.is_void
    return {
        "label": spec.plural,
        "icon": spec.icon,
        "items": [
            _item(row) | {"alarm": alarm(record)} for row, record in zip(shown, found, strict=False)
        ],
        "more": len(found) > RELATED,
        "url": f"/{spec.path}/?{tab.via}={record.pk}",
        "add_url": f"/{spec.path}/new/?{tab.via}={record.pk}" if may_add else "",
    }


def _item(row: Row) -> dict[str, Any]:
    texts = [value.text for value in row.values]
    return {
        "url": row.url,
        "title": row.title,
        "end": texts[0] if texts else "",
        "note": texts[1] if len(texts) > 1 else "",
    }
