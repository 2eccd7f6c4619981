"""Duplicate keys: each Same of a Spec gives a record folded keys; equal keys are possible
duplicates. Custom fields marked as telling give theirs like the Sames of the Spec."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from guanxi.kernel import registry
from guanxi.kernel.bulk import insert_values
from guanxi.kernel.extra import COLUMN
from guanxi.kernel.extra_paths import is_extra
from guanxi.kernel.models import SameKey
from guanxi.kernel.phones import read_phone
from guanxi.kernel.spec import Same, Spec
from guanxi.kernel.text import core_name, fold

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

CHUNK = 900
COLUMNS = ("book", "object", "digest", "record_id")
#: All custom fields share one number; their keys begin with the path of the field.
CUSTOM = 1_000
#: Kinds of phone numbers that do not tell one person from another.
SHARED = ("landline", "400")

Rule = tuple[int, Same, str]


def rules_of(spec: Spec) -> list[Rule]:
    """(number, Same, what its keys begin with) of everything that tells possible duplicates."""
    found = [(index, same, "") for index, same in enumerate(spec.duplicates)]
    custom = registry.custom_fields(spec.key).values()
    return found + [(CUSTOM, Same(one.path), f"{one.path}\x1f") for one in custom if one.alike]


def keys_of(spec: Spec, record: Any, parts: dict[str, list[Any]]) -> set[tuple[int, str]]:
    """{(number of the rule, key)} of one record; incomplete combinations give none."""
    return {
        (index, start + key)
        for index, same, start in rules_of(spec)
        for key in _keys(same, record, parts)
    }


def _keys(same: Same, record: Any, parts: dict[str, list[Any]]) -> Iterable[str]:
    if len(same.fields) == 1 and "." in same.fields[0]:
        name, field = same.fields[0].split(".")
        return [
            text
            for row in parts.get(name, ())
            if (value := getattr(row, field))
            and (text := fold(str(value)))
            and not (same.mobile and read_phone(text).kind in SHARED)
        ]
    of = next((path.split(".")[0] for path in same.fields if "." in path), "")
    found = []
    for row in parts.get(of, ()) if of else (record,):
        values = [
            _text(same, row, path.partition(".")[2])
            if path.startswith(f"{of}.")
            else _text(same, record, path)
            for path in same.fields
        ]
        if all(values):
            found.append("\x1f".join(values))
    return found


def _text(same: Same, record: Any, name: str) -> str:
    value = _value(record, name)
    if value is None or value == "":
        return ""
    return core_name(str(value)) if same.core else fold(str(value))


def _value(record: Any, name: str) -> Any:
    """The value as it is stored; what the JSON column holds is plain already."""
    if is_extra(name):
        return record.extra.get(name)
    return getattr(record, record._meta.get_field(name).attname)


# A chunk of an import asks for each of its keys twice: looking for twins and writing.
@lru_cache(maxsize=8_192)
def digest_of(of: str, rule: int, key: str) -> int:
    """What is stored of a key of the object `of`: 64 bits, as signed as a column has them.

    Among two billion customers one pair of different keys is to be expected that has the same one;
    then a possible duplicate is named that is none.
    """
    text = f"{of}\x1f{rule}\x1f{key}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), signed=True)


def _rows_of(spec: Spec, record: Any, keys: Iterable[tuple[int, str]]) -> list[tuple[Any, ...]]:
    book, of, record_id = record.book, spec.key, record.id
    return [(book, of, digest_of(of, rule, key), record_id) for rule, key in keys]


def write_keys(spec: Spec, edits: Sequence["Edit"]) -> None:
    """Replaces the stored keys of the records written, where what they are made of has changed."""
    if not rules_of(spec):
        return
    edits = [edit for edit in edits if _is_touched(spec, edit)]
    changed = [edit.record.pk for edit in edits if not edit.is_new]
    if changed:
        SameKey.objects.filter(object=spec.key, record_id__in=changed).delete()
    fresh = []
    for edit in edits:
        fresh += _rows_of(spec, edit.record, keys_of_edit(edit))
    insert_values(SameKey, COLUMNS, fresh)


def rewrite_keys(spec: Spec, rows: Sequence[Any], parts: Mapping[str, Mapping[int, Any]]) -> None:
    """Replaces the stored keys of whole rows. `parts`: {name: {record id: child rows}} of all."""
    SameKey.objects.filter(object=spec.key, record_id__in=[row.pk for row in rows]).delete()
    fresh = []
    for row in rows:
        children = {name: list(found.get(row.pk, ())) for name, found in parts.items()}
        fresh += _rows_of(spec, row, keys_of(spec, row, children))
    insert_values(SameKey, COLUMNS, fresh)


def keys_of_edit(edit: "Edit") -> set[tuple[int, str]]:
    """The keys of a checked edit; for a new record they are worked out once."""
    if edit.same_keys is None or not edit.is_new:
        spec = edit.spec
        parts = {name: _current_parts(spec, name, edit) for name in part_names(spec)}
        edit.same_keys = keys_of(spec, edit.record, parts)
    return edit.same_keys


def _is_touched(spec: Spec, edit: "Edit") -> bool:
    if edit.before is None:
        return True
    for path in {field for _index, same, _start in rules_of(spec) for field in same.fields}:
        name, _dot, child = path.partition(".")
        if child:
            if name in edit.parts:
                return True
            continue
        if is_extra(path):
            if edit.before.get(COLUMN, {}).get(path) != edit.record.extra.get(path):
                return True
            continue
        attribute = edit.record._meta.get_field(name).attname  # type: ignore[union-attr]
        if edit.before.get(attribute) != getattr(edit.record, attribute):
            return True
    return False


def part_names(spec: Spec) -> set[str]:
    """The child rows that keys are made of."""
    return {
        field.split(".")[0] for same in spec.duplicates for field in same.fields if "." in field
    }


def _current_parts(spec: Spec, name: str, edit: "Edit") -> list[Any]:
    if name in edit.parts:
        return edit.parts[name]
    if edit.is_new:
        return []
    parts = spec.part(name)
    assert parts is not None
    return list(parts.model._all.filter(**{parts.owner_field: edit.record.pk}))


def find_same(
    spec: Spec, record: Any, parts: dict[str, list[Any]], *, book: int
) -> dict[int, list[int]]:
    """Ids of stored records that share a key with this one, per Same: {index: [ids]}."""
    wanted = keys_of(spec, record, parts)
    found: dict[int, list[int]] = {}
    for index in {rule for rule, _key in wanted}:
        digests = [digest_of(spec.key, rule, key) for rule, key in wanted if rule == index]
        hits = SameKey.objects.filter(book=book, object=spec.key, digest__in=digests)
        ids = hits.exclude(record_id=record.pk or 0).values_list("record_id", flat=True)[:20]
        if ids:
            found[index] = sorted(set(ids))
    return found


def find_same_many(
    spec: Spec, keys: Iterable[tuple[int, str]], *, book: int
) -> dict[tuple[int, str], int]:
    """{(index, key): id of the first record that holds it} for a chunk of keys."""
    asked = {digest_of(spec.key, rule, key): (rule, key) for rule, key in keys}
    digests = list(asked)
    found: dict[tuple[int, str], int] = {}
    for start in range(0, len(digests), CHUNK):
        hits = SameKey.objects.filter(
            book=book, object=spec.key, digest__in=digests[start : start + CHUNK]
        )
        # No order in the query: SQLite would walk the index of record ids instead of the keys'.
        for digest, record_id in hits.values_list("digest", "record_id"):
            key = asked[digest]
            found[key] = min(record_id, found.get(key, record_id))
    return found
