"""Which stored record a row of a file means: the first import key the row has decides."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.cells import Row
from guanxi.exchange.lookups import called
from guanxi.exchange.scan import unique_with
from guanxi.exchange.work import Work

CHUNK = 900


def match_rows(work: Work, rows: Sequence[Row]) -> dict[int, Any]:
    """{line: the record it means}; a row that could mean several gets an error."""
    found: dict[int, Any] = {}
    left = [row for row in rows if not row.errors]
    for key in work.spec.import_key:
        some = [row for row in left if row.values.get(key)]
        if not some:
            continue
        taken = {id(row) for row in some}
        left = [row for row in left if id(row) not in taken]
        stored = _stored(work, key, {row.values[key] for row in some})
        also = unique_with(work.spec, key)
        for row in some:
            record = _the_one(row, stored.get(row.values[key], []), also, key)
            if record is not None:
                found[row.line] = record
    return found


def _stored(work: Work, key: str, values: set[Any]) -> dict[Any, list[Any]]:
    """The rows in sight that hold these values, by value."""
    found: dict[Any, list[Any]] = {}
    wanted = sorted(values, key=str)
    rows = work.spec.model.rows(work.actor, "view")
    for start in range(0, len(wanted), CHUNK):
        for record in called(rows, key, wanted[start : start + CHUNK]):
            found.setdefault(getattr(record, key), []).append(record)
    return found


def _the_one(row: Row, records: list[Any], also: Sequence[str], key: str) -> Any:
    for name in also:
        if name in row.pending:
            return None
        if name in row.values and records:
            attribute = records[0]._meta.get_field(name).attname
            records = [one for one in records if getattr(one, attribute) == row.values[name].pk]
    if len(records) > 1:
        records = [one for one in records if not one.is_void] or records
    if len(records) > 1:
        text = _("%(count)s stored rows are called so; a number must tell which is meant.")
        row.errors[key] = text % {"count": len(records)}
        return None
    return records[0] if records else None
