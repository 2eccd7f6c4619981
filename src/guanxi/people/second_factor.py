"""The second step of signing in: a code from an app on the phone, or a recovery code.

Set up by everybody for themselves, asked for by the settings of the account set (`Security`),
taken away by an administrator where a phone is lost.
"""

import hashlib
import secrets
from functools import lru_cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.outbox import publish
from guanxi.kernel.sealing import Sealed, seal
from guanxi.kernel.text import fold
from guanxi.people import totp
from guanxi.people.models import Person, RecoveryCode, SecondFactor, Security, User
from guanxi.people.organisation import NO_STAMP, stamp
from guanxi.people.passwords import SIGNS
from guanxi.people.rights import roles_of

CODES, GROUPS, GROUP_LENGTH = 10, 4, 4
RESET, RECOVERED = "people.person.second_factor_reset", "people.person.recovery_code_used"
Asked = Security.Asked
#: What a session keeps once the second step was taken in it.
PASSED = "second_factor"


def is_asked(user: User, row: Security) -> bool:
    """Whether this sign-in takes a second step."""
    return user.has_second_factor and row.second_factor != Asked.OFF


def must_set_up(user: User, person_id: int, row: Security) -> bool:
    """Whether the settings want a second step that this person has not set up yet."""
    return not user.has_second_factor and is_required(person_id, row)


def is_required(person_id: int, row: Security) -> bool:
    if row.second_factor == Asked.ROLES:
        return not _roles(person_id).isdisjoint(row.second_factor_roles)
    return row.second_factor == Asked.ALL


def _roles(person_id: int) -> frozenset[int]:
    at = stamp()
    return (_known_roles.__wrapped__ if at == NO_STAMP else _known_roles)(person_id, at)


@lru_cache(maxsize=4096)
def _known_roles(person_id: int, _stamp: int) -> frozenset[int]:
    return frozenset(roles_of(person_id))


def factor_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


def set_up(actor: Actor, person: Person, user: User, *, secret: str, code: str) -> list[str]:
    """Keeps what the app was given, once it shows the right code; returns the recovery codes.

    `actor` is the person with the right to edit this one row (`accounts.myself`).
    Raises Invalid for a wrong code, Refused where there is one already.
    """
    step = totp.step_of(secret, digits(code))
    if step is None:
        raise Invalid({"code": [wrong_code()]})
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if factor_of(locked) is not None:
            raise Refused(_("Two-step sign-in is set up already."))
        now = timezone.now()
        made = SecondFactor.objects.create(
            user=locked, secret=seal(secret), last_step=step, made_at=now
        )
        _flag(locked, True)
        with change(actor, person, event="people.person.second_factor_set_up"):
            person.second_factor_at = now
        user.has_second_factor = True
        return _fresh_codes(made)


def new_codes(user: User) -> list[str]:
    """Ten recovery codes in place of those there are. Raises Refused without a second factor."""
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(user=user).first()
        if found is None:
            raise Refused(_("Two-step sign-in is not set up."))
        return _fresh_codes(found)


def _fresh_codes(factor: SecondFactor) -> list[str]:
    texts = [_recovery_code() for _number in range(CODES)]
    RecoveryCode.objects.filter(factor=factor).delete()
    rows = [RecoveryCode(factor=factor, digest=_digest(text)) for text in texts]
    RecoveryCode.objects.bulk_create(rows)
    return texts


def _recovery_code() -> str:
    """Such as k7mp-x3vd-9qrt-h2nc: 79 bits of chance."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(code: str) -> str:
    """However it was typed. Too much chance to be guessed from a plain digest, which needs no key:
    a recovery code opens where the key of sealed fields is lost, too."""
    return hashlib.sha256(_bare(code).encode()).hexdigest()


def _bare(text: str) -> str:
    return "".join(sign for sign in fold(text)[:100] if sign.isalnum())


def digits(text: str) -> str:
    """The code as typed: with a blank in the middle, in full-width digits."""
    return _bare(text)


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def use_code(user: User, text: str) -> None:
    """Takes a code of the app; each is taken once, in whichever process. Raises Invalid."""
    factor = factor_of(user)
    secret = _secret(factor) if factor is not None else ""
    step = totp.step_of(secret, digits(text)) if secret else None
    if factor is None or step is None:
        raise Invalid({"code": [wrong_code()]})
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    if not unused.update(last_step=step, used_at=timezone.now()):
        raise Invalid({"code": [_("This code has been used already. Wait for the next one.")]})


def _secret(factor: SecondFactor) -> str:
    """Raises Invalid where no key of this installation opens it."""
    try:
        return Sealed(factor.secret).open()
    except Wrong:
        sentence = _("The codes of the app can't be checked any more. Use a recovery code.")
        raise Invalid({"code": [sentence]}) from None


def use_recovery_code(user: User, text: str) -> int:
    """Takes a recovery code for good and tells the person; returns how many are left. Raises
    Invalid."""
    with transaction.atomic():
        found = RecoveryCode.objects.filter(factor__user=user, digest=_digest(text), used_at=None)
        if not found.update(used_at=timezone.now()):
            raise Invalid({"code": [_("This is no recovery code of yours, or it has been used.")]})
        person = Person.rows(system_actor("recovery codes")).get(user=user)
        publish(RECOVERED, "people.person", person.pk, person_id=None, diff={})
    return codes_left(user)


def remove(actor: Actor, person: Person, user: User, *, event: str = "") -> None:
    """No second step any more. Raises Refused where there is none."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not SecondFactor.objects.filter(user=locked).delete()[0]:
            raise Refused(_("Two-step sign-in is not set up."))
        _flag(locked, False)
        with change(actor, person, event=event or "people.person.second_factor_removed"):
            person.second_factor_at = None
        user.has_second_factor = False


def _flag(user: User, is_set_up: bool) -> None:
    user.has_second_factor = is_set_up
    user.save(update_fields=("has_second_factor",))


def wrong_code() -> str:
    return _("The code is wrong. Is the clock of the phone right?")
