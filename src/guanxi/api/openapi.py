"""The OpenAPI 3.1 description, made from the Specs for one person: what they may not see is not in
it."""

import re
from typing import Any

from django.utils.translation import gettext as _

from guanxi.api import asking
from guanxi.api.catalogue import (
    ROOT,
    Field,
    collection_address,
    fields_of,
    objects,
    part_fields,
    part_names,
    record_address,
    rules_of,
    verbs_of,
)
from guanxi.api.described import SCHEMAS, acts_beside, answer_of, body_of
from guanxi.api.schemas import FILE, JSON, LINK, PROBLEM, input_of, output_of, ref
from guanxi.kernel import kinds
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column
from guanxi.kernel.company import currency_column
from guanxi.kernel.kinds import Kind
from guanxi.kernel.rule import RuleInfo
from guanxi.kernel.same import rules_of as duplicate_rules
from guanxi.kernel.spec import Parts, Spec

VERSION = "1.0"
PATH_NAME = re.compile(r"\{(\w+)\}")
Node = dict[str, Any]


def describe_api(actor: Actor, *, server: str) -> Node:
    """The whole document; `server` is the address of this installation."""
    seen = objects(actor)
    paths: Node = dict(_general())
    schemas: Node = {"Link": LINK, "File": FILE, "Problem": PROBLEM} | SCHEMAS
    for spec in seen:
        paths |= _paths(actor, spec)
        schemas |= _schemas(actor, spec)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guanxi API", "version": VERSION, "description": _introduction()},
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "tags": [{"name": spec.path, "description": str(spec.plural)} for spec in seen],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "parameters": _parameters(),
            "responses": _responses(),
        },
    }


def _introduction() -> str:
    return _(
        "Every object of this installation that you may see. Values follow your rights: hidden "
        "fields are left out, masked ones come as their mask."
    )


def schema_name(spec: Spec) -> str:
    return spec.model.__name__


def _schemas(actor: Actor, spec: Spec) -> Node:
    name = schema_name(spec)
    parts = {name: spec.part(name) for name in part_names(actor, spec)}
    found: Node = {
        name: _record_schema(actor, spec, parts),
        f"{name}List": {
            "type": "object",
            "required": ["items", "next", "total"],
            "properties": {
                "items": {"type": "array", "items": ref(name)},
                "next": {"type": ["string", "null"], "format": "uri"},
                "total": {"type": ["integer", "null"]},
            },
        },
    }
    if any(verbs_of(actor, spec)[verb] for verb in ("create", "edit")):
        found[f"{name}Input"] = _input_schema(actor, spec, parts, create=True)
        found[f"{name}Patch"] = _input_schema(actor, spec, parts, create=False)
    return found


def _record_schema(actor: Actor, spec: Spec, parts: dict[str, Any]) -> Node:
    properties: Node = {"id": {"type": "integer"}, "version": {"type": "integer"}}
    for field in fields_of(actor, spec):
        properties |= _property(field, output_of(field.kind, masked=field.masked))
    for name, one in parts.items():
        rows: Node = {"id": {"type": "integer"}}
        for field in part_fields(actor, spec, one):
            rows |= _property(field, output_of(field.kind, masked=field.masked))
        row = {"type": "object", "properties": rows}
        properties[name] = {"type": "array", "title": str(one.label), "items": row}
    return {"type": "object", "title": str(spec.name), "properties": properties}


def _property(field: Field, schema: Node) -> Node:
    found = {field.name: schema | {"title": field.label}}
    if isinstance(field.kind, kinds.MoneyKind):
        found[currency_column(field.name)] = {"type": "string", "minLength": 3, "maxLength": 3}
    return found


def _input_schema(actor: Actor, spec: Spec, parts: dict[str, Any], *, create: bool) -> Node:
    properties, required = {}, []
    for field in fields_of(actor, spec):
        if field.writable:
            properties |= _property(field, input_of(field.kind))
            required += [field.name] if field.required and create else []
    for name, one in parts.items():
        rows = _part_input(actor, spec, one)
        if rows:
            properties[name] = {"type": "array", "title": str(one.label), "items": rows}
    found: Node = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"required": required} if required else {})


def _part_input(actor: Actor, spec: Spec, parts: Parts) -> Node:
    properties: Node = {}
    for field in part_fields(actor, spec, parts):
        if field.writable:
            properties |= _property(field, input_of(field.kind))
    if not properties:
        return {}
    properties["id"] = {"type": ["integer", "null"]}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _paths(actor: Actor, spec: Spec) -> Node:
    verbs, name = verbs_of(actor, spec), schema_name(spec)
    collection: Node = {"get": _list(spec, name)}
    if verbs["create"]:
        collection["post"] = _create(spec, name)
    one: Node = {"parameters": [_shared("Id")], "get": _get(spec, name)}
    if verbs["edit"]:
        one["patch"] = _patch(spec, name)
    if verbs["delete"]:
        one["delete"] = _operation(
            spec,
            "delete",
            _("Delete"),
            {"204": {"description": _("Deleted")}},
            [_shared("IfMatch")],
        )
        gone = one["delete"]["responses"]["204"]
        gone["headers"] = {
            "Undo": {"schema": {"type": "string"}, "description": _("Where to take it back")}
        }
    address = record_address(spec, 0).removesuffix("0") + "{id}"
    found: Node = {collection_address(spec): collection, address: one}
    for act, label, body in _acts(actor, spec, verbs):
        operation = _operation(
            spec, act, label, _record_answer(name), [_shared("IfMatch"), _shared("Key")]
        )
        if body["properties"]:
            content = {JSON: {"schema": body}}
            operation["requestBody"] = {"content": content, "required": "required" in body}
        found[f"{address}/{act}"] = {"parameters": [_shared("Id")], "post": operation}
    return found | _beside(actor, spec, address)


def _beside(actor: Actor, spec: Spec, address: str) -> Node:
    """Comments, attachments, shares and changes of a record."""
    found: Node = {}
    for act in acts_beside(actor, spec):
        where = f"{address}/{act.path}"
        named = [_path_id(name) for name in PATH_NAME.findall(act.path)]
        place = found.setdefault(where, {"parameters": [_shared("Id"), *named]})
        asked = [_shared("Before"), _shared("PageSize")] if act.many not in ("", "Share") else []
        asked += [_shared("Key")] if act.by_key else []
        answers = answer_of(act, schema_name(spec))
        operation = _operation(spec, act.name, str(act.label), answers, asked)
        place[act.method.lower()] = operation | body_of(act)
    return found


def _path_id(name: str) -> Node:
    return _parameter(name, "", {"type": "integer"}, where="path")


def _acts(actor: Actor, spec: Spec, verbs: dict[str, bool]) -> list[tuple[str, str, Node]]:
    """(name, label, schema of the arguments) of what can be done to a record."""
    found = []
    if verbs["invalidate"]:
        found.append(("invalidate", _("Invalidate"), _arguments({"reason": {"type": "string"}})))
    if verbs["restore"]:
        found.append(("restore", _("Restore"), _arguments({})))
    if verbs["transfer"]:
        owner = input_of(kinds.PersonKind())
        found.append(("transfer", _("Hand over"), _arguments({"owner": owner}, "owner")))
    return [*found, *(_rule(spec, info) for info in rules_of(actor, spec))]


def _rule(spec: Spec, info: RuleInfo) -> tuple[str, str, Node]:
    asked = {name: _argument(spec, name) for name in info.asks}
    return info.name, str(info.label), _arguments(asked, *info.required)


def _argument(spec: Spec, name: str) -> Node:
    col = column(spec, name)
    kind: Kind = col.kind
    return input_of(kind) | {"title": str(col.label)}


def _arguments(properties: Node, *required: str) -> Node:
    found: Node = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"required": sorted(required)} if required else {})


def _list(spec: Spec, name: str) -> Node:
    words = ("Q", "Filter", "Order", "Page", "After", "PageSize", "Fields", "Total", "Void")
    answer = {"200": _json(_("One page of rows"), ref(f"{name}List"))}
    return _operation(spec, "list", _("List"), answer, [_shared(word) for word in words])


def _get(spec: Spec, name: str) -> Node:
    answer = _record_answer(name) | {"304": {"description": _("Unchanged")}}
    return _operation(spec, "get", _("Read one"), answer, [_shared("Fields")])


def _create(spec: Spec, name: str) -> Node:
    answer = {"201": _json(_("Created"), ref(name))}
    asked = [_shared("Key")]
    if duplicate_rules(spec):
        asked.append(_shared("NotAlike"))
        answer["409"] = {"$ref": "#/components/responses/Alike"}
    found = _operation(spec, "create", _("Create"), answer, asked)
    return found | {"requestBody": _body(f"{name}Input")}


def _patch(spec: Spec, name: str) -> Node:
    found = _operation(spec, "patch", _("Change"), _record_answer(name), [_shared("IfMatch")])
    return found | {"requestBody": _body(f"{name}Patch")}


def _body(name: str) -> Node:
    return {"required": True, "content": {JSON: {"schema": ref(name)}}}


def _record_answer(name: str) -> Node:
    return {"200": _json(_("The record as it is now"), ref(name))}


def _json(description: str, schema: Node) -> Node:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _operation(spec: Spec, act: str, label: str, answers: Node, parameters: list[Node]) -> Node:
    return {
        "operationId": f"{spec.path.replace('-', '_')}_{act}",
        "tags": [spec.path],
        "summary": str(label),
        "parameters": parameters,
        "responses": {**answers, "default": {"$ref": "#/components/responses/Problem"}},
    }


def _shared(name: str) -> Node:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameters() -> Node:
    whole = {"type": "integer", "minimum": 1}
    return {
        "Id": _parameter("id", "", {"type": "integer"}, where="path"),
        "Q": _parameter("q", _("Search: words, pinyin, initials, digits of a phone")),
        "Filter": _parameter("filter", _("Conditions as JSON: [path, operator, value]")),
        "Order": _parameter("order", _("Fields, parted by commas, - in front for downwards")),
        "Page": _parameter("page", _("Number of the page"), whole | {"maximum": asking.MAX_PAGE}),
        "After": _parameter("after", _("The place the address in “next” goes on from")),
        "Before": _parameter("before", _("The id behind which the page begins"), whole),
        "PageSize": _parameter(
            "page_size",
            _("Rows a page"),
            whole | {"maximum": asking.MAX_SIZE, "default": asking.SIZE},
        ),
        "Fields": _parameter("fields", _("Fields to show, parted by commas; child rows by name")),
        "Total": _parameter("total", _("1: count all rows as well"), {"enum": ["0", "1"]}),
        "Void": _parameter(
            "void", _("Invalidated rows"), {"enum": list(asking.VOID), "default": "no"}
        ),
        "NotAlike": _parameter(
            "not_alike", _("1: it is another one, make it"), {"enum": ["0", "1"]}
        ),
        "IfMatch": _parameter("If-Match", _("ETag of what you have seen"), where="header"),
        "Key": _parameter("Idempotency-Key", _("The same key does the work once"), where="header"),
    }


def _parameter(name: str, text: str, schema: Node | None = None, *, where: str = "query") -> Node:
    found: Node = {
        "name": name,
        "in": where,
        "schema": schema or {"type": "string"},
    }
    found |= {"required": True} if where == "path" else {}
    return found | ({"description": text} if text else {})


def _responses() -> Node:
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    alike = _("Refused; with the code possible_duplicates “alike” lists what looks the same")
    return {
        "Problem": {"description": _("What went wrong (RFC 9457)"), "content": problem},
        "Alike": {"description": alike, "content": problem},
    }


def _general() -> Node:
    anything = {"200": _json(_("About your token"), {"type": "object"})}
    problem = {"default": {"$ref": "#/components/responses/Problem"}}
    file = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    }
    return {
        f"{ROOT}/me": {
            "get": {
                "operationId": "me",
                "summary": _("Whose token this is"),
                "responses": anything | problem,
            }
        },
        f"{ROOT}/uploads": {
            "post": {
                "operationId": "upload",
                "summary": _("Send a file, to be named by a record afterwards"),
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": file}},
                },
                "responses": {"201": _json(_("The file, with its id"), ref("File"))} | problem,
            }
        },
    }
