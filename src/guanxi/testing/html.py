"""Reads pages as a browser without a script does: forms with what they would send, links, words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID_TYPES = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass
class Form:
    """`pairs` are what the browser would send with no button pressed."""

    action: str
    method: str
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """{name: value}, a list where the name stands more than once."""
        found: dict[str, Any] = {}
        for name, value in self.pairs:
            known = found.get(name)
            if known is None:
                found[name] = value
            else:
                found[name] = [*(known if isinstance(known, list) else [known]), value]
        return found


class Reader(HTMLParser):
    """Fills `forms`, `links` (addresses) and `words` (visible text, title and label attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("template", "script", "style"):
            self._hidden += 1
        if self._hidden:
            return
        self.words += [
            given[name] for name in ("title", "aria-label", "placeholder") if name in given
        ]
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif self._form is not None and "disabled" not in given and "form" not in given:
            self._control(self._form, tag, given)
        if tag == "option" and self._select is not None:
            self._select[1].append((given.get("value", ""), "selected" in given))

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "input" and name and given.get("type", "text") not in VOID_TYPES:
            kind, value = given.get("type", "text"), given.get("value", "")
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            if kind == "radio":
                form.pairs = [pair for pair in form.pairs if pair[0] != name]
            form.pairs.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "script", "style"):
            self._hidden -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None and self._form is not None:
            name, options = self._select
            chosen = [value for value, on in options if on] or [value for value, _on in options[:1]]
            self._form.pairs += [(name, value) for value in chosen]
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            name, pieces = self._area
            self._form.pairs.append((name, "".join(pieces).removeprefix("\n")))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if not self._hidden and data.strip():
            self.words.append(" ".join(data.split()))

    def form(self, action: str) -> Form:
        """The form that is sent to this address; raises LookupError."""
        for one in self.forms:
            if one.action == action:
                return one
        raise LookupError(f"No form for {action}; there are {[one.action for one in self.forms]}.")

    def text(self) -> str:
        return "\n".join(self.words)


def read(response: Any) -> Reader:
    return Reader(response.content.decode())


def links_to(response: Any, start: str) -> Iterator[str]:
    """The addresses on this page that begin with `start`, in order."""
    return (href for href in read(response).links if href.startswith(start))
