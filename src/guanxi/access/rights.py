"""The rights of a role: object × verb, each with a reach; saved as the parts of the role."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel import registry, scope
from guanxi.kernel.actor import EVERY_OBJECT, VERBS, Actor, Reach
from guanxi.kernel.acts import get_record
from guanxi.kernel.change import change
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.text import capital, whole_number
from guanxi.people.models import Grant, Role
from guanxi.people.rights import THROUGH, Given, groups_of, verbs_of
from guanxi.people.trees import reach_label, tree_names, trees
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

GROUPS = {
    EVERY_OBJECT: gettext_lazy("Every object"),
    "records": gettext_lazy("Business records"),
    "terms": gettext_lazy("Master data and products"),
    "people": gettext_lazy("Staff, departments, roles"),
}
#: Their objects belong to nobody: whoever is granted a verb has it on every row.
UNDIVIDED = ("terms", "people")
#: Between a reach and the id of the hierarchy it goes through.
AT = "@"
Held = Mapping[tuple[str, str], str]


@page("people.role:view")
def rights_page(request: HttpRequest, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    role = get_record(actor, registry.spec("people.role"), record_id)
    stored = part_rows(registry.spec("people.role"), "grants", role)
    if request.method != "POST":
        return _show(request, role, {(g.object, g.verb): code_of(g) for g in stored})
    sent = dict(_sent(request.POST, role))
    try:
        role.version = sent_version(request)
        with change(actor, role) as edit:
            edit.set_parts("grants", _merge(stored, sent))
    except NotAllowed:
        raise
    except (Invalid, Refused) as fault:
        held = {(g.object, g.verb): code_of(g) for g in stored} | sent
        return _show(request, role, held, fault=fault)
    tell(request, _("Rights of %(role)s saved.") % {"role": role})
    return htmx.go(request, request.path)


def sent_version(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return whole_number(version) or 0


def sentence_of(fault: Exception) -> str:
    """A refusal as the one sentence above a table, where no single field is at fault."""
    if isinstance(fault, Invalid):
        return " ".join(text for texts in fault.errors.values() for text in texts)
    if isinstance(fault, Conflict):
        return _("Somebody else has changed this role meanwhile. Look at it anew before you save.")
    return str(fault)


def _sent(data: Mapping[str, str], role: Role) -> Iterator[tuple[tuple[str, str], str]]:
    """Every cell that was sent and is offered; what is not offered is left alone."""
    for key, verbs, reaches in _lines():
        for verb in verbs:
            reach = data.get(f"{key}:{verb}")
            if reach == "" or reach in reaches:
                yield (key, verb), reach


def _lines() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(name in the grant, verbs that make sense, reaches that make a difference)."""
    further = [tree.pk for tree in trees()]
    for key in GROUPS:
        yield key, tuple(VERBS), reaches_for(key in UNDIVIDED, further)
    for spec in registry.specs():
        yield spec.key, verbs_of(spec), reaches_for("everyone" in spec.scope.branches, further)


def reaches_for(undivided: bool, further: Sequence[int]) -> tuple[str, ...]:
    """The codes to choose from: through the line, then through each further hierarchy."""
    if undivided:
        return (Reach.ALL.name.lower(),)
    line = tuple(reach.name.lower() for reach in Reach if reach is not Reach.NONE)
    beside = (f"{reach.name.lower()}{AT}{tree}" for tree in further for reach in sorted(THROUGH))
    return (*line, *beside)


def code_of(grant: Grant) -> str:
    return f"{grant.reach}{AT}{grant.tree_id}" if grant.tree_id else grant.reach


def given_of(code: str) -> Given:
    reach, _at, tree = code.partition(AT)
    return Given(Reach[reach.upper()], int(tree) if tree else None)


def _merge(stored: list[Any], sent: Held) -> list[Grant]:
    """The rows as they shall be; those that stay keep their ids."""
    known = {(grant.object, grant.verb): grant for grant in stored}
    rows = [grant for key, grant in known.items() if key not in sent]
    for (key, verb), reach in sent.items():
        if not reach:
            continue
        grant = known.get((key, verb)) or Grant(object=key, verb=verb)
        given = given_of(reach)
        grant.reach, grant.tree_id = given.reach.name.lower(), given.tree
        rows.append(grant)
    return rows


def _show(
    request: HttpRequest, role: Role, held: Held, *, fault: Exception | None = None
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editable = not role.is_void and scope.may(registry.spec(Role), actor, "edit", role)
    context = {
        "layout": htmx.layout(request),
        "role": {"name": str(role), "url": f"/roles/{role.pk}/", "version": role.version},
        "tabs": tabs(role, "objects"),
        "verbs": VERBS.values(),
        "blocks": list(_blocks(held, editable)),
        "editable": editable,
        "fault": sentence_of(fault) if fault else "",
    }
    return render(request, "access/rights.html", context, status=409 if fault else 200)


def tabs(role: Role, active: str) -> list[dict[str, Any]]:
    base = f"/roles/{role.pk}/rights/"
    return [
        {"label": _("Objects"), "url": base, "active": active == "objects"},
        {"label": _("Fields"), "url": f"{base}fields/", "active": active == "fields"},
    ]


def _blocks(held: Held, editable: bool) -> Iterator[dict[str, Any]]:
    """The groups first, then the objects of each module."""
    labels = reach_labels()
    further = [tree.pk for tree in trees()]
    rows = [
        _row(
            key,
            label,
            tuple(VERBS),
            reaches_for(key in UNDIVIDED, further),
            (),
            held,
            labels,
            editable,
        )
        for key, label in GROUPS.items()
    ]
    yield {"label": _("Groups of objects"), "rows": rows}
    for module in registry.modules():
        rows = [
            _row(
                spec.key,
                spec.plural,
                verbs_of(spec),
                reaches_for("everyone" in spec.scope.branches, further),
                groups_of(spec),
                held,
                labels,
                editable,
            )
            for spec in module.specs
        ]
        if rows:
            yield {"label": module.label, "rows": rows}


def _row(
    key: str,
    label: Any,
    verbs: tuple[str, ...],
    reaches: tuple[str, ...],
    groups: tuple[str, ...],
    held: Held,
    labels: Mapping[str, str],
    editable: bool,
) -> dict[str, Any]:
    cells = []
    for verb in VERBS:
        if verb not in verbs:
            cells.append(SafeString(""))
            continue
        inherited = _inherited(groups, verb, held, labels)
        chosen = held.get((key, verb), "")
        if editable:
            name = f"{label}: {VERBS[verb]}"
            cells.append(_select(f"{key}:{verb}", name, reaches, chosen, inherited, labels))
        else:
            cells.append(format_html("{}", capital(labels.get(chosen) or inherited)))
    return {"label": label, "cells": cells}


def _inherited(groups: tuple[str, ...], verb: str, held: Held, labels: Mapping[str, str]) -> str:
    """What the groups give anyway, in brackets: an object's own grant can only add to it."""
    given = {held.get((group, verb), "") for group in groups}
    names = [label for code, label in labels.items() if code in given]
    return _("(%(reach)s)") % {"reach": _(", ").join(names)} if names else ""


def reach_labels() -> dict[str, str]:
    """Code -> what it is called, through the line and through every further hierarchy."""
    names = tree_names()
    codes = reaches_for(False, tuple(names))
    return {code: reach_label(given_of(code), names) for code in codes}


def _select(
    name: str,
    label: str,
    reaches: tuple[str, ...],
    chosen: str,
    inherited: str,
    labels: Mapping[str, str],
) -> SafeString:
    if chosen and chosen != "none" and chosen not in reaches:
        reaches = (*reaches, chosen)
    pairs = [("", inherited or "—"), *((code, capital(labels.get(code, code))) for code in reaches)]
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SafeString(" selected") if key == chosen else "", text) for key, text in pairs),
    )
    state = "given" if chosen and chosen != "none" else "inherited" if inherited else "none"
    return format_html(
        '<select class="input input-small reach reach-{}" name="{}" aria-label="{}">{}</select>',
        state,
        name,
        label,
        options,
    )
