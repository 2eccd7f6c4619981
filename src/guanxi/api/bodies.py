"""From JSON to what `kernel.values` reads: types are checked here, meanings there."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _

from guanxi.api.problems import Problem
from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Invalid, Said, Wrong
from guanxi.kernel.spec import Parts, Spec
from guanxi.kernel.values import MAX_PART_ROWS, is_writable

MAX_BODY = 1024 * 1024
NUMBERS = (kinds.IntegerKind, kinds.PercentKind, kinds.MoneyKind, kinds.DecimalKind)
#: A number with more digits or places is written out as it came, for the field to refuse.
PLAIN_PLACES = 30


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent, {} for nothing; numbers with a point are Decimal."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_BODY:
        raise Problem(413, "body_too_large", _("A request has at most 1 MB; files go to /uploads."))
    try:
        raw = request.body
    except RawPostDataException:
        raw = b""
    if not raw.strip():
        return {}
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        raise Problem(415, "not_json", _("Send “Content-Type: application/json”."))
    try:
        found = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", _("This is not JSON.")) from None
    if not isinstance(found, dict):
        raise Problem(400, "bad_json", _("Send a JSON object: {…}."))
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def raw_values(actor: Actor, spec: Spec, body: Mapping[str, Any]) -> dict[str, Any]:
    """{path: text, or rows of such} for `create_record` and `edit_record`; raises Invalid."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in body.items():
        try:
            parts = spec.part(name)
            if parts is not None:
                found[name] = _rows(parts, value, errors)
            else:
                check_writable(actor, spec, name)
                found[name] = raw_value(column(spec, name).kind, value)
        except Wrong as wrong:
            errors[name[:80]] = [wrong.message]
    if errors:
        raise Invalid(errors)
    return found


def arguments(body: Mapping[str, Any], known: Mapping[str, kinds.Kind]) -> dict[str, Any]:
    """{name: value} of what an act takes, None for what was not sent; raises Invalid for others
    and for what is no such value."""
    errors: dict[str, list[str]] = {}
    found: dict[str, Any] = dict.fromkeys(known)
    for name, value in body.items():
        try:
            if name not in known:
                raise unknown_field(name)
            found[name] = known[name].parse(raw_value(known[name], value))
        except Wrong as wrong:
            errors[name[:80]] = [wrong.message]
    if errors:
        raise Invalid(errors)
    return found


def unknown_field(name: str) -> Wrong:
    return Wrong(_("There is no field “%(path)s”.") % {"path": name[:80]}, code="unknown_field")


def check_writable(actor: Actor, spec: Spec, name: str) -> None:
    """Raises Wrong for a name of the body that is unknown or not to be set."""
    if _kind(spec, name) is None and name not in ("id", "version"):
        raise unknown_field(name)
    if not is_writable(spec, name, book=actor.book):
        raise Wrong(_("This field can't be set."), code="read_only")


def _kind(spec: Spec, name: str) -> kinds.Kind | None:
    try:
        return None if "." in name else column(spec, name).kind
    except (Wrong, KeyError):
        return None


def _rows(parts: Parts, value: Any, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    if parts.own_page:
        raise Wrong(_("This field can't be set."), code="read_only")
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Wrong(_("Give a list of objects."), code="wrong_type")
    if len(value) > MAX_PART_ROWS:
        raise Wrong(_("At most %(count)s rows.") % {"count": MAX_PART_ROWS}, code="too_many")
    return [_row(parts, row, f"{parts.name}.{index}", errors) for index, row in enumerate(value)]


def _row(
    parts: Parts, row: Mapping[str, Any], place: str, errors: dict[str, list[str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        try:
            if name == "id":
                found[name] = _id(value)
            elif name in parts.fields:
                field: Any = parts.model._meta.get_field(name)
                found[name] = raw_value(field.kind, value)
            else:
                raise unknown_field(name)
        except Wrong as wrong:
            errors[f"{place}.{name[:80]}"] = [wrong.message]
    if not any(value not in ("", False) for name, value in found.items() if name != "id"):
        errors.setdefault(place, [Said.of(_("This row is empty."), "required")])
    return found


def raw_value(kind: kinds.Kind, value: Any) -> Any:
    """What `kind.parse` takes, from a JSON value; raises Wrong for the wrong JSON type.

    Text is taken for everything that is one value, as people would type it.
    """
    if value is None:
        return ""
    if isinstance(kind, kinds.TagsKind):
        if isinstance(value, str) or _are_texts(value):
            return value
        raise Wrong(_("Give a list of texts."), code="wrong_type")
    if isinstance(value, str):
        return value
    if isinstance(kind, kinds.ConditionsKind) and isinstance(value, (dict, list)):
        return value
    if isinstance(kind, kinds.BooleanKind):
        if isinstance(value, bool):
            return value
        raise Wrong(_("Give true or false."), code="wrong_type")
    if isinstance(kind, (kinds.LinkKind, kinds.FileKind)):
        return _id(value)
    if isinstance(kind, NUMBERS):
        return _number(value)
    return _text(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(_("Give a text in quotes."), code="wrong_type")
    return value


def _id(value: Any) -> str:
    """The id of a link: a number, or what a link reads like: {"id": 7, …}."""
    if isinstance(value, dict):
        value = value.get("id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Wrong(_("Give the id of a row, or an object with its id."), code="wrong_type")
    text = str(value)
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Wrong(_("Give the id of a row, or an object with its id."), code="wrong_type")
    return text


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Wrong(_("Give a number."), code="wrong_type")
    if isinstance(value, Decimal) and -PLAIN_PLACES < value.adjusted() < PLAIN_PLACES:
        return f"{value:f}"
    return str(value)
