"""What an account set decides about signing in: sessions that lie idle, passwords grown old."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.people.models import Security, User
from guanxi.people.organisation import touch
from guanxi.people.security import SEEN

pytestmark = pytest.mark.django_db
NEW = "Xin-mima-2027-ok"


@pytest.fixture
def client(firm):
    admin = firm.administrator()
    found = Client()
    found.force_login(User.objects.get(pk=admin.user_id))
    found.admin = admin
    return found


def decide(**values):
    Security.objects.update_or_create(book=1, defaults=values)
    touch()


def seen(client, seconds_ago):
    session = client.session
    session[SEEN] = int(time.time()) - seconds_ago
    session.save()


def test_an_idle_session_ends(client):
    decide(idle_minutes=20)
    assert client.get("/").status_code == 200
    seen(client, 19 * 60)
    assert client.get("/").status_code == 200
    assert time.time() - client.session[SEEN] < 60, "a request keeps the session alive"
    seen(client, 21 * 60)
    answer = client.get("/customers/")
    assert answer["Location"] == "/accounts/login/?next=%2Fcustomers%2F"
    assert client.get("/").status_code == 303
    assert "_auth_user_id" not in client.session


def test_without_a_limit_nothing_ends(client):
    seen(client, 999_999)
    assert client.get("/").status_code == 200


def test_a_password_too_old_has_to_be_changed(client):
    decide(password_days=90)
    assert client.get("/").status_code == 200
    user = User.objects.filter(pk=client.admin.user_id)
    user.update(password_changed_at=timezone.now() - timedelta(days=91))
    assert client.get("/customers/")["Location"].startswith("/accounts/password/change/")
    assert user.get().must_change_password is False
    sent = {"oldpassword": "Kaixin-2026-tian", "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert client.get("/customers/").status_code != 302
    assert timezone.now() - user.get().password_changed_at < timedelta(minutes=1)


def test_settings_are_checked_and_kept(client):
    answer = client.post("/security/", {"idle_minutes": "-5", "password_days": "9999"})
    assert answer.status_code == 422
    assert [bool(one.get("error")) for one in answer.context["fields"]] == [True, True, False]
    assert answer.context["fields"][0]["value"] == "-5"
    assert client.post("/security/", {"idle_minutes": "15", "password_days": ""}).status_code == 303
    row = Security.objects.get()
    assert (row.idle_minutes, row.password_days, row.view_administrators) == (15, 0, False)
