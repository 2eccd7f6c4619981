"""The pictures of README: the invented company, as its sales director sees it."""

import os

import pytest
from django.conf import settings
from playwright.sync_api import expect

from guanxi.demo import customers, deals
from guanxi.demo.make import make_demo
from guanxi.demo.state import demo_actor
from guanxi.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.manual]
PAGES = {
    "readme-customers": ("/customers/", "客户"),
    "readme-board": ("/opportunities/board/", "商机"),
    "readme-statistics": ("/opportunities/statistics/?measure=amount&by=owner&then=type", "统计"),
}


@pytest.fixture
def director(transactional_db, fixed_day, monkeypatch, client):
    """Signed in as 韩志峰; the whole company for the pictures, a small one for the tests."""
    if not os.environ.get("GUANXI_MANUAL"):
        for name, count in (("ORGANISATIONS", 60), ("BRANCHES", 5), ("INDIVIDUALS", 15)):
            monkeypatch.setattr(customers, name, count)
        monkeypatch.setattr(deals, "DEALS", 90)
    make_demo(demo_actor(), lambda _done, _total: None, today=fixed_day.date())
    client.force_login(User.objects.get(username="hanzhifeng"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_pages_readme_shows(page, live_server, director, shot):
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": director, "url": live_server.url}
    page.context.add_cookies([cookie])
    for name, (address, title) in PAGES.items():
        page.goto(address)
        expect(page.locator("h1")).to_contain_text(title)
        shot(page, name)
    page.goto("/customers/?sort=-level")
    page.locator("[data-row] .row-link").first.click()
    expect(page.locator(".record-head")).to_be_visible()
    shot(page, "readme-customer")
