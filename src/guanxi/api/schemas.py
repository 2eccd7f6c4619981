"""JSON Schema of values, by field type: as they are read, and as they may be sent."""

from typing import Any

from guanxi.kernel import kinds

JSON = "application/json"
Node = dict[str, Any]


def ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


LINK: Node = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {"id": {"type": "integer"}, "title": {"type": "string"}},
}
FILE: Node = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "url": {"type": "string"},
        "size": {"type": "integer"},
        "content_type": {"type": "string"},
    },
}
PROBLEM: Node = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "alike": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "title", "why"],
                "properties": {
                    "id": {"type": ["integer", "null"]},
                    "title": {"type": ["string", "null"]},
                    "why": {"type": "string"},
                },
            },
        },
    },
}


def output_of(kind: kinds.Kind, *, masked: bool) -> Node:
    """What a value of this type reads like; a mask is text, whatever it hides."""
    plain = _output(kind)
    return {"anyOf": [plain, {"type": "string"}]} if masked else plain


def _output(kind: kinds.Kind) -> Node:
    if isinstance(kind, kinds.LinkKind):
        return {"anyOf": [ref("Link"), {"type": "null"}]}
    if isinstance(kind, kinds.FileKind):
        return {"anyOf": [ref("File"), {"type": "null"}]}
    if isinstance(kind, kinds.TagsKind):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(kind, (kinds.ConditionsKind, kinds.BooleanKind)):
        return {"type": "boolean" if isinstance(kind, kinds.BooleanKind) else ["object", "null"]}
    if isinstance(kind, (kinds.IntegerKind, kinds.PercentKind)):
        return {"type": ["integer", "null"]}
    if isinstance(kind, (kinds.MoneyKind, kinds.DecimalKind)):
        return {"type": ["string", "null"], "format": "decimal"}
    if isinstance(kind, kinds.InstantKind):
        return {"type": ["string", "null"], "format": "date-time"}
    if isinstance(kind, kinds.DateKind):
        return {"type": ["string", "null"], "format": "date"}
    if isinstance(kind, kinds.ChoiceKind):
        return {"type": ["string", "null"], "enum": [*kind.choices, "", None]}
    return {"type": "string"}


def input_of(kind: kinds.Kind) -> Node:
    """What may be sent; null and "" empty a field."""
    if isinstance(kind, (kinds.LinkKind, kinds.FileKind)):
        named = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
        return {"anyOf": [{"type": ["integer", "string", "null"]}, named]}
    if isinstance(kind, kinds.TagsKind):
        return {"type": ["array", "null"], "items": {"type": "string"}}
    if isinstance(kind, kinds.ConditionsKind):
        return {"type": ["object", "array", "string", "null"]}
    if isinstance(kind, kinds.BooleanKind):
        return {"type": ["boolean", "null"]}
    if isinstance(kind, (kinds.IntegerKind, kinds.PercentKind)):
        return {"type": ["integer", "string", "null"]}
    if isinstance(kind, (kinds.MoneyKind, kinds.DecimalKind)):
        return {"type": ["number", "string", "null"]}
    if isinstance(kind, kinds.InstantKind):
        return {"type": ["string", "null"], "format": "date-time"}
    if isinstance(kind, kinds.DateKind):
        return {"type": ["string", "null"], "format": "date"}
    if isinstance(kind, kinds.ChoiceKind):
        closed = kind.closed
        return {
            "type": ["string", "null"],
            "enum": [*(code for code in kind.choices if code not in closed), "", None],
        }
    found: Node = {"type": ["string", "null"]}
    size = getattr(kind, "max", None)
    return found | ({"maxLength": size} if isinstance(size, int) else {})


def type_word(kind: kinds.Kind) -> str:
    """A field type in one word of JSON, for tables."""
    schema = _output(kind)
    if "anyOf" in schema:
        return "{id, title}" if isinstance(kind, kinds.LinkKind) else "{id, name, url}"
    name = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    said = schema.get("format", "")
    return "[text]" if name == "array" else f"{name} ({said})" if said else name
