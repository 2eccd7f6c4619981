"""Everything an object brings along, for the developer: addresses, columns, operators, rights."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from guanxi.kernel import registry
from guanxi.kernel.actor import VERBS, system_actor
from guanxi.kernel.columns import Column, column
from guanxi.kernel.spec import Capability, Spec
from guanxi.people.models import Role
from guanxi.people.rights import Given, grants_of, groups_of, reaches_in
from guanxi.people.trees import reach_label, tree_names

EVENTS = ("created", "edited", "invalidated", "restored", "handed_over", "deleted", "ordered")
TESTS = pgettext_lazy("explain", "Tests")
#: Where an address names the object.
OBJECT = re.compile("<object:spec>|<slug:path>")
FILES = {"/import/": Capability.IMPORT, "/export/": Capability.EXPORT}


def explain_object(spec: Spec) -> list[str]:
    """Lines in sections."""
    sections = {
        f"{spec.name} {spec.key}": _head(spec),
        pgettext("explain", "Web addresses"): addresses(spec),
        pgettext("explain", "Fields"): columns(spec),
        pgettext("explain", "Operators of conditions"): operators(spec),
        pgettext("explain", "Rights"): rights(spec),
        pgettext("explain", "Events"): events(spec),
    }
    lines: list[str] = []
    for title, found in sections.items():
        lines += [title, *(f"    {line}" for line in found)]
    return lines


def _head(spec: Spec) -> Iterator[str]:
    yield f"{spec.model.__module__}.{spec.model.__name__}"
    yield _("Within reach by: %(scope)s") % {"scope": _(" or ").join(_branches(spec))}
    for capability, reason in spec.off.items():
        yield _("Switched off: %(what)s (%(why)s)") % {
            "what": capability.value,
            "why": reason or "—",
        }


def _branches(spec: Spec) -> Iterator[str]:
    for branch in spec.scope.branches:
        _kind, _colon, link = branch.partition(":")
        if branch == "owner":
            yield _("owner, or shared with the person")
        elif branch == "everyone":
            yield _("everyone who has the right")
        else:
            yield _("the linked record: %(name)s") % {"name": column(spec, link).label}


def addresses(spec: Spec) -> list[str]:
    """Those every object has, on pages, by API, for files, and those made by hand for this one."""
    found = [
        f"/{OBJECT.sub(spec.path, address)}"
        for address in _addresses(get_resolver().url_patterns, "")
        if OBJECT.search(address) or address.startswith(f"{spec.path}/")
    ]
    missing = tuple(start for start, word in FILES.items() if not spec.can(word))
    missing += () if spec.number else ("/numbering/",)
    boards = ("/board/", "/stage/", "/move/")
    return [
        line
        for line in dict.fromkeys(found)
        if (spec.board or not line.endswith(boards)) and not line.startswith(missing)
    ]


def _addresses(patterns: Any, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address


def columns(spec: Spec) -> list[str]:
    return [
        f"{col.path}  {col.label}  {col.kind.name}  {', '.join(_words(spec, col))}".rstrip()
        for col in all_columns(spec)
    ]


def all_columns(spec: Spec) -> list[Column]:
    own = [
        field.name for field in spec.model._meta.fields if hasattr(field, "kind") and field.editable
    ]
    parts = [f"{parts.name}.{name}" for parts in spec.parts for name in parts.fields]
    own += registry.custom_fields(spec.key)
    return [column(spec, path) for path in (*own, *parts)]


def _words(spec: Spec, col: Column) -> Iterator[str]:
    """What the Spec uses the field for, in its own words."""
    for word in ("columns", "filters", "search", "phones", "figures", "bulk_edit", "import_key"):
        if col.path in getattr(spec, word):
            yield word
    if col.path in spec.form_fields:
        yield "form"
    if col.sortable:
        yield "order"


def operators(spec: Spec) -> list[str]:
    found = {col.kind.name: " ".join(col.kind.operators) for col in all_columns(spec)}
    return [f"{kind}: {names}" for kind, names in sorted(found.items())]


def rights(spec: Spec) -> list[str]:
    """For each verb the roles that grant it, with the reach."""
    everything = system_actor("explain object", surface="command")
    roles = {role.pk: str(role) for role in Role.rows(everything).live()}
    grants = grants_of(roles)
    names = ", ".join((spec.key, *groups_of(spec)))
    lines = [_("A role may grant it under: %(names)s") % {"names": names}]
    for verb, label in VERBS.items():
        given = [
            f"{name} ({_reaches(reaches_in(spec, grants[role], verb))})"
            for role, name in roles.items()
            if reaches_in(spec, grants[role], verb)
        ]
        lines.append(f"{verb} {label}: {'; '.join(given) or '—'}")
    return lines


def _reaches(found: dict[str, Given]) -> str:
    names = tree_names()
    shown = sorted(set(found.values()), key=lambda given: (given.reach, given.tree or 0))
    return ", ".join(reach_label(given, names) for given in shown)


def events(spec: Spec) -> list[str]:
    """The events every object publishes, and those of its own that somebody listens to."""
    own = {f"{spec.key}.{name}": registry.subscribers(f"{spec.key}.{name}") for name in EVENTS}
    for module in registry.modules():
        for name in module.subscribers:
            if name.startswith((f"{spec.key}.", f"{spec.path}.")):
                own[name] = registry.subscribers(name)
    return [
        f"{name}  {' '.join(f'{f.__module__}.{f.__name__}' for f in heard)}".rstrip()
        for name, heard in own.items()
    ]
