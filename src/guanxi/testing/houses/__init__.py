"""The sign-in of four houses, simulated: an OpenID Connect provider, WeCom, DingTalk, Feishu.

Paths, parameters, fields and codes are those the houses document; whoever asks for something a
house would refuse is refused in its words. Who signs in is chosen on a page, or with `&as=` in the
address. Used by `guanxi.testing.outer`, whose server it shares.
"""

import secrets
import time
from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from guanxi.testing.houses import chinese, oidc
from guanxi.testing.houses.people import (
    AGENT,
    AUTHORIZE,
    CLIENT,
    GOOD_FOR,
    PEOPLE,
    REALM,
    Code,
    Reply,
    Somebody,
    as_json,
    page,
    read_body,
)

WAYS: dict[str, Callable[..., tuple[int, dict[str, Any]]]] = {
    f"{REALM}/.well-known/openid-configuration": oidc.discovery,
    f"{REALM}/protocol/openid-connect/certs": oidc.certs,
    f"{REALM}/protocol/openid-connect/token": oidc.oidc_token,
    f"{REALM}/protocol/openid-connect/userinfo": oidc.userinfo,
    "/cgi-bin/gettoken": chinese.wecom_token,
    "/cgi-bin/auth/getuserinfo": chinese.wecom_user,
    "/cgi-bin/auth/getuserdetail": chinese.wecom_detail,
    "/v1.0/oauth2/userAccessToken": chinese.dingtalk_user_token,
    "/v1.0/oauth2/accessToken": chinese.dingtalk_app_token,
    "/v1.0/contact/users/me": chinese.dingtalk_me,
    "/topapi/user/getbyunionid": chinese.dingtalk_by_union,
    "/topapi/v2/user/get": chinese.dingtalk_member,
    "/open-apis/authen/v2/oauth/token": chinese.feishu_token,
    "/open-apis/authen/v1/user_info": chinese.feishu_user,
    "/open-apis/auth/v3/tenant_access_token/internal": chinese.feishu_app_token,
}


class Houses:
    """`people`: who can sign in; `codes`: given out; `spoil`: one of SPOILT for the next id token;
    `asked`: (path, query, body) of everything that came in; `instead`: path -> (status, answer) said
    instead."""

    def __init__(self) -> None:
        self.people = {one.uid: one for one in PEOPLE}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Somebody] = {}
        self.app_tokens: set[str] = set()
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.instead: dict[str, tuple[int, dict[str, Any]]] = {}
        self.spoil = ""
        self.base = ""

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def other_key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def issuer(self) -> str:
        return f"{self.base}{REALM}"

    def answer(self, address: str, headers: Any, body: bytes) -> Reply | None:
        """None for a path of nobody here."""
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        sent = read_body(headers, body)
        self.asked.append((parts.path, query, sent))
        if parts.path in self.instead:
            return as_json(*self.instead[parts.path])
        house = AUTHORIZE.get(parts.path)
        if house:
            return self._authorize(house, parts.path, query)
        way = WAYS.get(parts.path)
        return as_json(*way(self, query, sent, headers)) if way else None

    # The page on which somebody signs in over there

    def _authorize(self, house: str, path: str, query: dict[str, str]) -> Reply:
        client = query.get("client_id") or query.get("appid")
        if client != CLIENT[house] or not query.get("redirect_uri"):
            return page(400, f"{house}: unknown client or no redirect_uri")
        if house == "wecom" and query.get("agentid") != AGENT:
            return page(400, "wecom: agentid")
        chosen = query.pop("as", "")
        if chosen == "nobody":
            refusal = {} if house == "wecom" else {"error": "access_denied"}
            return self._back(query, **refusal)
        who = self.people.get(chosen)
        if who is None:
            return self._choose(house, path, query)
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(house, who, query)
        given = {"authCode": code, "code": code} if house == "dingtalk" else {"code": code}
        return self._back(query, **given, **({"iss": self.issuer} if house == "oidc" else {}))

    def _back(self, query: dict[str, str], **values: str) -> Reply:
        state = {"state": query["state"]} if "state" in query else {}
        mark = "&" if "?" in query["redirect_uri"] else "?"
        address = f"{query['redirect_uri']}{mark}{urlencode(values | state)}"
        return 302, {"Location": address}, b""

    def _choose(self, house: str, path: str, query: dict[str, str]) -> Reply:
        links = [
            f'<li><a href="{escape(path)}?{escape(urlencode({**query, "as": one.uid}))}">'
            f"{escape(one.name)} ({escape(one.uid)})</a></li>"
            for one in self.people.values()
        ]
        no = f'<p><a href="{escape(path)}?{escape(urlencode({**query, "as": "nobody"}))}">拒绝 / No</a></p>'
        return page(200, f"<h1>{house} (simulated)</h1><ul>{''.join(links)}</ul>{no}")

    def take(self, house: str, code: str) -> Code | None:
        """The code, once and in time; None otherwise."""
        found = self.codes.get(code)
        if found is None or found.house != house or found.used:
            return None
        found.used = True
        return found if time.time() - found.at <= GOOD_FOR[house] else None

    def give_token(self, who: Somebody) -> str:
        token = secrets.token_urlsafe(24)
        self.tokens[token] = who
        return token

    def give_app_token(self) -> str:
        token = secrets.token_urlsafe(24)
        self.app_tokens.add(token)
        return token
