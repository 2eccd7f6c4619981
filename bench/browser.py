"""A browser without a script: one kept connection, cookies, forms; it notes what answers took."""

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

from guanxi.testing.html import Form, Reader

SERVER_TIMING = re.compile(r'(\w+);dur=([\d.]+)(?:;desc="(\d+)")?')


@dataclass
class Answer:
    """Milliseconds: `client` as waited for, `server`, `work` and `db` as the server tells."""

    status: int
    text: str
    headers: dict[str, str]
    client: float
    server: float = 0
    work: float = 0
    db: float = 0
    statements: int = 0

    def form(self, action: str) -> Form:
        return Reader(self.text).form(action)


class Browser:
    def __init__(self, host: str, port: int, *, script: bool = True) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=120)
        self._cookies = {"js": "1"} if script else {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, pairs: list[tuple[str, str]]) -> Answer:
        """Sends a form with the token of this session; nothing is followed."""
        token = [("csrfmiddlewaretoken", self._cookies.get("csrftoken", ""))]
        kept = [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]
        return self._ask("POST", path, urlencode(kept + token))

    def sign_in(self, name: str, password: str) -> None:
        form = self.get("/accounts/login/").form("")
        given = {**dict(form.pairs), "login": name, "password": password}
        answer = self.post("/accounts/login/", list(given.items()))
        if answer.status not in (302, 303):
            raise RuntimeError(f"signing in as {name} gave {answer.status}")

    def _response(self, *asked: Any) -> http.client.HTTPResponse:
        try:
            self._connection.request(*asked)
            return self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server ended a connection that had been idle; nothing of this was read.
            self._connection.close()
            self._connection.request(*asked)
            return self._connection.getresponse()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        response = self._response(method, quote(path, safe="/?&=%"), body, headers)
        text = response.read().decode("utf-8", "replace")
        span = (time.perf_counter() - start) * 1000
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        answer = Answer(response.status, text, dict(response.headers.items()), span)
        for name, taken, count in SERVER_TIMING.findall(response.headers.get("Server-Timing", "")):
            if name == "total":
                answer.server = float(taken)
            elif name == "work":
                answer.work = float(taken)
            elif name == "db":
                answer.db, answer.statements = float(taken), int(count or 0)
        return answer
