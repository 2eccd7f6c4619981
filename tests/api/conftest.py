import httpx
import pytest
from django.core.cache import cache

from guanxi.people.tokens import make_token
from guanxi.testing.people import Company


@pytest.fixture(autouse=True)
def no_failures_counted():
    cache.clear()


@pytest.fixture
def company(db):
    return Company()


@pytest.fixture
def token_of():
    """A token of a person, and its row."""

    def make(person, *, scope="write", days=1):
        row, text = make_token(person, name="partner", scope=scope, days=days)
        make.row = row
        return text

    return make


@pytest.fixture
def partner(live_server, token_of):
    """A real HTTP client as a partner's programmer would set it up."""
    clients = []

    def connect(person, *, language="en", **how):
        headers = {
            "Authorization": f"Bearer {token_of(person, **how)}",
            "Accept-Language": language,
        }
        client = httpx.Client(base_url=f"{live_server.url}/api/v1", headers=headers, timeout=30)
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()
