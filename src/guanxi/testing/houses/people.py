"""Who signs in over there, the codes they are given, and the words answers are made of."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

REALM = "/realms/guanxi"
AUTHORIZE = {
    f"{REALM}/protocol/openid-connect/auth": "oidc",
    "/wwlogin/sso/login": "wecom",
    "/connect/oauth2/authorize": "wecom",
    "/oauth2/auth": "dingtalk",
    "/open-apis/authen/v1/authorize": "feishu",
}
#: What the settings of the product need, by house.
CLIENT = {
    "oidc": "guanxi",
    "wecom": "ww5ca1ab1e",
    "dingtalk": "dingsimulated",
    "feishu": "cli_5a1f",
}
AGENT = "1000002"
SECRET = "geheim-42"  # noqa: S105 - of nothing
GOOD_FOR = {"oidc": 60, "wecom": 300, "dingtalk": 300, "feishu": 300}
Reply = tuple[int, dict[str, str], bytes]
#: What a test may have gone wrong with the next id token.
SPOILT = ("signature", "issuer", "audience", "nonce", "expired", "none", "hmac", "azp", "key")


@dataclass
class Somebody:
    """`member`: of the company; others are strangers with an account of the house."""

    uid: str
    name: str
    email: str = ""
    mobile: str = ""
    number: str = ""
    member: bool = True
    verified: bool = True


@dataclass
class Code:
    house: str
    who: Somebody
    query: dict[str, str]
    at: float = field(default_factory=time.time)
    used: bool = False


#: Of the invented company (guanxi.demo), and one who belongs to nobody.
PEOPLE = (
    Somebody("zhouzihan", "周子涵", "zhouzihan@qiheng.example", "", "QH006"),
    Somebody("shenboyuan", "沈博远", "shenboyuan@qiheng.example", "", "QH001"),
    Somebody("luren", "路人甲", "luren@elsewhere.example", "", "", member=False),
)


def read_body(headers: Any, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if "json" in headers.get("Content-Type", ""):
        found = json.loads(body)
        return found if isinstance(found, dict) else {}
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def as_json(status: int, answer: dict[str, Any]) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(answer).encode()


def page(status: int, body: str) -> Reply:
    head = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    )
    return status, {"Content-Type": "text/html; charset=utf-8"}, f"{head}{body}".encode()


def basic(headers: Any) -> tuple[str, str] | None:
    kind, _space, value = headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return None
    name, _colon, secret = base64.b64decode(value).decode().partition(":")
    return unquote(name), unquote(secret)


def bearer(headers: Any) -> str:
    return str(headers.get("Authorization", "").removeprefix("Bearer "))


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def claims_of(who: Somebody) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if who.email:
        found |= {"email": who.email, "email_verified": who.verified}
    if who.mobile:
        found |= {"phone_number": who.mobile, "phone_number_verified": who.verified}
    return found | ({"employee_number": who.number} if who.number else {})


def oauth_error(error: str, description: str) -> dict[str, Any]:
    return {"error": error, "error_description": description}


def err(code: int, text: str) -> dict[str, Any]:
    return {"errcode": code, "errmsg": text}


def ding(code: str, text: str) -> dict[str, Any]:
    return {"code": code, "requestid": "simulated", "message": text}


def feishu(code: int, text: str) -> dict[str, Any]:
    return {"code": code, "error": "invalid_grant", "error_description": text}
