"""Possible duplicates of a record a program makes: it is told, and says whether it means another."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guanxi.api.problems import Problem
from guanxi.kernel.actor import Actor
from guanxi.kernel.alike import Alike, look_alikes, say_alike
from guanxi.kernel.present import title_for
from guanxi.kernel.spec import Spec

CODE = "possible_duplicates"


def refuse_alike(actor: Actor, spec: Spec, raw: Mapping[str, Any]) -> None:
    """Raises Problem 409 with the rows that look the same; one out of sight is not named."""
    found = [_entry(actor, spec, one) for one in look_alikes(actor, spec, raw)]
    if found:
        sentence = _("This looks like one that is here. If it is another: ?not_alike=1")
        raise Problem(409, CODE, sentence, more={"alike": found})


def _entry(actor: Actor, spec: Spec, alike: Alike) -> dict[str, Any]:
    seen = alike.record
    return {
        "id": seen.pk if seen is not None else None,
        "title": title_for(actor, seen) if seen is not None else None,
        "why": say_alike(spec, alike.rules),
    }
