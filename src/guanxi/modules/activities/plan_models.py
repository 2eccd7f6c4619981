"""What is to be done for customers: plans, and the settings from which they arise in rounds."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields, kinds
from guanxi.kernel.record import Dictionary, Record

#: Days a reminder may come before the day itself.
MOST_LEAD = 365


class PlanType(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("plan type")
        verbose_name_plural = _("plan types")


class PlanState(models.TextChoices):
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class Cycle(models.TextChoices):
    ONCE = "once", _("once")
    DAYS = "days", _("by the day")
    WEEKS = "weeks", _("by the week")
    MONTHS = "months", _("by the month")


class Performer(models.TextChoices):
    OWNER = "owner", _("the owner of the customer")
    PERSON = "person", _("one person")


TEMPLATE = kinds.TextKind(max=100)
TEMPLATE.hint = _("{customer} stands for the name of the customer.")


class PlanSetting(Record):
    """For whom plans arise, how often, and who carries them out.

    They are made with the rights of `owner`. `since`: the day it was switched on, before which no
    round counts. `made_through`: the latest round that was gone through to its end.
    """

    name = fields.Text(_("setting name"), max=50, by_pinyin=True)
    type = fields.Link("activities.PlanType", _("plan type"), lookup="settings")
    what = fields.Text(_("what to do"), max=100, kind=TEMPLATE)
    cycle = fields.Choice(_("cycle"), choices=Cycle, default=Cycle.MONTHS)
    every = fields.Integer(_("every how many"), min=1, max=999, default=1)
    starts_on = fields.Date(_("first round on"))
    ends_on = fields.Date(_("ends on"), optional=True)
    remind_days = fields.Integer(_("remind days ahead"), max=MOST_LEAD, default=3)
    whom = fields.Conditions(_("which customers"), of="customers.customer")
    performer = fields.Choice(_("carried out by"), choices=Performer, default=Performer.OWNER)
    person = fields.Person(_("this person"), lookup="plan_settings")
    enabled = fields.Boolean(_("switch"))
    owner = fields.Person(_("responsible"), lookup="own_plan_settings")
    remark = fields.LongText(_("remark"), max=500)
    since = fields.Date(_("switched on since"), optional=True)
    made_through = fields.Date(_("made through"), optional=True)
    next_on = fields.Date(_("next round on"), optional=True)
    trouble = fields.Text(_("trouble"), max=200, optional=True)

    class Meta(Record.Meta):
        verbose_name = _("plan setting")
        verbose_name_plural = _("plan settings")
        constraints = (models.UniqueConstraint(fields=("book", "name"), name="plan_setting_name"),)

    @property
    def is_on(self) -> bool:
        return self.enabled

    @property
    def is_off(self) -> bool:
        return not self.enabled


class Plan(Record):
    """Something to be done for a customer on a day. `owner` carries it out.

    `reason`: why it was moved or cancelled. `setting` and `round_on`: what it arose from, once for
    each customer.
    """

    title = fields.Text(_("what to do"), max=160)
    customer = fields.Link("customers.Customer", _("customer"), lookup="plans")
    contact = fields.Link("contacts.Contact", _("contact"), lookup="plans", optional=True)
    opportunity = fields.Link("sales.Opportunity", _("opportunity"), lookup="plans", optional=True)
    type = fields.Link("activities.PlanType", _("plan type"), lookup="plans")
    due_on = fields.Date(_("planned day"))
    due_time = fields.Text(_("time of day"), max=5, optional=True, kind=kinds.ClockKind())
    remind_days = fields.Integer(_("remind days ahead"), max=MOST_LEAD, default=1)
    remind_on = fields.Date(_("remind from"), optional=True)
    owner = fields.Person(_("carried out by"), lookup="plans")
    state = fields.Choice(_("plan state"), choices=PlanState, default=PlanState.PLANNED)
    done_on = fields.Date(_("done on"), optional=True)
    result = fields.LongText(_("result"), max=2000)
    reason = fields.Text(_("reason of moving or cancelling"), max=200, optional=True)
    setting = fields.Link(
        "activities.PlanSetting", _("plan setting"), lookup="plans", optional=True
    )
    round_on = fields.Date(_("round of"), optional=True)
    remark = fields.LongText(_("remark"), max=500)

    class Meta(Record.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes = (
            models.Index(fields=("book", "-state", "due_on", "id"), name="plan_by_day"),
            models.Index(fields=("owner", "-state", "due_on", "id"), name="plan_of_owner"),
            models.Index(fields=("customer", "-state", "due_on", "id"), name="plan_of_customer"),
            models.Index(fields=("owner", "state", "remind_on"), name="plan_to_remind"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("book", "setting", "customer", "round_on"), name="plan_once_a_round"
            ),
        )

    def derive(self) -> None:
        if self.due_on is not None and self.remind_days is not None:
            self.remind_on = self.due_on - timedelta(days=self.remind_days)

    @property
    def is_open(self) -> bool:
        return self.state == PlanState.PLANNED

    @property
    def is_closed(self) -> bool:
        return self.state != PlanState.PLANNED
