"""Asking another house over HTTP: the one way out.

A name is resolved once and what was checked is what is connected to: a name that answers
differently the second time leads nowhere else. Nothing is followed, an answer has a length and a
time, and no fault repeats the address: it may hold a key.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

TIMEOUT = 10
LONGEST_ANSWER = 512 * 1024
JSON = "application/json; charset=utf-8"


@dataclass
class Unreached(Exception):
    """`code`: not_https, unknown_host, private, certificate, unreachable, timed_out, redirect,
    too_fast, refused; `again`: may pass."""

    code: str
    again: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    text: bytes

    def json(self) -> dict[str, Any]:
        """The object it holds; raises Unreached where it holds none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Unreached("refused", detail=f"HTTP {self.status}")
        return found


@dataclass(frozen=True)
class Way:
    """`private`: whether places in one's own network may be asked; `plain`: whether these may be
    asked without encryption."""

    private: bool = False
    plain: bool = False


def check_address(address: str, way: Way) -> tuple[SplitResult, int, str]:
    """(parts, port, the IP to connect to); raises Unreached."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Unreached("not_https") from None
    schemes = ("https", "http") if way.plain else ("https",)
    if parts.username or not parts.hostname or parts.scheme not in schemes:
        raise Unreached("not_https")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreached("unknown_host", again=True) from None
    places = [str(one[4][0]) for one in found]
    if not way.private and not all(is_public(place) for place in places):
        raise Unreached("private")
    if parts.scheme == "http" and any(is_public(place) for place in places):
        raise Unreached("not_https")
    return parts, port, places[0]


def is_public(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def ask(
    address: str,
    way: Way,
    *,
    body: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Answer:
    """GET, or POST of `body` as JSON or of `form`; raises Unreached where there is no answer, and
    for answers of 3xx, 429 and 5xx."""
    parts, port, place = check_address(address, way)
    sent, kind = _body(body, form)
    wanted = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    known = {"Accept": "application/json"} | ({"Content-Type": kind} if kind else {})
    end = time.monotonic() + timeout
    try:
        connection = _connect(parts, port, place, timeout)
        try:
            method = "POST" if kind else "GET"
            connection.request(method, wanted, body=sent, headers=known | dict(headers or {}))
            answer = connection.getresponse()
            text = _read(answer, end)
        finally:
            connection.close()
    except ssl.SSLCertVerificationError:
        raise Unreached("certificate") from None
    except TimeoutError:
        raise Unreached("timed_out", again=True) from None
    except (OSError, http.client.HTTPException, UnicodeError, ValueError):
        raise Unreached("unreachable", again=True) from None
    return _checked(answer.status, text)


def _body(
    body: Mapping[str, Any] | None, form: Mapping[str, str] | None
) -> tuple[bytes | None, str]:
    if body is not None:
        return json.dumps(body, ensure_ascii=False).encode(), JSON
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    return None, ""


def _connect(
    parts: SplitResult, port: int, place: str, timeout: float
) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = socket.create_connection((place, port), timeout=timeout)
    if parts.scheme == "https":
        secure = ssl.create_default_context()
        try:
            connection.sock = secure.wrap_socket(connection.sock, server_hostname=host)
        except BaseException:
            connection.close()
            raise
    return connection


def _read(answer: http.client.HTTPResponse, end: float) -> bytes:
    """Whoever sends drop by drop is out of time, too."""
    found = b""
    while len(found) < LONGEST_ANSWER:
        piece = answer.read1(LONGEST_ANSWER - len(found))
        if not piece:
            break
        found += piece
        if time.monotonic() > end:
            raise TimeoutError
    return found


def _checked(status: int, text: bytes) -> Answer:
    if 300 <= status < 400:
        raise Unreached("redirect")
    if status == 429 or status >= 500:
        code = "too_fast" if status == 429 else "unreachable"
        raise Unreached(code, again=True, detail=f"HTTP {status}")
    return Answer(status, text)
