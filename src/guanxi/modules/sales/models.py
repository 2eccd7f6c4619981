"""Opportunities on their way through a pipeline."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields
from guanxi.kernel.record import Dictionary, Record


class Pipeline(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")


class StageKind(models.TextChoices):
    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    VOID = "void", _("void")


class Stage(Record):
    name = fields.Text(_("stage name"), max=50, by_pinyin=True)
    name_en = fields.Text(_("English name"), max=80, optional=True)
    code = fields.Text(_("code"), max=40, optional=True)
    pipeline = fields.Link("sales.Pipeline", _("pipeline"), lookup="stages")
    kind = fields.Choice(_("kind"), choices=StageKind, default=StageKind.OPEN)
    win_rate = fields.Percent(_("win rate"), default=0)
    expected_days = fields.Integer(_("expected days"), optional=True, max=3650)
    remark = fields.LongText(_("remark"))
    position = fields.Position()

    class Meta(Record.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "pipeline", "name"), name="stage_name"),
        )


class OpportunityType(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("opportunity type")
        verbose_name_plural = _("opportunity types")


class CompetitivePosition(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("competitive position")
        verbose_name_plural = _("competitive positions")


class CloseReason(Dictionary):
    """Why an opportunity was won, lost or given up; `needs_note` asks for words of one's own."""

    outcome = fields.Choice(
        _("outcome"),
        choices={"won": _("won"), "lost": _("lost"), "void": _("void")},
        default="lost",
    )
    needs_note = fields.Boolean(_("asks for a note"))

    class Meta(Dictionary.Meta):
        verbose_name = _("closing reason")
        verbose_name_plural = _("closing reasons")
        constraints = (
            models.UniqueConstraint(fields=("book", "outcome", "name"), name="close_reason_name"),
        )


class Opportunity(Record):
    title = fields.Text(_("title"), max=200, by_pinyin=True)
    number = fields.Text(_("opportunity number"), max=40, optional=True)
    customer = fields.Link(
        "customers.Customer", _("customer"), lookup="opportunities", optional=True
    )
    product = fields.Link("catalog.Product", _("product"), lookup="opportunities", optional=True)
    type = fields.Link("sales.OpportunityType", _("type"), lookup="opportunities", optional=True)
    competitive_position = fields.Link(
        "sales.CompetitivePosition",
        _("competitive position"),
        lookup="opportunities",
        optional=True,
    )
    pipeline = fields.Link("sales.Pipeline", _("pipeline"), lookup="opportunities")
    stage = fields.Link("sales.Stage", _("stage"), lookup="opportunities", db_index=False)
    amount = fields.Money(_("amount"))
    opened_on = fields.Date(_("opened on"), optional=True)
    close_on = fields.Date(_("expected close"), optional=True)
    closed_on = fields.Date(_("closed on"), optional=True)
    close_reason = fields.Link(
        "sales.CloseReason", _("closing reason"), lookup="opportunities", optional=True
    )
    close_note = fields.Text(_("closing note"), max=200, optional=True)
    next_step = fields.Text(_("next step"), max=200, optional=True)
    owner = fields.Person(_("owner"), lookup="opportunities", db_index=False)
    remark = fields.LongText(_("remarks"), max=2000)

    class Meta(Record.Meta):
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = (
            models.Index(fields=("book", "-updated_at", "-id"), name="opportunity_newest"),
            models.Index(fields=("owner", "-updated_at", "-id"), name="opportunity_of_owner"),
            models.Index(fields=("stage", "-updated_at", "-id"), name="opportunity_of_stage"),
            models.Index(
                fields=("book", "closed_on"),
                condition=models.Q(closed_on__isnull=False),
                name="opportunity_closed",
            ),
            models.Index(
                fields=("book", "close_on", "id", "owner"),
                condition=models.Q(voided_at__isnull=True),
                name="opportunity_due",
            ),
            # Sums of the start page without a look at the rows; the currency, by which they are
            # grouped, comes first.
            models.Index(
                fields=("book", "amount_currency", "stage", "close_on", "amount", "owner", "id"),
                condition=models.Q(voided_at__isnull=True),
                name="opportunity_sums",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("book", "number"), condition=~models.Q(number=""), name="opportunity_number"
            ),
        )

    @property
    def is_open(self) -> bool:
        return self.stage.kind == StageKind.OPEN

    @property
    def is_closed(self) -> bool:
        return not self.is_open
