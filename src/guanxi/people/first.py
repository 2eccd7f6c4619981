"""The first account of a new installation."""

from django.db import transaction

from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.people.accounts import give_signin
from guanxi.people.day_one import make_roles
from guanxi.people.models import Person, PersonRole, Role, User

USERNAME = "admin"
NAME = "系统管理员"


def ensure_first_account() -> tuple[str, str] | None:
    """Makes the first administrator where nobody can sign in yet.

    Returns user name and one-time password, which is kept nowhere else; None where users exist.
    """
    if User.objects.exists():
        return None
    make_roles()
    actor = system_actor("first account", surface="command")
    with transaction.atomic():
        person = Person(name=NAME)
        with change(actor, person) as edit:
            administrator = Role.rows(actor).get(code="administrator")
            edit.set_parts("roles", [PersonRole(role=administrator)])
        password = give_signin(actor, person, username=USERNAME)
    return USERNAME, password
