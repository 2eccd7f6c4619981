"""Tokens made on one's own page and by command: shown once, ended at once."""

import re

import pytest

from guanxi.cli.program import main
from guanxi.people.models import ApiToken
from guanxi.people.tokens import open_token
from guanxi.testing.people import browser

pytestmark = pytest.mark.django_db
PAGE = "/profile/tokens/"


def test_a_token_is_shown_once_and_revoked_by_its_owner_only(company):
    client = browser(company.anna)
    made = client.post(PAGE, {"name": "ERP", "scope": "write", "days": "30"})
    text = re.search(r"gx_[\w-]{40,}", made.content.decode())[0]
    row = ApiToken.objects.get()
    assert open_token(text) == row
    assert "no-store" in made["Cache-Control"]
    again = client.get(PAGE).content.decode()
    assert text not in again
    assert row.prefix in again
    assert browser(company.ben).post(f"{PAGE}{row.pk}/revoke/").status_code == 404
    assert open_token(text) == row
    assert client.get(f"{PAGE}{row.pk}/revoke/").status_code == 405
    assert client.post(f"{PAGE}{row.pk}/revoke/").status_code == 303
    assert open_token(text) is None
    assert "已作废" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "sent, field",
    [
        ({"name": "", "scope": "read", "days": "30"}, "name"),
        ({"name": "x" * 61, "scope": "read", "days": "30"}, "name"),
        ({"name": "ERP", "scope": "admin", "days": "30"}, "scope"),
        ({"name": "ERP", "scope": "read", "days": "0"}, "days"),
        ({"name": "ERP", "scope": "read", "days": "99999"}, "days"),
    ],
)
def test_what_makes_no_token(company, sent, field):
    answer = browser(company.anna).post(PAGE, sent)
    assert answer.status_code == 422
    assert [one["name"] for one in answer.context["fields"] if one.get("error")] == [field]
    assert ApiToken.objects.count() == 0


def test_the_command_prints_the_token_alone_on_its_last_line(company, capsys):
    assert main(["token", "create", "安娜", "--scope", "write", "--days", "5"]) == 0
    text = capsys.readouterr().out.strip().splitlines()[-1]
    token = open_token(text)
    assert (token.person_id, token.scope) == (company.anna.pk, "write")
    assert main(["token", "list", "安娜"]) == 0
    listed = capsys.readouterr().out
    assert token.prefix in listed
    assert text not in listed
    assert main(["token", "revoke", token.prefix]) == 0
    assert open_token(text) is None
    assert main(["token", "revoke", "gx_nothing"]) == 1
    assert main(["token", "create", "安娜", "--days", "0"]) == 1
    assert main(["token", "create", "没有这个人"]) == 1
