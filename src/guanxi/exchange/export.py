"""A list as a table: the presented values, so that nobody exports what they may not read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.exchange.models import Export
from guanxi.exchange.writing import write_csv, write_xlsx
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import columns as read_columns
from guanxi.kernel.company import currencies, with_currencies
from guanxi.kernel.errors import Missing, Refused
from guanxi.kernel.present import Value, for_present, present
from guanxi.kernel.spec import Capability, Spec

FORMATS = ("xlsx", "csv")
MOST = 100_000
CHUNK = 1_000
FOLDER = "exports"


def exportable_by_path(actor: Actor, path: str) -> Spec:
    """Raises Missing for objects this person may not export, as for those that don't exist."""
    spec = registry.by_path(path)
    if spec is None or not may_export(actor, spec):
        raise Missing
    return spec


def may_export(actor: Actor, spec: Spec) -> bool:
    may = actor.may(spec.key, "view") and actor.may(spec.key, "export")
    return spec.can(Capability.EXPORT) and may


def rows_to_export(actor: Actor, spec: Spec, data: QueryDict) -> tuple[list[int], tuple[str, ...]]:
    """(ids in the order of the list, columns) of what a list address means to this person.

    Only rows within the reach of the right to export. Raises Wrong, Refused for too many.
    """
    rows, columns = registry.lister()(actor, spec, data)
    reach = spec.model.rows(actor, "export").values("pk")
    ids = list(rows.filter(pk__in=reach).values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        message = _("More than %(most)s rows; narrow the list first.")
        raise Refused(message % {"most": f"{MOST:,}"}, code="too_many")
    several = len(currencies(actor.book)) > 1
    return ids, with_currencies(spec.model, columns) if several else columns


def export_rows(
    actor: Actor, spec: Spec, ids: Sequence[int], columns: Sequence[str]
) -> Iterator[list[Any]]:
    """One list of values per row; numbers and dates as such where they may be read in full."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found: QuerySet = for_present(spec.model.rows(actor, "view"), spec, columns)
        stored = found.in_bulk(some)
        records = [stored[one] for one in some if one in stored]
        for row in present(actor, spec, records, columns):
            yield [_cell(value) for value in row.values]


def heading(spec: Spec, columns: Sequence[str]) -> list[str]:
    return [str(column.label) for column in read_columns(spec, columns)]


def write_export(actor: Actor, exported: Export, *, tell: Any = None) -> None:
    """Writes the file of an export and notes its path."""
    spec = registry.spec(exported.object)
    query = exported.query
    folder = Path(settings.MEDIA_ROOT) / FOLDER / f"{timezone.now():%Y%m}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{exported.pk}.{query['format']}"
    rows = _told(export_rows(actor, spec, query["ids"], query["columns"]), tell)
    names = heading(spec, query["columns"])
    if query["format"] == "xlsx":
        write_xlsx(path, names, rows, sheet=str(spec.plural)[:31])
    else:
        with path.open("wb") as file:
            write_csv(file, names, rows)
    exported.path = str(path.relative_to(settings.MEDIA_ROOT))
    exported.save(update_fields=("path",))


def _told(rows: Iterable[list[Any]], tell: Any) -> Iterator[list[Any]]:
    for number, row in enumerate(rows, start=1):
        yield row
        if tell is not None and number % CHUNK == 0:
            tell(number)


def _cell(value: Value) -> Any:
    raw = value.raw
    is_plain = isinstance(raw, (int, float, Decimal, date)) and not isinstance(
        raw, (bool, datetime)
    )
    return raw if is_plain else value.text
