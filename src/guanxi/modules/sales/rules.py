"""What may happen to an opportunity. A stage is no plain field: reaching 赢单 is
`win_opportunity`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.actor import Actor
from guanxi.kernel.change import change
from guanxi.kernel.errors import Invalid, Refused, Wrong
from guanxi.kernel.kinds import midnight
from guanxi.kernel.rule import rule
from guanxi.kernel.terms import default_term, remember
from guanxi.kernel.titles import known_title
from guanxi.modules.sales.models import CloseReason, Opportunity, Pipeline, Stage, StageKind

if TYPE_CHECKING:
    from guanxi.kernel.change import Edit

MAX_TITLE = 200


def start_opportunity(actor: Actor, opportunity: Opportunity) -> dict[str, Any]:
    """What a new opportunity begins with: default pipeline, its first stage, today."""
    pipeline = opportunity.pipeline_id or default_term(actor, Pipeline)
    return {
        "pipeline_id": pipeline,
        "stage_id": opportunity.stage_id
        or remember((actor.book, "first stage", pipeline), lambda: _first_stage(actor, pipeline)),
        "opened_on": opportunity.opened_on or timezone.localdate(),
    }


def _first_stage(actor: Actor, pipeline: int | None) -> int | None:
    stages = Stage.rows(actor).live().filter(pipeline_id=pipeline, kind=StageKind.OPEN)
    return stages.order_by("position", "id").values_list("pk", flat=True).first()


def compose_title(actor: Actor, edit: "Edit") -> None:
    """A title nobody typed is made of customer and product."""
    opportunity = edit.record
    if opportunity.title:
        return
    customer, product = opportunity.customer, opportunity.product
    words = [known_title(actor, part) for part in (customer, product) if part is not None]
    opportunity.title = " ".join(filter(None, words))[:MAX_TITLE] or _("Opportunity")


def check_opportunity(actor: Actor, edit: "Edit") -> None:
    opportunity = edit.record
    # Of many that begin together the stage is fetched once.
    key = (actor.book, "stage", opportunity.stage_id)
    opportunity.stage = remember(key, lambda: opportunity.stage)
    if opportunity.stage.pipeline_id != opportunity.pipeline_id:
        raise Invalid({"stage": [_("This stage belongs to another pipeline.")]})
    if opportunity.is_open and opportunity.closed_on:
        said = _("Only a closed opportunity has this; choose a closing stage.")
        raise Invalid({"closed_on": [said]})
    if (
        opportunity.opened_on
        and opportunity.closed_on
        and opportunity.closed_on < opportunity.opened_on
    ):
        raise Invalid({"closed_on": [_("Closed before it was opened.")]})


@rule(
    gettext_lazy("Win"),
    asks="closed_on close_reason close_note",
    when="is_open",
    icon="trophy",
    done=gettext_lazy("Won."),
)
def win_opportunity(
    actor: Actor,
    opportunity: Opportunity,
    *,
    closed_on: date | None = None,
    close_reason: CloseReason | None = None,
    close_note: str = "",
    stage: Stage | None = None,
) -> None:
    """Reaches the winning stage of its pipeline; raises Refused unless it is open."""
    _close(
        actor,
        opportunity,
        kind=StageKind.WON,
        closed_on=closed_on,
        reason=close_reason,
        note=close_note,
        stage=stage,
        event="sales.opportunity.won",
    )


@rule(
    gettext_lazy("Lose"),
    asks="close_reason* closed_on close_note",
    when="is_open",
    icon="thumb-down",
    done=gettext_lazy("Marked as lost."),
)
def lose_opportunity(
    actor: Actor,
    opportunity: Opportunity,
    *,
    close_reason: CloseReason | None = None,
    closed_on: date | None = None,
    close_note: str = "",
    stage: Stage | None = None,
) -> None:
    """Reaches the losing stage; the reason is required."""
    if close_reason is None:
        raise Invalid({"close_reason": [_("Say why it was lost.")]})
    _close(
        actor,
        opportunity,
        kind=StageKind.LOST,
        closed_on=closed_on,
        reason=close_reason,
        note=close_note,
        stage=stage,
        event="sales.opportunity.lost",
    )


@rule(gettext_lazy("Reopen"), when="is_closed", icon="restore", done=gettext_lazy("Open again."))
def reopen_opportunity(
    actor: Actor, opportunity: Opportunity, *, stage: Stage | None = None
) -> None:
    """Back to an open stage (the first one unless said otherwise); date and reason are cleared."""
    target = stage.pk if stage else _first_stage(actor, opportunity.pipeline_id)
    if target is None:
        raise Refused(_("This pipeline has no open stage."))
    with change(actor, opportunity, event="sales.opportunity.reopened"):
        opportunity.stage_id = target
        opportunity.closed_on, opportunity.close_reason_id, opportunity.close_note = None, None, ""


def move_opportunity(
    actor: Actor,
    opportunity: Opportunity,
    *,
    stage: Stage | None,
    closed_on: date | None = None,
    close_reason: CloseReason | None = None,
    close_note: str = "",
) -> None:
    """To another stage, by board, form or import: closing stages win or lose, open ones move or
    reopen."""
    if stage is None:
        raise Wrong(_("Please fill this in."))
    closing: dict[str, Any] = {
        "closed_on": closed_on,
        "close_reason": close_reason,
        "close_note": close_note,
        "stage": stage,
    }
    if stage.kind == StageKind.WON:
        win_opportunity(actor, opportunity, **closing)
    elif stage.kind in (StageKind.LOST, StageKind.VOID):
        lose_opportunity(actor, opportunity, **closing)
    elif opportunity.is_closed:
        reopen_opportunity(actor, opportunity, stage=stage)
    else:
        with change(actor, opportunity, event="sales.opportunity.moved"):
            opportunity.stage = stage


def _close(
    actor: Actor,
    opportunity: Opportunity,
    *,
    kind: StageKind,
    closed_on: date | None,
    reason: CloseReason | None,
    note: str,
    stage: Stage | None,
    event: str,
) -> None:
    if opportunity.is_closed:
        raise Refused(_("Only an open opportunity can be closed."))
    target = stage or (
        Stage.rows(actor).live().filter(pipeline_id=opportunity.pipeline_id, kind=kind).first()
    )
    if target is None:
        raise Refused(_("This pipeline has no such stage."))
    if reason is not None:
        outcome = "won" if kind == StageKind.WON else target.kind
        if reason.outcome != outcome:
            raise Invalid({"close_reason": [_("This reason belongs to another outcome.")]})
        if reason.needs_note and not note:
            raise Invalid({"close_note": [_("This reason asks for a note.")]})
    with change(actor, opportunity, event=event):
        opportunity.stage = target
        opportunity.closed_on = closed_on or timezone.localdate()
        opportunity.close_reason = reason
        opportunity.close_note = note


def import_history(actor: Actor) -> Callable[[Opportunity, Mapping[str, Any]], dict[str, Any]]:
    """How opportunities of the past come in: the stage as found, reason 导入, original dates.

    The rule it returns takes a record that holds its plain values, and the values of the file by
    field; it answers the attributes still to be set. Who calls it holds the right "history" and
    writes through change().
    """
    reasons = {
        reason.code: reason.pk
        for reason in CloseReason.rows(actor).live().filter(code__startswith="imported_")
    }

    def as_found(opportunity: Opportunity, values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        stage = values.get("stage")
        if stage is not None:
            found |= {"stage": stage, "pipeline_id": stage.pipeline_id}
        given = opportunity.close_reason_id
        if stage is not None and (given is None or given in reasons.values()):
            found["close_reason_id"] = reasons.get(f"imported_{stage.kind}")
        if opportunity.pk is None:
            found["opened_on"] = values.get("opened_on")
            if values.get("opened_on"):
                found["created_at"] = midnight(values["opened_on"])
        return found

    return as_found
