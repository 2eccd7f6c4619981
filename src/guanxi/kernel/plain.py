"""Reading values out for programs: the same rights as `present`, JSON values instead of words."""

from collections.abc import Callable, Sequence
from typing import Any

from guanxi.kernel import kinds, scope
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import Column, column, columns, policies
from guanxi.kernel.company import currency_column
from guanxi.kernel.present import currency_of, reader_of, shown_in_parts
from guanxi.kernel.spec import Parts, Spec
from guanxi.kernel.sweep import parts_of_many

#: (record, whether it is the reader's own, what has been gathered so far)
Put = Callable[[Any, bool, dict[str, Any]], None]
#: The address of a stored file: (id of the record that holds it, id of the file)
Locate = Callable[[int, int], str]


def plain(
    actor: Actor, spec: Spec, records: Sequence[Any], paths: Sequence[str], *, locate: Locate
) -> list[dict[str, Any]]:
    """A mapping per record: id, version, then every path the reader may see on that row.

    Hidden fields are not in it, masked ones hold their mask as text. A path that is the name of
    child rows gives a list of mappings. Links are {id, title}, files {id, name, url}; money is a
    decimal as text with `PATH_currency` beside it, days and instants are ISO 8601.
    """
    puts: list[Put] = []
    for path in paths:
        parts = spec.part(path)
        if parts is None:
            puts.append(_put_field(actor, column(spec, path), records, locate))
        else:
            puts.append(_put_parts(actor, spec, parts, records, locate))
    found = []
    for record in records:
        mine = scope.is_mine(spec, actor, record)
        line: dict[str, Any] = {"id": record.pk, "version": record.version}
        for put in puts:
            put(record, mine, line)
        found.append(line)
    return found


def _put_field(actor: Actor, col: Column, records: Sequence[Any], locate: Locate) -> Put:
    own, others = policies(actor, col)
    path, kind = col.path, col.kind
    read = reader_of(actor, col, records)
    to_json = _writer(kind, locate)
    money = isinstance(kind, kinds.MoneyKind)

    def put(record: Any, mine: bool, line: dict[str, Any]) -> None:
        policy = own if mine else others
        if policy is Policy.HIDDEN:
            return
        value = read(record)
        if policy is Policy.MASKED:
            line[path] = _mask(kind, value)
            return
        line[path] = None if value is None else to_json(record.pk, value)
        if money:
            line[currency_column(path)] = currency_of(col, record)

    return put


def _mask(kind: kinds.Kind, value: Any) -> str:
    return kind.mask(value.title if isinstance(value, kinds.Linked) else value)


def _writer(kind: kinds.Kind, locate: Locate) -> Callable[[int, Any], Any]:
    if isinstance(kind, kinds.LinkKind):
        return lambda _holder, value: {"id": value.id, "title": value.title}
    if isinstance(kind, kinds.FileKind):
        return lambda holder, value: {
            "id": value.id,
            "name": value.name,
            "url": locate(holder, value.id),
        }
    if type(kind).to_json is kinds.Kind.to_json:
        return lambda _holder, value: value
    return lambda _holder, value: kind.to_json(value)


def _put_parts(
    actor: Actor, spec: Spec, parts: Parts, records: Sequence[Any], locate: Locate
) -> Put:
    """Child rows share one right: that of the whole part."""
    cols = columns(spec, [f"{parts.name}.{field}" for field in parts.fields])
    own, others = policies(actor, cols[0])
    rows = parts_of_many(spec, parts.name, [record.pk for record in records])
    shown = {
        col.path: shown_in_parts(
            actor,
            col,
            {_stored(row, col) for stored in rows.values() for row in stored} - {None},
        )
        for col in cols
    }
    writers = {col.path: _writer(col.kind, locate) for col in cols}

    def cell(holder: int, row: Any, col: Column, *, masked: bool) -> Any:
        value, known = _stored(row, col), shown[col.path]
        if known is not None:
            value = known.get(value)
        if masked and isinstance(col.kind, kinds.AccountKind):
            # How much of it shows depends on whether it is a phone.
            value = kinds.Account(value, getattr(row, col.kind.beside))
        if masked:
            return _mask(col.kind, value)
        return None if value is None else writers[col.path](holder, value)

    def put(record: Any, mine: bool, line: dict[str, Any]) -> None:
        policy = own if mine else others
        if policy is Policy.HIDDEN:
            return
        masked = policy is Policy.MASKED
        line[parts.name] = [
            {"id": row.pk}
            | {col.path.split(".")[1]: cell(record.pk, row, col, masked=masked) for col in cols}
            for row in rows.get(record.pk, ())
        ]

    return put


def _stored(row: Any, col: Column) -> Any:
    name = col.path.split(".")[1]
    return getattr(row, row._meta.get_field(name).attname)
