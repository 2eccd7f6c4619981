"""Field rights of a role, object by object: hidden, masked, read-only or free."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.access.controls import choice
from guanxi.access.rights import sent_version, sentence_of, tabs
from guanxi.kernel import registry, scope
from guanxi.kernel.actor import POLICY_LABELS, Actor, Policy
from guanxi.kernel.acts import get_record
from guanxi.kernel.change import change
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import capital
from guanxi.people.models import FieldRule, Role
from guanxi.ui import htmx
from guanxi.ui.notices import tell
from guanxi.ui.web import page

POLICIES = {policy.name.lower(): POLICY_LABELS[policy] for policy in sorted(Policy, reverse=True)}
FREE = Policy.FREE.name.lower()
Held = Mapping[str, tuple[str, str]]


@page("people.role:view")
def fields_page(request: HttpRequest, record_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    role = get_record(actor, registry.spec("people.role"), record_id)
    spec = _object(request)
    stored = part_rows(registry.spec("people.role"), "field_rules", role)
    held = {rule.field: (rule.mine, rule.others) for rule in stored if rule.object == spec.key}
    if request.method != "POST":
        return _show(request, role, spec, held)
    sent = dict(_sent(request.POST, spec, held))
    try:
        role.version = sent_version(request)
        with change(actor, role) as edit:
            edit.set_parts("field_rules", _merge(stored, spec, sent))
    except NotAllowed:
        raise
    except (Invalid, Refused) as fault:
        return _show(request, role, spec, sent, fault=fault)
    tell(request, _("Rights of %(role)s saved.") % {"role": role})
    return htmx.go(request, f"{request.path}?object={spec.key}")


def _object(request: HttpRequest) -> Spec:
    spec = registry.find(request.GET.get("object", "") or next(registry.specs()).key)
    if spec is None:
        raise Missing
    return spec


def field_names(spec: Spec) -> list[str]:
    """Every field of an object a rule can be made for: what pages show, and child rows as one."""
    own = [*spec.form_fields, *(path for path in (*spec.columns, *spec.filters) if "." not in path)]
    if spec.scope.has_owner:
        own.append("owner")
    own += registry.custom_fields(spec.key)
    return list(dict.fromkeys([*own, *(parts.name for parts in spec.parts)]))


def has_mine(spec: Spec) -> bool:
    return spec.scope.has_owner


def _sent(data: Mapping[str, str], spec: Spec, held: Held) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in field_names(spec):
        before = held.get(name, (FREE, FREE))
        others = data.get(f"others:{name}", before[1])
        mine = data.get(f"mine:{name}", before[0]) if has_mine(spec) else others
        if mine in POLICIES and others in POLICIES:
            yield name, (mine, others)


def _merge(stored: list[Any], spec: Spec, sent: Held) -> list[FieldRule]:
    """Other objects keep their rules, fields that are free everywhere need none."""
    known = {rule.field: rule for rule in stored if rule.object == spec.key}
    rows = [rule for rule in stored if rule.object != spec.key or rule.field not in sent]
    for name, (mine, others) in sent.items():
        if (mine, others) != (FREE, FREE):
            rule = known.get(name) or FieldRule(object=spec.key, field=name)
            rule.mine, rule.others = mine, others
            rows.append(rule)
    return rows


def _show(
    request: HttpRequest, role: Role, spec: Spec, held: Held, *, fault: Exception | None = None
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editable = not role.is_void and scope.may(registry.spec(Role), actor, "edit", role)
    objects = {known.key: known.plural for known in registry.specs()}
    context = {
        "layout": htmx.layout(request),
        "role": {"name": str(role), "url": f"/roles/{role.pk}/", "version": role.version},
        "tabs": tabs(role, "fields"),
        "object": {"key": spec.key, "label": spec.plural},
        "chooser": choice("object", _("Object"), objects, value=spec.key),
        "has_mine": has_mine(spec),
        "rows": [_row(spec, name, held.get(name, (FREE, FREE))) for name in field_names(spec)],
        "editable": editable,
        "fault": sentence_of(fault) if fault else "",
    }
    return render(request, "access/fields.html", context, status=409 if fault else 200)


def _row(spec: Spec, name: str, held: tuple[str, str]) -> dict[str, Any]:
    parts = spec.part(name)
    label = capital(parts.label) if parts else column(spec, name).label
    kinds = [("others", _("others"), held[1])]
    if has_mine(spec):
        kinds.insert(0, ("mine", _("mine"), held[0]))
    return {
        "label": label,
        "ruled": held != (FREE, FREE),
        "cells": [
            choice(f"{word}:{name}", f"{label}: {said}", POLICIES, value=value, bare=True)
            | {"text": POLICIES[value]}
            for word, said, value in kinds
        ],
    }
