"""WeCom, DingTalk and Feishu, with the fields and codes of their public documentation."""

import time
from typing import TYPE_CHECKING, Any

from guanxi.testing.houses.people import (
    CLIENT,
    GOOD_FOR,
    SECRET,
    bearer,
    challenge,
    ding,
    err,
    feishu,
)

if TYPE_CHECKING:
    from guanxi.testing.houses import Houses

Said = tuple[int, dict[str, Any]]

# WeCom


def wecom_token(houses: "Houses", query: dict[str, str], *_unused: Any) -> Said:
    if query.get("corpid") != CLIENT["wecom"]:
        return 200, err(40013, "invalid corpid")
    if query.get("corpsecret") != SECRET:
        return 200, err(40001, "invalid credential")
    return 200, err(0, "ok") | {"access_token": houses.give_app_token(), "expires_in": 7200}


def wecom_user(houses: "Houses", query: dict[str, str], *_unused: Any) -> Said:
    if query.get("access_token") not in houses.app_tokens:
        return 200, err(40014, "invalid access_token")
    code = houses.take("wecom", query.get("code", ""))
    if code is None:
        return 200, err(40029, "invalid code")
    if not code.who.member:
        return 200, err(0, "ok") | {"openid": f"o-{code.who.uid}"}
    found = err(0, "ok") | {"userid": code.who.uid}
    if code.query.get("scope") == "snsapi_privateinfo":
        found["user_ticket"] = houses.give_token(code.who)
    return 200, found


def wecom_detail(
    houses: "Houses", query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    who = houses.tokens.get(sent.get("user_ticket", ""))
    if who is None or query.get("access_token") not in houses.app_tokens:
        return 200, err(40085, "invalid user_ticket")
    more = {"userid": who.uid, "mobile": who.mobile, "biz_mail": who.email, "gender": "0"}
    return 200, err(0, "ok") | more


# DingTalk


def dingtalk_user_token(
    houses: "Houses", _query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    if (sent.get("clientId"), sent.get("clientSecret")) != (CLIENT["dingtalk"], SECRET):
        return 400, ding("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
    code = houses.take("dingtalk", sent.get("code", ""))
    if code is None or sent.get("grantType") != "authorization_code":
        return 400, ding("invalidParameter.authCode.notFound", "不存在的authCode")
    token = houses.give_token(code.who)
    return 200, {"accessToken": token, "refreshToken": "r", "expireIn": 7200}


def dingtalk_app_token(
    houses: "Houses", _query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    if (sent.get("appKey"), sent.get("appSecret")) != (CLIENT["dingtalk"], SECRET):
        return 400, ding("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
    return 200, {"accessToken": houses.give_app_token(), "expireIn": 7200}


def dingtalk_me(
    houses: "Houses", _query: dict[str, str], _sent: dict[str, Any], headers: Any
) -> Said:
    who = houses.tokens.get(headers.get("x-acs-dingtalk-access-token", ""))
    if who is None:
        return 400, ding("InvalidAuthentication", "不合法的access_token")
    me = {"nick": who.name, "openId": f"open-{who.uid}", "unionId": f"union-{who.uid}"}
    return 200, me | {"mobile": who.mobile, "stateCode": "86", "email": who.email}


def dingtalk_by_union(
    houses: "Houses", query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    if query.get("access_token") not in houses.app_tokens:
        return 200, err(40014, "不合法的access_token")
    who = houses.people.get(sent.get("unionid", "").removeprefix("union-"))
    if who is None or not who.member:
        return 200, err(60121, "找不到该用户") | {"request_id": "simulated"}
    result = {"contact_type": 0, "userid": who.uid}
    return 200, err(0, "ok") | {"result": result, "request_id": "simulated"}


def dingtalk_member(
    houses: "Houses", query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    who = houses.people.get(sent.get("userid", ""))
    if query.get("access_token") not in houses.app_tokens or who is None:
        return 200, err(60121, "找不到该用户")
    result = {"userid": who.uid, "unionid": f"union-{who.uid}", "name": who.name, "active": True}
    result |= {"mobile": who.mobile, "org_email": who.email, "job_number": who.number}
    return 200, err(0, "ok") | {"result": result, "request_id": "simulated"}


# Feishu


def feishu_token(
    houses: "Houses", _query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    if sent.get("client_id") != CLIENT["feishu"]:
        return 400, feishu(20048, "The specified app does not exist.")
    if sent.get("client_secret") != SECRET:
        return 400, feishu(20002, "The client secret is invalid.")
    known = houses.codes.get(sent.get("code", ""))
    if known is not None and known.used:
        return 400, feishu(20065, "The authorization code has been used.")
    if known is not None and time.time() - known.at > GOOD_FOR["feishu"]:
        return 400, feishu(20004, "The authorization code has expired.")
    code = houses.take("feishu", sent.get("code", ""))
    if code is None:
        return 400, feishu(20003, "The authorization code is not found.")
    if code.query["redirect_uri"] != sent.get("redirect_uri"):
        return 400, feishu(20071, "The redirect_uri does not match.")
    if code.query.get("code_challenge") != challenge(sent.get("code_verifier", "")):
        return 400, feishu(20049, "PKCE code challenge failed.")
    if not code.who.member:
        return 400, feishu(20010, "The user does not have permission to use this app.")
    token = {"access_token": houses.give_token(code.who), "expires_in": 7200}
    return 200, {"code": 0, "token_type": "Bearer", "scope": ""} | token


def feishu_user(
    houses: "Houses", _query: dict[str, str], _sent: dict[str, Any], headers: Any
) -> Said:
    who = houses.tokens.get(bearer(headers))
    if who is None:
        return 400, {"code": 20005, "msg": "The user access token passed is invalid."}
    data = {"name": who.name, "open_id": f"ou_{who.uid}", "union_id": f"on_{who.uid}"}
    data |= {"enterprise_email": who.email, "mobile": who.mobile, "employee_no": who.number}
    return 200, {"code": 0, "msg": "success", "data": data}


def feishu_app_token(
    houses: "Houses", _query: dict[str, str], sent: dict[str, Any], _headers: Any
) -> Said:
    if (sent.get("app_id"), sent.get("app_secret")) != (CLIENT["feishu"], SECRET):
        return 200, {"code": 10014, "msg": "app secret invalid"}
    return 200, {
        "code": 0,
        "msg": "ok",
        "tenant_access_token": houses.give_app_token(),
        "expire": 7200,
    }
