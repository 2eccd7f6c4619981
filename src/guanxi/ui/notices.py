"""Short messages after an act, with a way to undo it."""

from dataclasses import asdict, dataclass
from urllib.parse import quote, unquote

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse

from guanxi.ui import htmx

LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


@dataclass(frozen=True)
class Notice:
    """What a toast shows. `undo` and `url` are addresses; `undo` is posted, `url` is opened."""

    text: str
    level: str = "success"
    undo: str = ""
    url: str = ""


def tell(
    request: HttpRequest, text: str, *, level: str = "success", undo: str = "", url: str = ""
) -> None:
    """Show `text` on the next page, for ten seconds, with 撤销 when `undo` is given."""
    tags = " ".join(
        f"{key}:{quote(value)}" for key, value in (("undo", undo), ("url", url)) if value
    )
    messages.add_message(request, LEVELS[level], text, extra_tags=tags)


def tell_now(response: HttpResponse, notice: Notice) -> HttpResponse:
    """Show the notice when this htmx answer arrives."""
    return htmx.trigger(response, "toast", **asdict(notice))


def notice_of(message: Message) -> Notice:
    """Read back what `tell` wrote; messages of other libraries have a text only."""
    pairs = dict(tag.split(":", 1) for tag in (message.extra_tags or "").split() if ":" in tag)
    return Notice(
        text=str(message.message),
        level=message.level_tag or "info",
        undo=unquote(pairs.get("undo", "")),
        url=unquote(pairs.get("url", "")),
    )
