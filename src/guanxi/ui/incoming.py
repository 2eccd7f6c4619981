"""What was sent, before a page looks at it."""

from django.http import HttpRequest, QueryDict

NUL = "\x00"


def without_nul(request: HttpRequest) -> None:
    """Takes the sign NUL out of the parameters and the form: nobody types it, and a text on
    PostgreSQL can't hold it, wherever it is looked up or kept."""
    request.GET = _cleaned(request.GET)  # type: ignore[assignment]
    if request.method == "POST":
        request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(data: QueryDict) -> QueryDict:
    if not any(NUL in text for name, texts in data.lists() for text in (name, *texts)):
        return data
    found = QueryDict(mutable=True)
    for name, texts in data.lists():
        found.setlist(name.replace(NUL, ""), [text.replace(NUL, "") for text in texts])
    found._mutable = False
    return found
