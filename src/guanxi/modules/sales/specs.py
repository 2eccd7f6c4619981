from django.utils.translation import gettext_lazy as _

from guanxi.kernel.spec import (
    AddTab,
    Board,
    Count,
    Number,
    Ruled,
    Same,
    Scope,
    Section,
    Spec,
    Sum,
    Tab,
    dictionary,
)
from guanxi.modules.sales import models as m
from guanxi.modules.sales.deals import follow_deals, follow_stages
from guanxi.modules.sales.rules import (
    check_opportunity,
    compose_title,
    import_history,
    lose_opportunity,
    move_opportunity,
    reopen_opportunity,
    start_opportunity,
    win_opportunity,
)

OPPORTUNITY = Spec(
    model=m.Opportunity,
    title="title",
    scope=Scope.OWNER | Scope.through("customer"),
    path="opportunities",
    icon="target-arrow",
    menu="sales",
    columns="title customer stage amount product close_on owner updated_at",
    search="title number",
    filters="title stage customer amount close_on owner product closed_on opened_on pipeline type "
    "competitive_position close_reason number created_at",
    form=(
        Section(_("Basics"), "title customer product amount pipeline stage"),
        Section(_("Plan"), "opened_on close_on next_step type competitive_position"),
        Section(_("Result"), "closed_on close_reason close_note", folded=True),
        Section(_("More"), "number owner remark", folded=True),
    ),
    figures="amount stage close_on",
    state="stage",
    duplicates=(Same("customer title"),),
    bulk_edit="close_on next_step type competitive_position",
    number=Number("number", "SJ-{yyyy}{mm}-{n:4}", reset="month"),
    import_key="number",
    history_rule=import_history,
    statistics=(
        Count(by="stage"),
        Sum("amount", by="owner"),
        Sum("amount", by="stage"),
        Sum("amount", by="closed_on", step="quarter"),
        Sum("amount", by="product"),
    ),
    ruled=(Ruled("stage", move_opportunity, takes="closed_on close_reason close_note"),),
    prepares=(compose_title,),
    checks=(check_opportunity,),
    defaults=start_opportunity,
    effects=(follow_deals,),
    actions=(win_opportunity, lose_opportunity, reopen_opportunity),
    board=Board(
        "stage",
        sums="amount",
        within="pipeline",
        card="customer amount close_on owner",
        weight="win_rate",
    ),
    extends=(
        AddTab("customers.customer", Tab("sales.opportunity", via="customer")),
        AddTab("catalog.product", Tab("sales.opportunity", via="product")),
    ),
)

STAGE = Spec(
    model=m.Stage,
    scope=Scope.EVERYONE,
    path="stages",
    icon="flag",
    menu="settings",
    columns="name pipeline kind win_rate expected_days",
    order="position id",
    order_within="pipeline",
    search="name",
    filters="name pipeline kind",
    form=(Section("", "name name_en pipeline kind win_rate expected_days code remark"),),
    import_key="name",
    small=True,
    effects=(follow_stages,),
    extends=(AddTab("sales.pipeline", Tab("sales.stage", via="pipeline")),),
)

DICTIONARIES = (
    dictionary(m.Pipeline, path="pipelines"),
    dictionary(m.OpportunityType, path="opportunity-types"),
    dictionary(m.CompetitivePosition, path="competitive-positions"),
    dictionary(
        m.CloseReason,
        path="close-reasons",
        columns="name outcome needs_note remark",
        form=(Section("", "name outcome needs_note code name_en colour remark"),),
    ),
)
