import pytest
from django.core.cache import cache

from guanxi.kernel.change import change
from guanxi.kernel.sealing import seal
from guanxi.notices.models import MailServer, Robot, Wishes
from guanxi.people.models import Person
from guanxi.testing.outer import SECRET, outer_world
from guanxi.testing.people import SYSTEM, Company


@pytest.fixture
def company(db):
    cache.clear()
    return Company()


@pytest.fixture
def outer(settings):
    settings.ROBOTS_PRIVATE = True
    with outer_world() as world:
        yield world


@pytest.fixture
def server(db, outer):
    return MailServer.objects.create(
        host="127.0.0.1",
        port=outer.mail_port,
        security="none",
        user="crm",
        password=seal("geheim-9"),
        sender="crm@example.com",
        sender_name="关系",
        site="https://crm.example.com",
    )


@pytest.fixture
def robot(db, outer):
    def make(provider, **more):
        return Robot.objects.create(
            name="华东销售群",
            provider=provider,
            address=seal(outer.address(provider)),
            secret="" if provider == "wecom" else seal(SECRET),
            **more,
        )

    return make


def with_mail(person, address="ben@example.com"):
    fresh = Person.rows(SYSTEM).get(pk=person.pk)
    with change(SYSTEM, fresh):
        fresh.email = address
    return fresh


def wish(person, kind, *channels, **more):
    return Wishes.objects.create(person_id=person.pk, channels={kind: list(channels)}, **more)
