"""Every registered address, with nonsense where it takes a number, a word or a parameter.

Nobody lists the parameters: what a page looks up in what was sent is noted while it does.
"""

import json
import random
import re
from http.cookies import SimpleCookie
from unittest.mock import patch

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import URLResolver, get_resolver
from django.utils.datastructures import MultiValueDict

from guanxi.kernel.extra import condition_paths, form_paths
from guanxi.kernel.parameters import ENDINGS, OF_FORMS, OF_LISTS
from guanxi.kernel.registry import spec
from guanxi.testing.people import Company, actor, api_client, browser
from guanxi.testing.samples import make

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
OBJECTS = (CUSTOMER.path, OPPORTUNITY.path)
WORDS = ("owner", "x" * 3000)
NUL, LONG = "a\x00b", "9" * 5000
NUMBERS = ("0", "9" * 30, LONG)
NONSENSE = (
    NUL, LONG, "\x1f\x07", "-1", "[" * 3000, '["id","is",99999999999999999999999]',
    r'["name","is","\u0000"]', r'["title","is","\ud800"]',
)  # fmt: skip
#: A page of rights looks up thousands of names: so many of a page, by the seed, are tried singly.
SINGLY = 8
#: Signing out would end the walk.
LEFT_OUT = ("accounts/logout/", "viewing/end/")


def patterns(found=None, prefix=""):
    for pattern in get_resolver().url_patterns if found is None else found:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, address)
        elif address not in LEFT_OUT:
            yield address


ADDRESSES = sorted(set(patterns()))


def filled(pattern, numbers, words):
    """The addresses of a pattern: every number for its numbers, every word for its words."""
    found = {pattern}
    for match in PARAMETER.finditer(pattern):
        values = {"object": OBJECTS, "int": numbers}.get(match[1] or "str", words)
        found = {one.replace(match[0], str(value), 1) for one in found for value in values}
    return ["/" + address for address in sorted(found)]


class Asked(set):
    """The names that are looked up in what a request sent."""

    def __enter__(self):
        get, has, listed = QueryDict.__getitem__, QueryDict.__contains__, QueryDict.getlist

        def noted(ask):
            def note(data, name, *default):
                if isinstance(data, QueryDict):
                    self.add(name)
                return ask(data, name, *default)

            return note

        wrapped = {"__getitem__": get, "__contains__": has, "getlist": listed}
        self.patches = [
            patch.object(MultiValueDict, name, noted(ask), create=True)
            for name, ask in wrapped.items()
        ]
        for one in self.patches:
            one.start()
        return self

    def __exit__(self, *_fault):
        for one in self.patches:
            one.stop()


class House:
    """A company with a customer and an opportunity, and a browser that may do everything."""

    def __init__(self):
        company = Company()
        rows = [make(known, actor(company.boss), 4) for known in (CUSTOMER, OPPORTUNITY)]
        self.numbers = [row.pk for row in rows]
        self.boss, self.client = company.boss, browser(company.boss)
        self.cookies = self.client.cookies

    def ask(self, url, data=None):
        """Both ways; what was done is taken back, so that the next address finds the same rows.

        A page that ends or renews the session would sign out the walk: each begins as before."""
        for send in (self.client.get, self.client.post):
            self.client.cookies = SimpleCookie(self.cookies)
            with transaction.atomic():
                answer = send(url, data or {})
                transaction.set_rollback(True)
            assert answer.status_code < 500, (url, data)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_nonsense_in_an_address_is_answered(house, pattern):
    for url in filled(pattern, NUMBERS, WORDS):
        house.ask(url)


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_nonsense_in_parameters_is_answered(house, pattern):
    for url in filled(pattern, house.numbers[:1], ("edit",)):
        names = Asked()
        with names:
            house.ask(url)
        for text in NONSENSE:
            with names:
                house.ask(url, dict.fromkeys(names, text))
        for name in random.sample(sorted(names), min(len(names), SINGLY)):
            for text in (NUL, LONG):
                house.ask(url, {name: text})


#: Pages whose parameters stand beside the fields of an object, in one address or form.
LISTS = ("", "total/", "columns/", "board/", "statistics/", "bulk/edit/")


def test_every_parameter_beside_conditions_is_reserved(house):
    names = Asked()
    with names:
        for page in LISTS:
            house.ask(f"/opportunities/{page}", {"all": "1", "by": "stage", "then": "stage"})
    own = named(condition_paths(OPPORTUNITY, book=1)) | named(OPPORTUNITY.bulk_edit)
    assert names - own - {"csrfmiddlewaretoken"} <= OF_LISTS
    assert {"within", "then_step", "back"} <= names


def test_every_parameter_beside_form_fields_is_reserved(house):
    names = Asked()
    with names:
        house.ask("/opportunities/new/")
    own = named(form_paths(OPPORTUNITY, book=1))
    assert names - own - {"csrfmiddlewaretoken"} <= OF_FORMS
    assert {"copy", "form_token", "_again"} <= names


def named(paths):
    return {f"{path}{ending}" for path in (*paths, "owner") for ending in ENDINGS}


@pytest.mark.parametrize("name", ["guanxi_session", "csrftoken", "guanxi_language", "js"])
def test_nonsense_in_cookies_is_answered(house, client, name):
    for text in (NUL, LONG, "²"):
        client.cookies[name] = text
        for url in ("/", "/accounts/login/", "/customers/"):
            assert client.get(url).status_code < 500, (url, text[:20])


ODD_TEXTS = ("\x00", "\ud800", ["\x00"], [{"value": "\x00"}])
VALUES = (*ODD_TEXTS, LONG, 10**30, -1, 1e300, True, [], {}, None)
BESIDE = ("text", "reason", "owner", "person", "level", "until", "version", "stage")
ACTS = ("comments", "shares", "invalidate", "restore", "transfer", "win")


@pytest.mark.parametrize("known", [CUSTOMER, OPPORTUNITY], ids=lambda known: known.path)
def test_nonsense_in_bodies_is_answered(house, known):
    client, one = api_client(house.boss), f"/api/v1/{known.path}/{house.numbers[0]}"
    names = [*known.form_fields, *(parts.name for parts in known.parts), "amount_currency"]
    asks = [(client.post, f"/api/v1/{known.path}", names), (client.patch, one, names)]
    asks += [(client.post, f"{one}/{act}", BESIDE) for act in ACTS]
    for send, url, paths in asks:
        bodies = [dict.fromkeys(paths, value) for value in VALUES]
        bodies += [{path: value} for path in paths for value in ODD_TEXTS]
        for body in bodies:
            with transaction.atomic():
                answer = send(url, json.dumps(body), content_type="application/json")
                transaction.set_rollback(True)
            assert answer.status_code < 500, (url, body)
