import argparse

from django.conf import settings
from django.utils import timezone, translation

from guanxi.cli.terminal import complain, say
from guanxi.kernel.errors import Invalid, Missing, Refused, Wrong
from guanxi.people import tokens
from guanxi.people.finding import find_person
from guanxi.people.models import ApiToken, TokenScope

DAYS = 90


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="make a token; it stands alone on the last line")
    create.add_argument("person", help="name, staff number, user name or id")
    create.add_argument("--scope", choices=TokenScope.values, default=TokenScope.READ.value)
    create.add_argument("--days", type=int, default=DAYS, help=f"how long it works ({DAYS})")
    create.add_argument("--name", default="command line", help="what it is for")
    listing = acts.add_parser("list", help="every token, or those of one person")
    listing.add_argument("person", nargs="?", default="")
    revoke = acts.add_parser("revoke", help="end a token")
    revoke.add_argument("token", help="its number or its first letters, as `list` shows them")


def run(options: argparse.Namespace) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        try:
            ACTS[options.act](options)
        except Invalid as invalid:
            for texts in invalid.errors.values():
                complain(" ".join(texts))
            return 1
        except (Refused, Wrong) as fault:
            complain(fault.message)
            return 1
        except Missing:
            complain("no such token. 没有这个令牌。")
            return 1
    return 0


def _create(options: argparse.Namespace) -> None:
    person = find_person(options.person)
    made, text = tokens.make_token(
        person, name=options.name, scope=options.scope, days=options.days
    )
    say(f"{person.name}: {made.get_scope_display()}, 到期 expires {_day(made.expires_at)}")
    say("The token is shown only this once. 令牌只显示这一次。")
    say(text)


def _list(options: argparse.Namespace) -> None:
    found = tokens.tokens_of(find_person(options.person)) if options.person else None
    for token in tokens.every_token() if found is None else found:
        say(_line(token))


def _line(token: ApiToken) -> str:
    used = _day(token.last_used_at) if token.last_used_at else "-"
    facts = [str(token.pk), token.prefix, token.person.name, token.scope, tokens.state_of(token)]
    return "  ".join(
        [*facts, f"到期 expires {_day(token.expires_at)}", f"用过 used {used}", token.name]
    )


def _revoke(options: argparse.Namespace) -> None:
    token = tokens.revoke_token(None, tokens.token_by_prefix(options.token).pk)
    say(_line(token))


def _day(instant: object) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]


ACTS = {"create": _create, "list": _list, "revoke": _revoke}
