"""The houses outside: a mail server, the addresses of the three robots, and four houses to sign in
with (`guanxi.testing.houses`).

For tests, and for a look at it without an account anywhere:
`python -m guanxi.testing.outer [PORT]` says which addresses to enter and prints what comes in; the
product needs GUANXI_ROBOTS_PRIVATE=1 to talk to robots on this machine.
"""

import base64
import hashlib
import hmac
import json
import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guanxi.testing.houses import Houses
from guanxi.testing.houses import people as houses

HOST = "127.0.0.1"
SECRET = "SEC-simulated"  # noqa: S105 - of nothing
HOUR = 3600


class Outer:
    """What has come in. `answers`: what the robots say next instead of checking (status, body);
    `smtp`: the reply to the receiver of the next mails, such as "450 later"."""

    def __init__(self, port: int = 0) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.mails: list[EmailMessage] = []
        self.signed_in: list[bytes] = []
        self.answers: list[tuple[int, dict[str, Any], dict[str, str]]] = []
        self.smtp = "250 OK"
        self.sign_in = "235 welcome"
        self.loud = False
        self.houses = Houses()
        self.web = ThreadingHTTPServer((HOST, port), _robots(self))
        self.post = _Mail((HOST, 0), _mails(self))
        self.houses.base = f"http://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        return int(self.web.server_address[1])

    @property
    def mail_port(self) -> int:
        return int(self.post.server_address[1])

    def address(self, house: str) -> str:
        paths = {
            "wecom": "/cgi-bin/webhook/send?key=3f2a",
            "dingtalk": "/robot/send?access_token=9b1c",
            "feishu": "/open-apis/bot/v2/hook/77de",
        }
        return f"http://{HOST}:{self.port}{paths[house]}"

    def keep(self, what: Any) -> None:
        if self.loud:
            sys.stdout.write(f"{what}\n")


class _Mail(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def check_robot(path: str, query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any]:
    """What the house would answer to this message."""
    if path == "/cgi-bin/webhook/send":
        content = body.get("markdown", {}).get("content", "")
        is_right = body.get("msgtype") == "markdown" and 0 < len(content.encode()) <= 4096
        return _said("errcode", "errmsg", 0 if is_right else 40058)
    if path == "/robot/send":
        sign = query.get("sign", [""])[0]
        stamp = query.get("timestamp", ["0"])[0]
        if not _is_fresh(int(stamp) / 1000) or sign != _sign(SECRET, f"{stamp}\n{SECRET}"):
            return {"errcode": 310000, "errmsg": "sign not match"}
        is_right = body.get("msgtype") == "markdown" and {"title", "text"} <= set(body["markdown"])
        return _said("errcode", "errmsg", 0 if is_right else 400101)
    stamp = str(body.get("timestamp", "0"))
    if not _is_fresh(int(stamp)) or body.get("sign") != _sign(f"{stamp}\n{SECRET}", ""):
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
    post = body.get("content", {}).get("post", {}).get("zh_cn", {})
    is_right = body.get("msg_type") == "post" and isinstance(post.get("content"), list)
    return _said("code", "msg", 0 if is_right else 9499)


def _said(code: str, text: str, value: int) -> dict[str, Any]:
    return {code: value, text: "invalid" if value else "ok"}


def _is_fresh(stamp: float) -> bool:
    return abs(time.time() - stamp) < HOUR


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _robots(outer: Outer) -> type[BaseHTTPRequestHandler]:
    class Robots(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(*(outer.houses.answer(self.path, self.headers, b"") or (404, {}, b"")))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            known = outer.houses.answer(self.path, self.headers, sent)
            if known:
                self.say(*known)
                return
            body = json.loads(sent)
            parts = urlsplit(self.path)
            outer.posts.append((parts.path, body))
            outer.keep(json.dumps(body, ensure_ascii=False, indent=1))
            checked = check_robot(parts.path, parse_qs(parts.query), body)
            status, answer, headers = outer.answers.pop(0) if outer.answers else (200, checked, {})
            self.say(status, headers, json.dumps(answer).encode())

        def say(self, status: int, headers: dict[str, str], text: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments: Any) -> None:
            """Quiet: what came in is kept."""

    return Robots


def _reply(outer: Outer, word: bytes) -> str:
    known = {
        b"EHLO": "250-simulated\r\n250-AUTH PLAIN\r\n250 8BITMIME",
        b"AUTH": outer.sign_in,
        b"RCPT": outer.smtp,
        b"QUIT": "221 bye",
    }
    return known.get(word, "250 OK")


def _mails(outer: Outer) -> type[socketserver.StreamRequestHandler]:
    class Mails(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 simulated")
            for line in iter(self.rfile.readline, b""):
                word = line[:4].upper()
                if word == b"AUTH":
                    outer.signed_in.append(base64.b64decode(line.split()[-1]))
                if word == b"DATA":
                    self.say("354 go on")
                    self.take()
                self.say(_reply(outer, word))
                if word == b"QUIT":
                    return

        def take(self) -> None:
            lines = []
            for line in iter(self.rfile.readline, b".\r\n"):
                lines.append(line[1:] if line.startswith(b"..") else line)
            mail = message_from_bytes(b"".join(lines), _class=EmailMessage, policy=policy.default)
            outer.mails.append(mail)
            outer.keep(mail)

    return Mails


@contextmanager
def outer_world(port: int = 0) -> Iterator[Outer]:
    """Both servers on free ports of this machine, for as long as the block lasts; `port`: that of
    the robots and the houses."""
    outer = Outer(port)
    servers = (outer.web, outer.post)
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield outer
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with outer_world(port) as outer:
        outer.loud = True
        outer.keep(f"SMTP {HOST}:{outer.mail_port}, no encryption. Secret of the robots: {SECRET}")
        for house in ("wecom", "dingtalk", "feishu"):
            outer.keep(f"{house}: {outer.address(house)}")
        outer.keep(f"Signing in; every secret is {houses.SECRET}")
        for house, client in houses.CLIENT.items():
            agent = f", agent {houses.AGENT}" if house == "wecom" else ""
            place = outer.houses.issuer if house == "oidc" else outer.houses.base
            outer.keep(f"{house}: id {client}{agent}, address {place}")
        threading.Event().wait()


if __name__ == "__main__":
    main()
