"""Messages of group robots, each in the format its house documents, and the one way out to them.

WeCom: developer.work.weixin.qq.com, "群机器人". DingTalk: open.dingtalk.com, "自定义机器人".
Feishu: open.feishu.cn, "自定义机器人使用指南". All three answer 200 with a code in the body.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings

from guanxi.kernel import outside
from guanxi.kernel.outside import Unreached, Way
from guanxi.notices.mail import opened
from guanxi.notices.models import Robot
from guanxi.notices.words import NotSent

#: Messages a minute each house allows one robot.
A_MINUTE = {Robot.Provider.WECOM: 20, Robot.Provider.DINGTALK: 20, Robot.Provider.FEISHU: 100}
WECOM_BYTES = 4096
TOO_FAST = frozenset({45009, 130101, 660026, 11232})
#: Feishu says this of a message it can't read as well as of too many of them.
FEISHU_BAD = 9499
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
    head = f"**{_cut(head, WECOM_BYTES // 4)}**\n"
    whole = f"{head}{_cut(plain, WECOM_BYTES - len(f'{head}{link}'.encode()))}{link}"
    return {"msgtype": "markdown", "markdown": {"content": whole}}


def _plain_markdown(text: str) -> str:
    """Names are no markup: neither links nor mentions come from them."""
    marks = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#"})
    return text.translate(marks).replace("@", "@\u200b")


def _cut(text: str, most: int) -> str:
    """As much of it as fits into so many bytes, no character and no escaped mark in halves."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    left = raw[:most].decode("utf-8", "ignore")
    # An odd number of strokes at the end has lost the mark it stood before.
    return left[:-1] if (len(left) - len(left.rstrip("\\"))) % 2 else left


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
    if code in TOO_FAST or (code == FEISHU_BAD and "too many" in said.lower()):
        raise NotSent("too_fast", again=True, detail=detail)
    if code in SIGNATURE:
        raise NotSent("signature", detail=detail)
    raise NotSent("unknown_robot" if code in UNKNOWN_ROBOT else "refused", detail=detail)


def check_address(address: str) -> None:
    """Raises NotSent for an address no robot may have."""
    with _told():
        outside.check_address(address, _way(address))


def _way(address: str) -> Way:
    """The simulator on this machine speaks plain http, where that has been allowed."""
    try:
        is_here = urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        is_here = False
    return Way(private=settings.ROBOTS_PRIVATE, plain=settings.ROBOTS_PRIVATE and is_here)


def post_json(address: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer; raises NotSent."""
    with _told():
        return outside.ask(address, _way(address), body=body).json()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Unreached as fault:
        code = "unreachable" if fault.code == "timed_out" else fault.code
        # What stands behind a status is the house's own affair; the sentence says what to do.
        detail = fault.detail if code == "refused" else ""
        raise NotSent(code, again=fault.again, detail=detail) from None
