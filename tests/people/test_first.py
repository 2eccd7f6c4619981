import io
from argparse import ArgumentParser

import pytest

from guanxi.cli import explain as explain_command
from guanxi.cli import user as user_command
from guanxi.kernel.actor import system_actor
from guanxi.people.first import ensure_first_account
from guanxi.people.models import Person, Role, User
from guanxi.people.signin import AnyNameBackend

SYSTEM = system_actor("tests")
pytestmark = pytest.mark.django_db


def call(command, *words):
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_the_first_account_administers_and_is_made_once():
    username, password = ensure_first_account()
    user = AnyNameBackend().authenticate(None, username=username, password=password)
    assert user.must_change_password
    person = Person.rows(SYSTEM).get(user=user)
    assert person.name == "系统管理员"
    assert ensure_first_account() is None
    assert User.objects.count() == 1
    assert password not in user.password


def test_no_first_account_where_somebody_signs_in(firm):
    firm.signs_in(firm.person("已有"), "yiyou")
    assert ensure_first_account() is None


def test_the_first_account_may_do_everything(firm):
    ensure_first_account()
    actor = firm.actor(Person.rows(SYSTEM).get(name="系统管理员"))
    assert actor.may("people.role", "edit") and actor.may("customers.customer", "delete")


def test_sign_ins_are_given_and_closed_on_the_command_line(firm, capsys):
    ensure_first_account()
    assert call(user_command, "create", "张伟", "--role", "sales") == 0
    line = capsys.readouterr().out.strip()
    name, _, rest = line.partition(": ")
    username, _, password = rest.partition(" / ")
    assert (name, username) == ("张伟", "zhangwei")
    assert AnyNameBackend().authenticate(None, username=username, password=password)
    person = Person.rows(SYSTEM).get(name="张伟")
    assert firm.actor(person).may("customers.customer", "view")
    assert call(user_command, "disable", "zhangwei") == 0
    assert not AnyNameBackend().authenticate(None, username=username, password=password)
    assert call(user_command, "list") == 0
    listing = capsys.readouterr().out
    assert "zhangwei  张伟  closed" in listing and "admin  系统管理员\n" in listing
    assert call(user_command, "enable", "张伟") == 0
    assert AnyNameBackend().authenticate(None, username=username, password=password)


def test_a_password_is_made_or_typed(firm, capsys, monkeypatch):
    firm.signs_in(firm.person("李娜"), "lina")
    assert call(user_command, "password", "lina") == 0
    made = capsys.readouterr().out.strip().removeprefix("李娜: ")
    assert AnyNameBackend().authenticate(None, username="lina", password=made)
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    assert call(user_command, "password", "lina", "--ask") == 1
    assert "密码太短了" in capsys.readouterr().err
    assert AnyNameBackend().authenticate(None, username="lina", password=made)
    monkeypatch.setattr("sys.stdin", io.StringIO("Chang-de-mima-1\n"))
    assert call(user_command, "password", "lina", "--ask") == 0
    assert AnyNameBackend().authenticate(None, username="lina", password="Chang-de-mima-1")
    assert "Chang-de-mima-1" not in capsys.readouterr().out


def test_the_command_line_tells_what_is_wrong(firm, capsys):
    ensure_first_account()
    assert call(user_command, "create", "新人", "--role", "nothing") == 1
    assert not Person.rows(SYSTEM).filter(name="新人").exists()
    assert call(user_command, "create", "新人", "--username", "1x") == 1
    assert not User.objects.filter(username="1x").exists()
    assert call(user_command, "disable", "admin") == 1
    assert "最后一位管理员" in capsys.readouterr().err
    assert call(user_command, "password", "没有") == 1


def test_access_and_objects_are_explained_on_the_command_line(firm, capsys):
    ensure_first_account()
    role = Role.rows(SYSTEM).get(code="sales")
    assert call(explain_command, "access", "admin", f"roles/{role.pk}") == 0
    assert "查看: 是" in capsys.readouterr().out
    assert call(explain_command, "people.role") == 0
    out = capsys.readouterr().out
    assert "/roles/<int:record_id>/rights/" in out and "tests/people/test_first.py" in out
    assert call(explain_command, "access", "admin") == 2
    assert call(explain_command, "access", "nobody", "roles/1") == 1
