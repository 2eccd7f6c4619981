import os
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.change import change
from guanxi.kernel.values import create_record
from guanxi.people.models import Person, PersonRole, Role, User
from guanxi.testing.beginning import begin_with
from guanxi.testing.people import browser, make_day_one
from guanxi.testing.pictures import keep_picture
from guanxi.testing.steps import SYSTEM

PASSWORD = "Lantern-4-Bridge"
CUSTOMERS = {
    "华维精密仪器有限公司": "138 0013 6688",
    "江南纺织集团有限公司": "139 1200 4521",
    "云海物流股份有限公司": "136 7700 3390",
}


@pytest.fixture
def office(transactional_db):
    """An administrator who may sign in, three customers, an opportunity for each."""
    return begin_with(make_office)


def make_office():
    actor = SYSTEM
    make_day_one()
    boss = Person(
        name="王芳", user=User.objects.create_user("wangfang", password=PASSWORD), signs_in=True
    )
    with change(actor, boss) as edit:
        role = Role.rows(actor).get(code="administrator")
        edit.set_parts("roles", [PersonRole(role=role)])
    found = SimpleNamespace(boss=boss, customers={}, opportunities={})
    for name, mobile in CUSTOMERS.items():
        add_customer(actor, found, name, mobile)
    return found


def add_customer(actor, office, name, mobile):
    values = {
        "name": name,
        "owner": str(office.boss.pk),
        "channels": [{"kind": "mobile", "value": mobile}],
    }
    customer = create_record(actor, registry.spec("customers.customer"), values)
    deal = {
        "title": f"{name[:2]}采购",
        "customer": str(customer.pk),
        "owner": str(office.boss.pk),
        "amount": "120000",
    }
    office.customers[name] = customer
    office.opportunities[name] = create_record(actor, registry.spec("sales.opportunity"), deal)


def sign_in(page):
    page.set_default_timeout(10_000)
    page.goto("/accounts/login/")
    page.get_by_label("用户名、手机号或邮箱").fill("wangfang")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    # Not "**/": that is the address of the sign-in page too.
    page.wait_for_url(re.compile(r"://[^/]+/$"))
    return page


@pytest.fixture
def signed_in(page, office, live_server):
    """A window of the administrator, on the start page."""
    page.set_default_timeout(10_000)
    session = browser(office.boss).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto("/")
    return page


@pytest.fixture
def plain(chromium, live_server, office):
    """The same without JavaScript."""
    window = chromium.new_context(
        base_url=live_server.url, locale="zh-CN", java_script_enabled=False
    )
    yield sign_in(window.new_page())
    window.close()


@pytest.fixture
def picture(request):
    """Keeps what a page looks like, when GUANXI_SCREENSHOTS names a folder."""
    folder = os.environ.get("GUANXI_SCREENSHOTS")

    def keep(page, name=""):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            part = f"-{name}" if name else ""
            page.screenshot(path=Path(folder) / f"{request.node.name}{part}.png")

    return keep


@pytest.fixture
def fixed_day(monkeypatch):
    """Every page of the manual is from the same morning, so that its pictures stay the same."""
    moment = datetime(2026, 9, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def desk(fixed_day, signed_in):
    """The administrator on the morning of the manual's pictures."""
    return signed_in


@pytest.fixture
def colleague(office):
    """Assigned to a department, so that pickers of people offer her."""
    actor = SYSTEM
    spec = registry.spec("people.person")
    department = create_record(actor, registry.spec("people.department"), {"name": "华东销售部"})
    return create_record(actor, spec, {"name": "陈立", "department": str(department.pk)})


@pytest.fixture
def shot():
    """Keeps a picture for the manual, when GUANXI_MANUAL names its folder (`make manual`)."""
    folder = os.environ.get("GUANXI_MANUAL")

    def keep(page, name):
        page.wait_for_load_state("networkidle")
        if folder:
            keep_picture(page, Path(folder) / f"{name}.png")

    return keep
