"""The search page, and what the search box of the frame suggests while somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.present import Row
from guanxi.pages.palette import acts_here, commands
from guanxi.search.find import Group, search_all
from guanxi.search.recent import recent_rows
from guanxi.search.starred import starred_rows
from guanxi.ui import htmx
from guanxi.ui.web import BY_OBJECT, page

LENGTH = 100
SHOWN, SUGGESTED, PLACES = 20, 5, 12
NOTES = 3


@page(BY_OBJECT)
def search_page(request: HttpRequest) -> HttpResponse:
    """All hits grouped by object, invalidated ones with a mark; Enter in the search box leads
    here."""
    text = asked_text(request)
    actor = request.actor  # type: ignore[attr-defined]
    found = search_all(actor, text, limit=SHOWN, everything=True) if text else []
    context = {
        "layout": htmx.layout(request),
        "title": _("Search"),
        "q": text,
        "groups": [_section(group, text) for group in found],
        "places": commands(actor, text, most=PLACES) if text else [],
        "empty": _nothing(text),
    }
    return render(request, "pages/search.html", context)


@page(BY_OBJECT)
def suggest_page(request: HttpRequest) -> HttpResponse:
    """The list under the search box: acts, commands and records, or what is at hand."""
    text = asked_text(request)
    actor = request.actor  # type: ignore[attr-defined]
    here = acts_here(actor, htmx.page_address(request), text)
    groups = [{"label": _("This record"), "items": here}]
    if text:
        groups.append({"label": _("Commands"), "items": commands(actor, text)})
        groups += _records(actor, text)
    else:
        groups += _before_typing(actor)
    context = {"q": text, "groups": [group for group in groups if group["items"]]}
    return render(request, "ui/_suggest.html", context)


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LENGTH]


def _section(group: Group, text: str) -> dict[str, Any]:
    count = len(group.rows)
    return {
        "spec": group.spec,
        "label": group.spec.plural,
        "count": f"{count}+" if group.more else str(count),
        "more": group.more,
        "rows": [
            {"row": row, "title": marked(row.title, text), "notes": _notes(row)[:NOTES]}
            for row in group.rows
        ],
    }


def _records(actor: Actor, text: str) -> list[dict[str, Any]]:
    return [
        {
            "label": group.spec.plural,
            "items": [
                {
                    "label": row.title,
                    "html": marked(row.title, text),
                    "url": row.url,
                    "icon": group.spec.icon,
                    "hint": next(iter(_notes(row)), ""),
                }
                for row in group.rows
            ],
        }
        for group in search_all(actor, text, limit=SUGGESTED)
    ]


def _before_typing(actor: Actor) -> list[dict[str, Any]]:
    """What is starred, then what was opened last and is not starred."""
    starred = [
        {
            "label": one.row.title,
            "url": one.row.url,
            "icon": "pinned" if one.pinned else "star",
            "hint": one.spec.name,
        }
        for one in starred_rows(actor, limit=SUGGESTED)
    ]
    known = {item["url"] for item in starred}
    recent = [
        {"label": row.title, "url": row.url, "icon": spec.icon, "hint": spec.name}
        for spec, row in recent_rows(actor)
        if row.url not in known
    ]
    return [
        {"label": _("Starred"), "items": starred},
        {"label": _("Opened lately"), "items": recent},
    ]


def _notes(row: Row) -> list[str]:
    return [value.text for value in row.values if value.text]


def _nothing(text: str) -> dict[str, Any]:
    if not text:
        return {
            "icon": "search",
            "title": _("What are you looking for?"),
            "text": _("Type two characters, pinyin initials or the last four digits."),
        }
    return {
        "icon": "search",
        "title": _("Nothing found for “%(q)s”.") % {"q": text},
        "text": _("Try fewer characters, or pinyin. You find only what you may see."),
    }


def marked(title: str, text: str) -> SafeString | str:
    """The title with the typed text marked where it stands in it word for word."""
    lower, wanted = title.lower(), text.lower()
    at = lower.find(wanted)
    if at < 0 or len(lower) != len(title) or len(wanted) != len(text):
        return title
    end = at + len(text)
    return format_html("{}<mark>{}</mark>{}", title[:at], title[at:end], title[end:])
