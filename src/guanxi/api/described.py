"""What every record has beside it over the API, described once for OpenAPI and for the pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.api.schemas import FILE, JSON, LINK, ref
from guanxi.kernel.actor import Actor
from guanxi.kernel.spec import Capability, Spec
from guanxi.talk.entries import LONGEST

Node = dict[str, Any]
WHEN: Node = {"type": "string", "format": "date-time"}
TEXT: Node = {"type": "string", "minLength": 1, "maxLength": LONGEST}
DAY: Node = {"type": ["string", "null"], "format": "date"}
LEVEL: Node = {"type": "string", "enum": ["read", "write"]}
AUTHOR: Node = {
    "type": "object",
    "properties": {"id": {"type": ["integer", "null"]}, "title": {"type": "string"}},
}
FIELD: Node = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("field", "label", "old", "new")},
}
SCHEMAS: Node = {
    "Comment": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": WHEN,
            "author": AUTHOR,
            "text": TEXT,
            "mentions": {"type": "array", "items": LINK},
            "edited_at": {"type": ["string", "null"], "format": "date-time"},
        },
    },
    "Attachment": {
        "type": "object",
        "properties": FILE["properties"] | {"at": WHEN, "author": AUTHOR},
    },
    "Share": {
        "type": "object",
        "properties": {"person": LINK, "level": LEVEL, "until": DAY},
    },
    "Change": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": WHEN,
            "author": AUTHOR,
            "surface": {"type": "string"},
            "verb": {"type": "string"},
            "version": {"type": "integer"},
            "may_undo": {"type": "boolean"},
            "fields": {"type": "array", "items": FIELD},
        },
    },
}


@dataclass(frozen=True)
class Act:
    """One operation: below the address of the record, with the right it takes beside seeing it.

    body: schema of what is sent; many, one: name of the schema that comes back.
    """

    method: str
    path: str
    name: str
    label: Any
    verb: str = ""
    body: Node | None = None
    needs: tuple[str, ...] = ()
    many: str = ""
    one: str = ""
    status: int = 200
    by_key: bool = False


SAID: Node = {"text": TEXT}
SHARED: Node = {"person": {"type": "integer"}, "level": LEVEL, "until": DAY}
FILE_SENT: Node = {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}
COMMENT, ATTACHMENT = "comments/{comment}", "attachments/{attachment}"
BESIDE = (
    Act("GET", "comments", "list_comments", gettext_lazy("Comments"), many="Comment"),
    Act(
        method="POST",
        path="comments",
        name="comment",
        label=gettext_lazy("Write a comment"),
        body=SAID,
        needs=("text",),
        one="Comment",
        status=201,
        by_key=True,
    ),
    Act("GET", COMMENT, "get_comment", gettext_lazy("One comment"), one="Comment"),
    Act(
        method="PATCH",
        path=COMMENT,
        name="edit_comment",
        label=gettext_lazy("Change one's own comment"),
        body=SAID,
        needs=("text",),
        one="Comment",
    ),
    Act("DELETE", COMMENT, "delete_comment", gettext_lazy("Delete one's own comment"), status=204),
    Act(
        method="POST",
        path=f"{COMMENT}/restore",
        name="restore_comment",
        label=gettext_lazy("Bring a deleted comment back"),
        one="Comment",
    ),
    Act("GET", "attachments", "list_attachments", gettext_lazy("Attachments"), many="Attachment"),
    Act(
        method="POST",
        path="attachments",
        name="attach",
        label=gettext_lazy("Attach a file"),
        verb="edit",
        body=FILE_SENT,
        needs=("file",),
        one="Attachment",
        status=201,
        by_key=True,
    ),
    Act("GET", ATTACHMENT, "download_attachment", gettext_lazy("Download the file")),
    Act(
        method="DELETE",
        path=ATTACHMENT,
        name="delete_attachment",
        label=gettext_lazy("Delete the attachment"),
        verb="edit",
        status=204,
    ),
    Act(
        method="POST",
        path=f"{ATTACHMENT}/restore",
        name="restore_attachment",
        label=gettext_lazy("Bring a deleted attachment back"),
        verb="edit",
        one="Attachment",
    ),
    Act("GET", "shares", "list_shares", gettext_lazy("Shared with"), "share", many="Share"),
    Act(
        method="POST",
        path="shares",
        name="share",
        label=gettext_lazy("Share"),
        verb="share",
        body=SHARED,
        needs=("person",),
        one="Share",
        by_key=True,
    ),
    Act("DELETE", "shares/{person}", "unshare", gettext_lazy("End a share"), "share", status=204),
    Act("GET", "changes", "list_changes", gettext_lazy("What was changed"), many="Change"),
    Act(
        method="POST",
        path="changes/{change}/undo",
        name="undo",
        label=gettext_lazy("Take a change back"),
        by_key=True,
    ),
)


def acts_beside(actor: Actor, spec: Spec) -> Iterator[Act]:
    """Those this person may call on some row of the object."""
    for act in BESIDE:
        fits = act.verb != "share" or spec.can(Capability.SHARE)
        if fits and (not act.verb or actor.may(spec.key, act.verb)):
            yield act


def answer_of(act: Act, record: str) -> Node:
    """{status: answer} of an operation; `record` is the schema of the record itself."""
    if act.name == "undo":
        nothing = {"description": _("Taken back, and nothing is left that you may see")}
        return {"200": _json(_("The record as it is now"), ref(record)), "204": nothing}
    if act.name == "download_attachment":
        return {"200": {"description": str(act.label), "content": {"application/octet-stream": {}}}}
    if act.many:
        return {"200": _json(str(act.label), _page(act.many))}
    if act.one:
        return {str(act.status): _json(str(act.label), ref(act.one))}
    return {str(act.status): {"description": str(act.label)}}


def _page(name: str) -> Node:
    found: Node = {"items": {"type": "array", "items": ref(name)}}
    if name != "Share":
        found["next"] = {"type": ["string", "null"], "format": "uri"}
    return {"type": "object", "required": sorted(found), "properties": found}


def _json(text: str, schema: Node) -> Node:
    return {"description": text, "content": {JSON: {"schema": schema}}}


def body_of(act: Act) -> Node:
    """The key `requestBody` of an operation, {} where nothing is sent."""
    if act.body is None:
        return {}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": act.body,
        "required": list(act.needs),
    }
    kind = "multipart/form-data" if "file" in act.body else JSON
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}
