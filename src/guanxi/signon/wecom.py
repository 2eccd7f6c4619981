"""WeCom: developer.work.weixin.qq.com, "企业微信登录" (in a browser) and "网页授权登录" (in its app)."""

from typing import Any

from guanxi.signon.asking import Attempt, Identity, ask, said, secret_of, text, with_query
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

BROWSER = "https://login.work.weixin.qq.com"
APP = "https://open.weixin.qq.com"
SERVICE = "https://qyapi.weixin.qq.com"
WRONG = {
    40029: "code",
    42003: "code",
    40001: "secret",
    40013: "secret",
    40056: "refused",
    41004: "secret",
    60020: "server_place",
    50001: "way_back",
    48002: "permission",
    60011: "permission",
    45009: "too_fast",
    60111: "stranger",
    -1: "unreachable",
}


def start(provider: Provider, attempt: Attempt) -> str:
    if attempt.inside:
        address = f"{provider.address or APP}/connect/oauth2/authorize"
        # Mobile and e-mail are only told after the person has agreed to it.
        asks_more = provider.by_mobile or provider.by_email
        query = with_query(
            address,
            appid=provider.client_id,
            redirect_uri=attempt.back,
            response_type="code",
            scope="snsapi_privateinfo" if asks_more else "snsapi_base",
            state=attempt.state,
            agentid=provider.agent_id,
        )
        return f"{query}#wechat_redirect"
    return with_query(
        f"{provider.address or BROWSER}/wwlogin/sso/login",
        login_type="CorpApp",
        appid=provider.client_id,
        agentid=provider.agent_id,
        redirect_uri=attempt.back,
        state=attempt.state,
        lang=attempt.language,
    )


def identify(provider: Provider, code: str, attempt: Attempt) -> Identity:
    token = _token(provider)
    found = _get(provider, "auth/getuserinfo", access_token=token, code=code)
    uid = text(found, "userid")
    if not uid:
        # People outside the company have an openid, and an external_userid as a customer.
        raise Failed("stranger")
    more: dict[str, Any] = {}
    if text(found, "user_ticket"):
        address = with_query(f"{_service(provider)}/auth/getuserdetail", access_token=token)
        more = _checked(ask(address, body={"user_ticket": found["user_ticket"]}))
    # The id of a member does not tell capitals from small letters.
    return Identity(
        uid=uid.lower(),
        name=uid,
        # The company gives its members this one; the other they enter themselves.
        email=text(more, "biz_mail"),
        mobile=text(more, "mobile"),
        number=uid,
    )


def test(provider: Provider) -> None:
    _token(provider)


def _service(provider: Provider) -> str:
    return f"{provider.service or provider.address or SERVICE}/cgi-bin"


def _token(provider: Provider) -> str:
    values = {"corpid": provider.client_id, "corpsecret": secret_of(provider)}
    return text(_get(provider, "gettoken", **values), "access_token")


def _get(provider: Provider, path: str, **values: str) -> dict[str, Any]:
    return _checked(ask(with_query(f"{_service(provider)}/{path}", **values)))


def _checked(answer: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    _status, found = answer
    code = found.get("errcode")
    if code == 0:
        return found
    known = WRONG.get(code, "refused") if isinstance(code, int) else "refused"
    raise Failed(known, detail=said(code, text(found, "errmsg").partition(",")[0]))
