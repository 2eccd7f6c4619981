"""A forgotten password: a link by mail, good once and for an hour.

The answer is the same whoever was named and takes as long: who exists is looked up by a job.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from guanxi.jobs.queue import enqueue
from guanxi.notices.letters import as_read_by
from guanxi.notices.mail import mail_server, site
from guanxi.notices.outgoing import queue_message
from guanxi.people.accounts import check_password_rules
from guanxi.people.models import User
from guanxi.people.signin import LONGEST_NAME, person_of_user, user_by_any_name
from guanxi.people.tokens import revoke_tokens

FORGOTTEN = "notices.forgotten"


def is_offered() -> bool:
    """Only where a mail can go out and say where to come back to."""
    return mail_server() is not None and bool(site())


def ask_for_link(text: str) -> None:
    enqueue(FORGOTTEN, {"text": text.strip()[:LONGEST_NAME]}, person_id=None)


def send_link(text: str) -> None:
    """The mail, where exactly one person who may sign in and has an address is meant."""
    user = user_by_any_name(text)
    person = person_of_user(user.pk) if user is not None else None
    if person is None or person.user is None or not person.email or not is_offered():
        return
    code = urlsafe_base64_encode(str(person.user.pk).encode())
    url = f"{site()}/forgotten/{code}/{default_token_generator.make_token(person.user)}/"
    with as_read_by(person):
        context = {"name": person.name, "username": person.user.username, "url": url}
        content = {
            "text": render_to_string("notices/forgotten_mail.txt", context).strip() + "\n",
            "html": render_to_string("notices/forgotten_mail.html", context),
        }
        subject = _("A new password for Guanxi")
        queue_message(
            to=person.email,
            subject=subject,
            content=content,
            person_id=person.pk,
            kind=FORGOTTEN,
            secret=True,
        )


def user_of_link(code: str, token: str) -> User | None:
    """Whom a link belongs to, None once it has been used or its hour is over."""
    try:
        user_id = int(urlsafe_base64_decode(code).decode())
    except (ValueError, UnicodeError):
        return None
    person = person_of_user(user_id) if 0 < user_id < 2**63 else None
    user: Any = person.user if person is not None else None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def choose(user: User, password: str) -> None:
    """Raises Invalid where the password is too weak. Every session and token of this person ends:
    a stranger who was in may have made some. The second step is asked for as before."""
    check_password_rules(password, user)
    with transaction.atomic():
        get_adapter().set_password(user, password)
        revoke_tokens(user)
