"""DingTalk: open.dingtalk.com, "登录第三方网站" and "查询用户详情".

Anybody with a DingTalk account can get through the first step; that somebody belongs to the
company is asked of its address book, each time: who has left does not come in.
"""

from typing import Any

from guanxi.signon.asking import Attempt, Identity, ask, said, secret_of, text, with_query
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

BROWSER = "https://login.dingtalk.com"
SERVICE = "https://api.dingtalk.com"
OLD_SERVICE = "https://oapi.dingtalk.com"
#: Beginnings of the codes of the new interface, in small letters.
WRONG = {
    "invalidparameter.authcode": "code",
    "invalidauthcode": "code",
    "invalidparameter.code": "code",
    "invalidclient": "secret",
    "invalidparameter.client": "secret",
    "invalidparameter.app": "secret",
    "forbidden.accessdenied": "permission",
    "forbidden": "permission",
}
OLD_WRONG = {60121: "stranger", 88: "permission", 40014: "secret", 90018: "too_fast"}


def start(provider: Provider, attempt: Attempt) -> str:
    return with_query(
        f"{provider.address or BROWSER}/oauth2/auth",
        redirect_uri=attempt.back,
        response_type="code",
        client_id=provider.client_id,
        scope="openid",
        state=attempt.state,
        prompt="consent",
    )


def identify(provider: Provider, code: str, attempt: Attempt) -> Identity:
    body = {
        "clientId": provider.client_id,
        "clientSecret": secret_of(provider),
        "code": code,
        "grantType": "authorization_code",
    }
    token = text(_ask(provider, "/v1.0/oauth2/userAccessToken", body=body), "accessToken")
    headers = {"x-acs-dingtalk-access-token": token}
    me = _ask(provider, "/v1.0/contact/users/me", headers=headers)
    uid = text(me, "unionId")
    if not uid:
        raise Failed("refused", detail="unionId")
    member = _member(provider, uid, text(me, "nick"))
    return Identity(
        uid=uid,
        name=text(member, "name") or text(me, "nick") or uid,
        # The company gives its members this one; the other they may enter themselves.
        email=text(member, "org_email"),
        mobile=text(member, "mobile") or text(me, "mobile"),
        number=text(member, "job_number"),
    )


def test(provider: Provider) -> None:
    _app_token(provider)


def _member(provider: Provider, union_id: str, nick: str) -> dict[str, Any]:
    """What the company's address book says; raises Failed for whom it does not hold."""
    token = _app_token(provider)
    found = _ask_old(provider, "user/getbyunionid", token, {"unionid": union_id}, nick)
    if found.get("contact_type") == 1:
        # An outer contact of the company.
        raise Failed("stranger", account=nick)
    wanted = {"userid": text(found, "userid"), "language": "zh_CN"}
    return _ask_old(provider, "v2/user/get", token, wanted, nick)


def _app_token(provider: Provider) -> str:
    body = {"appKey": provider.client_id, "appSecret": secret_of(provider)}
    return text(_ask(provider, "/v1.0/oauth2/accessToken", body=body), "accessToken")


def _ask(provider: Provider, path: str, **sent: Any) -> dict[str, Any]:
    status, found = ask(f"{provider.service or provider.address or SERVICE}{path}", **sent)
    if status == 200:
        return found
    code = text(found, "code")
    known = (why for start, why in WRONG.items() if code.lower().startswith(start))
    raise Failed(next(known, "refused"), detail=said(code, text(found, "message")))


def _ask_old(
    provider: Provider, path: str, token: str, body: dict[str, str], nick: str
) -> dict[str, Any]:
    base = provider.service or provider.address or OLD_SERVICE
    _status, found = ask(with_query(f"{base}/topapi/{path}", access_token=token), body=body)
    code, result = found.get("errcode"), found.get("result")
    if code == 0 and isinstance(result, dict):
        return result
    known = OLD_WRONG.get(code, "refused") if isinstance(code, int) else "refused"
    detail = said(code, text(found, "sub_msg") or text(found, "errmsg"))
    raise Failed(known, detail=detail, account=nick)
