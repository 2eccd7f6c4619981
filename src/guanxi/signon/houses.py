"""The houses by kind, each with the same three words: start, identify, test."""

from collections.abc import Callable
from dataclasses import dataclass

from guanxi.signon import dingtalk, feishu, oidc, wecom
from guanxi.signon.asking import Attempt, Identity
from guanxi.signon.models import Provider


@dataclass(frozen=True)
class House:
    """start: the address the browser is sent to; identify: who came back with a code; test: raises
    Failed where the settings don't hold, without anybody signing in.

    `code`: what the code is called on the way back. `app`: what browsers inside its app call
    themselves, in small letters.
    """

    start: Callable[[Provider, Attempt], str]
    identify: Callable[[Provider, str, Attempt], Identity]
    test: Callable[[Provider], None]
    code: str = "code"
    app: str = ""


_HOUSES = {
    Provider.Kind.OIDC: House(oidc.start, oidc.identify, oidc.test),
    Provider.Kind.WECOM: House(wecom.start, wecom.identify, wecom.test, app="wxwork"),
    Provider.Kind.DINGTALK: House(
        dingtalk.start, dingtalk.identify, dingtalk.test, code="authCode", app="dingtalk"
    ),
    Provider.Kind.FEISHU: House(feishu.start, feishu.identify, feishu.test, app="lark"),
}


def house_of(provider: Provider) -> House:
    return _HOUSES[Provider.Kind(provider.kind)]
