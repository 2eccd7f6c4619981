"""Messages of group robots, each in the format its house documents, and the one way out to them.

WeCom: developer.work.weixin.qq.com, "群机器人". DingTalk: open.dingtalk.com, "自定义机器人".
Feishu: open.feishu.cn, "自定义机器人使用指南". All three answer 200 with a code in the body.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlsplit

from django.conf import settings

from guanxi.notices.mail import opened
from guanxi.notices.models import Robot
from guanxi.notices.words import NotSent

TIMEOUT = 10
LONGEST_ANSWER = 64 * 1024
#: Messages a minute each house allows one robot.
A_MINUTE = {Robot.Provider.WECOM: 20, Robot.Provider.DINGTALK: 20, Robot.Provider.FEISHU: 100}
TOO_FAST = frozenset({45009, 130101, 660026, 11232, 9499})
SIGNATURE = frozenset({310000, 19021, 19024, 19022})
UNKNOWN_ROBOT = frozenset({93000, 300001, 300005, 19001})


def send_robot(robot: Robot, *, title: str, text: str, url: str) -> None:
    """Raises NotSent."""
    address, secret = opened(robot.address), opened(robot.secret)
    now = time.time()
    if robot.provider == Robot.Provider.DINGTALK:
        address = signed_address(address, secret, now) if secret else address
    answer = post_json(address, body_of(robot, secret, title=title, text=text, url=url, now=now))
    check_answer(answer)


def body_of(
    robot: Robot, secret: str, *, title: str, text: str, url: str, now: float
) -> dict[str, Any]:
    """What the robot's house expects; Feishu carries its signature in the body."""
    if robot.provider == Robot.Provider.FEISHU:
        lines = [[{"tag": "text", "text": text}]]
        lines += [[{"tag": "a", "text": url, "href": url}]] if url else []
        post = {"zh_cn": {"title": title, "content": lines}}
        body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
        return body | _feishu_signature(secret, now) if secret else body
    plain, head = _plain_markdown(text), _plain_markdown(title)
    link = f"\n\n[{url}]({url})" if url else ""
    if robot.provider == Robot.Provider.DINGTALK:
        whole = f"**{head}**\n\n{plain}{link}"
        return {"msgtype": "markdown", "markdown": {"title": title, "text": whole}}
    # WeCom cuts nothing: beyond 4,096 bytes it refuses.
    whole = f"**{head}**\n{plain[:1000]}{link}"
    return {"msgtype": "markdown", "markdown": {"content": whole}}


def _plain_markdown(text: str) -> str:
    """Names are no markup: neither links nor mentions come from them."""
    marks = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#"})
    return text.translate(marks).replace("@", "@\u200b")


def signed_address(address: str, secret: str, now: float) -> str:
    """DingTalk: HMAC-SHA256 of "milliseconds\\nsecret" under the secret, in the address."""
    stamp = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(digest))
    return f"{address}{'&' if '?' in address else '?'}timestamp={stamp}&sign={sign}"


def _feishu_signature(secret: str, now: float) -> dict[str, str]:
    """Feishu: HMAC-SHA256 of nothing under "seconds\\nsecret"."""
    stamp = str(int(now))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def check_answer(answer: dict[str, Any]) -> None:
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    if code == 0:
        return
    said = str(answer.get("errmsg") or answer.get("msg") or "")
    detail = f"{code} {' '.join(said.split())}"[:120]
    if code in TOO_FAST:
        raise NotSent("too_fast", again=True, detail=detail)
    if code in SIGNATURE:
        raise NotSent("signature", detail=detail)
    raise NotSent("unknown_robot" if code in UNKNOWN_ROBOT else "refused", detail=detail)


def check_address(address: str) -> tuple[SplitResult, int, str]:
    """(parts, port, the IP to connect to) of an address a robot may have; raises NotSent.

    The name is resolved once and what was checked is what is connected to: a name that answers
    differently the second time leads nowhere else.
    """
    parts = urlsplit(address)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotSent("not_https") from None
    if parts.username or not parts.hostname or not _is_safe_scheme(parts):
        raise NotSent("not_https")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("unknown_host", again=True) from None
    places = [str(one[4][0]) for one in found]
    if not settings.ROBOTS_PRIVATE and not all(_is_public(place) for place in places):
        raise NotSent("private")
    return parts, port, places[0]


def _is_safe_scheme(parts: SplitResult) -> bool:
    """The simulator on this machine speaks plain http, where that has been allowed."""
    if parts.scheme == "https":
        return True
    is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return parts.scheme == "http" and is_here and settings.ROBOTS_PRIVATE


def _is_public(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def post_json(address: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer; nothing is followed, and no exception repeats the address: it holds the key."""
    parts, port, place = check_address(address)
    path = parts.path or "/"
    try:
        connection = _connect(parts, port, place)
        try:
            sent = json.dumps(body, ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json; charset=utf-8"}
            wanted = f"{path}?{parts.query}" if parts.query else path
            connection.request("POST", wanted, body=sent, headers=headers)
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER)
        finally:
            connection.close()
    except ssl.SSLCertVerificationError:
        raise NotSent("certificate") from None
    except (OSError, http.client.HTTPException, UnicodeError, ValueError):
        raise NotSent("unreachable", again=True) from None
    return _read(answer.status, text)


def _connect(parts: SplitResult, port: int, place: str) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    connection.sock = socket.create_connection((place, port), timeout=TIMEOUT)
    if parts.scheme == "https":
        secure = ssl.create_default_context()
        try:
            connection.sock = secure.wrap_socket(connection.sock, server_hostname=host)
        except BaseException:
            connection.close()
            raise
    return connection


def _read(status: int, text: bytes) -> dict[str, Any]:
    if 300 <= status < 400:
        raise NotSent("redirect")
    if status == 429 or status >= 500:
        raise NotSent("too_fast" if status == 429 else "unreachable", again=True)
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NotSent("refused", detail=f"HTTP {status}")
    return answer
