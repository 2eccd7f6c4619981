"""What the start page says about contacts: whose birthday comes."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import birthdays
from guanxi.kernel.actor import Actor
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.present import address, for_present, present
from guanxi.kernel.query import compile_q, read
from guanxi.modules.contacts.models import Contact
from guanxi.modules.contacts.specs import CONTACT

SHOWN = 6
DAYS = 7
#: Of more than these nobody could congratulate all; the list shows them.
LOOKED_AT = 200


def home(actor: Actor) -> list[dict[str, Any]]:
    if not actor.may(CONTACT.key, "view") or not is_open(actor, column(CONTACT, "birthday")):
        return []
    tree = read(CONTACT, ["birthday", "coming", DAYS], actor=actor)
    today = timezone.localdate()
    coming = []
    born = Contact.rows(actor).live().filter(compile_q(tree)).order_by("pk")
    for contact in for_present(born, CONTACT, ("birthday",))[:LOOKED_AT]:
        found = birthdays.read_birthday(contact.birthday)
        coming.append((birthdays.next_birthday(found, today), contact.pk, contact, found))
    coming.sort(key=lambda item: item[:2])
    shown = coming[:SHOWN]
    rows = present(actor, CONTACT, [item[2] for item in shown], ("companies.customer",))
    items = [
        {
            "title": row.title,
            "url": address(CONTACT, row.id),
            "note": row.values[0].text,
            "end": _when(found, (day - today).days),
        }
        for row, (day, _pk, _contact, found) in zip(rows, shown, strict=True)
    ]
    return [
        {
            "label": _("Birthdays this week"),
            "icon": "gift",
            "items": items,
            "url": f"/contacts/?birthday={DAYS}",
            "none": _("No contact has a birthday in the next seven days."),
        }
    ]


def _when(found: birthdays.Birthday, days: int) -> str:
    text = birthdays.say_ahead(days)
    return f"{birthdays.show_birthday(found)} · {text}" if found.lunar else text
