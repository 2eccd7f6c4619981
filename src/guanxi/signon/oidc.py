"""OpenID Connect: discovery, authorization code with PKCE, an id token checked in full.

OpenID Connect Core 1.0, section 3.1; Discovery 1.0; RFC 7636 (PKCE), 9207 (issuer in the answer).
"""

import base64
import hashlib
from typing import Any
from urllib.parse import quote

import jwt

from guanxi.signon.asking import Attempt, Identity, ask, check, said, secret_of, text, with_query
from guanxi.signon.models import Provider
from guanxi.signon.words import Failed

WELL_KNOWN = "/.well-known/openid-configuration"
SCOPES = "openid profile email"
#: Signed with a key whose public half is published; never "none", never the shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
#: Clocks differ.
LEEWAY = 60
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: Which claim of the token is wrong; whatever else is, it is not a valid one.
WRONG: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "expired",
    jwt.InvalidIssuedAtError: "expired",
    jwt.InvalidIssuerError: "issuer",
    jwt.InvalidAudienceError: "audience",
    jwt.InvalidSignatureError: "signature",
    jwt.InvalidAlgorithmError: "signature",
    jwt.InvalidKeyError: "signature",
    jwt.MissingRequiredClaimError: "token",
}


def discover(provider: Provider) -> dict[str, Any]:
    """What the issuer says about itself; raises Failed unless it is that issuer."""
    issuer = provider.address.rstrip("/")
    try:
        status, found = ask(f"{issuer}{WELL_KNOWN}")
    except Failed as fault:
        if fault.code != "refused":
            raise
        raise Failed("discovery", detail=fault.detail) from None
    if status != 200:
        raise Failed("discovery", detail=f"HTTP {status}")
    if text(found, "issuer").rstrip("/") != issuer:
        raise Failed("issuer", detail=text(found, "issuer")[:100])
    for name in NEEDED:
        if not text(found, name):
            raise Failed("discovery", detail=name)
        check(text(found, name))
    return found


def start(provider: Provider, attempt: Attempt) -> str:
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    return with_query(
        discover(provider)["authorization_endpoint"],
        response_type="code",
        client_id=provider.client_id,
        redirect_uri=attempt.back,
        scope=provider.scopes or SCOPES,
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        code_challenge_method="S256",
    )


def identify(provider: Provider, code: str, attempt: Attempt) -> Identity:
    house = discover(provider)
    tokens = _tokens(provider, house, code, attempt)
    claims = _claims(provider, house, text_of(tokens, "id_token"), attempt.nonce)
    wanted = ["email", "name", provider.number_claim or "sub"]
    wanted += ["phone_number"] if provider.by_mobile else []
    if house.get("userinfo_endpoint") and not all(claims.get(name) for name in wanted):
        claims = _more(house, text_of(tokens, "access_token"), claims) | claims
    name = text(claims, "name") or text(claims, "preferred_username") or text(claims, "email")
    return Identity(
        uid=text(claims, "sub"),
        name=name or text(claims, "sub"),
        email=text(claims, "email") if claims.get("email_verified") is True else "",
        mobile=text(claims, "phone_number") if claims.get("phone_number_verified") is True else "",
        number=text(claims, provider.number_claim) if provider.number_claim else "",
    )


def test(provider: Provider) -> None:
    """As far as can be tried without anybody signing in: the addresses and the keys."""
    _keys(discover(provider))


def text_of(tokens: dict[str, Any], name: str) -> str:
    """Tokens are longer than anything else that is read."""
    value = tokens.get(name)
    if not isinstance(value, str) or not value:
        raise Failed("token", detail=name)
    return value


def _tokens(
    provider: Provider, house: dict[str, Any], code: str, attempt: Attempt
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": attempt.back,
        "client_id": provider.client_id,
        "code_verifier": attempt.verifier,
    }
    secret = secret_of(provider)
    headers = {}
    ways = house.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if secret and "client_secret_basic" in ways:
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif secret:
        form["client_secret"] = secret
    status, found = ask(house["token_endpoint"], form=form, headers=headers)
    if status == 200:
        return found
    error = text(found, "error")
    detail = said(error, text(found, "error_description"))
    known = {"invalid_grant": "code", "invalid_client": "secret", "unauthorized_client": "secret"}
    raise Failed(known.get(error, "refused"), detail=detail)


def _keys(house: dict[str, Any]) -> list[dict[str, Any]]:
    status, found = ask(house["jwks_uri"])
    keys = found.get("keys")
    usable = [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []
    if not usable:
        raise Failed("discovery", detail=f"jwks_uri HTTP {status}")
    return usable


def _claims(provider: Provider, house: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that is this issuer's, for us, of now and of this very sign-in."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, _keys(house)),
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=house["issuer"],
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as fault:
        found = (code for kind, code in WRONG.items() if isinstance(fault, kind))
        raise Failed(next(found, "token"), detail=type(fault).__name__) from None
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp")
    if (len(audiences) > 1 or party is not None) and party != provider.client_id:
        raise Failed("audience", detail="azp")
    if claims.get("nonce") != nonce:
        raise Failed("nonce")
    return claims


def _key_of(token: str, keys: list[dict[str, Any]]) -> jwt.PyJWK:
    """The key the token names; one without a name needs a set of one."""
    header = jwt.get_unverified_header(token)
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError
    usable = [one for one in keys if one.get("use", "sig") == "sig"]
    if name is not None:
        usable = [one for one in usable if one.get("kid") == name]
    if len(usable) != 1 or usable[0].get("alg", algorithm) != algorithm:
        raise jwt.InvalidSignatureError
    return jwt.PyJWK.from_dict(usable[0], algorithm)


def _more(house: dict[str, Any], access: str, claims: dict[str, Any]) -> dict[str, Any]:
    """What the token leaves out; only of the same person."""
    address = str(house["userinfo_endpoint"])
    status, found = ask(address, headers={"Authorization": f"Bearer {access}"})
    if status != 200 or found.get("sub") != claims["sub"]:
        raise Failed("token", detail=f"userinfo HTTP {status}")
    return found
