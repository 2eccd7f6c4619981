"""The form of one house: which fields it has, what they are called over there, what they accept."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.access.controls import Control, text
from guanxi.kernel.sealing import seal
from guanxi.signon.asking import check
from guanxi.signon.models import Provider
from guanxi.signon.oidc import SCOPES
from guanxi.signon.words import Failed

Kind = Provider.Kind
Words = str | Promise
LENGTHS = {
    "name": 40,
    "client_id": 200,
    "agent_id": 40,
    "address": 300,
    "service": 300,
    "scopes": 200,
    "number_claim": 60,
}
TICKS = ("by_number", "by_email", "by_mobile", "active")
#: What a connected account depends on: another one here is another house.
FIXED = ("client_id", "address")

#: kind -> the fields of its own, with what they are called over there
OWN: dict[str, dict[str, Words]] = {
    Kind.OIDC: {
        "address": gettext_lazy("Issuer"),
        "client_id": gettext_lazy("Client ID"),
        "secret": gettext_lazy("Client secret"),
    },
    Kind.WECOM: {
        "client_id": gettext_lazy("Company ID (CorpID)"),
        "agent_id": gettext_lazy("App ID (AgentId)"),
        "secret": gettext_lazy("App secret (Secret)"),
    },
    Kind.DINGTALK: {
        "client_id": gettext_lazy("Client ID (AppKey)"),
        "secret": gettext_lazy("Client Secret (AppSecret)"),
    },
    Kind.FEISHU: {
        "client_id": gettext_lazy("App ID"),
        "secret": gettext_lazy("App Secret"),
    },
}
FURTHER: dict[str, dict[str, Words]] = {
    Kind.OIDC: {
        "scopes": gettext_lazy("Scopes"),
        "number_claim": gettext_lazy("Claim with the staff number"),
    }
}
#: Where a house has been installed for one company alone.
PLACES: dict[str, Words] = {
    "address": gettext_lazy("Address the browser is sent to"),
    "service": gettext_lazy("Address this server asks"),
}
HINTS: dict[str, Words] = {
    Kind.OIDC: gettext_lazy(
        "Any provider of OpenID Connect, such as Keycloak: make a confidential client there with the"
        " standard flow, and enter the address to come back to as a valid redirect URI."
    ),
    Kind.WECOM: gettext_lazy(
        "In WeCom's administration make an app of your own; enter the host of the address to come back"
        " to under “Web authorization and JS-SDK” and “WeCom authorized login”, and the IP address of"
        " this server as a trusted one."
    ),
    Kind.DINGTALK: gettext_lazy(
        "In DingTalk's console make an internal app; enter the address to come back to under “Security”,"
        " and permit it to read the contact's own data, mobile and the members of the address book."
    ),
    Kind.FEISHU: gettext_lazy(
        "In Feishu's console make a custom app; enter the address to come back to under “Security”, and"
        " permit it to read the user's mobile, company mail and staff number."
    ),
}
NUMBER_HELP: dict[str, Words] = {
    Kind.WECOM: gettext_lazy("The staff number here is the member's account (userid) there."),
    Kind.OIDC: gettext_lazy(
        "The claim is named below; people must not be able to change it over there."
    ),
}
EMAIL_HELP: dict[str, Words] = {
    Kind.OIDC: gettext_lazy("Only an address the provider calls verified."),
    Kind.WECOM: gettext_lazy(
        "The company mail; only inside WeCom's app, after the person has agreed."
    ),
    Kind.DINGTALK: gettext_lazy("The company mail, not the private one."),
    Kind.FEISHU: gettext_lazy("The company mail, not the private one."),
}


def read(provider: Provider, sent: Mapping[str, str]) -> dict[str, str]:
    """Takes over what was sent; an empty secret keeps the one there is, unless it would be told to
    somebody it was not given for. Returns the faults by field."""
    before = {name: getattr(provider, name) for name in (*FIXED, "service")}
    for name in _names(provider):
        if name in LENGTHS:
            setattr(provider, name, " ".join(sent.get(name, "").split())[: LENGTHS[name]])
    for name in ("address", "service"):
        setattr(provider, name, getattr(provider, name).rstrip("/"))
    for name in TICKS:
        setattr(provider, name, name in sent)
    errors = _required(provider) | _faulty_places(provider)
    errors |= _fixed(provider, before) | _secret(provider, before, sent.get("secret", "").strip())
    if provider.by_number and provider.kind == Kind.OIDC and not provider.number_claim:
        errors["number_claim"] = _("Name the claim, such as employee_number.")
    return errors


def _names(provider: Provider) -> list[str]:
    return ["name", *OWN[provider.kind], *FURTHER.get(provider.kind, PLACES)]


def _required(provider: Provider) -> dict[str, str]:
    needed = ["name", *(name for name in OWN[provider.kind] if name != "secret")]
    return {name: _("Please fill this in.") for name in needed if not getattr(provider, name)}


def _faulty_places(provider: Provider) -> dict[str, str]:
    found = {}
    for name in ("address", "service"):
        place = getattr(provider, name)
        if not place:
            continue
        try:
            parts = urlsplit(place)
            if parts.query or parts.fragment:
                raise Failed("not_https")
            check(place)
        except (Failed, ValueError) as fault:
            found[name] = _place_words(fault)
    return found


def _place_words(fault: Failed | ValueError) -> str:
    if isinstance(fault, Failed) and fault.code == "unknown_host":
        return _("This server can't be found; is its name right?")
    return _("An address such as https://sso.example.com; http:// only within your own network.")


def _fixed(provider: Provider, before: Mapping[str, str]) -> dict[str, str]:
    moved = [name for name in FIXED if getattr(provider, name) != before[name]]
    if provider.pk is None or not moved or not provider.accounts.exists():  # type: ignore[attr-defined]
        return {}
    sentence = _("Accounts are connected with it: make a new provider instead.")
    return dict.fromkeys(moved, sentence)


def _secret(provider: Provider, before: Mapping[str, str], given: str) -> dict[str, str]:
    if given:
        provider.secret = seal(given)
        return {}
    elsewhere = any(getattr(provider, name) != value for name, value in before.items())
    if provider.secret and elsewhere:
        return {"secret": _("Another address or id: enter its secret.")}
    # A public client of OpenID Connect has none: it proves itself by PKCE alone.
    if not provider.secret and provider.kind != Kind.OIDC:
        return {"secret": _("Please fill this in.")}
    return {}


def sections(
    provider: Provider, sent: Mapping[str, str], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The secret never comes back."""
    kind = provider.kind
    basics = [_text(provider, "name", _("Text on the button"), errors)]
    basics += [_text(provider, name, str(label), errors) for name, label in OWN[kind].items()]
    further = FURTHER.get(kind, PLACES)
    more = [_text(provider, name, str(label), errors) for name, label in further.items()]
    return [
        {"title": _("How to reach it"), "fields": basics},
        {
            "title": _("Who comes in"),
            "note": _(
                "A connected account always does. Others are asked for their password once, then they"
                " connect it in their profile, unless they are recognised here."
            ),
            "fields": _ticks(provider),
        },
        {
            "title": _("More") if kind == Kind.OIDC else _("Own installation of the provider"),
            "note": "" if kind == Kind.OIDC else _("Empty: the public addresses."),
            "folded": not any(field["error"] or field["value"] for field in more),
            "fields": more,
        },
        {"title": _("State"), "fields": [_tick(provider, "active", _("In use"))]},
    ]


def _text(provider: Provider, name: str, label: str, errors: Mapping[str, str]) -> Control:
    is_secret = name == "secret"
    optional = is_secret and (bool(provider.secret) or provider.kind == Kind.OIDC)
    kept = _("Kept encrypted. Empty: stays as it is.") if is_secret and provider.secret else ""
    helps = {
        "address": _("As its own description names it, without /.well-known/…")
        if provider.kind == Kind.OIDC
        else _("Such as https://sso.example.com"),
        "service": _("Empty: the same as the one above."),
        "scopes": _("Empty: %(scopes)s") % {"scopes": SCOPES},
    }
    return text(
        name,
        label,
        value="" if is_secret else getattr(provider, name),
        widget="password" if is_secret else "text",
        required=name in ("name", *OWN[provider.kind]) and not optional,
        help=kept or helps.get(name, ""),
        error=errors.get(name, ""),
        autocomplete="new-password" if is_secret else "off",
    )


def _ticks(provider: Provider) -> list[Control]:
    kind = provider.kind
    return [
        _tick(
            provider,
            "by_number",
            _("Recognise people by the same staff number"),
            NUMBER_HELP.get(kind, ""),
        ),
        _tick(
            provider, "by_email", _("Recognise people by the same e-mail"), EMAIL_HELP.get(kind, "")
        ),
        _tick(provider, "by_mobile", _("Recognise people by the same mobile")),
    ]


def _tick(provider: Provider, name: str, label: str, help: Words = "") -> Control:
    return {
        "name": name,
        "label": label,
        "widget": "boolean",
        "checked": getattr(provider, name),
        "help": str(help),
    }
