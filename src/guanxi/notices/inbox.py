"""Notices as their receiver reads them: what they may still see, by day and record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.jobs.models import State
from guanxi.jobs.registry import KINDS as JOBS
from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.present import address
from guanxi.kernel.registry import NoticeKind
from guanxi.kernel.rule import info_of
from guanxi.kernel.titles import title_for, titles_of
from guanxi.notices.models import Notice

UNKNOWN = NoticeKind(key="", label="", text="")


@dataclass(frozen=True)
class Line:
    """One notice in words. `acts`: what can be done about it, {label, url, icon}."""

    id: int
    kind: str
    label: str
    icon: str
    title: str
    text: str
    url: str
    at: Any
    day: date
    unread: bool
    about: tuple[str, int | None, int]
    acts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def clock(self) -> str:
        return timezone.localtime(self.at).strftime("%H:%M")


def lines(actor: Actor, notices: Sequence[Notice]) -> tuple[list[Line], list[int]]:
    """(what may be shown, ids of those whose record has gone out of sight), in the order given."""
    records = _records(actor, notices)
    names = titles_of(actor, registry.spec("people.person"), _persons(notices))
    shown, gone = [], []
    for notice in notices:
        record = records.get((notice.object, notice.record_id or 0))
        if notice.record_id is None:
            is_there = not notice.object or _may_view(actor, notice.object)
        else:
            is_there = record is not None
        if is_there:
            shown.append(_line(actor, notice, record, names))
        else:
            gone.append(notice.pk)
    return shown, gone


def _may_view(actor: Actor, object: str) -> bool:
    return registry.find(object) is not None and actor.may(object, "view")


def _records(actor: Actor, notices: Iterable[Notice]) -> dict[tuple[str, int], Any]:
    """The records in reach, read once an object."""
    wanted: dict[str, set[int]] = {}
    for notice in notices:
        if notice.record_id is not None and registry.find(notice.object):
            wanted.setdefault(notice.object, set()).add(notice.record_id)
    return {
        (key, record.pk): record
        for key, ids in wanted.items()
        for record in registry.spec(key).model.rows(actor, "view").filter(pk__in=ids)
    }


def _persons(notices: Iterable[Notice]) -> set[int]:
    owners = (notice.values.get("owner") for notice in notices)
    return {one for one in (*(n.from_person_id for n in notices), *owners) if one}


def _line(actor: Actor, notice: Notice, record: Any, names: dict[int, str]) -> Line:
    kind = registry.notice_kinds().get(notice.kind, UNKNOWN)
    at = timezone.localtime(notice.made_at)
    return Line(
        id=notice.pk,
        kind=notice.kind,
        label=str(kind.label),
        icon=kind.icon,
        title=_title(actor, notice, record),
        text=_text(notice, kind, names),
        url=_address(notice, record),
        at=at,
        day=at.date(),
        unread=notice.read_at is None,
        about=(notice.object, notice.record_id, 0 if notice.record_id else notice.pk),
        acts=_acts(actor, kind, record),
    )


def _title(actor: Actor, notice: Notice, record: Any) -> str:
    if record is not None:
        return title_for(actor, record)
    if notice.object:
        return str(registry.spec(notice.object).plural)
    known = JOBS.get(notice.values.get("job", ""))
    return str(known.title if known else notice.values.get("title", ""))


def _text(notice: Notice, kind: NoticeKind, names: dict[int, str]) -> str:
    """The sentence of the kind; values it names that are not there stay empty."""
    spec = registry.find(notice.object) if notice.object else None
    said = {key: str(value) for key, value in notice.values.items()}
    said |= {
        "from": names.get(notice.from_person_id or 0) or _("The system"),
        "count": f"{notice.count:,}",
        "objects": str(spec.plural) if spec else "",
    }
    if "owner" in notice.values:
        said["owner"] = names.get(notice.values["owner"] or 0, "—")
    if notice.values.get("state") in State.values:
        said["state"] = str(State(notice.values["state"]).label)
    sentence = kind.many if notice.record_id is None and kind.many else kind.text
    return str(sentence) % _Said(said)


class _Said(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _address(notice: Notice, record: Any) -> str:
    return address(registry.spec(notice.object), record.pk) if record is not None else notice.url


def _acts(actor: Actor, kind: NoticeKind, record: Any) -> list[dict[str, Any]]:
    """The rules that can be done from here, as on the page of the record."""
    if record is None or record.is_void:
        return []
    spec = registry.spec(type(record))
    found = []
    for rule in kind.acts:
        info = info_of(rule)
        fits = not info.when or getattr(record, info.when)
        if fits and scope.may(spec, actor, info.verb, record):
            url = f"{address(spec, record.pk)}{info.name}/"
            found.append({"label": str(info.label), "url": url, "icon": info.icon})
    return found


def by_day(found: Sequence[Line]) -> list[dict[str, Any]]:
    """[{label, groups: [{title, url, lines}]}]: of one day, what is about the same record stands
    together where its newest notice stands."""
    days = []
    for day, of_day in groupby(found, key=lambda line: line.day):
        groups: dict[tuple[str, int | None, int], list[Line]] = {}
        for line in of_day:
            groups.setdefault(line.about, []).append(line)
        days.append({"label": _day(day), "groups": [_group(same) for same in groups.values()]})
    return days


def _group(same: list[Line]) -> dict[str, Any]:
    first = same[0]
    return {
        "id": first.id,
        "title": first.title,
        "lines": same,
        "unread": any(line.unread for line in same),
        "acts": first.acts,
        "ids": ",".join(str(line.id) for line in same),
    }


def _day(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if (today - day).days == 1:
        return _("Yesterday")
    return kinds.DateKind().show(day)
