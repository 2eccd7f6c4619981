"""An OpenID Connect provider, as Keycloak says it."""

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
from jwt.algorithms import RSAAlgorithm

from guanxi.testing.houses.people import (
    CLIENT,
    SECRET,
    Code,
    basic,
    bearer,
    challenge,
    claims_of,
    oauth_error,
)

if TYPE_CHECKING:
    from guanxi.testing.houses import Houses

Said = tuple[int, dict[str, Any]]


def discovery(houses: "Houses", *_unused: Any) -> Said:
    base = f"{houses.issuer}/protocol/openid-connect"
    return 200, {
        "issuer": houses.issuer,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/certs",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def certs(houses: "Houses", *_unused: Any) -> Said:
    key = RSAAlgorithm.to_jwk(houses.key.public_key(), as_dict=True)
    return 200, {"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]}


def oidc_token(
    houses: "Houses", _query: dict[str, str], sent: dict[str, Any], headers: Any
) -> Said:
    client, secret = basic(headers) or (sent.get("client_id"), sent.get("client_secret"))
    if (client, secret) != (CLIENT["oidc"], SECRET):
        return 401, oauth_error(
            "unauthorized_client", "Invalid client or Invalid client credentials"
        )
    code = houses.take("oidc", sent.get("code", ""))
    if code is None:
        return 400, oauth_error("invalid_grant", "Code not valid")
    if code.query["redirect_uri"] != sent.get("redirect_uri"):
        return 400, oauth_error("invalid_grant", "Incorrect redirect_uri")
    if code.query.get("code_challenge") != challenge(sent.get("code_verifier", "")):
        return 400, oauth_error("invalid_grant", "PKCE verification failed: Code mismatch")
    token = houses.give_token(code.who)
    return 200, {
        "access_token": token,
        "expires_in": 300,
        "token_type": "Bearer",
        "id_token": id_token(houses, code),
        "scope": "openid profile email",
    }


def id_token(houses: "Houses", code: Code) -> str:
    """Signed as it should be, unless `spoil` says otherwise."""
    spoil, now = houses.spoil, int(time.time())
    claims: dict[str, Any] = {
        "iss": "https://elsewhere.example" if spoil == "issuer" else houses.issuer,
        "sub": f"sub-{code.who.uid}",
        "aud": "another" if spoil == "audience" else CLIENT["oidc"],
        "azp": "another" if spoil == "azp" else CLIENT["oidc"],
        "iat": now - 7200 if spoil == "expired" else now,
        "exp": now - 3600 if spoil == "expired" else now + 300,
        "nonce": "0" * 40 if spoil == "nonce" else code.query.get("nonce", ""),
        "name": code.who.name,
        "preferred_username": code.who.uid,
    }
    claims |= claims_of(code.who)
    if spoil == "none":
        return jwt.encode(claims, None, algorithm="none")
    if spoil == "hmac":
        # The public key taken for a shared secret: an old trick.
        parts = [{"alg": "HS256", "typ": "JWT", "kid": "one"}, claims]
        head = ".".join(_packed(json.dumps(part).encode()) for part in parts)
        public = json.dumps(certs(houses)[1]["keys"][0]).encode()
        return f"{head}.{_packed(hmac.new(public, head.encode(), hashlib.sha256).digest())}"
    key = houses.other_key if spoil == "signature" else houses.key
    name = "two" if spoil == "key" else "one"
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": name})


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def userinfo(houses: "Houses", _query: dict[str, str], _sent: dict[str, Any], headers: Any) -> Said:
    who = houses.tokens.get(bearer(headers))
    if who is None:
        return 401, oauth_error("invalid_token", "Token verification failed")
    return 200, {"sub": f"sub-{who.uid}", "name": who.name} | claims_of(who)
