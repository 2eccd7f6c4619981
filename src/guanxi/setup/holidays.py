"""节假日: the calendar of one year as a table to type in; saved as one act that can be taken back."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.kernel import acts, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import begin_batch
from guanxi.kernel.errors import Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import create_record, edit_record
from guanxi.people.holidays import add_missing, is_announced, missing_days
from guanxi.people.models import Holiday
from guanxi.ui import htmx
from guanxi.ui.fields import Field
from guanxi.ui.notices import tell
from guanxi.ui.web import page

HERE = "/setup/holidays/"
RIGHT = "people.holiday:edit"
#: Prefix of the rows; its last index that is looked at.
ROWS, MOST = "days", 200
NAMES = ("day", "name", "works")
EARLIEST, LATEST = 2000, 2100
Line = dict[str, str]


def menu_entry(actor: Actor) -> dict[str, Any] | None:
    if not actor.may(*RIGHT.split(":")):
        return None
    return {
        "group": "settings",
        "label": Holiday._meta.verbose_name_plural,
        "url": HERE,
        "icon": "calendar",
    }


@page(RIGHT)
def holidays_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    year = _year(request.GET.get("year", ""))
    if request.method != "POST":
        return _show(request, actor, year, [_stored(row) for row in _rows(actor, year)], {})
    lines = _read(request.POST)
    try:
        count, batch_id = write_days(actor, lines)
    except Invalid as invalid:
        return _show(request, actor, year, lines, invalid.errors, status=422)
    except (Refused, NotAllowed) as refused:
        return _show(request, actor, year, lines, {ROWS: [refused.message]}, status=409)
    said = ngettext("%(n)s day changed.", "%(n)s days changed.", count) % {"n": count}
    tell(request, said if count else _("Saved."), undo=_undo(batch_id, count))
    return htmx.go(request, f"{HERE}?year={year}")


@page(RIGHT)
@require_POST
def official_page(request: HttpRequest, year: int) -> HttpResponse:
    """Adds the official days of a year that are not in the table; nothing there is touched."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not EARLIEST <= year <= LATEST:
        raise Missing
    count, batch_id = add_missing(actor, year)
    said = ngettext("%(n)s day added.", "%(n)s days added.", count) % {"n": count}
    tell(request, said, undo=_undo(batch_id, count))
    return htmx.go(request, f"{HERE}?year={year}")


def _undo(batch_id: int, count: int) -> str:
    return f"/undo/batch/{batch_id}/" if count else ""


def _year(text: str) -> int:
    number = whole_number(text)
    return number if number and EARLIEST <= number <= LATEST else timezone.localdate().year


def _rows(actor: Actor, year: int) -> Any:
    return Holiday.rows(actor).live().filter(day__year=year).order_by("day", "id")


def _stored(row: Holiday) -> Line:
    works = "1" if row.works else ""
    return {"id": str(row.pk), "day": row.day.isoformat(), "name": row.name, "works": works}


def _read(data: QueryDict) -> list[Line]:
    count = min(whole_number(data.get(f"{ROWS}-TOTAL", "")) or 0, MOST)
    found = []
    for index in range(count):
        line = {name: data.get(f"{ROWS}-{index}-{name}", "").strip() for name in ("id", *NAMES)}
        line["remove"] = data.get(f"{ROWS}-{index}-remove", "")
        # A row that was taken away in the browser sends nothing, or its id alone.
        if any(line[name] for name in NAMES) or line["id"]:
            found.append(line)
    return found


def write_days(actor: Actor, lines: list[Line]) -> tuple[int, int]:
    """Brings the table to what was typed, all or nothing; (rows changed, their batch).

    Raises Invalid with errors at "days.N.field".
    """
    spec = registry.spec(Holiday)
    errors: dict[str, list[str]] = {}
    count = 0
    with transaction.atomic():
        batch = begin_batch(actor, spec, kind="setup", title=str(spec.plural))
        within = actor.within(batch.pk)
        # What goes makes room for a day typed anew.
        for index, line in sorted(enumerate(lines), key=lambda one: not one[1].get("remove")):
            try:
                count += _write(within, line)
            except Invalid as invalid:
                for path, texts in invalid.errors.items():
                    place = f"{ROWS}.{index}.{path}" if path in NAMES else f"{ROWS}.{index}"
                    errors.setdefault(place, []).extend(texts)
        if errors:
            raise Invalid(errors)
        batch.rows = count
        batch.save(update_fields=("rows",))
    return count, batch.pk


def _write(actor: Actor, line: Line) -> bool:
    """Whether anything was to be done."""
    number = whole_number(line["id"])
    record = Holiday.rows(actor).live().filter(pk=number).first() if number else None
    if number and record is None:
        raise Invalid({"": [_("Somebody has removed this day meanwhile.")]})
    if line.get("remove"):
        if record is not None:
            acts.delete_record(actor, record)
        return record is not None
    typed = {name: line[name] for name in NAMES}
    if record is None:
        create_record(actor, registry.spec(Holiday), typed)
        return True
    known = _stored(record)
    fresh = {name: value for name, value in typed.items() if value != known[name]}
    if fresh:
        edit_record(actor, record, fresh)
    return bool(fresh)


def _show(
    request: HttpRequest,
    actor: Actor,
    year: int,
    lines: list[Line],
    errors: dict[str, list[str]],
    *,
    status: int = 200,
) -> HttpResponse:
    this = timezone.localdate().year
    known = Holiday.rows(actor).live().dates("day", "year")
    years = sorted({this, this + 1, year, *(one.year for one in known)})
    missing = len(missing_days(actor, year))
    has_swapped = _rows(actor, year).filter(works=True).exists()
    context = {
        "layout": htmx.layout(request),
        "title": _("Holidays and swapped days"),
        "year": year,
        "tabs": [
            {"label": str(one), "url": f"{HERE}?year={one}", "active": one == year} for one in years
        ],
        "tabs_label": _("Year"),
        "parts": _table(lines, errors),
        "missing": missing,
        "unannounced": not is_announced(year) and not has_swapped,
        "said": " ".join(errors.get(ROWS, ())),
    }
    return render(request, "setup/holidays.html", context, status=status)


def _table(lines: list[Line], errors: dict[str, list[str]]) -> dict[str, Any]:
    """The context of `ui/_parts.html`."""
    widths = {"day": "middle", "name": "wide", "works": "middle"}
    labels = {name: Holiday._meta.get_field(name).verbose_name for name in NAMES}
    columns = [
        {"label": labels[name], "required": name != "works", "width": widths[name]}
        for name in NAMES
    ]
    return {
        "name": ROWS,
        "label": Holiday._meta.verbose_name_plural,
        "columns": columns,
        "rows": [_row(line, index, labels, widths, errors) for index, line in enumerate(lines)],
        "blank": _row({}, "__n__", labels, widths, {}),
        "add_label": _("Add a day"),
        "max": MOST,
    }


def _row(
    line: Line,
    index: int | str,
    labels: dict[str, Any],
    widths: dict[str, str],
    errors: dict[str, list[str]],
) -> dict[str, Any]:
    kinds_of = {"day": "date", "name": "text", "works": "boolean"}
    fields = []
    for name in NAMES:
        control = Field(
            name=f"{ROWS}-{index}-{name}",
            label=labels[name],
            widget=kinds_of[name],
            value=line.get(name, ""),
            bare=True,
            width=widths[name],
            error=" ".join(errors.get(f"{ROWS}.{index}.{name}", ())),
        )
        if name == "works":
            control["checked"] = bool(line.get(name))
        fields.append(control)
    error = " ".join(errors.get(f"{ROWS}.{index}", ()))
    return {"id": line.get("id", ""), "fields": fields, "error": error}
