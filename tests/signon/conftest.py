"""A company, the four houses simulated on this machine, and a browser without a screen."""

from urllib.parse import urlsplit

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from guanxi.kernel.change import change
from guanxi.kernel.sealing import seal
from guanxi.people.models import Person, User
from guanxi.signon.models import Account, Provider
from guanxi.testing.houses.people import AGENT, CLIENT, SECRET, Somebody
from guanxi.testing.outer import outer_world
from guanxi.testing.people import SELL, SYSTEM, Company

KINDS = ("oidc", "wecom", "dingtalk", "feishu")
PASSWORD = "Kaixin-2026-tian"
CHEN = Somebody("ChenLi", "陈立", "chenli@example.com", "13800138001", "A-017")


@pytest.fixture
def company(db):
    cache.clear()
    return Company()


@pytest.fixture
def houses():
    with outer_world() as world:
        world.houses.people[CHEN.uid] = CHEN
        yield world.houses


@pytest.fixture
def provider(db, houses):
    def make(kind, **more):
        place = houses.issuer if kind == "oidc" else houses.base
        values = {
            "name": f"{kind} 登录",
            "client_id": CLIENT[kind],
            "agent_id": AGENT if kind == "wecom" else "",
            "secret": seal(SECRET),
            "address": place,
            "active": True,
        }
        return Provider.objects.create(kind=kind, **values | more)

    return make


@pytest.fixture
def chen(company):
    """A colleague who may sign in, and has what the houses know of her."""
    person = company.person("陈立", SELL)
    person.user.set_password(PASSWORD)
    person.user.save()
    with change(SYSTEM, person):
        person.email, person.mobile, person.number = CHEN.email, CHEN.mobile, CHEN.number
    return fresh(person)


def fresh(person):
    return Person.rows(SYSTEM).get(pk=person.pk)


class Browser:
    """Follows the way to a house, chooses somebody there, and comes back."""

    def __init__(self, client=None, agent=""):
        self.client = client or Client(headers={"User-Agent": agent} if agent else {})

    def leave(self, provider, next="", *, way="/accounts/with/{}/"):
        """Where the house would have the browser go."""
        address = way.format(provider.pk)
        answer = self.client.get(address, {"next": next} if next else {})
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def choose(self, address, uid):
        """The address the house sends the browser back to."""
        address = address.partition("#")[0]
        answer = httpx.get(f"{address}&as={uid}", follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, address):
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, provider, uid=CHEN.uid, next=""):
        return self.come_back(self.choose(self.leave(provider, next), uid))

    @property
    def who(self):
        """The user name of who is signed in."""
        found = self.client.session.get("_auth_user_id")
        return User.objects.get(pk=found).username if found else None


@pytest.fixture
def browser(company):
    return Browser()


def connected(provider, person, uid=None):
    """What connecting in the profile would leave."""
    uids = {
        "oidc": f"sub-{CHEN.uid}",
        "wecom": CHEN.uid.lower(),
        "dingtalk": f"union-{CHEN.uid}",
        "feishu": f"on_{CHEN.uid}",
    }
    return Account.objects.create(
        provider=provider,
        person=person,
        uid=uid or uids[provider.kind],
        name="陈立",
        how="self",
        connected_at=timezone.now(),
    )
