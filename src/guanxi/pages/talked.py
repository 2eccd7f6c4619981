"""How comments and attachments are shown: entries of the timeline, the list of files."""

import re
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.html import conditional_escape, urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel import scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import closed_because
from guanxi.kernel.files import PICTURES
from guanxi.kernel.models import StoredFile
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.pages.moments import moment, older
from guanxi.talk.entries import comment_closed, entries_of, is_fresh, is_own
from guanxi.talk.models import Entry

PDF = "application/pdf"
SHEETS = (".xlsx", ".xls", ".csv", ".et")
PACKED = ("application/zip", "application/vnd.rar", "application/x-7z-compressed")
OFFICE = (".docx", ".doc", ".wps", ".pptx", ".ppt", ".txt", ".md", ".rtf", ".odt")


class Talk:
    """What stands beside a record, for the timeline and for the list of files."""

    def __init__(self, spec: Spec, record: Any) -> None:
        self._entries = entries_of(spec, record)
        self._whole: list[Entry] | None = None

    def newest(self, kind: str, *, before: str, most: int) -> list[Entry]:
        """`kind`: comments, files, or "" for both; `before`: the mark of the last one read."""
        found = self._entries.filter(file__isnull=kind == "comments") if kind else self._entries
        read = list(older(found, "at", before)[:most])
        if not kind and not before and len(read) < most:
            self._whole = read
        return read

    def files(self) -> list[Entry]:
        """The newest first; read only where `newest` has not met them all."""
        if self._whole is None:
            return list(self._entries.filter(file__isnull=False))
        files = [entry for entry in self._whole if entry.file_id is not None]
        return sorted(files, key=lambda entry: entry.pk, reverse=True)


def talked(actor: Actor, spec: Spec, record: Any, entry: Entry) -> dict[str, Any]:
    """One entry as `ui/_timeline_entry.html` wants it."""
    base = address(spec, record.pk)
    own = entry.file is None and is_own(actor, entry) and not comment_closed(spec, record)
    found: dict[str, Any] = {"who": entry.author, **moment(entry.at)}
    if entry.file is not None:
        url = f"{base}attachments/{entry.pk}/"
        kind = preview_kind(entry.file)
        return found | {
            "icon": "paperclip",
            "what": _("attached a file"),
            "text": said(entry),
            "file": {
                "name": entry.file.name,
                "size": filesizeformat(entry.file.size),
                "url": f"{url}preview/" if kind else f"{url}?save=1",
                "dialog": bool(kind),
                "thumb": url if kind == "image" else "",
            },
        }
    return found | {
        "icon": "message",
        "what": _("commented (changed)") if entry.edited_at else _("commented"),
        "text": said(entry),
        "edit_url": f"{base}comments/{entry.pk}/" if own and is_fresh(entry) else "",
        "delete_url": f"{base}talk/{entry.pk}/delete/" if own else "",
    }


def said(entry: Entry) -> SafeString:
    """The text with its lines, addresses as links, and the persons called set apart."""
    words = sorted({words for _person, words in entry.mentions}, key=len, reverse=True)
    if not words:
        return _lines(entry.text)
    called = re.compile(f"([@＠](?:{'|'.join(map(re.escape, words))}))", re.IGNORECASE)
    pieces = called.split(entry.text)
    return SafeString(
        "".join(
            f'<span class="mention">{conditional_escape(piece)}</span>' if at % 2 else _lines(piece)
            for at, piece in enumerate(pieces)
        )
    )


def _lines(text: str) -> SafeString:
    return SafeString(urlize(text, nofollow=True, autoescape=True).replace("\n", "<br>"))


def attachments(actor: Actor, spec: Spec, record: Any, talk: Talk) -> dict[str, Any]:
    """The context of `pages/_attachments.html`."""
    closed = closed_because(spec, record, "edit")
    may_edit = not closed and scope.may(spec, actor, "edit", record)
    base = address(spec, record.pk)
    return {
        "action": f"{base}attachments/" if may_edit else "",
        "items": [_item(base, entry, may_edit=may_edit) for entry in talk.files()],
    }


def _item(base: str, entry: Entry, *, may_edit: bool) -> dict[str, Any]:
    stored: Any = entry.file
    kind, url = preview_kind(stored), f"{base}attachments/{entry.pk}/"
    return {
        "name": stored.name,
        "size": filesizeformat(stored.size),
        "kind": kind,
        "icon": file_icon(stored),
        "url": url,
        "thumb": url if kind == "image" else "",
        "who": entry.author,
        "when": moment(entry.at)["when"],
        "remove_url": f"{base}talk/{entry.pk}/delete/" if may_edit else "",
    }


def preview_kind(stored: StoredFile) -> str:
    """What can be shown by its content: image, pdf, or empty for the rest."""
    if stored.content_type in PICTURES.values():
        return "image"
    return "pdf" if stored.content_type == PDF else ""


def file_icon(stored: StoredFile) -> str:
    name = stored.name.lower()
    if name.endswith(SHEETS):
        return "file-spreadsheet"
    if stored.content_type == PDF or name.endswith(OFFICE):
        return "file-text"
    return "package" if stored.content_type in PACKED else "file"
