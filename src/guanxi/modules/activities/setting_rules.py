"""What may happen to a plan setting: switched on and off, its plans made by hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.jobs.queue import enqueue
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.derived import put_derived
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.rule import rule
from guanxi.kernel.terms import default_term
from guanxi.modules.activities.plan_making import JOB, count_missing, round_by_hand
from guanxi.modules.activities.plan_models import Performer, PlanSetting, PlanType
from guanxi.modules.activities.plan_rounds import next_round, shortest_step

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit


def start_setting(actor: Actor, setting: PlanSetting) -> dict[str, Any]:
    return {
        "type_id": setting.type_id or default_term(actor, PlanType),
        "starts_on": setting.starts_on or timezone.localdate(),
    }


def check_setting(actor: Actor, edit: "Edit") -> None:
    setting: Any = edit.record
    errors = {}
    if setting.performer == Performer.PERSON and setting.person_id is None:
        errors["person"] = [_("Choose who carries the plans out.")]
    if setting.ends_on is not None and setting.ends_on < setting.starts_on:
        errors["ends_on"] = [_("It can't end before its first round.")]
    step = shortest_step(setting)
    if step and setting.remind_days >= step:
        said = _("The reminder must come after the round before: at most %(days)s days ahead.")
        errors["remind_days"] = [said % {"days": step - 1}]
    if errors:
        raise Invalid(errors)


@rule(
    gettext_lazy("Put in force"),
    when="is_off",
    icon="player-play",
    done=gettext_lazy("Switched on: plans arise by themselves now."),
    in_list=True,
)
def enable_setting(actor: Actor, setting: PlanSetting) -> None:
    """Rounds before today do not count; what is due already arises at once."""
    if setting.enabled:
        raise Refused(_("This is switched on."))
    if next_round(setting, timezone.localdate()) is None:
        raise Refused(_("No round lies ahead any more. Change the days first."))
    count_missing(setting, setting.starts_on)
    with change(actor, setting, event="activities.plansetting.enabled"):
        setting.enabled, setting.since = True, timezone.localdate()
    enqueue(JOB, {"setting": setting.pk}, person_id=None, surface="job")


@rule(
    gettext_lazy("Take out of force"),
    when="is_on",
    icon="player-stop",
    done=gettext_lazy("Switched off: no further plans arise."),
    in_list=True,
    opens=True,
)
def disable_setting(actor: Actor, setting: PlanSetting) -> None:
    if not setting.enabled:
        raise Refused(_("This is switched off."))
    with change(actor, setting, event="activities.plansetting.disabled", opens=True):
        setting.enabled = False


def say_what_is_made(actor: Actor, setting: PlanSetting) -> str:
    """How many plans for which day, or why none can be made."""
    try:
        day = round_by_hand(setting)
        count = count_missing(setting, day)
    except Refused as refused:
        return refused.message
    return ngettext(
        "%(count)s plan will be made for the round of %(day)s.",
        "%(count)s plans will be made for the round of %(day)s.",
        count,
    ) % {"count": f"{count:,}", "day": kinds.DateKind().show(day)}


@rule(
    gettext_lazy("Make plans now"),
    when="is_on",
    icon="calendar-plus",
    done=gettext_lazy("The plans are being made and will stand in the list in a moment."),
    opens=True,
    says=say_what_is_made,
)
def make_setting(actor: Actor, setting: PlanSetting) -> None:
    """The plans of the round that is next, without waiting for its day."""
    if not setting.enabled:
        raise Refused(_("Switch it on first."))
    day = round_by_hand(setting)
    count_missing(setting, day)
    arguments = {"setting": setting.pk, "day": day.isoformat()}
    enqueue(JOB, arguments, person_id=actor.person_id, surface=actor.surface)


def follow_setting(actor: Actor, edits: Sequence[Any]) -> None:
    """The day of the next round, as long as it is switched on."""
    today = timezone.localdate()
    values = {}
    for edit in edits:
        setting = edit.record
        runs = edit.verb != "delete" and setting.enabled and not setting.is_void
        if edit.verb != "delete":
            values[setting.pk] = {"next_on": next_round(setting, today) if runs else None}
    put_derived(registry.spec(PlanSetting), values)
