import argparse
import getpass
import sys

from django.conf import settings
from django.utils import translation

from guanxi.cli.terminal import complain, say
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.people import accounts
from guanxi.people.finding import find_person
from guanxi.people.models import Person, PersonRole, Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="give a sign-in to a person, new or known")
    create.add_argument("name", help="the person's name, staff number or id")
    create.add_argument("--username", default="", help="otherwise from the pinyin of the name")
    create.add_argument("--role", action="append", default=[], help="code or name, several times")
    password = acts.add_parser("password", help="set a one-time password")
    password.add_argument("name")
    password.add_argument(
        "--ask", action="store_true", help="type it instead of having one made; from a pipe as well"
    )
    acts.add_parser("list", help="everybody with a sign-in")
    acts.add_parser(
        "unlock", help="take away the second step of a sign-in, for a lost phone"
    ).add_argument("name")
    for act, text in (("disable", "close a sign-in"), ("enable", "open it again")):
        acts.add_parser(act, help=text).add_argument("name")


def run(options: argparse.Namespace) -> int:
    actor = system_actor("command line", surface="command")
    with translation.override(settings.LANGUAGE_CODE):
        try:
            ACTS[options.act](actor, options)
        except Invalid as invalid:
            for texts in invalid.errors.values():
                complain(" ".join(texts))
            return 1
        except (Refused, Wrong) as fault:
            complain(fault.message)
            return 1
    return 0


def _create(actor: Actor, options: argparse.Namespace) -> None:
    roles = [_role(actor, name) for name in options.role]
    try:
        person = find_person(options.name)
    except Wrong:
        if Person.rows(actor).filter(name=options.name).exists():
            raise
        person = Person(name=options.name)
    username = options.username or accounts.propose_username(person.name)
    with change(actor, person) as edit:
        if roles:
            edit.set_parts("roles", [PersonRole(role=role) for role in roles])
    password = accounts.give_signin(actor, person, username=username)
    say(f"{person.name}: {username} / {password}")


def _role(actor: Actor, name: str) -> Role:
    roles = Role.rows(actor).live()
    found = roles.filter(code=name).first() or roles.filter(name=name).first()
    if found is None:
        known = ", ".join(roles.values_list("code", flat=True))
        raise Wrong(f"no such role: {name}. 没有这个角色。 {known}")
    return found


def _password(actor: Actor, options: argparse.Namespace) -> None:
    person = find_person(options.name)
    typed = _typed() if options.ask else ""
    if typed:
        accounts.check_password_rules(typed, accounts.signin_of(person))
    password = accounts.reset_password(actor, person, password=typed)
    say(person.name if typed else f"{person.name}: {password}")


def _typed() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password 密码: ")
    return sys.stdin.readline().rstrip("\n")


def _list(actor: Actor, _options: argparse.Namespace) -> None:
    for person, user in accounts.people_who_sign_in(actor):
        state = "" if person.signs_in and not person.is_void else "closed 已停用"
        say("  ".join(filter(None, (user.username, person.name, state))))


def _unlock(actor: Actor, options: argparse.Namespace) -> None:
    person = find_person(options.name)
    accounts.reset_factor(actor, person)
    say(f"{person.name}: signs in with the password alone. 已解除两步验证，凭密码即可登录。")


def _disable(actor: Actor, options: argparse.Namespace) -> None:
    accounts.close_signin(actor, find_person(options.name))


def _enable(actor: Actor, options: argparse.Namespace) -> None:
    accounts.open_signin(actor, find_person(options.name))


ACTS = {
    "create": _create,
    "password": _password,
    "list": _list,
    "unlock": _unlock,
    "disable": _disable,
    "enable": _enable,
}
