"""Whose account over there is whose here: found, connected, taken apart. Nobody is made by it."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.errors import Missing, Refused
from guanxi.kernel.journal import note_beside
from guanxi.kernel.phones import read_phone
from guanxi.kernel.spec import Spec
from guanxi.people.models import Person, User
from guanxi.people.rights import actor_of
from guanxi.people.signin import client_address, person_of_user
from guanxi.signon.asking import Identity
from guanxi.signon.models import Account, Happening, Policy, Provider
from guanxi.signon.words import Failed

How = Account.How
What = Happening.What


def offered(book: int = 1) -> list[Provider]:
    """What stands on the sign-in page."""
    return list(Provider.objects.filter(book=book, active=True))


def accounts_of(person_id: int | None) -> list[Account]:
    found = Account.objects.filter(person_id=person_id).select_related("provider")
    return list(found.order_by("provider_id"))


def person_behind(request: HttpRequest, provider: Provider, identity: Identity) -> Person:
    """Who this is here, with the user; raises Failed. An account nobody has connected is taken for a person only
    where the administrator allowed it for this house."""
    account = Account.objects.filter(provider=provider, uid=identity.uid).first()
    if account is None:
        account = _recognise(request, provider, identity)
    person = Person.rows(_system(provider)).filter(pk=account.person_id).first()
    owner = person_of_user(person.user_id) if person and person.user_id else None
    if owner is None:
        raise Failed("closed", account=identity.name)
    Account.objects.filter(pk=account.pk).update(used_at=timezone.now(), name=identity.name[:100])
    return owner


def _system(provider: Provider) -> Actor:
    return system_actor(str(provider), surface="page", book=provider.book)


def _recognise(request: HttpRequest, provider: Provider, identity: Identity) -> Account:
    for how, people in _alike(provider, identity):
        found = list(people[:2])
        if len(found) != 1:
            continue
        if Account.objects.filter(provider=provider, person=found[0]).exists():
            # This person's account is another one: the same address is no proof any more.
            break
        return _keep(request, _system(provider), found[0], provider, identity, how)
    raise Failed("unknown", account=identity.name)


def _alike(provider: Provider, identity: Identity) -> list[tuple[str, QuerySet[Person]]]:
    """Who may sign in here and has what the house vouches for."""
    people = Person.rows(_system(provider)).filter(
        voided_at__isnull=True, signs_in=True, user__is_active=True
    )
    found = []
    if provider.by_number and identity.number:
        found.append((How.NUMBER.value, people.filter(number__iexact=identity.number)))
    if provider.by_email and identity.email:
        found.append((How.EMAIL.value, people.filter(email__iexact=identity.email)))
    phone = read_phone(identity.mobile).e164 if provider.by_mobile and identity.mobile else ""
    if phone:
        found.append((How.MOBILE.value, people.filter(mobile_e164=phone)))
    return found


def connect(
    request: HttpRequest, actor: Actor, person: Person, provider: Provider, identity: Identity
) -> Account:
    """By the person in question, who has signed in and said yes; raises Failed."""
    check_free(person, provider, identity)
    return _keep(request, actor, person, provider, identity, How.SELF.value)


def check_free(person: Person, provider: Provider, identity: Identity) -> None:
    """Raises Failed where the account is somebody's, or the person has one of this house."""
    taken = Account.objects.filter(provider=provider)
    if taken.filter(uid=identity.uid).exclude(person=person).exists():
        raise Failed("taken", account=identity.name)
    if taken.filter(person=person).exists():
        raise Failed("has_one", account=identity.name)


def _keep(
    request: HttpRequest,
    actor: Actor,
    person: Person,
    provider: Provider,
    identity: Identity,
    how: str,
) -> Account:
    now = timezone.now()
    try:
        with transaction.atomic():
            account = Account.objects.create(
                provider=provider,
                person=person,
                uid=identity.uid,
                name=identity.name[:100],
                how=how,
                connected_at=now,
            )
            _journal(actor, person, "connect", [None, _told(account)])
            note(
                request,
                What.CONNECTED,
                provider=provider,
                person=person,
                by=actor,
                account=account.name,
                detail=how,
            )
    except IntegrityError:
        raise Failed("taken", account=identity.name) from None
    return account


def disconnect(request: HttpRequest, actor: Actor, person: Person, account_id: int) -> Account:
    """By the person, or by who administers roles; raises Missing, Refused."""
    account = (
        Account.objects.filter(pk=account_id, person=person).select_related("provider").first()
    )
    if account is None:
        raise Missing
    is_own = actor.person_id == person.pk
    if is_own and not own_passwords(actor.book) and not actor.may("people.role", "edit"):
        raise Refused(
            _("Here one signs in with this account alone. An administrator can disconnect it.")
        )
    with transaction.atomic():
        _journal(actor, person, "disconnect", [_told(account), None])
        note(
            request,
            What.DISCONNECTED,
            provider=account.provider,
            person=person,
            by=actor,
            account=account.name,
        )
        account.delete()
    return account


def _told(account: Account) -> dict[str, str]:
    return {"house": account.provider.name, "name": account.name, "how": account.how}


def _journal(actor: Actor, person: Person, verb: str, pair: list[dict[str, str] | None]) -> None:
    note_beside(actor, registry.spec("people.person"), person, verb, {"account": pair})


def own_passwords(book: int) -> bool:
    """Whether who has connected an account may still sign in with a password."""
    found = Policy.objects.filter(book=book).values_list("own_passwords", flat=True).first()
    return found is not False


def refuses_password(user: User) -> str:
    """Why this person may not sign in with a password, "" where they may.

    Whoever administers roles always may, and whoever has no other way: nobody is locked out.
    """
    person = person_of_user(user.pk)
    if person is None or own_passwords(person.book):
        return ""
    working = Account.objects.filter(person=person, provider__active=True)
    account = working.select_related("provider").first()
    if account is None or administers(person):
        return ""
    return _("Here you sign in with “%(house)s”, not with a password.") % {
        "house": account.provider.name
    }


def administers(person: Person) -> bool:
    return actor_of(person).may("people.role", "edit")


def note(
    request: HttpRequest,
    what: str,
    *,
    provider: Provider | None = None,
    person: Person | None = None,
    by: Actor | None = None,
    account: str = "",
    why: str = "",
    detail: str = "",
) -> None:
    """One line of the log that administrators read."""
    Happening.objects.create(
        book=provider.book if provider else (by.book if by else 1),
        at=timezone.now(),
        what=what,
        provider=provider.name if provider else "",
        person_id=person.pk if person else None,
        person=person.name[:100] if person else "",
        by=by.name[:100] if by else "",
        account=account[:100],
        why=why,
        detail=detail[:300],
        address=client_address(request)[:45],
    )


def forget_accounts(spec: Spec, ids: Sequence[int]) -> None:
    """Accounts of a deleted person go with the row."""
    if spec.key == "people.person":
        Account.objects.filter(person_id__in=ids).delete()
