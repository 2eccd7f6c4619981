"""Search documents: written in the transaction that writes the record, made anew on demand."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from guanxi.kernel import registry
from guanxi.kernel.extra import COLUMN, Extra
from guanxi.kernel.snapshot import late_names
from guanxi.kernel.spec import Spec
from guanxi.kernel.sweep import has_rows, next_rows, parts_of_many
from guanxi.search import store
from guanxi.search.layout import (
    OWNER,
    TITLE,
    Searched,
    is_searchable,
    searched_extras,
    searched_fields,
    signature,
    table_of,
)
from guanxi.search.models import Layout
from guanxi.search.tokens import document_tokens, title_tokens

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

CHUNK = 1_000
DRAFT = "document"
LETTER = re.compile(r"[^\W\d_]")
log = logging.getLogger(__name__)

Children = Mapping[str, Sequence[Any]]


def write_documents(spec: Spec, edits: Sequence["Edit"]) -> None:
    """Brings the documents of the records written up to date; called inside every write."""
    if not is_searchable(spec):
        return
    extras = searched_extras(spec)
    touched = [edit for edit in edits if _is_touched(spec, edit, extras)]
    stored = _stored_parts(spec, touched)
    late = _late_fields(spec)
    documents = []
    for edit in touched:
        record, draft = edit.record, edit.drafts.pop(DRAFT, None)
        if draft is None:
            document = document_of(spec, record, _children(edit, stored), extras)
        else:
            document = _with_late(draft, late, record)
        documents.append((record.id, document))
    store.put(table_of(spec), documents)


def draft_documents(spec: Spec, edits: Sequence["Edit"]) -> None:
    """The documents of new records, a tenth of the work of an import, before its transaction."""
    if not is_searchable(spec):
        return
    extras, late = searched_extras(spec), _late_fields(spec)
    early = [item for item in searched_fields(spec) if item not in late]
    for edit in edits:
        edit.drafts[DRAFT] = _with_owner(
            spec, edit.record, _tokens_of(early, edit.record, edit.parts, extras)
        )


def _with_late(draft: str, late: Sequence[Searched], record: Any) -> str:
    """Word by word in the transaction of an import: as little as can be."""
    found = [draft]
    for item in late:
        if item.number or item.letter == TITLE:
            return f"{draft} {_tokens_of(late, record, {}, ())}".strip()
        found.append(document_tokens({item.letter: (getattr(record, item.attribute),)}))
    return " ".join(found).strip()


def _late_fields(spec: Spec) -> list[Searched]:
    late = late_names(spec)
    return [item for item in searched_fields(spec) if not item.part and item.attribute in late]


def forget_documents(spec: Spec, ids: Sequence[int]) -> None:
    if is_searchable(spec):
        store.drop(table_of(spec), ids)


def document_of(spec: Spec, record: Any, children: Children, extras: Sequence[Extra]) -> str:
    """The tokens of one record. `children`: its child rows by the name of the parts; `extras`: the
    searched custom fields, read once for many records (where no stamp is noted, that is a
    statement)."""
    return _with_owner(spec, record, _tokens_of(searched_fields(spec), record, children, extras))


def _with_owner(spec: Spec, record: Any, tokens: str) -> str:
    if not spec.scope.has_owner or record.owner_id is None:
        return tokens
    return f"{tokens} {OWNER}{record.owner_id}".lstrip()


def _tokens_of(
    items: Sequence[Searched], record: Any, children: Children, extras: Sequence[Extra]
) -> str:
    texts: dict[str, list[str]] = {}
    numbers: dict[str, list[str]] = {}
    for item in items:
        if not item.part:
            value = getattr(record, item.attribute)
            if value:
                found = value if isinstance(value, list) else [value]
                (numbers if item.number else texts).setdefault(item.letter, []).extend(found)
        for row in children.get(item.part, ()):
            _collect(item, row, texts, numbers)
    for extra in extras:
        if extra.path in record.extra:
            texts[extra.path] = [record.extra[extra.path]]
    found = [document_tokens(texts)]
    found += [document_tokens({}, values, phone_class=key) for key, values in numbers.items()]
    found += [title_tokens(TITLE, text) for text in texts.get(TITLE, ())]
    return " ".join(filter(None, found))


def _collect(
    item: Searched, row: Any, texts: dict[str, list[str]], numbers: dict[str, list[str]]
) -> None:
    """A channel holds a number, an e-mail address or an account: letters make it a text, too."""
    value = getattr(row, item.attribute)
    digits = value
    if not item.number or LETTER.search(value):
        texts.setdefault(item.letter, []).append(value)
        digits = getattr(row, "digits", "") if item.number else ""
    if digits:
        numbers.setdefault(item.letter, []).append(digits)


def _is_touched(spec: Spec, edit: "Edit", extras: Sequence[Extra]) -> bool:
    if edit.before is None:
        return True
    if spec.scope.has_owner and edit.before.get("owner_id") != edit.record.owner_id:
        return True
    for item in searched_fields(spec):
        if item.part:
            if item.part in edit.parts:
                return True
        elif edit.before.get(item.attribute) != getattr(edit.record, item.attribute):
            return True
    held, extra = edit.before.get(COLUMN) or {}, edit.record.extra
    return any(held.get(one.path) != extra.get(one.path) for one in extras)


def _stored_parts(spec: Spec, edits: Sequence["Edit"]) -> dict[str, dict[int, list[Any]]]:
    """The child rows that are searched but were not written now, by parts and record."""
    names = {item.part for item in searched_fields(spec) if item.part}
    old = [edit for edit in edits if not edit.is_new]
    found = {}
    for name in names:
        missing = [edit.record.pk for edit in old if name not in edit.parts]
        found[name] = parts_of_many(spec, name, missing) if missing else {}
    return found


def _children(edit: "Edit", stored: dict[str, dict[int, list[Any]]]) -> Children:
    return {
        name: edit.parts[name] if name in edit.parts else rows.get(edit.record.pk, ())
        for name, rows in stored.items()
    }


def prepare_tables() -> None:
    """After every migration: missing tables, and documents that are made of other fields by now."""
    known = dict(Layout.objects.values_list("object", "fields"))
    for spec in registry.specs():
        if is_searchable(spec):
            _prepare(spec, is_current=known.get(spec.key) == signature(spec))


def _prepare(spec: Spec, *, is_current: bool) -> None:
    table = table_of(spec)
    is_new = not store.exists(table)
    if is_new:
        store.create(table)
    if not has_rows(spec):
        if not store.is_empty(table):
            store.clear(table)
    elif is_new or not is_current:
        log.info("Writing the search documents of %s anew.", spec.key)
        rebuild_documents(spec)
    if not is_current:
        Layout.objects.update_or_create(object=spec.key, defaults={"fields": signature(spec)})


def columns_of_documents(spec: Spec) -> list[str]:
    """The fields a row must have loaded for `put_documents`."""
    fields = searched_fields(spec)
    names = ["id", COLUMN, *(item.attribute for item in fields if not item.part)]
    return [*names, "owner"] if spec.scope.has_owner else names


def put_documents(spec: Spec, rows: Sequence[Any]) -> None:
    """Writes the documents of stored rows anew."""
    ids = [row.pk for row in rows]
    names = {item.part for item in searched_fields(spec) if item.part}
    parts = {name: parts_of_many(spec, name, ids) for name in names}
    documents, extras = [], searched_extras(spec)
    for row in rows:
        children = {name: found.get(row.pk, ()) for name, found in parts.items()}
        documents.append((row.pk, document_of(spec, row, children, extras)))
    store.put(table_of(spec), documents)


def rebuild_documents(spec: Spec, run: Callable[[int], None] | None = None) -> int:
    """Writes every document of an object anew, in transactions of 1,000; returns how many.

    `run` hears the number done so far after each of them. People go on working meanwhile: a search
    may miss records that have not had their turn.
    """
    table, names = table_of(spec), columns_of_documents(spec)
    store.clear(table)
    done = last = 0
    while True:
        with transaction.atomic():
            rows = next_rows(spec, names, after=last, limit=CHUNK)
            if not rows:
                break
            put_documents(spec, rows)
        done, last = done + len(rows), rows[-1].pk
        if run is not None:
            run(done)
    store.settle(table)
    return done
