"""Feishu: open.feishu.cn, "获取授权码", "获取 user_access_token" (v2), "获取用户信息"."""

import base64
import hashlib
from typing import Any

from guanxi.signon.asking import Attempt, Identity, ask, said, secret_of, text, with_query
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

BROWSER = "https://accounts.feishu.cn"
SERVICE = "https://open.feishu.cn"
WRONG = {
    20002: "secret",
    20003: "code",
    20004: "code",
    20024: "code",
    20049: "code",
    20065: "code",
    20008: "stranger",
    20010: "permission",
    20009: "permission",
    20048: "secret",
    20066: "stranger",
    20071: "way_back",
    10003: "secret",
    10014: "secret",
    99991672: "permission",
    99991679: "permission",
    99991400: "too_fast",
    99991401: "server_place",
}


def start(provider: Provider, attempt: Attempt) -> str:
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    return with_query(
        f"{provider.address or BROWSER}/open-apis/authen/v1/authorize",
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=attempt.back,
        state=attempt.state,
        code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        code_challenge_method="S256",
    )


def identify(provider: Provider, code: str, attempt: Attempt) -> Identity:
    body = {
        "grant_type": "authorization_code",
        "client_id": provider.client_id,
        "client_secret": secret_of(provider),
        "code": code,
        "redirect_uri": attempt.back,
        "code_verifier": attempt.verifier,
    }
    tokens = _ask(provider, "authen/v2/oauth/token", body=body)
    token = tokens.get("access_token")
    if not isinstance(token, str) or not token:
        raise Failed("token", detail="access_token")
    found = _ask(provider, "authen/v1/user_info", headers={"Authorization": f"Bearer {token}"})
    me = found.get("data") if isinstance(found.get("data"), dict) else {}
    uid = text(me, "union_id")
    if not uid:
        raise Failed("refused", detail="union_id")
    return Identity(
        uid=uid,
        name=text(me, "name") or uid,
        # The company gives its members the one; the other they enter themselves.
        email=text(me, "enterprise_email"),
        mobile=text(me, "mobile"),
        number=text(me, "employee_no"),
    )


def test(provider: Provider) -> None:
    body = {"app_id": provider.client_id, "app_secret": secret_of(provider)}
    _ask(provider, "auth/v3/tenant_access_token/internal", body=body)


def _ask(provider: Provider, path: str, **sent: Any) -> dict[str, Any]:
    base = provider.service or provider.address or SERVICE
    _status, found = ask(f"{base}/open-apis/{path}", **sent)
    code = found.get("code")
    if code == 0:
        return found
    known = WRONG.get(code, "refused") if isinstance(code, int) else "refused"
    raise Failed(known, detail=said(code, text(found, "error_description") or text(found, "msg")))
